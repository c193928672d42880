// Groups of alike rows: K-means on the rows of a matrix, and kernel K-means on a similarity matrix that need not be positive.
import { kmeans } from "ml-kmeans";
import { checkFinite, checkSymmetric, doubles, largest, type Matrix } from "./matrix.ts";
import { rng, type Rng } from "./rng.ts";

export interface Clusters {
  /** The cluster of each row, numbered in the order in which the rows first name them. */
  readonly labels: Uint8Array;
  /** Within-cluster sum of squared distances to the means, in feature space where a kernel is given. */
  readonly objective: number;
}

export interface KernelClusters extends Clusters {
  /** Objective of the kept start at its first labels and after every iteration; it never rises. */
  readonly history: readonly number[];
  /** Iterations of the kept start, each a step of all rows or a move of one. */
  readonly iterations: number;
  /** Starts, the kept one among them, that ended within a millionth of what the clusters gain over a single one. */
  readonly agreeing: number;
}

export interface ClusterOptions {
  /** Any 32-bit unsigned integer; 0 by default. */
  readonly seed?: number;
  /** Independent starts, of which the lowest objective is kept; 10 by default. */
  readonly starts?: number;
}

/**
 * K-means (Lloyd 1982, from k-means++ starts), by ml-kmeans; yields after every start, so that others get their turn.
 * @param matrix [n, d], a point a row @param k number of clusters, 1 to 256
 * @throws RangeError where k is not in 1 .. n, fewer than k rows differ, or a number is NaN or infinite
 */
export function* rowClusters(
  matrix: Matrix,
  k: number,
  { seed = 0, starts = 10 }: ClusterOptions = {},
): Generator<undefined, Clusters> {
  checkFinite(matrix, "The matrix of rows to cluster");
  checkCounts(matrix.rows, k, starts);
  const { rows: n, columns: d } = matrix;
  const rows = Array.from({ length: n }, (_, i) => Array.from(matrix.data.subarray(i * d, (i + 1) * d)));
  checkDistinct(rows, k);
  const stream = rng(seed).fork("K-means");
  let best: Clusters | undefined;
  for (let start = 0; start < starts; start++) {
    // Its own tolerance is a length; 0 has it go on until no centre moves, whatever the units.
    const { clusters } = kmeans(rows, k, {
      seed: stream.fork(start).below(2 ** 31),
      tolerance: 0,
      maxIterations: 300,
    });
    const objective = scatter(rows, clusters, k);
    if (best === undefined || objective < best.objective) best = { labels: inOrder(clusters), objective };
    yield;
  }
  return best!;
}

/** Within-cluster sum of squared distances to the means. */
function scatter(rows: readonly (readonly number[])[], labels: ArrayLike<number>, k: number): number {
  const d = rows[0]!.length;
  const means = new Float64Array(k * d);
  const sizes = new Float64Array(k);
  for (const [i, row] of rows.entries()) {
    sizes[labels[i]!]! += 1;
    for (let at = 0, to = labels[i]! * d; at < d; at++, to++) means[to]! += row[at]!;
  }
  for (let at = 0; at < means.length; at++) means[at]! /= sizes[Math.floor(at / d)]!;
  let sum = 0;
  for (const [i, row] of rows.entries())
    for (let at = 0, of = labels[i]! * d; at < d; at++, of++) sum += (row[at]! - means[of]!) ** 2;
  return sum;
}

/**
 * Kernel K-means: the labels with k clusters, none empty, of the lowest
 *
 *     sum_i K_ii - sum_c (1 / |c|) sum_(i, j in c) K_ij
 *
 * that several kernel k-means++ starts lead to. For K = X X' this is the objective of K-means on the rows of X. K need not be
 * positive: then a step of all rows to their nearest means (Dhillon, Guan and Kulis 2004) may raise the objective, as it may empty
 * a cluster; such a step is not taken, but the single move that lowers the objective most (Hartigan 1975), until no move does.
 * @param kernel [n, n], symmetric @param k number of clusters, 1 to 256
 * @throws RangeError where k is not in 1 .. n, or the kernel is not square, symmetric and finite
 */
export function* kernelClusters(
  kernel: Matrix,
  k: number,
  { seed = 0, starts = 10 }: ClusterOptions = {},
): Generator<undefined, KernelClusters> {
  checkSymmetric(kernel, "The kernel to cluster");
  checkCounts(kernel.rows, k, starts);
  const { rows: n } = kernel;
  const numbers = doubles(kernel);
  const stream = rng(seed).fork("kernel K-means");
  const ends: Pick<KernelClusters, "labels" | "history" | "objective">[] = [];
  for (let start = 0; start < starts; start++) {
    const partition = new Partition(numbers, n, k, seeded(numbers, n, k, stream.fork(start)));
    const history = [partition.objective];
    for (let lowered = true; lowered;) {
      lowered = false;
      for (const lower of [() => partition.stepAll(), () => partition.moveOne()])
        for (; lower(); lowered = true) history.push(partition.objective);
    }
    ends.push({ labels: partition.labels, history, objective: partition.objective });
    yield;
  }
  const best = ends.reduce((lowest, end) => (end.objective < lowest.objective ? end : lowest));
  const gain = Math.abs(new Partition(numbers, n, 1, new Uint8Array(n)).objective - best.objective);
  const near = best.objective + 1e-6 * gain + rounding * n * largest(numbers);
  return {
    labels: inOrder(best.labels),
    objective: best.objective,
    history: best.history,
    iterations: best.history.length - 1,
    agreeing: ends.filter(({ objective }) => objective <= near).length,
  };
}

/** What a change of the objective must exceed to be one, as a share of n times the kernel's largest number. */
const rounding = 1e-12;

/** Labels in the making, with the sums of the kernel over clusters that tell what a change of label is worth. */
class Partition {
  objective = 0;
  labels: Uint8Array;
  /** Rows of each cluster. */
  private sizes: Float64Array;
  /** [k, n]: sum of the kernel over the cluster's rows, for every row. */
  private shared: Float64Array;
  /** Sum of the kernel over pairs of the cluster's rows. */
  private within: Float64Array;
  private readonly least: number;
  private readonly trace: number;

  constructor(
    private readonly kernel: Float64Array,
    private readonly n: number,
    private readonly k: number,
    labels: Uint8Array,
  ) {
    this.least = rounding * n * largest(kernel);
    let trace = 0;
    for (let i = 0; i < n; i++) trace += kernel[i * n + i]!;
    this.trace = trace;
    ({ sizes: this.sizes, shared: this.shared, within: this.within } = this.sums(labels));
    this.labels = labels;
    this.objective = this.objectiveOf(this.sizes, this.within);
  }

  /** Every row to its nearest mean at once. @returns whether that was done: whether it lowers the objective and empties nothing */
  stepAll(): boolean {
    const { n, k, sizes, shared, within } = this;
    const labels = this.labels.slice();
    for (let i = 0; i < n; i++) {
      let nearest = Infinity;
      for (let c = 0; c < k; c++) {
        // Less K_ii, which is the same for all.
        const distance = (within[c]! / sizes[c]! - 2 * shared[c * n + i]!) / sizes[c]!;
        if (distance < nearest) [nearest, labels[i]] = [distance, c];
      }
    }
    const sums = this.sums(labels);
    const objective = this.objectiveOf(sums.sizes, sums.within);
    if (sums.sizes.includes(0) || !(objective < this.objective - this.least)) return false;
    Object.assign(this, sums, { labels, objective });
    return true;
  }

  /** The one row that gains most by another label gets it. @returns false where no row gains by any, but for rounding */
  moveOne(): boolean {
    const { kernel, n, k, sizes, shared, within, labels } = this;
    let best = -this.least;
    let [row, target] = [-1, -1];
    for (let i = 0; i < n; i++) {
      const from = labels[i]!;
      const size = sizes[from]!;
      if (size === 1) continue;
      const own = kernel[i * n + i]!;
      const leaving = within[from]! / size - (within[from]! - 2 * shared[from * n + i]! + own) / (size - 1);
      for (let to = 0; to < k; to++) {
        if (to === from) continue;
        const entering = within[to]! / sizes[to]! - (within[to]! + 2 * shared[to * n + i]! + own) / (sizes[to]! + 1);
        if (leaving + entering < best) [best, row, target] = [leaving + entering, i, to];
      }
    }
    if (row < 0) return false;
    const from = labels[row]!;
    const own = kernel[row * n + row]!;
    within[from]! += own - 2 * shared[from * n + row]!;
    within[target]! += own + 2 * shared[target * n + row]!;
    for (let j = 0; j < n; j++) {
      shared[from * n + j]! -= kernel[row * n + j]!;
      shared[target * n + j]! += kernel[row * n + j]!;
    }
    sizes[from]! -= 1;
    sizes[target]! += 1;
    labels[row] = target;
    this.objective = this.objectiveOf(sizes, within);
    return true;
  }

  private sums(labels: Uint8Array): { sizes: Float64Array; shared: Float64Array; within: Float64Array } {
    const { kernel, n, k } = this;
    const sizes = new Float64Array(k);
    const shared = new Float64Array(k * n);
    const within = new Float64Array(k);
    for (let i = 0; i < n; i++) {
      sizes[labels[i]!]! += 1;
      for (let j = 0, to = labels[i]! * n, of = i * n; j < n; j++, to++, of++) shared[to]! += kernel[of]!;
    }
    for (let i = 0; i < n; i++) within[labels[i]!]! += shared[labels[i]! * n + i]!;
    return { sizes, shared, within };
  }

  private objectiveOf(sizes: Float64Array, within: Float64Array): number {
    let kept = 0;
    for (let c = 0; c < sizes.length; c++) if (sizes[c]! > 0) kept += within[c]! / sizes[c]!;
    return this.trace - kept;
  }
}

/**
 * First labels by k-means++ (Arthur and Vassilvitskii 2007): rows drawn in proportion to their squared distance
 * K_ii + K_jj - 2 K_ij, 0 where that is negative, from those drawn before; every row then joins the nearest drawn one.
 */
function seeded(kernel: Float64Array, n: number, k: number, stream: Rng): Uint8Array {
  const labels = new Uint8Array(n);
  const nearest = new Float64Array(n).fill(Infinity);
  const drawn = new Set<number>();
  for (let c = 0; c < k; c++) {
    const centre = drawn.size === 0 ? stream.below(n) : drawFrom(nearest, drawn, stream);
    drawn.add(centre);
    for (let i = 0; i < n; i++) {
      const apart = kernel[i * n + i]! + kernel[centre * n + centre]! - 2 * kernel[centre * n + i]!;
      if (i === centre || (!drawn.has(i) && apart < nearest[i]!)) [nearest[i], labels[i]] = [apart, c];
    }
  }
  return labels;
}

/** A row not drawn yet, in proportion to its weight where that is positive, any where none is. */
function drawFrom(weights: Float64Array, drawn: ReadonlySet<number>, stream: Rng): number {
  const rest = Array.from(weights.keys()).filter((i) => !drawn.has(i));
  const total = rest.reduce((sum, i) => sum + Math.max(0, weights[i]!), 0);
  let left = stream.uniform(0, total);
  for (const i of rest) {
    left -= Math.max(0, weights[i]!);
    if (left < 0) return i;
  }
  return stream.pick(rest);
}

/** Clusters renumbered in the order in which the rows first name them. */
function inOrder(labels: ArrayLike<number>): Uint8Array {
  const numbers = new Map<number, number>();
  return Uint8Array.from(labels, (label) => {
    if (!numbers.has(label)) numbers.set(label, numbers.size);
    return numbers.get(label)!;
  });
}

function checkCounts(n: number, k: number, starts: number): void {
  if (!Number.isInteger(k) || k < 1 || k > Math.min(n, 256))
    throw new RangeError(`${k} clusters are asked for of ${n} rows (at most 256, and one for each row).`);
  if (!Number.isInteger(starts) || starts < 1) throw new RangeError(`${starts} starts are asked for, not 1 or more.`);
}

function checkDistinct(rows: readonly (readonly number[])[], k: number): void {
  const distinct: (readonly number[])[] = [];
  for (const row of rows) {
    if (distinct.length === k) return;
    if (!distinct.some((other) => other.every((value, at) => value === row[at]))) distinct.push(row);
  }
  if (distinct.length < k)
    throw new RangeError(`${k} clusters are asked for, but only ${distinct.length} of the ${rows.length} rows differ.`);
}
