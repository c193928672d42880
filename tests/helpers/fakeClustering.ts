// Findings of a clustering without an engine: two clouds of points, the better the network the further apart, and now and
// then a network that fails.
import { choiceOf, type ClusteringFinding, type ClusteringParams } from "../../src/lab/studies/clustering.ts";
import type { Method } from "../../src/lab/studies/clustering/method.ts";
import { wordOf, type Task } from "../../src/lab/studies/clustering/task.ts";
import { numbering } from "../../src/lab/spec.ts";
import { rng } from "../../src/math/rng.ts";

export interface FakeCell {
  readonly method: Method;
  readonly task: Task;
  readonly seed: number;
}

/** All seeds of the second network of the second task collapse, and a few others diverge. */
export function fakeClustering(params: ClusteringParams, { method, task, seed }: FakeCell): ClusteringFinding {
  const word = wordOf(task);
  const random = rng(seed).fork(`${method.id} ${word}`);
  const isNetwork = method.network !== undefined && method.network.weights === "trained";
  const none = { trainLoss: NaN, trainAccuracy: NaN, deadShare: NaN };
  const { images, truth } = imagesOf(params, task);
  const common = { task: word, method: method.id, seed, truth, images };
  const isCollapsed = method.id === "l2-relative-relu" && params.tasks[1] === word;
  const isDiverged = isNetwork && random.uniform(0, 1) < 0.06;
  if (isCollapsed || isDiverged)
    return {
      ...common,
      ...none,
      status: isCollapsed ? "collapsed" : "diverged",
      remark: isCollapsed
        ? "All hidden units were dead after 3 tries; lower the step size."
        : "The loss is not finite after 3 tries; lower the step size.",
      accuracy: NaN,
      deadShare: isCollapsed ? 1 : NaN,
      labels: new Uint8Array(images.length),
    };
  const reach =
    method.network?.architecture === "relu" && isNetwork ? random.uniform(0.7, 1.9) : random.uniform(0, 0.6);
  const clouds = Array.from(truth, (side) => [
    (side === 0 ? -reach : reach) + random.normal(),
    0.7 * random.normal(),
    0.7 * random.normal(),
  ]);
  const side = clouds.map(([x]): number => (x! > 0 ? 1 : 0));
  const agreeing = side.filter((label, at) => label === truth[at]).length;
  const isFlipped = agreeing < images.length / 2;
  const labels = Uint8Array.from(side, (label) => (isFlipped ? 1 - label : label));
  return {
    ...common,
    ...(method.network ? { trainLoss: 0.004, trainAccuracy: 0.998, deadShare: isNetwork ? 0.912 : 0.02 } : none),
    status: "measured",
    remark: "",
    accuracy: Math.max(agreeing, images.length - agreeing) / images.length,
    labels,
    starts: 10,
    agreeing: 7,
    negative: { count: 3, ratio: 0.012 },
    similarity: similarityOf(clouds, method.network?.option === "relative"),
    order: Uint32Array.from([...clouds.keys()].sort((a, b) => clouds[a]![0]! - clouds[b]![0]!)),
    picture: Float32Array.from(clouds.flatMap(([x, y]) => [x!, y!])),
  };
}

/** The first images of both classes, and which side each is of. */
function imagesOf(params: ClusteringParams, task: Task): Pick<ClusteringFinding, "images" | "truth"> {
  const choice = choiceOf(params, task);
  const { idOf } = numbering(choice);
  const { perClass } = params;
  const of = (name: string): number[] =>
    Array.from({ length: perClass }, (_, index) => idOf(choice.classes.indexOf(name), "train", index));
  return {
    images: Int32Array.from(task.primary.flatMap(of)),
    truth: Uint8Array.from({ length: 2 * perClass }, (_, at) => (at < perClass ? 0 : 1)),
  };
}

/** Falls with the distance of two points; 1 where a point meets itself. [point, point] */
function similarityOf(points: readonly (readonly number[])[], isRelative: boolean): Float32Array {
  const kernel = points.flatMap((a) =>
    points.map((b) => Math.exp(-a.reduce((sum, value, axis) => sum + (value - b[axis]!) ** 2, 0) / 4)),
  );
  return Float32Array.from(kernel, (value) => (isRelative ? value : 180 * value));
}
