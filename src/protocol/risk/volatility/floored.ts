/**
 * A volatility that never falls below a floor, so that a long calm does not lower margins to what the first storm then multiplies. The
 * floor is a number, or a share of another estimator, of a longer memory: what article 28(1)(c) of Regulation (EU) 153/2013 asks of
 * central counterparties is the whole of one that looks back ten years.
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

/** Never below `share` of what `longRun` says; both observe every return. */
export function flooredByLongRun(estimator: VolatilityEstimator, longRun: VolatilityEstimator, share = 1): VolatilityEstimator {
  return {
    observe(logReturn) {
      estimator.observe(logReturn);
      longRun.observe(logReturn);
    },
    get now() {
      return Math.max(estimator.now, share * longRun.now);
    },
    forecast: (steps) => Math.max(estimator.forecast(steps), share * longRun.forecast(steps)),
    get observations() {
      return estimator.observations;
    },
  };
}
