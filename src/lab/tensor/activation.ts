// The activations: for each its value, its slope, and its change s(z + d) - s(z) in a form that does not cancel.
import { weightless, type LayerPlan } from "./layer.ts";
import { tf, tidy, total, type Tensor } from "./tf.ts";

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
  // [-z, min(z, 0)]
  prepare: (z) => [tf.neg(z), tf.minimum(z, 0)],
  // On: d, or -z where it goes off. Off: exactly 0, or one rounding where it goes on.
  change: ([ground, low], d) => tf.add(tf.maximum(d, ground!), low!),
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

const geluRate = Math.sqrt(8 / Math.PI);
const geluCube = 0.044715 * geluRate;
const geluInner = (z: Tensor): Tensor => tf.mul(z, tf.add(tf.mul(tf.square(z), geluCube), geluRate));

/** By how much gelu falls short of relu: |z| sigmoid(-v(|z|)), the same on both sides. @param size |z| */
const geluShortfall = (size: Tensor): Tensor =>
  tf.mul(size, tf.sigmoid(tf.mul(size, tf.sub(tf.mul(tf.square(size), -geluCube), geluRate))));

/** Terms of its series. */
const geluOrder = 5;

/**
 * The coefficients of gelu(z + d) - gelu(z) by powers of d, from the first power on. With S the series of sigmoid(v(z + d)) and
 * C that of sigmoid(-v), S' = S C v', in which nothing cancels; and gelu is (z + d) S.
 */
function geluSeries(z: Tensor): Tensor[] {
  const v = geluInner(z);
  // v' by powers of d.
  const rates = [geluInnerSlope(z), tf.mul(z, 6 * geluCube), tf.scalar(3 * geluCube)];
  const rising = [tf.sigmoid(v)];
  const falling = [tf.sigmoid(tf.neg(v))];
  const products: Tensor[] = [];
  for (let power = 0; power < geluOrder; power++) {
    products.push(total(rising.map((own, at) => tf.mul(own, falling[power - at]!))));
    const share = total(rates.slice(0, power + 1).map((rate, at) => tf.mul(rate, products[power - at]!)));
    const next = tf.div(share, power + 1);
    rising.push(next);
    falling.push(tf.neg(next));
  }
  return rising.slice(1).map((own, at) => tf.add(tf.mul(z, own), rising[at]!));
}

/** v' = sqrt(8/pi) (1 + 3 0.044715 z^2). */
const geluInnerSlope = (z: Tensor): Tensor => tf.add(tf.mul(tf.square(z), 3 * geluCube), geluRate);

/**
 * The tanh form of Hendrycks and Gimpel (2016): z (1 + tanh u) / 2 = z sigmoid(v), v = 2 u = sqrt(8/pi) (z + 0.044715 z^3).
 * Where d is short, its change is the series around z, good to less than a millionth; else relu's change less that of what it
 * falls short of relu.
 */
const gelu: Activation = {
  value: (z) => tf.mul(z, tf.sigmoid(geluInner(z))),
  slope(z) {
    const v = geluInner(z);
    const risen = tf.sigmoid(v);
    const bend = tf.mul(tf.mul(risen, tf.sigmoid(tf.neg(v))), geluInnerSlope(z));
    return tf.add(risen, tf.mul(z, bend));
  },
  // [relu's two: -z, min(z, 0); how short of relu, what is short for d, the series from its last coefficient on]
  prepare: (z) => [
    ...relu.prepare(z),
    geluShortfall(tf.abs(z)),
    tf.div(1 / 4, geluInnerSlope(z)),
    ...geluSeries(z).reverse(),
  ],
  change([ground, low, shortfall, short, ...coefficients], d) {
    const farShortfall = tidy(() => geluShortfall(tf.abs(tf.sub(d, ground!))));
    const leap = tidy(() => tf.sub(relu.change([ground!, low!], d), tf.sub(farShortfall, shortfall!)));
    const series = tidy(() => coefficients.reduce((sum, next) => tf.add(tf.mul(sum, d), next)).mul(d));
    return tf.where(tf.less(tf.abs(d), short!), series, leap);
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
