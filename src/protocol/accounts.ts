/**
 * The books of a lending protocol: positions and market totals, in whole units, as columns. Every write goes through the journal, so that a
 * failed bundle leaves no trace; only settlement writes. Knows no price and no rule.
 *
 * Collateral is kept apart and never lent out (as Compound III and Morpho do). In each asset, exactly (CUSTODY-1):
 *
 *   custody = collateralTotal + supplyTotal + reserve − debtTotal (+ quoteTotal in the settlement asset)
 *
 * An owner has numbered sub-accounts, each a position of its own; numbers from LOT_FIRST on are lots: what a liquidation mechanism has
 * taken out of a position and holds for sale. Sizes of a contract sum to zero over all positions, the house's included (CONTRACT-1).
 *
 * The debt of a market is never less than its shares: it starts one for one, interest raises it, and every rounding raises or keeps the
 * ratio above one. Hence a debt index ≥ 1, and no debt without shares or shares without debt.
 */
import { type Column, column, growColumn } from '../base/columns.ts';
import type { AccountId, Ratio, Units } from '../base/units.ts';
import type { Journal } from '../ledger/journal.ts';
import type { AccountsView, Market } from './accounts-view.ts';
import type { Contract } from './instrument/contract.ts';
import { toAssetsDown, toAssetsUp } from './instrument/debt.ts';

/** Sub-accounts that an owner may have. */
export const SUBS_MAX = 1000;
/** Number of an owner's first lot. */
export const LOT_FIRST = SUBS_MAX;
/** Lots that an owner may have had in one run. */
const LOTS_MAX = 1_000_000;

export class Accounts implements AccountsView {
  readonly markets: readonly Market[];
  readonly contracts: readonly Contract[];
  readonly settle: number;
  /** Owner of each position, and its number among the owner's. */
  readonly owners: AccountId[] = [];
  readonly subs: number[] = [];
  /**
   * By (position · markets + market) · 2: collateral, and after it debt shares. They are side by side because whoever judges a position
   * reads both, and at 10⁵ positions each line of the cache counts.
   */
  readonly holdings: Column = column(128);
  /** By position · markets + market. */
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
  /** By position · contracts + contract: size, what was paid for it, and the funding index up to which it has paid. */
  readonly sizeOf: Column = column(4);
  readonly entryOf: Column = column(4);
  readonly fundingOf: Column = column(4);
  /** By position: cash in the settlement asset, before funding that has run up since. */
  readonly quoteOf: Column = column(64);
  /** One cell: the sum of it over all positions. */
  readonly quoteTotal: Column = column(1);
  /** By contract, without the house: longs, shorts (positive), Σ size · funding index paid up to. */
  readonly longTotal: Column;
  readonly shortTotal: Column;
  readonly fundingPaid: Column;
  /** By contract: settlement units that a unit of size has paid in funding since the start; Ms up to which it has. */
  readonly fundingIndex: Column;
  readonly fundedAt: Column;
  /** The position that stands on the other side of every contract; −1 until it is opened. */
  house = -1;
  private readonly journal: Journal;
  private readonly width: number;
  private readonly depth: number;
  private readonly positionByOwner: number[] = [];
  private readonly positionBySub = new Map<number, number>();

  constructor(markets: readonly Market[], journal: Journal, contracts: readonly Contract[] = [], settle = -1) {
    this.markets = markets;
    this.contracts = contracts;
    this.settle = settle;
    this.journal = journal;
    this.width = markets.length;
    this.depth = contracts.length;
    this.longTotal = column(this.depth);
    this.shortTotal = column(this.depth);
    this.fundingPaid = column(this.depth);
    this.fundingIndex = column(this.depth);
    this.fundedAt = column(this.depth);
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

  /** The owner's position of that number, −1 if it has none. */
  positionOf(owner: AccountId, sub = 0): number {
    if (sub === 0) return this.positionByOwner[owner] ?? -1;
    return this.positionBySub.get(owner * (LOT_FIRST + LOTS_MAX) + sub) ?? -1;
  }

  /** The owner's position, opened if need be. An empty position is nothing, so a bundle that fails may leave one behind. */
  open(owner: AccountId, sub = 0): number {
    const known = this.positionOf(owner, sub);
    if (known >= 0) return known;
    const position = this.owners.push(owner) - 1;
    this.subs.push(sub);
    if (sub === 0) {
      while (this.positionByOwner.length <= owner) this.positionByOwner.push(-1);
      this.positionByOwner[owner] = position;
    } else this.positionBySub.set(owner * (LOT_FIRST + LOTS_MAX) + sub, position);
    const cells = this.owners.length * this.width;
    growColumn(this.holdings, 2 * cells);
    growColumn(this.supplySharesOf, cells);
    growColumn(this.quoteOf, this.owners.length);
    growColumn(this.sizeOf, this.owners.length * this.depth);
    growColumn(this.entryOf, this.owners.length * this.depth);
    growColumn(this.fundingOf, this.owners.length * this.depth);
    return position;
  }

  /** Forgets the positions from number `from` on: only what was opened in thought, and holds nothing. */
  forget(from: number): void {
    while (this.owners.length > from) {
      const owner = this.owners.pop() as AccountId;
      const sub = this.subs.pop() as number;
      if (sub === 0) this.positionByOwner[owner] = -1;
      else this.positionBySub.delete(owner * (LOT_FIRST + LOTS_MAX) + sub);
    }
  }

  /** The owner's first lot that holds nothing, opened if need be: those that were sold, or never settled, are used again. */
  openLot(owner: AccountId): number {
    for (let sub = LOT_FIRST; ; sub++) {
      const lot = this.positionOf(owner, sub);
      if (lot < 0 || this.isEmpty(lot)) return this.open(owner, sub);
    }
  }

  /** Whether the position has neither collateral, cash nor debt. */
  private isEmpty(position: number): boolean {
    if (this.quoteOf.data[position] !== 0) return false;
    const end = 2 * (position + 1) * this.width;
    for (let cell = 2 * position * this.width; cell < end; cell++) if (this.holdings.data[cell] !== 0) return false;
    return true;
  }

  /** Whether the position is a lot, which no verb of its owner touches. */
  isLot(position: number): boolean {
    return this.subs[position] >= LOT_FIRST;
  }

  collateral(position: number, market: number): Units {
    return this.holdings.data[this.holding(position, market)];
  }

  debtShares(position: number, market: number): Units {
    return this.holdings.data[this.holding(position, market) + 1];
  }

  debt(position: number, market: number): Units {
    const shares = this.debtShares(position, market);
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
    return this.worthOfShares(this.lenderShares(position, market), market);
  }

  /** What so many shares of a market's supply may claim, rounded down. */
  worthOfShares(shares: Units, market: number): Units {
    return shares === 0 ? 0 : toAssetsDown(shares, this.supplyTotal.data[market], this.supplyShares.data[market]);
  }

  /** Units that can be borrowed or redeemed: what is in custody and is nobody's collateral. */
  cash(market: number): Units {
    return this.supplyTotal.data[market] + this.reserve.data[market] - this.debtTotal.data[market];
  }

  size(position: number, contract: number): Units {
    return this.sizeOf.data[position * this.depth + contract];
  }

  entry(position: number, contract: number): Units {
    return this.entryOf.data[position * this.depth + contract];
  }

  quote(position: number): Units {
    const settled = this.quoteOf.data[position];
    // Rounded as settlement rounds it, and not with the cash, in which the last digits of what is due would be lost.
    return this.depth === 0 ? settled : settled - Math.ceil(this.fundingDue(position));
  }

  /** Funding that has run up since the position last settled, settlement units; negative: to be received. The house has the other side. */
  fundingDue(position: number): number {
    let due = 0;
    if (position === this.house) {
      for (let contract = 0; contract < this.depth; contract++) {
        const skew = this.longTotal.data[contract] - this.shortTotal.data[contract];
        due -= this.fundingIndex.data[contract] * skew - this.fundingPaid.data[contract];
      }
      return due;
    }
    for (let cell = position * this.depth, contract = 0; contract < this.depth; contract++, cell++) {
      const size = this.sizeOf.data[cell];
      if (size !== 0) due += size * (this.fundingIndex.data[contract] - this.fundingOf.data[cell]);
    }
    return due;
  }

  fundingIndexOf(contract: number): number {
    return this.fundingIndex.data[contract];
  }

  /** Traders' size: longs less shorts. The house holds the opposite. */
  skew(contract: number): Units {
    return this.longTotal.data[contract] - this.shortTotal.data[contract];
  }

  addCollateral(position: number, market: number, change: Units): void {
    this.add(this.holdings, this.holding(position, market), change);
  }

  addDebtShares(position: number, market: number, change: Units): void {
    this.add(this.holdings, this.holding(position, market) + 1, change);
  }

  addSupplyShares(position: number, market: number, change: Units): void {
    this.add(this.supplySharesOf, position * this.width + market, change);
  }

  /** Adds to a market's total. */
  addTotal(target: Column, market: number, change: number): void {
    this.add(target, market, change);
  }

  /** Sets a market's number that is not a total. */
  setOf(target: Column, market: number, value: number): void {
    this.journal.set(target, market, value);
  }

  /** Cell of the collateral; that of the debt shares is the next. */
  private holding(position: number, market: number): number {
    return 2 * (position * this.width + market);
  }

  private add(target: Column, cell: number, change: number): void {
    this.journal.set(target, cell, target.data[cell] + change);
  }
}
