import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cholesky, smallestEigenvalue } from '../../../../../src/base/matrix.ts';
import { randomFrom } from '../../../../../src/base/random.ts';
import { createCovariance } from '../../../../../src/protocol/risk/volatility/covariance.ts';
import { ewma } from '../../../../../src/protocol/risk/volatility/ewma.ts';
import { propertyRuns } from '../../../../support/property-runs.ts';

describe('exponentially weighted covariance', () => {
  it('has the variances of the EWMA of each asset', () => {
    const covariance = createCovariance(2, 0.94);
    const alone = [0, 1].map(() => ewma.create({ lambda: 0.94, warm: false }, { prior: 1 }));
    const random = randomFrom(3);
    for (let t = 0; t < 50; t++) {
      const returns = Float64Array.of(0.01 * random.normal(), 0.03 * random.normal());
      covariance.observe(returns);
      alone.forEach((estimator, i) => {
        estimator.observe(returns[i]);
        expect(covariance.deviation(i) / estimator.now).toBeCloseTo(1, 13);
      });
    }
    expect(covariance.observations).toBe(50);
  });

  it('is that of its definition', () => {
    const covariance = createCovariance(2, 0.5);
    for (const pair of [
      [1, 2],
      [3, -1],
      [0, 4],
    ])
      covariance.observe(Float64Array.from(pair));
    // ((1·2)/2 + 3·(−1))/2·½ + 0·4/2, and likewise.
    expect(covariance.matrix[1]).toBeCloseTo(0.25 * 2 + 0.25 * -3, 15);
    expect(covariance.matrix[2]).toBe(covariance.matrix[1]);
    expect(covariance.matrix[0]).toBeCloseTo(0.25 * 1 + 0.25 * 9, 15);
    expect(covariance.matrix[3]).toBeCloseTo(0.25 * 4 + 0.25 * 1 + 0.5 * 16, 15);
    expect(covariance.correlation(0, 1)).toBeCloseTo(-0.25 / Math.sqrt(2.5 * 9.25), 15);
    expect(covariance.correlation(1, 1)).toBe(1);
  });

  it('begins with the prior where there is one, and else with the first returns alone', () => {
    const prior = Float64Array.of(4, 1, 1, 9);
    const known = createCovariance(2, 0.75, prior);
    expect(known.correlation(0, 1)).toBeCloseTo(1 / 6, 15);
    known.observe(Float64Array.of(2, 0));
    expect([...known.matrix]).toEqual([4, 0.75, 0.75, 6.75]);
    expect([...prior]).toEqual([4, 1, 1, 9]);
    const blank = createCovariance(2, 0.75);
    expect(blank.correlation(0, 1)).toBe(0);
    blank.observe(Float64Array.of(0.5, -0.25));
    expect(blank.correlation(0, 1)).toBe(-1);
  });

  it('is positive semi-definite at every moment, copies and still assets included', () => {
    const entry = fc.oneof(
      fc.constant(0),
      fc.double({ min: 1e-9, max: 0.5, noNaN: true }),
      fc.double({ min: -0.5, max: -1e-9, noNaN: true }),
    );
    const lambda = fc.double({ min: 0, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(lambda, fc.array(fc.tuple(entry, entry, entry), { minLength: 1, maxLength: 30 }), (weight, observed) => {
        const covariance = createCovariance(4, weight);
        for (const [a, b, c] of observed) covariance.observe(Float64Array.of(a, b, a, c));
        const trace = [0, 1, 2, 3].reduce((sum, i) => sum + covariance.matrix[5 * i], 0);
        expect(smallestEigenvalue(covariance.matrix, 4)).toBeGreaterThanOrEqual(-1e-14 * trace - 1e-300);
        expect(cholesky(covariance.matrix, 4)).toBeDefined();
        for (let i = 0; i < 4; i++) {
          for (let j = 0; j < 4; j++) expect(Math.abs(covariance.correlation(i, j))).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: propertyRuns(200, 10_000) },
    );
  });

  it('refuses other assets and what is no number, and remembers nothing of either', () => {
    const covariance = createCovariance(2, 0.9);
    expect(() => covariance.observe(Float64Array.of(1))).toThrow('COVARIANCE_ASSETS');
    expect(() => covariance.observe(Float64Array.of(1, Number.NaN))).toThrow('VOLATILITY_RETURN');
    expect([...covariance.matrix, covariance.observations]).toEqual([0, 0, 0, 0, 0]);
    expect(() => createCovariance(2, 0.9, new Float64Array(3))).toThrow('COVARIANCE_ASSETS');
  });
});
