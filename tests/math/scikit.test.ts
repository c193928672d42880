// Clusters and components against scikit-learn, where this machine has it.
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { kernelClusters, rowClusters } from "../helpers/clusters.ts";
import { gram } from "../../src/math/matrix.ts";
import { kernelComponents, principalComponents } from "../../src/math/spectrum.ts";
import { at, clumps, indefiniteKernel, noise } from "../helpers/matrices.ts";

const run = (python: string, program: string, input = ""): string | undefined => {
  const { status, stdout } = spawnSync(python, ["-c", program], { input, encoding: "utf8", maxBuffer: 2 ** 26 });
  return status === 0 ? stdout : undefined;
};

const python = ["python3", "/usr/bin/python3"].find((path) => run(path, "import sklearn") !== undefined);

/** Runs a program on `x`, an array made of the rows; it leaves its answer in `y`. */
function answer<T>(rows: readonly (readonly number[])[], program: string): T {
  const around = [
    "import json, sys, numpy as np",
    "x = np.array(json.load(sys.stdin))",
    program,
    "print(json.dumps(y))",
  ];
  const printed = run(python!, around.join("\n"), JSON.stringify(rows));
  if (printed === undefined) throw new Error(`Python could not run: ${program}`);
  return JSON.parse(printed) as T;
}

const rowsOf = (matrix: Parameters<typeof at>[0]): number[][] =>
  Array.from({ length: matrix.rows }, (_, i) => Array.from({ length: matrix.columns }, (_, j) => at(matrix, i, j)));

/** Columns agree up to their signs. */
function expectSameColumns(ours: number[][], theirs: number[][]): void {
  for (const column of ours[0]!.keys()) {
    const sign = Math.sign(ours.reduce((sum, row, i) => sum + row[column]! * theirs[i]![column]!, 0));
    for (const [i, row] of ours.entries()) expect(row[column]).toBeCloseTo(sign * theirs[i]![column]!, 7);
  }
}

describe.skipIf(python === undefined)("scikit-learn", () => {
  it("finds the same clusters of clumps, and no lower objective in noise", () => {
    const program = (k: number): string =>
      `from sklearn.cluster import KMeans\nm = KMeans(${k}, n_init=20, random_state=0, tol=0).fit(x)\ny = [m.inertia_, m.labels_.tolist()]`;
    for (const [points, k] of [
      [clumps(90, 5, 3, 1, 4), 3],
      [noise(120, 6, 2), 2],
    ] as const) {
      const [objective, labels] = answer<[number, number[]]>(rowsOf(points), program(k));
      const ours = kernelClusters(gram(points), k, { starts: 20 });
      expect(ours.objective).toBeLessThan(objective * (1 + 1e-9));
      expect(rowClusters(points, k, { starts: 20 }).objective / objective).toBeLessThan(1.005);
      if (k === 3)
        for (const [i, label] of labels.entries())
          for (const [j, other] of labels.entries()) expect(ours.labels[i] === ours.labels[j]).toBe(label === other);
    }
  });

  it("has the same principal components of rows and of kernels", () => {
    const points = noise(40, 7, 3);
    const rows = "from sklearn.decomposition import PCA\nm = PCA(3).fit(x)\n";
    const [scores, shares] = answer<[number[][], number[]]>(
      rowsOf(points),
      `${rows}y = [m.transform(x).tolist(), m.explained_variance_ratio_.tolist()]`,
    );
    const ours = principalComponents(points, 3);
    expectSameColumns(rowsOf(ours.scores), scores);
    for (const [r, share] of shares.entries()) expect(ours.shares[r]).toBeCloseTo(share, 10);
    const kernel = indefiniteKernel(40, 4);
    for (let i = 0; i < 40; i++) kernel.data[i * 41]! += 12;
    const embedded = answer<number[][]>(
      rowsOf(kernel),
      "from sklearn.decomposition import KernelPCA\ny = KernelPCA(2, kernel='precomputed').fit_transform(x).tolist()",
    );
    expectSameColumns(rowsOf(kernelComponents(kernel, 2).scores), embedded);
  });
});
