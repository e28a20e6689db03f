/** The real protocol with a stability pool and with soft liquidation obeys the closed forms. */
import { describe, expect, it } from 'vitest';
import { poolBandChecks } from '../../src/study/validate/pool-band-checks.ts';

describe('stability pool and soft bands of the validation record', () => {
  it.each(poolBandChecks.map((check) => [check.id, check] as const))('%s holds', async (_id, check) => {
    expect(await check.run()).toMatchObject({ pass: true });
  });

  it('have ids of their own', () => {
    expect(new Set(poolBandChecks.map(({ id }) => id)).size).toBe(poolBandChecks.length);
    for (const { id } of poolBandChecks) expect(id).toMatch(/^B1[89]\.sim-[a-z-]+$/);
  });
});
