// The exact response: what one SGD step on an anchor changes at every probe, carried through the layers as a difference.
import { ownOutput, type LossId, type Response, type StepRule } from "../contracts.ts";
import { sizeOf, type AnchorSteps } from "./layer.ts";
import { slopeOf } from "./loss.ts";
import { factors, norms, units, type Factors, type Prepared } from "./factors.ts";
import { backward, type Network, type Weights } from "./network.ts";
import { etaSearch } from "../search.ts";
import { concatenated } from "./simd/share.ts";
import { alias, tf, tidy, total, type Tensor } from "./tf.ts";

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

/** Anchors with the factors of their gradients. */
export interface Anchors extends Factors {
  readonly labels: readonly number[];
  /** The output at which each is watched, its own one y. [anchor] */
  readonly outputs: readonly number[];
  readonly count: number;
  /** f. [anchor, output] */
  readonly scores: Float32Array;
  /** By anchor: dL/df in double precision. [output] */
  readonly slopes: readonly Float64Array[];
  /** By layer: df_y/d(output of the layer) at each anchor. [anchor, ...output] */
  readonly ownSignals: readonly Tensor[];
  /** 2-norm of df_y/dw at each anchor. */
  readonly sensitivity: Float32Array;
}

/** @param prepared the anchors, from now on a part of the result */
export async function anchorsAt(
  net: Network,
  weights: Weights,
  { prepared, labels, loss }: { prepared: Prepared; labels: readonly number[]; loss: LossId },
): Promise<Anchors> {
  const { count, scores, inputs } = prepared;
  const outputCount = scores.length / count;
  const slopes = labels.map((label, at) =>
    slopeOf(loss, scores.subarray(at * outputCount, (at + 1) * outputCount), label),
  );
  const outputs = labels.map((label) => ownOutput(label, outputCount));
  const made = factors(net, weights, inputs, slopes);
  const { ownSignals, norm } = tidy(() => {
    const pass = backward(net, weights, inputs, units(outputs, outputCount)).map((signal) => alias(signal));
    return { ownSignals: pass, norm: norms(net, inputs, [pass])[0]! };
  });
  const sensitivity = (await norm.data()) as Float32Array;
  norm.dispose();
  return { ...made, labels, outputs, count, scores, slopes, ownSignals, sensitivity };
}

export function forget({ inputs, signals, ownSignals }: Anchors): void {
  tf.dispose([inputs, signals, ownSignals] as unknown as Tensor[]);
}

/** The steps of some anchors as tensors: by layer, its gradient at each anchor. */
export type Slopes = readonly (readonly Tensor[])[];

export const slopesOf = (net: Network, { inputs, signals }: Factors): Slopes =>
  tidy(() => net.layers.map((layer, at) => layer.slopes(inputs[at]!, signals[at]!).map((part) => alias(part))));

/**
 * The change of every layer's input under each anchor's step, and last that of the scores, [anchor, probe, number]; null as
 * long as nothing changes. Only layers with weights start a change.
 */
export function carried(
  net: Network,
  weights: Weights,
  parts: Parts,
  { slopes, multiples }: { slopes: Slopes; multiples: Tensor },
): (Tensor | null)[] {
  const changes: (Tensor | null)[] = [null];
  net.layers.forEach((layer, at) => {
    const dh = changes[at]!;
    const beside = layer.skip ? changes[at - layer.skip]! : null;
    if (dh === null && layer.weightShapes.length === 0) return changes.push(beside);
    const own = tidy(() => layer.push(weights[at]!, parts[at]!, dh, { slopes: slopes[at]!, multiples }));
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
 *   bound = deviations sum_l sqrt(n_l) u sum_i |df_y/dz_i| (|W|' |dh| + |multiple| |delta_i| |a|' |h + dh|)_i,
 * the terms' sizes being those of the same rule with absolute values throughout. [anchor]
 */
export function roundings(
  net: Network,
  weights: Weights,
  own: { parts: Parts; slopes: Slopes; multiples: Tensor; signals: readonly Tensor[] },
): Tensor {
  const changes = carried(net, weights, own.parts, own);
  const lengths = tf.abs(own.multiples);
  const shares = net.layers.flatMap((layer, at) => {
    if (layer.weightShapes.length === 0) return [];
    const sizes = tidy(() =>
      layer.push(
        changes[at] ? weights[at]!.map((weight) => tf.abs(weight)) : weights[at]!,
        own.parts[at]!.map((part) => tf.abs(part)),
        changes[at] ? tf.abs(changes[at]) : null,
        { slopes: own.slopes[at]!.map((slope) => tf.abs(slope)), multiples: lengths } satisfies AnchorSteps,
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

/** The eta of each anchor, their searches side by side: one evaluation a round for all of them. */
async function etasOf(
  { outputs, scales }: Pick<Anchors, "outputs" | "scales">,
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
      states[at] = searches[at]!.next(own[place]![outputs[which[at]!]!]!);
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

/** What is known of the probes: scores, and the sensitivity of each to the outputs of the anchors. */
export type Seen = Pick<Prepared, "count" | "scores" | "sensitivity">;

/** The anchors' own part is made while helpers may still be at theirs. */
async function carriedBy(
  carrier: Carrier,
  steps: readonly Step[],
): Promise<{ moved: Float32Array[]; own: Float32Array[]; bounds: Float32Array }> {
  if (steps.length === 0) return { moved: [], own: [], bounds: new Float32Array() };
  const [moved, own, bounds] = await Promise.all([carrier.all(steps), carrier.own(steps), carrier.roundings(steps)]);
  return { moved, own, bounds };
}

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
    const { moved, own, bounds } = await carriedBy(carrier, steps);
    for (const [at, anchor] of which.entries()) {
      const place = steps.findIndex((step) => step.anchor === anchor);
      yield {
        anchorLabels: Uint8Array.of(anchors.labels[anchor]!),
        stepSize: Float64Array.of(etas[at]!),
        lossSlope: row(anchors.slopes[anchor]!),
        anchorBefore: row(anchors.scores.slice(anchor * outputCount, (anchor + 1) * outputCount)),
        anchorChange: row(own[place] ?? none(outputCount)),
        anchorRounding: Float64Array.of(bounds[place] ?? NaN),
        anchorSensitivity: Float64Array.of(anchors.sensitivity[anchor]!),
        before: { rows: probeCount, columns: outputCount, data: before },
        change: row(moved[place] ?? none(probeCount * outputCount)),
        sensitivity: row(concatenated(probes.map((chunk) => chunk.sensitivity.get(anchors.outputs[anchor]!)!))),
      };
    }
  }
}
