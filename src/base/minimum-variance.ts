/**
 * The least variance that weights which are none negative and sum to 1 can have: min wᵀCw on the simplex, C symmetric and positive
 * semi-definite. By exchanges between pairs of weights, each to its own optimum, until none gains: coordinate descent as in SMO. For a
 * handful of assets; it knows nothing of them.
 *
 *   exchange of i for j:  t = ((Cw)_j − (Cw)_i) ÷ (C_ii + C_jj − 2C_ij),  within −w_i ≤ t ≤ w_j
 *
 * @source  pairs: J. Platt, "Sequential minimal optimization", Microsoft Research MSR-TR-98-14 (1998); the two-asset optimum:
 *          H. Markowitz, "Portfolio selection", Journal of Finance 7 (1952) 77-91
 */

/** Sweeps over all pairs; convergence is geometric, and what is left after these is rounding unless C is all but singular. */
const SWEEPS_MAX = 500;
/** An exchange smaller than this changes no weight that anybody acts on. */
const SMALLEST = 1e-12;

/** @param matrix  row-major n·n @returns  n weights; equal ones where nothing moves */
export function minimumVarianceWeights(matrix: Float64Array, n: number): Float64Array {
  const weights = new Float64Array(n).fill(1 / n);
  for (let sweep = 0; sweep < SWEEPS_MAX; sweep++) {
    let largest = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) largest = Math.max(largest, exchange(matrix, n, weights, i, j));
    }
    if (largest < SMALLEST) break;
  }
  return weights;
}

/** Gives i what j has too much of, or the other way round; answers how much. */
function exchange(matrix: Float64Array, n: number, weights: Float64Array, i: number, j: number): number {
  let slope = 0;
  for (let k = 0; k < n; k++) slope += (matrix[j * n + k] - matrix[i * n + k]) * weights[k];
  const curvature = matrix[i * n + i] + matrix[j * n + j] - 2 * matrix[i * n + j];
  // Two assets that move as one: the cheaper in variance takes all, if there is one.
  const wanted = curvature > 0 ? slope / curvature : Math.sign(slope);
  const moved = Math.max(-weights[i], Math.min(weights[j], wanted));
  weights[i] += moved;
  weights[j] -= moved;
  return Math.abs(moved);
}

/** Standard deviation of Σ wᵢ·rᵢ: √(wᵀCw). */
export function deviationOf(matrix: Float64Array, n: number, weights: ArrayLike<number>): number {
  let variance = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) variance += weights[i] * matrix[i * n + j] * weights[j];
  return Math.sqrt(Math.max(0, variance));
}
