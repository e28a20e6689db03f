/**
 * The verbs of lending as decisions: how much, whether it is allowed, and the plan that does it. Nothing moves here. Requirements stand at
 * the top of each verb; all roundings are against whoever acts.
 */
import { largestAllowed } from '../base/largest-allowed.ts';
import { type Rejection, reject } from '../base/rejection.ts';
import { type AccountId, type AssetId, type Tokens, toUnitsDown, UNITS_MAX, type Units } from '../base/units.ts';
import { OUTSIDE } from '../ledger/ledger.ts';
import type { Accounts } from './accounts.ts';
import type { Market, Marks } from './accounts-view.ts';
import { burntShares, toSharesDown, toSharesUp } from './instrument/debt.ts';
import { collateralLeg, debtLeg, move, type Plan, supplyLeg } from './plan.ts';
import { type Admission, type Change, NO_CHANGE } from './risk/admission.ts';

/** Units, or the most that is possible and allowed. */
export type Wish = Units | 'max';

/** A verb that is allowed: how much it does, and its plan. */
export interface Order {
  readonly units: Units;
  readonly plan: Plan;
}

/** What the verbs read. */
export interface Desk {
  readonly accounts: Accounts;
  readonly marks: Marks;
  readonly admission: Admission;
  readonly custody: AccountId;
  wallet(account: AccountId, asset: AssetId): Units;
  /** The position to which the shares of markets with a receipt are booked; −1 where no market has one. */
  readonly issuer: number;
}

/** Who acts, and where. */
export interface Act {
  readonly actor: AccountId;
  readonly position: number;
  readonly market: Market;
}

type Verb = (desk: Desk, act: Act, wish: Wish) => Order | Rejection;

/** Lends to the market; where the market has a receipt, its shares are the receipt's, and whoever holds that may redeem. */
export const planSupply: Verb = (desk, { actor, position, market }, wish) => {
  const { accounts } = desk;
  const { receipt } = market.params;
  const total = accounts.supplyTotal.data[market.index];
  const room = roomUnder(market, market.params.supplyCap, total);
  const units = fromWallet(desk, actor, market, wish, room, 'CAP_SUPPLY');
  if (typeof units !== 'number') return units;
  const allShares = accounts.supplyShares.data[market.index];
  // After losses a share may be worth so little that the shares of a new claim could not be counted: the market is dead.
  if (allShares > 0 && !((units / total) * allShares < UNITS_MAX - allShares)) return reject('MARKET_WIPED_OUT', { supplied: total });
  const shares = toSharesDown(units, total, allShares);
  if (shares === 0) return reject('AMOUNT', { amount: units });
  const holder = receipt === undefined ? position : desk.issuer;
  const plan = [move(actor, desk.custody, market.asset, units), supplyLeg(holder, market.index, units, shares)];
  return { units, plan: receipt === undefined ? plan : [...plan, move(OUTSIDE, actor, receipt, shares)] };
};

/** Takes back what was lent, as far as there is cash. */
export const planRedeem: Verb = (desk, { actor, position, market }, wish) => {
  const { accounts } = desk;
  const { receipt } = market.params;
  const own = sharesOf(desk, actor, position, market);
  const supplied = accounts.worthOfShares(own, market.index);
  const cash = accounts.cash(market.index);
  const units = wish === 'max' ? Math.min(supplied, cash) : wish;
  if (!isAmount(units)) return reject('AMOUNT', { amount: units });
  if (units > supplied) return reject('SUPPLY_SHORT', { amount: units, supplied });
  if (units > cash) return reject('LIQUIDITY_SHORT', { amount: units, available: cash });
  const part = toSharesUp(units, accounts.supplyTotal.data[market.index], accounts.supplyShares.data[market.index]);
  const shares = units === supplied ? own : part;
  const holder = receipt === undefined ? position : desk.issuer;
  const plan = [supplyLeg(holder, market.index, -units, -shares), move(desk.custody, actor, market.asset, units)];
  return { units, plan: receipt === undefined ? plan : [...plan, move(actor, OUTSIDE, receipt, shares)] };
};

/** Shares that the actor may redeem: his position's, or as many as he holds of the receipt. */
function sharesOf({ accounts, wallet }: Desk, actor: AccountId, position: number, { index, params }: Market): Units {
  return params.receipt === undefined ? accounts.lenderShares(position, index) : wallet(actor, params.receipt);
}

/** Posts collateral; the asset that contracts are settled in becomes cash. */
export const planDeposit: Verb = (desk, { actor, position, market }, wish) => {
  const { accounts } = desk;
  const room = roomUnder(market, market.params.collateralCap, postedOf(accounts, market.index));
  const units = fromWallet(desk, actor, market, wish, room, 'CAP_COLLATERAL');
  if (typeof units !== 'number') return units;
  return { units, plan: [move(actor, desk.custody, market.asset, units), collateralLeg(position, market.index, units)] };
};

/** What everybody together has posted of a market: of the settlement asset the cash, the house's included. */
export function postedOf(accounts: Accounts, market: number): Units {
  return market === accounts.settle ? accounts.quoteTotal.data[0] : accounts.collateralTotal.data[market];
}

/** The part of a change that posts `units` (negative: takes them back) of a market. */
export function posting({ settle }: Accounts, market: number, units: Units): Partial<Change> {
  return market === settle ? { quote: units } : { collateralMarket: market, collateral: units };
}

/** Takes collateral or cash back, as far as what remains still covers debts and sizes (RISK-1). */
export const planWithdraw: Verb = (desk, act, wish) => {
  const { actor, position, market } = act;
  const held = takeableOf(desk, position, market.index);
  const units = wish === 'max' ? withdrawable(desk, act) : wish;
  if (!isAmount(units)) return reject('AMOUNT', { amount: units });
  if (units > held) return reject('COLLATERAL_SHORT', { amount: units, collateral: held });
  const asCash = market.index === desk.accounts.settle;
  // What others owe in cash is not there to be taken out.
  if (asCash && units > desk.accounts.quoteTotal.data[0]) {
    return reject('LIQUIDITY_SHORT', { amount: units, available: desk.accounts.quoteTotal.data[0] });
  }
  const refused = refuseUnlessHealthy(desk, withdrawal(desk.accounts, act, units));
  if (refused !== undefined) return refused;
  return { units, plan: [collateralLeg(position, market.index, -units), move(desk.custody, actor, market.asset, units)] };
};

/** Collateral of a market; of the settlement asset the cash, 0 where it is owed. */
export function heldOf(accounts: Accounts, position: number, market: number): Units {
  return market === accounts.settle ? Math.max(0, accounts.quote(position)) : accounts.collateral(position, market);
}

/**
 * The most that could be taken back if nothing were asked of the account: of the settlement asset what cash and contracts are worth
 * together, so that profit can be taken out, and what others have put in cannot be borrowed. NaN where a contract has no valid mark.
 */
function takeableOf({ accounts, marks }: Desk, position: number, market: number): Units {
  if (market !== accounts.settle) return accounts.collateral(position, market);
  let usd = 0;
  for (let contract = 0; contract < accounts.contracts.length; contract++) {
    const size = accounts.size(position, contract);
    if (size !== 0) usd += size * marks[accounts.markets.length + contract];
  }
  const profit = usd === 0 ? 0 : Math.floor(usd / marks[accounts.settle]);
  return Math.max(0, accounts.quote(position) + profit);
}

/** Borrows against collateral (RISK-1). */
export const planBorrow: Verb = (desk, act, wish) => {
  const { accounts } = desk;
  const { actor, position, market } = act;
  const refusedMarket = refuseToLend(desk, market, wish);
  if (refusedMarket !== undefined) return refusedMarket;
  const units = wish === 'max' ? borrowable(desk, act) : wish;
  if (!isAmount(units)) return reject('AMOUNT', { amount: units });
  const change = borrowing(accounts, act, units);
  const refused = refuseUnlessHealthy(desk, change);
  if (refused !== undefined) return refused;
  return { units, plan: [debtLeg(position, market.index, units, change.debtShares), move(desk.custody, actor, market.asset, units)] };
};

/** Repays debt, at most all of it. Always allowed. */
export const planRepay: Verb = (desk, { actor, position, market }, wish) => {
  const { accounts } = desk;
  const debt = accounts.debt(position, market.index);
  const wallet = desk.wallet(actor, market.asset);
  if (debt === 0) return reject('DEBT_NONE');
  const units = wish === 'max' ? Math.min(debt, wallet) : Math.min(debt, wish);
  if (!isAmount(units)) return reject('AMOUNT', { amount: units });
  if (units > wallet) return reject('WALLET_SHORT', { amount: units, balance: wallet });
  const shares = burntShares(accounts, position, market.index, units);
  // Less than a share: it would be paid for nothing.
  if (shares === 0) return reject('AMOUNT', { amount: units });
  return { units, plan: [move(actor, desk.custody, market.asset, units), debtLeg(position, market.index, -units, -shares)] };
};

/** The most that the position may borrow now: caps, cash, and the initial requirement. */
export function borrowable(desk: Desk, act: Act): Units {
  const { accounts } = desk;
  const { market } = act;
  if (!market.params.borrowable) return 0;
  const room = roomUnder(market, market.params.borrowCap, accounts.totalDebt(market.index));
  const most = Math.max(0, Math.min(room, accounts.cash(market.index)));
  return largestAllowed(most, (units) => desk.admission.admits(borrowing(accounts, act, units), desk.marks));
}

/** The most collateral that the position may take back now. */
export function withdrawable(desk: Desk, act: Act): Units {
  const { accounts } = desk;
  const held = takeableOf(desk, act.position, act.market.index);
  const most = act.market.index === accounts.settle ? Math.min(held, accounts.quoteTotal.data[0]) : held;
  return largestAllowed(most, (units) => desk.admission.admits(withdrawal(accounts, act, units), desk.marks));
}

/** Why the market cannot lend `wish`, if so. */
export function refuseToLend({ accounts }: Desk, market: Market, wish: Wish): Rejection | undefined {
  if (!market.params.borrowable) return reject('NOT_BORROWABLE', { market: market.name });
  if (wish === 'max') return undefined;
  if (!isAmount(wish)) return reject('AMOUNT', { amount: wish });
  const room = roomUnder(market, market.params.borrowCap, accounts.totalDebt(market.index));
  if (wish > room) return reject('CAP_BORROW', { amount: wish, room: Math.max(0, room) });
  const cash = accounts.cash(market.index);
  return wish > cash ? reject('LIQUIDITY_SHORT', { amount: wish, available: cash }) : undefined;
}

/** Why the position may not be left as `change` would leave it, if so. */
export function refuseUnlessHealthy({ admission, marks }: Desk, change: Change): Rejection | undefined {
  const { healthFactor, equity, required } = admission.healthAfter(change, marks);
  if (Number.isNaN(healthFactor)) return reject('ORACLE_INVALID');
  return healthFactor >= 1 ? undefined : reject('HEALTH_INITIAL', { health: healthFactor, equity_usd: equity, required_usd: required });
}

/** What borrowing `units` changes: debt shares are rounded up. */
export function borrowing(accounts: Accounts, { position, market }: Act, units: Units): Change {
  const debtShares = toSharesUp(units, accounts.totalDebt(market.index), accounts.totalDebtShares(market.index));
  return { ...NO_CHANGE, position, debtMarket: market.index, debt: units, debtShares };
}

function withdrawal(accounts: Accounts, { position, market }: Act, units: Units): Change {
  return { ...NO_CHANGE, position, ...posting(accounts, market.index, -units) };
}

/** Units until a cap of so many tokens is reached; may be negative. */
export function roomUnder(market: Market, cap: Tokens | undefined, total: Units): Units {
  if (cap === undefined) return UNITS_MAX - total;
  return Math.min(UNITS_MAX, toUnitsDown(cap, market.decimals)) - total;
}

/** What the actor pays in: `wish` if wallet and cap allow it. */
function fromWallet(desk: Desk, actor: AccountId, market: Market, wish: Wish, room: Units, capCode: string): Units | Rejection {
  const balance = desk.wallet(actor, market.asset);
  const units = wish === 'max' ? Math.min(balance, room) : wish;
  if (wish === 'max' && room <= 0) return reject(capCode, { room });
  if (!isAmount(units)) return reject('AMOUNT', { amount: units });
  if (units > room) return reject(capCode, { amount: units, room: Math.max(0, room) });
  return units > balance ? reject('WALLET_SHORT', { amount: units, balance }) : units;
}

export function isAmount(units: Units): boolean {
  return Number.isSafeInteger(units) && units > 0;
}
