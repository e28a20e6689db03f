/**
 * The running sum of price × time (or ln price × time) that time-weighted averages are differences of. The price observed at the end of a
 * block holds until the next observation, so a price that was only there inside a block never counts.
 *
 *   S(t) = Σ v_i · (t_{i+1} − t_i) + v_last · (t − t_last)        v = p, or ln p for a geometric mean
 *
 * The sum is kept in two float64 (D. E. Knuth, The Art of Computer Programming 2, 4.2.2, theorem B): one block at 10^18 times the price
 * must not cost the digits of all later averages, as it would with one. Prices that are none (an empty venue) are passed over: the last
 * price holds. Idea: Uniswap/v2-core UniswapV2Pair.sol price0CumulativeLast.
 */
import { exp, log } from '../base/elementary.ts';
import type { Ms, Price } from '../base/units.ts';
import { isPrice } from './no-reading.ts';

export type Mean = 'arithmetic' | 'geometric';

/** The parameter that every averaging oracle has. */
export const MEAN_PARAM = {
  kind: 'choice',
  options: ['arithmetic', 'geometric'],
  default: 'arithmetic',
  doc: 'mean over time: arithmetic (Uniswap v2) or geometric (Uniswap v3)',
} as const;

export class Cumulative {
  /** Time of the newest observation; NaN before the first. */
  at: Ms = Number.NaN;
  /** Time of the one before it, or of the newest while there is only one. */
  previousAt: Ms = Number.NaN;
  /** Price of the newest observation, or its logarithm. */
  value = 0;
  /** S(at) = high + low. */
  high = 0;
  low = 0;
  private readonly geometric: boolean;

  constructor(mean: Mean) {
    this.geometric = mean === 'geometric';
  }

  /** Whether anything was observed. */
  get started(): boolean {
    return !Number.isNaN(this.at);
  }

  /** Takes an observation in; of several at one time the last counts. False when it was no price. */
  observe(price: Price, at: Ms): boolean {
    if (!isPrice(price)) return false;
    if (!this.started) {
      this.at = at;
      this.previousAt = at;
    } else if (at !== this.at) {
      const added = this.value * (at - this.at);
      const sum = this.high + added;
      const part = sum - this.high;
      this.low += this.high - (sum - part) + (added - part);
      this.high = sum;
      this.previousAt = this.at;
      this.at = at;
    }
    this.value = this.geometric ? log(price) : price;
    return true;
  }

  /** The mean price over (from, now], given S(from) as `high + low` + `rest`. @param now  ≥ `at` and > from */
  meanSince(from: Ms, high: number, low: number, rest: number, now: Ms): Price {
    const sum = this.high - high + (this.low - low) + (this.value * (now - this.at) - rest);
    const mean = sum / (now - from);
    return this.geometric ? exp(mean) : mean;
  }

  /** When the newest observation with a weight in a reading at `now` was made: one made at `now` itself has held for no time yet. */
  observedAt(now: Ms): Ms {
    return now > this.at ? this.at : this.previousAt;
  }
}
