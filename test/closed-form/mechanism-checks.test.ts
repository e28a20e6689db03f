/** The liquidation mechanisms obey their closed forms: every check, and what each says of itself. */
import { describe, expect, it } from 'vitest';
import { mechanismChecks } from '../../src/study/validate/mechanism-checks.ts';

describe('liquidation mechanisms of the validation record', () => {
  it.each(mechanismChecks.map((check) => [check.id, check] as const))('%s holds', async (_id, check) => {
    expect(await check.run()).toMatchObject({ pass: true });
  });

  it('say claim, source and tolerance of each, under an id of its own', () => {
    expect(new Set(mechanismChecks.map(({ id }) => id)).size).toBe(mechanismChecks.length);
    for (const { id, claim, source, tolerance } of mechanismChecks) {
      expect(id).toMatch(/^(B\d+|S\d+)\.sim-[a-z0-9.-]+$/);
      for (const text of [claim, source, tolerance]) expect(text).not.toBe('');
    }
  });
});
