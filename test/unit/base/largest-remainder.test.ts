import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largestRemainder } from '../../../src/base/largest-remainder.ts';
import { propertyRuns } from '../../support/property-runs.ts';

function split(total: number, weights: readonly number[]): number[] {
  const into = new Float64Array(weights.length);
  largestRemainder(total, weights, into);
  return Array.from(into);
}

/** Hamilton's method in BigInt, by sorting. */
function bySorting(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + BigInt(weight), 0n);
  const due = weights.map((weight, i) => ({
    i,
    whole: (BigInt(total) * BigInt(weight)) / sum,
    over: (BigInt(total) * BigInt(weight)) % sum,
  }));
  const parts = due.map(({ whole }) => Number(whole));
  const left = total - parts.reduce((all, part) => all + part, 0);
  due.sort((a, b) => (a.over === b.over ? a.i - b.i : a.over > b.over ? -1 : 1));
  for (const { i } of due.slice(0, left)) parts[i] += 1;
  return parts;
}

const weight = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 2 ** 48 }));
const totals = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));
const weights = fc.array(weight, { minLength: 1, maxLength: 20 }).filter((all) => all.some((each) => each > 0));

describe('a split by largest remainders', () => {
  it('is Hamilton’s: 100 seats for 21878, 9713, 4167, 3252, 1065 and 0 votes', () => {
    // Due: 54.59, 24.24, 10.40, 8.11, 2.66, 0.
    expect(split(100, [21878, 9713, 4167, 3252, 1065, 0])).toEqual([55, 24, 10, 8, 3, 0]);
    expect(split(2, [1, 1, 1])).toEqual([1, 1, 0]);
    expect(split(0, [5, 5])).toEqual([0, 0]);
  });

  it('is what sorting in BigInt says', () => {
    fc.assert(
      fc.property(totals, weights, (total, all) => {
        expect(split(total, all)).toEqual(bySorting(total, all));
      }),
      { numRuns: propertyRuns(500, 50000) },
    );
  });

  it('sums to the total, to the unit, and gives no less for more and nothing for nothing', () => {
    fc.assert(
      fc.property(totals, weights, (total, all) => {
        const parts = split(total, all);
        expect(parts.reduce((sum, part) => sum + BigInt(part), 0n)).toBe(BigInt(total));
        const order = all.map((_, i) => i).sort((a, b) => all[a] - all[b]);
        for (let k = 1; k < order.length; k++) {
          if (all[order[k]] > all[order[k - 1]]) expect(parts[order[k]]).toBeGreaterThanOrEqual(parts[order[k - 1]]);
        }
        all.forEach((each, i) => {
          if (each === 0) expect(parts[i]).toBe(0);
        });
      }),
      { numRuns: propertyRuns(300, 20000) },
    );
  });

  it('faults where the weights have no sum to divide by', () => {
    for (const bad of [[], [0, 0], [2 ** 53, 1], [Number.NaN]]) expect(() => split(1, bad)).toThrow('APPORTION_WEIGHTS');
  });
});
