import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bought, drainUp, givenDown, paidUntil } from '../../../../src/protocol/liquidation/soft-bands-amounts.ts';
import { type Band, priceWhenCollateral, priceWhenStable, upperEdge } from '../../../../src/protocol/liquidation/soft-bands-curve.ts';
import { priceIn } from '../../../support/band-price.ts';
import { exactAmplitude, exactLeft, netOf } from '../../../support/exact-band.ts';
import { one } from '../../../support/high-precision.ts';
import { propertyRuns } from '../../../support/property-runs.ts';

const runs = { numRuns: propertyRuns(300, 20000) };

/** Small and large alike, zero often. */
const holding = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 1000 }),
  fc.integer({ min: 1, max: 1e12 }),
  fc.integer({ min: 1, max: 2 ** 50 }),
);
const bought = fc.constantFrom<Bought>('collateral', 'stable');
const fee = fc.oneof(fc.constant(0), fc.constant(6000), fc.integer({ min: 0, max: 100_000 }));
const bands = fc
  .record({
    x: holding,
    y: holding,
    relative: fc.oneof(fc.constant(1), fc.double({ min: 0.8, max: 1.2, noNaN: true })),
    base: fc.oneof(fc.constant(1), fc.double({ min: 1e-6, max: 1e6, noNaN: true })),
    amplification: fc.constantFrom(2, 10, 100, 500),
  })
  .map(({ x, y, relative, base, amplification }): Band => {
    return { x, y, oracle: base * relative, upper: base, lower: upperEdge(base, amplification, 1), amplification };
  });
const left = (band: Band, side: Bought) => (side === 'collateral' ? band.y : band.x);

function traded(band: Band, side: Bought, paid: number, given: number): Band {
  return side === 'collateral' ? { ...band, x: band.x + paid, y: band.y - given } : { ...band, x: band.x - given, y: band.y + paid };
}

describe('what a band gives', () => {
  it('is the whole part of what the curve allows, found at 60 digits', () => {
    fc.assert(
      fc.property(bands, bought, fee, fc.integer({ min: 1, max: 2 ** 50 }), (band, side, feeMillionths, paid) => {
        fc.pre(left(band, side) > 0);
        const given = givenDown(band, side, paid, feeMillionths);
        const rest = exactLeft(band, side, netOf(paid, feeMillionths));
        const exact = BigInt(left(band, side)) * one - (rest > 0n ? rest : 0n);
        // Beyond 2^-120 of a whole number the reference itself decides.
        const slack = one >> 120n;
        expect(BigInt(given) * one <= exact + slack).toBe(true);
        expect(BigInt(given + 1) * one > exact - slack).toBe(true);
      }),
      runs,
    );
  });

  it('is decided where the curve comes to a whole number', () => {
    // At p = p_up, A = 2, y = 6 the curve is (12 + x)(6 + y) = 144: 12 more in the first asset leave no collateral.
    const band: Band = { x: 0, y: 6, oracle: 1, upper: 1, lower: 0.5, amplification: 2 };
    expect(drainUp(band, 'collateral', 0)).toBe(12);
    expect([3, 4, 5, 6, 11, 12, 13].map((paid) => givenDown(band, 'collateral', paid, 0))).toEqual([2, 3, 3, 4, 5, 6, 6]);
    // A fee of a fifth asks for a quarter more.
    expect(drainUp(band, 'collateral', 200_000)).toBe(15);
    expect(givenDown(band, 'collateral', 5, 200_000)).toBe(3);
  });

  it('leaves y0 no smaller', () => {
    fc.assert(
      fc.property(bands, bought, fee, fc.integer({ min: 1, max: 1e6 }), (band, side, feeMillionths, paid) => {
        fc.pre(left(band, side) > 0);
        const given = givenDown(band, side, paid, feeMillionths);
        const before = exactAmplitude(band);
        expect(exactAmplitude(traded(band, side, paid, given)) >= before - (one >> 120n)).toBe(true);
      }),
      runs,
    );
  });

  it('is no less for more', () => {
    fc.assert(
      fc.property(
        bands,
        bought,
        fee,
        fc.integer({ min: 1, max: 2 ** 50 }),
        fc.integer({ min: 1, max: 1000 }),
        (band, side, cost, paid, more) => {
          fc.pre(left(band, side) > 0);
          expect(givenDown(band, side, paid + more, cost)).toBeGreaterThanOrEqual(givenDown(band, side, paid, cost));
        },
      ),
      runs,
    );
  });
});

describe('what empties a band of what is bought', () => {
  it('is the least that does', () => {
    fc.assert(
      fc.property(bands, bought, fee, (band, side, feeMillionths) => {
        const all = left(band, side);
        fc.pre(all > 0);
        const drain = drainUp(band, side, feeMillionths);
        fc.pre(drain < 2 ** 51);
        expect(givenDown(band, side, drain, feeMillionths)).toBe(all);
        expect(drain).toBeGreaterThan(0);
        if (drain > 1) expect(givenDown(band, side, drain - 1, feeMillionths)).toBeLessThan(all);
      }),
      runs,
    );
  });

  it('is out of reach where a unit is worth more than a ledger holds', () => {
    const dear: Band = { x: 0, y: 2 ** 50, oracle: 1e9, upper: 1e9, lower: 0.99e9, amplification: 100 };
    expect(drainUp(dear, 'collateral', 0)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('what may be paid until a price', () => {
  it('brings the band there to a unit, and not beyond', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1e9, max: 1e12 }),
        fc.integer({ min: 1e9, max: 1e12 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        bought,
        (x, y, part, side) => {
          const band: Band = { x, y, oracle: 0.995, upper: 1, lower: 0.99, amplification: 100 };
          const now = priceIn(band);
          const end = side === 'collateral' ? priceWhenStable(band) : priceWhenCollateral(band);
          const limit = now + (end - now) * part;
          const paid = paidUntil(band, side, limit, 0);
          const there = priceIn(traded(band, side, paid, givenDown(band, side, paid, 0)));
          expect(Math.abs(there / limit - 1)).toBeLessThan(1e-10);
          const further = priceIn(traded(band, side, paid + 1e4, givenDown(band, side, paid + 1e4, 0)));
          if (side === 'collateral') expect(further).toBeGreaterThan(limit);
          else expect(further).toBeLessThan(limit);
          expect(paidUntil(band, side, side === 'collateral' ? now * 0.999 : now * 1.001, 0)).toBe(0);
        },
      ),
    );
  });
});
