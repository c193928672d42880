// The empirical tangent kernel (Jacot, Gabriel and Hongler, NeurIPS 2018): inner products of the gradients of one score at
// pairs of examples, made of the factors of these gradients.
import type { ExampleId, KernelOptions, Matrix, TangentKernel } from "../contracts.ts";
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
        backward(
          net,
          weights,
          inputs.slice(0, -1),
          units(
            asked.map(({ outputs }) => outputs[which]!),
            outputCount,
          ),
        ),
      );
      return learned.map((at) => {
        const input = inputs[at]!;
        const signals = passes.map((pass) => pass[at]!);
        const own = joined(signals.map((signal) => net.layers[at]!.gramFactors(input, signal)));
        if (!parts) return own;
        const flat = (tensor: Tensor): Tensor => tf.reshape(tensor, [asked.length, -1]);
        return [...own, { rows: flat(input), plus: 1 }, { rows: tf.concat(signals.map(flat), 1), plus: 0 }];
      });
    });
  const exampleBytes = bytesOf(() => laid(rows.slice(0, 1)));
  const perChunk = Math.max(1, Math.min(mostTogether, Math.floor(memoryBytes / 8 / exampleBytes)));
  const perGroup = Math.max(1, Math.floor(memoryBytes / 2 / exampleBytes / perChunk));
  const isSymmetric =
    rows.length === columns.length && rows.every(({ example }, at) => example === columns[at]!.example);
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
            const layers = gramBlocks(kept[which]!, turned, parts ? 2 : 0);
            return [total(layers.map(([kernel]) => kernel!)), ...(parts ? layers.flat() : [])];
          });
          try {
            for (const [which, block] of blocks.entries())
              write((await block.data()) as Float32Array, targets[which]!, { top, left, isMirrored });
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

/** The factors of the sum of several kernels that differ in their signals alone: these are put side by side. */
function joined(passes: readonly (readonly GramFactor[])[]): readonly GramFactor[] {
  const last = passes.map((factors) => factors.at(-1)!);
  if (last.length === 1) return passes[0]!;
  const rows = tf.concat(
    last.map((factor) => factor.rows),
    1,
  );
  return [...passes[0]!.slice(0, -1), { rows, plus: last[0]!.plus }];
}

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
