import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BANDS_MAX, BANDS_MIN, bandLowerEdge, bandPrices, bandSpan, bandUpperEdge } from '../../src/study/closed-form/soft-bands.ts';
import { expectDigits } from './digits.ts';

const GRID = { basePrice: 2000, amplification: 100 };
const grids = fc.record({
  basePrice: fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
  amplification: fc.integer({ min: 2, max: 10_000 }),
});
const bandNumber = fc.integer({ min: -200, max: 200 });

describe('bands of soft liquidation (B18)', () => {
  it('begin at the base price and fall by 1 % each at A = 100', () => {
    expect(bandUpperEdge(GRID, 0)).toBe(2000);
    expectDigits(bandLowerEdge(GRID, 0), 1980);
    expectDigits(bandUpperEdge({ ...GRID, amplification: 70 }, -3), 2088.222849297888337914638563935843462);
    expectDigits(bandUpperEdge({ ...GRID, amplification: 70 }, 5), 1861.166596061164990777652168739215803);
  });

  it('span 9.56 % when there are ten', () => {
    expectDigits(bandSpan(100, 10), 0.09561792499119550998999999);
    expectDigits(bandSpan(100, BANDS_MIN), 0.03940399);
    expectDigits(bandSpan(100, BANDS_MAX), 1 - 0.6050060671375365);
  });

  it('span what their edges span, wherever they lie', () => {
    fc.assert(
      fc.property(grids, bandNumber, fc.integer({ min: BANDS_MIN, max: BANDS_MAX }), (grid, first, bands) => {
        const span = 1 - bandLowerEdge(grid, first + bands - 1) / bandUpperEdge(grid, first);
        expect(Math.abs(span - bandSpan(grid.amplification, bands))).toBeLessThan(1e-12);
      }),
    );
  });
});

describe('prices within a band (B18)', () => {
  it('are the oracle price at both edges, so that a band trades where the market is', () => {
    fc.assert(
      fc.property(grids, bandNumber, (grid, band) => {
        const up = bandUpperEdge(grid, band);
        const down = bandLowerEdge(grid, band);
        expectDigits(bandPrices(grid, band, up).low, up);
        expectDigits(bandPrices(grid, band, down).high, down);
      }),
    );
  });

  it('move three times as far as the oracle', () => {
    const before = bandPrices(GRID, 4, 1900);
    const after = bandPrices(GRID, 4, 1900 * 0.99);
    expectDigits(after.low / before.low, 0.99 ** 3);
    expectDigits(after.high / before.high, 0.99 ** 3);
    expectDigits(before.high / before.low, (100 / 99) ** 2);
  });

  it('refuses what is no band', () => {
    expect(() => bandUpperEdge({ ...GRID, amplification: 1 }, 0)).toThrow('BANDS_DOMAIN');
    expect(() => bandUpperEdge({ ...GRID, basePrice: 0 }, 0)).toThrow('BANDS_DOMAIN');
    expect(() => bandUpperEdge(GRID, 0.5)).toThrow('BANDS_DOMAIN');
    expect(() => bandSpan(100, BANDS_MIN - 1)).toThrow('BANDS_DOMAIN');
    expect(() => bandSpan(100, BANDS_MAX + 1)).toThrow('BANDS_DOMAIN');
    expect(() => bandPrices(GRID, 0, 0)).toThrow('BANDS_DOMAIN');
  });
});
