/**
 * Realised volatility: the root of the mean square of the last `window` returns, each with the same weight and then none.
 *
 *   σ² = (1/k) Σ r²        k = min(observations, window); forecast of s intervals √s·σ
 *
 * The mean is taken as 0 and not estimated: over short intervals its estimate errs by more than it measures.
 */
import { definePart } from '../../../base/params.ts';
import { checkReturn, type VolatilityEstimator, type VolatilityNeeds, WARM_PARAM } from './volatility.ts';

/** A day of seconds, or 270 years of days. */
const WINDOW_MAX = 100_000;

export const realised = definePart<VolatilityNeeds, VolatilityEstimator>()({
  name: 'realised',
  summary: 'Root mean square of the last returns, equally weighted.',
  sources: ['P. Jorion, Value at Risk, 3rd edition (McGraw-Hill 2007), chapter 9 (moving averages)'],
  params: {
    window: { kind: 'integer', unit: 'returns', range: [1, WINDOW_MAX], default: 250, doc: 'returns that count' },
    warm: WARM_PARAM,
  },
  create: ({ window, warm }, { prior }) => new RealisedVolatility(window, prior, warm),
});

/**
 * Sum over a sliding window without ever subtracting, so that a shock that left the window leaves no rounding behind: what is newer than
 * the last time the ring was full is one running sum, what is older was summed from its end.
 */
class RealisedVolatility implements VolatilityEstimator {
  private readonly window: number;
  private readonly warm: boolean;
  private readonly squares: Float64Array;
  /** Σ of the older squares from each place to the end of the ring. */
  private readonly older: Float64Array;
  private newer = 0;
  private place = 0;
  private count = 0;
  private sd: number;

  constructor(window: number, prior: number, warm: boolean) {
    this.window = window;
    this.warm = warm;
    this.squares = new Float64Array(window);
    this.older = new Float64Array(window + 1);
    if (warm) for (let i = window - 1; i >= 0; i--) this.older[i] = this.older[i + 1] + prior * prior;
    this.sd = prior;
  }

  observe(logReturn: number): void {
    checkReturn(logReturn);
    const square = logReturn * logReturn;
    this.squares[this.place] = square;
    this.newer += square;
    this.place += 1;
    this.count += 1;
    const counted = this.warm ? this.window : Math.min(this.count, this.window);
    this.sd = Math.sqrt((this.newer + this.older[this.place]) / counted);
    if (this.place === this.window) this.turn();
  }

  get now(): number {
    return this.sd;
  }

  forecast(steps: number): number {
    return this.sd * Math.sqrt(steps);
  }

  get observations(): number {
    return this.count;
  }

  /** The ring is full: all of it becomes older. */
  private turn(): void {
    for (let i = this.window - 1; i >= 0; i--) this.older[i] = this.older[i + 1] + this.squares[i];
    this.newer = 0;
    this.place = 0;
  }
}
