import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  amplitude,
  type Band,
  priceWhenCollateral,
  priceWhenStable,
  stableDown,
  upperEdge,
  virtualCollateral,
  virtualStable,
} from '../../../../src/protocol/liquidation/soft-bands-curve.ts';
import { priceIn } from '../../../support/band-price.ts';
import { exactAmplitude } from '../../../support/exact-band.ts';
import { ulps } from '../../../support/high-precision.ts';
import { propertyRuns } from '../../../support/property-runs.ts';

/** Band 0 of a base price of 1 or as told. */
function aBand({ x = 0, y = 0, oracle = 1, base = 1, amplification = 100, n = 0 }): Band {
  const upper = upperEdge(base, amplification, n);
  return { x, y, oracle, upper, lower: upperEdge(base, amplification, n + 1), amplification };
}

const holding = fc.integer({ min: 0, max: 1e15 });
const bands = fc.record({
  x: holding,
  y: holding,
  oracle: fc.double({ min: 0.3, max: 3, noNaN: true }),
  base: fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
  amplification: fc.integer({ min: 2, max: 1000 }),
  n: fc.integer({ min: -200, max: 200 }),
});
/** The oracle of `bands` is relative to the band's upper edge. */
const placed = bands
  .map((band) => {
    const here = aBand({ ...band, oracle: 1 });
    return { ...here, oracle: here.upper * band.oracle };
  })
  // Beyond, the reference of 256 fraction bits has none left for p².
  .filter(({ upper }) => upper > 1e-12 && upper < 1e12);

describe('the curve of a band', () => {
  it('B18: bands are 1 % wide where A is 100, and ten of them span 9.56 %', () => {
    expect(upperEdge(2000, 100, 0)).toBe(2000);
    expect(upperEdge(2000, 100, 1)).toBeCloseTo(1980, 9);
    expect(upperEdge(2000, 100, -1)).toBeCloseTo(2000 / 0.99, 9);
    expect(1 - upperEdge(1, 100, 10)).toBeCloseTo(0.0956, 4);
    expect(1 - upperEdge(1, 100, 10)).toBeCloseTo(1 - 0.99 ** 10, 15);
  });

  it('has a y0 right to 12 ulp, whatever the band holds', () => {
    fc.assert(
      fc.property(placed, (band) => {
        fc.pre(band.x + band.y > 0);
        expect(ulps(amplitude(band), exactAmplitude(band))).toBeLessThan(12);
      }),
      { numRuns: propertyRuns(200, 5000) },
    );
  });

  it('keeps (f + x)·(g + y) = p·A²·y0²', () => {
    fc.assert(
      fc.property(placed, (band) => {
        fc.pre(band.x + band.y > 0);
        const y0 = amplitude(band);
        const product = (virtualStable(band, y0) + band.x) * (virtualCollateral(band, y0) + band.y);
        expect(product / (band.oracle * (band.amplification * y0) ** 2)).toBeCloseTo(1, 12);
      }),
    );
  });

  it('has y0 collateral where oracle and upper edge are one and no stable is held', () => {
    expect(amplitude(aBand({ y: 1e9 }))).toBe(1e9);
  });

  it('ends at p³/p_up² and p³/p_down², where the next band begins', () => {
    const band = aBand({ y: 1e6, oracle: 0.993 });
    expect(priceIn(band)).toBeCloseTo(0.993 ** 3, 14);
    expect(priceIn(band)).toBeCloseTo(priceWhenCollateral(band), 14);
    const sold = { ...band, x: 1e6, y: 0 };
    expect(priceIn(sold)).toBeCloseTo(priceWhenStable(band), 14);
    const next = aBand({ y: 1, n: 1, oracle: 0.993 });
    expect(priceIn(next)).toBeCloseTo(priceWhenStable(band), 14);
    expect(priceIn(aBand({}))).toBeNaN();
  });

  it('stands at the oracle where that stands at an edge', () => {
    const low = aBand({ x: 1e6 });
    expect(priceIn(aBand({ y: 1e6 }))).toBe(1);
    expect(priceIn({ ...low, oracle: low.lower })).toBeCloseTo(low.lower, 14);
  });

  it('moves three times as fast as the oracle at an end of the band, and always faster than it', () => {
    fc.assert(
      fc.property(placed, fc.double({ min: 0.9, max: 0.999, noNaN: true }), (band, fall) => {
        fc.pre(band.x + band.y > 0);
        const after = priceIn({ ...band, oracle: band.oracle * fall });
        const ratio = after / priceIn(band);
        if (band.x === 0 || band.y === 0) expect(ratio / fall ** 3).toBeCloseTo(1, 12);
        expect(ratio).toBeLessThan(fall);
      }),
    );
  });
});

describe('what a band becomes as the price falls', () => {
  it('is its collateral at the geometric mean of the edges, from above', () => {
    const band = aBand({ y: 1e9, oracle: 1.5 });
    expect(stableDown(band)).toBeCloseTo(1e9 * Math.sqrt(0.99), 4);
  });

  it('is its stable, from below', () => {
    expect(stableDown(aBand({ x: 5e8, oracle: 0.9 }))).toBe(5e8);
    expect(stableDown(aBand({ oracle: 0.9 }))).toBe(0);
  });

  it('does not jump at the edges', () => {
    for (const [x, y] of [
      [0, 1e9],
      [1e9, 0],
      [4e8, 6e8],
    ]) {
      for (const edge of [1, upperEdge(1, 100, 1)]) {
        const [below, above] = [1 - 1e-12, 1 + 1e-12].map((near) => stableDown(aBand({ x, y, oracle: edge * near })));
        expect(above / below).toBeCloseTo(1, 9);
      }
    }
  });

  it('never exceeds what it holds at the oracle, nor at the upper edge, in rest', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.9901, max: 0.9999, noNaN: true }), fc.integer({ min: 1, max: 1e12 }), (oracle, y) => {
        // In rest: priceIn = oracle. Found from y by the curve's own formulas.
        const band = aBand({ y, oracle });
        let [low, high] = [0, y * 1000];
        for (let i = 0; i < 200; i++) {
          band.x = (low + high) / 2;
          if (priceIn(band) < oracle) low = band.x;
          else high = band.x;
        }
        expect(stableDown(band)).toBeLessThanOrEqual((band.x + y * oracle) * (1 + 1e-12));
        expect(stableDown(band)).toBeGreaterThanOrEqual((band.x + y * band.lower) * (1 - 1e-12));
      }),
    );
  });
});
