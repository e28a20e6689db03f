/** What every liquidation mechanism promises of a take, whatever its price: tried on loans of all healths, judged by its plan alone. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRejection } from '../../src/base/rejection.ts';
import type { Mechanism, TakeRequest } from '../../src/protocol/liquidation/mechanism.ts';
import { blankHealth } from '../../src/protocol/risk/risk-engine.ts';
import { staticRisk } from '../../src/protocol/risk/static.ts';
import { aBasket } from './risk-engine.ts';

const TAKER = 7;
const CUSTODY = 3;
const FUND = 4;

const loans = fc.record({
  collateral: fc.integer({ min: 1, max: 1e9 }),
  health: fc.integer({ min: 10, max: 150 }).map((n) => n / 100),
  price: fc.integer({ min: 1, max: 1e6 }).map((n) => n / 1000),
  amount: fc.oneof(fc.constant('max' as const), fc.integer({ min: 1, max: 100 })),
});

/** Collateral in market 0 (threshold 0.85), debt in market 2. */
function aCase({ collateral, health, price, amount }: typeof loans extends fc.Arbitrary<infer L> ? L : never) {
  const marks = Float64Array.from([price, 1, 1]);
  const debt = Math.max(1, Math.floor((collateral * price * 0.85) / health));
  const accounts = aBasket({ collateral: [collateral, 0, 0], debt: [0, 0, debt] });
  const found = staticRisk.create({}, undefined).assess(accounts, 0, marks, 'maintenance', blankHealth());
  const request: TakeRequest = {
    position: 0,
    debtMarket: 2,
    collateralMarket: 0,
    amount: amount === 'max' ? amount : Math.max(1, Math.floor((debt * amount) / 100)),
    purse: Number.MAX_SAFE_INTEGER,
    taker: TAKER,
    custody: CUSTODY,
    fund: FUND,
    at: 0,
  };
  return { accounts, marks, found, request, debt, collateral };
}

export function mechanismContract(name: string, create: () => Mechanism): void {
  describe(`liquidation mechanism: ${name}`, () => {
    it('LIQ-1 takes nothing of who is not liquidatable', () => {
      fc.assert(
        fc.property(loans, (loan) => {
          const { accounts, marks, found, request } = aCase(loan);
          const taken = create().take(request, accounts, marks, found);
          if (!found.liquidatable) expect(taken).toMatchObject({ rejected: 'NOT_LIQUIDATABLE' });
        }),
      );
    });

    it('takes no more than there is of debt and collateral, and pays everybody out of the plan', () => {
      fc.assert(
        fc.property(loans, (loan) => {
          const { accounts, marks, found, request, debt, collateral } = aCase(loan);
          const taken = create().take(request, accounts, marks, found);
          if (isRejection(taken)) return;
          expect(taken.repaid).toBeGreaterThan(0);
          expect(taken.repaid).toBeLessThanOrEqual(request.amount === 'max' ? debt : request.amount);
          expect(taken.seized).toBeLessThanOrEqual(collateral);
          expect(taken.received).toBeLessThanOrEqual(taken.seized);
          const sum = (kind: string, pick: (leg: never) => number) =>
            taken.plan.reduce((total, leg) => total + (leg.kind === kind ? pick(leg as never) : 0), 0);
          expect(sum('debt', ({ units }: { units: number }) => units)).toBe(-taken.repaid);
          expect(sum('collateral', ({ units }: { units: number }) => units)).toBe(-taken.seized);
          const into = (account: number, asset: number) =>
            sum('move', (leg: { from: number; to: number; asset: number; units: number }) =>
              leg.asset !== asset ? 0 : (leg.to === account ? leg.units : 0) - (leg.from === account ? leg.units : 0),
            );
          expect(into(CUSTODY, 2)).toBe(taken.repaid);
          expect(into(TAKER, 2)).toBe(-taken.repaid);
          expect(into(CUSTODY, 0)).toBe(-taken.seized);
          expect(into(TAKER, 0)).toBe(taken.received);
          expect(into(FUND, 0)).toBe(taken.seized - taken.received);
        }),
      );
    });

    it('LIQ-2 lowers the debt', () => {
      fc.assert(
        fc.property(loans, (loan) => {
          const { accounts, marks, found, request } = aCase(loan);
          const taken = create().take(request, accounts, marks, found);
          if (isRejection(taken)) return;
          const shares = taken.plan.reduce((total, leg) => total + (leg.kind === 'debt' ? leg.shares : 0), 0);
          expect(shares).toBeLessThan(0);
        }),
      );
    });

    it('changes nothing by answering: the same question has the same answer', () => {
      fc.assert(
        fc.property(loans, (loan) => {
          const { accounts, marks, found, request } = aCase(loan);
          const mechanism = create();
          expect(mechanism.take(request, accounts, marks, found)).toEqual(mechanism.take(request, accounts, marks, found));
        }),
      );
    });

    it('refuses where there is no valid mark', () => {
      const { accounts, found, request } = aCase({ collateral: 100, health: 0.5, price: 1, amount: 'max' });
      const blind = { ...found, healthFactor: Number.NaN, liquidatable: false };
      expect(create().take(request, accounts, Float64Array.from([Number.NaN, 1, 1]), blind)).toMatchObject({ rejected: 'ORACLE_INVALID' });
    });

    it('refuses a taker who cannot pay, and lets one who can pay a part have that part', () => {
      const { accounts, marks, found, request } = aCase({ collateral: 1e6, health: 0.9, price: 1, amount: 'max' });
      expect(create().take({ ...request, purse: 0 }, accounts, marks, found)).toMatchObject({ rejected: 'WALLET_SHORT' });
      expect(create().take({ ...request, amount: 1000, purse: 999 }, accounts, marks, found)).toMatchObject({ rejected: 'WALLET_SHORT' });
      expect(create().take({ ...request, purse: 1000 }, accounts, marks, found)).toMatchObject({ repaid: 1000 });
    });
  });
}
