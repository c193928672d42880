// The activations: for each its value, its slope, and its change s(z + d) - s(z) in a form that does not cancel.
import { weightless, type LayerPlan } from "./layer.ts";
import { tf, type Tensor } from "./tf.ts";

export const activationIds = ["relu", "tanh", "sigmoid", "gelu", "none"] as const;
export type ActivationId = (typeof activationIds)[number];

/** Whether layers of this kind are activations. */
export const isActivation = (kind: string): boolean => kind in activations;

interface Activation {
  value(z: Tensor): Tensor;
  slope(z: Tensor): Tensor;
  prepare(z: Tensor): readonly Tensor[];
  change(probes: readonly Tensor[], d: Tensor): Tensor;
}

const relu: Activation = {
  value: (z) => tf.relu(z),
  slope: (z) => tf.step(z),
  // [1 where on, else 0], [-1 where on, else 1], -|z|
  prepare: (z) => [tf.step(z), tf.sub(1, tf.mul(tf.step(z), 2)), tf.neg(tf.abs(z))],
  // Both on: d. Both off: exactly 0. Crossing: one rounding. relu(z + d) - relu(z) = on d + relu(turn d - |z|).
  change: ([on, turn, depth], d) => tf.add(tf.mul(d, on!), tf.relu(tf.add(tf.mul(d, turn!), depth!))),
};

/** exp(-2 |z|), of which tanh and its slope are made without cancelling. */
const decay = (z: Tensor): Tensor => tf.exp(tf.mul(tf.abs(z), -2));

/** tanh'(z) = sech^2 z = 4 q / (1 + q)^2 with q = exp(-2 |z|), which does not cancel for large |z|. */
function sechSquare(z: Tensor): Tensor {
  const q = decay(z);
  return tf.div(tf.mul(q, 4), tf.square(tf.add(q, 1)));
}

/**
 * tanh(z + d) - tanh(z), which cancels nowhere. Where d is short, by its series around z, with T = tanh z:
 *   sech^2 z (d - T d^2 + (T^2 - 1/3) d^3 + T (2/3 - T^2) d^4), good to less than a millionth;
 * else as the difference of the two distances from the end that z is nearer to, 2 sigmoid(-2 |z|) and its like.
 */
const tanh: Activation = {
  value: (z) => tf.tanh(z),
  slope: sechSquare,
  // [z, which end and twice, half the distance from it, sech^2, the coefficients of d^2, d^3, d^4]
  prepare(z) {
    const end = tf.where(tf.less(z, 0), tf.onesLike(z).mul(2), tf.onesLike(z).mul(-2));
    const top = tf.tanh(z);
    const square = tf.square(top);
    return [
      z,
      end,
      tf.sigmoid(tf.mul(end, z)),
      sechSquare(z),
      tf.neg(top),
      tf.sub(square, 1 / 3),
      tf.mul(top, tf.sub(2 / 3, square)),
    ];
  },
  change([z, end, distance, slope, second, third, fourth], d) {
    const far = tf.sigmoid(tf.mul(tf.add(z!, d), end!));
    const leap = tf.mul(tf.sub(far, distance!), end!);
    const bend = tf.mul(d, tf.add(second!, tf.mul(d, tf.add(third!, tf.mul(d, fourth!)))));
    const series = tf.mul(tf.mul(d, slope!), tf.add(bend, 1));
    return tf.where(tf.less(tf.abs(d), 1 / 32), series, leap);
  },
};

/** sigmoid(z) = (1 + tanh(z / 2)) / 2. */
const sigmoid: Activation = {
  value: (z) => tf.sigmoid(z),
  slope: (z) => tf.mul(sechSquare(tf.mul(z, 0.5)), 0.25),
  prepare: (z) => tanh.prepare(tf.mul(z, 0.5)),
  change: (probes, d) => tf.mul(tanh.change(probes, tf.mul(d, 0.5)), 0.5),
};

const geluRate = Math.sqrt(2 / Math.PI);
const geluCube = 0.044715;
const geluInner = (z: Tensor): Tensor => tf.mul(tf.mul(z, tf.add(tf.mul(tf.square(z), geluCube), 1)), geluRate);

/** 1 + tanh u, without cancelling where tanh u is close to -1. */
const gate = (u: Tensor): Tensor => tf.mul(tf.sigmoid(tf.mul(u, 2)), 2);

const geluValue = (z: Tensor): Tensor => tf.mul(tf.mul(z, 0.5), gate(geluInner(z)));

/** The tanh form of Hendrycks and Gimpel (2016): z (1 + tanh u) / 2, u = sqrt(2/pi) (z + 0.044715 z^3). */
const gelu: Activation = {
  value: geluValue,
  slope(z) {
    const u = geluInner(z);
    const inner = tf.mul(tf.add(tf.mul(tf.square(z), 3 * geluCube), 1), geluRate);
    return tf.add(tf.mul(gate(u), 0.5), tf.mul(tf.mul(tf.mul(z, 0.5), sechSquare(u)), inner));
  },
  prepare(z) {
    const u = geluInner(z);
    return [z, gate(u), ...tanh.prepare(u)];
  },
  // With T = tanh u: the change is (d (1 + T) + (z + d) dT) / 2, and du = c (d + 0.044715 d (3 z^2 + 3 z d + d^2)). Where d
  // leaps, these two nearly cancel instead of the two values.
  change([z, open, ...u], d) {
    const cubes = tf.add(tf.mul(tf.square(z!), 3), tf.mul(d, tf.add(tf.mul(z!, 3), d)));
    const du = tf.mul(tf.mul(d, tf.add(tf.mul(cubes, geluCube), 1)), geluRate);
    const far = tf.add(z!, d);
    const carried = tf.mul(tf.add(tf.mul(d, open!), tf.mul(far, tanh.change(u, du))), 0.5);
    return tf.where(tf.greater(tf.abs(d), 1), tf.sub(geluValue(far), tf.mul(tf.mul(z!, 0.5), open!)), carried);
  },
};

const activations: Record<Exclude<ActivationId, "none">, Activation> = { relu, tanh, sigmoid, gelu };

/** The layers of an activation: one, or none at all for "none". */
export function activation(id: ActivationId): LayerPlan[] {
  if (id === "none") return [];
  const { value, slope, prepare, change } = activations[id];
  return [
    (inputShape) => ({
      ...weightless,
      kind: id,
      inputShape,
      outputShape: inputShape,
      apply: (_weights, x) => value(x),
      pull: (_weights, x, signal) => tf.mul(signal, slope(x)),
      prepare,
      push: (_weights, probes, dh) => change(probes, dh!),
    }),
  ];
}
