// The exact response: what one SGD step on an anchor changes at every probe, carried through the layers as a difference.
import type { LossId, Response, StepRule } from "../contracts.ts";
import type { AnchorStep } from "./layer.ts";
import { slopeOf } from "./loss.ts";
import { concatenated } from "./simd/share.ts";
import { backward, forward, type Network, type Weights } from "./network.ts";
import { tf, tidy, type Tensor } from "./tf.ts";

/** Some inputs at some weights: their scores, and the inputs of all layers. */
export interface Prepared {
  readonly count: number;
  /** f. [input, output] */
  readonly scores: Float32Array;
  /** By layer: its input. */
  readonly inputs: readonly Tensor[];
  /** 2-norm of df_k/dw at each input, by output k, for those that were asked for (`sense`). [input] */
  readonly sensitivity: Map<number, Float32Array>;
}

/** @param x [input, ...shape]; disposed by nobody here */
export async function prepare(net: Network, weights: Weights, x: Tensor): Promise<Prepared> {
  const made = tidy(() => {
    const inputs = forward(net, weights, x);
    const scores = inputs.pop()!;
    // Clones outlive the tidy even where a layer hands its input through.
    return { scores, inputs: inputs.map((input) => tf.clone(input)) };
  });
  const scores = (await made.scores.data()) as Float32Array;
  made.scores.dispose();
  return { count: x.shape[0]!, scores, inputs: made.inputs, sensitivity: new Map() };
}

export function discard({ inputs }: Prepared): void {
  tf.dispose(inputs as Tensor[]);
}

/** What each layer needs of its inputs to push a step on. By layer. */
export type Parts = readonly (readonly Tensor[])[];

export const partsOf = (net: Network, { inputs }: Prepared): Parts =>
  tidy(() => net.layers.map((layer, at) => layer.prepare(inputs[at]!).map((part) => tf.clone(part))));

/** Makes known how easily the given scores move at the inputs: a backward pass for each output that is not known yet. */
export async function sense(
  net: Network,
  weights: Weights,
  { count, inputs, scores, sensitivity }: Prepared,
  outputs: Iterable<number>,
): Promise<void> {
  const unknown = [...new Set(outputs)].filter((output) => !sensitivity.has(output));
  if (unknown.length === 0) return;
  const found = tidy(() => {
    const slopes = unknown.map((output) =>
      tf.cast(tf.oneHot(tf.fill([count], output, "int32"), scores.length / count), "float32"),
    );
    return norms(net, weights, inputs, slopes);
  });
  for (const [which, output] of unknown.entries())
    sensitivity.set(output, (await found[which]!.data()) as Float32Array);
  tf.dispose(found);
}

/** Anchors with the factors of their gradients; the signals are scaled to unit size so that a tiny loss loses no digits. */
export interface Anchors {
  readonly labels: readonly number[];
  readonly prepared: Prepared;
  /** By anchor: dL/df in double precision. [output] */
  readonly slopes: readonly Float64Array[];
  readonly scales: readonly number[];
  /** By layer: dL/d(output) / scale, [anchor, ...output]. With the layer's input it makes the gradient of its weights. */
  readonly signals: readonly Tensor[];
  /** 2-norm of df_y/dw at each anchor, for its own label y. */
  readonly sensitivity: Float32Array;
}

/** @param x [anchor, ...shape] */
export async function anchorsAt(
  net: Network,
  weights: Weights,
  { x, labels, loss }: { x: Tensor; labels: readonly number[]; loss: LossId },
): Promise<Anchors> {
  const prepared = await prepare(net, weights, x);
  const outputCount = prepared.scores.length / labels.length;
  const scoresOf = (anchor: number): Float32Array =>
    prepared.scores.subarray(anchor * outputCount, (anchor + 1) * outputCount);
  const slopes = labels.map((label, anchor) => slopeOf(loss, scoresOf(anchor), label));
  const scales = slopes.map((slope) => Math.max(...slope.map(Math.abs)));
  const units = Float32Array.from(
    slopes.flatMap((slope, anchor) =>
      Array.from(slope, (value) => (scales[anchor]! > 0 ? value / scales[anchor]! : 0)),
    ),
  );
  const { signals, norm } = tidy(() => {
    const unit = tf.tensor2d(units, [labels.length, outputCount]);
    const own = tf.cast(tf.oneHot(tf.tensor1d([...labels], "int32"), outputCount), "float32");
    return {
      signals: backward(net, weights, prepared.inputs, unit).map((signal) => tf.clone(signal)),
      norm: norms(net, weights, prepared.inputs, [own])[0]!,
    };
  });
  const sensitivity = (await norm.data()) as Float32Array;
  norm.dispose();
  return { labels, prepared, slopes, scales, signals, sensitivity };
}

export function forget({ prepared, signals }: Anchors): void {
  discard(prepared);
  tf.dispose(signals as Tensor[]);
}

/** 2-norm over all weights of each example's own gradient, for each of several slopes of the scores. */
function norms(net: Network, weights: Weights, inputs: readonly Tensor[], slopes: readonly Tensor[]): Tensor[] {
  const signals = slopes.map((slope) => backward(net, weights, inputs, slope));
  const squares = net.layers
    .map((layer, at) =>
      layer.gradientSquares(
        inputs[at]!,
        signals.map((own) => own[at]!),
      ),
    )
    .filter((own) => own.length > 0);
  return slopes.map((_, which) => tf.sqrt(tf.addN(squares.map((own) => own[which]!))));
}

/** f(input; w+) - f(input; w) for the step of size eta on a single anchor. [input, output] */
export async function change(
  net: Network,
  weights: Weights,
  { anchor, parts, eta }: { anchor: Anchors; parts: Parts; eta: number },
): Promise<Float32Array> {
  const moved = tidy(() => {
    const rate = tf.scalar(eta * anchor.scales[0]!);
    let dh: Tensor | null = null;
    net.layers.forEach((layer, at) => {
      // Flattening an unchanged input leaves it unchanged: only layers with weights start a change.
      if (dh === null && layer.weightShapes.length === 0) return;
      const step: AnchorStep = { x: anchor.prepared.inputs[at]!, signal: anchor.signals[at]!, rate };
      dh = layer.push(weights[at]!, parts[at]!, dh, step);
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

/** How steps on some anchors move the scores. */
export interface Carrier {
  /** Steps that `all` takes together. */
  readonly most: number;
  /** Of the anchor itself. [output] */
  own(anchor: number, eta: number): Promise<Float32Array>;
  /** Of all probes, for each step. [probe, output] */
  all(steps: readonly { readonly anchor: number; readonly eta: number }[]): Promise<Float32Array[]>;
  release(): void;
}

/** Probes by chunks, the sensitivity of each to the labels of the anchors known; and how large the steps on the anchors are. */
export interface Watched {
  readonly chunks: readonly Prepared[];
  readonly rule: StepRule;
}

/** The response of all probes to a step on each of the anchors, in order. */
export async function* respond(
  { labels, prepared, slopes, scales, sensitivity }: Anchors,
  carrier: Carrier,
  { chunks, rule }: Watched,
): AsyncGenerator<Response, void> {
  const outputCount = slopes[0]!.length;
  const probeCount = chunks.reduce((sum, chunk) => sum + chunk.count, 0);
  const none = (count: number): Float32Array => new Float32Array(count).fill(NaN);
  const row = (data: Float32Array | Float64Array) => ({ rows: 1, columns: data.length, data });
  for (let first = 0; first < labels.length; first += carrier.most) {
    const steps: { anchor: number; eta: number }[] = [];
    for (let anchor = first; anchor < Math.min(labels.length, first + carrier.most); anchor++) {
      const ownRise = async (trial: number): Promise<number> => (await carrier.own(anchor, trial))[labels[anchor]!]!;
      steps.push({ anchor, eta: await etaOf(rule, scales[anchor]!, ownRise) });
    }
    const taken = steps.filter(({ eta }) => Number.isFinite(eta));
    const moved = taken.length > 0 ? await carrier.all(taken) : [];
    for (const { anchor, eta } of steps) {
      const place = taken.findIndex((step) => step.anchor === anchor);
      const label = labels[anchor]!;
      yield {
        anchorLabels: Uint8Array.of(label),
        stepSize: Float64Array.of(eta),
        lossSlope: row(slopes[anchor]!),
        anchorBefore: row(prepared.scores.slice(anchor * outputCount, (anchor + 1) * outputCount)),
        anchorChange: row(place < 0 ? none(outputCount) : await carrier.own(anchor, eta)),
        anchorSensitivity: Float64Array.of(sensitivity[anchor]!),
        before: { rows: probeCount, columns: outputCount, data: concatenated(chunks.map(({ scores }) => scores)) },
        change: row(moved[place] ?? none(probeCount * outputCount)),
        sensitivity: row(concatenated(chunks.map((chunk) => chunk.sensitivity.get(label)!))),
      };
    }
  }
}
