import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repaidUp, seizedDown, seizureRate } from '../../../src/protocol/liquidation/seizure.ts';

const mark = fc.double({ min: 1e-18, max: 1e12, noNaN: true });
const bonus = fc.double({ min: 0, max: 1, noNaN: true });
/** Held by one position: at the very end of what a ledger holds, estimates end and so does the promise of the last test. */
const holding = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER - 64 });

describe('the rate of a seizure', () => {
  it('lies below the price ratio and within 2^-51 of it', () => {
    fc.assert(
      fc.property(mark, mark, bonus, (debt, collateral, extra) => {
        const exact = (debt * (1 + extra)) / collateral;
        fc.pre(exact > 2 ** -52 && exact < 2 ** 52);
        const { above, below } = seizureRate(debt, collateral, extra);
        expect(Number.isSafeInteger(above) && Number.isSafeInteger(below)).toBe(true);
        expect(above / below / exact).toBeLessThanOrEqual(1 + 2 ** -52);
        expect(above / below / exact).toBeGreaterThanOrEqual(1 - 2 ** -50);
      }),
    );
  });

  it('gives 5.25 for 500 at a price of 100 and a bonus of 5 %', () => {
    const rate = seizureRate(1e-6, 100e-6, 0.05);
    expect(seizedDown(500e6, rate, 1e9)).toBeCloseTo(5.25e6, -1);
    expect(seizedDown(500e6, rate, 5e6)).toBe(5e6);
  });

  it('never answers beyond what there is, nor fails, at any price', () => {
    fc.assert(
      fc.property(mark, mark, bonus, holding, holding, (debt, collateral, extra, repaid, held) => {
        const rate = seizureRate(debt, collateral, extra);
        const seized = seizedDown(repaid, rate, held);
        expect(seized).toBeLessThanOrEqual(held);
        const paid = repaidUp(held, rate, repaid);
        expect(paid).toBeLessThanOrEqual(repaid);
        // Whoever pays for all of it gets all of it.
        if (paid < repaid) expect(seizedDown(paid, rate, held)).toBe(held);
      }),
    );
  });

  it('faults where a mark is no price', () => {
    for (const bad of [0, -1, Number.NaN]) expect(() => seizureRate(bad, 1, 0)).toThrow('SEIZURE_RATE');
  });
});
