import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lateShortfall, leastWithin, squeezeShortfall } from '../../../../src/protocol/governance/late-shortfall.ts';
import { propertyRuns } from '../../../support/property-runs.ts';

const cover = fc.double({ min: 0, max: 3, noNaN: true });
const spread = fc.double({ min: 0, max: 2, noNaN: true });
const level = fc.double({ min: 0, max: 0.999, noNaN: true });
const more = fc.double({ min: 1, max: 2, noNaN: true });

describe.each([
  ['a late liquidation', lateShortfall],
  ['a short that is squeezed', squeezeShortfall],
] as const)('expected shortfall of %s', (_, shortfall) => {
  it('falls with cover and rises with spread and level, and is never negative', () => {
    fc.assert(
      fc.property(cover, spread, level, more, (k, s, a, factor) => {
        const loss = shortfall(k, s, a);
        expect(loss).toBeGreaterThanOrEqual(0);
        expect(shortfall(k * factor, s, a)).toBeLessThanOrEqual(loss + 1e-12);
        expect(shortfall(k, s * factor, a)).toBeGreaterThanOrEqual(loss - 1e-12);
        expect(shortfall(k, s, 1 - (1 - a) / factor)).toBeGreaterThanOrEqual(loss * (1 - 1e-9) - 1e-12);
      }),
      { numRuns: propertyRuns(500, 10_000) },
    );
  });

  it('is what is missing where nothing moves', () => {
    expect(shortfall(0.75, 0, 0.9)).toBe(0.25);
    expect(shortfall(1.25, 0, 0.9)).toBe(0);
  });

  it('refuses what is none', () => {
    for (const [k, s, a] of [
      [-1, 0.1, 0.9],
      [1, Number.NaN, 0.9],
      [1, 0.1, 1],
    ])
      expect(() => shortfall(k, s, a)).toThrow('SHORTFALL_DOMAIN');
  });
});

it('never loses more than all of a debt', () => {
  fc.assert(fc.property(cover, spread, level, (k, s, a) => lateShortfall(k, s, a) <= 1 + 1e-12));
});

describe('the least within a budget', () => {
  it('is within it, and a little less is not', () => {
    const budget = fc.double({ min: 1e-6, max: 0.3, noNaN: true });
    fc.assert(
      fc.property(budget, fc.double({ min: 0.01, max: 1, noNaN: true }), level, (within, s, a) => {
        const loss = (k: number) => lateShortfall(k, s, a);
        const least = leastWithin(within, loss, 0.1, 1000);
        fc.pre(least < 1000);
        expect(loss(least)).toBeLessThanOrEqual(within);
        expect(loss(least - 1e-9)).toBeGreaterThan(within * (1 - 1e-6));
      }),
    );
  });

  it('is the lower bound where that will do, and the upper where nothing does', () => {
    expect(leastWithin(0.5, () => 0, 2, 3)).toBe(2);
    expect(leastWithin(0.5, () => 1, 2, 3)).toBe(3);
  });
});
