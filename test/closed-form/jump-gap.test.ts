import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { optionValue, PUT } from '../../src/protocol/instrument/black-scholes.ts';
import { annualGapLoss, expectedGapLoss, gapProbability, jumpDiffusionPut } from '../../src/study/closed-form/jump-gap.ts';
import { expectDigits } from './digits.ts';

const JUMP = { mean: -0.08, deviation: 0.1 };
const MARKET = { ...JUMP, rate: 5, volatility: 0.8 };
const WEEK = 7 / 365;

describe('gap risk of one jump (B16)', () => {
  it('makes a loan of 0.8 insolvent with probability 0.07615', () => expectDigits(gapProbability(0.8, JUMP), 0.076152718233994470697));

  it('leaves 0.26312 % of the collateral unpaid, 1.316 % a year', () => {
    expectDigits(expectedGapLoss(0.8, JUMP), 0.002631219734975223064);
    expectDigits(annualGapLoss(0.8, JUMP, 5), 0.01315609867487611532);
    expect(annualGapLoss(0.8, JUMP, 0)).toBe(0);
  });

  it('loses as fast as it is likely to: the slope of the loss in l is the probability', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 1.1, noNaN: true }),
        fc.double({ min: -0.3, max: 0.1, noNaN: true }),
        fc.double({ min: 0.02, max: 0.5, noNaN: true }),
        (ltv, mean, deviation) => {
          const jump = { mean, deviation };
          const step = 1e-5;
          const slope = (expectedGapLoss(ltv + step, jump) - expectedGapLoss(ltv - step, jump)) / (2 * step);
          expect(Math.abs(slope - gapProbability(ltv, jump))).toBeLessThan(1e-6);
        },
      ),
    );
  });
});

describe("Merton's put (B16)", () => {
  it('is worth 0.163266 for a week, twice what it is without jumps', () => {
    expectDigits(jumpDiffusionPut(100, 80, WEEK, MARKET), 0.16326594426224329764);
    expectDigits(jumpDiffusionPut(100, 80, WEEK, { ...MARKET, rate: 0 }), 0.080901230073230311373);
  });

  it('without jumps is the one of Black and Scholes, and with certain jumps of no size too', () => {
    const plain = optionValue({ kind: PUT, spot: 100, strike: 110, years: 0.5, volatility: 0.8 });
    expect(jumpDiffusionPut(100, 110, 0.5, { ...MARKET, rate: 0 })).toBeCloseTo(plain, 12);
    expect(jumpDiffusionPut(100, 110, 0.5, { ...MARKET, mean: 0, deviation: 1e-9 })).toBeCloseTo(plain, 6);
  });

  it('of many small jumps is the one of Black and Scholes with their variance', () => {
    // 800 jumps a year of 3 %, half a year: 400 expected, variance 800·0.03² = 0.72 a year, about as good as normal.
    const busy = jumpDiffusionPut(100, 100, 0.5, { mean: 0, deviation: 0.03, rate: 800, volatility: 0 });
    const calm = optionValue({ kind: PUT, spot: 100, strike: 100, years: 0.5, volatility: Math.sqrt(0.72) });
    expect(Math.abs(busy / calm - 1)).toBeLessThan(0.002);
  });

  it('keeps the mean of the price: struck far above, it is worth the strike less the spot', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -0.3, max: 0.2, noNaN: true }),
        fc.double({ min: 0.01, max: 0.3, noNaN: true }),
        fc.double({ min: 0, max: 40, noNaN: true }),
        (mean, deviation, rate) => {
          const put = jumpDiffusionPut(1, 1e6, 0.25, { mean, deviation, rate, volatility: 0.5 });
          expect(Math.abs(put - (1e6 - 1))).toBeLessThan(1e-6);
        },
      ),
    );
  });

  it('at once is its payoff, and in a price that only jumps may be worth nothing', () => {
    expect(jumpDiffusionPut(100, 120, 0, MARKET)).toBeCloseTo(20, 12);
    expect(jumpDiffusionPut(100, 1e-300, 0.1, { ...MARKET, volatility: 0 })).toBe(0);
    expect(jumpDiffusionPut(100, 1e-300, 1, { mean: 5, deviation: 0.1, rate: 1, volatility: 0 })).toBe(0);
  });

  it('refuses what is no market', () => {
    expect(() => gapProbability(0, JUMP)).toThrow('JUMP_DOMAIN');
    expect(() => expectedGapLoss(0.8, { ...JUMP, deviation: 0 })).toThrow('JUMP_DOMAIN');
    expect(() => annualGapLoss(0.8, JUMP, -1)).toThrow('JUMP_DOMAIN');
    expect(() => jumpDiffusionPut(100, 80, 101, MARKET)).toThrow('JUMP_DOMAIN');
    expect(() => jumpDiffusionPut(0, 80, 1, MARKET)).toThrow('JUMP_DOMAIN');
  });
});
