// The effect of the image itself: along a path away from a learned image, how fast does the response fall?
import {
  blended,
  brightened,
  distance,
  noisy,
  rotated,
  shifted,
  type Picture,
  type PictureShape,
} from "../../math/picture.ts";
import { rng } from "../../math/rng.ts";
import { interval, mean, type Interval } from "../../math/stats.ts";
import type { Examples, FeatureSource, Learner } from "../contracts.ts";
import { datasetOf, type Dataset } from "../dataset.ts";
import { LabError } from "../error.ts";
import { choice, defaults, int, ints, real, type ValuesOf } from "../params.ts";
import { relativeSimilarity } from "../similarity.ts";
import { canonical, numbering, type DatasetChoice } from "../spec.ts";
import type { Desk, Findings, StudyEvent, StudyPlugin, StudyTable } from "../study.ts";
import { course } from "../training.ts";

const drawnClasses = ["tiger", "lion", "cat", "dog", "plane", "ship", "car"] as const;
const photographClasses = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
] as const;
const classIds = [...new Set([...drawnClasses, ...photographClasses])];
const known: Readonly<Record<string, readonly string[]>> = { drawn: drawnClasses, cifar10: photographClasses };

const params = {
  dataset: choice({ title: "Images", byDefault: "drawn", options: ["drawn", "cifar10"] }),
  anchorClass: choice({ title: "Learned images: class", byDefault: "tiger", options: classIds }),
  anchors: int({
    title: "Learned images: number",
    byDefault: 10,
    min: 1,
    max: 100,
    help: "The first training images of the class; a step is taken on each alone.",
  }),
  nearClass: choice({ title: "Blend with one of", byDefault: "cat", options: classIds }),
  farClass: choice({ title: "And with one of", byDefault: "plane", options: classIds }),
  model: choice({
    title: "Network",
    byDefault: "cnn",
    options: ["cnn", "mlp", "skip"],
    help: "As in the live lab by default; the linear model stands beside it.",
  }),
  epochs: ints({
    title: "Measured after epochs",
    byDefault: [0, 6],
    min: 0,
    max: 200,
    minCount: 1,
    maxCount: 4,
    help: "0 is untrained. The linear model is measured after the last one.",
  }),
  trainPerClass: int({ title: "Training images a class", byDefault: 300, min: 2, max: 5000 }),
  batchSize: int({ title: "Batch size", byDefault: 64, min: 1, max: 10000 }),
  stepSize: real({ title: "Step size of the training", byDefault: 0.08, min: 1e-8, max: 10, scale: "log" }),
  rule: choice({ title: "Step of the probe", byDefault: "own rise", options: ["own rise", "fixed"] }),
  delta: real({ title: "Rise of the own score, delta", byDefault: 0.1, min: 0.001, max: 3, scale: "log" }),
  eta: real({ title: "Fixed step size, eta", byDefault: 0.01, min: 1e-8, max: 10, scale: "log" }),
  positions: int({
    title: "Images on a path",
    byDefault: 21,
    min: 3,
    max: 101,
    help: "An odd number, so that the learned image itself is in the middle.",
  }),
  degrees: real({
    title: "Rotation up to (degrees)",
    byDefault: 90,
    min: 1,
    max: 180,
    help: "To both sides, bilinear. Beyond its edge an image goes on with the colours of its edge.",
  }),
  pixels: real({
    title: "Shift up to (pixels)",
    byDefault: 10,
    min: 0.5,
    max: 32,
    help: "To both sides, likewise. Steps of whole pixels need no interpolation, which blurs.",
  }),
  brightness: real({
    title: "Brightness up to (share of white)",
    byDefault: 0.5,
    min: 0.01,
    max: 1,
    help: "To both sides; what leaves black to white is clipped.",
  }),
  noise: real({ title: "Noise up to (sigma, share of white)", byDefault: 0.3, min: 0.001, max: 2 }),
  draws: int({ title: "Draws of the noise, averaged", byDefault: 3, min: 1, max: 50 }),
  seed: int({
    title: "Seed",
    byDefault: 1,
    min: 0,
    max: 2 ** 31 - 1,
    help: "Of the weights, the order of training, and the noise.",
  }),
};
export type ImagePathParams = ValuesOf<typeof params>;

export const pathIds = [
  "own",
  "near",
  "far",
  "rotation",
  "shift",
  "brightness",
  "noise",
  "stripes",
  "coat",
  "background",
  "size",
  "turn",
  "silhouette",
] as const;
export type PathId = (typeof pathIds)[number];
const redrawnPaths: readonly PathId[] = ["stripes", "coat", "background", "size", "turn", "silhouette"];

const view = {
  path: choice({ title: "Path", byDefault: "near", options: pathIds }),
  axis: choice({ title: "Axis", byDefault: "path", options: ["path", "distance"] }),
  show: choice({ title: "Show", byDefault: "one", options: ["one", "all"] }),
  position: int({ title: "Marked image of the path", byDefault: 15, min: 0, max: 100 }),
  anchor: int({ title: "Learned image of the filmstrip", byDefault: 0, min: 0, max: 99 }),
};
export type ImagePathView = ValuesOf<typeof view>;

/** The images of one path, the same for every network. */
export interface PathImages {
  readonly kind: "images";
  readonly shape: PictureShape;
  /** Bytes for the eye, of the first draw of noise; empty when read back from a file. [anchor, position, ...shape] */
  readonly pixels: Uint8Array;
  /** Euclidean, between inputs as the networks see them; mean over draws of noise. [anchor, position] */
  readonly distance: Float64Array;
}

export interface PathSimilarity {
  readonly kind: "similarity";
  /** Relative similarity, mean over draws of noise; NaN where not measurable. [anchor, position] */
  readonly similarity: Float64Array;
}

export type ImagePathFinding = PathImages | PathSimilarity;

export interface Path {
  readonly id: PathId;
  readonly title: string;
  /** Title of its axis, with the unit. */
  readonly axis: string;
  /** What the positions are; one of them is that of the learned image itself. */
  readonly at: readonly number[];
  /** The position of the learned image itself. */
  readonly home: number;
  /** An image of the path in words, for instance "turned by 45°". */
  name(at: number): string;
  /** Steps from kind to kind rather than by degrees: what each position is called. */
  readonly steps?: readonly string[];
}

const animals = ["tiger", "lion", "cat", "dog"];
const silhouettesOf = (id: string): string[] => {
  const kin = animals.includes(id) ? animals : ["plane", "ship", "car"];
  return [id, ...kin.filter((each) => each !== id)];
};

/** To three digits, with a true minus sign. */
const signed = (value: number): string => String(Number(value.toPrecision(3))).replace("-", "−");
const articleOf = (noun: string): string => (/^[aeiou]/.test(noun) ? "an" : "a");
const percent = (share: number): string => `${signed(100 * share)} %`;

/** The paths that a setting has, in order; those of drawn features only where images are drawn. */
export function pathsOf(chosen: ImagePathParams): Path[] {
  const last = chosen.positions - 1;
  const oneSided = (reach: number): Pick<Path, "at" | "home"> => ({
    at: Array.from({ length: chosen.positions }, (_, k) => (reach * k) / last),
    home: 0,
  });
  const twoSided = (reach: number): Pick<Path, "at" | "home"> => ({
    at: Array.from({ length: chosen.positions }, (_, k) => (reach * (2 * k - last)) / last),
    home: last / 2,
  });
  const blend = (id: PathId, classId: string, article: string): Path => ({
    id,
    title: `blend: ${article} ${classId}`,
    axis: `Share of ${article} ${classId} in the blend`,
    name: (at) => `${percent(at)} ${article} ${classId}`,
    ...oneSided(1),
  });
  const steps = silhouettesOf(chosen.anchorClass);
  const isAnimal = animals.includes(chosen.anchorClass);
  const all: Path[] = [
    blend("own", chosen.anchorClass, "another"),
    blend("near", chosen.nearClass, articleOf(chosen.nearClass)),
    blend("far", chosen.farClass, articleOf(chosen.farClass)),
    {
      id: "rotation",
      title: "rotation",
      axis: "Rotation (degrees)",
      name: (at) => `turned by ${signed(at)}°`,
      ...twoSided(chosen.degrees),
    },
    {
      id: "shift",
      title: "shift",
      axis: "Shift to the right (pixels)",
      name: (at) => `shifted by ${signed(at)} px`,
      ...twoSided(chosen.pixels),
    },
    {
      id: "brightness",
      title: "brightness",
      axis: "Brightness added (share of white)",
      name: (at) => `brightness ${at > 0 ? "+" : ""}${percent(at)}`,
      ...twoSided(chosen.brightness),
    },
    {
      id: "noise",
      title: "noise",
      axis: "Noise σ (share of white)",
      name: (at) => `noise σ = ${signed(at)}`,
      ...oneSided(chosen.noise),
    },
    {
      id: "stripes",
      title: "stripes",
      axis: chosen.anchorClass === "tiger" ? "Stripes taken away (share)" : "Stripes put on, or taken away (share)",
      name: (at) => `stripes ${percent(at)} ${chosen.anchorClass === "tiger" ? "gone" : "changed"}`,
      ...oneSided(1),
    },
    {
      id: "coat",
      title: isAnimal ? "coat" : "paint",
      axis: "Share of the way to grey",
      name: (at) => `${isAnimal ? "coat" : "paint"} ${percent(at)} grey`,
      ...oneSided(1),
    },
    {
      id: "background",
      title: "background",
      axis: "Share of the way to a plain background",
      name: (at) => `background ${percent(at)} plain`,
      ...oneSided(1),
    },
    {
      id: "size",
      title: "size",
      axis: "Size (doublings)",
      name: (at) => `${signed(2 ** at)} times the size`,
      ...twoSided(0.6),
    },
    {
      id: "turn",
      title: "turn of the subject",
      axis: "Turn of the subject alone (degrees)",
      name: (at) => `subject turned by ${signed(at)}°`,
      ...twoSided(60),
    },
    {
      id: "silhouette",
      title: "silhouette",
      axis: "Drawn in the shape of",
      name: (at) => `in the shape of a ${steps[at]!}`,
      at: steps.map((_, k) => k),
      home: 0,
      steps,
    },
  ];
  const isThere = ({ id }: Path): boolean =>
    chosen.dataset === "drawn" ? id !== "stripes" || isAnimal : !redrawnPaths.includes(id);
  return all.filter(isThere);
}

export interface Network {
  readonly model: string;
  readonly epoch: number;
}

/** Which networks are measured: the chosen one after each of the epochs, and the linear one after the last. */
export const networksOf = ({ model, epochs }: ImagePathParams): Network[] => [
  ...epochsOf(epochs).map((epoch) => ({ model, epoch })),
  { model: "linear", epoch: Math.max(...epochs) },
];

const epochsOf = (epochs: readonly number[]): number[] => [...new Set(epochs)].sort((a, b) => a - b);

/** All that decides the images of a path. */
function sceneKey(chosen: ImagePathParams, { id, at }: Path) {
  const { dataset, anchorClass, anchors, trainPerClass, seed, draws } = chosen;
  const other = { near: chosen.nearClass, far: chosen.farClass }[id as "near" | "far"];
  return {
    dataset,
    anchorClass,
    anchors,
    trainPerClass,
    path: id,
    at,
    ...(other === undefined ? {} : { other }),
    ...(id === "noise" ? { draws, seed } : {}),
  };
}

export const imagesKey = (chosen: ImagePathParams, path: Path): string => canonical({ images: sceneKey(chosen, path) });

/** The key of one path's similarities in one network. */
export function similarityKey(chosen: ImagePathParams, path: Path, { model, epoch }: Network): string {
  const { rule, delta, eta, batchSize, stepSize, seed } = chosen;
  return canonical({
    ...sceneKey(chosen, path),
    model,
    epoch,
    seed,
    ...(epoch > 0 ? { batchSize, stepSize } : {}),
    step: rule === "fixed" ? { eta } : { delta },
  });
}

const choiceOf = ({ dataset, trainPerClass, anchors }: ImagePathParams): DatasetChoice => ({
  id: dataset,
  classes: known[dataset]!,
  trainPerClass,
  // Blends go to held-out images, so that none was ever trained on.
  testPerClass: anchors,
  params: {},
});

/** The pictures of one anchor's paths: [path][position][draw]; only noise has several draws. */
type Course = (anchor: number, path: Path) => Float32Array[][];

function courseOf(chosen: ImagePathParams, dataset: Dataset, features: FeatureSource | undefined): Course {
  const { idOf } = numbering(choiceOf(chosen));
  const classes = known[chosen.dataset]!;
  const own = (anchor: number): Picture => dataset.pixels(idOf(classes.indexOf(chosen.anchorClass), "train", anchor));
  const other = (anchor: number, classId: string): Picture =>
    dataset.pixels(idOf(classes.indexOf(classId), "test", anchor));
  const noise = rng(chosen.seed).fork("noise along paths");
  const { shape } = dataset;
  return (anchor, { id, at }) => {
    const picture = own(anchor);
    const one = (of: (t: number) => Float32Array): Float32Array[][] => at.map((t) => [of(t)]);
    switch (id) {
      case "own":
        return one((t) => blended(picture, other(anchor, chosen.anchorClass), t));
      case "near":
        return one((t) => blended(picture, other(anchor, chosen.nearClass), t));
      case "far":
        return one((t) => blended(picture, other(anchor, chosen.farClass), t));
      case "rotation":
        return one((t) => rotated(picture, shape, t));
      case "shift":
        return one((t) => shifted(picture, shape, t));
      case "brightness":
        return one((t) => brightened(picture, t));
      case "noise":
        // The same draw at every strength, so that the path is one line of images.
        return at.map((t) =>
          Array.from({ length: chosen.draws }, (_, draw) => noisy(picture, t, noise.fork(anchor).fork(draw))),
        );
      default:
        return one((amount) =>
          Float32Array.from(features!.image(chosen.anchorClass, "train", anchor, { feature: id, amount })),
        );
    }
  };
}

/** The data set followed by the images of one anchor's paths at a time. */
interface Walk {
  readonly examples: Examples;
  /** Puts other images after those of the data set and returns their numbers. */
  lay(pictures: readonly Float32Array[]): number[];
}

function walkOf(dataset: Dataset, most: number, label: number): Walk {
  const first = dataset.trainCount + dataset.testCount;
  const size = dataset.shape[0] * dataset.shape[1] * dataset.shape[2];
  let laid: readonly Float32Array[] = [];
  const labels = new Uint8Array(first + most).fill(label);
  labels.set(dataset.labels);
  return {
    examples: {
      shape: dataset.shape,
      outputCount: dataset.outputCount,
      labels,
      read(examples) {
        const inputs = new Float32Array(examples.length * size);
        examples.forEach((example, row) =>
          inputs.set(example < first ? dataset.read([example]) : inputOf(laid[example - first]!, dataset), row * size),
        );
        return inputs;
      },
    },
    lay(pictures) {
      laid = pictures;
      return pictures.map((_, at) => first + at);
    },
  };
}

/** A picture as the networks see it: (value / 255 - mean) / deviation. */
export const inputOf = (picture: Picture, { mean: middle, deviation }: Pick<Dataset, "mean" | "deviation">) =>
  Float32Array.from(picture, (value, at) => (value / 255 - middle[at]!) / deviation);

async function* run(
  chosen: ImagePathParams,
  desk: Desk,
  found: ReadonlySet<string>,
): AsyncGenerator<StudyEvent<ImagePathFinding>> {
  const paths = pathsOf(chosen);
  const networks = networksOf(chosen);
  yield { kind: "progress", progress: { stage: "getting the images", share: 0 } };
  const dataChoice = choiceOf(chosen);
  const dataset = await datasetOf(desk.manifest(chosen.dataset), dataChoice, {
    pixels: await desk.pictures(dataChoice),
    host: desk,
  });
  const courseAt = courseOf(chosen, dataset, await desk.features(dataChoice));
  for (const path of paths)
    if (!found.has(imagesKey(chosen, path)))
      yield {
        kind: "finding",
        key: imagesKey(chosen, path),
        value: await imagesOf(chosen, path, { dataset, courseAt, desk }),
      };
  const most = paths.reduce((sum, { id, at }) => sum + at.length * (id === "noise" ? chosen.draws : 1), 0);
  const walk = walkOf(dataset, most, known[chosen.dataset]!.indexOf(chosen.anchorClass));
  for (const model of new Set(networks.map((network) => network.model))) {
    const missing = networks
      .filter((network) => network.model === model)
      .map((network) => ({
        epoch: network.epoch,
        paths: paths.filter((path) => !found.has(similarityKey(chosen, path, network))),
      }))
      .filter((each) => each.paths.length > 0);
    if (missing.length === 0) continue;
    yield* measured(chosen, { desk, dataset, walk, courseAt, model, missing });
  }
}

interface Measuring {
  readonly desk: Desk;
  readonly dataset: Dataset;
  readonly walk: Walk;
  readonly courseAt: Course;
  readonly model: string;
  readonly missing: readonly { readonly epoch: number; readonly paths: readonly Path[] }[];
}

/** Trains one model and measures it at the epochs that are missing. */
async function* measured(
  chosen: ImagePathParams,
  { desk, dataset, walk, courseAt, model, missing }: Measuring,
): AsyncGenerator<StudyEvent<ImagePathFinding>> {
  const plugin = desk.model(model);
  const network = desk.network({
    model: { id: model, params: defaults(plugin.params) },
    examples: walk.examples,
    loss: "cross-entropy",
    seed: chosen.seed,
  });
  const last = Math.max(...missing.map(({ epoch }) => epoch));
  const plan = {
    epochs: last,
    batchSize: chosen.batchSize,
    stepSize: chosen.stepSize,
    order: rng(chosen.seed).fork("training order"),
  };
  const training = Array.from({ length: dataset.trainCount }, (_, id) => id);
  for await (const { epoch, state } of course(network, training, { plan, breathe: desk.breathe })) {
    yield {
      kind: "progress",
      progress: { stage: `${plugin.title}: epoch ${epoch} of ${last}`, share: epoch / Math.max(1, last) },
    };
    const due = missing.find((each) => each.epoch === epoch);
    if (!due) continue;
    const rows = due.paths.map((): Float64Array[] => []);
    for (let anchor = 0; anchor < chosen.anchors; anchor++) {
      yield {
        kind: "progress",
        progress: {
          stage: `${plugin.title}, epoch ${epoch}: image ${anchor + 1} of ${chosen.anchors}`,
          share: anchor / chosen.anchors,
        },
      };
      const pictures = due.paths.map((path) => courseAt(anchor, path));
      const similarity = await similarityOf(network, state, { chosen, walk, anchor, pictures: pictures.flat(2) });
      let at = 0;
      pictures.forEach((path, index) =>
        rows[index]!.push(Float64Array.from(path, (draws) => mean(similarity.subarray(at, (at += draws.length))))),
      );
    }
    for (const [index, path] of due.paths.entries())
      yield {
        kind: "finding",
        key: similarityKey(chosen, path, { model, epoch }),
        value: { kind: "similarity", similarity: Float64Array.from(rows[index]!.flatMap((row) => [...row])) },
      };
  }
}

interface Step {
  readonly chosen: ImagePathParams;
  readonly walk: Walk;
  readonly anchor: number;
  readonly pictures: readonly Float32Array[];
}

/** What one step on an anchor does to the pictures. [picture] */
async function similarityOf(
  network: Learner<unknown>,
  state: unknown,
  { chosen, walk, anchor, pictures }: Step,
): Promise<Float64Array> {
  const { idOf } = numbering(choiceOf(chosen));
  const example = idOf(known[chosen.dataset]!.indexOf(chosen.anchorClass), "train", anchor);
  const { rule, delta, eta } = chosen;
  const watch = await network.watch(state, walk.lay(pictures));
  try {
    for await (const response of watch.respond(
      [example],
      rule === "fixed" ? { rule, eta } : { rule: "own rise", delta },
    ))
      return relativeSimilarity(response);
    throw new LabError("internal", "A step gave no response.");
  } finally {
    watch.release();
  }
}

interface Gallery {
  readonly dataset: Dataset;
  readonly courseAt: Course;
  readonly desk: Desk;
}

async function imagesOf(
  chosen: ImagePathParams,
  path: Path,
  { dataset, courseAt, desk }: Gallery,
): Promise<PathImages> {
  const { shape, deviation } = dataset;
  const size = shape[0] * shape[1] * shape[2];
  const count = path.at.length;
  const pixels = new Uint8Array(chosen.anchors * count * size);
  const distances = new Float64Array(chosen.anchors * count);
  for (let anchor = 0; anchor < chosen.anchors; anchor++) {
    const course = courseAt(anchor, path);
    const home = course[path.home]![0]!;
    course.forEach((draws, position) => {
      const at = anchor * count + position;
      pixels.set(
        draws[0]!.map((value) => Math.round(value)),
        at * size,
      );
      // The mean that inputs are centred by falls out of the difference.
      distances[at] = mean(draws.map((picture) => distance(picture, home) / 255 / deviation));
    });
    await desk.breathe();
  }
  return { kind: "images", shape, pixels, distance: distances };
}

export interface PathCurve {
  /** Over anchors. [position] */
  readonly similarity: readonly Interval[];
  /** Mean over anchors. [position] */
  readonly distance: readonly number[];
  /** [anchor][position] */
  readonly anchors: readonly (readonly number[])[];
}

/** What was found of one path in one network; undefined before. */
export function curveOf(
  chosen: ImagePathParams,
  findings: Findings<ImagePathFinding>,
  path: Path,
  network: Network,
): PathCurve | undefined {
  const found = findings.get(similarityKey(chosen, path, network));
  const images = findings.get(imagesKey(chosen, path));
  if (found?.kind !== "similarity" || images?.kind !== "images") return undefined;
  const count = path.at.length;
  const anchors = Array.from({ length: chosen.anchors }, (_, anchor) =>
    Array.from(found.similarity.slice(anchor * count, (anchor + 1) * count)),
  );
  return {
    similarity: path.at.map((_, k) => interval(anchors.map((row) => row[k]!))),
    distance: path.at.map((_, k) => mean(anchors.map((_row, anchor) => images.distance[anchor * count + k]!))),
    anchors,
  };
}

const modelColumns = {
  model: "cnn, mlp, skip: as in the live lab by default; linear: softmax on a linear map of the pixels",
  epoch: "epochs of training done; 0 is before training",
  path: "how the image is changed; own, near, far: blended with a held-out image of the own, the second, the third class",
  position: "number of the image on the path",
  parameter: "where on the path: in the path's own unit, or the kind that it is drawn as",
} as const;

const blank = (value: number): number | string => (Number.isNaN(value) ? "" : value);

function meansTable(chosen: ImagePathParams, findings: Findings<ImagePathFinding>): StudyTable {
  return {
    name: "image-path",
    title: `Relative similarity along paths from ${chosen.anchors} ${chosen.anchorClass} images`,
    columns: ["model", "epoch", "path", "position", "parameter", "distance", "mean", "low", "high", "n"],
    rows: networksOf(chosen).flatMap((network) =>
      pathsOf(chosen).flatMap((path) => {
        const curve = curveOf(chosen, findings, path, network);
        return (curve?.similarity ?? []).map(({ mean: centre, low, high, count }, k) => [
          network.model,
          network.epoch,
          path.id,
          k,
          path.steps?.[k] ?? path.at[k]!,
          curve!.distance[k]!,
          ...[centre, low, high].map(blank),
          count,
        ]);
      }),
    ),
    dictionary: {
      ...modelColumns,
      distance: "Euclidean, from the anchor, between inputs as the networks see them; mean over anchors",
      mean: "mean over anchors of |df_y(p)| / |df_y(a)|, y the anchor's class; blank: not measurable",
      low: "lower bound of the 95 % Student-t interval over anchors; the mean itself when n < 2",
      high: "upper bound of the same interval",
      n: "number of anchors in the mean",
    },
  };
}

function anchorsTable(chosen: ImagePathParams, findings: Findings<ImagePathFinding>): StudyTable {
  return {
    name: "image-path-anchors",
    title: `Relative similarity along paths, each ${chosen.anchorClass} image alone`,
    columns: ["model", "epoch", "path", "anchor", "position", "parameter", "distance", "relative_similarity"],
    rows: networksOf(chosen).flatMap((network) =>
      pathsOf(chosen).flatMap((path) => {
        const found = findings.get(similarityKey(chosen, path, network));
        const images = findings.get(imagesKey(chosen, path));
        if (found?.kind !== "similarity" || images?.kind !== "images") return [];
        return Array.from(found.similarity, (value, at) => {
          const position = at % path.at.length;
          return [
            network.model,
            network.epoch,
            path.id,
            Math.floor(at / path.at.length),
            position,
            path.steps?.[position] ?? path.at[position]!,
            images.distance[at]!,
            blank(value),
          ];
        });
      }),
    ),
    dictionary: {
      ...modelColumns,
      anchor: "number of the training image that the step is taken on, within its class",
      distance: "Euclidean, from the anchor, between inputs as the networks see them",
      relative_similarity: "|df_y(p)| / |df_y(a)| of the anchor's class y; blank: not measurable",
    },
  };
}

function check(chosen: ImagePathParams): void {
  if (chosen.positions % 2 === 0)
    throw new LabError(
      "spec-invalid",
      `Images on a path is ${chosen.positions}; give an odd number, so that the learned image is one of them.`,
    );
  for (const name of ["anchorClass", "nearClass", "farClass"] as const)
    if (!known[chosen.dataset]!.includes(chosen[name]))
      throw new LabError(
        "spec-invalid",
        `${params[name].title} is ${chosen[name]}, but ${chosen.dataset} has no such class; choose one of: ${known[chosen.dataset]!.join(", ")}.`,
      );
  if (chosen.anchors > chosen.trainPerClass)
    throw new LabError(
      "spec-invalid",
      `There are ${chosen.anchors} learned images, but ${chosen.trainPerClass} training images a class; ask for at most as many.`,
    );
}

const drawings = "The images are drawings with few kinds of everything, not photographs.";
const small = {
  params: {},
  size: "CNN untrained and after 6 epochs, linear; 10 tigers, 13 paths of 21 images",
  minutes: 0.8,
};

export const imagePath: StudyPlugin<ImagePathParams, ImagePathFinding> = {
  id: "image-path",
  title: "Effect of the image itself",
  question: "Along a path away from a learned image, how fast does the response fall?",
  source: "A study of this lab, with relative similarity after He and Su, ICLR 2020, eq. 2",
  explanation: {
    words:
      "The image x is learned in one step; the images x' on the path leave it little by little. What is drawn is how far the score moves at x' beside how far at x.",
    tex: String.raw`S_{\mathrm{rel}}(x,x')=\frac{|f(x';w^+)-f(x';w)|}{|f(x;w^+)-f(x;w)|}`,
    spoken: "relative similarity: the change of the score at x prime over the change at x, after one step on x",
    source: "He and Su, ICLR 2020, eq. 2",
  },
  params,
  view,
  presets: [
    {
      id: "path-cat",
      title: "Effect of the image: tiger to cat",
      question: "A tiger is learned. How much does that move an image that turns, by degrees, into a cat?",
      caption: `${drawings} An untrained CNN is not flat on them, either: part of the fall is there before anything is learned.`,
      view: { path: "near" },
      small,
    },
    {
      id: "path-stripes",
      title: "Effect of the image: stripes",
      question: "The same tiger drawn again with its stripes fading: does the response go with them?",
      caption: `${drawings} Nothing but the opacity of the stripes changes from image to image.`,
      view: { path: "stripes" },
      small,
    },
    {
      id: "path-rotation",
      title: "Effect of the image: rotation",
      question: "How far may a learned tiger be turned before the network takes it for another image?",
      caption: `${drawings} In training, animals are turned by 8 degrees at most. Corners are filled with the colours of the edge, and turning blurs a little.`,
      view: { path: "rotation" },
      small,
    },
  ],
  check,
  keys: (chosen) => {
    const paths = pathsOf(chosen);
    return [
      ...paths.map((path) => imagesKey(chosen, path)),
      ...networksOf(chosen).flatMap((network) => paths.map((path) => similarityKey(chosen, path, network))),
    ];
  },
  run,
  tables: (chosen, findings) => [meansTable(chosen, findings), anchorsTable(chosen, findings)],
  lasting: (value) => (value.kind === "images" ? { ...value, pixels: new Uint8Array(0) } : value),
};
