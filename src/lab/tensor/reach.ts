// Two ways to carry a step on an anchor to all probes: by tensors, on every backend and for every layer, and by SIMD kernels.
import type { Network, Weights } from "./network.ts";
import { change, joined, partsOf, type Anchors, type Carrier, type Prepared } from "./response.ts";
import { Arena } from "./simd/module.ts";
import {
  most,
  planOf,
  Propagator,
  wantedInputs,
  wantedSignals,
  type Examples,
  type Numbers,
} from "./simd/propagator.ts";
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
          return [joined(moved)];
        },
        release: () => tf.dispose(own as Tensor[][]),
      });
    },
    release: () => tf.dispose(parts as Tensor[][][]),
  };
}

/** Undefined where tensors do not lie in this processor's memory, or a layer has no kernels. */
export async function reachBySimd(
  net: Network,
  weights: Weights,
  chunks: readonly Prepared[],
): Promise<Reach | undefined> {
  const plan = tf.getBackend() === "wasm" ? planOf(net.layers) : undefined;
  const arena = plan && (await Arena.borrow());
  if (!plan || !arena) return undefined;
  const matrices = new Map<number, Float32Array>();
  for (const at of wantedSignals(plan)) matrices.set(at, (await weights[at]![0]!.data()) as Float32Array);
  const propagator = new Propagator(arena, plan, (at) => matrices.get(at)!);
  const laid: Examples[] = [];
  for (const { inputs, count } of chunks) laid.push(propagator.lay(await numbersOf(inputs, wantedInputs(plan)), count));
  const probesEnd = propagator.mark;
  return {
    most: 4 * most,
    async carrier({ prepared, signals, scales }) {
      propagator.cut(probesEnd);
      const examples = propagator.lay(await numbersOf(prepared.inputs, wantedInputs(plan)), prepared.count);
      const anchors = propagator.layAnchors(examples, await numbersOf(signals, wantedSignals(plan)));
      const ownOverlaps = propagator.overlaps(anchors, examples);
      const overlaps = laid.map((chunk) => propagator.overlaps(anchors, chunk));
      const stepOf = ({ anchor, eta }: { anchor: number; eta: number }) => ({ anchor, rate: eta * scales[anchor]! });
      return {
        most,
        own(anchor, eta) {
          const range = { examples, overlaps: ownOverlaps, from: anchor, to: anchor + 1 };
          return Promise.resolve(propagator.changes(anchors, [stepOf({ anchor, eta })], range)[0]!);
        },
        all(steps) {
          const moved = laid.map((chunk, at) =>
            propagator.changes(anchors, steps.map(stepOf), {
              examples: chunk,
              overlaps: overlaps[at]!,
              from: 0,
              to: chunk.count,
            }),
          );
          return Promise.resolve(steps.map((_, at) => joined(moved.map((chunk) => chunk[at]!))));
        },
        release: () => propagator.cut(probesEnd),
      };
    },
    release: () => arena.giveBack(),
  };
}

/** The numbers of some tensors, by their places. */
async function numbersOf(tensors: readonly Tensor[], places: readonly number[]): Promise<Numbers> {
  const numbers = new Map<number, Float32Array>();
  for (const at of places) numbers.set(at, (await tensors[at]!.data()) as Float32Array);
  return numbers;
}
