/**
 * Exponentially weighted volatility, as RiskMetrics made it common: each return counts λ times as much as the one after it.
 *
 *   σ²(next) = λ·σ² + (1 − λ)·r²        σ² = r² after the first; forecast of s intervals √s·σ
 *
 * It is as uncertain as if it looked at (1 + λ)/(1 − λ) returns: 32 at 0.94. A normal 99 % quantile of that deviation is exceeded by 1.31 %
 * of independent normal returns, not by 1 % (derived: `study/validate/value-at-risk-derived.ts`).
 */
import { definePart } from '../../../base/params.ts';
import { checkReturn, type VolatilityEstimator, type VolatilityNeeds, WARM_PARAM } from './volatility.ts';

/** Weight of the past; range and RiskMetrics' value for days. */
export const LAMBDA_PARAM = {
  kind: 'number',
  unit: 'ratio',
  range: [0, 0.999_999],
  default: 0.94,
  doc: 'weight of a return relative to the one after it',
} as const;

export const ewma = definePart<VolatilityNeeds, VolatilityEstimator>()({
  name: 'ewma',
  summary: 'Exponentially weighted root mean square of all returns.',
  sources: ['J. P. Morgan/Reuters, RiskMetrics Technical Document, 4th edition (1996), 5.2'],
  params: { lambda: LAMBDA_PARAM, warm: WARM_PARAM },
  create({ lambda, warm }, { prior }) {
    let variance = prior * prior;
    let sd = prior;
    let count = 0;
    return {
      observe(logReturn) {
        checkReturn(logReturn);
        const square = logReturn * logReturn;
        variance = count === 0 && !warm ? square : lambda * variance + (1 - lambda) * square;
        sd = Math.sqrt(variance);
        count += 1;
      },
      get now() {
        return sd;
      },
      forecast: (steps) => sd * Math.sqrt(steps),
      get observations() {
        return count;
      },
    };
  },
});
