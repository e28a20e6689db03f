import { describe, expect, it } from 'vitest';
import { governanceChecks } from '../../src/study/validate/governance-checks.ts';

describe('what margins set by rule rest on', () => {
  it.each(governanceChecks.map((check) => [check.id, check] as const))('%s holds', async (_id, check) => {
    expect(await check.run()).toMatchObject({ pass: true });
  });

  it('says claim, source and tolerance of each, under a name of its own', () => {
    for (const { id, claim, source, tolerance } of governanceChecks) {
      expect(id).toMatch(/^B\d+\.[a-z0-9.-]+$/);
      for (const text of [claim, source, tolerance]) expect(text).not.toBe('');
    }
    expect(new Set(governanceChecks.map(({ id }) => id)).size).toBe(governanceChecks.length);
  });
});
