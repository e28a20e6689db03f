/** The volatility of those markets that somebody asks about, estimated from the marks of blocks. */
import type { Ms, Ratio } from '../../base/units.ts';
import type { Marks } from '../accounts-view.ts';
import { createJointReturns } from '../risk/volatility/joint-returns.ts';
import type { VolatilityEstimator } from '../risk/volatility/volatility.ts';

export interface FollowedVolatility {
  /** Takes in marks, once a block. */
  observe(marks: Marks, at: Ms): void;
  /** Standard deviation of the logarithm of a market's mark over a time from now on. */
  spread(market: number, over: Ms): Ratio;
}

/**
 * @param width     markets that there are
 * @param followed  by number, those that are followed
 * @param interval  ms from one return to the next
 * @param create    an estimator of a market that has seen nothing
 */
export function createFollowedVolatility(
  width: number,
  followed: readonly number[],
  interval: Ms,
  create: (market: number) => VolatilityEstimator,
): FollowedVolatility {
  const joint = createJointReturns(width, interval);
  const estimators = new Map(followed.map((market) => [market, create(market)]));
  return {
    observe(marks, at) {
      if (!joint.observe(marks, at)) return;
      for (const [market, estimator] of estimators) if (joint.known[market] === 1) estimator.observe(joint.returns[market]);
    },
    spread: (market, over) => (estimators.get(market) as VolatilityEstimator).forecast(over / interval),
  };
}
