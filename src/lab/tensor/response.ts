// The exact response: what one SGD step on an anchor changes at every probe, carried through the layers as a difference.
import type { LossId, Response, StepRule } from "../contracts.ts";
import type { AnchorStep } from "./layer.ts";
import { slopeOf } from "./loss.ts";
import { backward, forward, type Network, type Weights } from "./network.ts";
import { tf, tidy, type Tensor } from "./tf.ts";

/** Some inputs made ready at some weights: their scores, and what each layer needs to push a step on. */
export interface Prepared {
  readonly count: number;
  /** f. [input, output] */
  readonly scores: Float32Array;
  /** By layer: its input. */
  readonly inputs: readonly Tensor[];
  /** By layer. */
  readonly parts: readonly (readonly Tensor[])[];
  /** 2-norm of df_k/dw at each input, by output k, for those that were asked for (`sense`). [input] */
  readonly sensitivity: Map<number, Float32Array>;
}

/** @param x [input, ...shape]; disposed by nobody here */
export async function prepare(net: Network, weights: Weights, x: Tensor): Promise<Prepared> {
  const made = tidy(() => {
    const inputs = forward(net, weights, x);
    const scores = inputs.pop()!;
    // Clones outlive the tidy even where a layer hands its input through.
    const parts = net.layers.map((layer, at) => layer.prepare(inputs[at]!).map((part) => tf.clone(part)));
    return { scores, inputs: inputs.map((input) => tf.clone(input)), parts };
  });
  const scores = (await made.scores.data()) as Float32Array;
  made.scores.dispose();
  return { count: x.shape[0]!, scores, inputs: made.inputs, parts: made.parts, sensitivity: new Map() };
}

export function discard({ inputs, parts }: Prepared): void {
  tf.dispose([inputs as Tensor[], parts as Tensor[][]]);
}

/** Makes known how easily the given scores move at the inputs: a backward pass for each output that is not known yet. */
export async function sense(
  net: Network,
  weights: Weights,
  { count, inputs, scores, sensitivity }: Prepared,
  outputs: Iterable<number>,
): Promise<void> {
  const unknown = [...new Set(outputs)].filter((output) => !sensitivity.has(output));
  if (unknown.length === 0) return;
  const norms = tidy(() => {
    const signals = unknown.map((output) => {
      const one = tf.oneHot(tf.fill([count], output, "int32"), scores.length / count);
      return backward(net, weights, inputs, tf.cast(one, "float32"));
    });
    const squares = net.layers
      .map((layer, at) =>
        layer.gradientSquares(
          inputs[at]!,
          signals.map((own) => own[at]!),
        ),
      )
      .filter((own) => own.length > 0);
    return unknown.map((_, which) => tf.sqrt(tf.addN(squares.map((own) => own[which]!))));
  });
  for (const [which, output] of unknown.entries())
    sensitivity.set(output, (await norms[which]!.data()) as Float32Array);
  tf.dispose(norms);
}

/** An anchor with the factors of its gradient; the signals are scaled to unit size so that a tiny loss loses no digits. */
export interface Anchor {
  readonly label: number;
  readonly prepared: Prepared;
  /** dL/df in double precision. [output] */
  readonly slope: Float64Array;
  readonly scale: number;
  /** By layer: dL/d(output) / scale. With the layer's input it makes the gradient of the layer's weights. */
  readonly signals: readonly Tensor[];
}

/** @param x [1, ...shape] */
export async function anchorAt(
  net: Network,
  weights: Weights,
  { x, label, loss }: { x: Tensor; label: number; loss: LossId },
): Promise<Anchor> {
  const prepared = await prepare(net, weights, x);
  await sense(net, weights, prepared, [label]);
  const slope = slopeOf(loss, prepared.scores, label);
  const scale = Math.max(...slope.map(Math.abs));
  const signals = tidy(() => {
    const unit = tf.tensor2d(
      Float32Array.from(slope, (value) => (scale > 0 ? value / scale : 0)),
      [1, slope.length],
    );
    return backward(net, weights, prepared.inputs, unit).map((signal) => tf.clone(signal));
  });
  return { label, prepared, slope, scale, signals };
}

export function forget(anchor: Anchor): void {
  discard(anchor.prepared);
  tf.dispose(anchor.signals as Tensor[]);
}

/** f(input; w+) - f(input; w) for the step of size eta on the anchor. [input, output] */
export async function change(
  net: Network,
  weights: Weights,
  { anchor, prepared, eta }: { anchor: Anchor; prepared: Prepared; eta: number },
): Promise<Float32Array> {
  const moved = tidy(() => {
    const rate = tf.scalar(eta * anchor.scale);
    let dh: Tensor | null = null;
    net.layers.forEach((layer, at) => {
      // Flattening an unchanged input leaves it unchanged: only layers with weights start a change.
      if (dh === null && layer.weightShapes.length === 0) return;
      const step: AnchorStep = { x: anchor.prepared.inputs[at]!, signal: anchor.signals[at]!, rate };
      dh = layer.push(weights[at]!, prepared.parts[at]!, dh, step);
    });
    return dh!;
  }) as Tensor;
  const data = (await moved.data()) as Float32Array;
  moved.dispose();
  return data;
}

/**
 * The eta of an anchor's step. For "own rise" the own score's change is a function of eta that starts at 0: it is bracketed
 * from its slope there and closed in on by the Illinois form of regula falsi, to a thousandth of delta.
 * @returns NaN when no step makes the own score rise by delta.
 */
export async function etaOf(
  rule: StepRule,
  scale: number,
  ownChange: (eta: number) => Promise<number>,
): Promise<number> {
  if (rule.rule === "fixed") return rule.eta;
  if (scale === 0) return NaN;
  const { delta } = rule;
  const small = 1e-6 / scale;
  const slope = (await ownChange(small)) / small;
  if (!(slope > 0)) return NaN;
  let low = { eta: 0, miss: -delta };
  let high = { eta: delta / slope, miss: (await ownChange(delta / slope)) - delta };
  for (let round = 0; high.miss < 0 && Math.abs(high.miss) > delta / 1000; round++) {
    if (round === 20) return NaN;
    low = high;
    const eta = high.eta * 2;
    high = { eta, miss: (await ownChange(eta)) - delta };
  }
  for (let round = 0; round < 40 && Math.abs(high.miss) > delta / 1000; round++) {
    const eta = high.eta - (high.miss * (high.eta - low.eta)) / (high.miss - low.miss);
    const next = { eta, miss: (await ownChange(eta)) - delta };
    low = next.miss * high.miss < 0 ? high : { eta: low.eta, miss: low.miss / 2 };
    high = next;
  }
  return Number.isFinite(high.eta) ? high.eta : NaN;
}

/** The response of all prepared probes (in chunks, their sensitivity for the anchor's label known) to one anchor's step. */
export async function respond(
  net: Network,
  weights: Weights,
  { anchor, chunks, rule }: { anchor: Anchor; chunks: readonly Prepared[]; rule: StepRule },
): Promise<Response> {
  const outputCount = anchor.slope.length;
  const own = (eta: number): Promise<Float32Array> => change(net, weights, { anchor, prepared: anchor.prepared, eta });
  const eta = await etaOf(rule, anchor.scale, async (trial) => (await own(trial))[anchor.label]!);
  const probeCount = chunks.reduce((sum, chunk) => sum + chunk.count, 0);
  const moved = new Float32Array(probeCount * outputCount).fill(NaN);
  if (Number.isFinite(eta)) {
    let at = 0;
    for (const prepared of chunks) {
      moved.set(await change(net, weights, { anchor, prepared, eta }), at);
      at += prepared.count * outputCount;
    }
  }
  const row = (data: Float32Array | Float64Array) => ({ rows: 1, columns: outputCount, data });
  return {
    anchorLabels: Uint8Array.of(anchor.label),
    stepSize: Float64Array.of(eta),
    lossSlope: row(anchor.slope),
    anchorBefore: row(anchor.prepared.scores),
    anchorChange: row(Number.isFinite(eta) ? await own(eta) : new Float32Array(outputCount).fill(NaN)),
    anchorSensitivity: Float64Array.from(anchor.prepared.sensitivity.get(anchor.label)!),
    before: { rows: probeCount, columns: outputCount, data: joined(chunks.map(({ scores }) => scores)) },
    change: { rows: 1, columns: probeCount * outputCount, data: moved },
    sensitivity: {
      rows: 1,
      columns: probeCount,
      data: joined(chunks.map((chunk) => chunk.sensitivity.get(anchor.label)!)),
    },
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
