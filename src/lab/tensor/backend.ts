// Which backend computes: the first of the ladder that is real hardware (or wasm, or cpu) and passes a trial step with known answers.
import { rng } from "../../math/rng.ts";
import type { Host } from "../contracts.ts";
import { LabError } from "../error.ts";
import type { BackendId, BackendReport } from "../lab.ts";
import { conv } from "./conv.ts";
import { dense } from "./dense.ts";
import { flatten } from "./flatten.ts";
import { activation } from "./activation.ts";
import { sizeOf, type LayerPlan } from "./layer.ts";
import { backward, forward, initialWeights, network, uploaded, type Network, type Weights } from "./network.ts";
import { maxPool } from "./pool.ts";
import { discard, prepare } from "./factors.ts";
import { anchorsAt, carried, forget, partsOf, slopesOf } from "./response.ts";
import { activate, adapterOf, tf, tidy, total, type Crew, type Tensor } from "./tf.ts";

const titles: Record<BackendId, string> = { webgpu: "WebGPU", webgl: "WebGL 2", wasm: "WebAssembly", cpu: "CPU" };

/**
 * Starts `wanted`, or the best of `host.backends` for "auto".
 * @throws LabError `backend-unsupported` when the wanted one, or every one, is refused; the sentence says why.
 */
export async function chooseBackend(wanted: BackendId | "auto", host: Host): Promise<BackendReport> {
  const considered: { id: BackendId; accepted: boolean; reason: string }[] = [];
  for (const id of wanted === "auto" ? host.backends : [wanted]) {
    const { crew, reason } = await verdictOn(id, host, wanted === "auto");
    considered.push({ id, accepted: crew !== undefined, reason });
    if (crew) return { id, title: titleOf(id, crew), considered };
  }
  throw new LabError(
    "backend-unsupported",
    `No backend can compute here: ${considered.map(({ reason }) => reason).join(" ")} Choose another one.`,
  );
}

const titleOf = (id: BackendId, { count }: Crew): string =>
  id === "wasm" ? `${titles[id]}, ${count} thread${count === 1 ? "" : "s"}` : titles[id];

/** Who computes, where a backend passed its trial step, and why it is taken so or not at all. */
interface Verdict {
  readonly crew?: Crew;
  readonly reason: string;
}

/** A graphics driver that says nothing for so long is not waited for. */
const patienceMs = 10_000;

function verdictOn(id: BackendId, host: Host, hardwareOnly: boolean): Promise<Verdict> {
  if (id === "wasm" || id === "cpu") return tried(id, host, hardwareOnly);
  const reason = `${titles[id]} did not answer within ${patienceMs / 1000} seconds.`;
  const silence = host.wait(patienceMs).then(() => ({ reason }));
  return Promise.race([tried(id, host, hardwareOnly), silence]);
}

async function tried(id: BackendId, host: Host, hardwareOnly: boolean): Promise<Verdict> {
  try {
    const crew = await activate(id, host);
    const adapter = await adapterOf(id);
    const isGpu = id === "webgpu" || id === "webgl";
    if (isGpu && !adapter.float32)
      return { reason: `${titles[id]} here computes in half precision, which is too coarse.` };
    if (isGpu && hardwareOnly && adapter.software) {
      const name = adapter.name || "no hardware adapter";
      return { reason: `${titles[id]} runs in software here (${name}), slower than WebAssembly.` };
    }
    await trial(host);
    return { crew, reason: ["Passed its trial step.", crew.remark].filter(Boolean).join(" ") };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

/** A step on small networks whose results are known. @throws LabError `backend-unsupported` */
async function trial(host: Host): Promise<void> {
  await linearTrial();
  await host.breathe();
  await modelTrial(
    [conv(4, 3), maxPool(), ...activation("relu"), flatten(), dense(8), ...activation("relu"), dense(3)],
    [8, 8, 3],
  );
}

/** Fixed numbers between -1 and 1, without chance. */
const wave = (size: number, phase: number): Float32Array =>
  Float32Array.from({ length: size }, (_, at) => Math.cos(at * 0.37 + 0.11 * (at % 7) + phase));

/** Linear softmax answers |x_p . x_a + 1| / (|x_a|^2 + 1), whatever the weights. */
async function linearTrial(): Promise<void> {
  const size = 2500;
  const net = network([dense(4)], [size]);
  await withWeights(net, async (weights) => {
    const [anchorInput, probeInput] = [wave(size, 0), wave(size, 1)];
    const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, at) => sum + value * b[at]!, 0);
    const expected = (dot(anchorInput, probeInput) + 1) / (dot(anchorInput, anchorInput) + 1);
    const [own, other] = await changes(net, weights, { anchorInput, probeInput, shape: [size], eta: 1e-3 });
    agree("linear model", other![1]! / own![1]!, expected, 1e-4);
  });
}

/**
 * For any model: to first order a step lowers its own loss by eta times the squared norm of the gradient, and the gradient
 * that training uses has the norm that the per-example form gives.
 * @throws LabError `backend-unsupported` when the numbers disagree: some devices compute garbage without an error.
 */
export async function modelTrial(plans: readonly LayerPlan[], shape: readonly number[]): Promise<void> {
  const net = network(plans, shape);
  await withWeights(net, async (weights) => {
    const input = wave(sizeOf(shape), 0);
    const eta = 1e-6;
    const { squares, trainingSquares, slope } = await norms(net, weights, input, shape);
    const [own] = await changes(net, weights, { anchorInput: input, probeInput: input, shape, eta });
    const fall = -slope.reduce((sum, value, at) => sum + value * own![at]!, 0) / eta;
    agree("gradient", trainingSquares, squares, 1e-3);
    agree("step", fall, squares, 1e-2);
  });
}

async function withWeights(net: Network, body: (weights: Weights) => Promise<void>): Promise<void> {
  const weights = uploaded(net, initialWeights(net, rng(1)));
  try {
    await body(weights);
  } finally {
    tf.dispose(weights as Tensor[][]);
  }
}

interface Trial {
  readonly anchorInput: Float32Array;
  readonly probeInput: Float32Array;
  readonly shape: readonly number[];
  readonly eta: number;
}

/** The change at the anchor and at the probe. */
async function changes(
  net: Network,
  weights: Weights,
  { anchorInput, probeInput, shape, eta }: Trial,
): Promise<Float32Array[]> {
  const [a, p] = [anchorInput, probeInput].map((input) => tf.tensor(input, [1, ...shape])) as [Tensor, Tensor];
  const prepared = await prepare(net, weights, a);
  const anchor = await anchorsAt(net, weights, { prepared, labels: [1], loss: "cross-entropy" });
  const probe = await prepare(net, weights, p);
  const result = [];
  for (const { inputs } of [anchor, probe]) {
    const moved = tidy(() => {
      const steps = { slopes: slopesOf(net, anchor), multiples: tf.tensor1d([-eta * anchor.scales[0]!]) };
      return carried(net, weights, partsOf(net, { inputs }, "all"), steps).at(-1)!;
    });
    result.push((await moved.data()) as Float32Array);
    moved.dispose();
  }
  forget(anchor);
  discard(probe);
  tf.dispose([a, p]);
  return result;
}

/** |g|^2 of one example by its factors and by the training gradient, and dL/df. */
async function norms(net: Network, weights: Weights, input: Float32Array, shape: readonly number[]) {
  const x = tf.tensor(input, [1, ...shape]);
  const prepared = await prepare(net, weights, x);
  const anchor = await anchorsAt(net, weights, { prepared, labels: [1], loss: "cross-entropy" });
  const slope = Float32Array.from(anchor.slopes[0]!);
  const made = tidy(() => {
    const inputs = forward(net, weights, x);
    const signals = backward(net, weights, inputs, tf.tensor2d(slope, [1, slope.length]));
    const squares = net.layers.flatMap((layer, at) => [...layer.gradientSquares(inputs[at]!, [signals[at]!])]);
    const gradients = net.layers.flatMap((layer, at) => layer.gradient(inputs[at]!, signals[at]!));
    return [tf.sum(total(squares)), total(gradients.map(sumOfSquares))];
  });
  const [squares, trainingSquares] = [(await made[0]!.data())[0]!, (await made[1]!.data())[0]!];
  forget(anchor);
  tf.dispose([x, made]);
  return { squares, trainingSquares, slope };
}

/** Row by row first: a sum of millions of numbers in one go drowns in its own rounding. */
function sumOfSquares(x: Tensor): Tensor {
  const rows = tf.reshape(x, [-1, x.shape.at(-1)!]);
  return tf.sum(tf.sum(tf.square(rows), 1));
}

function agree(what: string, value: number, expected: number, tolerance: number): void {
  if (expected !== 0 && Math.abs(value - expected) <= tolerance * Math.abs(expected)) return;
  throw new LabError(
    "backend-unsupported",
    `${titles[tf.getBackend() as BackendId]} computes wrong numbers here (trial ${what}: ${value} instead of ${expected}); choose another backend.`,
  );
}
