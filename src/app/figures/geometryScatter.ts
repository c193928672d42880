// Similarity of all ordered pairs of points against their distance, for each network, with the median in bins.
import { distancesOf, matrixOf, type Statistics } from "../../lab/studies/geometry/similarity.ts";
import { publishedOf } from "../../lab/studies/geometry/published.ts";
import { median } from "../../math/stats.ts";
import {
  blankIfNaN,
  type Axis,
  type Figure,
  type FigureData,
  type LineTrace,
  type Panel,
  type PointsTrace,
} from "./figure.ts";
import { unitOf } from "./geometryClouds.ts";
import { sceneOf, shownAt, type GeometryInput, type Scene, type Shown } from "./geometryShown.ts";
import { minus, niceAxis, niceTicks, shortNumber } from "./scale.ts";

export interface ScatterInput extends GeometryInput {
  /** Which moment, in epochs. */
  readonly epoch: number;
}

/** More than this many pairs of a panel are thinned for the eye; numbers are of all. */
const mostDrawn = 4000;
const binCount = 16;
/** A bin of fewer pairs has no median. */
const fewest = 8;
/** What is more than so many times as similar as a point is to itself lies above the plot. */
const highest = 2;

const colours = { all: "#56b4e9", anchor: "#d55e00", probe: "#882255", median: "#000000" } as const;

/** All pairs of one network. [anchor * size + probe] */
interface Pairs {
  readonly shown: Shown;
  readonly values: readonly number[];
}

export function geometryScatter(input: ScatterInput): Figure {
  const { arrangement, epoch, params } = input;
  const scene = sceneOf(input);
  const { similarity, points, set, seed } = scene;
  const distances = distancesOf(similarity, points);
  const all = shownAt(input, epoch).map((shown): Pairs => ({ shown, values: valuesOf(shown, scene) }));
  const x = distanceAxis(scene, distances);
  const y = similarityAxis(scene, all);
  const panels = all.map(({ shown }): Panel => ({
    title: titleOf(shown, scene),
    x,
    y,
    ...note(shown, scene),
  }));
  return {
    name: epoch === 0 ? "geometry-scatter-untrained" : "geometry-scatter",
    title: `${similarity.title} against distance, ${set.title.toLowerCase()}, ${all[0]?.shown.moment ?? ""}`,
    caption: caption(scene, all, { y, set: params.set, seed }),
    arrangement,
    panels,
    traces: all.flatMap(({ shown, values }, panel) =>
      shown.finding ? traces({ panel, distances, values, scene }) : [],
    ),
    data: () => data(scene, all, distances),
  };
}

function valuesOf({ finding }: Shown, { similarity, points, size }: Scene): readonly number[] {
  if (!finding) return [];
  const unit = similarity.id === "kernelized" ? unitOf(finding.kernel, size) : 1;
  return matrixOf(similarity, finding, points).map((value) => value / unit);
}

/** "ReLU: r = −0.962, ρ = −0.975" */
function titleOf({ name, finding }: Shown, { similarity }: Scene): string {
  const statistics = finding?.statistics[similarity.id];
  return statistics && !Number.isNaN(statistics.pearson) ? `${name}: ${correlationText(statistics)}` : name;
}

const correlationText = ({ pearson, spearman }: Statistics): string => `r = ${fixed(pearson)}, ρ = ${fixed(spearman)}`;

function statisticsText(statistics: Statistics): string {
  const { pearson, mean, count } = statistics;
  if (Number.isNaN(pearson)) return "no correlation";
  return `${correlationText(statistics)}, mean ${mean >= 10 ? shortNumber(mean) : fixed(mean)}, n = ${count}`;
}

const fixed = (value: number): string => minus(value.toFixed(3));

function note({ finding, contestant }: Shown, { similarity }: Scene): { note?: string } {
  if (!finding) return { note: "Not computed yet" };
  if (similarity.id === "patterns" && contestant.activation === "none")
    return { note: "No activation, so no units that switch on and off" };
  return finding.kernel.some((value) => Number.isFinite(value))
    ? {}
    : { note: "Not measurable: the training diverged" };
}

/** Multiples of pi are what angles are read by. */
function distanceAxis({ set, similarity }: Scene, distances: readonly number[]): Axis {
  if (similarity.among === "all") return niceAxis("Straight distance", distances);
  const { title, unit, max } = set.distances;
  if (unit !== "radians") return niceAxis(title, [0, max]);
  const quarters = Math.round((4 * max) / Math.PI);
  const texts = ["0", "π/4", "π/2", "3π/4", "π", "5π/4"];
  return {
    title: `${title} (radians)`,
    low: 0,
    high: max,
    ticks: Array.from({ length: quarters + 1 }, (_, at) => ({ at: (at * Math.PI) / 4, text: texts[at]! })).filter(
      ({ at }) => at <= max * 1.0001,
    ),
  };
}

/** One for all panels. */
function similarityAxis({ similarity }: Scene, all: readonly Pairs[]): Axis {
  const values = all.flatMap(({ values: own }) => own).filter(Number.isFinite);
  const [low, high] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)] as [number, number],
    [0, 1] as [number, number],
  );
  const title = similarity.id === "kernelized" ? "Kernelized similarity / mean K(a, a)" : similarity.title;
  if (similarity.id === "patterns") return { title, low: 0, high: 1, ticks: niceTicks(0, 1, 5) };
  if (similarity.id === "normalised")
    return low < 0
      ? { title, low: -1, high: 1, ticks: niceTicks(-1, 1, 4) }
      : { title, low: 0, high: 1, ticks: niceTicks(0, 1, 5) };
  return niceAxis(title, [Math.max(low, -highest), Math.min(high, highest)]);
}

interface Drawn {
  readonly panel: number;
  readonly distances: readonly number[];
  readonly values: readonly number[];
  readonly scene: Scene;
}

function traces({
  panel,
  distances,
  values,
  scene: { size, anchor, isSymmetric },
}: Drawn): (PointsTrace | LineTrace)[] {
  const stride = Math.ceil((size * size) / mostDrawn);
  const common = { type: "points", panel, marker: "circle" } as const;
  const at = (pairs: readonly number[]) => ({
    x: pairs.map((pair) => distances[pair]!),
    y: pairs.map((pair) => values[pair]!),
    ids: pairs.map((pair) => Math.floor(pair / size)),
  });
  // Other diagonals than the main one when thinned: every anchor and probe keeps about as many of its pairs.
  const drawn = Array.from(values.keys()).filter((pair) => (pair + Math.floor(pair / size)) % stride === 0);
  const asAnchor = Array.from({ length: size }, (_, probe) => anchor * size + probe);
  const asProbe = Array.from({ length: size }, (_, other) => other * size + anchor);
  const told = (pairs: readonly number[]) =>
    pairs.map((pair) => `${Math.floor(pair / size)} learned, ${pair % size} watched: ${shortNumber(values[pair]!)}`);
  return [
    {
      ...common,
      ...at(drawn),
      hover: told(drawn),
      title: "all pairs",
      colour: colours.all,
      radius: 1.7,
      opacity: 0.35,
    },
    ...(isSymmetric
      ? []
      : [
          {
            ...common,
            ...at(asProbe),
            hover: told(asProbe),
            title: "the picked point watched",
            marker: "x" as const,
            colour: colours.probe,
            radius: 2.2,
            opacity: 0.8,
          },
        ]),
    {
      ...common,
      ...at(asAnchor),
      hover: told(asAnchor),
      title: isSymmetric ? "with the picked point" : "the picked point learned",
      colour: colours.anchor,
      radius: 2.8,
    },
    medianLine({ panel, distances, values }),
  ];
}

function medianLine({ panel, distances, values }: Omit<Drawn, "scene">): LineTrace {
  const bins = binned(distances, values);
  return {
    type: "line",
    panel,
    title: "",
    x: bins.map(({ x }) => x),
    y: bins.map(({ y }) => y),
    hover: bins.map(({ y, count }) => `median ${shortNumber(y)} of ${count} pairs`),
    colour: colours.median,
    dash: "solid",
    marker: "none",
  };
}

export interface Bin {
  /** Middle of the bin. */
  readonly x: number;
  /** Median; NaN in a bin of few pairs. */
  readonly y: number;
  readonly count: number;
}

/** Medians in bins of equal width from 0 to the largest distance; pairs that are not measurable do not count. */
export function binned(distances: readonly number[], values: readonly number[]): Bin[] {
  const width = distances.reduce((most, distance) => Math.max(most, distance), 0) / binCount;
  const bins = Array.from({ length: binCount }, (): number[] => []);
  distances.forEach((distance, pair) => {
    const value = values[pair]!;
    if (!Number.isNaN(value)) bins[Math.min(binCount - 1, Math.floor(distance / width))]!.push(value);
  });
  return bins.map((bin, at) => ({
    x: (at + 0.5) * width,
    y: bin.length < fewest ? NaN : median(bin),
    count: bin.length,
  }));
}

interface Told {
  readonly y: Axis;
  readonly set: string;
  readonly seed: number;
}

function caption(
  { similarity, size, set, probeText }: Scene,
  all: readonly Pairs[],
  { y, set: id, seed }: Told,
): string {
  const there = all.filter(({ shown }) => shown.finding);
  if (there.length === 0) return "Nothing has been computed yet.";
  const beyond = there.reduce(
    (sum, { values }) => sum + values.filter((value) => value > y.high || value < y.low).length,
    0,
  );
  const numbers = there.map(({ shown: { name, moment, finding, contestant } }) => {
    const statistics = finding!.statistics[similarity.id];
    const paper = publishedOf(id, contestant.activation, similarity.id);
    const printed = paper ? `; the paper prints r = ${minus(paper.pearson.toFixed(2))}, ${paper.source}` : "";
    return `${name} (${moment}): ${statisticsText(statistics)}${printed}.`;
  });
  return [
    `${set.title}: ${similarity.title.toLowerCase()} ${similarity.symbol} of all ${size * size} ordered pairs of ${size}`,
    `points, each with itself too, against ${similarity.among === "all" ? "straight distance" : set.distances.title.toLowerCase()}; seed ${seed}.`,
    `${probeText}. Pearson's r, Spearman's ρ.`,
    ...numbers,
    `Line: medians in ${binCount} bins of distance. Same axes in all panels.`,
    size * size > mostDrawn ? `One pair in ${Math.ceil((size * size) / mostDrawn)} is drawn, all are counted.` : "",
    beyond > 0 ? `${beyond} pairs lie beyond the axes.` : "",
    similarity.id === "kernelized" ? "In units of each network's mean K(a, a); means are of K itself." : "",
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function data({ similarity, size }: Scene, all: readonly Pairs[], distances: readonly number[]): FigureData {
  return {
    columns: ["network", "epoch", "anchor", "probe", "distance", "similarity", "value"],
    rows: all.flatMap(({ shown, values }) =>
      values.map((value, pair) => [
        shown.name,
        shown.epoch,
        Math.floor(pair / size),
        pair % size,
        distances[pair]!,
        similarity.id,
        blankIfNaN(value),
      ]),
    ),
    dictionary: {
      network: "Activation between the dense layers, and the step size where two are compared.",
      epoch: "Full-batch steps done.",
      anchor: "The point learned, a.",
      probe: "The point watched, p.",
      distance:
        similarity.among === "all" ? "Straight distance." : "Distance along the shape, as the authors measure it.",
      similarity: `Which similarity: ${similarity.title}, ${similarity.symbol}.`,
      value: "Its value; kernelized: divided by the network's mean K(a, a). Blank: not measurable.",
    },
  };
}
