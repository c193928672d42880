// What a graphics device has to do for a response.
import type { Dataset } from "../../src/lab/dataset.ts";
import { discard, prepare } from "../../src/lab/tensor/factors.ts";
import { initialWeights, network, uploaded } from "../../src/lab/tensor/network.ts";
import { reachByTensors } from "../../src/lab/tensor/reach.ts";
import { anchorsAt, forget } from "../../src/lab/tensor/response.ts";
import { tf } from "../../src/lab/tensor/tf.ts";
import { rng } from "../../src/math/rng.ts";
import type { LayerSpec } from "./reference.ts";
import { plansOf } from "./toy.ts";

export interface Work {
  /** TensorFlow.js's operations that run something on the device; on WebGPU, what they have the device run. */
  readonly operations: number;
  readonly readbacks: number;
  readonly layers: number;
}

const [anchorCount, probeCount] = [12, 4];

/** What it takes to carry the steps of 12 anchors to 4 probes, in one tile. */
export async function workOf(specs: readonly LayerSpec[], dataset: Dataset): Promise<Work> {
  const net = network(plansOf(specs), dataset.shape);
  const weights = uploaded(net, initialWeights(net, rng(1)));
  const imagesOf = (from: number, count: number) =>
    tf.tensor(dataset.read(Array.from({ length: count }, (_, at) => from + at)), [count, ...dataset.shape]);
  const [x, seen] = [imagesOf(0, anchorCount), imagesOf(anchorCount, probeCount)];
  const labels = [...dataset.labels.subarray(0, anchorCount)];
  const reach = reachByTensors(net, weights, 2 ** 30);
  const prepared = await prepare(net, weights, seen);
  await reach.lay(prepared);
  const own = await prepare(net, weights, x);
  const batch = await anchorsAt(net, weights, { prepared: own, labels, loss: "cross-entropy" });
  const carrier = await reach.carrier(batch);
  const operations = tf.getBackend() === "webgpu" ? countDispatches() : countKernels();
  const readbacks = counted(tf.backend(), "read");
  await carrier.all(labels.map((_, anchor) => ({ anchor, eta: 0.1 })));
  const work = { operations: operations.stop(), readbacks: readbacks.stop(), layers: net.layers.length };
  carrier.release();
  reach.release();
  forget(batch);
  discard(prepared);
  tf.dispose([x, seen, weights as unknown as tf.Tensor[]]);
  return work;
}

interface Counter {
  /** How often it was called. */
  stop(): number;
}

/** Counts the calls of a method, of those whose first word `counts`. */
function counted<T extends object>(
  owner: T,
  method: keyof T,
  counts: (word: unknown) => boolean = () => true,
): Counter {
  const own = Object.getOwnPropertyDescriptor(owner, method);
  const call = owner[method] as (...words: unknown[]) => unknown;
  let count = 0;
  const counting = function (this: unknown, ...words: unknown[]): unknown {
    if (counts(words[0])) count += 1;
    return call.apply(this, words);
  };
  Object.defineProperty(owner, method, { value: counting, configurable: true, writable: true });
  return {
    stop() {
      if (own) Object.defineProperty(owner, method, own);
      else delete owner[method];
      return count;
    },
  };
}

const free: unknown[] = ["Reshape", "Identity"];
const countKernels = (): Counter => counted(tf.engine(), "runKernel", (name) => !free.includes(name));

const countDispatches = (): Counter =>
  counted(
    (globalThis as unknown as { GPUComputePassEncoder: { prototype: { dispatchWorkgroups(): void } } })
      .GPUComputePassEncoder.prototype,
    "dispatchWorkgroups",
  );
