import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../../src/base/normal.ts';
import { randomFrom } from '../../../src/base/random.ts';
import { autocorrelation, kurtosis, logReturns, tailIndex } from '../../../src/base/return-series.ts';

/** The middles of n equal parts of probability. */
const parts = (n: number) => Array.from({ length: n }, (_, i) => (i + 0.5) / n);

describe('a series of returns', () => {
  it('is the logarithms of prices over those before', () => {
    expect(logReturns([1, Math.E, 1, 2]).map((x) => Number(x.toFixed(12)))).toEqual([1, -1, Number(Math.LN2.toFixed(12))]);
    expect(logReturns([7])).toEqual([]);
  });

  it('has a kurtosis of 1 if it is a coin, 9/5 if uniform, 3 if normal, whatever its mean and scale', () => {
    expect(kurtosis([5, 7, 5, 7])).toBeCloseTo(1, 12);
    expect(kurtosis(parts(10_000).map((p) => 3 + 8 * p))).toBeCloseTo(9 / 5, 6);
    expect(kurtosis(parts(100_000).map((p) => 2 * normalQuantile(p)))).toBeCloseTo(3, 2);
    expect(kurtosis([1, 1])).toBeNaN();
  });

  it('has the tail index of the power law it is drawn from, either sign', () => {
    for (const alpha of [2, 3, 5]) {
      const pareto = parts(20_000).map((p, i) => (i % 2 === 0 ? 1 : -1) * p ** (-1 / alpha));
      expect(tailIndex(pareto, 0.05)).toBeCloseTo(alpha, 1);
    }
    expect(tailIndex([1, 2], 0.05)).toBeNaN();
  });

  it('remembers as much as it was told to', () => {
    const random = randomFrom(1);
    let value = 0;
    const remembering = Array.from({ length: 50_000 }, () => {
      value = 0.6 * value + random.normal();
      return value;
    });
    // Standard error of an autocorrelation ρ of a first-order process: √((1 − ρ²)/n) = 0.0036.
    expect(Math.abs(autocorrelation(remembering, 1) - 0.6)).toBeLessThan(3.3 * 0.0036);
    expect(Math.abs(autocorrelation(remembering, 3) - 0.216)).toBeLessThan(0.03);
    expect(autocorrelation([1, -1, 1, -1], 1)).toBe(-0.75);
    expect(autocorrelation([1, -1, 1, -1], 2)).toBe(0.5);
  });
});
