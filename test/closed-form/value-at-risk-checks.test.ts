/** Value at risk of the validation record: the vectors and the backtests hold, and say what they are. */
import { describe, expect, it } from 'vitest';
import { valueAtRiskChecks } from '../../src/study/validate/value-at-risk-checks.ts';

describe('value at risk of the validation record', () => {
  it.each(valueAtRiskChecks.map((check) => [check.id, check] as const))('%s holds', async (_id, check) => {
    expect(await check.run()).toMatchObject({ pass: true });
  });

  it('says claim, source and tolerance of each, under an id of its own', () => {
    expect(new Set(valueAtRiskChecks.map(({ id }) => id)).size).toBe(valueAtRiskChecks.length);
    for (const { id, claim, source, tolerance } of valueAtRiskChecks) {
      expect(id).toMatch(/^B27\.[a-z0-9.-]+$/);
      for (const text of [claim, source, tolerance]) expect(text).not.toBe('');
    }
  });

  it('tries every estimator with every method on all data, and claims failure where it was derived', () => {
    const backtests = valueAtRiskChecks.filter(({ id }) => id.startsWith('B27.backtest-'));
    for (const data of ['gaussian', 't4', 'garch-data']) {
      const methods = ['delta-normal', 'monte-carlo', 'filtered'].flatMap((method) =>
        ['realised', 'ewma-94', 'ewma-99', 'garch'].map((estimator) => `B27.backtest-${data}-${method}-${estimator}`),
      );
      for (const id of [...methods, `B27.backtest-${data}-historical`]) expect(backtests.map((check) => check.id)).toContain(id);
    }
    const more = backtests.filter(({ claim }) => claim.includes('more than promised')).map(({ id }) => id);
    expect(more.every((id) => /-t4-(delta-normal|monte-carlo)-/.test(id))).toBe(true);
    expect(more).toHaveLength(8);
  });
});
