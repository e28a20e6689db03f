import { describe, expect, it } from 'vitest';
import { ewma } from '../../../../../src/protocol/risk/volatility/ewma.ts';
import { floored } from '../../../../../src/protocol/risk/volatility/floored.ts';
import { stressWeighted } from '../../../../../src/protocol/risk/volatility/stress-weighted.ts';

const inner = () => ewma.create({ lambda: 0.5, warm: false }, { prior: 0.02 });

describe('a floor against procyclicality', () => {
  it('holds now and for any horizon, and is not felt above it', () => {
    const estimator = floored(inner(), 0.015);
    estimator.observe(0.01);
    expect(estimator.now).toBe(0.015);
    expect(estimator.forecast(4)).toBe(0.03);
    estimator.observe(0.05);
    expect(estimator.now).toBeCloseTo(Math.sqrt((1 + 25) / 2) * 0.01, 15);
    expect(estimator.observations).toBe(2);
  });
});

describe('a weight of stressed observations', () => {
  it('mixes variances, so that a calm margin is higher and the rise smaller', () => {
    const estimator = stressWeighted(inner(), 0.04, 0.25);
    estimator.observe(0.01);
    expect(estimator.now).toBeCloseTo(Math.sqrt(0.75 * 1 + 0.25 * 16) * 0.01, 15);
    expect(estimator.forecast(9)).toBeCloseTo(3 * estimator.now, 15);
    const before = estimator.now;
    estimator.observe(Math.sqrt(7) * 0.01);
    // The estimator alone doubled.
    expect(estimator.now / before).toBeCloseTo(Math.sqrt((0.75 * 4 + 4) / (0.75 + 4)), 12);
    expect(estimator.observations).toBe(2);
  });

  it('of 0 or 1 leaves one of the two', () => {
    for (const [weight, expected] of [
      [0, 0.01],
      [1, 0.04],
    ] as const) {
      const estimator = stressWeighted(inner(), 0.04, weight);
      estimator.observe(0.01);
      expect(estimator.now).toBeCloseTo(expected, 15);
    }
  });
});
