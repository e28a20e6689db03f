/**
 * The volatilities of a protocol's marks, as its risk engine estimates them while it runs: one estimator for each market, which hears of
 * the mark once an interval. A mark that was not valid for a while, or blocks that are longer than the interval, give one return for the
 * whole time, scaled to an interval by the root of time.
 */
import { log } from '../../../base/elementary.ts';
import { type ParamSchema, type ParamsOf, years } from '../../../base/params.ts';
import type { Ms } from '../../../base/units.ts';
import type { Marks } from '../../accounts-view.ts';
import { ewma, LAMBDA_PARAM } from './ewma.ts';
import { floored } from './floored.ts';
import { garch } from './garch.ts';
import { realised } from './realised.ts';
import type { VolatilityEstimator } from './volatility.ts';

const ESTIMATORS = ['ewma', 'realised', 'garch'] as const;

/** What an engine that estimates asks its user. */
export const volatilityParams = {
  estimator: { kind: 'choice', options: ESTIMATORS, default: 'ewma', doc: 'how volatilities are estimated' },
  interval: { kind: 'duration', range: [1000, 30 * 86_400_000], default: 3_600_000, doc: 'from one look at the markets to the next' },
  lambda: LAMBDA_PARAM,
  window: { kind: 'integer', unit: 'returns', range: [1, 100_000], default: 500, doc: 'returns that realised and garch look back on' },
  prior: {
    kind: 'number',
    unit: '1/sqrt(year)',
    range: [1e-6, 100],
    default: 1,
    doc: 'volatility of every asset that was believed before the start, and fades as returns come in',
  },
  floor: { kind: 'number', unit: '1/sqrt(year)', range: [0, 100], default: 0, doc: 'no volatility is estimated below it' },
} as const satisfies ParamSchema;

export type VolatilityParams = ParamsOf<typeof volatilityParams>;

/** Returns from one fit of `garch` to the next. */
const REFIT = 100;
/** The shortest window that `garch` can be fitted to. */
const FIT_WINDOW_MIN = 500;

export interface MarkVolatilities {
  /** By market, now: 1/√year. */
  readonly annual: Float64Array;
  /** By market: standard deviation of the logarithm of the price over the span that was asked for. */
  readonly deviations: Float64Array;
  /** Takes in marks, once a block; answers whether an estimate changed. */
  observe(marks: Marks, at: Ms): boolean;
}

/** @param span  of `deviations` */
export function createMarkVolatilities(markets: number, params: VolatilityParams, span: Ms): MarkVolatilities {
  const { interval, floor } = params;
  const part = years(interval);
  const estimators = Array.from({ length: markets }, () => floored(estimatorOf(params), floor * Math.sqrt(part)));
  const annual = new Float64Array(markets);
  const deviations = new Float64Array(markets);
  /** Of the last valid look at each market; NaN before the first. */
  const seen = new Float64Array(markets).fill(Number.NaN);
  const seenAt = new Float64Array(markets);

  const publish = (market: number) => {
    annual[market] = estimators[market].now / Math.sqrt(part);
    deviations[market] = estimators[market].forecast(span / interval);
  };
  for (let market = 0; market < markets; market++) publish(market);

  return {
    annual,
    deviations,
    observe(marks, at) {
      let changed = false;
      for (let market = 0; market < markets; market++) {
        const mark = marks[market];
        const passed = at - seenAt[market];
        const isFirst = Number.isNaN(seen[market]);
        if (!(mark > 0) || (!isFirst && passed < interval)) continue;
        if (!isFirst) {
          estimators[market].observe(log(mark / seen[market]) * Math.sqrt(interval / passed));
          publish(market);
          changed = true;
        }
        seen[market] = mark;
        seenAt[market] = at;
      }
      return changed;
    },
  };
}

function estimatorOf({ estimator, interval, lambda, window, prior }: VolatilityParams): VolatilityEstimator {
  const needs = { prior: prior * Math.sqrt(years(interval)) };
  // Warm: a calm first interval would otherwise leave next to nothing of what was believed.
  if (estimator === 'ewma') return ewma.create({ lambda, warm: true }, needs);
  if (estimator === 'realised') return realised.create({ window, warm: true }, needs);
  return garch.create({ window: Math.max(window, FIT_WINDOW_MIN), refit: REFIT, lambda, warm: true }, needs);
}
