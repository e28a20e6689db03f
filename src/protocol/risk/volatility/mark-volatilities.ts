/**
 * The volatilities of a protocol's marks, as its risk engine estimates them while it runs: one estimator for each market, each for itself.
 * Engines that net one asset against another ask `market-model.ts`, which knows correlations too.
 */
import type { ParamSchema, ParamsOf } from '../../../base/params.ts';
import type { Ms } from '../../../base/units.ts';
import type { Market, Marks } from '../../accounts-view.ts';
import { createEstimator, deviationOver, estimatorParams, priorParams } from './chosen-estimator.ts';
import { floored } from './floored.ts';
import { createJointReturns } from './joint-returns.ts';

/** What an engine that estimates asks its user. */
export const volatilityParams = {
  interval: {
    kind: 'duration',
    range: [1000, 30 * 86_400_000],
    default: 3_600_000,
    doc: 'from one return to the next, and from one look at depth to the next',
  },
  ...estimatorParams,
  ...priorParams,
} as const satisfies ParamSchema;

export type VolatilityParams = ParamsOf<typeof volatilityParams>;

export interface MarkVolatilities {
  /** By market, now: 1/√year. */
  readonly annual: Float64Array;
  /** By market: standard deviation of the logarithm of the price over the span that was asked for. */
  readonly deviations: Float64Array;
  /** Takes in marks, once a block; answers whether an estimate changed. */
  observe(marks: Marks, at: Ms): boolean;
}

/** @param span  of `deviations` */
export function createMarkVolatilities(markets: readonly Market[], params: VolatilityParams, span: Ms): MarkVolatilities {
  const { interval, prior, priors, floor } = params;
  const root = deviationOver(1, interval);
  const estimators = markets.map(({ name }) => {
    const believed = deviationOver(priors[name] ?? prior, interval);
    return floored(createEstimator(params, believed), floor * believed);
  });
  const { returns, known, observe } = createJointReturns(markets.length, interval);
  const annual = new Float64Array(markets.length);
  const deviations = new Float64Array(markets.length);

  const publish = () => {
    for (let market = 0; market < markets.length; market++) {
      annual[market] = estimators[market].now / root;
      deviations[market] = estimators[market].forecast(span / interval);
    }
  };
  publish();

  return {
    annual,
    deviations,
    observe(marks, at) {
      if (!observe(marks, at)) return false;
      for (let market = 0; market < markets.length; market++) if (known[market] === 1) estimators[market].observe(returns[market]);
      publish();
      return true;
    },
  };
}
