// [row, column, channel] as one row of numbers, in that order.
import { sizeOf, weightless, type LayerPlan } from "./layer.ts";
import { alias, tf } from "./tf.ts";

export function flatten(): LayerPlan {
  return (inputShape) => ({
    ...weightless,
    kind: "flatten",
    inputShape,
    outputShape: [sizeOf(inputShape)],
    apply: (_weights, x) => tf.reshape(x, [x.shape[0]!, sizeOf(inputShape)]),
    pull: (_weights, x, signal) => tf.reshape(signal, x.shape),
    prepare: () => [],
    push: (_weights, _probes, dh) => alias(dh!),
  });
}
