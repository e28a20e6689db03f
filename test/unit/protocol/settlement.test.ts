import { describe, expect, it } from 'vitest';
import { debtLeg, move, type Plan } from '../../../src/protocol/plan.ts';
import { createSettlement } from '../../../src/protocol/settlement/settlement.ts';
import { aLendingWorld, granted } from '../../../src/study/validate/lending-world.ts';

/** Albert has 100 USD in the wallet and 50 supplied. */
function aDesk() {
  const world = aLendingWorld({ markets: { USD: { usd: 1, decimals: 0 } } });
  const albert = world.person('lender', { USD: 150 });
  granted(world.protocol.supply(albert, 0, 50, 0));
  const { accounts } = world.protocol.inspection;
  const { custody } = world.protocol;
  const settlement = createSettlement(world.ledger, accounts, custody);
  const state = () => [
    world.ledger.balance(albert, 0),
    world.ledger.balance(custody, 0),
    accounts.supplyTotal.data[0],
    accounts.debtTotal.data[0],
  ];
  return { ...world, accounts, albert, custody, settlement, state };
}

describe('settlement', () => {
  const collateral = (units: number) => ({ kind: 'collateral', position: 0, market: 0, units }) as const;

  it('applies a plan that sums to nothing', () => {
    const { settlement, albert, custody, accounts } = aDesk();
    settlement.apply([move(albert, custody, 0, 30), collateral(30)]);
    expect(accounts.collateral(0, 0)).toBe(30);
  });

  it.each<[string, (albert: number, custody: number) => Plan]>([
    ['money without a claim', (albert, custody) => [move(albert, custody, 0, 30)]],
    ['a claim without money', () => [collateral(30)]],
    ['one unit too much', (albert, custody) => [move(albert, custody, 0, 30), collateral(31)]],
    ['debt in exchange for nothing', () => [debtLeg(0, 0, 5, 5)]],
  ])('refuses %s, and nothing has changed', (_, plan) => {
    const { settlement, albert, custody, state } = aDesk();
    const before = state();
    expect(() => settlement.apply(plan(albert, custody))).toThrow('PLAN_UNBALANCED');
    expect(state()).toEqual(before);
  });

  it.each<[string, (albert: number, custody: number) => Plan]>([
    ['more than a wallet holds', (albert, custody) => [move(albert, custody, 0, 101), collateral(101)]],
    [
      'a wallet twice over, each time within it',
      (albert, custody) => [move(albert, custody, 0, 60), collateral(60), move(albert, custody, 0, 60), collateral(60)],
    ],
    ['collateral that is not there', (albert, custody) => [collateral(-1), move(custody, albert, 0, 1)]],
    ["more lenders' claims than there are", () => [{ kind: 'supply-loss', market: 0, units: -51 }, debtLeg(0, 0, -51, 0)]],
    [
      'shares that the position lacks',
      (albert, custody) => [move(custody, albert, 0, 50), { kind: 'supply', position: 0, market: 0, units: -50, shares: -51 }],
    ],
    ['half a unit', (albert, custody) => [move(albert, custody, 0, 0.5), collateral(0.5)]],
  ])('refuses %s, and nothing has changed', (_, plan) => {
    const { settlement, albert, custody, state } = aDesk();
    const before = state();
    expect(() => settlement.apply(plan(albert, custody))).toThrow('PLAN_IMPOSSIBLE');
    expect(state()).toEqual(before);
  });
});
