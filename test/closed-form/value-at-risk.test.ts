import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  kupiecBand,
  kupiecPValue,
  kupiecRatio,
  normalExpectedShortfall,
  normalValueAtRisk,
  studentExpectedShortfall,
  studentValueAtRisk,
} from '../../src/study/closed-form/value-at-risk.ts';
import { expectDigits } from './digits.ts';

describe('value at risk and expected shortfall in standard deviations (B27)', () => {
  // All derived with mpmath, 40 digits.
  it.each([
    [0.99, 2.3263478740408411, 2.66521422034580481],
    [0.975, 1.95996398454005424, 2.33780279220141444],
    [0.95, 1.64485362695147271, 2.06271280750742602],
    [0.999, 3.09023230616781354, 3.36709007706399043],
  ])('of the normal distribution at %d are %d and %d', (level, valueAtRisk, shortfall) => {
    expectDigits(normalValueAtRisk(level), valueAtRisk);
    expectDigits(normalExpectedShortfall(level), shortfall);
  });

  it.each([
    [4, 0.99, 2.64949190678931173, 3.69151048568075841],
    [4, 0.975, 1.9632431614775577, 2.82387125181541619],
    [5, 0.99, 2.60646356938427982, 3.44883676004801603],
    [3, 0.99, 2.62157601770441511, 4.04323129878141596],
    [2.5, 0.975, 1.59863424456380124, 2.77526557242099886],
    [30, 0.99, 2.3739401849899682, 2.76845911357774732],
  ])('of Student’s t with %d degrees and variance 1 at %d are %d and %d', (degrees, level, valueAtRisk, shortfall) => {
    expectDigits(studentValueAtRisk(level, degrees), valueAtRisk);
    expectDigits(studentExpectedShortfall(level, degrees), shortfall);
  });

  it('are those of the normal where there are many degrees', () => {
    expectDigits(studentValueAtRisk(0.99, 1e6), normalValueAtRisk(0.99), 1e-5);
    expectDigits(studentExpectedShortfall(0.99, 1e6), normalExpectedShortfall(0.99), 1e-5);
  });

  it('rise with the level, the shortfall ahead', () => {
    const levels = fc.double({ min: 0.5, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(levels, fc.double({ min: 2.2, max: 60, noNaN: true }), (level, degrees) => {
        const higher = level + (1 - level) / 10;
        expect(normalExpectedShortfall(level)).toBeGreaterThan(normalValueAtRisk(level));
        expect(studentExpectedShortfall(level, degrees)).toBeGreaterThan(studentValueAtRisk(level, degrees));
        expect(normalValueAtRisk(higher)).toBeGreaterThan(normalValueAtRisk(level));
        expect(studentExpectedShortfall(higher, degrees)).toBeGreaterThan(studentExpectedShortfall(level, degrees));
      }),
    );
  });

  it('refuse what has no such number', () => {
    for (const level of [0, 1, Number.NaN]) expect(() => normalValueAtRisk(level)).toThrow('VALUE_AT_RISK_DOMAIN');
    expect(() => studentValueAtRisk(0.99, 2)).toThrow('VALUE_AT_RISK_DOMAIN');
    expect(() => studentExpectedShortfall(1, 4)).toThrow('VALUE_AT_RISK_DOMAIN');
  });
});

describe('Kupiec’s test (B27)', () => {
  it.each([
    [0, 5.02516792675072059, 0.0249815030534497702],
    [1, 1.17649113532107604, 0.278071490013956147],
    [2, 0.108435216236803321, 0.741932700952623393],
    [5, 1.95680978823062955, 0.161854917196041898],
    [7, 5.49699044779269932, 0.0190492308905263535],
  ])('of %d exceedances in 250 trials at 1 % has the ratio %d, p %d', (exceedances, ratio, p) => {
    expectDigits(kupiecRatio(exceedances, 250, 0.01), ratio);
    expectDigits(kupiecPValue(exceedances, 250, 0.01), p);
  });

  it('says nothing against the promised rate, and everything against a certain one', () => {
    expect(kupiecRatio(100, 10_000, 0.01)).toBeLessThan(1e-12);
    expect(kupiecPValue(100, 10_000, 0.01)).toBeCloseTo(1, 6);
    expectDigits(kupiecRatio(250, 250, 0.01), 2302.58509299404568);
  });

  it.each([
    // Derived with mpmath, by trying every count.
    [510, 0.01, 0.95, 2, 10],
    [1000, 0.01, 0.95, 5, 16],
    [255, 0.05, 0.95, 7, 20],
    [510, 0.05, 0.95, 17, 35],
    [1000, 0.05, 0.95, 38, 64],
    [250, 0.01, 0.95, 1, 6],
    [10_000, 0.01, 0.99, 76, 126],
  ])('accepts of %d trials at %d, coverage %d, %d to %d exceedances', (trials, rate, coverage, lo, hi) => {
    expect(kupiecBand(trials, rate, coverage)).toEqual({ lo, hi });
  });

  it('accepts what has a p-value of 1 − coverage or more, and nothing else', () => {
    const rates = fc.double({ min: 0.001, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 400 }), rates, fc.constantFrom(0.9, 0.95, 0.99), (trials, rate, coverage) => {
        const { lo, hi } = kupiecBand(trials, rate, coverage);
        for (let x = 0; x <= trials; x++) {
          const p = kupiecPValue(x, trials, rate);
          if (Math.abs(p - (1 - coverage)) > 1e-9) expect(p > 1 - coverage).toBe(lo <= x && x <= hi);
        }
      }),
    );
  });

  it('refuses counts that are none', () => {
    for (const [x, n, p] of [
      [-1, 10, 0.1],
      [11, 10, 0.1],
      [0.5, 10, 0.1],
      [0, 0, 0.1],
      [1, 10, 0],
      [1, 10, 1],
    ] as const) {
      expect(() => kupiecRatio(x, n, p)).toThrow('KUPIEC_DOMAIN');
    }
    expect(() => kupiecBand(10, 0.1, 1)).toThrow('KUPIEC_DOMAIN');
  });
});
