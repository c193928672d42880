// The phases of the locally elastic SDE: how well classes are told apart at the end, by tail index and by ratio of the effects.
import { rng } from "../../math/rng.ts";
import { int, real, type ValuesOf } from "../params.ts";
import { LabError } from "../error.ts";
import { simulated } from "../simulators/leSde.ts";
import { canonical } from "../spec.ts";
import type { Desk, Findings, StudyEvent, StudyPlugin, StudyTable } from "../study.ts";
import { dynamics, powerEffects, sampling } from "./leSde/setting.ts";

const params = {
  ...dynamics,
  tailCount: int({ title: "Tail indices", byDefault: 20, min: 2, max: 60 }),
  lowTail: real({ title: "from", byDefault: 0.05, min: 0, max: 3 }),
  highTail: real({ title: "to", byDefault: 1.95, min: 0, max: 3 }),
  ratioCount: int({ title: "Ratios β/α", byDefault: 20, min: 2, max: 60 }),
  lowRatio: real({ title: "from", byDefault: -0.9, min: -4, max: 4 }),
  highRatio: real({ title: "to", byDefault: 1.38, min: -4, max: 4 }),
  ...sampling,
  runs: int({ title: "Runs a point", byDefault: 3, min: 1, max: 50, help: "Of different starts and noise." }),
  seed: int({ title: "Seed", byDefault: 1, min: 0, max: 2 ** 31 - 1 }),
};
export type PhaseParams = ValuesOf<typeof params>;

/** One ratio, all tail indices. */
export interface PhaseFinding {
  /** Mean accuracy over runs of the nearest class mean, on the second half of the samples. [tail] */
  readonly accuracy: Float64Array;
}

const grid = (low: number, high: number, count: number): number[] =>
  Array.from({ length: count }, (_, at) => Number((low + ((high - low) * at) / (count - 1)).toPrecision(12)));

export const tailsOf = ({ lowTail, highTail, tailCount }: PhaseParams): number[] => grid(lowTail, highTail, tailCount);
export const ratiosOf = ({ lowRatio, highRatio, ratioCount }: PhaseParams): number[] =>
  grid(lowRatio, highRatio, ratioCount);

export function phaseKey(chosen: PhaseParams, ratio: number): string {
  const { ratioCount: _count, lowRatio: _low, highRatio: _high, ...rest } = chosen;
  return canonical({ ...rest, ratio });
}

async function* run(
  chosen: PhaseParams,
  desk: Desk,
  known: ReadonlySet<string>,
): AsyncGenerator<StudyEvent<PhaseFinding>> {
  const { accuracy, nearestMean } = await import("../../math/collapse.ts");
  const { classCount: K, perClass, noise, spread, steps } = chosen;
  const half = Math.floor(perClass / 2);
  for (const ratio of ratiosOf(chosen).filter((each) => !known.has(phaseKey(chosen, each)))) {
    const row = new Float64Array(chosen.tailCount);
    for (const [at, tail] of tailsOf(chosen).entries()) {
      yield { kind: "progress", progress: { stage: `β/α = ${ratio}, r = ${tail}`, share: at / chosen.tailCount } };
      for (let which = 0; which < chosen.runs; which++) {
        await desk.breathe();
        const [last] = simulated({
          effects: powerEffects(chosen, tail, ratio),
          perClass,
          noise,
          spread,
          steps: steps - 1,
          times: [steps],
          random: rng(chosen.seed).fork(ratio).fork(tail).fork(which),
        });
        const part = (from: number, to: number) => ({
          dimensions: K,
          classes: Array.from({ length: K }, (_, k) =>
            Float64Array.from({ length: (to - from) * K }, (_unused, place) => {
              return last!.means[k * K + (place % K)]! + last!.deviations[(k * perClass + from) * K + place]!;
            }),
          ),
        });
        row[at]! += accuracy(nearestMean(part(0, half)), part(half, perClass)) / chosen.runs;
      }
    }
    yield { kind: "finding", key: phaseKey(chosen, ratio), value: { accuracy: row } };
  }
}

function table(chosen: PhaseParams, findings: Findings<PhaseFinding>): StudyTable {
  return {
    name: "phase-diagram",
    title: "Accuracy at the last time, by ratio of the effects and tail index",
    columns: ["ratio", "tail_index", "accuracy"],
    rows: ratiosOf(chosen).flatMap((ratio) => {
      const found = findings.get(phaseKey(chosen, ratio));
      return found ? tailsOf(chosen).map((tail, at) => [ratio, tail, found.accuracy[at]!]) : [];
    }),
    dictionary: {
      ratio: "beta / alpha",
      tail_index: "r of alpha(t) = alpha(1) t^-r, and of alpha - beta",
      accuracy: "mean over runs of the nearest class mean on the second half of the samples, means from the first half",
    },
  };
}

function check(chosen: PhaseParams): void {
  for (const [name, low, high] of [
    ["tail indices", chosen.lowTail, chosen.highTail],
    ["ratios", chosen.lowRatio, chosen.highRatio],
  ] as const)
    if (low >= high)
      throw new LabError("spec-invalid", `The ${name} go from ${low} to ${high}; let the first be below the second.`);
}

const size = "20 x 20 points, 3 runs each, 3 classes of 50 samples, 5,000 steps";

export const phaseDiagram: StudyPlugin<PhaseParams, PhaseFinding> = {
  id: "phase-diagram",
  title: "Phases of local elasticity",
  question: "For which effects do classes separate, if one waits long enough?",
  source: "Zhang, Wang and Su, NeurIPS 2021, separation theorem",
  explanation: {
    words:
      "With α − β = c t⁻ʳ the distance of two class means grows like exp of the integral of α − β over K, and the noise like the root of t. So in the I-model classes separate for r < 1 and c > 0, and not for r > 1; in the L-model c may be below 0.",
    tex: String.raw`\overline{X}^k-\overline{X}^l\;\propto\;\exp\Big(\frac1K\int_1^t(\alpha-\beta)\,\mathrm{d}s\Big)\quad\text{against}\quad\sigma\sqrt t`,
    spoken:
      "the difference of two class means grows as the exponential of one over K times the integral of alpha minus beta, against sigma times the root of t",
    source: "The theorem's wording could not be read; its content follows from the equation in the authors' code.",
  },
  params,
  view: { picked: int({ title: "Picked point, by its number", byDefault: 7, min: 0, max: 3599 }) },
  presets: [
    {
      id: "phases-i",
      title: "Phases: I-model",
      question: "Tail index against ratio of the effects: where is the line?",
      caption:
        "Simulated for a finite time: near the lines accuracy lies between chance and 1, and only a longer run would decide.",
      small: { params: {}, size, minutes: 0.3 },
    },
    {
      id: "phases-l",
      title: "Phases: L-model",
      question: "The same where effects go along the classes' own logits.",
      caption:
        "Simulated for a finite time. Class k is driven along d_k, and these drives have modes of rates (α − β)/K and (α + β/(K − 1))/K. So for r < 1 all ratios but β = α separate, those above 0 in directions that are not the classes' own.",
      small: { params: { model: "L" }, size, minutes: 0.3 },
    },
  ],
  check,
  keys: (chosen) => ratiosOf(chosen).map((ratio) => phaseKey(chosen, ratio)),
  run,
  tables: (chosen, findings) => [table(chosen, findings)],
};
