import { describe, expect, it } from 'vitest';
import {
  absoluteWithin,
  asPrinted,
  exactly,
  factorBetween,
  relativeWithin,
  roundedDown,
  unitsWithin,
} from '../../../../src/study/validate/tolerance.ts';

describe('tolerance', () => {
  it.each([
    [exactly, 7, 7, 7.000001],
    [relativeWithin(1e-9), 1e6, 1_000_000.0009, 1_000_000.0011],
    [absoluteWithin(0.1), 6871.41, 6871.5, 6871.52],
    [asPrinted(2), 8.68, 8.6751, 8.6749],
    [factorBetween(0.5, 2), 100, 50, 49.9],
    [unitsWithin(2, 6), 6871, 6871.000002, 6871.0000021],
    [roundedDown(2), 1.237, 1.23, 1.24],
    [roundedDown(2), 1.237, 1.2275, 1.2265],
  ])('%j tells near from far', (tolerance, expected, near, far) => {
    expect(tolerance.holds(expected, near)).toBe(true);
    expect(tolerance.holds(expected, far)).toBe(false);
    expect(tolerance.holds(expected, Number.NaN)).toBe(false);
  });

  it('refuses a bound that is none', () => {
    expect(() => relativeWithin(Number.NaN)).toThrow('TOLERANCE_DOMAIN');
    expect(() => absoluteWithin(-1)).toThrow('TOLERANCE_DOMAIN');
    expect(() => asPrinted(0.5)).toThrow('TOLERANCE_DOMAIN');
    expect(() => unitsWithin(1, 0.5)).toThrow('TOLERANCE_DOMAIN');
    expect(() => roundedDown(-1)).toThrow('TOLERANCE_DOMAIN');
    expect(() => unitsWithin(-1, 6)).toThrow('TOLERANCE_DOMAIN');
    expect(() => factorBetween(2, 1)).toThrow('TOLERANCE_DOMAIN');
  });
});
