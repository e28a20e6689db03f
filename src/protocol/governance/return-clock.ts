/** Turns the marks of blocks into returns over equal intervals, and keeps a volatility estimator for each market that is asked about. */
import { log } from '../../base/elementary.ts';
import { YEAR_MS } from '../../base/params.ts';
import type { Ms, Ratio } from '../../base/units.ts';
import type { Marks } from '../accounts-view.ts';
import type { VolatilityEstimator } from '../risk/volatility/volatility.ts';

export interface ReturnClock {
  observe(marks: Marks, at: Ms): void;
  /** Standard deviation of the logarithm of a market's mark over a time from now on. */
  spread(market: number, over: Ms): Ratio;
}

/** A volatility per √year over one interval. */
export function perInterval(volatility: Ratio, interval: Ms): Ratio {
  return volatility * Math.sqrt(interval / YEAR_MS);
}

/**
 * @param markets   those that are followed
 * @param interval  ms from one return to the next; a mark that was missing for several counts as so many equal ones with the same variance
 * @param create    an estimator that has seen nothing
 */
export function createReturnClock(markets: readonly number[], interval: Ms, create: () => VolatilityEstimator): ReturnClock {
  const estimators = new Map(markets.map((market) => [market, create()]));
  const last = new Map<number, { readonly mark: number; readonly tick: number }>();
  let nextTick = 0;
  return {
    observe(marks, at) {
      if (at < nextTick * interval) return;
      const tick = Math.floor(at / interval);
      nextTick = tick + 1;
      for (const [market, estimator] of estimators) {
        const mark = marks[market];
        if (!(mark > 0)) continue;
        const before = last.get(market);
        last.set(market, { mark, tick });
        if (before === undefined) continue;
        const missed = tick - before.tick;
        const part = log(mark / before.mark) / Math.sqrt(missed);
        for (let i = 0; i < missed; i++) estimator.observe(part);
      }
    },
    spread: (market, over) => (estimators.get(market) as VolatilityEstimator).forecast(over / interval),
  };
}
