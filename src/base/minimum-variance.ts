/**
 * The least variance that weights which are none negative and sum to 1 can have: min wᵀCw on the simplex, C symmetric and positive
 * semi-definite. By exchanges between two weights, always from the one that adds most to the one that adds least, as in SMO. For a handful
 * of assets; it knows nothing of them.
 *
 *   g = Cw      from j = argmax g, w > 0, to i = argmin g:      t = (g_j − g_i) ÷ (C_ii + C_jj − 2C_ij),  at most w_j
 *
 * @source  pairs: J. Platt, "Sequential minimal optimization", Microsoft Research MSR-TR-98-14 (1998); the optimum of two assets:
 *          H. Markowitz, "Portfolio selection", Journal of Finance 7 (1952) 77-91
 */

/** Exchanges; convergence is geometric, and only a C that is all but singular needs more than some hundreds. */
const EXCHANGES_MAX = 20_000;
/** A difference of gradients that is rounding, relative to the largest variance. */
const GRADIENT_NEAR = 1e-12;

/** @param matrix  row-major n·n @returns  n weights; equal ones where nothing moves */
export function minimumVarianceWeights(matrix: Float64Array, n: number): Float64Array {
  const weights = new Float64Array(n).fill(1 / n);
  const gradient = new Float64Array(n);
  let scale = 0;
  for (let i = 0; i < n; i++) {
    scale = Math.max(scale, matrix[i * n + i]);
    for (let k = 0; k < n; k++) gradient[i] += matrix[i * n + k] * weights[k];
  }
  for (let done = 0; done < EXCHANGES_MAX; done++) {
    let to = 0;
    let from = -1;
    for (let k = 0; k < n; k++) {
      if (gradient[k] < gradient[to]) to = k;
      if (weights[k] > 0 && (from < 0 || gradient[k] > gradient[from])) from = k;
    }
    const slope = gradient[from] - gradient[to];
    if (!(slope > GRADIENT_NEAR * scale)) break;
    const curvature = matrix[to * n + to] + matrix[from * n + from] - 2 * matrix[to * n + from];
    // Two that move as one: the quieter takes all.
    const moved = curvature > 0 ? Math.min(weights[from], slope / curvature) : weights[from];
    weights[to] += moved;
    weights[from] -= moved;
    for (let k = 0; k < n; k++) gradient[k] += moved * (matrix[k * n + to] - matrix[k * n + from]);
  }
  return weights;
}

/** Standard deviation of Σ wᵢ·rᵢ: √(wᵀCw). */
export function deviationOf(matrix: Float64Array, n: number, weights: ArrayLike<number>): number {
  let variance = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) variance += weights[i] * matrix[i * n + j] * weights[j];
  return Math.sqrt(Math.max(0, variance));
}
