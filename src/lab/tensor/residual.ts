// The skip connection: what comes out of some layers, added to what went in. A sum is linear: its change is the sum of changes.
import { weightless, type LayerPlan } from "./layer.ts";
import { alias } from "./tf.ts";

/** x + inner(x); the inner layers must keep the shape. */
export const residual = (inner: readonly LayerPlan[]): LayerPlan[] => [...inner, add(inner.length)];

/** The layer's own part in the sum; the other summand is the network's to add, in all directions alike. */
function add(skip: number): LayerPlan {
  return (inputShape) => ({
    ...weightless,
    kind: "add",
    skip,
    inputShape,
    outputShape: inputShape,
    apply: (_weights, x) => alias(x),
    pull: (_weights, _x, signal) => alias(signal),
    prepare: () => [],
    push: (_weights, _probes, dh) => alias(dh!),
  });
}
