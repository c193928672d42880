// The activations: for each its value, its slope, and its change s(z + d) - s(z) in a form that does not cancel.
import { weightless, type LayerPlan } from "./layer.ts";
import { tf, type Tensor } from "./tf.ts";

export const activationIds = ["relu", "tanh", "sigmoid", "gelu", "none"] as const;
export type ActivationId = (typeof activationIds)[number];

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

/** tanh, good to the last digit near 0 also where a backend computes it by exponentials: d - d^3/3 + 2 d^5/15. */
function tanhSmall(d: Tensor): Tensor {
  const square = tf.square(d);
  const series = tf.mul(d, tf.add(1, tf.mul(square, tf.add(-1 / 3, tf.mul(square, 2 / 15)))));
  return tf.where(tf.less(tf.abs(d), 0.05), series, tf.tanh(d));
}

/**
 * tanh(z + d) - tanh(z) = sinh d / (cosh z cosh(z + d)) = 4 t exp(|d| - |z| - |z + d|) / ((1 + |t|) (1 + q) (1 + q+)), with
 * t = tanh d, q = exp(-2 |z|), q+ = exp(-2 |z + d|): no exponent is positive and nothing cancels, however far d leaps.
 * @param onePlusQ 1 + exp(-2 |z|)
 */
function tanhChange(z: Tensor, onePlusQ: Tensor, d: Tensor): Tensor {
  const t = tanhSmall(d);
  const far = tf.add(z, d);
  const shrunk = tf.exp(tf.sub(tf.sub(tf.abs(d), tf.abs(z)), tf.abs(far)));
  const below = tf.mul(tf.mul(tf.add(tf.abs(t), 1), onePlusQ), tf.add(decay(far), 1));
  return tf.div(tf.mul(tf.mul(t, shrunk), 4), below);
}

const tanh: Activation = {
  value: (z) => tf.tanh(z),
  slope: sechSquare,
  prepare: (z) => [z, tf.add(decay(z), 1)],
  change: ([z, onePlusQ], d) => tanhChange(z!, onePlusQ!, d),
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
  change([z, open, u, onePlusQ], d) {
    const cubes = tf.add(tf.mul(tf.square(z!), 3), tf.mul(d, tf.add(tf.mul(z!, 3), d)));
    const du = tf.mul(tf.mul(d, tf.add(tf.mul(cubes, geluCube), 1)), geluRate);
    const far = tf.add(z!, d);
    const carried = tf.mul(tf.add(tf.mul(d, open!), tf.mul(far, tanhChange(u!, onePlusQ!, du))), 0.5);
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
