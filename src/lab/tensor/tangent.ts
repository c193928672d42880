// The empirical tangent kernel (Jacot, Gabriel and Hongler, NeurIPS 2018): inner products of the gradients of one score at
// pairs of examples, made of the factors of these gradients.
import type { ExampleId, KernelOptions, Matrix, TangentKernel } from "../contracts.ts";
import { LabError } from "../error.ts";
import { units } from "./factors.ts";
import { sizeOf, type GramFactor } from "./layer.ts";
import { backward, forward, type Network, type Weights } from "./network.ts";
import { beside, tf, tidy, total, type Tensor } from "./tf.ts";

export interface TangentOptions extends KernelOptions {
  readonly rows: readonly ExampleId[];
  readonly columns: readonly ExampleId[];
  /** Inputs. [example, ...shape] */
  readonly read: (examples: readonly ExampleId[]) => Tensor;
  /** Examples whose forward and backward pass may be under way together. */
  readonly mostTogether: number;
  /**
   * What it may take: half for the factors that are kept, an eighth each for two more chunks of them and for the passes that
   * one is made of; a chunk that takes longer would be stopped later.
   */
  readonly memoryBytes: number;
  /** Whether the layers' parts are wanted as well. */
  readonly parts?: boolean;
  /** Called between blocks; throws where the work shall end. */
  readonly breathe?: () => Promise<void>;
}

/**
 * The kernel of some outputs, df_k/dw over the weights of every layer. Examples go through in chunks; the factors of as many rows
 * as memory holds are kept while all columns pass by, and where rows and columns are the same examples, only half of the
 * blocks are computed. None of this changes a bit.
 * @throws LabError `spec-invalid` for an output that is not there
 */
export async function tangentKernel(net: Network, weights: Weights, options: TangentOptions): Promise<TangentKernel> {
  const { output = 0, parts = false, read, mostTogether, memoryBytes } = options;
  const { breathe = () => Promise.resolve(), progress } = options;
  const outputCount = net.layers.at(-1)!.outputShape[0]!;
  if (typeof output === "number" && !(Number.isInteger(output) && output >= 0 && output < outputCount))
    throw new LabError("spec-invalid", `Output ${output} is not among the ${outputCount} of this model; count from 0.`);
  const every = Array.from({ length: outputCount }, (_, at) => at);
  const [rows, columns] = [options.rows, options.columns].map((examples): readonly Asked[] =>
    output === "each"
      ? examples.flatMap((example) => every.map((own) => ({ example, outputs: [own] })))
      : examples.map((example) => ({ example, outputs: output === "sum" ? every : [output] })),
  ) as [readonly Asked[], readonly Asked[]];
  const learned = net.layers.flatMap(({ weightShapes }, at) => (weightShapes.length > 0 ? [at] : []));
  const blank = (): Matrix => zeros(rows.length, columns.length);
  const made = {
    whole: blank(),
    parts: (parts ? learned : []).map((layer) => ({ layer, kernel: blank(), forward: blank(), backward: blank() })),
  };
  /** In the order of the blocks that are computed. */
  const targets = [made.whole, ...made.parts.flatMap(({ kernel, forward: f, backward: b }) => [kernel, f, b])];
  const cellCount = made.whole.data.length;
  if (cellCount === 0) return made;

  const laid = (asked: readonly Asked[]): Laid =>
    tidy(() => {
      const inputs = forward(net, weights, read(asked.map(({ example }) => example)));
      const passes = asked[0]!.outputs.map((_, which) =>
        tidy(() => {
          const slopes = units(
            asked.map(({ outputs }) => outputs[which]!),
            outputCount,
          );
          const signals = backward(net, weights, inputs.slice(0, -1), slopes);
          return learned.map((at) => tf.clone(signals[at]!));
        }),
      );
      return learned.map((at, place) =>
        tidy(() => {
          const input = inputs[at]!;
          const signals = passes.map((pass) => pass[place]!);
          const own = net.layers[at]!.gramFactors(input, signals).map(held);
          if (!parts) return own;
          const flat = (tensor: Tensor): Tensor => tf.reshape(tensor, [asked.length, -1]);
          const extra: GramFactor[] = [
            { rows: flat(input), plus: 1 },
            { rows: beside(signals.map(flat)), plus: 0 },
          ];
          return [...own, ...extra.map(held)];
        }),
      );
    });
  const exampleBytes = bytesOf(() => laid(rows.slice(0, 1)));
  // Inputs and signals of one pass, and what is kept of the signals of all, once more where they are put side by side.
  const passBytes =
    8 *
    (net.layers.reduce((sum, { inputShape }) => sum + sizeOf(inputShape), 0) +
      learned.reduce((sum, at) => sum + sizeOf(net.layers[at]!.outputShape), 0) * rows[0]!.outputs.length);
  const fitting = Math.min(memoryBytes / 8 / exampleBytes, memoryBytes / 8 / passBytes);
  const perChunk = Math.max(1, Math.min(mostTogether, Math.floor(fitting)));
  const perGroup = Math.max(1, Math.floor(memoryBytes / 2 / exampleBytes / perChunk));
  const isSymmetric =
    rows.length === columns.length && rows.every(({ example }, at) => example === columns[at]!.example);
  const [down, across] = [chunksOf(rows, perChunk), chunksOf(columns, perChunk)];
  // Making factors and multiplying them count for half each: which takes longer depends on the network.
  let [cellsDone, chunksLaid] = [0, 0];
  const chunksToLay = groupStarts(down.length, perGroup).reduce((sum, start) => {
    const end = Math.min(start + perGroup, down.length);
    return sum + end - start + (isSymmetric ? across.length - end : across.length);
  }, 0);
  const tell = (): void => progress?.((chunksLaid / chunksToLay + cellsDone / cellCount) / 2);
  function lay({ examples }: Chunk): Laid {
    chunksLaid += 1;
    return laid(examples);
  }

  /** All cells of some rows from the diagonal on, or of these rows whole. */
  async function pass(group: readonly Chunk[], start: number, kept: readonly Laid[]): Promise<void> {
    for (const [at, left] of across.entries()) {
      const tops = isSymmetric ? group.slice(0, Math.max(0, at - start + 1)) : group;
      if (tops.length === 0) continue;
      const own = isSymmetric ? kept[at - start] : undefined;
      const turned = tidy(() => turn(own ?? lay(left)));
      try {
        for (const [which, top] of tops.entries()) {
          const isMirrored = isSymmetric && at > start + which;
          const blocks = tidy(() => {
            const layers = gramBlocks(kept[which]!, turned, parts ? 2 : 0);
            return [total(layers.map(([kernel]) => kernel!)), ...(parts ? layers.flat() : [])];
          });
          try {
            for (const [which, block] of blocks.entries())
              write((await block.data()) as Float32Array, targets[which]!, { top, left, isMirrored });
          } finally {
            tf.dispose(blocks);
          }
          cellsDone += top.examples.length * left.examples.length * (isMirrored ? 2 : 1);
          tell();
          await breathe();
        }
      } finally {
        release(turned);
      }
    }
  }

  for (const start of groupStarts(down.length, perGroup)) {
    const group = down.slice(start, start + perGroup);
    const kept: Laid[] = [];
    try {
      for (const chunk of group) {
        kept.push(lay(chunk));
        tell();
        await breathe();
      }
      await pass(group, start, kept);
    } finally {
      kept.forEach(release);
    }
  }
  return made;
}

const zeros = (rows: number, columns: number): Matrix => ({ rows, columns, data: new Float32Array(rows * columns) });

const groupStarts = (count: number, perGroup: number): number[] =>
  Array.from({ length: Math.ceil(count / perGroup) }, (_, at) => at * perGroup);

/** By layer with weights, what its gradients' inner products are made of. */
type Laid = readonly (readonly GramFactor[])[];

/** A factor that outlives what it was made of: it may be the layer's input itself. */
const held = ({ rows, plus }: GramFactor): GramFactor => ({ rows: tf.clone(rows), plus });

const release = (laid: Laid): void => tf.dispose(laid.flat().map(({ rows }) => rows));

function bytesOf(make: () => Laid): number {
  const laid = make();
  release(laid);
  return 4 * laid.flat().reduce((sum, { rows }) => sum + rows.size, 0);
}

/** The same as [number, example]: a product with a transposed factor is slow on wasm and wrong on some WebGPU devices. */
const turn = (laid: Laid): Laid =>
  laid.map((factors) => factors.map(({ rows, plus }) => ({ rows: tf.transpose(rows), plus })));

/** By layer: the inner products of gradients, then those of so many extra factors by themselves. [row, column] */
const gramBlocks = (laid: Laid, turned: Laid, extraCount: number): Tensor[][] =>
  laid.map((factors, layer) => {
    const blocks = factors.map(({ rows, plus }, at) => {
      const inner = tf.matMul(rows as tf.Tensor2D, turned[layer]![at]!.rows as tf.Tensor2D);
      return plus === 0 ? inner : tf.add(inner, plus);
    });
    const own = blocks.slice(0, blocks.length - extraCount);
    return [own.reduce((product, next) => tf.mul(product, next)), ...blocks.slice(own.length)];
  });

/** A row or a column: an example, and the outputs whose kernels are summed. */
interface Asked {
  readonly example: ExampleId;
  readonly outputs: readonly number[];
}

interface Chunk {
  /** Where its first example stands among all. */
  readonly from: number;
  readonly examples: readonly Asked[];
}

const chunksOf = (examples: readonly Asked[], count: number): Chunk[] =>
  Array.from({ length: Math.ceil(examples.length / count) }, (_, at) => ({
    from: at * count,
    examples: examples.slice(at * count, (at + 1) * count),
  }));

interface Place {
  readonly top: Chunk;
  readonly left: Chunk;
  /** Whether the block is that of the columns' examples by the rows' as well. */
  readonly isMirrored: boolean;
}

/** Writes a block where it belongs. */
function write(block: Float32Array, { data, columns }: Matrix, { top, left, isMirrored }: Place): void {
  const width = left.examples.length;
  for (let row = 0; row < top.examples.length; row++) {
    const own = block.subarray(row * width, (row + 1) * width);
    data.set(own, (top.from + row) * columns + left.from);
    if (isMirrored) own.forEach((value, column) => (data[(left.from + column) * columns + top.from + row] = value));
  }
}
