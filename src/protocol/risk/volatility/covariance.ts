/**
 * Exponentially weighted covariance of several assets' returns at equal intervals, means taken as 0; one weight for all, which keeps it
 * positive semi-definite: every update adds a square.
 *
 *   C(next) = λ·C + (1 − λ)·r·rᵀ        C = r·rᵀ after the first, or λ·P + (1 − λ)·r·rᵀ where there is a prior P
 *
 * Without a prior it has no more independent directions than returns were observed: after one, all correlations are ±1.
 */
import { fault } from '../../../base/fault.ts';
import { checkReturn } from './volatility.ts';

export interface CovarianceEstimator {
  /** Vectors of returns observed. */
  readonly observations: number;
  /** Row-major assets·assets, symmetric to the bit: the live buffer, to be read only. */
  readonly matrix: Float64Array;
  /**
   * One more interval's log-returns, one for each asset.
   *
   * @throws  COVARIANCE_ASSETS  their number is another · VOLATILITY_RETURN  one is no finite number
   */
  observe(returns: Float64Array): void;
  /** −1 … 1; 0 where one of the two has not moved yet. */
  correlation(i: number, j: number): number;
  /** Standard deviation of the asset's next return. */
  deviation(i: number): number;
}

/**
 * @param lambda  weight of the past, 0 ≤ λ < 1
 * @param prior   row-major covariance before the first return; it fades like everything older
 */
export function createCovariance(assets: number, lambda: number, prior?: Float64Array): CovarianceEstimator {
  if (prior !== undefined && prior.length !== assets * assets) fault('COVARIANCE_ASSETS', { assets, prior: prior.length });
  const matrix = prior === undefined ? new Float64Array(assets * assets) : Float64Array.from(prior);
  let count = 0;
  return {
    matrix,
    get observations() {
      return count;
    },
    observe(returns) {
      if (returns.length !== assets) fault('COVARIANCE_ASSETS', { assets, returns: returns.length });
      for (let i = 0; i < assets; i++) checkReturn(returns[i]);
      const past = count === 0 && prior === undefined ? 0 : lambda;
      const fresh = 1 - past;
      for (let i = 0; i < assets; i++) {
        const weighted = fresh * returns[i];
        for (let j = 0; j <= i; j++) {
          const entry = past * matrix[i * assets + j] + weighted * returns[j];
          matrix[i * assets + j] = entry;
          matrix[j * assets + i] = entry;
        }
      }
      count += 1;
    },
    correlation(i, j) {
      if (i === j) return 1;
      const scale = Math.sqrt(matrix[i * assets + i]) * Math.sqrt(matrix[j * assets + j]);
      return scale > 0 ? Math.min(1, Math.max(-1, matrix[i * assets + j] / scale)) : 0;
    },
    deviation: (i) => Math.sqrt(matrix[i * assets + i]),
  };
}
