/**
 * GARCH(1,1) volatility, fitted while it runs: every `refit` returns the last `window` of them are fitted anew (`garch-fit.ts`), and in
 * between the variance follows the model. Unlike the others it expects a wild time to calm down and a calm one to end.
 *
 *   σ²(s intervals) = s·V + (h − V)·(1 − p^s)/(1 − p)        V long-run variance, h the next interval’s, p = α + β
 *
 * Until there are 500 returns, or while none of them moved, it answers as `ewma` does.
 */
import { pow } from '../../../base/elementary.ts';
import { definePart } from '../../../base/params.ts';
import { ewma, LAMBDA_PARAM } from './ewma.ts';
import { FIT_MIN, filteredVariance, fitGarch, type GarchFit } from './garch-fit.ts';
import { checkReturn, type VolatilityEstimator, type VolatilityNeeds, WARM_PARAM } from './volatility.ts';

export const garch = definePart<VolatilityNeeds, VolatilityEstimator>()({
  name: 'garch',
  summary: 'GARCH(1,1) by quasi maximum likelihood with variance targeting, refitted as returns come in; an EWMA before there are enough.',
  sources: ['T. Bollerslev, "Generalized autoregressive conditional heteroskedasticity", Journal of Econometrics 31 (1986) 307-327'],
  params: {
    window: { kind: 'integer', unit: 'returns', range: [FIT_MIN, 100_000], default: 1000, doc: 'returns that are fitted' },
    refit: { kind: 'integer', unit: 'returns', range: [1, 100_000], default: 100, doc: 'returns from one fit to the next' },
    lambda: { ...LAMBDA_PARAM, doc: 'weight of the past in the EWMA that answers before the first fit' },
    warm: WARM_PARAM,
  },
  create: ({ window, refit, lambda, warm }, needs) => new FittedVolatility(window, refit, ewma.create({ lambda, warm }, needs)),
});

/** Ring of squared returns and the fit in force. */
class FittedVolatility implements VolatilityEstimator {
  private readonly refit: number;
  private readonly before: VolatilityEstimator;
  /** Squared return number k at place k modulo the window. */
  private readonly squares: Float64Array;
  private fit: GarchFit | undefined;
  /** Variance of the next interval, where there is a fit. */
  private variance = 0;
  private nextFit = FIT_MIN;

  constructor(window: number, refit: number, before: VolatilityEstimator) {
    this.refit = refit;
    this.before = before;
    this.squares = new Float64Array(window);
  }

  observe(logReturn: number): void {
    checkReturn(logReturn);
    const square = logReturn * logReturn;
    this.squares[this.before.observations % this.squares.length] = square;
    this.before.observe(logReturn);
    if (this.fit !== undefined) {
      const { variance, alpha, persistence } = this.fit;
      this.variance = variance * (1 - persistence) + alpha * square + (persistence - alpha) * this.variance;
    }
    if (this.before.observations === this.nextFit) this.fitAgain();
  }

  get now(): number {
    return this.fit === undefined ? this.before.now : Math.sqrt(this.variance);
  }

  /** A part of an interval has that part of its variance. */
  forecast(steps: number): number {
    if (this.fit === undefined) return this.before.forecast(steps);
    const { variance, persistence } = this.fit;
    const whole = Math.floor(steps);
    const kept = pow(persistence, whole);
    const deviations = (1 - kept) / (1 - persistence) + (steps - whole) * kept;
    return Math.sqrt(variance * steps + (this.variance - variance) * deviations);
  }

  get observations(): number {
    return this.before.observations;
  }

  /** Fits the window, oldest return first. One in which nothing moved leaves the fit as it is. */
  private fitAgain(): void {
    const { squares } = this;
    const seen = this.before.observations;
    const oldest = seen % squares.length;
    const ordered = squares.slice(0, Math.min(seen, squares.length));
    if (seen > squares.length) {
      ordered.set(squares.subarray(oldest));
      ordered.set(squares.subarray(0, oldest), squares.length - oldest);
    }
    const fit = fitGarch(ordered);
    if (fit !== undefined) {
      this.fit = fit;
      this.variance = filteredVariance(ordered, fit);
    }
    this.nextFit = seen + this.refit;
  }
}
