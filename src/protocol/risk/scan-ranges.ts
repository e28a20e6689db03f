/**
 * How far a scan looks: the price range of each market. Fixed, or so many standard deviations of a horizon by an estimate of volatility
 * from the oracles' prices; the fixed range is then the least. An estimate changes the range only when it has moved by some part of it,
 * as exchanges publish new ranges now and then: what is near liquidation need not be looked at anew in every block.
 */
import type { ParamsOf } from '../../base/params.ts';
import type { Ms, Ratio } from '../../base/units.ts';
import type { Market, Marks } from '../accounts-view.ts';
import { createMarkVolatilities, volatilityParams } from './volatility/mark-volatilities.ts';

export const rangeParams = {
  range: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 0.95],
    default: 0.15,
    doc: 'price scan range, as part of the price (Derive: 0.15; Deribit: 0.16); the least where it is estimated',
  },
  ranges: {
    kind: 'by-asset',
    unit: 'ratio',
    range: [0, 0.95],
    default: {},
    doc: 'ranges of particular assets; that of the asset that contracts are settled in is 0 unless it is said here',
  },
  estimated: { kind: 'flag', default: false, doc: 'whether ranges follow the volatility of the oracles’ prices' },
  ...volatilityParams,
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
  const least = Float64Array.from(markets, ({ index, name }) => {
    return terms.ranges[name] ?? (index === settle ? 0 : terms.range);
  });
  const of = least.slice();
  const volatilities = terms.estimated ? createMarkVolatilities(markets, terms, terms.horizon) : undefined;
  let epoch = 0;

  const follow = (deviations: Float64Array) => {
    for (let market = 0; market < markets.length; market++) {
      if (market === settle) continue;
      const range = Math.min(RANGE_MAX, Math.max(least[market], terms.multiple * deviations[market]));
      if (Math.abs(range - of[market]) <= terms.rangeStep * of[market]) continue;
      of[market] = range;
      epoch++;
    }
  };
  if (volatilities !== undefined) follow(volatilities.deviations);

  return {
    of,
    get epoch() {
      return epoch;
    },
    observe(marks, at) {
      if (volatilities?.observe(marks, at) === true) follow(volatilities.deviations);
    },
  };
}
