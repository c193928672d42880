// Curves along a path away from a learned image: relative similarity against the path's own measure, or against distance.
import {
  curveOf,
  imagesKey,
  networksOf,
  pathsOf,
  type ImagePathFinding,
  type ImagePathParams,
  type Network,
  type Path,
  type PathCurve,
  type PathId,
} from "../../lab/studies/imagePath.ts";
import type { Findings } from "../../lab/study.ts";
import type { Interval } from "../../math/stats.ts";
import {
  blankIfNaN,
  type Arrangement,
  type Axis,
  type Figure,
  type Film,
  type LineTrace,
  type Panel,
} from "./figure.ts";
import { classStyle, type LineStyle } from "./palette.ts";
import { niceAxis, niceTicks, shortNumber } from "./scale.ts";

export interface ImagePathInput {
  readonly params: ImagePathParams;
  readonly findings: Findings<ImagePathFinding>;
  readonly path: PathId;
  readonly axis: "path" | "distance";
  readonly show: "one" | "all";
  /** The marked image of the path, where one is marked. */
  readonly position?: number | undefined;
  /** Puts this learned image's path below the axis. */
  readonly filmOf?: number | undefined;
  readonly arrangement: Arrangement;
}

/** With so few anchors each is drawn on its own. */
const fewAnchorCount = 5;

const titles: Readonly<Record<string, string>> = { cnn: "CNN", mlp: "MLP", skip: "Skip MLP", linear: "Linear" };

export const networkTitle = ({ model, epoch }: Network): string =>
  model === "linear" ? titles.linear! : `${titles[model]}, ${epoch === 0 ? "untrained" : `epoch ${epoch}`}`;

const between: readonly LineStyle[] = [
  { colour: "#e69f00", dash: "dashdot", marker: "triangle-up" },
  { colour: "#cc79a7", dash: "dash", marker: "cross" },
];

/** Trained networks are warm, untrained ones in ink, the linear one blue. */
export function networkStyle(params: ImagePathParams, network: Network): LineStyle {
  const trained = networksOf(params).filter(({ model, epoch }) => model !== "linear" && epoch > 0);
  const before = trained.length - 1 - trained.findIndex(({ epoch }) => epoch === network.epoch);
  if (network.model === "linear") return { colour: "#0072b2", dash: "dot", marker: "diamond" };
  if (network.epoch === 0) return { colour: "#000000", dash: "dash", marker: "square" };
  return before === 0 ? { colour: "#d55e00", dash: "solid", marker: "circle" } : between[(before - 1) % 2]!;
}

/** The chosen path; the first one where the setting does not have it. */
export const pathOf = (params: ImagePathParams, id: PathId): Path => {
  const paths = pathsOf(params);
  return paths.find((path) => path.id === id) ?? paths[0]!;
};

export function imagePathCurves(input: ImagePathInput): Figure {
  return input.show === "one" ? onePath(input) : allPaths(input);
}

interface Found {
  readonly network: Network;
  readonly path: Path;
  readonly curve: PathCurve;
}

const foundOf = ({ params, findings }: ImagePathInput, paths: readonly Path[]): Found[] =>
  networksOf(params).flatMap((network) =>
    paths.flatMap((path) => {
      const curve = curveOf(params, findings, path, network);
      return curve ? [{ network, path, curve }] : [];
    }),
  );

function onePath(input: ImagePathInput): Figure {
  const { params, position, filmOf, arrangement } = input;
  const path = pathOf(params, input.path);
  const found = foundOf(input, [path]);
  const axis = input.axis === "distance" && !path.steps ? "distance" : "path";
  const placeOf = (curve: PathCurve): number[] =>
    axis === "path" ? [...path.at] : curve.distance.map((each, k) => (k < path.home ? -each : each));
  const few = params.anchors >= 2 && params.anchors <= fewAnchorCount;
  const places = found[0] ? placeOf(found[0].curve) : [...path.at];
  const at = position === undefined ? undefined : Math.min(position, path.at.length - 1);
  const film = filmOf === undefined ? undefined : filmOfPath(input, path, filmOf);
  const panel: Panel = {
    title: "",
    x: axis === "path" || !found[0] ? pathAxis(path) : distanceAxis(places, path.home > 0),
    y: niceAxis("Relative similarity", heights(found)),
    ...(film ? { film } : {}),
    ...(found.length > 0 ? {} : { note: "Press Run" }),
  };
  return {
    name: `image-path-${path.id}`,
    title: `Relative similarity along a path: ${path.title}`,
    caption: caption(input, found, axis, path),
    arrangement,
    panels: [panel],
    traces: found.flatMap(({ network, curve }) => {
      const style = networkStyle(params, network);
      const x = placeOf(curve);
      return [
        ...(few ? curve.anchors.map((row, anchor) => thin(`anchor ${anchor}`, x, row, style.colour)) : []),
        line(0, networkTitle(network), { x, of: curve.similarity, style }),
      ];
    }),
    ...(at === undefined || found.length === 0 ? {} : { mark: places[at]!, markTitle: path.name(path.at[at]!) }),
    data: () => data(input, found),
  };
}

/** Half a step of room at both ends: the pictures below stand under their points. */
function pathAxis({ axis, at, steps }: Path): Axis {
  const half = (at[1]! - at[0]!) / 2;
  return {
    title: axis,
    low: at[0]! - half,
    high: at.at(-1)! + half,
    ticks: steps ? steps.map((text, k) => ({ at: k, text })) : niceTicks(at[0]!, at.at(-1)!, 8),
  };
}

function distanceAxis(places: readonly number[], isTwoSided: boolean): Axis {
  const title = "Euclidean distance in input space";
  const axis = niceAxis(isTwoSided ? `${title}, to both sides` : title, places);
  return { ...axis, ticks: axis.ticks.map(({ at, text }) => ({ at, text: text.replace("−", "") })) };
}

/** The means, and the bands as far as they do not dwarf them. */
function heights(found: readonly Found[]): number[] {
  const intervals = found.flatMap(({ curve }) => curve.similarity);
  const top = Math.max(1, ...intervals.map(({ mean }) => mean).filter(Number.isFinite));
  const highs = intervals.map(({ high }) => Math.min(high, 1.35 * top)).filter(Number.isFinite);
  // A band that touches 1 from above by rounding asks for no more room.
  return [1, ...[top, ...highs].map((high) => (high < 1.01 ? 1 : high))];
}

interface Points {
  readonly x: readonly number[];
  readonly of: readonly Interval[];
  readonly style: LineStyle;
}

function line(panel: number, title: string, { x, of, style }: Points): LineTrace {
  return {
    type: "line",
    panel,
    title,
    x,
    y: of.map(({ mean }) => mean),
    band: { low: of.map(({ low }) => low), high: of.map(({ high }) => high) },
    colour: style.colour,
    dash: style.dash,
    marker: style.marker,
    hover: of.map(intervalText),
  };
}

export const intervalText = ({ mean, low, high, count }: Interval): string =>
  Number.isNaN(mean)
    ? "not measurable"
    : count < 2
      ? shortNumber(mean)
      : `${shortNumber(mean)} (${shortNumber(low)} to ${shortNumber(high)})`;

const thin = (title: string, x: readonly number[], y: readonly number[], colour: string): LineTrace => ({
  type: "line",
  panel: 0,
  title,
  x,
  y,
  colour,
  dash: "solid",
  marker: "none",
  faint: true,
});

function filmOfPath({ params, findings }: ImagePathInput, path: Path, anchor: number): Film | undefined {
  const pictures = picturesOf(params, findings, path, anchor);
  return pictures && { ...pictures, home: path.home };
}

/** The pictures of one anchor's path; undefined before they are there. */
export function picturesOf(
  params: ImagePathParams,
  findings: Findings<ImagePathFinding>,
  path: Path,
  anchor: number,
): Omit<Film, "home"> | undefined {
  const found = findings.get(imagesKey(params, path));
  if (found?.kind !== "images" || found.pixels.length === 0) return undefined;
  const size = found.shape[0] * found.shape[1] * found.shape[2];
  const first = Math.min(anchor, params.anchors - 1) * path.at.length;
  return {
    shape: found.shape,
    pictures: path.at.map((_, k) => found.pixels.subarray((first + k) * size, (first + k + 1) * size)),
  };
}

/** All paths against distance, a panel each network; paths to both sides by the mean of both. */
function allPaths(input: ImagePathInput): Figure {
  const { params, arrangement } = input;
  const paths = pathsOf(params).filter(({ steps }) => !steps);
  const found = foundOf(input, paths);
  const networks = networksOf(params);
  const folded = found.map((each) => ({ ...each, ...fold(each) }));
  const x = niceAxis(
    "Euclidean distance in input space",
    folded.flatMap((each) => each.x),
  );
  const y = niceAxis("Relative similarity", [1, ...folded.flatMap((each) => each.of.map(({ mean }) => mean))]);
  return {
    name: "image-paths",
    title: "Relative similarity against distance, along every path",
    caption: captionOfAll(input, found),
    arrangement,
    panels: networks.map((network) => ({
      title: networkTitle(network),
      x,
      y,
      ...(found.some((each) => each.network === network || sameNetwork(each.network, network))
        ? {}
        : { note: "Press Run" }),
    })),
    traces: folded.map(({ network, path, x: places, of }) => {
      const style = { ...classStyle(paths.indexOf(path)), marker: "none" as const };
      const panel = networks.findIndex((each) => sameNetwork(each, network));
      const { band: _, ...plain } = line(panel, path.title, { x: places, of, style });
      return plain;
    }),
    data: () => data(input, found),
  };
}

const sameNetwork = (a: Network, b: Network): boolean => a.model === b.model && a.epoch === b.epoch;

/** From the learned image outwards. */
function fold({ path: { home, at }, curve }: Found): Pick<Points, "x" | "of"> {
  const outwards = Array.from({ length: at.length - home }, (_, step) => [home + step, home - step]);
  const both = ([a, b]: readonly number[]): number[] => (b! < 0 || home === 0 ? [a!] : [a!, b!]);
  const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    x: outwards.map((pair) => average(both(pair).map((k) => curve.distance[k]!))),
    of: outwards.map((pair) => {
      const sides = both(pair).map((k) => curve.similarity[k]!);
      const mean = average(sides.map((side) => side.mean));
      return { mean, low: mean, high: mean, count: sides[0]!.count };
    }),
  };
}

const setOf = ({ dataset }: ImagePathParams): string =>
  dataset === "drawn" ? "the drawn set, which is not photographs" : "CIFAR-10";

function caption(
  { params, filmOf }: ImagePathInput,
  found: readonly Found[],
  axis: "path" | "distance",
  path: Path,
): string {
  if (found.length === 0) return "Nothing has been measured yet.";
  const n = params.anchors;
  const bands =
    n < 2
      ? ""
      : n <= fewAnchorCount
        ? "bands are 95 % Student-t intervals over anchors, thin lines the single anchors"
        : "bands are 95 % Student-t intervals over anchors";
  return [
    `Relative similarity |Δf_y(p)| / |Δf_y(a)| after one SGD step on an anchor a, at images p on a path away from it: ${path.title}.`,
    `Lines are means over n = ${n} ${params.anchorClass} training images of ${setOf(params)}${bands ? `; ${bands}` : ""}. One seed (${params.seed}).`,
    axis === "distance" ? "x is the mean Euclidean distance of the network's inputs from the anchor's." : "",
    path.steps ? "Lines only join what belongs together: there is nothing between two shapes." : "",
    path.id === "noise" ? `Each value is the mean of ${params.draws} draws.` : "",
    filmOf === undefined ? "" : "Below: one anchor's path.",
  ]
    .filter(Boolean)
    .join(" ");
}

function captionOfAll({ params }: ImagePathInput, found: readonly Found[]): string {
  if (found.length === 0) return "Nothing has been measured yet.";
  return [
    `Relative similarity |Δf_y(p)| / |Δf_y(a)| after one SGD step on an anchor a, at images p on paths away from it, against the`,
    `mean Euclidean distance of the network's inputs. Means over n = ${params.anchors} ${params.anchorClass} training images of`,
    `${setOf(params)}; of paths to both sides, the mean of both. One seed (${params.seed}); the same scale for all panels.`,
  ].join(" ");
}

function data({ params }: ImagePathInput, found: readonly Found[]) {
  return {
    columns: ["model", "epoch", "path", "position", "parameter", "distance", "mean", "low", "high", "n"],
    rows: found.flatMap(({ network, path, curve }) =>
      curve.similarity.map(({ mean, low, high, count }, k) => [
        network.model,
        network.epoch,
        path.id,
        k,
        path.steps?.[k] ?? path.at[k]!,
        curve.distance[k]!,
        ...[mean, low, high].map(blankIfNaN),
        count,
      ]),
    ),
    dictionary: {
      model: "Which model; linear is softmax on a linear map of the pixels.",
      epoch: "Epochs of training done; 0 is before training.",
      path: `How the image of a ${params.anchorClass} is changed.`,
      position: "Number of the image on the path.",
      parameter: "Where on the path, in its own unit.",
      distance: "Euclidean distance of the network's inputs from the anchor's, mean over anchors.",
      mean: "Mean relative similarity over anchors. Blank: not measurable.",
      low: "Lower bound of the 95 % Student-t interval over anchors.",
      high: "Upper bound of the same interval.",
      n: "Number of anchors in the mean.",
    },
  };
}
