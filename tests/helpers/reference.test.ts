// The reference itself, held to finite differences: whoever watches the lab must be watched too.
import { describe, expect, it } from "vitest";
import { rng } from "../../src/math/rng.ts";
import { dot, finiteDifferences, relativeError } from "./compare.ts";
import {
  dealt,
  gradientOf,
  literalChange,
  lossOf,
  lossSlope,
  referenceLayer,
  referenceNetwork,
  scoresOf,
  type LayerSpec,
} from "./reference.ts";
import { normals, toyNetworks } from "./toy.ts";

const shape = [6, 5, 2];
const kinds: readonly (readonly [LayerSpec, readonly number[]])[] = [
  [{ kind: "dense", width: 3 }, [7]],
  [{ kind: "conv", channels: 3, kernel: 3 }, shape],
  [{ kind: "conv", channels: 2, kernel: 4, stride: 3 }, shape],
  [{ kind: "conv", channels: 2, kernel: 2, padding: "valid", stride: 2 }, shape],
  [{ kind: "max-pool" }, shape],
  [{ kind: "max-pool", size: 3, stride: 2, padding: "same" }, shape],
  [{ kind: "average-pool", size: 3, stride: 2, padding: "same" }, shape],
  [{ kind: "residual", inner: [{ kind: "conv", channels: 2, kernel: 3 }, { kind: "tanh" }] }, shape],
  [{ kind: "flatten" }, shape],
  [{ kind: "relu" }, [9]],
  [{ kind: "tanh" }, [9]],
  [{ kind: "sigmoid" }, [9]],
  [{ kind: "gelu" }, [9]],
];

describe.each(kinds)("reference layer %o", (spec, inputShape) => {
  const layer = referenceLayer(spec, inputShape);
  const random = rng(7).fork(JSON.stringify(spec));
  const inputSize = inputShape.reduce((product, length) => product * length, 1);
  const outputSize = layer.outputShape.reduce((product, length) => product * length, 1);
  const weights = layer.weightSizes.map((length) => normals(random, length));
  const x = normals(random, inputSize);
  const signal = normals(random, outputSize);

  it("pulls a signal back as finite differences do", () => {
    const slopes = finiteDifferences((at) => dot(layer.apply(weights, at), signal), x);
    expect(relativeError(layer.pull(weights, x, signal), slopes)).toBeLessThan(1e-8);
  });

  it("has the gradient of finite differences", () => {
    const gradient = layer.gradient(weights, x, signal);
    expect(gradient).toHaveLength(weights.length);
    gradient.forEach((slope, part) => {
      const slopes = finiteDifferences(
        (changed) => dot(layer.apply(weights.with(part, changed as unknown as Float32Array<ArrayBuffer>), x), signal),
        weights[part]!,
      );
      expect(relativeError(slope, slopes)).toBeLessThan(1e-8);
    });
  });
});

describe("reference network", () => {
  it.each(["cross-entropy", "squared-error", "binary cross-entropy"] as const)("has the slope of its %s", (loss) => {
    const scores = normals(rng(3), 5, 2);
    const slopes = finiteDifferences((at) => lossOf(loss, at, 2), scores);
    expect(relativeError(lossSlope(loss, scores, 2), slopes)).toBeLessThan(1e-8);
  });

  it.each(Object.entries(toyNetworks))(
    "%s: a small step changes scores by the products of gradients",
    (_name, specs) => {
      const inputShape = [8, 8, 2];
      const net = referenceNetwork(specs, inputShape);
      const random = rng(11);
      const weights = dealt(
        net,
        net.layers.flatMap(({ weightSizes }) => weightSizes.map((length) => normals(random, length, 0.3))),
      );
      const [anchor, probe] = [normals(random, 128), normals(random, 128)];
      const eta = 1e-7;
      const [change] = literalChange(net, weights, { anchor: { x: anchor, label: 1 }, loss: "cross-entropy", eta }, [
        probe,
      ]);
      const slope = lossSlope("cross-entropy", scoresOf(net, weights, anchor), 1);
      const step = gradientOf(net, weights, anchor, slope).weights.flat();
      const firstOrder = [0, 1, 2, 3].map((output) => {
        const unit = [0, 1, 2, 3].map((other) => (other === output ? 1 : 0));
        const own = gradientOf(net, weights, probe, unit).weights.flat();
        return -eta * own.reduce((sum, part, at) => sum + dot(part, step[at]!), 0);
      });
      expect(relativeError(change!, firstOrder)).toBeLessThan(1e-4);
    },
  );
});
