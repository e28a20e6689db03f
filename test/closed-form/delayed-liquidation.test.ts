import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { badDebtProbability, type DelayedLiquidation, expectedBadDebt } from '../../src/study/closed-form/delayed-liquidation.ts';
import { expectDigits } from './digits.ts';

const HOUR_YEARS = 1 / (365 * 24);
const loan = (hours: number, slippage: number): DelayedLiquidation => ({
  collateral: 100,
  debt: 80,
  slippage,
  volatility: 1,
  delayYears: hours * HOUR_YEARS,
});

describe('bad debt of a late liquidation (B15)', () => {
  it.each([
    [6, 0.1, 1.5378709032796125775e-6, 3.604917652803318547e-6],
    [6, 0.15, 0.0075288051651181190487, 0.010628793664511336819],
    [24, 0, 0.000010089903211827418939, 0.000011327296902155214842],
    [24, 0.1, 0.018789157965880996077, 0.013071849294826095968],
    [24, 0.15, 0.263581323203685095, 0.12880448370032831837],
  ])('of %d h at a slippage of %d has its expectation and its probability', (hours, slippage, expected, probability) => {
    expectDigits(expectedBadDebt(loan(hours, slippage)), expected);
    expectDigits(badDebtProbability(loan(hours, slippage)), probability);
  });

  it('is certain, or nothing, where nothing moves', () => {
    expect(expectedBadDebt(loan(0, 0.25))).toBe(5);
    expect(badDebtProbability(loan(0, 0.25))).toBe(1);
    expect(expectedBadDebt(loan(0, 0.1))).toBe(0);
    expect(badDebtProbability({ ...loan(24, 0.2), volatility: 0 })).toBe(0); // the sale brings exactly the debt
  });

  it('grows with delay, slippage and debt, and with size alone in proportion', () => {
    const part = fc.double({ min: 0.01, max: 0.9, noNaN: true });
    fc.assert(
      fc.property(part, part, part, fc.double({ min: 1.01, max: 3, noNaN: true }), (ltv, slippage, years, more) => {
        const late = { collateral: 100, debt: 100 * ltv, slippage, volatility: 1, delayYears: years };
        const bad = expectedBadDebt(late);
        expect(expectedBadDebt({ ...late, delayYears: years * more })).toBeGreaterThanOrEqual(bad - 1e-12);
        expect(expectedBadDebt({ ...late, slippage: Math.min(0.99, slippage * more) })).toBeGreaterThanOrEqual(bad - 1e-12);
        expect(expectedBadDebt({ ...late, debt: late.debt * more })).toBeGreaterThanOrEqual(bad - 1e-12);
        expect(expectedBadDebt({ ...late, debt: late.debt * 8, collateral: 800 })).toBeCloseTo(8 * bad, 10);
        expect(bad).toBeLessThanOrEqual(badDebtProbability(late) * late.debt + 1e-12); // no loan loses more than all of it
      }),
    );
  });

  it('refuses what is no loan', () => {
    for (const bad of [
      { collateral: 0 },
      { debt: 0 },
      { slippage: 1 },
      { slippage: -0.1 },
      { volatility: -1 },
      { delayYears: Number.NaN },
    ]) {
      expect(() => expectedBadDebt({ ...loan(6, 0.1), ...bad })).toThrow('LIQUIDATION_DOMAIN');
      expect(() => badDebtProbability({ ...loan(6, 0.1), ...bad })).toThrow('LIQUIDATION_DOMAIN');
    }
  });
});
