// Two ways to carry steps on anchors to all probes: by tensors, on every backend and for every layer, and by SIMD kernels.
import { isOnGraphics, heapOf, rowsAt, unfilled } from "./kernels.ts";
import { sizeOf, type Layer } from "./layer.ts";
import type { Network, Weights } from "./network.ts";
import { prepare, type Prepared } from "./factors.ts";
import {
  carried,
  partsOf,
  roundings,
  slopesOf,
  type Anchors,
  type Carrier,
  type Parts,
  type Step,
} from "./response.ts";
import {
  exampleSize,
  isDeep,
  isPair,
  most,
  planOf,
  wantedInputs,
  wantedSignals,
  wantedWeights,
  type Numbers,
} from "./simd/propagator.ts";
import { dealt, lendable, type Product } from "./simd/columns.ts";
import { concatenated, localShare, type Helper, type Share } from "./simd/share.ts";
import { tf, tidy, type Tensor } from "./tf.ts";

/** Probes within reach of steps. */
export interface Reach {
  /** Whether weights pass by at every `prepare`; then few calls with many examples are best. */
  readonly isInRounds: boolean;
  /** Anchors that are made ready together. */
  readonly most: number;
  /** Bytes that a probe takes once it is laid, beside what `Prepared` holds. */
  readonly probeBytes: number;
  /** Some anchors or probes. @param x [example, ...shape]; disposed by nobody here */
  prepare(x: Tensor): Promise<Prepared>;
  /** Some more probes; what was prepared may be discarded then. */
  lay(probes: Prepared): Promise<void>;
  /** Forgets all probes, but not the anchors of a carrier. */
  clear(): Promise<void>;
  /** Good until it is released or the next one is made, and as long as the anchors are. */
  carrier(anchors: Anchors): Promise<Carrier>;
  release(): void;
}

// ---- by tensors

/** Bytes that one anchor at one probe takes on its way through a layer, at most. The first weights start a change, of no input. */
function pairBytes({ layers }: Network): number {
  const first = layers.findIndex(({ weightShapes }) => weightShapes.length > 0);
  const ofLayer = ({ kind, inputShape, outputShape, weightShapes }: Layer, at: number): number => {
    const [input, output] = [at === 0 ? 0 : sizeOf(inputShape), sizeOf(outputShape)];
    // A convolution of changes has all that its filters see laid out.
    const seen = kind === "conv" ? sizeOf(outputShape.slice(0, 2)) * sizeOf(weightShapes[0]!.slice(0, 3)) : 0;
    return 4 * (2 * input + (made[kind] ?? 3) * output + 2 * seen);
  };
  return Math.max(...layers.slice(first).map(ofLayer));
}

/** How many tensors of its output's size a smooth activation has made before it lets go of them. */
const made: Readonly<Record<string, number>> = { tanh: 16, sigmoid: 18, gelu: 12 };

/** How many examples, or probes, are taken at once where so many bytes are there for all that responses take. */
export const chunkOf = (net: Network, memoryBytes: number): number =>
  Math.max(1, Math.min(512, Math.floor(memoryBytes / 4 / pairBytes(net))));

/** @param tileBytes what anchors times probes may take at once */
export function reachByTensors(net: Network, weights: Weights, tileBytes: number): Reach {
  let laid: { readonly parts: Parts; readonly count: number }[] = [];
  // On a processor one anchor at a time is as fast, and sooner seen.
  const perTile = (probeCount: number): number =>
    isOnGraphics() ? Math.max(1, Math.floor(tileBytes / (probeCount * pairBytes(net)))) : 1;
  const rowsOf = (tensor: Tensor, count: number): Promise<Float32Array[]> =>
    tensor.data().then((data) => {
      const size = data.length / count;
      tensor.dispose();
      return Array.from({ length: count }, (_, at) => (data as Float32Array).slice(at * size, (at + 1) * size));
    });
  return {
    isInRounds: false,
    most: isOnGraphics() ? 64 : 16,
    probeBytes: 4 * net.layers.reduce((sum, { inputShape }) => sum + 2 * sizeOf(inputShape), 0),
    prepare: (x) => prepare(net, weights, x),
    lay(probes) {
      laid.push({ parts: partsOf(net, probes, "all"), count: probes.count });
      return Promise.resolve();
    },
    clear() {
      tf.dispose(laid.map(({ parts }) => parts) as unknown as Tensor[]);
      laid = [];
      return Promise.resolve();
    },
    carrier(anchors) {
      const slopes = slopesOf(net, anchors);
      const own = partsOf(net, anchors, "each");
      const multiplesOf = (steps: readonly Step[]): Tensor =>
        tf.tensor1d(steps.map(({ anchor, eta }) => -eta * anchors.scales[anchor]!));
      /** The rows of the steps' anchors, of tensors [anchor, ...]. */
      const taken = (tensors: readonly Tensor[], steps: readonly Step[]): Tensor[] => {
        const rows = steps.map(({ anchor }) => anchor);
        return tensors.map((tensor) => rowsAt(tensor, rows));
      };
      const takenOf = (layers: readonly (readonly Tensor[])[], steps: readonly Step[]): Tensor[][] =>
        layers.map((tensors) => taken(tensors, steps));
      return Promise.resolve({
        most: Math.min(anchors.count, ...laid.map(({ count }) => perTile(count))),
        async own(steps) {
          const moved = tidy(() => {
            const toTake = { slopes: takenOf(slopes, steps), multiples: multiplesOf(steps) };
            return carried(net, weights, takenOf(own, steps), toTake).at(-1)!;
          });
          return rowsOf(moved, steps.length);
        },
        async all(steps) {
          const moved = tidy(() => {
            const toTake = { slopes: takenOf(slopes, steps), multiples: multiplesOf(steps) };
            return laid.map(({ parts }) => tidy(() => carried(net, weights, parts, toTake).at(-1)!));
          });
          // A device has all of it to do before the first is waited for.
          const parts = await Promise.all(moved.map((own) => rowsOf(own, steps.length)));
          return steps.map((_, at) => concatenated(parts.map((rows) => rows[at]!)));
        },
        async roundings(steps) {
          const bounds = tidy(() => {
            // Layers without weights may have no signals, and nobody asks for them.
            const signals = net.layers.map(({ weightShapes }, at) =>
              weightShapes.length > 0 ? taken([anchors.ownSignals[at]!], steps)[0]! : tf.scalar(0),
            );
            return roundings(net, weights, {
              parts: takenOf(own, steps),
              slopes: takenOf(slopes, steps),
              multiples: multiplesOf(steps),
              signals,
            });
          });
          const data = (await bounds.data()) as Float32Array;
          bounds.dispose();
          return data;
        },
        release: () => tf.dispose([slopes, own] as unknown as Tensor[]),
      });
    },
    release() {
      void this.clear();
    },
  };
}

// ---- by SIMD kernels

/**
 * By SIMD kernels, here and in helpers; every lot of probes is dealt out among them.
 * @returns undefined where tensors do not lie in this processor's memory, or a layer has no kernels
 */
export async function reachBySimd(
  net: Network,
  weights: Weights,
  {
    probeCount,
    helpers = () => [],
    roomBytes,
  }: { probeCount: number; helpers?: (() => readonly Helper[]) | undefined; roomBytes: number },
): Promise<Reach | undefined> {
  const plan = tf.getBackend() === "wasm" ? planOf(net.layers) : undefined;
  const here = plan && (await localShare());
  if (!plan || !here) return undefined;
  const shares: Share[] = [here];
  /** The helpers first: they work while this one does. */
  const ofEach = async <T>(work: (share: Share, which: number) => Promise<T>): Promise<T[]> => {
    const afar = shares.slice(1).map((share, at) => work(share, at + 1));
    return [await work(here, 0), ...(await Promise.all(afar))];
  };
  const matrices = new Map<number, Float32Array>();
  for (const at of wantedWeights(plan)) matrices.set(at, (await weights[at]![0]!.data()) as Float32Array);
  await here.begin(plan, matrices);
  const far = probeCount < fewestProbes ? [] : helpers().map((helper) => helper.share());
  // Whoever cannot begin, for example because its file was blocked, does not take part.
  for (const [at, begun] of (await Promise.allSettled(far.map((share) => share.begin(plan, matrices)))).entries())
    if (begun.status === "fulfilled") shares.push(far[at]!);
  /** By lot: where each share's part begins, and the end. */
  let bounds: number[][] = [];
  const byTensors = reachByTensors(net, weights, 0);
  const outputCount = net.layers.at(-1)!.outputShape[0]!;
  const product = isDeep(plan) ? productOf(shares, plan.dense[0]!, weights, roomBytes) : undefined;
  return {
    isInRounds: product?.isInRounds ?? false,
    // Of dense layers alone, an anchor takes little room.
    most: product ? 8 * most : 4 * most,
    probeBytes: 4 * exampleSize(plan),
    async prepare(x) {
      if (!product) return prepare(net, weights, x);
      const [count, [first]] = [x.shape[0]!, plan.dense];
      const z = unfilled([count, first!.width]);
      try {
        await product.fill(
          () => heapOf(x),
          count,
          () => heapOf(z),
        );
        return await prepare(net, weights, x, new Map([[first!.at, z]]));
      } finally {
        z.dispose();
      }
    },
    async lay({ inputs, count }) {
      const own = [...shares, null].map((_, at) => Math.round((count * at) / shares.length));
      bounds.push(own);
      const numbers = heldAt(inputs, wantedInputs(plan));
      await ofEach((share, which) => {
        const [from, to] = [own[which]!, own[which + 1]!];
        const rows = rowsOf(numbers, count, from, to);
        return share.lay(which === 0 ? rows : lent(rows), to - from);
      });
    },
    async clear() {
      bounds = [];
      await ofEach((share) => share.clear());
    },
    async carrier(anchors) {
      const inputs = heldAt(anchors.inputs, wantedInputs(plan));
      const signals = heldAt(anchors.signals, wantedSignals(plan));
      await ofEach((share, which) =>
        which === 0
          ? share.meet(inputs, signals, anchors.count)
          : share.meet(lent(inputs), lent(signals), anchors.count),
      );
      const ratesOf = (steps: readonly Step[]) =>
        steps.map(({ anchor, eta }) => ({ anchor, rate: eta * anchors.scales[anchor]! }));
      let beside: Promise<Carrier> | undefined;
      return {
        // Convolutions and pairs take anchors together; elsewhere each alone is as fast, and sooner seen and stopped.
        most: plan.conv.length > 0 || isPair(plan) ? most : 1,
        own: (steps) => Promise.resolve(ratesOf(steps).map((step) => here.ownChange(step))),
        async all(steps) {
          const taken = ratesOf(steps);
          const parts = await ofEach((share) => share.changes(taken));
          return steps.map((_, at) =>
            assembled(
              parts.map((part) => part[at]!),
              bounds,
              outputCount,
            ),
          );
        },
        roundings: async (steps) => (await (beside ??= byTensors.carrier(anchors))).roundings(steps),
        release: () => void beside?.then((carrier) => carrier.release()),
      };
    },
    // A helper that was lost meanwhile has nothing to give back.
    release: () => void ofEach((share) => share.end()).catch(() => undefined),
  };
}

/** How shares make the outputs of a dense layer, whose weights may take so much room with them. */
function productOf(
  shares: readonly Share[],
  { depth, width, at }: { depth: number; width: number; at: number },
  weights: Weights,
  roomBytes: number,
): Product {
  const [weight, bias] = weights[at]!;
  return dealt(
    shares,
    { inputSize: depth, width, weights: () => heapOf(weight!), bias: () => heapOf(bias!) },
    roomBytes,
  );
}

/** Fewer are done before a helper has heard of them. */
const fewestProbes = 64;

function rowsOf(numbers: Numbers, count: number, from: number, to: number): Numbers {
  const rows = new Map<number, Float32Array>();
  for (const [at, all] of numbers) rows.set(at, all.subarray((from * all.length) / count, (to * all.length) / count));
  return rows;
}

const lent = (numbers: Numbers): Numbers => new Map([...numbers].map(([at, all]) => [at, lendable(all)]));

/** What the shares have of each lot, in the order of the probes. */
function assembled(
  parts: readonly Float32Array[],
  bounds: readonly (readonly number[])[],
  outputCount: number,
): Float32Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  const read = parts.map(() => 0);
  let at = 0;
  for (const lot of bounds)
    for (const [which, part] of parts.entries()) {
      const length = (lot[which + 1]! - lot[which]!) * outputCount;
      whole.set(part.subarray(read[which]!, read[which]! + length), at);
      read[which]! += length;
      at += length;
    }
  return whole;
}

/** Views of the heap of TensorFlow.js, good until it makes another tensor. */
const heldAt = (tensors: readonly Tensor[], places: readonly number[]): Numbers =>
  new Map(places.map((at) => [at, heapOf(tensors[at]!)]));
