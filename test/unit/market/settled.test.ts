/** What a pool’s reserves would be worth once arbitrage has passed, against a pool that is brought there by trades. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAssets } from '../../../src/ledger/assets.ts';
import { Journal } from '../../../src/ledger/journal.ts';
import { Ledger, OUTSIDE } from '../../../src/ledger/ledger.ts';
import { constantProduct } from '../../../src/market/constant-product.ts';
import { stableAtPrice, stablePrice } from '../../../src/market/stable-invariant.ts';
import { stableSwap } from '../../../src/market/stable-swap.ts';
import type { Venue, VenueNeeds } from '../../../src/market/venue.ts';

type Make = (base: number, quote: number, needs: VenueNeeds) => Venue;
const terms = (baseReserve: number, quoteReserve: number) => ({ base: 0, quote: 1, baseReserve, quoteReserve, fee: 0, share: undefined });
const POOLS: readonly (readonly [string, Make])[] = [
  ['constant product', (base, quote, needs) => constantProduct.create(terms(base, quote), needs)],
  ...[1, 100, 2_000].map((amplification): readonly [string, Make] => [
    `stable swap of ${amplification}`,
    (base, quote, needs) => stableSwap.create({ ...terms(base, quote), amplification }, needs),
  ]),
];

/** A pool of two assets with so many decimals, and what its reserves are worth as they lie. */
function open(make: Make, base: number, quote: number, decimals: readonly [number, number]) {
  const assets = createAssets(['A', 'B'].map((name, i) => ({ name, decimals: decimals[i] })));
  const ledger = new Ledger(assets, new Journal());
  const venue = make(base, quote, { name: 'pool', ledger, startPrice: () => 1 });
  const tokens = (asset: number) => ledger.balance(venue.account, asset) / assets.scale[asset];
  const asTheyLie = (p: number, q: number) => tokens(0) * p + tokens(1) * q;
  const settled = (p: number, q: number) => venue.settledUsd?.(p, q) ?? Number.NaN;
  return { venue, asTheyLie, settled };
}

describe.each(POOLS)('%s', (_name, make) => {
  const reserve = fc.integer({ min: 500_000, max: 2_000_000 });
  const usd = fc.double({ min: 0.7, max: 1.4, noNaN: true });
  const decimals = fc.constantFrom([6, 6] as const, [8, 6] as const, [6, 9] as const);

  it('is worth settled what it is once a trade has brought it to the prices, and no less before', () => {
    fc.assert(
      fc.property(reserve, reserve, usd, usd, decimals, (base, quote, p, q, digits) => {
        const { venue, asTheyLie, settled } = open(make, base, quote, digits);
        const expected = settled(p, q);
        expect(asTheyLie(p, q)).toBeGreaterThan(expected * (1 - 1e-9));
        const sell = venue.price() > p / q ? 0 : 1;
        const amount = venue.depth(sell, p / q);
        if (amount > 0) venue.execute({ sell, amount }, OUTSIDE);
        // A unit's rounding of a trade of a million tokens; the curve is flat there, so the price need not be met closely.
        expect(asTheyLie(p, q) / expected).toBeCloseTo(1, 7);
        expect(settled(p, q) / expected).toBeCloseTo(1, 7);
      }),
      { numRuns: 200 },
    );
  });

  it('is worth nothing when it is empty', () => {
    expect(open(make, 0, 0, [6, 6]).settled(1, 1)).toBe(0);
  });
});

describe('balances at a price', () => {
  it('have that price, at any of a wide range', () => {
    for (const ann of [2, 200, 4_000]) {
      for (const price of [0.01, 0.5, 0.999, 1, 1.001, 2, 100]) {
        const [x, y] = stableAtPrice(price, 1e6, ann);
        expect(stablePrice(x, y, 1e6, ann) / price).toBeCloseTo(1, 6);
      }
    }
  });
});
