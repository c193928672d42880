// Separation and collapse of classes: a perfect simplex, a known classifier, and invariance under rotation and scale.
import { describe, expect, it } from "vitest";
import { accuracy, collapse, linearProbe, nearestMean, type ClassFeatures } from "../../src/math/collapse.ts";
import { rng } from "../../src/math/rng.ts";

const K = 4;

/** Samples around d_k = e_k - 1/K times a size each. */
function simplex({ spread, sizes = [1, 1, 1, 1], seed = 1 }: { spread: number; sizes?: number[]; seed?: number }) {
  const random = rng(seed);
  const classes = sizes.map((size, k) =>
    Float64Array.from(
      { length: 60 * K },
      (_, at) => size * ((at % K === k ? 1 : 0) - 1 / K) + spread * random.normal(),
    ),
  );
  return { classes, dimensions: K } satisfies ClassFeatures;
}

describe("collapse", () => {
  it("is complete for a simplex without spread", () => {
    const { within, norms, angle, angleGap, duality, disagreement } = collapse(simplex({ spread: 0 }));
    for (const value of [within, norms, angleGap, duality, disagreement]) expect(value).toBeLessThan(1e-6);
    expect(angle).toBeCloseTo(-1 / (K - 1), 9);
  });

  it("has NC1 = spread^2 (K - 1) / (K lambda), with lambda = 1 / K the scatter of the means along each direction", () => {
    const { within } = collapse(simplex({ spread: 0.01 }));
    const known = (0.01 ** 2 * (K - 1)) / K / (1 / K);
    expect(within / known).toBeGreaterThan(0.9);
    expect(within / known).toBeLessThan(1.1);
  });

  it("tells unequal norms, and angles that are not those of a simplex", () => {
    expect(collapse(simplex({ spread: 0, sizes: [1, 1, 1, 3] })).norms).toBeGreaterThan(0.2);
    const flat: ClassFeatures = {
      classes: [
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
      ].map((mean) => Float64Array.from({ length: 20 }, (_, at) => mean[at % 2]!)),
      dimensions: 2,
    };
    expect(collapse(flat).angleGap).toBeCloseTo(2 / 3, 9);
  });

  it("is the same in another unit and in turned coordinates", () => {
    const features = simplex({ spread: 0.2, sizes: [1, 2, 1, 1.5] });
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    const turned: ClassFeatures = {
      dimensions: K,
      classes: features.classes.map((own) =>
        own.map((value, at) => {
          const first = at - (at % K);
          if (at % K === 0) return 1e3 * (c * value - s * own[first + 2]!);
          return 1e3 * (at % K === 2 ? s * own[first]! + c * value : value);
        }),
      ),
    };
    const [a, b] = [collapse(features), collapse(turned)];
    for (const name of Object.keys(a) as (keyof typeof a)[]) expect(b[name]).toBeCloseTo(a[name], 6);
  });
});

describe("classifiers", () => {
  it.each([
    ["the nearest class mean", nearestMean],
    ["the linear probe", linearProbe],
  ])("of %s are right far apart, and at chance where classes are one", (_name, made) => {
    const apart = simplex({ spread: 0.02 });
    expect(accuracy(made(apart), simplex({ spread: 0.02, seed: 2 }))).toBe(1);
    const one = simplex({ spread: 1, sizes: [0, 0, 0, 0] });
    const chance = accuracy(made(one), simplex({ spread: 1, sizes: [0, 0, 0, 0], seed: 2 }));
    // 240 samples: four standard deviations.
    expect(Math.abs(chance - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / 240));
  });
});
