/**
 * A volatility of which a part is always that of a stressed time, so that margins rise by less when stress comes. Article 28(1)(b) of
 * Regulation (EU) 153/2013 asks central counterparties for a weight of at least 25 % of stressed observations; here they enter as if a
 * lookback were made of both kinds in that proportion:
 *
 *   σ² = (1 − w)·σ²(estimator) + w·σ²(stressed)
 *
 * Beyond the stressed level it answers less than the estimator alone; whoever does not want that takes the larger of the two.
 */
import type { VolatilityEstimator } from './volatility.ts';

/**
 * @param stressed  standard deviation of one interval's return in the stressed time
 * @param weight    w, 0 … 1; 0.25 is the regulation's least
 */
export function stressWeighted(estimator: VolatilityEstimator, stressed: number, weight: number): VolatilityEstimator {
  const blend = (sd: number, steps: number) => Math.sqrt((1 - weight) * sd * sd + weight * stressed * stressed * steps);
  return {
    observe: (logReturn) => estimator.observe(logReturn),
    get now() {
      return blend(estimator.now, 1);
    },
    forecast: (steps) => blend(estimator.forecast(steps), steps),
    get observations() {
      return estimator.observations;
    },
  };
}
