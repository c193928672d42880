// Influence functions from tangent kernels, against the same in the space of weights, and against leaving out exactly.
import { describe, expect, it } from "vitest";
import { lossOf, lossSlope, softmax } from "../../../src/lab/double/loss.ts";
import { dealt, doubleNetwork, gradientOf, scoresOf } from "../../../src/lab/double/network.ts";
import { hessianInfluence } from "../../../src/lab/studies/sensitivity/hessian.ts";
import { influence, type InfluenceLoss } from "../../../src/lab/studies/sensitivity/influence.ts";
import { conjugateGradients } from "../../../src/math/conjugateGradients.ts";
import { leaveOneOut } from "../../../src/math/leaveOneOut.ts";
import { gram, type DoubleMatrix } from "../../../src/math/matrix.ts";
import { rng } from "../../../src/math/rng.ts";
import { noise } from "../../helpers/matrices.ts";

const breathe = (): Promise<void> => Promise.resolve();
const [m, z, inputs, outputs] = [7, 4, 5, 3];
const labels = Array.from({ length: m + z }, (_, at) => (at * 5 + 1) % outputs);
const points = Array.from({ length: m + z }, (_, row) =>
  noise(m + z, inputs, 2).data.subarray(row * inputs, (row + 1) * inputs),
);

/** Rows of J: the gradients of every score of every example by all weights, in double precision. */
function jacobian() {
  const net = doubleNetwork(
    [{ kind: "dense", width: 6 }, { kind: "tanh" }, { kind: "dense", width: outputs }],
    [inputs],
  );
  const draws = rng(5).fork("weights");
  const flat = net.layers.flatMap(({ weightSizes }) =>
    weightSizes.map((size) => Float64Array.from({ length: size }, () => 0.7 * draws.normal())),
  );
  const weights = dealt(net, flat);
  const rows = points.flatMap((x) =>
    Array.from({ length: outputs }, (_, k) => {
      const unit = Array.from({ length: outputs }, (_own, l) => (l === k ? 1 : 0));
      return Float64Array.from(
        gradientOf(net, weights, x, unit)
          .weights.flat()
          .flatMap((part) => Array.from(part)),
      );
    }),
  );
  return { rows, scores: points.map((x) => Array.from(scoresOf(net, weights, x))) };
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
};
const block = (rows: readonly Float64Array[], columns: readonly Float64Array[]): DoubleMatrix => ({
  rows: rows.length,
  columns: columns.length,
  data: Float64Array.from(rows.flatMap((row) => columns.map((column) => dot(row, column)))),
});
const matrix = (rows: readonly (readonly number[])[]): DoubleMatrix => ({
  rows: rows.length,
  columns: rows[0]!.length,
  data: Float64Array.from(rows.flat()),
});

function inputOf(loss: InfluenceLoss, damping: number) {
  const { rows, scores } = jacobian();
  const train = rows.slice(0, m * outputs);
  return {
    rows,
    scores,
    given: {
      kernel: block(train, train),
      cross: block(rows.slice(m * outputs), train),
      trainScores: matrix(scores.slice(0, m)),
      testScores: matrix(scores.slice(m)),
      trainLabels: labels.slice(0, m),
      testLabels: labels.slice(m),
      loss,
      damping,
      breathe,
    },
  };
}

/** H of one example by its scores. */
const hessian = (loss: InfluenceLoss, scores: readonly number[]): number[][] => {
  const p = softmax(scores);
  return scores.map((_, k) =>
    scores.map((_own, l) => (loss === "squared-error" ? Number(k === l) : p[k]! * (Number(k === l) - p[l]!))),
  );
};

describe.each(["cross-entropy", "squared-error"] as const)("influence functions, %s", (loss) => {
  const damping = 0.03;
  const { rows, scores, given } = inputOf(loss, damping);
  const size = rows[0]!.length;
  const gradient = (example: number): Float64Array => {
    const slope = lossSlope(loss, scores[example]!, labels[example]!);
    return Float64Array.from({ length: size }, (_, at) =>
      slope.reduce((sum, value, k) => sum + value * rows[example * outputs + k]![at]!, 0),
    );
  };
  /** v -> (G + damping I) v by Gauss-Newton-vector products over some of the examples, G of a mean over all m. */
  const product =
    (examples: readonly number[]) =>
    (v: Float64Array): Float64Array => {
      const made = v.map((value) => damping * value);
      for (const example of examples) {
        const own = rows.slice(example * outputs, (example + 1) * outputs);
        const moved = own.map((row) => dot(row, v));
        hessian(loss, scores[example]!).forEach((line, k) => {
          const weight = dot(line, moved) / m;
          own[k]!.forEach((value, at) => (made[at]! += weight * value));
        });
      }
      return made;
    };
  const all = Array.from({ length: m }, (_, i) => i);

  it.each(["Cholesky", "conjugate gradients"] as const)("are those of the space of weights, by %s", async (solver) => {
    const made = await influence({ ...given, solver, estimate: "influence functions" });
    for (const i of all) {
      const { x } = conjugateGradients(product(all), gradient(i), { tolerance: 1e-13 });
      for (let at = 0; at < z; at++) expect(made.changes.data[i * z + at]).toBeCloseTo(dot(gradient(m + at), x) / m, 8);
    }
    expect(made.residual).toBeLessThan(1e-9);
  });

  it("one Newton step is the Gauss-Newton step on the loss without the example", async () => {
    const made = await influence({ ...given, solver: "Cholesky", estimate: "one Newton step" });
    for (const i of all) {
      const rest = all.filter((other) => other !== i);
      const { x } = conjugateGradients(product(rest), gradient(i), { tolerance: 1e-13 });
      for (let at = 0; at < z; at++) {
        const before = scores[m + at]!;
        const after = before.map((score, k) => score + dot(rows[(m + at) * outputs + k]!, x) / m);
        const change = lossOf(loss, after, labels[m + at]!) - lossOf(loss, before, labels[m + at]!);
        expect(made.changes.data[i * z + at]).toBeCloseTo(change, 8);
      }
    }
  });
});

/** The same network in single precision's numbers, by its facts, as the engine gives them. */
describe("influence functions with the whole Hessian", () => {
  const net = doubleNetwork(
    [{ kind: "dense", width: 4 }, { kind: "tanh" }, { kind: "dense", width: outputs }],
    [inputs],
  );
  const draws = rng(6).fork("weights");
  const single = net.layers.flatMap(({ weightSizes }) =>
    weightSizes.map((size) => Float32Array.from({ length: size }, () => 0.5 * draws.normal())),
  );
  const given = {
    layers: [
      { kind: "dense", inputShape: [inputs], outputShape: [4] },
      { kind: "tanh", inputShape: [4], outputShape: [4] },
      { kind: "dense", inputShape: [4], outputShape: [outputs] },
    ],
    weights: single,
    // As many as span the inputs, so that the weights below need no span.
    trainInputs: points.slice(0, m).map((x) => Float32Array.from(x)),
    testInputs: points.slice(m).map((x) => Float32Array.from(x)),
    trainLabels: labels.slice(0, m),
    testLabels: labels.slice(m),
    loss: "cross-entropy" as const,
    // Far from a minimum: what keeps the Hessian positive.
    damping: 2,
    breathe,
  };
  const at = single.flatMap((part) => Array.from(part));
  const sizes = net.layers.flatMap(({ weightSizes }) => weightSizes);
  const cut = (flat: readonly number[]): number[][] => {
    let from = 0;
    return sizes.map((size) => flat.slice(from, (from += size)));
  };
  const gradient = (flat: readonly number[], example: number): number[] => {
    const weights = dealt(net, cut(flat));
    const x = Float32Array.from(points[example]!);
    const slope = lossSlope("cross-entropy", scoresOf(net, weights, x), labels[example]!);
    return gradientOf(net, weights, x, slope)
      .weights.flat()
      .flatMap((part) => Array.from(part));
  };
  /** v -> (H + damping I) v of some examples, over m: central differences in the space of all weights. */
  const product =
    (examples: readonly number[]) =>
    (v: Float64Array): Float64Array => {
      const moved = (sign: number) => at.map((value, place) => value + sign * 1e-5 * v[place]!);
      const made = v.map((value) => given.damping * value);
      for (const example of examples) {
        const [up, down] = [gradient(moved(1), example), gradient(moved(-1), example)];
        up.forEach((value, place) => (made[place]! += (value - down[place]!) / 2e-5 / m));
      }
      return made;
    };
  const all = Array.from({ length: m }, (_, i) => i);
  const lossAt = (flat: readonly number[], z: number): number =>
    lossOf("cross-entropy", scoresOf(net, dealt(net, cut(flat)), Float32Array.from(points[m + z]!)), labels[m + z]!);

  it.each(["Cholesky", "conjugate gradients"] as const)(
    "are (1/m) g_z' A^-1 g_i of all weights, by %s",
    async (solver) => {
      const made = await hessianInfluence({ ...given, solver, estimate: "influence functions" });
      for (const i of all) {
        const { x } = conjugateGradients(product(all), Float64Array.from(gradient(at, i)), { tolerance: 1e-10 });
        for (let test = 0; test < z; test++)
          expect(made.changes.data[i * z + test]).toBeCloseTo(dot(gradient(at, m + test), x) / m, 6);
      }
    },
  );

  it("one Newton step goes down the loss without the example, and is evaluated in the network", async () => {
    const made = await hessianInfluence({ ...given, solver: "Cholesky", estimate: "one Newton step" });
    for (const i of all) {
      const rest = all.filter((other) => other !== i);
      const { x } = conjugateGradients(product(rest), Float64Array.from(gradient(at, i)), { tolerance: 1e-10 });
      const after = at.map((value, place) => value + x[place]! / m);
      for (let test = 0; test < z; test++)
        expect(made.changes.data[i * z + test]).toBeCloseTo(lossAt(after, test) - lossAt(at, test), 6);
    }
  });

  it("refuses what is not near a minimum", async () => {
    const far = hessianInfluence({ ...given, damping: -5, solver: "Cholesky", estimate: "influence functions" });
    await expect(far).rejects.toThrow("not positive definite");
  });
});

it("one Newton step leaves out exactly where the network is linear and its loss square", async () => {
  const decay = 0.2;
  const rows = matrix(points.map((x) => [...x, 1]));
  const plain = gram(rows);
  const cell = (i: number, j: number): number => plain.data[i * (m + z) + j]!;
  const kernelOf = (from: number, count: number): DoubleMatrix =>
    matrix(Array.from({ length: count }, (_, i) => Array.from({ length: m }, (_own, j) => cell(from + i, j))));
  const targets = matrix(
    labels.slice(0, m).map((label) => Array.from({ length: outputs }, (_, k) => Number(k === label))),
  );
  // Mean loss and decay: sum of losses and m decay.
  const all = leaveOneOut(kernelOf(0, m), { ridge: m * decay, targets, cross: kernelOf(0, m + z) });
  /** The kernel of every output with itself alone. */
  const spread = ({ rows: count, data }: DoubleMatrix): DoubleMatrix => ({
    rows: count * outputs,
    columns: m * outputs,
    data: Float64Array.from({ length: count * outputs * m * outputs }, (_, at) => {
      const [row, column] = [Math.floor(at / (m * outputs)), at % (m * outputs)];
      const same = row % outputs === column % outputs;
      return same ? data[Math.floor(row / outputs) * m + Math.floor(column / outputs)]! : 0;
    }),
  });
  const scoresOfRows = (from: number, count: number): DoubleMatrix => ({
    rows: count,
    columns: outputs,
    data: all.predictions.data.slice(from * outputs, (from + count) * outputs),
  });
  const { changes } = await influence({
    kernel: spread(kernelOf(0, m)),
    cross: spread(kernelOf(m, z)),
    trainScores: scoresOfRows(0, m),
    testScores: scoresOfRows(m, z),
    trainLabels: labels.slice(0, m),
    testLabels: labels.slice(m),
    loss: "squared-error",
    damping: decay,
    estimate: "one Newton step",
    solver: "Cholesky",
    breathe,
  });
  const lossAt = (scores: DoubleMatrix, row: number): number =>
    lossOf("squared-error", scores.data.slice(row * outputs, (row + 1) * outputs), labels[row]!);
  for (let i = 0; i < m; i++)
    for (let at = 0; at < z; at++) {
      const truth = lossAt(all.without(i), m + at) - lossAt(all.predictions, m + at);
      expect(changes.data[i * z + at]).toBeCloseTo(truth, 11);
    }
});

it("refuses kernels that do not fit", async () => {
  const { given } = inputOf("cross-entropy", 0.1);
  await expect(
    influence({ ...given, kernel: noise(5, 5, 1), estimate: "influence functions", solver: "Cholesky" }),
  ).rejects.toThrow("Kernels of 5 and of 12 x 21 do not fit 7 training and 4 test examples with 3 outputs.");
});
