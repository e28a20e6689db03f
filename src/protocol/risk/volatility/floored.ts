/**
 * A volatility that never falls below a floor, so that a long calm does not lower margins to what the first storm then multiplies: in the
 * spirit of article 28(1)(c) of Regulation (EU) 153/2013, whose floor is the volatility of ten years; here the user's prior stands for it.
 */
import type { VolatilityEstimator } from './volatility.ts';

/** Never below `floor`, the standard deviation of one interval's return, and √steps of it. */
export function floored(estimator: VolatilityEstimator, floor: number): VolatilityEstimator {
  return {
    observe: (logReturn) => estimator.observe(logReturn),
    get now() {
      return Math.max(estimator.now, floor);
    },
    forecast: (steps) => Math.max(estimator.forecast(steps), floor * Math.sqrt(steps)),
    get observations() {
      return estimator.observations;
    },
  };
}
