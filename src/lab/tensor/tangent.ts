// The empirical tangent kernel (Jacot, Gabriel and Hongler, NeurIPS 2018): inner products of the gradients of one score at
// pairs of examples, made of the factors of these gradients.
import type { ExampleId, KernelOptions, Matrix } from "../contracts.ts";
import { LabError } from "../error.ts";
import { units } from "./factors.ts";
import type { GramFactor } from "./layer.ts";
import { backward, forward, type Network, type Weights } from "./network.ts";
import { tf, tidy, total, type Tensor } from "./tf.ts";

export interface TangentOptions extends KernelOptions {
  readonly rows: readonly ExampleId[];
  readonly columns: readonly ExampleId[];
  /** Inputs. [example, ...shape] */
  readonly read: (examples: readonly ExampleId[]) => Tensor;
  /** Examples whose forward and backward pass may be under way together. */
  readonly mostTogether: number;
  /** What the factors may take: half of it for those that are kept, an eighth each for what is under way. */
  readonly memoryBytes: number;
  /** Whether the parts are wanted as well. */
  readonly parts?: boolean;
  /** Called between blocks; throws where the work shall end. */
  readonly breathe?: () => Promise<void>;
}

export interface TangentKernel {
  /** K[a, p] = sum over all weights of df_k(a)/dw df_k(p)/dw. [row, column] */
  readonly whole: Matrix;
  /** By layer with weights, in forward order: its place among the layers, and its own weights' share of the sum; empty unless asked for. */
  readonly parts: readonly { readonly layer: number; readonly kernel: Matrix }[];
}

/**
 * The kernel of output k, df_k/dw over the weights of every layer. Examples go through in chunks; the factors of as many rows
 * as memory holds are kept while all columns pass by, and where rows and columns are the same examples, only half of the
 * blocks are computed. None of this changes a bit.
 * @throws LabError `spec-invalid` for an output that is not there
 */
export async function tangentKernel(net: Network, weights: Weights, options: TangentOptions): Promise<TangentKernel> {
  const { rows, columns, output = 0, parts = false, read, mostTogether, memoryBytes } = options;
  const { breathe = () => Promise.resolve(), progress } = options;
  const outputCount = net.layers.at(-1)!.outputShape[0]!;
  if (!(Number.isInteger(output) && output >= 0 && output < outputCount))
    throw new LabError("spec-invalid", `Output ${output} is not among the ${outputCount} of this model; count from 0.`);
  const learned = net.layers.flatMap(({ weightShapes }, at) => (weightShapes.length > 0 ? [at] : []));
  const [whole, ...shares] = Array.from({ length: parts ? learned.length + 1 : 1 }, () =>
    zeros(rows.length, columns.length),
  );
  const made = { whole: whole!, parts: shares.map((kernel, at) => ({ layer: learned[at]!, kernel })) };
  const cellCount = whole!.data.length;
  if (cellCount === 0) return made;

  const laid = (examples: readonly ExampleId[]): Laid =>
    tidy(() => {
      const inputs = forward(net, weights, read(examples));
      const asked = examples.map(() => output);
      const signals = backward(net, weights, inputs.slice(0, -1), units(asked, outputCount));
      return learned.map((at) => [...net.layers[at]!.gramFactors(inputs[at]!, signals[at]!)]);
    });
  const exampleBytes = bytesOf(() => laid(rows.slice(0, 1)));
  const perChunk = Math.max(1, Math.min(mostTogether, Math.floor(memoryBytes / 8 / exampleBytes)));
  const perGroup = Math.max(1, Math.floor(memoryBytes / 2 / exampleBytes / perChunk));
  const isSymmetric = rows.length === columns.length && rows.every((id, at) => id === columns[at]);
  const [down, across] = [chunksOf(rows, perChunk), chunksOf(columns, perChunk)];
  let doneCount = 0;

  /** All cells of some rows from the diagonal on, or of these rows whole. */
  async function pass(group: readonly Chunk[], start: number, kept: readonly Laid[]): Promise<void> {
    for (const [at, left] of across.entries()) {
      const tops = isSymmetric ? group.slice(0, Math.max(0, at - start + 1)) : group;
      if (tops.length === 0) continue;
      const own = isSymmetric ? kept[at - start] : undefined;
      const turned = tidy(() => turn(own ?? laid(left.examples)));
      try {
        for (const [which, top] of tops.entries()) {
          const isMirrored = isSymmetric && at > start + which;
          const blocks = tidy(() => {
            const each = products(kept[which]!, turned);
            return parts ? [total(each), ...each] : [total(each)];
          });
          try {
            for (const [share, block] of blocks.entries()) {
              const data = (await block.data()) as Float32Array;
              write(data, share === 0 ? whole! : shares[share - 1]!, { top, left, isMirrored });
            }
          } finally {
            tf.dispose(blocks);
          }
          doneCount += top.examples.length * left.examples.length * (isMirrored ? 2 : 1);
          progress?.(doneCount / cellCount);
          await breathe();
        }
      } finally {
        release(turned);
      }
    }
  }

  for (let start = 0; start < down.length; start += perGroup) {
    const group = down.slice(start, start + perGroup);
    const kept: Laid[] = [];
    try {
      for (const { examples } of group) {
        kept.push(laid(examples));
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

/** By layer with weights, what its gradients' inner products are made of. */
type Laid = readonly (readonly GramFactor[])[];

const release = (laid: Laid): void => tf.dispose(laid.flat().map(({ rows }) => rows));

function bytesOf(make: () => Laid): number {
  const laid = make();
  release(laid);
  return 4 * laid.flat().reduce((sum, { rows }) => sum + rows.size, 0);
}

/** The same as [number, example]: a product with a transposed factor is slow on wasm and wrong on some WebGPU devices. */
const turn = (laid: Laid): Laid =>
  laid.map((factors) => factors.map(({ rows, plus }) => ({ rows: tf.transpose(rows), plus })));

/** By layer: the inner products of gradients. [row, column] */
const products = (laid: Laid, turned: Laid): Tensor[] =>
  laid.map((factors, layer) =>
    factors
      .map(({ rows, plus }, at) => {
        const inner = tf.matMul(rows as tf.Tensor2D, turned[layer]![at]!.rows as tf.Tensor2D);
        return plus === 0 ? inner : tf.add(inner, plus);
      })
      .reduce((product, next) => tf.mul(product, next)),
  );

interface Chunk {
  /** Where its first example stands among all. */
  readonly from: number;
  readonly examples: readonly ExampleId[];
}

const chunksOf = (examples: readonly ExampleId[], count: number): Chunk[] =>
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
