import { describe, expect, it } from 'vitest';
import { closedFormChecks } from '../../src/study/validate/closed-forms.ts';

describe('closed forms of the validation record', () => {
  it.each(closedFormChecks.map((check) => [check.id, check] as const))('%s holds', async (_id, check) => {
    expect(await check.run()).toMatchObject({ pass: true });
  });

  it('covers every closed form of its range', () => {
    const numbers = new Set(closedFormChecks.map(({ id }) => id.split('.')[0]));
    expect([...numbers]).toEqual(['B1', 'B2', 'B3', 'B4', 'B6', 'B9', 'B10', 'B11', 'B12', 'B13', 'B14']);
  });

  it('says claim, source and tolerance of each', () => {
    for (const check of closedFormChecks) {
      expect(check.id).toMatch(/^B\d+\.[a-z0-9.-]+$/);
      expect(check.tier).toBe('closed-form');
      for (const text of [check.claim, check.source, check.tolerance]) expect(text).not.toBe('');
    }
  });
});
