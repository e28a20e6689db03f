import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRejection } from '../../../../src/base/rejection.ts';
import { Journal } from '../../../../src/ledger/journal.ts';
import type { SetCell } from '../../../../src/protocol/liquidation/set-cell.ts';
import {
  bandCount,
  bandHealth,
  clearBands,
  collateralIn,
  createSoftBands,
  effectiveCollateral,
  firstBand,
  placeBands,
  setBasePrice,
  stableDownOf,
  stableIn,
} from '../../../../src/protocol/liquidation/soft-bands.ts';
import { upperEdge } from '../../../../src/protocol/liquidation/soft-bands-curve.ts';
import { priceNow } from '../../../support/band-price.ts';

const TERMS = { amplification: 100, feeMillionths: 6000, width: 50 };
const set: SetCell = (column, index, value) => {
  column.data[index] = value;
};
const yOf = (bands: ReturnType<typeof createSoftBands>, position: number) =>
  Array.from(bands.y.data.subarray(position * 50, position * 50 + bandCount(bands, position)));

describe('the first band of a loan', () => {
  const loans = fc.record({
    collateral: fc.integer({ min: 1000, max: 1e12 }),
    ltv: fc.double({ min: 0.01, max: 1, noNaN: true }),
    count: fc.integer({ min: 4, max: 50 }),
    amplification: fc.integer({ min: 10, max: 500 }),
    discount: fc.double({ min: 0, max: 0.3, noNaN: true }),
    basePrice: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
    moved: fc.double({ min: 0.1, max: 10, noNaN: true }),
  });

  it('is the lowest that covers the debt, and begins below the oracle', () => {
    fc.assert(
      fc.property(loans, ({ collateral, ltv, count, amplification, discount, basePrice, moved }) => {
        const oracle = basePrice * moved;
        const debt = Math.ceil(collateral * oracle * ltv);
        const n = firstBand({ ...TERMS, amplification }, { collateral, debt, count, discount }, basePrice, oracle);
        const effective = effectiveCollateral(collateral, count, amplification, discount);
        if (isRejection(n)) {
          // Not even a band that begins at the oracle would cover it, but for the width of one band.
          expect(n.rejected).toBe('DEBT_TOO_HIGH');
          expect(effective * oracle).toBeLessThanOrEqual((debt * amplification) / (amplification - 1) + 1e-6 * debt);
          return;
        }
        expect(effective * upperEdge(basePrice, amplification, n)).toBeGreaterThanOrEqual(debt);
        expect(effective * upperEdge(basePrice, amplification, n + 1)).toBeLessThan(debt);
        expect(upperEdge(basePrice, amplification, n)).toBeLessThan(oracle);
      }),
    );
  });

  it('counts a debt that is covered exactly as covered, whatever the logarithms make of it', () => {
    for (const amplification of [10, 100, 500]) {
      for (let n = -300; n <= 300; n++) {
        const debt = effectiveCollateral(1e9, 10, amplification, 0.09) * upperEdge(3, amplification, n);
        const loan = { collateral: 1e9, debt, count: 10, discount: 0.09 };
        expect(firstBand({ ...TERMS, amplification }, loan, 3, 1e15)).toBe(n);
        expect(firstBand({ ...TERMS, amplification }, { ...loan, debt: debt * (1 + 2 ** -52) }, 3, 1e15)).toBe(n - 1);
      }
    }
  });

  it('lies so low that the collateral, sold slowly, leaves the discount over the debt', () => {
    const loan = { collateral: 1e12, debt: 7e11, count: 10, discount: 0.09 };
    const n = firstBand(TERMS, loan, 1, 1) as number;
    const bands = createSoftBands(TERMS);
    placeBands(bands, 0, { first: n, count: 10, basePrice: 1 }, loan.collateral, set);
    const cover = stableDownOf(bands, 0, 1) * (1 - loan.discount);
    expect(cover).toBeGreaterThanOrEqual(loan.debt);
    expect(cover * 0.99).toBeLessThan(loan.debt);
    // x_down of collateral alone is y_effective·p_up(n1) before the discount.
    expect(stableDownOf(bands, 0, 1)).toBeCloseTo(effectiveCollateral(1e12, 10, 100, 0) * upperEdge(1, 100, n), 0);
  });

  it('follows the closed form of the sum', () => {
    expect(effectiveCollateral(1e9, 10, 100, 0)).toBeCloseTo(((1e9 / 10) * Math.sqrt(0.99) * (1 - 0.99 ** 10)) / 0.01, 3);
  });

  it('is refused where the debt is more than collateral can be worth', () => {
    expect(firstBand(TERMS, { collateral: 1000, debt: 1e6, count: 10, discount: 0 }, 1, 1)).toMatchObject({ rejected: 'DEBT_TOO_HIGH' });
    expect(firstBand(TERMS, { collateral: 1000, debt: 995, count: 4, discount: 0.09 }, 1, 1)).toMatchObject({ rejected: 'DEBT_TOO_HIGH' });
  });
});

describe('bands', () => {
  it('share the collateral equally to the unit, the first takes what does not divide', () => {
    const bands = createSoftBands(TERMS);
    placeBands(bands, 3, { first: -7, count: 4, basePrice: 2000 }, 103, set);
    expect(yOf(bands, 3)).toEqual([28, 25, 25, 25]);
    expect(collateralIn(bands, 3)).toBe(103);
    expect(stableIn(bands, 3)).toBe(0);
    expect(bandCount(bands, 2)).toBe(0);
    expect(bandCount(bands, 99)).toBe(0);
  });

  it('are refused less than a unit each, and fewer than 4 or more than there is room for', () => {
    const bands = createSoftBands(TERMS);
    expect(placeBands(bands, 0, { first: 0, count: 10, basePrice: 1 }, 9, set)).toMatchObject({ rejected: 'AMOUNT' });
    expect(bandCount(bands, 0)).toBe(0);
    for (const count of [3, 51]) expect(() => placeBands(bands, 0, { first: 0, count, basePrice: 1 }, 1000, set)).toThrow('BAND_PLACE');
    for (const bad of [{ amplification: 1 }, { amplification: 2.5 }, { feeMillionths: 500_000 }, { width: 51 }, { width: 3 }]) {
      expect(() => createSoftBands({ ...TERMS, ...bad })).toThrow('BAND_TERMS');
    }
  });

  it('replace those that a position had', () => {
    const bands = createSoftBands(TERMS);
    placeBands(bands, 0, { first: 0, count: 50, basePrice: 1 }, 50_000, set);
    placeBands(bands, 0, { first: 5, count: 4, basePrice: 1 }, 4000, set);
    expect(collateralIn(bands, 0)).toBe(4000);
    placeBands(bands, 0, { first: 5, count: 50, basePrice: 1 }, 5000, set);
    expect(collateralIn(bands, 0)).toBe(5000);
    clearBands(bands, 0, set);
    clearBands(bands, 0, set);
    expect([bandCount(bands, 0), collateralIn(bands, 0), priceNow(bands, 0, 1)]).toEqual([0, 0, Number.NaN]);
  });

  it('have the price of the highest band that holds collateral', () => {
    const bands = createSoftBands(TERMS);
    placeBands(bands, 0, { first: 0, count: 4, basePrice: 1 }, 4000, set);
    expect(priceNow(bands, 0, 0.97)).toBeCloseTo(0.97 ** 3, 14);
    bands.x.data[0] = 1000;
    bands.y.data[0] = 0;
    expect(priceNow(bands, 0, 0.97)).toBeCloseTo(0.97 ** 3 / 0.99 ** 2, 14);
    for (let slot = 1; slot < 4; slot++) {
      bands.x.data[slot] = 1000;
      bands.y.data[slot] = 0;
    }
    expect(priceNow(bands, 0, 0.97)).toBeCloseTo(0.97 ** 3 / 0.99 ** 8, 14);
  });

  it('cover more as the base price rises with the debt', () => {
    const bands = createSoftBands(TERMS);
    placeBands(bands, 0, { first: 0, count: 10, basePrice: 1 }, 1e9, set);
    const before = stableDownOf(bands, 0, 2);
    setBasePrice(bands, 0, 1.05, set);
    expect(stableDownOf(bands, 0, 2) / before).toBeCloseTo(1.05, 12);
  });

  it('fault at a reading that is no price', () => {
    const bands = createSoftBands(TERMS);
    placeBands(bands, 0, { first: 0, count: 10, basePrice: 1 }, 1e9, set);
    for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e-300]) expect(() => priceNow(bands, 0, bad)).toThrow('BAND_PRICE');
    setBasePrice(bands, 0, 1e-300, set);
    expect(() => priceNow(bands, 0, 1)).toThrow('BAND_PRICE');
  });

  it('are taken back with the bundle that placed them', () => {
    const bands = createSoftBands(TERMS);
    const journal = new Journal();
    const write: SetCell = (column, index, value) => journal.set(column, index, value);
    placeBands(bands, 0, { first: 0, count: 10, basePrice: 1 }, 1e9, write);
    journal.begin();
    clearBands(bands, 0, write);
    placeBands(bands, 0, { first: 9, count: 4, basePrice: 3 }, 7e9, write);
    placeBands(bands, 40, { first: 9, count: 4, basePrice: 3 }, 7e9, write);
    journal.undo();
    expect([bandCount(bands, 0), collateralIn(bands, 0), bands.first.data[0], bands.basePrice.data[0]]).toEqual([10, 1e9, 0, 1]);
    expect(bandCount(bands, 40)).toBe(0);
  });
});

describe('health under soft liquidation', () => {
  it('is the cover less the discount over the debt', () => {
    expect(bandHealth(1000, 900, 0.06)).toBeCloseTo(940 / 900, 14);
    expect(bandHealth(0, 0, 0.06)).toBe(Number.POSITIVE_INFINITY);
  });
});
