/** The venue of a table of impacts keeps the contract of venues, and gives its table back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRejection } from '../../src/base/rejection.ts';
import { createAssets } from '../../src/ledger/assets.ts';
import { Journal } from '../../src/ledger/journal.ts';
import { Ledger, OUTSIDE } from '../../src/ledger/ledger.ts';
import { impactCurve } from '../../src/market/impact-curve.ts';
import { stretchesOf } from '../../src/market/impact-slopes.ts';
import type { Venue } from '../../src/market/venue.ts';
import { type VenueUnderTest, venueContract } from './venue.ts';

const IMPACTS = [0.001, 0.01, 0.05, 0.2, 0.4];
const PARTS = [0.01, 0.05, 0.2, 0.6, 1];
const HALF_LIFE = 600_000;

interface World extends VenueUnderTest {
  /** Outside price of base, and time. */
  readonly outside: { price: number; now: number };
}

function market({ base, quote, fee = 0 }: { base: number; quote: number; fee?: number }): World {
  const assets = createAssets(['ETH', 'USDC', 'INV'].map((name) => ({ name, decimals: 0 })));
  const ledger = new Ledger(assets, new Journal());
  const outside = { price: quote / base, now: 0 };
  const table = PARTS.map((part, i) => ({ size: part * (base || 1), impact: IMPACTS[i] }));
  const fair = (asset: number) => (asset === 0 ? outside.price : 1);
  const needs = { name: 'market', ledger, startPrice: fair, fair, now: () => outside.now };
  const venue = impactCurve.create({ base: 0, quote: 1, baseReserve: base, quoteReserve: quote, fee, table, resilience: HALF_LIFE }, needs);
  return { ledger, venue, outside };
}

venueContract('impact curve', market, { pool: false });
venueContract('impact curve with a fee', (reserves) => market({ ...reserves, fee: 0.003 }), { pool: false });

const bought = (venue: Venue, sell: number, amount: number): number => {
  const fill = venue.execute({ sell, amount }, OUTSIDE);
  if (isRejection(fill)) throw new Error(fill.rejected);
  return fill.bought;
};

describe('an impact curve', () => {
  it('loses on a sale of each size of the table what the table says, and in proportion between two', () => {
    const at = (part: number) => 1 - bought(market({ base: 1e12, quote: 2e12 }).venue, 0, part * 1e12) / (part * 2e12);
    for (const [i, part] of PARTS.slice(0, 3).entries()) expect(at(part)).toBeCloseTo(IMPACTS[i], 10);
    // Half of the way from 5 % to 20 %: what both ends bring, in the mean.
    expect(at(0.125)).toBeCloseTo(1 - (0.05 * 0.99 + 0.2 * 0.95) / 2 / 0.125, 10);
  });

  it('charges a purchase the reciprocal of what a sale brings', () => {
    const { venue } = market({ base: 1e12, quote: 2e12 });
    // The first stretch: a hundredth of the base, at 0.999 of the price sold and at 1/0.999 bought.
    expect(bought(venue, 1, 1e10) / (1e10 / 2)).toBeCloseTo(0.999, 9);
  });

  it('forgets half of what was sold in the half-life, and follows the outside price', () => {
    const { venue, outside } = market({ base: 1e12, quote: 2e12 });
    bought(venue, 0, 0.4e12);
    const slope = venue.price() / 2;
    // Between a fifth and three: (0.6·0.8 − 0.2·0.95)/0.4.
    expect(slope).toBeCloseTo(0.725, 12);
    outside.price = 3;
    expect(venue.price()).toBeCloseTo(3 * slope, 12);
    outside.now = HALF_LIFE;
    // A fifth is left: at the end of the stretch from a twentieth, and a sale of one more than is forgotten goes beyond.
    const before = venue.quote({ sell: 0, amount: 1e6 });
    expect(isRejection(before) ? Number.NaN : before.bought / 3e6).toBeCloseTo(0.725, 3);
    outside.now = 2 * HALF_LIFE;
    const later = venue.quote({ sell: 0, amount: 1e6 });
    expect(isRejection(later) ? Number.NaN : later.bought / 3e6).toBeCloseTo((0.2 * 0.95 - 0.05 * 0.99) / 0.15, 3);
    // A tenth is left, and three more are sold: they are remembered from now on.
    bought(venue, 0, 0.3e12);
    expect(venue.price() / 3).toBeCloseTo(0.725, 12);
    outside.now = 200 * HALF_LIFE;
    expect(venue.price()).toBeCloseTo(3 * 0.999, 6);
  });

  it('sells no more than the table reaches, and has room again later', () => {
    const { venue, outside } = market({ base: 1e9, quote: 1e12 });
    const fill = venue.execute({ sell: 0, amount: 5e9 }, OUTSIDE);
    expect(fill).toMatchObject({ sold: 1e9 });
    expect(venue.quote({ sell: 0, amount: 1e6 })).toMatchObject({ rejected: 'VENUE_EMPTY' });
    outside.now = HALF_LIFE;
    expect(venue.quote({ sell: 0, amount: 1e6 })).toMatchObject({ sold: 1e6 });
  });

  it('has the depth that its stretches give until their price is below the limit', () => {
    const { venue } = market({ base: 1e12, quote: 1e12 });
    expect([0.9995, 0.98, 0.9, 0.7].map((worst) => venue.depth(0, worst) / 1e12)).toEqual([0, 0.05, 0.2, 0.6]);
  });
});

describe('a table of impacts', () => {
  it('is refused, with the row, where a further unit would bring more than one before, or nothing', () => {
    const row = (rows: { size: number; impact: number }[]) => {
      const answer = stretchesOf(rows);
      return 'row' in answer ? [answer.row, answer.found] : answer.length;
    };
    expect(
      row([
        { size: 1, impact: 0.1 },
        { size: 2, impact: 0.2 },
      ]),
    ).toBe(2);
    expect(
      row([
        { size: 1, impact: 0.1 },
        { size: 1, impact: 0.2 },
      ]),
    ).toEqual([1, 'size 1']);
    expect(
      row([
        { size: 1, impact: 0.1 },
        { size: 2, impact: 0.05 },
      ]),
    ).toEqual([1, 'impact 0.05']);
    expect(
      row([
        { size: 1, impact: 0.1 },
        { size: 2, impact: 0.6 },
      ]),
    ).toEqual([1, 'impact 0.6']);
    expect(row([{ size: 1, impact: -0.1 }])).toEqual([0, 'impact -0.1']);
  });

  it('falls from stretch to stretch, whatever was accepted', () => {
    const rows = fc.array(
      fc.record({ size: fc.double({ min: 0.1, max: 100, noNaN: true }), impact: fc.double({ min: 0, max: 0.9, noNaN: true }) }),
    );
    fc.assert(
      fc.property(rows, (table) => {
        const answer = stretchesOf([...table].sort((a, b) => a.size - b.size));
        if ('row' in answer) return;
        const slopes = answer.map(({ slope }) => slope);
        expect(slopes).toEqual([...slopes].sort((a, b) => b - a));
      }),
    );
  });
});
