// Clusters in one go, for tests that have nothing else to do.
import * as clusters from "../../src/math/clusters.ts";
import type { ClusterOptions, Clusters, KernelClusters } from "../../src/math/clusters.ts";
import type { Matrix } from "../../src/math/matrix.ts";

export const rowClusters = (matrix: Matrix, k: number, options?: ClusterOptions): Clusters =>
  resultOf(clusters.rowClusters(matrix, k, options));

export const kernelClusters = (kernel: Matrix, k: number, options?: ClusterOptions): KernelClusters =>
  resultOf(clusters.kernelClusters(kernel, k, options));

function resultOf<T>(work: Generator<undefined, T>): T {
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}
