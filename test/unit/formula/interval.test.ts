/** Intervals: where there is none, and what is given away for functions that do not round monotonically. */
import { describe, expect, it } from 'vitest';
import { exp, log, pow } from '../../../src/base/elementary.ts';
import { add, divide, exponential, type Interval, logarithm, multiply, power, squareRoot } from '../../../src/formula/interval.ts';

const at = (value: number): Interval => [value, value];

describe('an interval', () => {
  it('is that of the ends where an operation rounds monotonically', () => {
    expect(add([0.1, 1], [0.2, 2])).toEqual([0.1 + 0.2, 3]);
    expect(multiply([-1, 2], [-3, 5])).toEqual([-6, 10]);
    expect(divide([1, 2], [-4, -1])).toEqual([-2, -0.25]);
    expect(squareRoot([0, 2])).toEqual([0, Math.sqrt(2)]);
    expect(power([-3, 2], at(2))).toEqual([0, 9]);
    expect(power([-3, -2], at(-1))).toEqual([-0.5, -1 / 3]);
  });

  it('is wider than its ends where it does not', () => {
    const inside = (interval: Interval | undefined, low: number, high: number) => {
      expect(interval?.[0]).toBeLessThan(low);
      expect(interval?.[1]).toBeGreaterThan(high);
      expect(interval?.[0]).toBeGreaterThan(low - 1e-13 * Math.abs(low));
      expect(interval?.[1]).toBeLessThan(high + 1e-13 * Math.abs(high));
    };
    inside(exponential([1, 2]), exp(1), exp(2));
    inside(logarithm([0.5, 2]), log(0.5), log(2));
    inside(power([-3, 2], at(3)), -27, 8);
    inside(power([2, 3], [-1.5, 0.5]), pow(3, -1.5), pow(3, 0.5));
    // Nothing computed is negative.
    expect(exponential([-1000, 0])?.[0]).toBe(0);
    expect(power([0, 2], at(1.5))?.[0]).toBe(0);
  });

  it('is missing where a value could be no number, or infinite', () => {
    expect(divide([1, 2], [0, 1])).toBeUndefined();
    expect(divide([1, 2], [-1, 0])).toBeUndefined();
    expect(divide([1, 2], [-1, 1])).toBeUndefined();
    expect(divide([1, 2], [1e-309, 1])).toBeUndefined();
    expect(squareRoot([-1e-300, 1])).toBeUndefined();
    expect(logarithm([0, 1])).toBeUndefined();
    expect(power([-1, 1], at(0.5))).toBeUndefined();
    expect(power([-1, 1], [1, 2])).toBeUndefined();
    expect(power([0, 1], [-1, 2])).toBeUndefined();
    expect(exponential([0, 710])).toBeUndefined();
    expect(multiply([0, 1e200], [0, 1e200])).toBeUndefined();
    expect(add([0, Number.MAX_VALUE], [0, Number.MAX_VALUE])).toBeUndefined();
  });
});
