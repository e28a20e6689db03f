/**
 * The books of a lending protocol: positions and market totals, in whole units, as columns. Every write goes through the journal, so that a
 * failed bundle leaves no trace; only settlement writes. Knows no price and no rule.
 *
 * Collateral is kept apart and never lent out (as Compound III and Morpho do). In each asset, exactly (CUSTODY-1):
 *
 *   custody = collateralTotal + supplyTotal + reserve − debtTotal
 *
 * The debt of a market is never less than its shares: it starts one for one, interest raises it, and every rounding raises or keeps the
 * ratio above one. Hence a debt index ≥ 1, and no debt without shares or shares without debt.
 */
import { type Column, column, growColumn } from '../base/columns.ts';
import type { AccountId, Ratio, Units } from '../base/units.ts';
import type { Journal } from '../ledger/journal.ts';
import type { AccountsView, Market } from './accounts-view.ts';
import { toAssetsDown, toAssetsUp } from './instrument/debt.ts';

export class Accounts implements AccountsView {
  readonly markets: readonly Market[];
  /** Owner of each position. */
  readonly owners: AccountId[] = [];
  /** By position · markets + market. */
  readonly collateralOf: Column = column(64);
  readonly debtSharesOf: Column = column(64);
  readonly supplySharesOf: Column = column(64);
  /** By market. */
  readonly collateralTotal: Column;
  readonly supplyTotal: Column;
  readonly supplyShares: Column;
  readonly debtTotal: Column;
  readonly debtSharesTotal: Column;
  /** The protocol's own part of the interest. */
  readonly reserve: Column;
  /** Ms up to which interest has been charged. */
  readonly accruedAt: Column;
  /** Interest, and the protocol's part of it, that is not yet a whole unit. */
  readonly interestCarry: Column;
  readonly reserveCarry: Column;
  private readonly journal: Journal;
  private readonly width: number;
  private readonly positionByOwner: number[] = [];

  constructor(markets: readonly Market[], journal: Journal) {
    this.markets = markets;
    this.journal = journal;
    this.width = markets.length;
    this.collateralTotal = column(this.width);
    this.supplyTotal = column(this.width);
    this.supplyShares = column(this.width);
    this.debtTotal = column(this.width);
    this.debtSharesTotal = column(this.width);
    this.reserve = column(this.width);
    this.accruedAt = column(this.width);
    this.interestCarry = column(this.width);
    this.reserveCarry = column(this.width);
  }

  get positions(): number {
    return this.owners.length;
  }

  /** The owner's position, −1 if it has none. */
  positionOf(owner: AccountId): number {
    return this.positionByOwner[owner] ?? -1;
  }

  /** The owner's position, opened if need be. An empty position is nothing, so a bundle that fails may leave one behind. */
  open(owner: AccountId): number {
    const known = this.positionOf(owner);
    if (known >= 0) return known;
    const position = this.owners.push(owner) - 1;
    while (this.positionByOwner.length <= owner) this.positionByOwner.push(-1);
    this.positionByOwner[owner] = position;
    const cells = this.owners.length * this.width;
    growColumn(this.collateralOf, cells);
    growColumn(this.debtSharesOf, cells);
    growColumn(this.supplySharesOf, cells);
    return position;
  }

  collateral(position: number, market: number): Units {
    return this.collateralOf.data[position * this.width + market];
  }

  debtShares(position: number, market: number): Units {
    return this.debtSharesOf.data[position * this.width + market];
  }

  debt(position: number, market: number): Units {
    const shares = this.debtSharesOf.data[position * this.width + market];
    return shares === 0 ? 0 : toAssetsUp(shares, this.debtTotal.data[market], this.debtSharesTotal.data[market]);
  }

  totalDebt(market: number): Units {
    return this.debtTotal.data[market];
  }

  totalDebtShares(market: number): Units {
    return this.debtSharesTotal.data[market];
  }

  debtIndex(market: number): Ratio {
    const shares = this.debtSharesTotal.data[market];
    return shares === 0 ? 1 : this.debtTotal.data[market] / shares;
  }

  lenderShares(position: number, market: number): Units {
    return this.supplySharesOf.data[position * this.width + market];
  }

  /** What a lender may claim, interest and losses included, rounded down. */
  supplied(position: number, market: number): Units {
    const shares = this.lenderShares(position, market);
    return shares === 0 ? 0 : toAssetsDown(shares, this.supplyTotal.data[market], this.supplyShares.data[market]);
  }

  /** Units that can be borrowed or redeemed: what is in custody and is nobody's collateral. */
  cash(market: number): Units {
    return this.supplyTotal.data[market] + this.reserve.data[market] - this.debtTotal.data[market];
  }

  /** Adds to a position's cell. */
  addTo(target: Column, position: number, market: number, change: number): void {
    const cell = position * this.width + market;
    this.journal.set(target, cell, target.data[cell] + change);
  }

  /** Adds to a market's total. */
  addTotal(target: Column, market: number, change: number): void {
    this.journal.set(target, market, target.data[market] + change);
  }

  /** Sets a market's number that is not a total. */
  setOf(target: Column, market: number, value: number): void {
    this.journal.set(target, market, value);
  }
}
