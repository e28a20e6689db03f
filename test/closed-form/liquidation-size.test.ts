import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantProductOutput } from '../../src/study/closed-form/constant-product-attack.ts';
import {
  gasFloor,
  type Loan,
  largestClearable,
  repayToReachHealth,
  singleStepProfit,
  twoStepLiquidation,
} from '../../src/study/closed-form/liquidation-size.ts';
import { expectDigits } from './digits.ts';

const albert: Loan = { collateral: 100, debt: 82, threshold: 0.8, bonus: 0.05 };

/** Loans below health 1 whose collateral still covers the debt and its bonus. */
const liquidatable = fc
  .record({
    bonus: fc.double({ min: 0.01, max: 0.15, noNaN: true }),
    threshold: fc.double({ min: 0.3, max: 0.95, noNaN: true }),
    depth: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
  })
  .filter(({ bonus, threshold }) => threshold * (1 + bonus) < 0.99)
  .map(({ bonus, threshold, depth }): Loan => {
    const debt = 100 * (threshold + depth * (1 / (1 + bonus) - threshold));
    return { collateral: 100, debt, threshold, bonus };
  });

describe('repayment that reaches a health (B10)', () => {
  it('is 12.5 for a debt of 82 on 100', () => expectDigits(repayToReachHealth(albert, 1), 12.5));

  it('reaches exactly that health, within the debt', () => {
    fc.assert(
      fc.property(liquidatable, fc.double({ min: 1, max: 1.5, noNaN: true }), (loan, health) => {
        const repaid = repayToReachHealth(loan, health);
        expect(repaid).toBeLessThanOrEqual(loan.debt * (1 + 1e-12));
        fc.pre(repaid < 0.999 * loan.debt);
        const left = loan.collateral - (1 + loan.bonus) * repaid;
        expectDigits((loan.threshold * left) / (loan.debt - repaid), health);
      }),
    );
  });

  it('is nothing for a healthy account', () => expect(repayToReachHealth({ ...albert, debt: 79 }, 1)).toBe(0));

  it('faults where the collateral runs out first', () => {
    expect(() => repayToReachHealth({ ...albert, debt: 96 }, 1)).toThrow('LIQUIDATION_HEALTH_OUT_OF_REACH');
    expect(() => repayToReachHealth({ ...albert, debt: 97, threshold: 0.96 }, 1)).toThrow('LIQUIDATION_HEALTH_OUT_OF_REACH');
    expect(() => repayToReachHealth({ ...albert, debt: 0 }, 1)).toThrow('LIQUIDATION_DOMAIN');
  });
});

describe('two-step liquidation (B11)', () => {
  it('earns 2.3625 where one step earns 2.05', () => {
    const best = twoStepLiquidation(albert, 0.5);
    expectDigits(singleStepProfit(albert, 0.5), 2.05);
    expectDigits(best.first, 12.5);
    expectDigits(best.second, 34.75);
    expectDigits(best.profit, 2.3625);
  });

  it('never earns less than one step, stays within the close factor, and beats any other first step', () => {
    fc.assert(
      fc.property(
        liquidatable,
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (loan, close, share) => {
          const best = twoStepLiquidation(loan, close);
          expect(best.profit).toBeGreaterThanOrEqual(singleStepProfit(loan, close) * (1 - 1e-12));
          expect(best.first).toBeLessThanOrEqual(close * loan.debt);
          const otherFirst = share * best.first;
          const other = loan.bonus * (otherFirst + close * (loan.debt - otherFirst));
          expect(other).toBeLessThanOrEqual(best.profit * (1 + 1e-12));
        },
      ),
    );
  });

  it('faults where the collateral does not cover debt and bonus', () => {
    expect(() => twoStepLiquidation({ ...albert, debt: 96 }, 0.5)).toThrow('LIQUIDATION_DOMAIN');
    expect(() => singleStepProfit(albert, 0)).toThrow('LIQUIDATION_DOMAIN');
  });
});

describe('largest repayment that a pool clears (B12)', () => {
  it('is 47.619 of a pool of 1,000 at 5 %', () => expectDigits(largestClearable(1000, 0.05), 47.619047619047619));

  it('is where the proceeds of the seized collateral equal the repayment', () => {
    const parts = [
      fc.double({ min: 1, max: 1e9, noNaN: true }),
      fc.double({ min: 0.02, max: 0.5, noNaN: true }),
      fc.constantFrom(0, 0.003),
    ] as const;
    fc.assert(
      fc.property(...parts, (quoteReserve, bonus, fee) => {
        const repaid = largestClearable(quoteReserve, bonus, fee);
        expectDigits(constantProductOutput((1 + bonus) * repaid, quoteReserve, quoteReserve, fee), repaid);
      }),
    );
  });

  it('is nothing where the fee eats the bonus', () => {
    expect(largestClearable(1000, 0.002, 0.003)).toBe(0);
    expect(() => largestClearable(0, 0.05)).toThrow('LIQUIDATION_DOMAIN');
  });
});

describe('gas floor (B13)', () => {
  it('is $2,100 for 350,000 gas at 100 gwei, $3,000 and 5 %', () => expectDigits(gasFloor(350_000, 100e-9, 3000, 0.05), 2100));

  it('refuses a bonus of nothing', () => expect(() => gasFloor(350_000, 1e-7, 3000, 0)).toThrow('LIQUIDATION_DOMAIN'));
});
