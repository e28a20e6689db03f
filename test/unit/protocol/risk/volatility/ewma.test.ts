import { describe, expect, it } from 'vitest';
import { ewma } from '../../../../../src/protocol/risk/volatility/ewma.ts';

describe('exponentially weighted volatility', () => {
  it('is 1.27357 % after 1, -2, 1.5, -3 and 0.5 % at 0.94, seeded with the first square (B27)', () => {
    const estimator = ewma.create({ lambda: 0.94, warm: false }, { prior: 0.9 });
    for (const percent of [1, -2, 1.5, -3, 0.5]) estimator.observe(percent / 100);
    // √1.62197512 %.
    expect(estimator.now).toBeCloseTo(0.0127356787019773714, 15);
    expect(estimator.forecast(4)).toBeCloseTo(2 * 0.0127356787019773714, 15);
  });

  it('keeps the prior in mind where it is warm', () => {
    const estimator = ewma.create({ lambda: 0.75, warm: true }, { prior: 0.04 });
    estimator.observe(0);
    expect(estimator.now).toBeCloseTo(0.04 * Math.sqrt(0.75), 15);
    estimator.observe(0.02);
    expect(estimator.now).toBeCloseTo(Math.sqrt(0.75 * 0.75 * 16 + 0.25 * 4) * 0.01, 15);
  });

  it('without a memory is the last return', () => {
    const estimator = ewma.create({ lambda: 0, warm: true }, { prior: 0.04 });
    for (const r of [0.5, -0.01]) estimator.observe(r);
    expect(estimator.now).toBeCloseTo(0.01, 15);
  });
});
