/** The simulator obeys the closed forms: every check of the record, and what the record says of itself. */
import { describe, expect, it } from 'vitest';
import { allChecks } from '../../src/study/validate/all-checks.ts';
import { sampleCheck } from '../../src/study/validate/check.ts';
import { simulatedChecks } from '../../src/study/validate/simulated.ts';

describe('simulator of the validation record', () => {
  it.each(simulatedChecks.map((check) => [check.id, check] as const))('%s holds', async (_id, check) => {
    expect(await check.run()).toMatchObject({ pass: true });
  });

  it('covers every closed form that some part of it is to obey', () => {
    const numbers = new Set(simulatedChecks.map(({ id }) => id.split('.')[0]));
    expect([...numbers]).toEqual(['B1', 'B2', 'B3', 'B4', 'B6', 'B7', 'B9', 'B10', 'B11', 'B12', 'B13', 'B14']);
  });

  it('says claim, source and tolerance of each, and is in the record under an id of its own', () => {
    const ids = allChecks.map(({ id }) => id);
    for (const check of simulatedChecks) {
      expect(check.id).toMatch(/^B\d+\.(pool|oracle|feed|protocol|run|gbm)-[a-z0-9.-]+$/);
      expect(['exact', 'monte-carlo']).toContain(check.tier);
      for (const text of [check.claim, check.source, check.tolerance]) expect(text).not.toBe('');
      expect(ids.filter((id) => id === check.id)).toHaveLength(1);
    }
  });
});

describe('check of a simulated mean', () => {
  const passes = (mean: number, half: number) =>
    sampleCheck({
      id: 'B0.mean',
      claim: 'a mean of 100',
      source: 'none',
      expected: 100,
      halfWidthMax: 0.02,
      sample: () => ({ mean, lo: mean - half, hi: mean + half }),
    }).run();

  it('passes when the interval of the sample holds the expectation, and fails when it does not', () => {
    expect(passes(101, 1.5)).toEqual({ expected: 100, got: 101, pass: true });
    expect(passes(102, 1.5)).toMatchObject({ pass: false });
    expect(passes(98, 1.5)).toMatchObject({ pass: false });
    expect(passes(Number.NaN, 1.5)).toMatchObject({ pass: false });
  });

  it('fails when the interval is too wide to tell', () => {
    expect(passes(100, 2.1)).toMatchObject({ pass: false });
    expect(passes(100, Number.POSITIVE_INFINITY)).toMatchObject({ pass: false });
  });
});
