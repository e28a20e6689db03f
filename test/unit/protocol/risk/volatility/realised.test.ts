import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { realised } from '../../../../../src/protocol/risk/volatility/realised.ts';
import { propertyRuns } from '../../../../support/property-runs.ts';

const make = (window: number, warm = false) => realised.create({ window, warm }, { prior: 0.03 });

describe('realised volatility', () => {
  it('is the root mean square of the window, and of less while there is less', () => {
    const estimator = make(3);
    estimator.observe(0.01);
    expect(estimator.now).toBeCloseTo(0.01, 15);
    estimator.observe(-0.02);
    expect(estimator.now).toBeCloseTo(Math.sqrt((1 + 4) / 2) * 0.01, 15);
    for (const r of [0.03, -0.04]) estimator.observe(r);
    expect(estimator.now).toBeCloseTo(Math.sqrt((4 + 9 + 16) / 3) * 0.01, 15);
    expect(estimator.forecast(9)).toBeCloseTo(3 * estimator.now, 15);
    expect(estimator.observations).toBe(4);
  });

  it('is that of its definition at every moment, whatever the window', () => {
    const returns = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), returns, (window, observed) => {
        const estimator = make(window);
        observed.forEach((r, t) => {
          estimator.observe(r);
          const last = observed.slice(Math.max(0, t + 1 - window), t + 1);
          const expected = Math.sqrt(last.reduce((sum, x) => sum + x * x, 0) / last.length);
          expect(Math.abs(estimator.now - expected)).toBeLessThanOrEqual(1e-14 * expected);
        });
      }),
      { numRuns: propertyRuns(200, 5000) },
    );
  });

  it('keeps nothing of a shock that has left, not even its rounding', () => {
    const estimator = make(4);
    for (const r of [1e-9, 50, 1e-9, 1e-9]) estimator.observe(r);
    for (let t = 0; t < 4; t++) estimator.observe(1e-9);
    expect(estimator.now).toBeCloseTo(1e-9, 24);
    for (let t = 0; t < 4; t++) estimator.observe(0);
    expect(estimator.now).toBe(0);
  });

  it('begins with a window of the prior where it is warm', () => {
    const estimator = make(4, true);
    estimator.observe(0);
    expect(estimator.now).toBeCloseTo(0.03 * Math.sqrt(3 / 4), 15);
    for (let t = 0; t < 3; t++) estimator.observe(0.01);
    expect(estimator.now).toBeCloseTo(Math.sqrt(3 / 4) * 0.01, 15);
    estimator.observe(0.01);
    expect(estimator.now).toBeCloseTo(0.01, 15);
  });
});
