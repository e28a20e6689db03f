import { describe, expect, it } from 'vitest';
import { marginFormChecks } from '../../src/study/validate/margin-forms.ts';

describe('closed forms of margin and liquidation', () => {
  it.each(marginFormChecks.map((check) => [check.id, check] as const))('%s holds', async (_id, check) => {
    expect(await check.run()).toMatchObject({ pass: true });
  });

  it('covers every closed form of its range', () => {
    const numbers = new Set(marginFormChecks.map(({ id }) => id.split('.')[0]));
    expect([...numbers]).toEqual(['B15', 'B16', 'B17', 'B18', 'B19', 'B28', 'B29', 'B30']);
  });

  it('says claim, source and tolerance of each, under a name of its own', () => {
    for (const check of marginFormChecks) {
      expect(check.id).toMatch(/^B\d+\.[a-z0-9.-]+$/);
      expect(check.tier).toBe(check.id.includes('.sampled-') ? 'monte-carlo' : 'closed-form');
      for (const text of [check.claim, check.source, check.tolerance]) expect(text).not.toBe('');
    }
    expect(new Set(marginFormChecks.map(({ id }) => id)).size).toBe(marginFormChecks.length);
  });
});
