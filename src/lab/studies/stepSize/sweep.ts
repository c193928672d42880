// Ratios and plateaus of what a sweep has found, and what the authors' rule makes of its anchors.
import { plateau, type Plateau } from "../../../math/plateau.ts";
import { unitInLastPlace } from "../../../math/untilMoved.ts";
import type { Findings } from "../../study.ts";
import type { RuleFinding, StepFinding, StepSizeFinding, SubjectFinding, Way } from "./findings.ts";
import { anchorKinds, etasOf, ruleKey, stepKey, subjectKey, type AnchorKind, type StepSizeParams } from "./setting.ts";

/** Within so much of its first-order value a ratio counts as on the plateau. */
export const plateauTolerance = 0.01;

/** |change at an image| / |change at the anchor|; NaN where the anchor's change is 0 or within its rounding error. */
export function ratioOf({ changes, rounding }: StepFinding, way: Way, image: number): number {
  const own = Math.abs(changes[way][0]!);
  const isMeasurable = own > (way === "exact" ? rounding : 0);
  return isMeasurable ? Math.abs(changes[way][image]!) / own : NaN;
}

/** |change| / |change at the anchor| as eta goes to 0, in double precision. */
export const firstOrderRatio = ({ firstOrder }: SubjectFinding, image: number): number =>
  Math.abs(firstOrder[image]! / firstOrder[0]!);

/** What there is of the sweep, in the order of its step sizes. */
export interface Sweep {
  readonly subject: SubjectFinding;
  readonly steps: readonly StepFinding[];
  readonly etas: readonly number[];
  /** First-order ratios. [probe] */
  readonly truths: readonly number[];
  /** [probe][eta] */
  readonly ratios: Readonly<Record<Way, readonly (readonly number[])[]>>;
  /** Where all probes are close to their first-order ratios. */
  readonly plateaus: Readonly<Record<Way, Plateau | undefined>>;
}

/** Undefined while nothing is known of the anchor. */
export function sweepOf(chosen: StepSizeParams, findings: Findings<StepSizeFinding>): Sweep | undefined {
  const subject = findings.get(subjectKey(chosen, chosen.anchor)) as SubjectFinding | undefined;
  if (!subject) return undefined;
  const steps = etasOf(chosen).flatMap((eta) => {
    const found = findings.get(stepKey(chosen, eta)) as StepFinding | undefined;
    return found ? [found] : [];
  });
  const etas = steps.map(({ eta }) => eta);
  const probes = subject.images.slice(1).map((_, at) => at + 1);
  const truths = probes.map((image) => firstOrderRatio(subject, image));
  const each = <T>(of: (way: Way) => T): Record<Way, T> => ({
    single: of("single"),
    double: of("double"),
    exact: of("exact"),
  });
  const ratios = each((way) => probes.map((image) => steps.map((step) => ratioOf(step, way, image))));
  const plateaus = each((way) => plateau(etas, ratios[way], truths, plateauTolerance));
  return { subject, steps, etas, truths, ratios, plateaus };
}

/** One row of the table of the authors' rule: an anchor and a probe. */
export interface RuleRow {
  readonly anchor: AnchorKind;
  readonly title: string;
  /** 1 - p: what softmax leaves to the other classes, the size of the loss's slope by the anchor's score. */
  readonly doubt: number;
  /** Where the rule stopped; undefined where the anchor never moved. */
  readonly eta: number | undefined;
  readonly tries: number;
  readonly ownChange: number;
  /** The same in units in the last place of the score. */
  readonly ulps: number;
  readonly probe: string;
  readonly probeUlps: number;
  readonly ratio: number;
  readonly exact: number;
  readonly firstOrder: number;
}

export const ruleRows = (chosen: StepSizeParams, findings: Findings<StepSizeFinding>): RuleRow[] =>
  anchorKinds.flatMap((anchor) => {
    const subject = findings.get(subjectKey(chosen, anchor)) as SubjectFinding | undefined;
    const rule = findings.get(ruleKey(chosen, anchor)) as RuleFinding | undefined;
    if (!subject || !rule) return [];
    const { stopped, tries } = rule;
    return subject.images.slice(1).map(({ title: probe }, at): RuleRow => {
      const ulpsAt = (image: number): number =>
        stopped ? stopped.changes.single[image]! / unitInLastPlace(subject.scores[image]!) : 0;
      return {
        anchor,
        title: subject.images[0]!.title,
        doubt: -subject.slope,
        eta: stopped?.eta,
        tries: tries.length,
        ownChange: stopped?.changes.single[0] ?? 0,
        ulps: ulpsAt(0),
        probe,
        probeUlps: ulpsAt(at + 1),
        ratio: stopped ? ratioOf(stopped, "single", at + 1) : NaN,
        exact: stopped ? ratioOf(stopped, "exact", at + 1) : NaN,
        firstOrder: firstOrderRatio(subject, at + 1),
      };
    });
  });
