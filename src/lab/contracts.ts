// The nouns of the lab: what a data set, a model, a response and a measure are, and what a platform lends.
import type { BackendId } from "./lab.ts";
import type { Params, Values, ValuesOf } from "./params.ts";
import type { LayerPlan } from "./tensor/layer.ts";
import type { Helper } from "./tensor/simd/share.ts";

/** A row-major matrix; `data[row * columns + column]`. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array | Float64Array;
}

export interface ClassInfo {
  readonly id: string;
  readonly title: string;
  /** Super-classes from the widest down, for example ["animal", "big cat"]; empty where there is no hierarchy. */
  readonly path: readonly string[];
}

/** What a data set is, where it comes from and on what terms; the JSON files of `datasets/`. */
export interface DatasetManifest {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** [rows, columns, channels] */
  readonly shape: readonly [number, number, number];
  readonly classes: readonly ClassInfo[];
  readonly maxPerClass: { readonly train: number; readonly test: number };
  readonly defaultPerClass: { readonly train: number; readonly test: number };
  readonly source: string;
  readonly licence: string;
  readonly citation: string;
  /** Absent where the images are drawn by code; else the packed files below `public/data/<id>/`. */
  readonly packed?: { readonly images: string; readonly labels: string; readonly sha256: string };
  /** The npm package that carries the original files; `integrity` is that of its tarball, as npm writes it. */
  readonly npm?: { readonly package: string; readonly version: string; readonly integrity: string };
}

export type Split = "train" | "test";
/** An example's number: the training images come first, class by class, then the held-out ones. */
export type ExampleId = number;

/** What a learner learns from: numbered examples with inputs and labels. */
export interface Examples {
  /** Shape of one input. */
  readonly shape: readonly number[];
  /** How many scores a network for them has. */
  readonly outputCount: number;
  /**
   * Label of each example: the output whose target is 1, while that of the others is 0. A label of `outputCount` or more
   * belongs to none, and its targets are 0 everywhere; so a network with one output learns 1 for label 0 and 0 for label 1.
   */
  readonly labels: ArrayLike<number>;
  /** What the outputs are called and how they are related, where that is known. [output] */
  readonly classes?: readonly ClassInfo[];
  /** Inputs. [example, ...shape] */
  read(examples: readonly ExampleId[]): Float32Array;
}

/**
 * The output at which an example is watched, its "own" score: that of its label, or the last one where the label belongs to
 * none. With one output that is output 0 for every example.
 */
export const ownOutput = (label: number, outputCount: number): number => Math.min(label, outputCount - 1);

/** Raw images of a data set, asked for by class, split and index. */
export interface ImageSource {
  /** @returns [row, column, channel] bytes 0..255, row-major. */
  image(classId: string, split: Split, index: number): Uint8Array;
  /** Where images are drawn by code: the same one with one feature changed. */
  readonly features?: FeatureSource;
}

export interface FeatureSource {
  readonly names: readonly string[];
  /** What a class may be drawn as, its own kind first; the amount of a "silhouette" is a place in it. */
  kinds(classId: string): readonly string[];
  /** @param change an amount of 0 gives the image itself @returns [row, column, channel] bytes 0..255, row-major. */
  image(
    classId: string,
    split: Split,
    index: number,
    change: { readonly feature: string; readonly amount: number },
  ): Uint8Array;
}

export interface DatasetPlugin<P extends Params = Params> {
  readonly manifest: DatasetManifest;
  readonly params: P;
  /** @throws LabError `data-unavailable` when the files are not there, with how to get them. */
  open(params: ValuesOf<P>, host: Host): Promise<ImageSource>;
}

interface Model<P extends Params> {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly params: P;
  /** What one of its steps is called; "SGD step" unless given. */
  readonly step?: string;
  /** What it is trained with where nothing else is said and that differs from what is usual, by name. */
  readonly training?: Values;
}

/** A network, by its layers. */
export interface NetworkPlugin<P extends Params = Params> extends Model<P> {
  /** The layers in forward order, for inputs of `shape` [rows, columns, channels] and `classCount` scores. */
  build(params: ValuesOf<P>, shape: readonly number[], classCount: number): readonly LayerPlan[];
}

/** A model of a network, which brings a learner of its own. */
export interface LearnerPlugin<P extends Params = Params> extends Model<P> {
  /** @throws LabError `spec-invalid` where the model cannot learn these examples */
  learner(
    params: ValuesOf<P>,
    options: { readonly examples: Examples; readonly loss: LossId; readonly seed: number },
  ): Learner<unknown>;
  /** @throws LabError `spec-invalid` for a training that it does not have */
  checkTraining?(training: { readonly stepSize: number; readonly momentum: number }): void;
}

export type ModelPlugin<P extends Params = Params> = NetworkPlugin<P> | LearnerPlugin<P>;

export type LossId = "cross-entropy" | "squared-error" | "binary cross-entropy";

/**
 * What one SGD step on each anchor alone changes, everywhere; w+ = w - eta dL/dw (He and Su, ICLR 2020, eq. 1).
 * f is the score (logit) vector; outputs are classes.
 */
export interface Response {
  /** Labels of the anchors: class numbers, or none of them; `ownOutput` says which score is their own. [anchor] */
  readonly anchorLabels: Uint8Array;
  /** Step size eta used for each anchor. [anchor] */
  readonly stepSize: Float64Array;
  /** dL/df at the anchor, before the step. [anchor, output] */
  readonly lossSlope: Matrix;
  /** f(anchor; w). [anchor, output] */
  readonly anchorBefore: Matrix;
  /** f(anchor; w+) - f(anchor; w). [anchor, output] */
  readonly anchorChange: Matrix;
  /** A bound on the rounding error of the change of the anchor's own score. [anchor] */
  readonly anchorRounding: Float64Array;
  /** 2-norm of df_y/dw at the anchor, for its own output y. [anchor] */
  readonly anchorSensitivity: Float64Array;
  /** f(probe; w). [probe, output] */
  readonly before: Matrix;
  /** f(probe; w+) - f(probe; w). [anchor, probe * output] */
  readonly change: Matrix;
  /** 2-norm of df_y/dw at the probe, for the anchor's own output y. [anchor, probe] */
  readonly sensitivity: Matrix;
}

/**
 * How large the step on an anchor is: a given eta, or the eta at which the anchor's own score rises by delta. Its change is
 * the exact finite one, or of first order: eta times the derivative in the direction of the step.
 */
export type StepRule = (
  { readonly rule: "fixed"; readonly eta: number } | { readonly rule: "own rise"; readonly delta: number }
) & { readonly order?: "finite" | "first" };

/** Probes made ready at one state, for any number of anchors. */
export interface Watch {
  /** One response an anchor, in order; every anchor starts from the same state, which is left as it was. */
  respond(anchors: readonly ExampleId[], rule: StepRule): AsyncGenerator<Response, void>;
  release(): void;
}

export interface KernelOptions {
  /**
   * Whose score k it is about; the first one where nothing is said. "sum" is the sum of the kernels of all outputs, "each" has
   * a row and a column for every output of every example, [row * outputs + k, column * outputs + l].
   */
  readonly output?: number | "sum" | "each";
  /** Called with the share of the cells that are done, from 0 to 1. */
  readonly progress?: (share: number) => void;
}

/** What one layer's own weights add to a tangent kernel. [row, column] */
export interface KernelPart {
  /** Its place among the layers. */
  readonly layer: number;
  /** Its weights' share of the sum over all weights; forward times backward in a dense layer. */
  readonly kernel: Matrix;
  /** Shared features: the inner products of the layer's inputs, h . h' + 1. */
  readonly forward: Matrix;
  /** Shared signal: those of df/d(output of the layer). */
  readonly backward: Matrix;
}

export interface TangentKernel {
  /** K[a, p] = sum over all weights of df_k(a)/dw df_k(p)/dw. [row, column] */
  readonly whole: Matrix;
  /** By layer with weights, in forward order; empty unless asked for. They add up to the whole. */
  readonly parts: readonly KernelPart[];
}

/** A layer of a network in plain facts, for whoever computes the same in another way. */
export interface LayerFacts {
  readonly kind: string;
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  /** Where it looks through windows at an image. */
  readonly windows?: { readonly kernel: number; readonly stride: number; readonly padding: "same" | "valid" };
  /** Where it adds the input of the layer so many places before it to its own. */
  readonly skip?: number;
}

/** Whatever learns from examples by SGD: a network, or a model of one. States are values: a step makes a new one. */
export interface Learner<S> {
  /** In forward order. */
  readonly layers: readonly LayerFacts[];
  readonly parameterCount: number;
  /** Bytes that one state holds. */
  readonly stateBytes: number;
  start(): S;
  restore(weights: readonly Float32Array[]): S;
  /** Weights in forward order: weight, bias, weight, bias, ... */
  weights(state: S): Promise<Float32Array[]>;
  /**
   * One SGD step (of a model of a network: its own update) on the mean loss of the examples, plus decay / 2 times the squared norm of all weights and biases where a
   * decay is given. `loss` settles to that mean loss alone, before the step.
   */
  nudge(
    state: S,
    examples: readonly ExampleId[],
    options: { stepSize: number; momentum: number; decay?: number },
  ): { state: S; loss(): Promise<number> };
  /** Scores. [example, output] */
  predict(state: S, examples: readonly ExampleId[]): Promise<Matrix>;
  watch(state: S, probes: readonly ExampleId[]): Promise<Watch>;
  /**
   * The empirical tangent kernel of one output k: the inner products <df_k(a)/dw, df_k(p)/dw> over all weights, which the
   * kernelized similarity (He and Su, ICLR 2020, eq. 3) goes to as the step goes to 0. [row, column]
   * @throws LabError `spec-invalid` for an output that is not there
   */
  kernel(state: S, rows: readonly ExampleId[], columns: readonly ExampleId[], options?: KernelOptions): Promise<Matrix>;
  /**
   * The same kernel with its parts: which layer's weights make two examples alike, and whether by their features or by their
   * signals.
   * @throws LabError `spec-invalid` for an output that is not there
   */
  kernelParts(
    state: S,
    rows: readonly ExampleId[],
    columns: readonly ExampleId[],
    options?: KernelOptions,
  ): Promise<TangentKernel>;
  /** Which hidden units are on: 1 where the input of an activation is above 0, else 0, in forward order. [example, unit] */
  patterns(state: S, examples: readonly ExampleId[]): Promise<Matrix>;
  release(state: S): void;
}

export interface Measure {
  readonly id: string;
  readonly title: string;
  /** Plain text with Unicode, for axes and captions. */
  readonly symbol: string;
  /** TeX, for the page. */
  readonly formula: string;
  readonly unit: string;
  /** Signed measures get a diverging colour scale. */
  readonly signed: boolean;
  readonly caution?: string;
  /** Every measure is a ratio: value[a, p] = numerator[a, p] / denominator[a]. [anchor, probe] */
  numerator(response: Response): Matrix;
  /** NaN where the anchor's own change is too small to divide by: its row is not measurable. [anchor] */
  denominator(response: Response): Float64Array;
}

/** Wasm on several threads, as a platform has it. */
export interface Threads {
  /** Threads to compute with, this one among them. */
  readonly count: number;
  /** Why there are no more than this one, and what to do about it; undefined where there are. */
  readonly missing: string | undefined;
  /** Starts TensorFlow.js's threaded module. @throws when it cannot be loaded, fails or says nothing for too long */
  start(): Promise<object>;
}

/** All a platform lends to the lab. */
export interface Host {
  /** A file of the app's data folder, by relative path. @throws LabError `data-unavailable` */
  readBytes(path: string): Promise<Uint8Array>;
  /** Lets pending messages in; a long loop calls it once a step. */
  breathe(): Promise<void>;
  /** Settles after so many milliseconds. */
  wait(ms: number): Promise<void>;
  /** Milliseconds from any fixed origin. */
  now(): number;
  /** Workers that carry steps to their share of the probes, where the platform has any; started when first asked for. */
  readonly helpers?: () => readonly Helper[];
  /** Absent where wasm has one thread, and nothing can be done about it. */
  readonly threads?: Threads;
  /** What responses may take beside the weights; `responseBytes` where the platform says nothing. */
  readonly memoryBytes?: number | undefined;
  /** Called when the graphics device is lost and no tensor is good any more; the lab here has come to its end. */
  lost?(error: Error): void;
  /** Backends to consider, best first. */
  readonly backends: readonly BackendId[];
  /** Where the wasm binaries of the wasm backend lie, ending in "/", or one address a file name. */
  readonly wasmPaths: string | Readonly<Record<string, string>>;
}

export interface Chosen {
  readonly id: string;
  readonly params: Values;
}
