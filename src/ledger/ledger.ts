/**
 * Where all money of a world is: balances by account and asset, in whole base units. `transfer` is the only verb. The account `outside`
 * stands for the rest of the world and may be negative, so each asset sums to zero, always, to the unit (LEDGER-1); no other account may be
 * negative (LEDGER-2). Knows no price, no agent, no clock. After makerdao/dss vat.sol.
 *
 * It also keeps, for each pair of roles, how much has ever flowed from one to the other: the raw material of "who gained from whom".
 */
import { type Column, column, growColumn } from '../base/columns.ts';
import { fault } from '../base/fault.ts';
import { type AccountId, type AssetId, UNITS_MAX, type Units } from '../base/units.ts';
import type { Assets } from './assets.ts';
import type { Journal } from './journal.ts';

/** The account of the rest of the world. */
export const OUTSIDE: AccountId = 0;
/** Most different roles a world may have; flows are kept in roles² × assets numbers. */
export const ROLES_MAX = 32;

export class Ledger {
  readonly assets: Assets;
  readonly journal: Journal;
  /** Name and role of each account, by id. */
  readonly names: string[] = [];
  readonly roles: string[] = [];
  /** The roles that occur, in order of first use; `roleOf` indexes this. */
  readonly roleNames: string[] = [];
  private readonly roleOf: number[] = [];
  private readonly balances: Column[];
  private readonly flows: Column;

  constructor(assets: Assets, journal: Journal) {
    this.assets = assets;
    this.journal = journal;
    this.balances = Array.from({ length: assets.count }, () => column(64));
    this.flows = column(ROLES_MAX * ROLES_MAX * assets.count);
    this.open('outside', 'outside');
  }

  /** Accounts opened so far, `outside` included. */
  get accounts(): number {
    return this.names.length;
  }

  /** Opens an account with zero balances. `role` groups accounts in the party table (lender, attacker, venue …). */
  open(name: string, role: string): AccountId {
    let roleId = this.roleNames.indexOf(role);
    if (roleId < 0) {
      roleId = this.roleNames.push(role) - 1;
      if (roleId >= ROLES_MAX) fault('LEDGER_ROLES', { role, max: ROLES_MAX });
    }
    const id = this.names.push(name) - 1;
    this.roles.push(role);
    this.roleOf.push(roleId);
    for (const balance of this.balances) growColumn(balance, id + 1);
    return id;
  }

  /** All balances of an asset, by account, for who reads some of them all the time. */
  holdings(asset: AssetId): { readonly data: ArrayLike<Units> } {
    return this.balances[asset];
  }

  /** Units of `asset` that `account` holds. */
  balance(account: AccountId, asset: AssetId): Units {
    return this.balances[asset].data[account];
  }

  /**
   * Moves `amount` ≥ 0 units. Callers check first and refuse with a Rejection; what arrives here must be possible.
   * @throws LEDGER_AMOUNT not a whole number in [0, 2^53) · LEDGER_ACCOUNT no such account · LEDGER_NEGATIVE `from` has less ·
   *         LEDGER_OVERFLOW a balance would pass 2^53
   */
  transfer(from: AccountId, to: AccountId, asset: AssetId, amount: Units): void {
    if (!(amount >= 0 && amount <= UNITS_MAX && Math.floor(amount) === amount))
      fault('LEDGER_AMOUNT', { amount, asset: this.assets.names[asset] });
    const { length } = this.names;
    if (!(from >= 0 && from < length && to >= 0 && to < length)) fault('LEDGER_ACCOUNT', { from, to, accounts: length });
    if (from === to || amount === 0) return;
    const balance = this.balances[asset];
    const left = balance.data[from] - amount;
    const right = balance.data[to] + amount;
    if (left < 0 && from !== OUTSIDE) this.refuseNegative(from, asset, amount);
    if (!(right <= UNITS_MAX && left >= -UNITS_MAX))
      fault('LEDGER_OVERFLOW', { from: this.names[from], to: this.names[to], asset: this.assets.names[asset], amount });
    this.journal.set(balance, from, left);
    this.journal.set(balance, to, right);
    const fromRole = this.roleOf[from];
    const toRole = this.roleOf[to];
    const flow = (fromRole * ROLES_MAX + toRole) * this.assets.count + asset;
    this.journal.set(this.flows, flow, this.flows.data[flow] + amount);
  }

  /**
   * Moves `amount` of one asset from `trader` to `other` and `brought` of another back, as two transfers would, in one: what is asked of
   * both accounts is asked once. Both amounts are above 0, and there are two accounts and two assets.
   * @throws as `transfer`
   */
  exchange(trader: AccountId, other: AccountId, sold: AssetId, amount: Units, bought: AssetId, brought: Units): void {
    if (!(amount > 0 && amount <= UNITS_MAX && Math.floor(amount) === amount && brought > 0 && brought <= UNITS_MAX))
      fault('LEDGER_AMOUNT', { amount, asset: this.assets.names[sold] });
    if (!(Math.floor(brought) === brought && sold !== bought))
      fault('LEDGER_AMOUNT', { amount: brought, asset: this.assets.names[bought] });
    const { length } = this.names;
    if (!(trader >= 0 && trader < length && other >= 0 && other < length && trader !== other))
      fault('LEDGER_ACCOUNT', { from: trader, to: other, accounts: length });
    const given = this.balances[sold];
    const got = this.balances[bought];
    const traderLess = given.data[trader] - amount;
    const otherMore = given.data[other] + amount;
    const otherLess = got.data[other] - brought;
    const traderMore = got.data[trader] + brought;
    if (traderLess < 0 && trader !== OUTSIDE) this.refuseNegative(trader, sold, amount);
    if (otherLess < 0 && other !== OUTSIDE) this.refuseNegative(other, bought, brought);
    if (!(otherMore <= UNITS_MAX && traderMore <= UNITS_MAX && traderLess >= -UNITS_MAX && otherLess >= -UNITS_MAX))
      fault('LEDGER_OVERFLOW', { from: this.names[trader], to: this.names[other], asset: this.assets.names[sold], amount, brought });
    const { journal, flows } = this;
    journal.set(given, trader, traderLess);
    journal.set(given, other, otherMore);
    journal.set(got, other, otherLess);
    journal.set(got, trader, traderMore);
    const traderRole = this.roleOf[trader];
    const otherRole = this.roleOf[other];
    const there = (traderRole * ROLES_MAX + otherRole) * this.assets.count + sold;
    const back = (otherRole * ROLES_MAX + traderRole) * this.assets.count + bought;
    journal.set(flows, there, flows.data[there] + amount);
    journal.set(flows, back, flows.data[back] + brought);
  }

  /**
   * Sum over all accounts: always 0 (LEDGER-1), and exact: `outside` comes first and is minus the sum of all others, within 2^53.
   * O(accounts); for checks.
   */
  total(asset: AssetId): Units {
    const { data } = this.balances[asset];
    let sum = 0;
    for (let account = 0; account < this.names.length; account++) sum += data[account];
    return sum;
  }

  /**
   * Gross units of `asset` that accounts of one role have ever sent to accounts of another. 0 for a role that nobody has. Exact below 2^53;
   * a longer history only rounds.
   */
  flow(fromRole: string, toRole: string, asset: AssetId): Units {
    const from = this.roleNames.indexOf(fromRole);
    const to = this.roleNames.indexOf(toRole);
    return from < 0 || to < 0 ? 0 : this.flows.data[(from * ROLES_MAX + to) * this.assets.count + asset];
  }

  private refuseNegative(account: AccountId, asset: AssetId, amount: Units): never {
    return fault('LEDGER_NEGATIVE', {
      account: this.names[account],
      asset: this.assets.names[asset],
      balance: this.balance(account, asset),
      amount,
    });
  }
}
