/**
 * What the price of the first venue looked like, for those who ask for it (`record.probes: [returns]`): the facts by which a market is told
 * from a coin. Returns are logarithmic, from one sample to the next; impact is of single trades, on the price before each.
 */
import { log } from '../base/elementary.ts';
import { autocorrelation, kurtosis, logReturns, tailIndex } from '../base/return-series.ts';
import type { Price, Tokens } from '../base/units.ts';

/** Largest returns that a tail index is of. */
const TAIL_SHARE = 0.05;
/** Lags over which the memory of sizes is averaged. */
const LAGS = 10;
/** Trades that an octave of sizes must have, and octaves that a slope must have. */
const TRADES_MIN = 50;
const OCTAVES_MIN = 4;
/** Octaves of sizes around 1 quote token, on either side. */
const OCTAVES = 60;

export class ReturnMetrics {
  private readonly prices: Price[] = [];
  private readonly counts = new Float64Array(2 * OCTAVES);
  /** Of the trades of an octave: quote tokens, and moves of the price in the direction of the trade. */
  private readonly sizes = new Float64Array(2 * OCTAVES);
  private readonly moves = new Float64Array(2 * OCTAVES);

  sample(price: Price): void {
    if (price > 0) this.prices.push(price);
  }

  /** @param base  tokens that the pool got; negative where they were bought */
  trade(base: Tokens, quote: Tokens, before: Price, after: Price): void {
    if (!(quote > 0 && before > 0 && after > 0)) return;
    const octave = OCTAVES + Math.floor(log(quote) / Math.LN2);
    this.counts[octave] += 1;
    this.sizes[octave] += quote;
    this.moves[octave] -= Math.sign(base) * log(after / before);
  }

  close(): Record<string, number> {
    const returns = logReturns(this.prices);
    const sizes = returns.map(Math.abs);
    let memory = 0;
    for (let lag = 1; lag <= LAGS; lag++) memory += autocorrelation(sizes, lag) / LAGS;
    return finiteOf({
      return_kurtosis_ratio: kurtosis(returns),
      return_tail_index_ratio: tailIndex(returns, TAIL_SHARE),
      return_autocorrelation_ratio: autocorrelation(returns, 1),
      return_size_autocorrelation_ratio: memory,
      impact_exponent_ratio: this.impactExponent(),
    });
  }

  /** Slope of the logarithm of the mean move on that of the mean size, over octaves whose trades moved the price, weighted by trades. */
  private impactExponent(): number {
    let [weight, x, xx, y, xy, octaves] = [0, 0, 0, 0, 0, 0];
    for (const [octave, count] of this.counts.entries()) {
      if (count < TRADES_MIN || !(this.moves[octave] > 0)) continue;
      const move = log(this.moves[octave] / count);
      const size = log(this.sizes[octave] / count);
      octaves += 1;
      weight += count;
      x += count * size;
      xx += count * size * size;
      y += count * move;
      xy += count * size * move;
    }
    return octaves < OCTAVES_MIN ? Number.NaN : (weight * xy - x * y) / (weight * xx - x * x);
  }
}

function finiteOf(values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)));
}
