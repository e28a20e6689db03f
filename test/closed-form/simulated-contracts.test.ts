/** Accounts of contracts obey what is known apart from them. */
import { describe, expect, it } from 'vitest';
import { simulatedContractChecks } from '../../src/study/validate/simulated-contracts.ts';

describe('contracts of the validation record', () => {
  it.each(simulatedContractChecks.map((check) => [check.id, check] as const))('%s holds', async (_id, check) => {
    expect(await check.run()).toMatchObject({ pass: true });
  });

  it('say claim, source and tolerance of each, under an id of its own', () => {
    const ids = simulatedContractChecks.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, claim, source, tolerance } of simulatedContractChecks) {
      expect(id).toMatch(/^B(29|31)\.protocol-[a-z0-9-]+$/);
      for (const text of [claim, source, tolerance]) expect(text).not.toBe('');
    }
  });
});
