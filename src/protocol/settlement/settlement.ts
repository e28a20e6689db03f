/**
 * Applies plans: all legs or none, and only plans that sum to nothing. The one place of a protocol that moves money; it never judges
 * whether a plan is right.
 */
import { fault } from '../../base/fault.ts';
import { type AccountId, UNITS_MAX, type Units } from '../../base/units.ts';
import { type Ledger, OUTSIDE } from '../../ledger/ledger.ts';
import type { Accounts } from '../accounts.ts';
import type { Leg, MoveLeg, Plan, QuoteLeg, SizeLeg } from '../plan.ts';
import { settleFunding } from './funding.ts';

export interface Settlement {
  /**
   * Applies `plan`. What arrives here must be possible: whoever planned it has refused what is not.
   * @throws PLAN_UNBALANCED   in some asset, money into custody ≠ Δcollateral + Δsupply + Δreserve − Δdebt + Δquote; or the sizes of
   *                           some contract do not sum to zero
   * @throws PLAN_IMPOSSIBLE   a leg would leave a number negative, or is not a whole number; nothing was applied
   */
  apply(plan: Plan): void;
}

export function createSettlement(ledger: Ledger, accounts: Accounts, custody: AccountId): Settlement {
  /** What a leg puts into custody (+) beyond what it says is there. Zero over a sound plan. */
  const excess = (leg: Leg): number => {
    if (leg.kind === 'move') return (leg.to === custody ? leg.units : 0) - (leg.from === custody ? leg.units : 0);
    return leg.kind === 'debt' ? leg.units : -leg.units;
  };
  const assetOf = (leg: Exclude<Leg, SizeLeg>) => {
    if (leg.kind === 'move') return leg.asset;
    return accounts.markets[leg.kind === 'quote' ? accounts.settle : leg.market].asset;
  };

  const checkBalance = (plan: Plan) => {
    for (const { asset } of accounts.markets) {
      let sum = 0;
      for (const leg of plan) if (leg.kind !== 'size' && assetOf(leg) === asset) sum += excess(leg);
      if (sum !== 0) fault('PLAN_UNBALANCED', { asset: ledger.assets.names[asset], excess: sum, legs: plan.map((leg) => leg.kind).join() });
    }
    for (let contract = 0; contract < accounts.contracts.length; contract++) {
      let sum = 0;
      for (const leg of plan) if (leg.kind === 'size' && leg.contract === contract) sum += leg.units;
      if (sum !== 0) fault('PLAN_UNBALANCED', { contract: accounts.contracts[contract].name, excess: sum });
    }
  };

  /** What a leg takes from, before the plan. */
  const holding = (leg: Exclude<Leg, SizeLeg | QuoteLeg>): Units => {
    if (leg.kind === 'move') return leg.from === OUTSIDE ? UNITS_MAX : ledger.balance(leg.from, leg.asset);
    if (leg.kind === 'collateral') return accounts.collateral(leg.position, leg.market);
    if (leg.kind === 'debt') return accounts.debtTotal.data[leg.market];
    if (leg.kind === 'reserve') return accounts.reserve.data[leg.market];
    return accounts.supplyTotal.data[leg.market];
  };
  const width = accounts.markets.length;
  /** By purse: what the legs of a plan have put in so far. A plan may have a leg for everybody: nobody looks back over all of them. */
  const changes = new Map<number, number>();
  /** The number of a wallet's purse: even; of one in the books: odd. */
  const wallet = (account: AccountId, asset: number) => 2 * (account * ledger.assets.count + asset);
  const bookOf = (leg: Exclude<Leg, MoveLeg | SizeLeg | QuoteLeg>): number => {
    const row = leg.kind === 'debt' ? 0 : leg.kind === 'reserve' ? 1 : leg.kind === 'collateral' ? 3 + leg.position : 2;
    return 2 * (row * width + leg.market) + 1;
  };
  /** Adds to a purse, and answers what has been put in. */
  const put = (purse: number, units: Units): Units => {
    const sum = (changes.get(purse) ?? 0) + units;
    changes.set(purse, sum);
    return sum;
  };
  /** What a leg leaves in its purse. */
  const leaves = (leg: Exclude<Leg, SizeLeg | QuoteLeg>): Units => {
    if (leg.kind !== 'move') return holding(leg) + put(bookOf(leg), leg.units);
    const left = holding(leg) + put(wallet(leg.from, leg.asset), -leg.units);
    put(wallet(leg.to, leg.asset), leg.units);
    return left;
  };

  const checkPossible = (plan: Plan) => {
    changes.clear();
    let quotes = accounts.quoteTotal.data[0];
    for (const leg of plan) {
      if (!Number.isSafeInteger(leg.units) || (leg.kind === 'move' && leg.units < 0)) fault('PLAN_IMPOSSIBLE', { ...leg });
      if (leg.kind === 'quote' || isPostedCash(leg)) quotes += leg.units;
      if (leg.kind === 'size' || leg.kind === 'quote' || isPostedCash(leg)) continue;
      const left = leaves(leg);
      if (left < 0) fault('PLAN_IMPOSSIBLE', { ...leg, left });
      if ('shares' in leg && sharesLeft(leg) < 0) fault('PLAN_IMPOSSIBLE', { ...leg, sharesLeft: sharesLeft(leg) });
    }
    // One quote may be negative, the sum of all may not: what nobody's cash covers nobody can take out.
    if (quotes < 0) fault('PLAN_IMPOSSIBLE', { kind: 'quote', left: quotes });
  };
  /** Collateral of the settlement asset is cash, whoever planned it. */
  const isPostedCash = (leg: Leg): boolean => leg.kind === 'collateral' && leg.market === accounts.settle;
  const addCash = (position: number, units: Units) => {
    settleFunding(accounts, position);
    accounts.setOf(accounts.quoteOf, position, accounts.quoteOf.data[position] + units);
    accounts.addTotal(accounts.quoteTotal, 0, units);
  };

  const sharesLeft = (leg: Extract<Leg, { shares: Units }>) =>
    leg.shares + (leg.kind === 'debt' ? accounts.debtShares(leg.position, leg.market) : accounts.lenderShares(leg.position, leg.market));

  const applyLeg = (leg: Leg) => {
    switch (leg.kind) {
      case 'move':
        return ledger.transfer(leg.from, leg.to, leg.asset, leg.units);
      case 'quote':
        return addCash(leg.position, leg.units);
      case 'collateral':
        if (isPostedCash(leg)) return addCash(leg.position, leg.units);
        accounts.addCollateral(leg.position, leg.market, leg.units);
        return accounts.addTotal(accounts.collateralTotal, leg.market, leg.units);
      case 'debt':
        accounts.addDebtShares(leg.position, leg.market, leg.shares);
        accounts.addTotal(accounts.debtSharesTotal, leg.market, leg.shares);
        return accounts.addTotal(accounts.debtTotal, leg.market, leg.units);
      case 'supply':
        accounts.addSupplyShares(leg.position, leg.market, leg.shares);
        accounts.addTotal(accounts.supplyShares, leg.market, leg.shares);
        return accounts.addTotal(accounts.supplyTotal, leg.market, leg.units);
      case 'supply-loss':
        return accounts.addTotal(accounts.supplyTotal, leg.market, leg.units);
      case 'reserve':
        return accounts.addTotal(accounts.reserve, leg.market, leg.units);
      case 'size':
        return applySize(accounts, leg);
    }
  };

  return {
    apply(plan) {
      checkBalance(plan);
      checkPossible(plan);
      for (const leg of plan) applyLeg(leg);
    },
  };
}

/** Changes a size, and the traders' totals where it is not the house's. */
function applySize(accounts: Accounts, { position, contract, units, entry }: SizeLeg): void {
  settleFunding(accounts, position);
  const cell = position * accounts.contracts.length + contract;
  const before = accounts.sizeOf.data[cell];
  const after = before + units;
  accounts.setOf(accounts.sizeOf, cell, after);
  accounts.setOf(accounts.entryOf, cell, after === 0 ? 0 : accounts.entryOf.data[cell] + entry);
  if (position === accounts.house) return;
  accounts.addTotal(accounts.longTotal, contract, Math.max(0, after) - Math.max(0, before));
  accounts.addTotal(accounts.shortTotal, contract, Math.max(0, -after) - Math.max(0, -before));
  // Size that is new has paid nothing yet, and owes nothing yet. Where none is left, neither is the rounding of what was.
  if (accounts.longTotal.data[contract] === 0 && accounts.shortTotal.data[contract] === 0)
    accounts.setOf(accounts.fundingPaid, contract, 0);
  else accounts.addTotal(accounts.fundingPaid, contract, units * accounts.fundingIndex.data[contract]);
}
