/**
 * The volatility estimator that a user chose by name, with one declaration of the parameters that all of them, and all who ask them, share.
 * It begins as if its prior had held for long (warm): a calm first interval would otherwise leave next to nothing of what was believed.
 */
import { type ParamSchema, type ParamsOf, years } from '../../../base/params.ts';
import type { Ms } from '../../../base/units.ts';
import { ewma, LAMBDA_PARAM } from './ewma.ts';
import { garch } from './garch.ts';
import { FIT_MIN } from './garch-fit.ts';
import { realised } from './realised.ts';
import type { VolatilityEstimator } from './volatility.ts';

export const estimatorParams = {
  estimator: { kind: 'choice', options: ['ewma', 'realised', 'garch'], default: 'ewma', doc: 'how volatility is estimated' },
  lambda: { ...LAMBDA_PARAM, doc: 'weight of a return relative to the one after it, in ewma (RiskMetrics for days: 0.94)' },
  window: {
    kind: 'integer',
    unit: 'returns',
    range: [1, 100_000],
    default: FIT_MIN,
    doc: `returns that realised and garch look back on; garch at least ${FIT_MIN}`,
  },
} as const satisfies ParamSchema;

const VOLATILITY_RANGE = [1e-6, 100] as const;

/** What is believed before anything was observed. */
export const priorParams = {
  prior: {
    kind: 'number',
    unit: '1/sqrt(year)',
    range: VOLATILITY_RANGE,
    default: 1,
    doc: 'volatility that was believed before the start, of assets not named in priors',
  },
  priors: { kind: 'by-asset', unit: '1/sqrt(year)', range: VOLATILITY_RANGE, default: {}, doc: 'likewise, by asset' },
  floor: { kind: 'number', unit: 'ratio', range: [0, 10], default: 0, doc: 'part of its prior that no volatility falls below' },
} as const satisfies ParamSchema;

/** Standard deviation of the log-return over a span, of a volatility in 1/√year. */
export function deviationOver(volatility: number, span: Ms): number {
  return volatility * Math.sqrt(years(span));
}

/** Returns from one fit of `garch` to the next. */
const REFIT = 100;

/** @param prior  standard deviation of one interval's return before anything was observed, > 0 */
export function createEstimator({ estimator, lambda, window }: ParamsOf<typeof estimatorParams>, prior: number): VolatilityEstimator {
  if (estimator === 'ewma') return ewma.create({ lambda, warm: true }, { prior });
  if (estimator === 'realised') return realised.create({ window, warm: true }, { prior });
  return garch.create({ window: Math.max(window, FIT_MIN), refit: REFIT, lambda, warm: true }, { prior });
}
