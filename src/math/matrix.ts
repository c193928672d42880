// Row-major matrices: what is checked before they are used, and the few products and scalings that kernels need.

/** A row-major matrix; `data[row * columns + column]`. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array | Float64Array;
}

/** A matrix in double precision, as everything here returns it. */
export interface DoubleMatrix extends Matrix {
  readonly data: Float64Array;
}

export const zeros = (rows: number, columns: number): DoubleMatrix => ({
  rows,
  columns,
  data: new Float64Array(rows * columns),
});

/** The numbers in double precision; the matrix's own array where it is that already. */
export const doubles = ({ data }: Matrix): Float64Array =>
  data instanceof Float64Array ? data : new Float64Array(data);

/** @throws RangeError where the matrix has not as many rows as columns */
export function checkSquare({ rows, columns }: Matrix, name: string): void {
  if (rows !== columns) throw new RangeError(`${name} has ${rows} rows and ${columns} columns but must be square.`);
}

/** @throws RangeError that names the first row with a number that is NaN or infinite, or says that there is none */
export function checkFinite({ rows, columns, data }: Matrix, name: string): void {
  if (rows === 0 || columns === 0) throw new RangeError(`${name} is empty: ${rows} rows, ${columns} columns.`);
  for (let at = 0; at < data.length; at++)
    if (!Number.isFinite(data[at]))
      throw new RangeError(`${name} holds ${data[at]} in row ${Math.floor(at / columns)}, column ${at % columns}.`);
}

/** How far from symmetric rounding may leave a matrix, as a share of its largest number. */
const asymmetry = 1e-10;

/** @throws RangeError where the matrix is empty, not square, not finite, or differs from its transpose by more than rounding */
export function checkSymmetric(matrix: Matrix, name: string): void {
  checkSquare(matrix, name);
  checkFinite(matrix, name);
  const { rows: n } = matrix;
  const data = doubles(matrix);
  const tolerance = asymmetry * largest(data);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const [lower, upper] = [data[i * n + j]!, data[j * n + i]!];
      if (Math.abs(lower - upper) > tolerance)
        throw new RangeError(`${name} is not symmetric: ${lower} at (${i}, ${j}) but ${upper} at (${j}, ${i}).`);
    }
}

/** The largest absolute value. */
export function largest(data: Float64Array): number {
  let most = 0;
  for (let at = 0; at < data.length; at++) most = Math.max(most, Math.abs(data[at]!));
  return most;
}

/**
 * (S + S') / 2 (He and Su 2020, Algorithm 1); NaN where either is.
 * @throws RangeError where S is not square
 */
export function symmetrised(matrix: Matrix): DoubleMatrix {
  checkSquare(matrix, "The matrix to make symmetric");
  const { rows: n } = matrix;
  const from = doubles(matrix);
  const to = new Float64Array(n * n);
  const block = 64;
  for (let top = 0; top < n; top += block)
    for (let left = 0; left <= top; left += block)
      for (let i = top; i < Math.min(n, top + block); i++)
        for (let j = left; j <= Math.min(i, left + block - 1); j++)
          to[i * n + j] = to[j * n + i] = (from[i * n + j]! + from[j * n + i]!) / 2;
  return { rows: n, columns: n, data: to };
}

/**
 * K_ij / sqrt(K_ii K_jj) (He and Su 2020, appendix A): cosines in feature space, the diagonal exactly 1.
 * @throws RangeError where K is not square, or that names the first row whose diagonal is not above 0
 */
export function normalised(matrix: Matrix): DoubleMatrix {
  checkSquare(matrix, "The kernel to normalise");
  const { rows: n } = matrix;
  const from = doubles(matrix);
  const lengths = Float64Array.from({ length: n }, (_, i) => {
    const own = from[i * n + i]!;
    if (!(own > 0)) throw new RangeError(`Row ${i} of the kernel cannot be normalised: its diagonal is ${own}.`);
    return Math.sqrt(own);
  });
  const to = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) to[i * n + j] = from[i * n + j]! / lengths[i]! / lengths[j]!;
    to[i * n + i] = 1;
  }
  return { rows: n, columns: n, data: to };
}

/** X X', [n, n] from [n, d]: the inner products of the rows. */
export function gram(matrix: Matrix): DoubleMatrix {
  const { rows: n, columns: d } = matrix;
  const x = doubles(matrix);
  const to = new Float64Array(n * n);
  // Rows four at a time against bands of rows that stay in the cache.
  const band = Math.max(1, Math.floor(32_768 / Math.max(1, d)));
  for (let top = 0; top < n; top += band)
    for (let i = top; i < n; i += 4) {
      const [a, b, c, e] = [0, 1, 2, 3].map((ahead) => Math.min(i + ahead, n - 1) * d) as [
        number,
        number,
        number,
        number,
      ];
      for (let j = top; j < Math.min(n, top + band, i + 4); j++) {
        let [ofA, ofB, ofC, ofE] = [0, 0, 0, 0];
        for (let at = 0, other = j * d; at < d; at++, other++) {
          const value = x[other]!;
          ofA += x[a + at]! * value;
          ofB += x[b + at]! * value;
          ofC += x[c + at]! * value;
          ofE += x[e + at]! * value;
        }
        const products = [ofA, ofB, ofC, ofE];
        for (let ahead = 0; ahead < Math.min(4, n - i); ahead++)
          to[(i + ahead) * n + j] = to[j * n + i + ahead] = products[ahead]!;
      }
    }
  return { rows: n, columns: n, data: to };
}

/** X', [d, n] from [n, d]. */
export function transposed(matrix: Matrix): DoubleMatrix {
  const { rows, columns } = matrix;
  const from = doubles(matrix);
  const to = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) to[j * rows + i] = from[i * columns + j]!;
  return { rows: columns, columns: rows, data: to };
}
