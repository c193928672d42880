// Two ways to carry a step on an anchor to all probes: by tensors, on every backend and for every layer, and by SIMD kernels.
import type { Network, Weights } from "./network.ts";
import { change, partsOf, type Anchors, type Carrier, type Prepared } from "./response.ts";
import {
  exampleSize,
  isPair,
  most,
  planOf,
  wantedInputs,
  wantedSignals,
  wantedWeights,
  type Numbers,
  type Plan,
} from "./simd/propagator.ts";
import { concatenated, localShare, type Helper, type Share } from "./simd/share.ts";
import { tf, type Tensor } from "./tf.ts";

/** Probes within reach of a step. */
export interface Reach {
  /** Anchors that are made ready together. */
  readonly most: number;
  /** Good until it is released or the next one is made, and as long as the anchors are. */
  carrier(anchors: Anchors): Promise<Carrier>;
  release(): void;
}

export function reachByTensors(net: Network, weights: Weights, chunks: readonly Prepared[]): Reach {
  const parts = chunks.map((chunk) => partsOf(net, chunk));
  return {
    most: 1,
    carrier(anchor) {
      const own = partsOf(net, anchor.prepared);
      return Promise.resolve({
        most: 1,
        own: (_anchor, eta) => change(net, weights, { anchor, parts: own, eta }),
        async all([step]) {
          const moved = [];
          for (const part of parts) moved.push(await change(net, weights, { anchor, parts: part, eta: step!.eta }));
          return [concatenated(moved)];
        },
        release: () => tf.dispose(own as Tensor[][]),
      });
    },
    release: () => tf.dispose(parts as Tensor[][][]),
  };
}

/**
 * By SIMD kernels, here and in helpers; every chunk of probes is dealt out among them.
 * @returns undefined where tensors do not lie in this processor's memory, or a layer has no kernels
 */
export async function reachBySimd(
  net: Network,
  weights: Weights,
  chunks: readonly Prepared[],
  helpers: () => readonly Helper[] = () => [],
): Promise<Reach | undefined> {
  const plan = tf.getBackend() === "wasm" ? planOf(net.layers) : undefined;
  const probeCount = chunks.reduce((sum, { count }) => sum + count, 0);
  if (!plan || probeCount * bytesPerProbe(plan) > mostBytes) return undefined;
  const here = await localShare();
  if (!here) return undefined;
  const far = probeCount < fewestProbes ? [] : helpers().map((helper) => helper.share());
  const shares: Share[] = [here];
  const ofEach = (work: (share: Share) => Promise<unknown>): Promise<unknown> => Promise.all(shares.map(work));
  const matrices = new Map<number, Float32Array>();
  for (const at of wantedWeights(plan)) matrices.set(at, (await weights[at]![0]!.data()) as Float32Array);
  await here.begin(plan, matrices);
  // Whoever cannot begin, for example because its file was blocked, does not take part.
  for (const [at, begun] of (await Promise.allSettled(far.map((share) => share.begin(plan, matrices)))).entries())
    if (begun.status === "fulfilled") shares.push(far[at]!);
  /** By chunk: where each share's part begins, and the end. */
  const bounds = chunks.map(({ count }) => [...shares, null].map((_, at) => Math.round((count * at) / shares.length)));
  for (const [at, { inputs, count }] of chunks.entries()) {
    const numbers = heldAt(inputs, wantedInputs(plan));
    await Promise.all(
      shares.map((share, which) => {
        const [from, to] = [bounds[at]![which]!, bounds[at]![which + 1]!];
        const rows = rowsOf(numbers, count, from, to);
        // Only what is here may read the heap itself.
        return share.lay(which === 0 ? rows : copied(rows), to - from);
      }),
    );
  }
  const outputCount = net.layers.at(-1)!.outputShape[0]!;
  return {
    most: 4 * most,
    async carrier({ prepared, signals, scales }) {
      const [inputs, own] = [
        await numbersOf(prepared.inputs, wantedInputs(plan)),
        await numbersOf(signals, wantedSignals(plan)),
      ];
      await ofEach((share) => share.meet(inputs, own, prepared.count));
      const stepOf = ({ anchor, eta }: { anchor: number; eta: number }) => ({ anchor, rate: eta * scales[anchor]! });
      return {
        // Convolutions and pairs take anchors together; elsewhere each alone is as fast, and sooner seen and stopped.
        most: plan.conv.length > 0 || isPair(plan) ? most : 1,
        own: (anchor, eta) => Promise.resolve(here.ownChange(stepOf({ anchor, eta }))),
        async all(steps) {
          const taken = steps.map(stepOf);
          // The helpers first: they work while this one does.
          const afar = shares.slice(1).map((share) => share.changes(taken));
          const parts = [await here.changes(taken), ...(await Promise.all(afar))];
          return steps.map((_, at) =>
            assembled(
              parts.map((part) => part[at]!),
              bounds,
              outputCount,
            ),
          );
        },
        release: () => undefined,
      };
    },
    // A helper that was lost meanwhile has nothing to give back.
    release: () => void ofEach((share) => share.end()).catch(() => undefined),
  };
}

/** What a share's memory holds for each probe while it is laid out. */
export const bytesPerProbe = (plan: Plan): number => 4 * exampleSize(plan);

/** Probes beyond this, laid out, would not leave room beside the tensors. */
const mostBytes = 2 ** 31;
/** Fewer are done before a helper has heard of them. */
const fewestProbes = 64;

function rowsOf(numbers: Numbers, count: number, from: number, to: number): Numbers {
  const rows = new Map<number, Float32Array>();
  for (const [at, all] of numbers) rows.set(at, all.subarray((from * all.length) / count, (to * all.length) / count));
  return rows;
}

const copied = (numbers: Numbers): Numbers => new Map([...numbers].map(([at, all]) => [at, all.slice()]));

/** What the shares have of each chunk, in the order of the probes. */
function assembled(
  parts: readonly Float32Array[],
  bounds: readonly (readonly number[])[],
  outputCount: number,
): Float32Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  const read = parts.map(() => 0);
  let at = 0;
  for (const chunk of bounds)
    for (const [which, part] of parts.entries()) {
      const length = (chunk[which + 1]! - chunk[which]!) * outputCount;
      whole.set(part.subarray(read[which]!, read[which]! + length), at);
      read[which]! += length;
      at += length;
    }
  return whole;
}

/** Views of the heap of TensorFlow.js, good until it makes another tensor. */
function heldAt(tensors: readonly Tensor[], places: readonly number[]): Numbers {
  const heap = tf.backend() as unknown as { typedArrayFromHeap(info: tf.TensorInfo): Float32Array };
  return new Map(places.map((at) => [at, heap.typedArrayFromHeap(tensors[at]!)]));
}

/** The numbers of some tensors, by their places. */
async function numbersOf(tensors: readonly Tensor[], places: readonly number[]): Promise<Numbers> {
  const numbers = new Map<number, Float32Array>();
  for (const at of places) numbers.set(at, (await tensors[at]!.data()) as Float32Array);
  return numbers;
}
