import { describe, expect, it } from 'vitest';
import type { FlowView } from '../../../src/market/flow.ts';
import type { Venue } from '../../../src/market/venue.ts';
import { createSales } from '../../../src/protocol/sales.ts';
import { HAND_MARKETS } from '../../support/hand-made-books.ts';

/** Venues of assets 0 and 1 in asset 2, whose unit is worth two dollars. */
const venue = (baseAsset: number, quoteAsset: number) => ({ baseAsset, quoteAsset }) as Venue;
const flow = (volume: number, impact: number): FlowView => ({
  ...{ volume, impact, imbalance: 0.5, illiquidity: 4e-6 },
  ...{ effectiveSpread: 0.01, realisedSpread: 0.02 },
});
const told = (venues: readonly Venue[], flows: readonly (FlowView | undefined)[]) => {
  const marks = Float64Array.of(1, 1, 2 / HAND_MARKETS[2].scale);
  return createSales(venues, HAND_MARKETS, marks, (id) => flows[id]);
};

describe('what trades tell a protocol of its markets', () => {
  it('is what they tell of the venue on which most is traded, per USD', () => {
    const sales = told([venue(0, 2), venue(0, 2), venue(1, 2)], [flow(20, 3e-6), flow(10, 1e-6), flow(30, 5e-6)]);
    expect(sales.flow(0)).toEqual({ imbalance: 0.5, illiquidity: 2e-6, impact: 1.5e-6, realisedSpread: 0.02 });
    expect(sales.flow(1)?.impact).toBe(2.5e-6);
  });

  it('is nothing where nobody traded, or for what has no market', () => {
    expect(told([venue(0, 2)], [flow(0, Number.NaN)]).flow(0)).toBeUndefined();
    expect(told([venue(0, 9)], [flow(5, 1)]).flow(0)).toBeUndefined();
    expect(told([venue(2, 0)], [flow(5, 1)]).flow(0)).toBeUndefined();
    expect(told([venue(0, 2)], [undefined]).flow(0)).toBeUndefined();
  });
});
