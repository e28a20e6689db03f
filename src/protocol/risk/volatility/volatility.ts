/**
 * The contract of a volatility estimator: how far a price moves in one interval, and in several, by what was observed so far. An estimator
 * sees one asset's log-returns at equal intervals, whose mean it takes to be 0; it knows neither price nor time. Every one passes
 * test/contract/volatility.ts.
 */
import { fault } from '../../../base/fault.ts';

export interface VolatilityEstimator {
  /**
   * One more interval's log-return.
   *
   * @throws  VOLATILITY_RETURN  it is no finite number, which would stay in every later answer
   */
  observe(logReturn: number): void;
  /** Standard deviation of the next interval's return; `prior` before anything was observed. */
  readonly now: number;
  /** Standard deviation of the sum of the next `steps` ≥ 0 intervals' returns, by the model. */
  forecast(steps: number): number;
  /** Returns observed. */
  readonly observations: number;
}

export interface VolatilityNeeds {
  /** Standard deviation of one interval's return before anything was observed, > 0. */
  readonly prior: number;
}

/** Parameter of estimators that could begin with one return as all they know, which after a calm first interval is next to nothing. */
export const WARM_PARAM = {
  kind: 'flag',
  default: false,
  doc: 'the prior held for long before the start, and fades as it would have, instead of yielding to the first return',
} as const;

/** Keeps what is no number out of an estimator's memory. */
export function checkReturn(logReturn: number): void {
  if (!(Math.abs(logReturn) < Infinity)) fault('VOLATILITY_RETURN', { logReturn });
}
