/** Who pays for a bankruptcy, through the real protocol, is who the closed forms say. */
import { describe, expect, it } from 'vitest';
import { backstopChecks } from '../../src/study/validate/backstop-checks.ts';

describe('the waterfall of the validation record', () => {
  it.each(backstopChecks.map((check) => [check.id, check] as const))('%s holds', async (_id, check) => {
    expect(await check.run()).toMatchObject({ pass: true });
  });

  it('says claim, source and tolerance of each, and gives each an id of its own', () => {
    expect(new Set(backstopChecks.map(({ id }) => id)).size).toBe(backstopChecks.length);
    for (const check of backstopChecks) {
      expect(check.id).toMatch(/^B30\.sim-[a-z0-9-]+$/);
      for (const text of [check.claim, check.source, check.tolerance]) expect(text).not.toBe('');
    }
  });
});
