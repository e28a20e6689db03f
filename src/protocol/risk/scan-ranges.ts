/**
 * How far a scan looks: the price range of each market. Fixed, or so many standard deviations of a horizon by an estimator of volatility that
 * sees the oracles' prices; the fixed range is then the least. An estimate changes the range only when it has moved by some part of it, as
 * exchanges publish new ranges now and then: what is near liquidation need not be looked at anew in every block.
 */
import { log } from '../../base/elementary.ts';
import { type ParamsOf, years } from '../../base/params.ts';
import type { Ms, Ratio } from '../../base/units.ts';
import type { Market, Marks } from '../accounts-view.ts';
import { ewma } from './volatility/ewma.ts';
import { garch } from './volatility/garch.ts';
import { realised } from './volatility/realised.ts';
import type { VolatilityEstimator, VolatilityNeeds } from './volatility/volatility.ts';

export const rangeParams = {
  range: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 0.95],
    default: 0.15,
    doc: 'price scan range, as part of the price (Derive: 0.15; Deribit: 0.16); the least where it is estimated',
  },
  ranges: {
    kind: 'table',
    columns: {
      asset: { kind: 'asset', doc: 'of which market' },
      range: { kind: 'number', unit: 'ratio', range: [0, 0.95], doc: 'its own range' },
    },
    default: [],
    doc: 'ranges of particular assets; that of the asset that contracts are settled in is 0 unless it is said here',
  },
  estimator: {
    kind: 'choice',
    options: ['none', 'ewma', 'realised', 'garch'],
    default: 'none',
    doc: 'of volatility, from the oracles’ prices; none: ranges are fixed',
  },
  lambda: { kind: 'number', unit: 'ratio', range: [0, 0.999_999], default: 0.94, doc: 'of ewma: weight of a return relative to the next' },
  window: { kind: 'integer', unit: 'returns', range: [1, 100_000], default: 500, doc: 'of realised and garch: returns that count' },
  prior: { kind: 'number', unit: '1/sqrt(year)', range: [0.001, 10], default: 0.8, doc: 'volatility before anything was observed' },
  interval: { kind: 'duration', range: [1000, 7 * 86_400_000], default: 3_600_000, doc: 'between two prices whose return is observed' },
  horizon: { kind: 'duration', range: [1000, 30 * 86_400_000], default: 86_400_000, doc: 'over which the range is to hold' },
  multiple: {
    kind: 'number',
    unit: 'standard deviations',
    range: [0, 20],
    default: 2.326,
    doc: 'of the horizon’s return that the range is (2.326: a normal return falls further once in a hundred)',
  },
  rangeStep: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 1],
    default: 0.1,
    doc: 'part of a range that its estimate must have moved by before it changes',
  },
} as const;
export type RangeTerms = ParamsOf<typeof rangeParams>;

/** Beyond this a fall would leave nothing. */
const RANGE_MAX: Ratio = 0.95;

export interface ScanRanges {
  /** By market, as part of the price. */
  readonly of: Float64Array;
  /** Changes whenever one of them does. */
  readonly epoch: number;
  /** Hears of the marks, at most once a block. */
  observe(marks: Marks, at: Ms): void;
}

export function createScanRanges(terms: RangeTerms, markets: readonly Market[], settle: number): ScanRanges {
  const least = Float64Array.from(markets, ({ index, asset }) => {
    return terms.ranges.find((row) => row.asset === asset)?.range ?? (index === settle ? 0 : terms.range);
  });
  const of = least.slice();
  const estimators = markets.map(({ index }) => (index === settle ? undefined : estimatorOf(terms)));
  /** Price and number of the interval at the last observation. */
  const before = new Float64Array(markets.length).fill(Number.NaN);
  const seen = new Float64Array(markets.length);
  let epoch = 0;

  const follow = (market: number, estimator: VolatilityEstimator) => {
    const estimate = terms.multiple * estimator.forecast(terms.horizon / terms.interval);
    const range = Math.min(RANGE_MAX, Math.max(least[market], estimate));
    if (Math.abs(range - of[market]) <= terms.rangeStep * of[market]) return;
    of[market] = range;
    epoch++;
  };

  for (const { index } of markets) {
    const estimator = estimators[index];
    if (estimator !== undefined) follow(index, estimator);
  }

  return {
    of,
    get epoch() {
      return epoch;
    },
    observe(marks, at) {
      const interval = Math.floor(at / terms.interval);
      for (let market = 0; market < markets.length; market++) {
        const estimator = estimators[market];
        const mark = marks[market];
        // A dead oracle has no return; the next valid price makes up for the time.
        if (estimator === undefined || !(mark > 0 && mark < Number.POSITIVE_INFINITY)) continue;
        const passed = interval - seen[market];
        if (!Number.isNaN(before[market])) {
          if (passed < 1) continue;
          estimator.observe(log(mark / before[market]) / Math.sqrt(passed));
          follow(market, estimator);
        }
        before[market] = mark;
        seen[market] = interval;
      }
    },
  };
}

function estimatorOf({ estimator, lambda, window, prior, interval }: RangeTerms): VolatilityEstimator | undefined {
  const needs: VolatilityNeeds = { prior: prior * Math.sqrt(years(interval)) };
  if (estimator === 'ewma') return ewma.create({ lambda, warm: true }, needs);
  if (estimator === 'realised') return realised.create({ window, warm: true }, needs);
  if (estimator === 'garch') return garch.create({ window: Math.max(500, window), refit: 100, lambda, warm: true }, needs);
  return undefined;
}
