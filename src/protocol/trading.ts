/**
 * Trading contracts, as decisions: what the house asks for a size, whether the account may hold it, and the plan. Nothing moves here. The
 * house takes the other side of every trade at the price that the contract's own terms say; what is paid is rounded against the trader.
 *
 *   paid = ⌈size · fill / settlement mark⌉ for a buyer, ⌊…⌋ for a seller          fee = ⌈|size| · fill · rate / settlement mark⌉
 */
import { type Rejection, reject } from '../base/rejection.ts';
import { type AccountId, UNITS_MAX, type Units } from '../base/units.ts';
import type { Accounts } from './accounts.ts';
import type { Marks } from './accounts-view.ts';
import type { Contract, ContractFill, ContractState } from './instrument/contract.ts';
import { move, type Plan, quoteLeg, sizeLeg } from './plan.ts';
import { type Admission, NO_CHANGE } from './risk/admission.ts';

/** What a trade of contracts is decided by. */
export interface TradingDesk {
  readonly accounts: Accounts;
  readonly marks: Marks;
  readonly admission: Admission;
  readonly custody: AccountId;
  readonly fund: AccountId;
  stateOf(contract: number): ContractState;
}

export interface ContractOrder {
  readonly fill: ContractFill;
  readonly plan: Plan;
}

/** Price and fee of a trade, whoever makes it. Rejections: CONTRACT_NONE, AMOUNT, EXPIRED, HOUSE_NONE, ORACLE_INVALID. */
export function quoteTrade(desk: TradingDesk, contract: number, size: Units): ContractFill | Rejection {
  const { accounts, marks } = desk;
  const terms: Contract | undefined = accounts.contracts[contract];
  if (terms === undefined) return reject('CONTRACT_NONE', { contract });
  if (!(Number.isSafeInteger(size) && size !== 0)) return reject('AMOUNT', { size });
  if (accounts.house < 0) return reject('HOUSE_NONE');
  const state = desk.stateOf(contract);
  if (terms.expiry !== undefined && state.at >= terms.expiry) return reject('EXPIRED', { expiry_ms: terms.expiry });
  const room = terms.sizeCap - (size > 0 ? state.longs : state.shorts);
  const price = terms.fill(state, size) / marks[accounts.settle];
  if (!(price >= 0 && price < Number.POSITIVE_INFINITY)) return reject('ORACLE_INVALID');
  const paid = Math.ceil(size * price);
  const fee = Math.ceil(Math.abs(size) * price * terms.fee);
  if (!(Number.isSafeInteger(paid) && Number.isSafeInteger(fee))) return reject('AMOUNT', { size });
  return { size, paid: paid + 0, fee, room };
}

/**
 * A trade by the owner of a position. Besides the above: CAP_SIZE, HEALTH_INITIAL, LIQUIDITY_SHORT. Who only reduces a size may do so below
 * the initial requirement, if it leaves him no worse than he was.
 */
export function planTrade(desk: TradingDesk, position: number, contract: number, size: Units): ContractOrder | Rejection {
  const fill = quoteTrade(desk, contract, size);
  if ('rejected' in fill) return fill;
  const held = desk.accounts.size(position, contract);
  const reduces = held !== 0 && held > 0 !== size > 0 && Math.abs(size) <= Math.abs(held);
  if (!reduces && Math.abs(size) > fill.room + (held > 0 === size > 0 ? 0 : Math.abs(held))) {
    return reject('CAP_SIZE', { size, room: Math.max(0, fill.room) });
  }
  // Cash is counted in whole units below 2^53, the trader's and the house's.
  const { data: cash } = desk.accounts.quoteOf;
  if (!isCountable(cash[position] - fill.paid - fill.fee) || !isCountable(cash[desk.accounts.house] + fill.paid)) {
    return reject('AMOUNT', { size });
  }
  const entry = entryChange(desk.accounts, position, contract, size, fill.paid);
  const change = { ...NO_CHANGE, position, quote: -fill.paid - fill.fee, contract, size, entry };
  const before = desk.admission.healthAfter({ ...NO_CHANGE, position }, desk.marks).healthFactor;
  const { healthFactor, equity, required } = desk.admission.healthAfter(change, desk.marks);
  if (Number.isNaN(healthFactor)) return reject('ORACLE_INVALID');
  if (!(healthFactor >= 1 || (reduces && healthFactor >= before))) {
    return reject('HEALTH_INITIAL', { health: healthFactor, equity_usd: equity, required_usd: required });
  }
  // The fee leaves custody: it cannot be more than all cash together.
  if (fill.fee > desk.accounts.quoteTotal.data[0]) return reject('LIQUIDITY_SHORT', { fee: fill.fee });
  return { fill, plan: legsOfTrade(desk, position, contract, fill) };
}

/** With room for what funding may add. */
function isCountable(cash: Units): boolean {
  return Math.abs(cash) <= UNITS_MAX / 2;
}

/** The legs of a trade against the house, fee to the insurance fund. */
export function legsOfTrade(desk: TradingDesk, position: number, contract: number, { size, paid, fee }: ContractFill): Plan {
  const { accounts, custody, fund } = desk;
  const { asset } = accounts.markets[accounts.settle];
  return [
    quoteLeg(accounts.house, paid),
    quoteLeg(position, -paid - fee),
    sizeLeg(position, contract, size, entryChange(accounts, position, contract, size, paid)),
    sizeLeg(accounts.house, contract, -size, entryChange(accounts, accounts.house, contract, -size, -paid)),
    ...(fee > 0 ? [move(custody, fund, asset, fee)] : []),
  ];
}

/** How the entry value changes by a trade: what was paid for size that is new; a share of the old for size that is given up. */
export function entryChange(accounts: Accounts, position: number, contract: number, size: Units, paid: Units): Units {
  const held = accounts.size(position, contract);
  const entry = accounts.entry(position, contract);
  if (held === 0 || held > 0 === size > 0) return paid;
  if (Math.abs(size) <= Math.abs(held)) return Math.round((entry * size) / held);
  // Through zero: the old entry goes, and the rest is new.
  return -entry + Math.round((paid * (held + size)) / size);
}
