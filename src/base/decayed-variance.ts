/** Variance of a price over time, forgotten with a half-life: for whoever looks at a price now and then, at uneven times. */
import { exp, log } from './elementary.ts';
import type { Ms } from './units.ts';

/** 365 days, ms. */
const YEAR_MS = 365 * 86_400_000;

export interface DecayedVariance {
  /** A price at a time. What is no price is passed over, and so is a second one at the same time. */
  observe(at: Ms, price: number): void;
  /** Of the log of the price, per year; NaN before two prices were seen. */
  readonly perYear: number;
}

/**
 * An exponential mean of squared log-returns over the time they took, each weighing as much as its time:
 *
 *   σ² ← w·σ² + (1 − w)·ln(p/p')²/Δt          w = 2^(−Δt/halfLife)
 *
 * @param halfLife  > 0
 */
export function createDecayedVariance(halfLife: Ms): DecayedVariance {
  let perYear = Number.NaN;
  let lastPrice = Number.NaN;
  let lastAt = Number.NaN;
  return {
    observe(at, price) {
      if (!(price > 0 && price < Infinity) || at === lastAt) return;
      if (lastPrice > 0) {
        const move = log(price / lastPrice);
        const rate = (move * move * YEAR_MS) / (at - lastAt);
        const keep = exp((-Math.LN2 * (at - lastAt)) / halfLife);
        perYear = Number.isNaN(perYear) ? rate : keep * perYear + (1 - keep) * rate;
      }
      lastPrice = price;
      lastAt = at;
    },
    get perYear() {
      return perYear;
    },
  };
}
