import { describe, expect, it } from 'vitest';
import { healthDiscount } from '../../../../src/protocol/liquidation/health-discount.ts';
import { termsOf } from '../../../../src/study/validate/default-terms.ts';
import { aLoan, granted, refusal } from '../../../../src/study/validate/lending-world.ts';

type Terms = Parameters<typeof healthDiscount.create>[0];

/** A loan of `debt` against 100 worth 100. */
const lent = (debt: number, terms: Partial<Terms> = {}, threshold = 0.8) =>
  aLoan(
    { collateral: 100, debt, threshold, bonus: 0.05 },
    { liquidation: (needs) => healthDiscount.create(termsOf(healthDiscount, terms), needs) },
  );
const ltvOf = ({ protocol, position }: ReturnType<typeof lent>) => {
  const { debtUsd, collateralUsd } = protocol.health(position, 0);
  return debtUsd / collateralUsd;
};

describe('a liquidation at a discount by health', () => {
  it('sells a position that has just become liquidatable at its price', () => {
    const loan = lent(80.0001);
    const { repaid, seized } = granted(loan.take(loan.units('USD', 10)));
    expect(seized / repaid).toBeCloseTo(1, 5);
  });

  it('gives 1/(1 − discount), the discount being what health lacks, whatever the market’s bonus', () => {
    const loan = lent(85);
    const { repaid, seized } = granted(loan.take(loan.units('USD', 10)));
    expect(seized / repaid).toBeCloseTo(85 / 80, 9);
  });

  it('caps the discount', () => {
    const loan = lent(110, { discountMax: 0.15 }, 0.9);
    const { repaid, seized } = granted(loan.take('max'));
    expect(seized / repaid).toBeCloseTo(1 / 0.85, 9);
  });

  it('lets all of a debt be repaid at once, and no more than the collateral pays for', () => {
    expect(granted(lent(82).take('max')).repaid).toBe(82e9);
    const deep = lent(99);
    const { repaid, seized } = granted(deep.take('max'));
    expect(seized).toBe(100e9);
    expect(repaid).toBe(Math.ceil(100e9 * (80 / 99)));
    expect(deep.facts.find(({ kind }) => kind === 'shortfall')?.numbers[0]).toBeCloseTo(99 - 100 * (80 / 99), 8);
  });

  it('B9: lowers the loan-to-value below √threshold and raises it above', () => {
    for (const { debt, falls } of [
      { debt: 89, falls: true },
      { debt: 90, falls: false },
    ]) {
      const loan = lent(debt);
      const before = ltvOf(loan);
      granted(loan.take(loan.units('USD', 1)));
      expect(ltvOf(loan) < before, String(debt)).toBe(falls);
    }
  });

  it('beyond √threshold gives more for two halves than for the whole, as Euler’s does: LIQ-3 is not promised', () => {
    const whole = granted(lent(95).take(40e9));
    const halves = lent(95);
    const [first, second] = [granted(halves.take(20e9)), granted(halves.take(20e9))];
    expect(first.seized + second.seized).toBeGreaterThan(whole.seized);
  });

  it('waits for the cool-off after the owner was found healthy, and not after what needs no finding', () => {
    const loan = lent(85, { coolOff: 60_000 });
    const { protocol, betty, position, asset, units } = loan;
    expect(refusal(loan.take('max', 0))).toBe('GRACE');
    expect(refusal(loan.take('max', 59_999))).toBe('GRACE');
    // Betty was lent dollars at time 0; she repays one at 50 s, and is found nothing.
    granted(protocol.repay(betty, asset('USD'), units('USD', 1), 50_000));
    expect(protocol.health(position, 0).liquidatable).toBe(true);
    granted(loan.take('max', 60_000));
  });

  it('takes the cool-off back with the bundle that began it', () => {
    const loan = lent(85, { coolOff: 60_000 });
    const { protocol, betty, asset, units, journal } = loan;
    loan.setPrice('ETH', 10);
    journal.begin();
    granted(protocol.borrow(betty, asset('USD'), units('USD', 1), 100_000));
    journal.undo();
    loan.setPrice('ETH', 1);
    granted(loan.take('max', 100_000));
  });
});
