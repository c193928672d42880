// The exact response: what one SGD step on an anchor changes at every probe, carried through the layers as a difference.
import type { LossId, Response, StepRule } from "../contracts.ts";
import { sizeOf, type AnchorSteps } from "./layer.ts";
import { slopeOf } from "./loss.ts";
import { backward, forward, type Network, type Weights } from "./network.ts";
import { concatenated } from "./simd/share.ts";
import { tf, tidy, total, type Tensor } from "./tf.ts";

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

export function discard({ inputs }: Pick<Prepared, "inputs">): void {
  tf.dispose(inputs as Tensor[]);
}

/** What each layer needs of its inputs to push a step on, by layer, as `push` wants it. */
export type Parts = readonly (readonly Tensor[])[];

/** The same inputs under every anchor, or each anchor's own one. */
export const partsOf = (net: Network, { inputs }: Pick<Prepared, "inputs">, of: "all" | "each"): Parts =>
  tidy(() =>
    net.layers.map((layer, at) =>
      layer.prepare(inputs[at]!).map((part) => {
        const count = part.shape[0]!;
        return tf.reshape(part, [...(of === "all" ? [1, count] : [count, 1]), sizeOf(part.shape.slice(1))]);
      }),
    ),
  );

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
    const outputCount = scores.length / count;
    const slopes = unknown.map((output) =>
      units(
        Array.from({ length: count }, () => output),
        outputCount,
      ),
    );
    return norms(
      net,
      inputs,
      slopes.map((slope) => backward(net, weights, inputs, slope)),
    );
  });
  for (const [which, output] of unknown.entries())
    sensitivity.set(output, (await found[which]!.data()) as Float32Array);
  tf.dispose(found);
}

/** One row each with a single 1, at the given output; also where there is only one. [example, output] */
function units(outputs: readonly number[], outputCount: number): Tensor {
  const rows = new Float32Array(outputs.length * outputCount);
  outputs.forEach((output, row) => (rows[row * outputCount + output] = 1));
  return tf.tensor(rows, [outputs.length, outputCount]);
}

/** 2-norm over all weights of each example's own gradient, for each of several passes of backward signals. */
function norms(net: Network, inputs: readonly Tensor[], passes: readonly (readonly Tensor[])[]): Tensor[] {
  const squares = net.layers
    .map((layer, at) =>
      layer.gradientSquares(
        inputs[at]!,
        passes.map((signals) => signals[at]!),
      ),
    )
    .filter((own) => own.length > 0);
  return passes.map((_, which) => tf.sqrt(total(squares.map((own) => own[which]!))));
}

/**
 * The factors of the per-example gradients of a batch: with its layer's input, a signal makes the gradient of the layer's
 * weights at that example (`slopes`). They are scaled to a largest slope of one, so that a tiny loss loses no digits.
 */
export interface Factors {
  /** By layer: its input. [example, ...input] */
  readonly inputs: readonly Tensor[];
  /** By layer: dL/d(output) / scale. [example, ...output] */
  readonly signals: readonly Tensor[];
  /** By example: the largest |dL/df|; 0 where the loss asks for nothing. */
  readonly scales: readonly number[];
}

/** @param slopes dL/df of each example, in double precision. [output] */
export function factors(
  net: Network,
  weights: Weights,
  inputs: readonly Tensor[],
  slopes: readonly Float64Array[],
): Factors {
  const scales = slopes.map((slope) => Math.max(...slope.map(Math.abs)));
  const outputCount = slopes[0]!.length;
  const unit = Float32Array.from({ length: slopes.length * outputCount }, (_, at) => {
    const example = Math.floor(at / outputCount);
    return scales[example] === 0 ? 0 : slopes[example]![at % outputCount]! / scales[example]!;
  });
  const signals = tidy(() =>
    backward(net, weights, inputs, tf.tensor(unit, [slopes.length, outputCount])).map((signal) => tf.clone(signal)),
  );
  return { inputs, signals, scales };
}

/** Anchors with the factors of their gradients. */
export interface Anchors extends Factors {
  readonly labels: readonly number[];
  readonly count: number;
  /** f. [anchor, output] */
  readonly scores: Float32Array;
  /** By anchor: dL/df in double precision. [output] */
  readonly slopes: readonly Float64Array[];
  /** By layer: df_y/d(output) at each anchor, for its own label y. [anchor, ...output] */
  readonly ownSignals: readonly Tensor[];
  /** 2-norm of df_y/dw at each anchor. */
  readonly sensitivity: Float32Array;
}

/** @param x [anchor, ...shape]; disposed by nobody here */
export async function anchorsAt(
  net: Network,
  weights: Weights,
  { x, labels, loss }: { x: Tensor; labels: readonly number[]; loss: LossId },
): Promise<Anchors> {
  const { count, scores, inputs } = await prepare(net, weights, x);
  const outputCount = scores.length / count;
  const slopes = labels.map((label, at) =>
    slopeOf(loss, scores.subarray(at * outputCount, (at + 1) * outputCount), label),
  );
  const made = factors(net, weights, inputs, slopes);
  const { ownSignals, norm } = tidy(() => {
    const pass = backward(net, weights, inputs, units(labels, outputCount)).map((signal) => tf.clone(signal));
    return { ownSignals: pass, norm: norms(net, inputs, [pass])[0]! };
  });
  const sensitivity = (await norm.data()) as Float32Array;
  norm.dispose();
  return { ...made, labels, count, scores, slopes, ownSignals, sensitivity };
}

export function forget({ inputs, signals, ownSignals }: Anchors): void {
  tf.dispose([inputs, signals, ownSignals] as unknown as Tensor[]);
}

/** The steps of some anchors as tensors: by layer, its gradient at each anchor. */
export type Slopes = readonly (readonly Tensor[])[];

export const slopesOf = (net: Network, { inputs, signals }: Factors): Slopes =>
  tidy(() => net.layers.map((layer, at) => layer.slopes(inputs[at]!, signals[at]!).map((part) => tf.clone(part))));

/**
 * The change of every layer's input under each anchor's step, and last that of the scores, [anchor, probe, number]; null as
 * long as nothing changes. Only layers with weights start a change.
 */
export function carried(
  net: Network,
  weights: Weights,
  parts: Parts,
  { slopes, rates }: { slopes: Slopes; rates: Tensor },
): (Tensor | null)[] {
  const changes: (Tensor | null)[] = [null];
  net.layers.forEach((layer, at) => {
    const dh = changes[at]!;
    const beside = layer.skip ? changes[at - layer.skip]! : null;
    if (dh === null && layer.weightShapes.length === 0) return changes.push(beside);
    const own = tidy(() => layer.push(weights[at]!, parts[at]!, dh, { slopes: slopes[at]!, rates }));
    return changes.push(beside ? tf.add(own, beside) : own);
  });
  return changes;
}

/** Unit roundoff of single precision. */
const unitRoundoff = 2 ** -24;
/** How many of its own standard deviations a rounding error is allowed; over all roundings of the three passes. */
const deviations = 12;

/**
 * A bound on the rounding error of each anchor's own change df_y. A sum of n terms of single precision is off by about
 * sqrt(n) u times the sum of the terms' sizes, u the unit roundoff (Higham and Mary, SIAM J. Sci. Comput. 41, 2019); what the
 * change of layer l is off by reaches df_y through df_y/d(output of l). So
 *   bound = deviations sum_l sqrt(n_l) u sum_i |df_y/dz_i| (|W|' |dh| + rate |delta_i| |a|' |h + dh|)_i,
 * the terms' sizes being those of the same rule with absolute values throughout. [anchor]
 */
export function roundings(
  net: Network,
  weights: Weights,
  own: { parts: Parts; slopes: Slopes; rates: Tensor; signals: readonly Tensor[] },
): Tensor {
  const changes = carried(net, weights, own.parts, own);
  const downhill = tf.neg(tf.abs(own.rates));
  const shares = net.layers.flatMap((layer, at) => {
    if (layer.weightShapes.length === 0) return [];
    const sizes = tidy(() =>
      layer.push(
        changes[at] ? weights[at]!.map((weight) => tf.abs(weight)) : weights[at]!,
        own.parts[at]!.map((part) => tf.abs(part)),
        changes[at] ? tf.abs(changes[at]) : null,
        { slopes: own.slopes[at]!.map((slope) => tf.abs(slope)), rates: downhill } satisfies AnchorSteps,
      ),
    );
    const weightShape = layer.weightShapes[0]!;
    const termCount = sizeOf(weightShape) / weightShape.at(-1)! + 1;
    const reach = tf.reshape(tf.abs(own.signals[at]!), sizes.shape);
    return [tf.mul(tf.sum(tf.mul(reach, sizes), [1, 2]), deviations * Math.sqrt(termCount) * unitRoundoff)];
  });
  return total(shares);
}

/** A step on one of some anchors. */
export interface Step {
  readonly anchor: number;
  readonly eta: number;
}

/** How steps on some anchors move the scores. */
export interface Carrier {
  /** Steps that `all` takes together. */
  readonly most: number;
  /** Of each anchor itself. [output] each */
  own(steps: readonly Step[]): Promise<Float32Array[]>;
  /** Of all probes, for each step. [probe, output] each */
  all(steps: readonly Step[]): Promise<Float32Array[]>;
  /** Bounds on the rounding errors of the own scores' changes, one a step. */
  roundings(steps: readonly Step[]): Promise<Float32Array>;
  release(): void;
}

/** An eta that was tried, and by how much the own score's change missed delta. */
interface Trial {
  readonly eta: number;
  readonly miss: number;
}

/**
 * Looks for the eta of an anchor's step; asks for the own score's change at one eta after another. For "own rise" that change
 * is a function of eta that starts at 0 and may turn back: its first rise beyond delta is bracketed from its slope at 0 by
 * doubling, and by golden sections around its peak where doubling leaps over that, and closed in on by the Illinois form of
 * regula falsi, to a thousandth of delta. Returns NaN when no step makes the own score rise by delta.
 */
export function* etaSearch(rule: StepRule, scale: number): Generator<number, number, number> {
  if (rule.rule === "fixed") return rule.eta;
  if (scale === 0) return NaN;
  const { delta } = rule;
  const small = 1e-6 / scale;
  const slope = (yield small) / small;
  if (!(slope > 0)) return NaN;
  function* tried(eta: number): Generator<number, Trial, number> {
    return { eta, miss: (yield eta) - delta };
  }
  const falls = ({ miss }: Trial): boolean => !(miss >= 0 || Math.abs(miss) <= delta / 1000);
  let before: Trial = { eta: 0, miss: -delta };
  let low = before;
  let high = yield* tried(delta / slope);
  for (let round = 0; falls(high); round++) {
    if (round === 20) return NaN;
    if (!(high.miss > low.miss)) {
      const peak = yield* peakOf([before, low, high], tried, falls);
      if (!peak) return NaN;
      [low, high] = [before, peak];
      break;
    }
    [before, low] = [low, high];
    high = yield* tried(high.eta * 2);
  }
  for (let round = 0; round < 40 && Math.abs(high.miss) > delta / 1000; round++) {
    const next = yield* tried(high.eta - (high.miss * (high.eta - low.eta)) / (high.miss - low.miss));
    low = next.miss * high.miss < 0 ? high : { eta: low.eta, miss: low.miss / 2 };
    high = next;
  }
  return Number.isFinite(high.eta) ? high.eta : NaN;
}

/** A trial that reaches delta between three of which the middle one comes closest; undefined where the peak stays below. */
function* peakOf(
  [left, middle, right]: [Trial, Trial, Trial],
  tried: (eta: number) => Generator<number, Trial, number>,
  falls: (trial: Trial) => boolean,
): Generator<number, Trial | undefined, number> {
  const golden = (3 - Math.sqrt(5)) / 2;
  for (let round = 0; round < 16; round++) {
    const [toLeft, toRight] = [middle.eta - left.eta, right.eta - middle.eta];
    const next = yield* tried(middle.eta + golden * (toRight > toLeft ? toRight : -toLeft));
    if (!falls(next)) return next;
    if (next.miss > middle.miss)
      [left, middle, right] = next.eta > middle.eta ? [middle, next, right] : [left, next, middle];
    else if (next.eta > middle.eta) right = next;
    else left = next;
  }
  return undefined;
}

/** The eta of each anchor, their searches side by side: one evaluation a round for all of them. */
async function etasOf(
  { labels, scales }: Pick<Anchors, "labels" | "scales">,
  which: readonly number[],
  carrier: Pick<Carrier, "own">,
  rule: StepRule,
): Promise<number[]> {
  const searches = which.map((anchor) => etaSearch(rule, scales[anchor]!));
  const states = searches.map((search) => search.next());
  for (;;) {
    const open = states.flatMap(({ done }, at) => (done ? [] : [at]));
    if (open.length === 0) return states.map(({ value }) => value);
    const own = await carrier.own(open.map((at) => ({ anchor: which[at]!, eta: states[at]!.value })));
    open.forEach((at, place) => {
      states[at] = searches[at]!.next(own[place]![labels[which[at]!]!]!);
    });
  }
}

/**
 * The first-order change, eta times the derivative in the direction of the step: the same carrying of a step so short that
 * every rule is at its limit, by a power of two, so that nothing is rounded on the way there and back.
 */
function firstOrder(carrier: Carrier, { scales }: Pick<Factors, "scales">): Carrier {
  const power = ({ anchor, eta }: Step): number => {
    const rate = Math.abs(eta * scales[anchor]!);
    return rate > 0 ? 2 ** (-shortStep - Math.round(Math.log2(rate))) : 1;
  };
  const short = (step: Step): Step => ({ anchor: step.anchor, eta: step.eta * power(step) });
  const grown = (steps: readonly Step[], moved: readonly Float32Array[]): Float32Array[] =>
    moved.map((own, at) => own.map((value) => value / power(steps[at]!)));
  return {
    ...carrier,
    own: async (steps) => grown(steps, await carrier.own(steps.map(short))),
    all: async (steps) => grown(steps, await carrier.all(steps.map(short))),
    async roundings(steps) {
      return (await carrier.roundings(steps.map(short))).map((value, at) => value / power(steps[at]!));
    },
  };
}

/** A rate of 2^-60: no relu and no maximum changes sides, and nothing falls below the smallest number. */
const shortStep = 60;

/** What is known of the probes: scores, and the sensitivity of each to the labels of the anchors. */
export type Seen = Pick<Prepared, "count" | "scores" | "sensitivity">;

/** The response of all probes to a step on each of the anchors, in order. */
export async function* respond(
  anchors: Anchors,
  exact: Carrier,
  { probes, rule }: { readonly probes: readonly Seen[]; readonly rule: StepRule },
): AsyncGenerator<Response, void> {
  const carrier = rule.order === "first" ? firstOrder(exact, anchors) : exact;
  const outputCount = anchors.scores.length / anchors.count;
  const probeCount = probes.reduce((sum, chunk) => sum + chunk.count, 0);
  const none = (count: number): Float32Array => new Float32Array(count).fill(NaN);
  const row = (data: Float32Array | Float64Array) => ({ rows: 1, columns: data.length, data });
  const before = concatenated(probes.map(({ scores }) => scores));
  for (let first = 0; first < anchors.count; first += carrier.most) {
    const which = Array.from({ length: Math.min(carrier.most, anchors.count - first) }, (_, at) => first + at);
    const etas = await etasOf(anchors, which, carrier, rule);
    const steps = which.map((anchor, at) => ({ anchor, eta: etas[at]! })).filter(({ eta }) => Number.isFinite(eta));
    const moved = steps.length > 0 ? await carrier.all(steps) : [];
    const own = steps.length > 0 ? await carrier.own(steps) : [];
    const bounds = steps.length > 0 ? await carrier.roundings(steps) : [];
    for (const [at, anchor] of which.entries()) {
      const place = steps.findIndex((step) => step.anchor === anchor);
      const label = anchors.labels[anchor]!;
      yield {
        anchorLabels: Uint8Array.of(label),
        stepSize: Float64Array.of(etas[at]!),
        lossSlope: row(anchors.slopes[anchor]!),
        anchorBefore: row(anchors.scores.slice(anchor * outputCount, (anchor + 1) * outputCount)),
        anchorChange: row(own[place] ?? none(outputCount)),
        anchorRounding: Float64Array.of(bounds[place] ?? NaN),
        anchorSensitivity: Float64Array.of(anchors.sensitivity[anchor]!),
        before: { rows: probeCount, columns: outputCount, data: before },
        change: row(moved[place] ?? none(probeCount * outputCount)),
        sensitivity: row(concatenated(probes.map((chunk) => chunk.sensitivity.get(label)!))),
      };
    }
  }
}
