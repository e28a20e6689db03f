/**
 * What every risk engine promises, whatever it requires. Accounts are made by hand: a row of collateral and a row of debt, in units of one
 * USD at mark 1.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccountsView, type Market, NO_CONTRACTS } from '../../src/protocol/accounts-view.ts';
import { blankHealth, type Need, type RiskEngine } from '../../src/protocol/risk/risk-engine.ts';
import { PLAIN_MARKET } from '../../src/study/validate/lending-world.ts';

const LTV = [0.8, 0.6, 0];
const THRESHOLD = [0.85, 0.65, 0];
export const BASKET_MARKETS: readonly Market[] = LTV.map((ltv, index) => ({
  index,
  asset: index,
  name: `asset ${index}`,
  decimals: 0,
  scale: 1,
  params: { ...PLAIN_MARKET, ltv, liquidationThreshold: THRESHOLD[index] },
}));

interface Basket {
  readonly collateral: readonly number[];
  readonly debt: readonly number[];
}

/** One position as a view of accounts. */
export function aBasket({ collateral, debt }: Basket): AccountsView {
  return {
    ...NO_CONTRACTS,
    markets: BASKET_MARKETS,
    positions: 1,
    collateral: (_, market) => collateral[market],
    debt: (_, market) => debt[market],
    debtShares: (_, market) => debt[market],
    totalDebt: (market) => debt[market],
    totalDebtShares: (market) => debt[market],
    debtIndex: () => 1,
  };
}

const units = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1_000_000 }));
const row = fc.tuple(units, units, units);
const basket = fc.record({ collateral: row, debt: row });
const marks = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 3, maxLength: 3 }).map((prices) => Float64Array.from(prices));

export function riskEngineContract(name: string, engine: RiskEngine): void {
  const assess = (accounts: Basket, prices: Float64Array, need: Need = 'maintenance') =>
    engine.assess(aBasket(accounts), 0, prices, need, blankHealth());

  describe(`risk engine: ${name}`, () => {
    it('says the same three ways: liquidatable, health below 1, equity below what is required', () => {
      fc.assert(
        fc.property(basket, marks, (accounts, prices) => {
          const { liquidatable, healthFactor, equity, required, collateralUsd, debtUsd } = assess(accounts, prices);
          expect(liquidatable).toBe(healthFactor < 1);
          // Sums in another order may differ in the last digits where the two are all but equal.
          if (Math.abs(equity - required) > 1e-9 * (collateralUsd + debtUsd)) expect(liquidatable).toBe(equity < required);
          expect(equity).toBe(collateralUsd - debtUsd);
        }),
      );
    });

    it('asks at least as much to borrow as to be left alone', () => {
      fc.assert(
        fc.property(basket, marks, (accounts, prices) => {
          expect(assess(accounts, prices, 'initial').required).toBeGreaterThanOrEqual(assess(accounts, prices).required);
        }),
      );
    });

    it('RISK-2 finds nobody healthier when a collateral falls or a debt rises', () => {
      fc.assert(
        fc.property(basket, marks, fc.nat(2), (accounts, prices, market) => {
          const worse = prices.slice();
          worse[market] *= accounts.debt[market] > 0 ? 1.5 : 0.5;
          fc.pre(accounts.debt[market] === 0 || accounts.collateral[market] === 0);
          const before = assess(accounts, prices).healthFactor;
          expect(assess(accounts, worse).healthFactor > before * (1 + 1e-12)).toBe(false);
        }),
      );
    });

    it('never leaves health below a level before its cushion is used up', () => {
      const move = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 3, maxLength: 3 });
      fc.assert(
        fc.property(basket, marks, move, fc.integer({ min: 50, max: 200 }), (accounts, prices, direction, percent) => {
          fc.pre(accounts.debt.some((held) => held > 0));
          const level = percent / 100;
          const cushion = engine.cushion(aBasket(accounts), 0, prices, level);
          if (!(cushion > 0)) return;
          // All that a cushion allows, split between the worst fall and the worst rise.
          const share = Math.abs(direction[0]) / 100;
          const moved = prices.map((price, i) => {
            const within = direction[i] / 100;
            const farthest = Math.min(cushion, 20) * (within < 0 ? share : 1 - share);
            return price * Math.exp(farthest * within);
          });
          expect(assess(accounts, moved).healthFactor).toBeGreaterThanOrEqual(level * (1 - 1e-9));
        }),
      );
    });

    it('finds who owes nothing infinitely healthy, whatever the marks', () => {
      const free = { collateral: [5, 0, 1], debt: [0, 0, 0] };
      for (const mark of [1, Number.NaN]) {
        const { healthFactor, liquidatable } = assess(free, new Float64Array(3).fill(mark));
        expect(healthFactor).toBe(Number.POSITIVE_INFINITY);
        expect(liquidatable).toBe(false);
      }
    });

    it('judges nobody by an asset without a valid mark', () => {
      const accounts = { collateral: [100, 100, 0], debt: [0, 0, 1000] };
      for (const market of [0, 1, 2]) {
        const prices = new Float64Array(3).fill(1);
        prices[market] = Number.NaN;
        const { healthFactor, liquidatable } = assess(accounts, prices);
        expect(healthFactor).toBeNaN();
        expect(liquidatable).toBe(false);
      }
    });

    it('writes its answer into the object it was given', () => {
      const into = blankHealth();
      expect(engine.assess(aBasket({ collateral: [1, 1, 1], debt: [1, 0, 0] }), 0, new Float64Array(3).fill(1), 'initial', into)).toBe(
        into,
      );
    });
  });
}
