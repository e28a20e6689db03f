import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largestAllowed } from '../../../src/base/largest-allowed.ts';

const MOST = Number.MAX_SAFE_INTEGER;

describe('the largest allowed', () => {
  it('is found to the unit, however large the numbers', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (most, limit) => {
        expect(largestAllowed(most, (units) => units <= limit)).toBe(Math.min(most, limit));
      }),
      {
        examples: [
          [MOST, MOST - 1],
          [MOST, 2 ** 40 + 1],
          [1, 0],
          [2, 1],
        ],
      },
    );
  });

  it('asks once where all is allowed, and else at most once a bit', () => {
    let asked = 0;
    const upTo = (limit: number) => (units: number) => {
      asked++;
      return units <= limit;
    };
    largestAllowed(MOST, upTo(MOST));
    expect(asked).toBe(1);
    asked = 0;
    largestAllowed(MOST, upTo(2 ** 52 + 1));
    expect(asked).toBeLessThanOrEqual(54);
  });

  it('is 0 where nothing is, and never asks about 0 or less', () => {
    const seen: number[] = [];
    const never = (units: number) => {
      seen.push(units);
      return false;
    };
    expect(largestAllowed(100, never)).toBe(0);
    expect(Math.min(...seen)).toBe(1);
    seen.length = 0;
    expect([largestAllowed(0, never), largestAllowed(-7, never)]).toEqual([0, 0]);
    expect(seen).toEqual([]);
  });
});
