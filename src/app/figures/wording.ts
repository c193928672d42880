// The words that figures share: names of measures, epochs and counts, and the columns that all tidy data have.
import type { ClassInfo } from "../../lab/contracts.ts";
import type { Described, DescribedMeasure } from "../../lab/spec.ts";
import type { Table } from "../../lab/table.ts";
import type { ColourScale } from "./figure.ts";
import { axisNumber, minus } from "./scale.ts";

/** One model's results; figures show one or two of them on the same scale. */
export interface Run {
  readonly title: string;
  readonly table: Table;
}

/** "Relative similarity" within a sentence; names such as "NTK" keep their capitals. */
const inSentence = (title: string): string =>
  /^\p{Lu}\p{Ll}/u.test(title) ? title[0]!.toLowerCase() + title.slice(1) : title;

/** The title of an axis or colour bar; a unit that is a sentence stays in the caption. */
export const measureTitle = ({ title, unit }: DescribedMeasure): string =>
  unit === "" || unit === "1" || unit === "ratio" || unit.length > 24 ? title : `${title} (${unit})`;

/** The measure within a caption, with its symbol: a is the anchor, p the probe. */
export const measureInSentence = ({ title, symbol }: DescribedMeasure): string =>
  symbol === "" ? inSentence(title) : `${inSentence(title)} ${symbol} (a: anchor, p: probe)`;

export const epochText = (epoch: number): string => `epoch ${Number.isInteger(epoch) ? epoch : epoch.toFixed(2)}`;

/** "epoch 2", "step size 0.001": a value of an axis in a sentence. */
export const valueText = (axisTitle: string, value: number): string =>
  `${inSentence(axisTitle)} ${axisNumber(value)}`.trim();

export const plural = (count: number | string, noun: string): string =>
  `${count} ${String(count) === "1" ? noun : noun.endsWith("s") ? `${noun}es` : `${noun}s`}`;

/** "10", or "8 to 10" where groups differ; groups without members do not count. */
export function countRange(counts: Iterable<number>): string {
  const some = [...counts].filter((count) => count > 0);
  if (some.length === 0) return "0";
  const [low, high] = [Math.min(...some), Math.max(...some)];
  return low === high ? `${low}` : `${low} to ${high}`;
}

/** How many labels there are of each class. */
export function countsOf(labels: Iterable<number>, classCount: number): number[] {
  const counts = Array.from({ length: classCount }, () => 0);
  for (const label of labels) counts[label]! += 1;
  return counts;
}

export const titlesOf = (classes: readonly ClassInfo[]): string[] => classes.map(({ title }) => title);

/** Which models take steps that are not of SGD; empty where none does. */
export const stepsSentence = (models: readonly Pick<Described, "title" | "step">[]): string =>
  models.flatMap(({ title, step }) => (step ? [`For ${title} the step is a ${step}, not one of SGD.`] : [])).join(" ");

/** Said in a panel without results. */
export const notMeasuredYet = "Not measured yet";

export const runColumns = {
  model: "Which model: the title of its panel or line.",
  epoch: "Epochs of training done when it was measured; 0 is before training.",
  tick: "Weight updates done when it was measured.",
} as const;

export const intervalColumns = {
  mean: "Mean over anchors of each anchor's mean over probes. Blank: not measurable.",
  low: "Lower bound of the 95 % confidence interval of the mean (Student t over anchors; the mean itself when n < 2).",
  high: "Upper bound of the same interval.",
  n: "Number of anchors in the mean.",
} as const;

export const measureColumn = ({ id, title, symbol, unit }: DescribedMeasure): string =>
  `Id of the measure; ${id} is ${[title, symbol, unit && unit !== "1" ? `in ${unit}` : ""].filter(Boolean).join(", ")}.`;

/** How colours were given to numbers; what lies beyond the limits is mentioned where it occurs. */
export function scaleSentence({ kind, low, high }: ColourScale, panelCount: number, values: readonly number[]): string {
  const shared = panelCount > 1 ? ", the same for all panels" : "";
  const limits = `Colours run from ${shortLimit(low)} to ${shortLimit(high)}${shared}`;
  if (!values.some((value) => value > high || value < low)) return `${limits}.`;
  return kind === "sequential"
    ? `${limits}; what exceeds ${shortLimit(high)} is orange.`
    : `${limits}; what lies beyond is darkest.`;
}

const shortLimit = (limit: number): string => minus(String(limit));

export const missingSentence = (some: boolean): string =>
  some ? "Hatched cells are not measurable: the anchor's own prediction hardly moved." : "";
