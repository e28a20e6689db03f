/**
 * Contracts carried out: trades against the house, the settlement of what has expired, and the house's own capital, in which others may
 * have shares. Prices come from the contracts, permission from admission; only plans move anything.
 */
import { column, growColumn } from '../base/columns.ts';
import { assert } from '../base/fault.ts';
import { isRejection, type Rejection, reject } from '../base/rejection.ts';
import type { AccountId, Ms, Ratio, Units, Usd } from '../base/units.ts';
import type { Accounts } from './accounts.ts';
import type { Marks } from './accounts-view.ts';
import type { Hall } from './hall.ts';
import type { ContractFill, ContractState } from './instrument/contract.ts';
import { toAssetsDown, toSharesDown, toSharesUp } from './instrument/debt.ts';
import { isAmount } from './lending.ts';
import type { Loss } from './loss.ts';
import { type Leg, move, type Plan, quoteLeg, sizeLeg } from './plan.ts';
import { legsOfTrade, planTrade, quoteTrade, type TradingDesk } from './trading.ts';

/** Who is told of whoever holds size of what expires: before it is settled, and when all of it is. */
type Losing = Pick<Loss, 'remember' | 'cover'>;

export interface ContractDesk {
  /** Trades a signed size for the owner of a position. */
  trade(actor: AccountId, sub: number, contract: number, size: Units, at: Ms): ContractFill | Rejection;
  quote(contract: number, size: Units): ContractFill | Rejection;
  /** Settles contracts that have expired, each at most once; then lets the losses that it brought be covered. */
  expire(at: Ms, loss: Losing): void;
  /** Worth of the house's account, settlement units; what its shares divide. */
  houseEquity(): Units;
  /** Pays into the house's capital for shares of its worth. Rejections: POOL_NONE, AMOUNT, WALLET_SHORT, ORACLE_INVALID, POOL_EMPTY. */
  provide(actor: AccountId, units: Units, at: Ms): Units | Rejection;
  /** Takes worth back, as far as the house has cash. Rejections: POOL_NONE, AMOUNT, ORACLE_INVALID, LIQUIDITY_SHORT. */
  unprovide(actor: AccountId, units: Units | 'max', at: Ms): Units | Rejection;
  /** What an account's part of the house's capital is worth at the marks; NaN where one is not valid. */
  worthOf(actor: AccountId): Units;
  /** Legs of a trade of a position against the house. */
  legs(position: number, contract: number, fill: ContractFill): Plan;
  /** Calls `visit` for each account with a part, 0 … 1, of the house's capital. */
  parts(visit: (holder: AccountId, part: Ratio) => void): void;
  /** The house's owner gets the shares of its first capital. */
  found(owner: AccountId, capital: Units): void;
}

/** Values of contracts at prices of markets, USD per unit of size, written behind them. */
export function markContracts(accounts: Accounts, states: readonly ContractState[], prices: Marks): void {
  const { contracts, markets } = accounts;
  for (let contract = 0; contract < contracts.length; contract++) {
    const terms = contracts[contract];
    const index = prices[terms.market];
    prices[markets.length + contract] = Number.isNaN(index) ? Number.NaN : terms.value({ ...states[contract], index });
  }
}

export function createContractDesk(hall: Hall): ContractDesk {
  const { accounts, marks, custody, fund, facts, ledger } = hall;
  const { contracts, settle } = accounts;
  /** Settled at expiry, outside of bundles: never undone. */
  const expired = new Set<number>();
  const trading: TradingDesk = {
    accounts,
    marks,
    admission: hall.admission,
    custody,
    fund,
    stateOf: (contract) => hall.states[contract],
  };
  const settleAsset = settle < 0 ? -1 : accounts.markets[settle].asset;

  /**
   * Perpetuals at what everybody's closing would bring, impact included, so that whoever moves a mark cannot buy into the house, or out of
   * it, at a price that he has made; options at their marks.
   */
  const houseEquity = (): Units => {
    const { house } = accounts;
    if (house < 0) return 0;
    let usd: Usd = 0;
    for (let contract = 0; contract < contracts.length; contract++) {
      const size = accounts.size(house, contract);
      if (size === 0) continue;
      const terms = contracts[contract];
      usd +=
        size * (terms.linear ? terms.fill({ ...hall.states[contract], skew: -size }, size) : marks[accounts.markets.length + contract]);
    }
    for (const { index } of accounts.markets) {
      const held = accounts.collateral(house, index);
      if (held > 0) usd += held * marks[index];
    }
    return Math.floor(accounts.quote(house) + usd / marks[settle]);
  };

  /** Everybody's size of a contract at its payoff, the house on the other side of all. Answers who held any. */
  const settleContract = (contract: number, loss: Losing): readonly number[] => {
    const terms = contracts[contract];
    const price = terms.payoff(marks[terms.market]) / marks[settle];
    const holders: number[] = [];
    // Without a valid index it waits until there is one.
    if (Number.isNaN(price)) return holders;
    expired.add(contract);
    let settledUnits = 0;
    for (let position = 0; position < accounts.positions; position++) {
      const size = accounts.size(position, contract);
      if (size === 0 || position === accounts.house) continue;
      holders.push(position);
      loss.remember(position);
      // What a holder receives is rounded down, what a writer owes is rounded up.
      const due = Math.floor(size * price);
      settledUnits += Math.abs(due);
      const legs: Leg[] = [
        sizeLeg(position, contract, -size, 0),
        sizeLeg(accounts.house, contract, size, 0),
        ...(due === 0 ? [] : [quoteLeg(position, due), quoteLeg(accounts.house, -due)]),
      ];
      hall.apply(legs);
    }
    facts.expiry(contract, price * marks[settle], settledUnits * marks[settle]);
    return holders;
  };

  /** Shares in the house by account, and their sum. */
  const held = column(0);
  const total = column(1);
  const addShares = (actor: AccountId, change: Units) => {
    growColumn(held, actor + 1);
    ledger.journal.set(held, actor, held.data[actor] + change);
    ledger.journal.set(total, 0, total.data[0] + change);
  };
  const shareOf = (actor: AccountId): Units => (actor < held.data.length ? held.data[actor] : 0);

  return {
    quote: (contract, size) => quoteTrade(trading, contract, size),

    trade(actor, sub, contract, size, at) {
      const position = accounts.positionOf(actor, sub);
      if (position < 0) return reject('POSITION_NONE');
      hall.refresh(at);
      const order = planTrade(trading, position, contract, size);
      if (isRejection(order)) return order;
      hall.apply(order.plan);
      hall.remark(at);
      facts.contractTrade(actor, position, contract, order.fill);
      return order.fill;
    },

    expire(at, loss) {
      for (let contract = 0; contract < contracts.length; contract++) {
        const { expiry } = contracts[contract];
        if (expiry === undefined || at < expiry || expired.has(contract)) continue;
        const holders = settleContract(contract, loss);
        if (holders.length > 0) hall.remark(at);
        for (const position of holders) loss.cover(position, at);
      }
    },

    houseEquity,

    provide(actor, units, at) {
      if (accounts.house < 0) return reject('POOL_NONE');
      hall.refresh(at);
      const balance = ledger.balance(actor, settleAsset);
      if (!isAmount(units)) return reject('AMOUNT', { amount: units });
      if (units > balance) return reject('WALLET_SHORT', { amount: units, balance });
      const worth = houseEquity();
      const all = total.data[0];
      if (Number.isNaN(worth)) return reject('ORACLE_INVALID');
      // What is there is worth nothing, or less: whoever paid in now would pay for what others have lost.
      if (worth < 0 || (all > 0 && worth === 0)) return reject('POOL_EMPTY', { worth });
      const made = toSharesDown(units, worth, all);
      if (made === 0) return reject('AMOUNT', { amount: units });
      hall.apply([move(actor, custody, settleAsset, units), quoteLeg(accounts.house, units)]);
      addShares(actor, made);
      facts.provide(actor, settle, units);
      return units;
    },

    unprovide(actor, wish, at) {
      if (accounts.house < 0) return reject('POOL_NONE');
      hall.refresh(at);
      const own = shareOf(actor);
      const all = total.data[0];
      const worth = houseEquity();
      if (Number.isNaN(worth)) return reject('ORACLE_INVALID');
      const most = Math.max(
        0,
        Math.min(toAssetsDown(own, Math.max(0, worth), all), accounts.quote(accounts.house), accounts.quoteTotal.data[0]),
      );
      const units = wish === 'max' ? most : wish;
      if (!isAmount(units)) return reject('AMOUNT', { amount: units });
      if (units > most) return reject('LIQUIDITY_SHORT', { amount: units, available: most });
      const burnt = Math.min(own, toSharesUp(units, worth, all));
      assert(burnt > 0, 'POOL_SHARES', { units, worth, all });
      hall.apply([quoteLeg(accounts.house, -units), move(custody, actor, settleAsset, units)]);
      addShares(actor, -burnt);
      facts.provide(actor, settle, -units);
      return units;
    },

    worthOf(actor) {
      const own = shareOf(actor);
      const worth = own === 0 ? 0 : Math.max(0, houseEquity());
      return Number.isNaN(worth) ? worth : toAssetsDown(own, worth, total.data[0]);
    },
    legs: (position, contract, fill) => legsOfTrade(trading, position, contract, fill),
    found: addShares,
    parts(visit) {
      for (let holder = 0; holder < held.data.length; holder++) if (held.data[holder] > 0) visit(holder, held.data[holder] / total.data[0]);
    },
  };
}
