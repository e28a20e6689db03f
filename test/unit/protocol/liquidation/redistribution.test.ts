import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRejection } from '../../../../src/base/rejection.ts';
import { protocolInvariants } from '../../../../src/protocol/invariants.ts';
import { isAnybodyLeft, redistribute } from '../../../../src/protocol/liquidation/redistribution.ts';
import { collateralLeg, debtLeg, type Plan } from '../../../../src/protocol/plan.ts';
import { createSettlement } from '../../../../src/protocol/settlement/settlement.ts';
import { aLendingWorld, granted } from '../../../../src/study/validate/lending-world.ts';
import { propertyRuns } from '../../../support/property-runs.ts';

const ETH = 0;
const USD = 1;
const YEAR_MS = 365 * 86_400_000;
const LAWS = protocolInvariants.filter(({ id }) => ['CUSTODY-1', 'BOOKS-1', 'BOOKS-2', 'DEBT-1', 'LEDGER-1', 'LEDGER-2'].includes(id));

/** Borrowers with so many units of ETH (at 1 USD, threshold 0.9) and of USD owed, interest for `years`. */
function aCrowd(borrowers: readonly { collateral: number; debt: number }[], years = 0) {
  const world = aLendingWorld({
    markets: {
      ETH: { usd: 1, decimals: 0, ltv: 0.9, liquidationThreshold: 0.9 },
      USD: { usd: 1, decimals: 0, rateBase: 0.07 },
    },
  });
  const { protocol, ledger } = world;
  const { accounts } = protocol.inspection;
  const lender = world.person('lender', { USD: 1e12 });
  granted(protocol.supply(lender, USD, 'max', 0));
  const positions = borrowers.map(({ collateral, debt }, i) => {
    const owner = world.person(`borrower/${i}`, { ETH: collateral });
    if (collateral > 0) granted(protocol.deposit(owner, ETH, collateral, 0));
    if (debt > 0) granted(protocol.borrow(owner, USD, debt, 0));
    return protocol.positionOf(owner);
  });
  protocol.refresh(years * YEAR_MS);
  const settlement = createSettlement(ledger, accounts, protocol.custody);
  const broken = () => LAWS.flatMap((law) => (law.check(protocol) === undefined ? [] : [law.id]));
  return { accounts, positions, broken, settle: (plan: Plan) => settlement.apply(plan) };
}

const borrower = fc
  .record({
    collateral: fc.oneof(fc.integer({ min: 2, max: 20 }), fc.integer({ min: 2, max: 1e10 })),
    ltv: fc.double({ min: 0, max: 0.89, noNaN: true }),
  })
  .map(({ collateral, ltv }) => ({ collateral, debt: Math.max(1, Math.floor(collateral * ltv)) }));

type Books = ReturnType<typeof aCrowd>['accounts'];

/** All that a position owes in USD and holds in ETH. */
const spread = (accounts: Books, position: number) =>
  redistribute(accounts, position, {
    debtMarket: USD,
    debtShares: accounts.debtShares(position, USD),
    collateralMarket: ETH,
    collateral: accounts.collateral(position, ETH),
  });

describe('redistribution', () => {
  it('gives everybody else their part of debt and collateral, in proportion to collateral', () => {
    const { accounts, positions } = aCrowd([
      { collateral: 1000, debt: 800 },
      { collateral: 3000, debt: 10 },
      { collateral: 1000, debt: 900 },
    ]);
    const [sick, large, small] = positions;
    expect(spread(accounts, sick)).toEqual([
      debtLeg(sick, USD, 0, -800),
      collateralLeg(sick, ETH, -1000),
      debtLeg(large, USD, 0, 600),
      collateralLeg(large, ETH, 750),
      debtLeg(small, USD, 0, 200),
      collateralLeg(small, ETH, 250),
    ]);
  });

  it('keeps every total and every law of the books, to the unit, with interest in the debts', () => {
    fc.assert(
      fc.property(
        fc.array(borrower, { minLength: 2, maxLength: 8 }),
        fc.integer({ min: 0, max: 5 }),
        fc.nat(7),
        (borrowers, years, which) => {
          const { accounts, positions, broken, settle } = aCrowd(borrowers, years);
          const sick = positions[which % positions.length];
          const totals = () =>
            [accounts.collateralTotal, accounts.debtTotal, accounts.debtSharesTotal].flatMap((total) => Array.from(total.data));
          const before = totals();
          const held = positions.map((position) => accounts.collateral(position, ETH));
          const owed = positions.map((position) => accounts.debtShares(position, USD));
          const plan = spread(accounts, sick);
          if (isRejection(plan)) return expect.fail(plan.rejected);
          settle(plan);
          expect(totals()).toEqual(before);
          expect(broken()).toEqual([]);
          const at = positions.indexOf(sick);
          const weight = BigInt(held.reduce((sum, units, i) => sum + (i === at ? 0 : units), 0));
          for (const [i, position] of positions.entries()) {
            const [collateral, shares] = [accounts.collateral(position, ETH), accounts.debtShares(position, USD)];
            if (i === at) {
              expect([collateral, shares]).toEqual([0, 0]);
              continue;
            }
            // Within a unit of the exact part, either way.
            const over = (got: number, had: number, spread: number) => BigInt(got - had) * weight - BigInt(spread) * BigInt(held[i]);
            for (const error of [over(collateral, held[i], held[at]), over(shares, owed[i], owed[at])]) {
              expect(error < weight && error > -weight).toBe(true);
            }
          }
        },
      ),
      { numRuns: propertyRuns(100, 3000) },
    );
  });

  it('spreads a part, where the rest goes elsewhere', () => {
    const { accounts, positions, broken, settle } = aCrowd([
      { collateral: 1000, debt: 800 },
      { collateral: 3000, debt: 10 },
    ]);
    const part = { debtMarket: USD, debtShares: 300, collateralMarket: ETH, collateral: 200 };
    settle(redistribute(accounts, positions[0], part) as Plan);
    expect(positions.map((position) => [accounts.collateral(position, ETH), accounts.debtShares(position, USD)])).toEqual([
      [800, 500],
      [3200, 310],
    ]);
    expect(broken()).toEqual([]);
  });

  it('leaves out who has no debt, or none of this collateral', () => {
    const { accounts, positions } = aCrowd([
      { collateral: 100, debt: 50 },
      { collateral: 900, debt: 0 },
      { collateral: 100, debt: 1 },
    ]);
    const plan = spread(accounts, positions[0]);
    expect(plan).toHaveLength(4);
    expect(plan).toContainEqual(debtLeg(positions[2], USD, 0, 50));
  });

  it('makes those who take it over less healthy where the debt exceeds what the collateral covers, all alike', () => {
    const { accounts, positions, settle } = aCrowd([
      { collateral: 1_000_000, debt: 900_000 },
      { collateral: 2_000_000, debt: 500_000 },
      { collateral: 6_000_000, debt: 500_000 },
    ]);
    const debtPerCollateral = (i: number) => accounts.debt(positions[i], USD) / accounts.collateral(positions[i], ETH);
    settle(spread(accounts, positions[0]) as Plan);
    // Everybody's collateral grows by an eighth, and for each unit of it that they had they owe 0.1125 more.
    expect(debtPerCollateral(1)).toBeCloseTo((0.25 + 0.1125) / 1.125, 6);
    expect(debtPerCollateral(2)).toBeCloseTo((500_000 / 6_000_000 + 0.1125) / 1.125, 6);
  });

  it('is refused where there is no debt, or nobody to take it', () => {
    const { accounts, positions } = aCrowd([
      { collateral: 100, debt: 50 },
      { collateral: 900, debt: 0 },
    ]);
    expect(spread(accounts, positions[0])).toMatchObject({ rejected: 'NOBODY_LEFT' });
    expect(spread(accounts, positions[1])).toMatchObject({ rejected: 'DEBT_NONE' });
    const pair = { debtMarket: USD, collateralMarket: ETH };
    expect(isAnybodyLeft(accounts, positions[0], pair)).toBe(false);
    expect(isAnybodyLeft(accounts, positions[1], pair)).toBe(true);
  });
});
