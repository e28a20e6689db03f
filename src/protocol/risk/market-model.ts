/**
 * What a protocol believes of how its markets move: the volatility of each over the time that a liquidation may take, and their covariance.
 * Learns from returns once an interval; knows neither accounts nor prices.
 *
 *   σ² = (1 − w)·σ²(estimator) + w·(stress · prior)²,  at least (floor · prior)²          covariance = ρ·σ·σ
 *
 * `dynamic` takes what the estimator says now to hold for the whole time, σ·√(intervals); `predictive` asks the estimator's own forecast,
 * which differs for a GARCH alone. ρ is given, or estimated with exponential weights from none.
 */
import type { Correlation } from '../../base/correlation.ts';
import type { ParamSchema, ParamsOf } from '../../base/params.ts';
import type { Ms } from '../../base/units.ts';
import { createEstimator, deviationOver, estimatorParams, priorParams } from './volatility/chosen-estimator.ts';
import { createCovariance } from './volatility/covariance.ts';
import { LAMBDA_PARAM } from './volatility/ewma.ts';
import { floored } from './volatility/floored.ts';
import type { JointReturns } from './volatility/joint-returns.ts';
import { stressWeighted } from './volatility/stress-weighted.ts';
import type { VolatilityEstimator } from './volatility/volatility.ts';

export const marketModelParams = {
  horizon: {
    kind: 'duration',
    range: [1000, 365 * 86_400_000],
    default: 3_600_000,
    doc: 'for which losses must be covered: from when an account may be liquidated until it is',
  },
  interval: { kind: 'duration', range: [1000, 30 * 86_400_000], default: 3_600_000, doc: 'from one return to the next' },
  ...estimatorParams,
  mode: {
    kind: 'choice',
    options: ['dynamic', 'predictive'],
    default: 'dynamic',
    doc: 'whether the volatility of now holds for the horizon, or what the estimator forecasts for it (they differ for garch)',
  },
  ...priorParams,
  stressedWeight: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 1],
    default: 0,
    doc: 'weight of a stressed variance in every variance (Regulation (EU) 153/2013, article 28: 0.25)',
  },
  stress: { kind: 'number', unit: 'ratio', range: [0, 100], default: 2, doc: 'stressed volatility, as a multiple of the prior' },
  correlation: {
    kind: 'correlation',
    optional: true,
    doc: 'of delta-normal and monte-carlo, and of what histories begin with; estimated if left out',
  },
  correlationLambda: { ...LAMBDA_PARAM, default: 0.97, doc: 'weight of the past in estimated correlations (RiskMetrics for months: 0.97)' },
} as const satisfies ParamSchema;

export type MarketModelTerms = ParamsOf<typeof marketModelParams>;

export interface MarketModel {
  /** By market: standard deviation of the next interval's log-return by the estimator alone, floor and stress left out. */
  readonly believed: Float64Array;
  /** By market: standard deviation of the log-return over the horizon. */
  readonly deviations: Float64Array;
  /** Row-major, over the horizon: positive semi-definite. */
  readonly covariance: Float64Array;
  observe(returns: JointReturns): void;
}

/**
 * @param priors  volatility by market, 1/√year
 * @param given   correlation by market, where it is not to be estimated
 */
export function createMarketModel(terms: MarketModelTerms, priors: Float64Array, given: Correlation | undefined): MarketModel {
  const { horizon, interval, mode, floor, stress, stressedWeight, correlationLambda } = terms;
  const width = priors.length;
  const steps = horizon / interval;
  const estimators = Array.from(priors, (prior) => createEstimator(terms, deviationOver(prior, interval)));
  const believed = new Float64Array(width);
  const deviations = new Float64Array(width);
  const covariance = new Float64Array(width * width);
  const joint = given === undefined ? createCovariance(width, correlationLambda, diagonal(priors, interval)) : undefined;

  /** The estimator with floor and stress around it. */
  const guarded = estimators.map((estimator, market): VolatilityEstimator => {
    const prior = deviationOver(priors[market], interval);
    const stressed = stressedWeight > 0 ? stressWeighted(estimator, stress * prior, stressedWeight) : estimator;
    return floor > 0 ? floored(stressed, floor * prior) : stressed;
  });

  const publish = () => {
    for (let i = 0; i < width; i++) {
      believed[i] = estimators[i].now;
      deviations[i] = mode === 'predictive' ? guarded[i].forecast(steps) : guarded[i].now * Math.sqrt(steps);
      for (let j = 0; j <= i; j++) {
        const correlation = i === j ? 1 : (joint?.correlation(i, j) ?? given?.[i][j] ?? 0);
        covariance[i * width + j] = covariance[j * width + i] = correlation * deviations[i] * deviations[j];
      }
    }
  };
  publish();

  return {
    believed,
    deviations,
    covariance,
    observe({ returns, known }) {
      for (let market = 0; market < width; market++) if (known[market] === 1) estimators[market].observe(returns[market]);
      joint?.observe(returns);
      publish();
    },
  };
}

function diagonal(priors: Float64Array, interval: Ms): Float64Array {
  const width = priors.length;
  const matrix = new Float64Array(width * width);
  for (let i = 0; i < width; i++) matrix[i * width + i] = deviationOver(priors[i], interval) ** 2;
  return matrix;
}
