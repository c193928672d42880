// What one more step on a class would change elsewhere, at the steps looked back at: counted a slice at a time, so that no frame
// waits for a large graph.
import {
  askedOf,
  sharesOf,
  type Moment,
  type RunSetting,
  type Shares,
} from "../../../lab/simulators/neurashed/play.ts";

export interface Course {
  /** How many slices the shares of one moment are; below 1, a slice is several moments. */
  readonly slices: number;
  /** Looks back at this moment too, if it is one of those that are kept. */
  remember(moment: Moment): void;
  /** Another class is learned: all shares are other ones. */
  learn(label: number): void;
  /** Counts a slice of what is missing, at least one moment. @returns whether nothing is missing any more */
  fill(): boolean;
  sharesAt(moment: Moment): Shares;
  /** The moments that are counted so far, rising, and this one. */
  upTo(moment: Moment): { readonly step: number; readonly shares: Shares }[];
}

const mostMoments = 120;
/** In edges passed for one learned and one asked example: a few milliseconds. */
const slice = 2e6;
/** At the highest speed, what is counted of each step. */
const workPerStep = slice / 6;

export function courseOf(setting: RunSetting, firstLabel: number): Course {
  const asked = askedOf(setting);
  let label = firstLabel;
  let known = new WeakMap<Moment, Shares>();
  let past: Moment[] = [];
  const edges = setting.graph.nodes.reduce((sum, { children }) => sum + children.length, 0);
  const work = Math.max(1, edges) * asked.learned[0]!.length * asked.asked.reduce((sum, each) => sum + each.length, 0);
  /** Moments are kept every so many steps, a power of 2. */
  let stride = 2 ** Math.max(0, Math.ceil(Math.log2(work / workPerStep)));

  function sharesAt(moment: Moment): Shares {
    const shares = known.get(moment) ?? sharesOf(setting, moment.factors, asked, label);
    known.set(moment, shares);
    return shares;
  }

  return {
    slices: work / slice,
    remember(moment) {
      if (moment.step % stride !== 0) return;
      past.push(moment);
      if (past.length < mostMoments) return;
      stride *= 2;
      past = past.filter(({ step }) => step % stride === 0);
    },
    learn(next) {
      if (next === label) return;
      label = next;
      known = new WeakMap();
    },
    fill() {
      const missing = past.filter((moment) => !known.has(moment));
      const now = missing.slice(0, Math.max(1, Math.floor(slice / work)));
      for (const moment of now) sharesAt(moment);
      return now.length === missing.length;
    },
    sharesAt,
    upTo(moment) {
      const last = { step: moment.step, shares: sharesAt(moment) };
      const counted = past.filter((each) => each !== moment && known.has(each));
      return [...counted.map((each) => ({ step: each.step, shares: known.get(each)! })), last];
    },
  };
}
