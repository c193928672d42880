// Class-to-class sensitivity: how far leaving out an example of one class moves the loss at another, two methods side by side.
import { classMeans, type Finding } from "../../lab/studies/sensitivity/findings.ts";
import {
  methodTitles,
  methodsOf,
  seedsOf,
  type MethodId,
  type SensitivityParams,
} from "../../lab/studies/sensitivity/setting.ts";
import { groupTitlesOf } from "../../lab/studies/sensitivity/subject.ts";
import { sensitivityAt } from "../../lab/studies/sensitivity/tables.ts";
import type { Findings } from "../../lab/study.ts";
import { mean } from "../../math/stats.ts";
import { blankIfNaN, type Arrangement, type ColourScale, type Figure, type HeatmapTrace } from "./figure.ts";
import { shortNumber } from "./scale.ts";
import { notMeasuredYet, plural } from "./wording.ts";

export interface SensitivityInput {
  readonly params: SensitivityParams;
  readonly findings: Findings<Finding>;
  readonly arrangement: Arrangement;
}

export interface ClassesInput extends SensitivityInput {
  readonly left: MethodId;
  readonly right: MethodId;
  /** Own: every method as a share of its own largest cell. */
  readonly scale: "shared" | "own";
  /** Place of the seed in the list from 1; 0 for the mean of all. */
  readonly seedAt: number;
}

interface Shown {
  readonly method: MethodId;
  /** Seeds that the means are of. */
  readonly seeds: readonly number[];
  /** [left out][watched] */
  readonly cells: readonly (readonly number[])[];
}

/** The wanted methods where the setting has them, else others that it has. */
export function methodPair(params: SensitivityParams, left: MethodId, right: MethodId): readonly MethodId[] {
  const there = methodsOf(params);
  const wanted = [...new Set([left, right])].filter((method) => there.includes(method));
  const others = there.toReversed().filter((method) => !wanted.includes(method));
  return [...wanted, ...others].slice(0, 2);
}

function shownOf({ params, findings, seedAt }: ClassesInput, method: MethodId): Shown {
  const titles = groupTitlesOf(params);
  const all = seedsOf(params);
  const wanted = seedAt === 0 ? all : [all[Math.min(seedAt, all.length) - 1]!];
  const found = wanted.flatMap((seed) => {
    const finding = sensitivityAt(params, findings, method, seed);
    return finding ? [{ seed, cells: classMeans(finding, titles.length) }] : [];
  });
  return {
    method,
    seeds: found.map(({ seed }) => seed),
    cells: titles.map((_, a) => titles.map((_other, b) => mean(found.map(({ cells }) => cells[a]![b]!)))),
  };
}

export function sensitivityClasses(input: ClassesInput): Figure {
  const { params, arrangement, scale: kind } = input;
  const titles = groupTitlesOf(params);
  const shown = methodPair(params, input.left, input.right).map((method) => shownOf(input, method));
  const there = shown.filter(({ seeds }) => seeds.length > 0);
  const peakOf = ({ cells }: Shown): number => Math.max(...cells.flat().filter(Number.isFinite));
  const isOwn = kind === "own";
  const scale: ColourScale = {
    kind: "sequential",
    low: 0,
    high: isOwn ? 1 : roundUp(Math.max(0, ...there.map(peakOf))),
  };
  const noun = params.data === "four clusters" ? "cluster" : "class";
  const traces = shown.flatMap((each, panel): HeatmapTrace[] =>
    each.seeds.length === 0
      ? []
      : [
          {
            type: "heatmap",
            panel,
            rows: titles,
            columns: titles,
            rowIds: titles.map((_, at) => at),
            columnIds: titles.map((_, at) => at),
            values: each.cells.map((row) => row.map((value) => (isOwn ? value / peakOf(each) : value))),
            labels: each.cells.map((row) => row.map((value) => label(value, peakOf(each)))),
            hover: each.cells.map((row) => row.map((value) => `C = ${shortNumber(value)}`)),
            missing: "no such example in these seeds",
            scale,
            colourTitle: isOwn ? "Share of the method's largest cell" : "Sensitivity C(a, b)",
          },
        ],
  );
  return {
    name: "sensitivity-classes",
    title: `${noun === "class" ? "Class" : "Cluster"}-to-${noun} sensitivity, ${shown.map(({ method }) => methodTitles[method].toLowerCase()).join(" and ")}`,
    caption: captionOf(input, there, noun),
    arrangement,
    panels: shown.map(({ method, seeds }) => ({
      title: methodTitles[method],
      rowTitle: `Left out: ${noun} of the training example`,
      columnTitle: `Watched: ${noun} of the test example`,
      ...(seeds.length === 0 ? { note: notMeasuredYet } : {}),
    })),
    traces,
    data: () => ({
      columns: ["method", "left_out", "watched", "sensitivity", "seeds"],
      rows: there.flatMap(({ method, cells, seeds }) =>
        cells.flatMap((row, a) =>
          row.map((value, b) => [method, titles[a]!, titles[b]!, blankIfNaN(value), seeds.length]),
        ),
      ),
      dictionary: {
        method: "How the loss was learned: rbf, linear, features: kernel ridge regression; network: trained.",
        left_out: `The ${noun} of the training example that is left out.`,
        watched: `The ${noun} of the test example at which the loss is watched.`,
        sensitivity:
          "C(a, b): mean of m |l(A_S, z) - l(A_S^-i, z)| over the examples of both, then over seeds. Blank: there are none.",
        seeds: "Number of seeds in the mean.",
      },
    }),
  };
}

/** As many digits as the largest cell leaves to be seen. */
const label = (value: number, peak: number): string =>
  Number.isNaN(value) ? "" : value < 0.005 && peak >= 0.1 ? "0.00" : shortNumber(value);

/** To a number of one digit or 1.5, 2.5. */
function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((each) => each * power >= value * 0.999_999)!;
  return Number((factor * power).toPrecision(12));
}

function captionOf({ params, scale }: ClassesInput, there: readonly Shown[], noun: string): string {
  if (there.length === 0) return "Nothing has been measured yet.";
  const losses = there.map(({ method }) =>
    method === "network"
      ? `${params.loss} of the network, by influence functions`
      : `square loss cut off at ${params.most} of the ${methodTitles[method].toLowerCase()}, exactly`,
  );
  const counts = [...new Set(there.map(({ seeds }) => seeds.length))]
    .map((count) => plural(count, "seed"))
    .join(" and ");
  return [
    `Each cell is the mean of m |ℓ(A_S, z) − ℓ(A_S⁻ⁱ, z)| over the training examples i of one ${noun} (row) and the test examples z of another (column), mean of ${counts}: ${losses.join("; ")}.`,
    scale === "own"
      ? "Colours are shares of each method's largest cell; the numbers in the cells are not."
      : "One colour scale for both, although the losses differ.",
    "The paper's Figure 1 shows this for ResNet-18 on CIFAR-10; its numbers could not be read.",
  ].join(" ");
}
