import { describe, expect, it } from 'vitest';
import { numberCheck } from '../../../../src/study/validate/check.ts';
import { exactly } from '../../../../src/study/validate/tolerance.ts';
import { validationRecord } from '../../../../src/study/validate/validation-record.ts';

describe('validation record', () => {
  const line = (id: string, got: () => number) =>
    numberCheck({ id, tier: 'law', claim: 'one is one', source: 'arithmetic', expected: 1, tolerance: exactly, got });

  it('counts what passed and what failed, and goes on after a fault', async () => {
    const seen: string[] = [];
    const broken = (): number => {
      throw new Error('RISK_UNKNOWN_ACCOUNT');
    };
    const checks = [line('a', () => 1), line('b', () => 2), line('c', broken), line('d', () => Number.NaN), line('e', () => 1)];
    const record = await validationRecord(checks, ({ id }) => seen.push(id));
    expect(record.checks.map(({ pass }) => pass)).toEqual([true, false, false, false, true]);
    expect([record.passed, record.failed]).toEqual([2, 3]);
    expect(record.checks[2].got).toBe('RISK_UNKNOWN_ACCOUNT');
    expect(record.checks[3].got).toBe('NaN');
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  });

  it('faults when two checks share an id', async () => {
    await expect(validationRecord([line('a', () => 1), line('a', () => 1)])).rejects.toThrow('VALIDATE_DUPLICATE_CHECK');
  });

  it('waits for a number that comes later', async () => {
    const later = numberCheck({
      id: 'a',
      tier: 'monte-carlo',
      claim: 'one comes',
      source: 'arithmetic',
      expected: 1,
      tolerance: exactly,
      got: async () => 1,
    });
    expect((await validationRecord([later])).passed).toBe(1);
  });
});
