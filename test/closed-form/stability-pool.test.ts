import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { depositorBreakEven, depositorOutcome, depositorReturn } from '../../src/study/closed-form/stability-pool.ts';
import { expectDigits } from './digits.ts';

describe('stability pool (B19)', () => {
  it('returns 8.455 % at a collateral ratio of 1.09 with 0.5 % for gas', () => expectDigits(depositorReturn(1.09, 0.005), 0.08455));

  it('breaks even just above a ratio of 1', () => {
    expectDigits(depositorBreakEven(0.005), 200 / 199);
    expect(Math.abs(depositorReturn(depositorBreakEven(0.005), 0.005))).toBeLessThan(1e-15);
    expect(depositorReturn(1, 0.005)).toBeLessThan(0);
  });

  it('gives 10 % of a pool $1,800 for a debt of 200,000 with 400 tokens at $545', () => {
    const loan = { collateral: 400 * 545, debt: 200_000 };
    const without = depositorOutcome(100_000, 1_000_000, loan, 0);
    expectDigits(without.spent, 20_000);
    expectDigits(without.received, 21_800);
    expectDigits(depositorOutcome(100_000, 1_000_000, loan, 0.005).received, 21_691);
  });

  it('spends no more than it has, and takes the collateral in proportion', () => {
    const loan = { collateral: 330, debt: 300 };
    expect(depositorOutcome(50, 100, loan, 0)).toEqual({ spent: 50, received: expect.closeTo(55, 10) });
  });

  it('treats depositors alike: all their parts together are the whole', () => {
    const amount = fc.double({ min: 1, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(amount, { minLength: 1, maxLength: 8 }), amount, amount, (deposits, debt, collateral) => {
        const pool = deposits.reduce((sum, deposit) => sum + deposit, 0);
        const all = deposits.map((deposit) => depositorOutcome(deposit, pool, { collateral, debt }, 0.005));
        expectDigits(
          all.reduce((sum, { spent }) => sum + spent, 0),
          Math.min(debt, pool),
        );
        expectDigits(
          all.reduce((sum, { received }) => sum + received, 0),
          0.995 * collateral * Math.min(1, pool / debt),
        );
      }),
    );
  });

  it('refuses what is no pool', () => {
    expect(() => depositorReturn(-1, 0)).toThrow('POOL_DOMAIN');
    expect(() => depositorReturn(1, 1.1)).toThrow('POOL_DOMAIN');
    expect(() => depositorBreakEven(1)).toThrow('POOL_DOMAIN');
    expect(() => depositorOutcome(2, 1, { collateral: 1, debt: 1 }, 0)).toThrow('POOL_DOMAIN');
  });
});
