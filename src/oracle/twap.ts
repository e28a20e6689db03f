/**
 * Time-weighted average price over a sliding window: the mean over the last `window` of end-of-block prices, each holding until the next.
 * A price set and taken back within one block has no weight; one that stands for m of n blocks has weight m/n. What Uniswap v3 rounds to
 * its ticks (1 basis point) is not rounded here.
 *
 *   arithmetic  (1/W) ∫ p dt          geometric  e^((1/W) ∫ ln p dt)
 *
 * Before a whole window has been observed it says nothing, since a shorter mean is cheaper to bend and looks the same. But a run begins in
 * the middle of the world's life: unless `warm` is false, the first price observed is taken to have held for a whole window before.
 */
import { definePart } from '../base/params.ts';
import type { Ms } from '../base/units.ts';
import { Cumulative, MEAN_PARAM, type Mean } from './cumulative.ts';
import { NO_READING } from './no-reading.ts';
import type { Oracle, OracleNeeds, Reading } from './oracle.ts';

/** Thirty days; windows in use are minutes to hours. */
const WINDOW_MAX_MS = 30 * 86_400_000;
/** Observations that the ring holds at first; it doubles. A power of two. */
const CAPACITY_MIN = 64;

export const twap = definePart<OracleNeeds, Oracle>()({
  name: 'twap',
  summary: 'Time-weighted average of end-of-block prices over a sliding window.',
  sources: [
    'Uniswap/v2-core contracts/UniswapV2Pair.sol (cumulative price)',
    'Uniswap/v3-core contracts/libraries/Oracle.sol (ring of observations)',
    'euler-xyz/uni-v3-twap-manipulation cost-of-attack.tex',
  ],
  params: {
    window: { kind: 'duration', range: [1, WINDOW_MAX_MS], default: 1_800_000, doc: 'length of the window' },
    mean: MEAN_PARAM,
    warm: { kind: 'flag', default: true, doc: 'the first price held for a whole window before the start' },
  },
  silentFor: ({ window, warm }) => (warm ? 0 : window),
  create: ({ window, mean, warm }) => new WindowMean(window, mean, warm),
});

/** Ring of the sums S(t_i) that a window can still begin at: amortised O(1) to observe, O(log n) to read, nothing allocated per block. */
class WindowMean implements Oracle {
  private readonly window: Ms;
  private readonly warm: boolean;
  private readonly sum: Cumulative;
  private firstAt: Ms = Number.NaN;
  private times = new Float64Array(CAPACITY_MIN);
  private highs = new Float64Array(CAPACITY_MIN);
  private lows = new Float64Array(CAPACITY_MIN);
  private values = new Float64Array(CAPACITY_MIN);
  /** Entries head … tail − 1, each at its number modulo the capacity. */
  private head = 0;
  private tail = 0;

  constructor(window: Ms, mean: Mean, warm: boolean) {
    this.window = window;
    this.warm = warm;
    this.sum = new Cumulative(mean);
  }

  observe(price: number, at: Ms): void {
    const again = this.sum.at === at;
    if (!this.sum.observe(price, at)) return;
    if (this.tail === 0) this.firstAt = at;
    if (!again) this.tail += 1;
    if (this.tail - this.head > this.times.length) this.grow();
    const slot = (this.tail - 1) & (this.times.length - 1);
    this.times[slot] = at;
    this.highs[slot] = this.sum.high;
    this.lows[slot] = this.sum.low;
    this.values[slot] = this.sum.value;
    // Of the entries at or before the window's beginning only the newest is still needed.
    while (this.head + 1 < this.tail && this.times[(this.head + 1) & (this.times.length - 1)] <= at - this.window) this.head += 1;
  }

  read(now: Ms): Reading {
    const from = now - this.window;
    if (!this.sum.started || (!this.warm && this.firstAt > from)) return NO_READING;
    const slot = this.entryAt(from) & (this.times.length - 1);
    // Before the first entry `rest` is negative: its price reaches back.
    const rest = this.values[slot] * (from - this.times[slot]);
    const price = this.sum.meanSince(from, this.highs[slot], this.lows[slot], rest, now);
    const observedAt = this.sum.observedAt(now);
    return { price, observedAt, publishedAt: observedAt, valid: true };
  }

  /** It moves with every instant, at none in particular; a cold one becomes valid when its first window is full. */
  nextUpdate(now: Ms): Ms {
    const full = this.firstAt + this.window;
    return !this.warm && full > now ? full : Number.POSITIVE_INFINITY;
  }

  /** The newest entry at or before `from`, or the oldest. */
  private entryAt(from: Ms): number {
    const mask = this.times.length - 1;
    let low = this.head;
    let high = this.tail - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.times[middle & mask] <= from) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Doubles the ring, oldest entry first. The newest entry has not been written yet. */
  private grow(): void {
    const { times, highs, lows, values } = this;
    const mask = times.length - 1;
    this.times = new Float64Array(times.length * 2);
    this.highs = new Float64Array(times.length * 2);
    this.lows = new Float64Array(times.length * 2);
    this.values = new Float64Array(times.length * 2);
    for (let i = 0; i < times.length; i++) {
      const slot = (this.head + i) & mask;
      this.times[i] = times[slot];
      this.highs[i] = highs[slot];
      this.lows[i] = lows[slot];
      this.values[i] = values[slot];
    }
    this.tail -= this.head;
    this.head = 0;
  }
}
