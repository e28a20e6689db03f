import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../../src/base/random.ts';
import { garchReturns, gaussianReturns, type Returns, studentReturns, take } from '../../../../src/study/validate/simulated-returns.ts';
import { BACKTEST_DAYS, exceedances } from '../../../../src/study/validate/value-at-risk-backtest.ts';

/** Mean of a function of 200,000 returns. */
function average(returns: Returns, of: (r: number) => number): number {
  const taken = take(200_000, returns);
  return taken.reduce((sum, r) => sum + of(r), 0) / taken.length;
}

describe('simulated returns', () => {
  const random = () => randomFrom(17, 'returns');

  it('have mean 0 and variance 1', () => {
    for (const make of [gaussianReturns(random()), studentReturns(random(), 5), garchReturns(random(), 0.08, 0.9)]) {
      expect(Math.abs(average(make, (r) => r))).toBeLessThan(4 / Math.sqrt(200_000));
    }
    // Four standard errors: √2 of a normal's squares, √8 of those of a t with 5 degrees (kurtosis 9).
    expect(Math.abs(average(gaussianReturns(random()), (r) => r * r) - 1)).toBeLessThan(4 * Math.sqrt(2 / 200_000));
    expect(Math.abs(average(studentReturns(random(), 5), (r) => r * r) - 1)).toBeLessThan(4 * Math.sqrt(8 / 200_000));
    // Squares of GARCH(1,1) with persistence 0.98 stay alike for some hundred days, so that there are as good as 2,000 of them.
    expect(Math.abs(average(garchReturns(random(), 0.08, 0.9), (r) => r * r) - 1)).toBeLessThan(4 * Math.sqrt(3.4 / 2000));
  });

  it('are beyond 2.6495 deviations once in a hundred where they are a t with 4 degrees', () => {
    const share = average(studentReturns(random(), 4), (r) => (r < -2.64949190678931173 ? 1 : 0));
    expect(Math.abs(share - 0.01)).toBeLessThan(4 * Math.sqrt(0.0099 / 200_000));
  });

  it('come in clusters where they are GARCH', () => {
    const clustered = garchReturns(random(), 0.1, 0.85);
    let before = clustered();
    let calm = 0;
    let wild = 0;
    for (let t = 0; t < 100_000; t++) {
      const next = clustered();
      if (Math.abs(next) > 2 && Math.abs(before) > 2) wild += 1;
      if (Math.abs(next) > 2 && Math.abs(before) <= 2) calm += 1;
      before = next;
    }
    // Independent ones would follow a large one in 5 of 100 cases.
    expect(wild / (wild + calm)).toBeGreaterThan(0.1);
  });
});

describe('a backtest', () => {
  it('gives the same count again, and another for another seed', () => {
    expect(exceedances('gaussian', 'filtered', 'ewma-94', 3)).toBe(exceedances('gaussian', 'filtered', 'ewma-94', 3));
    expect(exceedances('gaussian', 'filtered', 'ewma-94', 4)).not.toBe(exceedances('gaussian', 'filtered', 'ewma-94', 3));
  });

  it('orders methods on the same days as theory does', () => {
    for (const seed of [1, 2, 3]) {
      const count = (...how: [Parameters<typeof exceedances>[1], Parameters<typeof exceedances>[2]]) => exceedances('t4', ...how, seed);
      // A heavier multiple is exceeded less often; a shorter memory, by being uncertain, more often.
      expect(count('delta-t', 'ewma-94')).toBeLessThan(count('delta-normal', 'ewma-94'));
      expect(count('delta-normal', 'ewma-99')).toBeLessThan(count('delta-normal', 'ewma-94'));
      expect(count('historical', undefined)).toBeLessThan(BACKTEST_DAYS / 50);
    }
  });

  it('of an estimator needs one', () => {
    expect(() => exceedances('gaussian', 'filtered', undefined, 1)).toThrow('BACKTEST_ESTIMATOR');
  });
});
