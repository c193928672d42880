// A network with its examples and loss, as a learner: states in, states out.
import { rng } from "../../math/rng.ts";
import { ownOutput, type ExampleId, type Examples, type Learner, type LossId, type Matrix } from "../contracts.ts";
import { LabError } from "../error.ts";
import { responseBytes } from "../lab.ts";
import { isActivation } from "./activation.ts";
import { batchSlope } from "./loss.ts";
import { sizeOf, type LayerPlan } from "./layer.ts";
import { backward, forward, initialWeights, network, uploaded, type Network, type Weights } from "./network.ts";
import { chunkOf, reachBySimd, reachByTensors } from "./reach.ts";
import { discard, portion, sense, units, type Prepared } from "./factors.ts";
import { anchorsAt, forget, respond, type Carrier, type Seen } from "./response.ts";
import { concatenated, type Helper } from "./simd/share.ts";
import { tangentKernel } from "./tangent.ts";
import { tf, tidy, type Tensor } from "./tf.ts";

export interface NetworkState {
  readonly weights: Weights;
  /** Momentum's running sum of gradients; null before the first step or without momentum. */
  readonly velocity: Weights | null;
}

export interface LearnerOptions {
  readonly plans: readonly LayerPlan[];
  readonly examples: Examples;
  readonly loss: LossId;
  readonly seed: number;
  readonly largest?: { bytes: number; limit: string };
  readonly helpers?: (() => readonly Helper[]) | undefined;
  /**
   * What responses may take beside the weights: half of it for probes that are kept ready, a quarter for anchors, a quarter for
   * what is under way, of which weights of the first layer have half. It decides what is computed together, never the numbers.
   */
  readonly memoryBytes?: number | undefined;
  /** Called between parts of a long work; throws where it shall end. */
  readonly breathe?: () => Promise<void>;
}

/** @throws LabError `too-large`; `spec-invalid` when the network has other outputs than the examples, or the loss other labels */
export function networkLearner({
  plans,
  examples: source,
  loss,
  seed,
  largest,
  helpers,
  memoryBytes = responseBytes,
  breathe = () => Promise.resolve(),
}: LearnerOptions): Learner<NetworkState> {
  const { shape, outputCount, labels } = source;
  const net = network(plans, shape, largest);
  const scoreCount = sizeOf(net.layers.at(-1)?.outputShape ?? shape);
  if (scoreCount !== outputCount)
    throw new LabError(
      "spec-invalid",
      `A network of ${scoreCount} scores cannot learn ${outputCount} outputs; give it as many.`,
    );
  if (loss === "cross-entropy" && (outputCount === 1 || Array.from(labels).some((label) => label >= outputCount)))
    throw new LabError(
      "spec-invalid",
      "Cross-entropy asks for two scores or more and one of them for each example; choose squared-error or binary cross-entropy.",
    );
  /** Larger sets of examples go through in chunks. */
  const chunkCount = chunkOf(net, memoryBytes);
  const read = (examples: readonly ExampleId[]): Tensor =>
    tf.tensor(source.read(examples), [examples.length, ...shape]);
  const inChunks = (examples: readonly ExampleId[], count = chunkCount): ExampleId[][] =>
    Array.from({ length: Math.ceil(examples.length / count) }, (_, at) => examples.slice(at * count, (at + 1) * count));
  const kept = (arrays: readonly Float32Array[]): NetworkState => ({ weights: uploaded(net, arrays), velocity: null });

  return {
    layers: net.layers,
    parameterCount: net.parameterCount,
    stateBytes: net.parameterCount * 4,
    start: () => kept(initialWeights(net, rng(seed).fork("initial weights"))),
    restore: kept,
    async weights(state) {
      const arrays = [];
      for (const tensor of state.weights.flat()) arrays.push(Float32Array.from(await tensor.data()));
      return arrays;
    },
    nudge(state, examples, { stepSize, momentum, decay = 0 }) {
      const { mean, ...next } = tidy(() => {
        const target = units(
          examples.map((id) => labels[id]!),
          outputCount,
        );
        return stepped(net, state, { x: read(examples), target, loss, stepSize, momentum, decay });
      });
      return {
        state: next,
        async loss() {
          const [value] = await mean.data();
          mean.dispose();
          return value!;
        },
      };
    },
    async predict(state, examples): Promise<Matrix> {
      const data = new Float32Array(examples.length * outputCount);
      let at = 0;
      for (const chunk of inChunks(examples)) {
        const scores = tidy(() => forward(net, state.weights, read(chunk)).at(-1)!);
        data.set((await scores.data()) as Float32Array, at);
        scores.dispose();
        at += chunk.length * outputCount;
      }
      return { rows: examples.length, columns: outputCount, data };
    },
    async watch({ weights }, probes) {
      const reach =
        (await reachBySimd(net, weights, { probeCount: probes.length, helpers, roomBytes: memoryBytes / 8 })) ??
        reachByTensors(net, weights, memoryBytes / 4);
      const inputBytes = 4 * net.layers.reduce((sum, layer) => sum + sizeOf(layer.inputShape), 0);
      const fits = (perProbe: number): boolean => probes.length * perProbe <= memoryBytes / 2;
      const keeps = fits(inputBytes + reach.probeBytes) ? "all" : fits(reach.probeBytes) ? "laid" : "nothing";
      const every = Array.from({ length: outputCount }, (_, output) => output);
      const kept: Prepared[] = [];
      const seen: Seen[] = [];
      async function prepared(chunk: readonly ExampleId[]): Promise<Prepared> {
        const x = read(chunk);
        const made = await reach.prepare(x);
        x.dispose();
        return made;
      }
      function release(): void {
        reach.release();
        kept.forEach(discard);
      }
      try {
        for (const chunk of inChunks(probes)) {
          const own = await prepared(chunk);
          seen.push(own);
          if (keeps !== "nothing") await reach.lay(own);
          if (keeps === "all") kept.push(own);
          else {
            await sense(net, weights, own, every);
            discard(own);
          }
          await breathe();
        }
      } catch (error) {
        release();
        throw error;
      }
      /** Where the probes do not fit beside the anchors, they pass by chunk by chunk, each laid anew for every lot of anchors. */
      function inPasses(carrier: Carrier): Carrier {
        return {
          ...carrier,
          most: Infinity,
          async all(steps) {
            const parts: Float32Array[][] = steps.map(() => []);
            for (const chunk of inChunks(probes)) {
              const own = await prepared(chunk);
              await reach.lay(own);
              discard(own);
              for (let first = 0; first < steps.length; first += carrier.most) {
                const moved = await carrier.all(steps.slice(first, first + carrier.most));
                moved.forEach((part, at) => parts[first + at]!.push(part));
                await breathe();
              }
              await reach.clear();
            }
            return parts.map(concatenated);
          },
        };
      }
      // An anchor has its layers' inputs, two passes of signals, what is laid of them, and their sizes for the bound.
      const fitting = Math.max(1, Math.floor(memoryBytes / 4 / (8 * inputBytes)));
      const together = Math.min(fitting, keeps === "nothing" ? probes.length : reach.most);
      // Where the weights pass by, more anchors share a pass than are carried together.
      const lotCount = reach.isInRounds ? Math.max(together, chunkCount) : together;
      return {
        async *respond(anchors, rule) {
          const labelsOf = (some: readonly ExampleId[]): number[] => some.map((id) => labels[id]!);
          const outputs = labelsOf(anchors).map((label) => ownOutput(label, outputCount));
          for (const chunk of kept) await sense(net, weights, chunk, outputs);
          for (const chunk of inChunks(anchors, lotCount)) {
            const lot = await prepared(chunk);
            try {
              for (let first = 0; first < chunk.length; first += together) {
                const own = labelsOf(chunk.slice(first, first + together));
                const part = portion(lot, first, first + own.length);
                const batch = await anchorsAt(net, weights, { prepared: part, labels: own, loss });
                const carrier = await reach.carrier(batch);
                try {
                  yield* respond(batch, keeps === "nothing" ? inPasses(carrier) : carrier, { probes: seen, rule });
                } finally {
                  carrier.release();
                  forget(batch);
                }
              }
            } finally {
              discard(lot);
            }
          }
        },
        release,
      };
    },
    async kernel({ weights }, rows, columns, options) {
      const budget = { mostTogether: chunkCount, memoryBytes, breathe };
      return (await tangentKernel(net, weights, { ...options, ...budget, rows, columns, read })).whole;
    },
    async kernelParts({ weights }, rows, columns, options) {
      const budget = { mostTogether: chunkCount, memoryBytes, breathe };
      return tangentKernel(net, weights, { ...options, ...budget, rows, columns, read, parts: true });
    },
    async patterns({ weights }, examples) {
      const hidden = net.layers.flatMap(({ kind }, at) => (isActivation(kind) ? [at] : []));
      const unitCount = hidden.reduce((sum, at) => sum + sizeOf(net.layers[at]!.inputShape), 0);
      const data = new Float32Array(examples.length * unitCount);
      let at = 0;
      for (const chunk of unitCount > 0 ? inChunks(examples) : []) {
        const on = tidy(() => {
          const inputs = forward(net, weights, read(chunk));
          return tf.concat(
            hidden.map((layer) => tf.reshape(tf.step(inputs[layer]!), [chunk.length, -1])),
            1,
          );
        });
        data.set((await on.data()) as Float32Array, at);
        on.dispose();
        at += chunk.length * unitCount;
        await breathe();
      }
      return { rows: examples.length, columns: unitCount, data };
    },
    release({ weights, velocity }) {
      tf.dispose([weights.flat(), velocity?.flat() ?? []]);
    },
  };
}

interface Batch {
  readonly x: Tensor;
  readonly target: Tensor;
  readonly loss: LossId;
  readonly stepSize: number;
  readonly momentum: number;
  readonly decay: number;
}

/** w+ = w - eta v with v+ = momentum v + gradient; plain SGD when momentum is 0. */
function stepped(net: Network, { weights, velocity }: NetworkState, batch: Batch): NetworkState & { mean: Tensor } {
  const inputs = forward(net, weights, batch.x);
  const { slope, mean } = batchSlope(batch.loss, inputs.at(-1)!, batch.target);
  const signals = backward(net, weights, inputs, tf.div(slope, batch.x.shape[0]!));
  const gradients = net.layers.map((layer, at) =>
    layer
      .gradient(inputs[at]!, signals[at]!)
      .map((slope, part) => (batch.decay === 0 ? slope : tf.add(slope, tf.mul(weights[at]![part]!, batch.decay)))),
  );
  const speed =
    batch.momentum === 0
      ? gradients
      : gradients.map((own, at) =>
          own.map((slopes, part) => (velocity ? tf.add(tf.mul(velocity[at]![part]!, batch.momentum), slopes) : slopes)),
        );
  const moved = weights.map((own, at) =>
    own.map((weight, part) => tf.sub(weight, tf.mul(speed[at]![part]!, batch.stepSize))),
  );
  return { weights: moved, velocity: batch.momentum === 0 ? null : speed, mean };
}
