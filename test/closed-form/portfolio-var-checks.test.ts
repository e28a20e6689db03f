/** Portfolio margin over simulated days: the checks hold, and the engine counts what its parts count alone. */
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { BACKTEST_TERMS, engineExceedances, portfolioVarChecks } from '../../src/study/validate/portfolio-var-checks.ts';
import { garchReturns, gaussianReturns } from '../../src/study/validate/simulated-returns.ts';
import { BACKTEST_SEED, exceedances } from '../../src/study/validate/value-at-risk-backtest.ts';

describe('portfolio margin of the validation record', () => {
  it.each(portfolioVarChecks.map((check) => [check.id, check] as const))('%s holds', async (_id, check) => {
    expect(await check.run()).toMatchObject({ pass: true });
  });

  it('says claim, source and tolerance of each, under an id of its own', () => {
    expect(new Set(portfolioVarChecks.map(({ id }) => id)).size).toBe(portfolioVarChecks.length);
    for (const { id, claim, source, tolerance } of portfolioVarChecks) {
      expect(id).toMatch(/^B27\.engine-[a-z-]+$/);
      for (const text of [claim, source, tolerance]) expect(text).not.toBe('');
    }
  });

  it('counts day by day what its parts count without an engine around them', () => {
    const draws = {
      gaussian: gaussianReturns(randomFrom(BACKTEST_SEED, 'gaussian')),
      'garch-data': garchReturns(randomFrom(BACKTEST_SEED, 'garch-data'), 0.08, 0.9),
    };
    const historical = engineExceedances(BACKTEST_TERMS, [1e9], () => [draws.gaussian()]);
    expect(historical).toBe(exceedances('gaussian', 'historical', undefined, BACKTEST_SEED));
    const filtered = engineExceedances({ ...BACKTEST_TERMS, method: 'filtered-historical' }, [1e9], () => [draws['garch-data']()]);
    expect(filtered).toBe(exceedances('garch-data', 'filtered', 'ewma-94', BACKTEST_SEED));
  });
});
