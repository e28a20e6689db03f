import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  haircutConcentration,
  haircutOvershoot,
  proRataHaircuts,
  queueHaircuts,
  type Winner,
} from '../../src/study/closed-form/auto-deleverage.ts';
import { expectDigits } from './digits.ts';

const profits = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 20 });
const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const total = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);
const winner = (profit: number, score: number): Winner => ({ profit, profitRatio: score, leverage: 1 });
/** All entered alike, so that profit decides. */
const alike = (amounts: readonly number[]): Winner[] => amounts.map((profit) => winner(profit, profit));

describe('pro-rata deleveraging (B30)', () => {
  it('takes 25, 15 and 10 of 100, 60 and 40', () => expect(proRataHaircuts(50, [100, 60, 40])).toEqual([25, 15, 10]));

  it('takes the deficit and no more, and of each the same part', () => {
    fc.assert(
      fc.property(profits, share, (amounts, part) => {
        fc.pre(total(amounts) > 1e-6);
        const deficit = part * total(amounts);
        const haircuts = proRataHaircuts(deficit, amounts);
        expectDigits(total(haircuts), deficit);
        for (const [i, haircut] of haircuts.entries()) expect(Math.abs(haircut - part * amounts[i])).toBeLessThan(1e-6);
      }),
    );
  });

  it('cannot be lessened by splitting an account', () => {
    fc.assert(
      fc.property(profits, share, share, (amounts, part, cut) => {
        fc.pre(total(amounts) > 1e-6);
        const deficit = part * total(amounts);
        const [first, ...rest] = amounts;
        const [left, right] = proRataHaircuts(deficit, [cut * first, (1 - cut) * first, ...rest]);
        expect(Math.abs(left + right - proRataHaircuts(deficit, amounts)[0])).toBeLessThan(1e-9 * total(amounts));
      }),
    );
  });

  it('takes all profits where the deficit is larger', () => {
    expect(proRataHaircuts(500, [100, 60, 40])).toEqual([100, 60, 40]);
    expect(proRataHaircuts(0, [100, 0])).toEqual([0, 0]);
    expect(proRataHaircuts(0, [])).toEqual([]);
  });
});

describe('the queue (B30)', () => {
  it('closes the top winner wholly and overshoots by 50', () => {
    const haircuts = queueHaircuts(50, alike([100, 60, 40]));
    expect(haircuts).toEqual([100, 0, 0]);
    expect(haircutOvershoot(haircuts, 50)).toBe(50);
    expect(haircutConcentration(haircuts)).toBe(1);
    expect(haircutConcentration(proRataHaircuts(50, [100, 60, 40]))).toBe(0.5);
  });

  it('ranks by profit ratio times leverage, not by profit', () => {
    const cautious = { profit: 100, profitRatio: 0.5, leverage: 2 };
    const bold = { profit: 40, profitRatio: 0.2, leverage: 20 };
    expect(queueHaircuts(30, [cautious, bold])).toEqual([0, 40]);
    expect(queueHaircuts(60, [cautious, bold])).toEqual([100, 40]);
  });

  it('goes by order between equals', () => {
    expect(queueHaircuts(10, [winner(20, 1), winner(20, 1)])).toEqual([20, 0]);
  });

  it('closes nobody for what rounding leaves of a deficit', () => {
    expect(0.8 - 0.7 - 0.1).toBeGreaterThan(0);
    expect(queueHaircuts(0.8, [winner(0.7, 3), winner(0.1, 2), winner(5, 1)])).toEqual([0.7, 0.1, 0]);
  });

  it('takes all of some, of one at most more than needed, and nothing of those who score less', () => {
    fc.assert(
      fc.property(profits, share, (amounts, part) => {
        fc.pre(total(amounts) > 1e-6);
        const deficit = part * total(amounts);
        const haircuts = queueHaircuts(deficit, alike(amounts));
        const closed = amounts.filter((_, i) => haircuts[i] > 0);
        const spared = amounts.filter((_, i) => haircuts[i] === 0);
        expect(haircuts.every((haircut, i) => haircut === 0 || haircut === amounts[i])).toBe(true);
        expect(Math.min(...closed)).toBeGreaterThanOrEqual(Math.max(0, ...spared));
        expect(total(haircuts)).toBeGreaterThanOrEqual(deficit * (1 - 1e-12));
        expect(haircutOvershoot(haircuts, deficit)).toBeLessThanOrEqual(Math.min(...closed) + 1e-9 * total(amounts));
        expect(haircutOvershoot(haircuts, deficit)).toBeGreaterThanOrEqual(
          haircutOvershoot(proRataHaircuts(deficit, amounts), deficit) - 1e-6,
        );
        expect(haircutConcentration(haircuts)).toBeGreaterThanOrEqual(haircutConcentration(proRataHaircuts(deficit, amounts)) - 1e-9);
      }),
    );
  });

  it('can be lessened by splitting an account, unlike the proportional rule', () => {
    expect(total(queueHaircuts(50, [winner(100, 3), winner(60, 1)]))).toBe(100);
    expect(total(queueHaircuts(50, [winner(50, 3), winner(50, 3), winner(60, 1)]))).toBe(50);
  });

  it('takes nothing for no deficit, and nobody pays most of nothing', () => {
    const haircuts = queueHaircuts(0, alike([100, 60]));
    expect(haircuts).toEqual([0, 0]);
    expect(haircutOvershoot(haircuts, 0)).toBe(0);
    expect(haircutConcentration(haircuts)).toBeNaN();
  });

  it('refuses losers and debts below 0', () => {
    expect(() => proRataHaircuts(-1, [1])).toThrow('DELEVERAGE_DOMAIN');
    expect(() => proRataHaircuts(1, [-1])).toThrow('DELEVERAGE_DOMAIN');
    expect(() => queueHaircuts(1, [{ profit: 1, profitRatio: -1, leverage: 1 }])).toThrow('DELEVERAGE_DOMAIN');
    expect(() => queueHaircuts(1, [{ profit: Number.NaN, profitRatio: 1, leverage: 1 }])).toThrow('DELEVERAGE_DOMAIN');
  });
});
