/**
 * Small dense symmetric matrices as row-major Float64Array of n·n: Cholesky's factor and eigenvalues, for covariances of a handful of
 * assets. Both triangles are given and are taken to be equal; only the lower one is read. No solving, no inverse, nothing sparse.
 */
import { fault } from './fault.ts';

/**
 * How far below 0 an eigenvalue may lie, relative to the trace, in a matrix that still counts as positive semi-definite. Entries in
 * float64 are off by 2^-53, sums of thousands of products by some 10^-14, rotations here by 10^-15·n; a matrix that is truly indefinite
 * because somebody wrote six decimals is off by 10^-7.
 */
export const SEMIDEFINITE_SLACK = 1e-12;
/** Below this share of its diagonal entry a pivot may be rounding of 0, since what earlier pivots lost is divided by them. */
const PIVOT_CLEAR = 2 ** -20;
/** For each row: what rotations and reflections may leave of an eigenvalue that is 0, or of a length, beside a diagonal of 1. */
const ROUNDING = 2 ** -50;
/** A diagonal entry below this counts as 0: what has decayed so far has products beside it that are subnormal and lost their digits. */
const VANISHED = 2 ** -960;
/** Cyclic sweeps converge quadratically; eight do for any n here, and a matrix that needs sixty is no matrix. */
const SWEEPS_MAX = 60;

/** Eigenvalues in ascending order, and unit eigenvectors: that of `values[k]` is column k, entries `vectors[i·n + k]`. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/**
 * Eigenvalues and eigenvectors by cyclic Jacobi rotations. Absolute error of a value about 10^-15·n·(largest).
 *
 * @throws  MATRIX_DOMAIN  an entry is not a finite number, or there are not n·n
 * @source  C. G. J. Jacobi, Crelles Journal 30 (1846) 51-94; G. H. Golub, C. F. Van Loan, Matrix Computations, 8.5
 */
export function eigenOfSymmetric(matrix: Float64Array, n: number): Eigen {
  if (matrix.length !== n * n || !matrix.every(Number.isFinite)) fault('MATRIX_DOMAIN', { n, entries: matrix.length });
  const a = new Float64Array(n * n);
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = matrix[i * n + j];
    vectors[i * n + i] = 1;
  }
  let turned = true;
  for (let sweep = 0; turned; sweep++) {
    if (sweep > SWEEPS_MAX) fault('MATRIX_DOMAIN', { n, sweeps: sweep });
    turned = false;
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) turned = rotate(a, vectors, n, p, q) || turned;
    }
  }
  return ascending(a, vectors, n);
}

/** Turns the plane (p, q) so that a[p, q] becomes 0. False where it was nothing beside its diagonal. */
function rotate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number): boolean {
  const off = a[p * n + q];
  const first = a[p * n + p];
  const second = a[q * n + q];
  if (Math.abs(first) + Math.abs(off) === Math.abs(first) && Math.abs(second) + Math.abs(off) === Math.abs(second)) return false;
  // tan of the smaller angle: t² + 2θt − 1 = 0; for θ beyond 2^500 its square is Infinity and t is 0, as it should.
  const theta = (second - first) / (2 * off);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const v = vectors[k * n + p];
    const w = vectors[k * n + q];
    vectors[k * n + p] = c * v - s * w;
    vectors[k * n + q] = s * v + c * w;
    if (k === p || k === q) continue;
    const x = a[k * n + p];
    const y = a[k * n + q];
    a[k * n + p] = a[p * n + k] = c * x - s * y;
    a[k * n + q] = a[q * n + k] = s * x + c * y;
  }
  a[p * n + p] = first - t * off;
  a[q * n + q] = second + t * off;
  a[p * n + q] = a[q * n + p] = 0;
  return true;
}

/** Columns of the eigenvectors in the order of their values; equal values keep their order. */
function ascending(a: Float64Array, vectors: Float64Array, n: number): Eigen {
  const order = Array.from({ length: n }, (_, k) => k).sort((j, k) => a[j * n + j] - a[k * n + k] || j - k);
  const sorted = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) sorted[i * n + k] = vectors[i * n + order[k]];
  }
  return { values: Float64Array.from(order, (k) => a[k * n + k]), vectors: sorted };
}

/** Eigenvalues in ascending order. Faults and source as `eigenOfSymmetric`. */
export function eigenvaluesSymmetric(matrix: Float64Array, n: number): Float64Array {
  return eigenOfSymmetric(matrix, n).values;
}

/** The smallest eigenvalue; negative: no covariance. Infinity for n = 0. */
export function smallestEigenvalue(matrix: Float64Array, n: number): number {
  return n === 0 ? Infinity : eigenvaluesSymmetric(matrix, n)[0];
}

/**
 * The lower triangle L with L·Lᵀ = A, diagonal ≥ 0; for any positive semi-definite A: an asset that follows from those before it has a
 * column of zeros.
 *
 * @returns  undefined where A has no such factor: an eigenvalue below −SEMIDEFINITE_SLACK·trace once the diagonal is scaled to 1, a
 *           negative diagonal, an entry beside a diagonal of 0, or something that is no finite number
 * @throws   MATRIX_DOMAIN  there are not n·n entries
 * @source   N. J. Higham, Accuracy and Stability of Numerical Algorithms, 10.1 and 10.3
 */
export function cholesky(matrix: Float64Array, n: number): Float64Array | undefined {
  if (matrix.length !== n * n) fault('MATRIX_DOMAIN', { n, entries: matrix.length });
  return definiteFactor(matrix, n) ?? semidefiniteFactor(matrix, n);
}

/** Row by row; undefined as soon as a pivot is not clearly positive, since it cannot tell rounding from indefiniteness. */
function definiteFactor(matrix: Float64Array, n: number): Float64Array | undefined {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * n + j];
      for (let k = 0; k < j; k++) rest -= factor[i * n + k] * factor[j * n + k];
      if (j < i) factor[i * n + j] = rest / factor[j * n + j];
      else if (rest > PIVOT_CLEAR * matrix[i * n + i] && rest < Infinity) factor[i * n + i] = Math.sqrt(rest);
      else return undefined;
    }
  }
  return factor;
}

/** By the eigenvalues, which do tell: √ of the matrix as V·√Λ, turned into a triangle by reflections from the right. */
function semidefiniteFactor(matrix: Float64Array, n: number): Float64Array | undefined {
  const scale = new Float64Array(n);
  for (let i = 0; i < n; i++) scale[i] = Math.sqrt(matrix[i * n + i]);
  const scaled = scaledToUnit(matrix, scale, n);
  if (scaled === undefined) return undefined;
  const { values, vectors } = eigenOfSymmetric(scaled, n);
  if (values[0] < -SEMIDEFINITE_SLACK * n) return undefined;
  const root = vectors.map((entry, at) => (values[at % n] > ROUNDING * n ? entry * Math.sqrt(values[at % n]) : 0));
  const factor = new Float64Array(n * n);
  for (let row = 0, used = 0; row < n; row++) {
    if (!reflect(root, n, row, used)) continue;
    for (let i = row; i < n; i++) factor[i * n + row] = scale[i] * root[i * n + used] + 0; // + 0: no −0
    used += 1;
  }
  return factor;
}

/** The matrix with rows and columns divided by `scale`, so that a quiet asset beside a wild one keeps its digits; 0 where vanished. */
function scaledToUnit(matrix: Float64Array, scale: Float64Array, n: number): Float64Array | undefined {
  const least = Math.sqrt(VANISHED);
  const scaled = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    if (!(scale[i] >= 0 && scale[i] < Infinity)) return undefined;
    for (let j = 0; j < i; j++) {
      const unit = matrix[i * n + j] / Math.max(scale[i], least) / Math.max(scale[j], least);
      // Of a vanished asset no entry is read, but one that is larger than its own scale allows was never a covariance.
      if (!(Math.abs(unit) <= 1 + SEMIDEFINITE_SLACK * n)) return undefined;
      if (scale[i] >= least && scale[j] >= least) scaled[i * n + j] = scaled[j * n + i] = unit;
    }
    scaled[i * n + i] = scale[i] >= least ? 1 : 0;
  }
  return scaled;
}

/** Reflects columns from `from` on so that `row` has all its length there in the first. False where it has none left. A. S. Householder. */
function reflect(root: Float64Array, n: number, row: number, from: number): boolean {
  let squares = 0;
  for (let k = from; k < n; k++) squares += root[row * n + k] * root[row * n + k];
  const length = Math.sqrt(squares);
  if (!(length > ROUNDING * n)) return false;
  // v = x ± length·e₁ with the sign that does not cancel; the first column is turned round afterwards where it came out negative.
  const first = root[row * n + from];
  const sign = first < 0 ? -1 : 1;
  const axis = root.slice(row * n + from, row * n + n);
  axis[0] += sign * length;
  const half = length * (length + Math.abs(first));
  for (let i = row; i < n; i++) {
    let along = 0;
    for (let k = from; k < n; k++) along += root[i * n + k] * axis[k - from];
    for (let k = from; k < n; k++) root[i * n + k] -= (along / half) * axis[k - from];
    root[i * n + from] *= -sign;
  }
  root[row * n + from] = length;
  return true;
}
