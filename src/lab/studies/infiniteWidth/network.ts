// The inputs of a study of width, the closed form of a shape at them, and drawn networks held against it.
import {
  parametrisations,
  summed,
  tangentPart,
  wideLayers,
  type Parametrisation,
  type RandomLayer,
  type WideLayer,
} from "../../../math/infiniteWidth.ts";
import type { Matrix } from "../../../math/matrix.ts";
import { rng } from "../../../math/rng.ts";
import type { Examples, LayerFacts } from "../../contracts.ts";
import { pointSets } from "../../points/catalogue.ts";
import { numbering } from "../../spec.ts";
import type { Desk } from "../../study.ts";
import type { Errors, LimitFinding, NetworkFinding } from "./finding.ts";
import { areImages, randomLayersOf, type Shape, type WidthParams } from "./setting.ts";

/** The inputs, in single precision as the networks see them. */
export interface Inputs {
  readonly examples: Examples;
  readonly ids: readonly number[];
  /** [input, numbers] */
  readonly matrix: Matrix;
  readonly classTitles: readonly string[];
}

/** Points are drawn from this seed, whatever the weights. */
const pointSeed = 1;

/** @throws LabError `data-unavailable` */
export async function inputsOf(chosen: WidthParams, desk: Desk): Promise<Inputs> {
  const { examples, ids, classTitles } = areImages(chosen) ? await images(chosen, desk) : points(chosen);
  const data = examples.read(ids);
  return {
    examples: { ...examples, outputCount: 1 },
    ids,
    matrix: { rows: ids.length, columns: data.length / ids.length, data },
    classTitles,
  };
}

type Read = Omit<Inputs, "matrix">;

async function images({ inputs, perClass }: WidthParams, desk: Desk): Promise<Read> {
  const classes = desk.manifest(inputs).classes.map(({ id }) => id);
  const choice = { id: inputs, classes, trainPerClass: perClass, testPerClass: 1, params: {} };
  const dataset = await desk.dataset(choice);
  const ids = numbering(choice).firstOfEach("train", perClass);
  return { examples: dataset, ids, classTitles: dataset.classes.map(({ title }) => title) };
}

function points({ inputs, perClass }: WidthParams): Read {
  const { count, dimension, primaryCount, coordinates } = pointSets
    .find(({ id }) => id === inputs)!
    .draw(pointSeed, perClass);
  return {
    examples: {
      shape: [1, 1, dimension],
      outputCount: 1,
      labels: Uint8Array.from({ length: count }, (_, at) => (at < primaryCount ? 0 : 1)),
      read: (ids) =>
        Float32Array.from(ids.flatMap((at) => [...coordinates.subarray(at * dimension, (at + 1) * dimension)])),
    },
    ids: Array.from({ length: count }, (_, at) => at),
    classTitles: ["label 1", "label 0"],
  };
}

/** A shape in closed form. */
export interface Limit {
  readonly random: readonly RandomLayer[];
  readonly wide: readonly WideLayer[];
  readonly finding: LimitFinding;
}

type Layers = readonly Pick<WideLayer, "features" | "signals">[];

const partsOf = (layers: Layers, random: readonly RandomLayer[], by: Parametrisation) =>
  layers.map((layer, at) => tangentPart(layer, random[at]!, by));

const each = <T>(of: (by: Parametrisation) => T): Record<Parametrisation, T> =>
  Object.fromEntries(parametrisations.map((by) => [by, of(by)])) as Record<Parametrisation, T>;

export function limitOf(chosen: WidthParams, shape: Shape, { matrix, examples, ids, classTitles }: Inputs): Limit {
  const random = randomLayersOf(chosen, shape, matrix.columns);
  const wide = wideLayers(random, matrix);
  return {
    random,
    wide,
    finding: {
      kind: "limit",
      kernels: each((by) => summed(partsOf(wide, random, by)).data),
      labels: Uint8Array.from(ids, (id) => examples.labels[id]!),
      classTitles,
      shares: each((by) => {
        const traces = partsOf(wide, random, by).map(trace);
        const whole = traces.reduce((sum, own) => sum + own, 0);
        return Float64Array.from(traces, (own) => own / whole);
      }),
    },
  };
}

function trace({ rows, data }: Matrix): number {
  let sum = 0;
  for (let at = 0; at < rows; at++) sum += data[at * (rows + 1)]!;
  return sum;
}

/** Draws one network and measures it against its closed form. */
export async function networkFinding(
  chosen: WidthParams,
  desk: Desk,
  { inputs, limit, shape, seed }: { inputs: Inputs; limit: Limit; shape: Shape; seed: number },
): Promise<NetworkFinding> {
  const widths = Array.from({ length: shape.depth }, () => shape.width);
  const network = desk.network({
    model: { id: "mlp", params: { widths, activation: "relu" } },
    examples: inputs.examples,
    loss: "squared-error",
    seed,
  });
  const state =
    chosen.start === "uniform"
      ? network.start()
      : network.restore(await normalWeights(network.layers, limit.random, { seed, breathe: desk.breathe }));
  try {
    const { parts } = await network.kernelParts(state, inputs.ids, inputs.ids);
    // The engine's shared features are h . h' + 1, the 1 of the bias.
    const own = parts.map(({ forward, backward }): Layers[number] => ({
      features: { ...forward, data: Float64Array.from(forward.data, (value) => value - 1) },
      signals: { ...backward, data: Float64Array.from(backward.data) },
    }));
    return {
      kind: "network",
      errors: each((by) => errorsOf(partsOf(own, limit.random, by), partsOf(limit.wide, limit.random, by))),
      features: Float64Array.from(own.slice(1), ({ features }, at) =>
        relativeError(features, limit.wide[at + 1]!.features),
      ),
      kernels: each((by) => summed(partsOf(own, limit.random, by)).data),
    };
  } finally {
    network.release(state);
  }
}

const errorsOf = (parts: readonly Matrix[], truths: readonly Matrix[]): Errors => ({
  whole: relativeError(summed(parts), summed(truths)),
  parts: Float64Array.from(parts, (part, at) => relativeError(part, truths[at]!)),
});

/** |A - B| / |B| in the Frobenius norm. */
export function relativeError({ data }: Matrix, { data: truth }: Matrix): number {
  let [difference, size] = [0, 0];
  for (let at = 0; at < truth.length; at++) {
    difference += (data[at]! - truth[at]!) ** 2;
    size += truth[at]! ** 2;
  }
  return Math.sqrt(difference / size);
}

/** Numbers drawn between two breaths. */
const drawnTogether = 1_000_000;

/** Weight, bias, weight, bias, ... each layer from streams of its own. */
async function normalWeights(
  layers: readonly LayerFacts[],
  random: readonly RandomLayer[],
  { seed, breathe }: { readonly seed: number; readonly breathe: () => Promise<void> },
): Promise<Float32Array[]> {
  const stream = rng(seed).fork("normal weights");
  const drawn: Float32Array[] = [];
  const outputs = layers.filter(({ kind }) => kind === "dense").map(({ outputShape }) => outputShape[0]!);
  for (const [at, { inputs, weight, bias }] of random.entries())
    for (const [part, count, variance] of [
      ["weight", inputs * outputs[at]!, weight],
      ["bias", outputs[at]!, bias],
    ] as const) {
      const draws = stream.fork(`${part} ${at}`);
      const numbers = new Float32Array(count);
      const deviation = Math.sqrt(variance);
      for (let number = 0; number < count; number++) {
        numbers[number] = deviation * draws.normal();
        if (number % drawnTogether === drawnTogether - 1) await breathe();
      }
      drawn.push(numbers);
    }
  return drawn;
}
