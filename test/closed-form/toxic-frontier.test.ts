import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  constantProductSlippage,
  healthLinkedFrontier,
  liquidationIncentiveFactor,
  lossWhenFullySeized,
  ltvAfterRepay,
  slippageAwareFrontier,
  toxicFrontier,
} from '../../src/study/closed-form/toxic-frontier.ts';
import { expectDigits } from './digits.ts';

const unit = fc.double({ min: 0.01, max: 0.99, noNaN: true });

describe('toxic frontier of a fixed bonus (B9)', () => {
  it('lies at 0.95238 for 5 %', () => expectDigits(toxicFrontier(0.05), 1 / 1.05));

  it('sees an LTV of 0.90 fall and one of 0.96 rise', () => {
    expect(ltvAfterRepay(100, 90, 1, 0.05)).toBeLessThan(0.9);
    expect(ltvAfterRepay(100, 96, 1, 0.05)).toBeGreaterThan(0.96);
  });

  it('parts falling from rising LTVs, whatever the repayment', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.3, noNaN: true }), unit, unit, (bonus, ltv, share) => {
        fc.pre(Math.abs(ltv - toxicFrontier(bonus)) > 1e-6);
        const after = ltvAfterRepay(1, ltv, share * Math.min(ltv, toxicFrontier(bonus)), bonus);
        expect(after > ltv).toBe(ltv > toxicFrontier(bonus));
      }),
    );
  });

  it('leaves 0.76 % of the collateral as bad debt at 0.96, and nothing below the frontier', () => {
    expectDigits(lossWhenFullySeized(1, 0.96, 0.05), 0.007619047619047619);
    expect(lossWhenFullySeized(1, 0.95, 0.05)).toBe(0);
  });
});

describe('slippage-aware frontier (B9)', () => {
  it('lies at 0.79365 for 100 of collateral marked by a pool of 1,000', () => {
    expectDigits(constantProductSlippage(100, 1000), 1.2);
    expectDigits(slippageAwareFrontier(0.05, 1.2), 0.79365079365079365);
  });

  it('is where a small liquidation sold into that pool changes from lowering to raising the LTV', () => {
    const ltvAfter = (ltv: number): number => {
      const repaid = 0.001;
      const seized = 1.05 * repaid; // base tokens, at a price of 1
      const price = (1000 / (1000 + seized)) ** 2;
      return (100 * ltv - repaid) / ((100 - seized) * price);
    };
    expect(ltvAfter(0.7887)).toBeLessThan(0.7887);
    expect(ltvAfter(0.7987)).toBeGreaterThan(0.7987);
    expect(ltvAfter(0.79364)).toBeLessThan(0.79364);
    expect(ltvAfter(0.79367)).toBeGreaterThan(0.79367);
  });

  it('without impact is the fixed one', () => expect(slippageAwareFrontier(0.05, 1)).toBe(toxicFrontier(0.05)));
});

describe('health-linked frontier (B9)', () => {
  it.each([
    [0.77, 0.877496438739212206],
    [0.86, 0.927361849549570375],
  ])('at LLTV %d lies at %d', (lltv, frontier) => expectDigits(healthLinkedFrontier(lltv), frontier));

  it('parts falling from rising LTVs, with and without a capped discount', () => {
    fc.assert(
      fc.property(unit, unit, unit, (lltv, discountMax, position) => {
        const ltv = lltv + position * (1 - lltv); // liquidatable
        const discount = Math.min(1 - lltv / ltv, discountMax);
        const frontier = healthLinkedFrontier(lltv, discountMax);
        fc.pre(Math.abs(ltv - frontier) > 1e-6);
        const bonus = 1 / (1 - discount) - 1;
        expect(ltvAfterRepay(1, ltv, 0.001 * ltv, bonus) > ltv).toBe(ltv > frontier);
      }),
    );
  });
});

describe("Morpho's incentive factor (B9)", () => {
  it.each([
    [0.77, 0.827067669172932331],
    [0.86, 0.897703549060542797],
    [0.945, 0.960854092526690391],
    [0.98, 0.985915492957746479],
  ])('times an LLTV of %d is %d', (lltv, product) => expectDigits(lltv * liquidationIncentiveFactor(lltv), product));

  it('is never toxic at the moment of liquidation, and never above 1.15', () => {
    fc.assert(
      fc.property(unit, (lltv) => {
        expect(lltv * liquidationIncentiveFactor(lltv)).toBeLessThan(1);
        expect(liquidationIncentiveFactor(lltv)).toBeLessThanOrEqual(1.15);
      }),
    );
    expect(liquidationIncentiveFactor(0.385)).toBe(1.15);
  });
});

it('refuses what is no market', () => {
  expect(() => toxicFrontier(-0.1)).toThrow('FRONTIER_DOMAIN');
  expect(() => ltvAfterRepay(100, 96, 96, 0.05)).toThrow('FRONTIER_DOMAIN');
  expect(() => slippageAwareFrontier(0.05, 0.9)).toThrow('FRONTIER_DOMAIN');
  expect(() => constantProductSlippage(1, 0)).toThrow('FRONTIER_DOMAIN');
  expect(() => healthLinkedFrontier(1)).toThrow('FRONTIER_DOMAIN');
  expect(() => liquidationIncentiveFactor(0)).toThrow('FRONTIER_DOMAIN');
  expect(() => lossWhenFullySeized(-1, 1, 0)).toThrow('FRONTIER_DOMAIN');
});
