/**
 * The contract of a liquidation mechanism: how a loan that may be liquidated is closed, by whom and at what price. It sees positions, marks
 * and health, and answers with a plan; whether there is a taker is up to the agents. Every mechanism passes test/contract/mechanism.ts.
 *
 * Two shapes. Where positions are taken directly there is only `take`. Where something must begin first (an auction, a pool that absorbs, a
 * sale) there is `start`: it may move collateral and debt into a lot, a position of the same owner that only the mechanism sells, by `take`
 * or by `bid`. What then ends by time alone is answered by `due`.
 *
 * A taker may always repay less than the most, and who can pay a part gets that part. Refused for its size (AMOUNT) is only a take of
 * which rounding leaves nothing, or one that would leave a rest too small to be sold. What goes in portions of a fixed size is sold for
 * bids or by orders, after a `start`.
 *
 * What an answer remembers goes through `set`. A quote asks `take` and `start` too, and takes back what they wrote.
 */
import type { Column } from '../../base/columns.ts';
import type { Rejection } from '../../base/rejection.ts';
import type { AccountId, AssetId, Ms, Ratio, Units, Usd } from '../../base/units.ts';
import type { AccountsView, Market, Marks } from '../accounts-view.ts';
import type { Plan } from '../plan.ts';
import type { Health } from '../risk/risk-engine.ts';

/** What a liquidator asks for. */
export interface TakeRequest {
  readonly position: number;
  readonly debtMarket: number;
  readonly collateralMarket: number;
  /** Debt to repay; 'max' is the most that is allowed and that `purse` pays for. */
  readonly amount: Units | 'max';
  /** Units of the debt's asset that the taker has. */
  readonly purse: Units;
  readonly taker: AccountId;
  readonly custody: AccountId;
  /** The insurance fund. */
  readonly fund: AccountId;
  readonly at: Ms;
}

/** What a take would do. */
export interface Taken {
  readonly plan: Plan;
  /** What the taker pays, in units of the debt's asset: debt, and a penalty where there is one. */
  readonly repaid: Units;
  /** Collateral that leaves the position. */
  readonly seized: Units;
  /** The taker's part of it. */
  readonly received: Units;
}

/** Somebody asks for the beginning of a liquidation. */
export interface StartRequest {
  readonly position: number;
  readonly keeper: AccountId;
  readonly at: Ms;
}

export interface Started {
  readonly plan: Plan;
  /** The lot that is for sale now; −1 where it was all done at once. */
  readonly lot: number;
  /** Debt concerned, USD at the marks. */
  readonly debtUsd: Usd;
  /** What the keeper gets, USD at the marks. */
  readonly rewardUsd: Usd;
  /** Puts into escrow what is sold, before the sales. */
  readonly before?: Plan;
  /** Trades on venues out of escrow, which receives what they bring: made before the plan, whose legs count on it. */
  readonly sales?: readonly Sale[];
  /** Who took what at once, for the record; what is in a lot is told of when it is taken. */
  readonly done?: readonly Done[];
}

/** Debt repaid and collateral taken for it. */
export interface Done {
  readonly taker: AccountId;
  readonly debtMarket: number;
  readonly collateralMarket: number;
  readonly repaid: Units;
  readonly seized: Units;
}

/** Something sold on a venue. */
export interface Sale {
  readonly venue: number;
  readonly sell: AssetId;
  readonly amount: Units;
  readonly brings: Units;
}

/** Somebody bids for a lot. What the two numbers mean is the mechanism's: money offered, and the collateral that is enough for it. */
export interface BidRequest {
  readonly position: number;
  readonly amount: Units;
  readonly lot: Units;
  readonly purse: (market: number) => Units;
  readonly bidder: AccountId;
  readonly at: Ms;
}

export interface Bid {
  readonly plan: Plan;
  /** Units of the debt's asset that are offered now. */
  readonly units: Units;
}

/** What a bidder can see of a lot, or of a right that is for sale. */
export interface Auction {
  readonly position: number;
  readonly debtMarket: number;
  readonly collateralMarket: number;
  /** What a valid bid must be at least, and the collateral that it would get: the arguments of `bid`. */
  readonly amountMin: Units;
  readonly lotMax: Units;
  /** Most that a bid can be worth to the auction, units of the debt's asset; beyond it bids compete in the lot. */
  readonly tab: Units;
  readonly bidder: AccountId | -1;
  readonly endsAt: Ms;
  /** Where a right is for sale and no lot (`lotMax` 0): the largest take that it would allow now. */
  readonly right?: { readonly repay: Units; readonly seize: Units };
}

/** Something that came due: its plan, and what is left for the waterfall to look at. */
export interface Due {
  readonly plan: Plan;
  readonly position: number;
  /** Paid and received by whoever it was sold to, for the record; 0 for none. */
  readonly bidder: AccountId | -1;
  readonly debtMarket: number;
  readonly collateralMarket: number;
  readonly repaid: Units;
  readonly seized: Units;
}

/** Deposits that a mechanism itself holds to absorb with. Its verbs write at once: nobody merely asks them. */
export interface Pool {
  readonly market: number;
  provide(actor: AccountId, units: Units): Plan | Rejection;
  /**
   * Takes back so many units of the deposit with all that it has earned; 'max': all of it; 0: what it has earned alone. `offered`:
   * positions whose liquidation could be started now. Rejections: DEPOSIT_NONE, DEPOSIT_SHORT, POOL_LOCKED.
   */
  unprovide(request: UnprovideRequest, accounts: AccountsView, marks: Marks): { readonly plan: Plan; readonly units: Units } | Rejection;
  depositOf(actor: AccountId): Units;
  /** Units of a market's asset that a deposit has earned and not yet taken. */
  gainOf(actor: AccountId, market: number): Units;
  readonly total: Units;
}

export interface UnprovideRequest {
  readonly actor: AccountId;
  readonly units: Units | 'max';
  readonly offered: readonly number[];
}

/** What every mechanism is made from. */
export interface MechanismNeeds {
  readonly markets: readonly Market[];
  readonly custody: AccountId;
  readonly fund: AccountId;
  /** Holds what belongs to bidders and pools while it is neither debt nor collateral. */
  readonly escrow: AccountId;
  /**
   * Writes a number so that a failed bundle takes it back (the journal's). All that a mechanism remembers within a bundle goes through it.
   */
  set(column: Column, index: number, value: number): void;
  /** Opens the next lot of a position's owner. */
  openLot(position: number): number;
  /**
   * The best sale of so many units of a market's asset for another market's; undefined where no venue trades the two, or none gives so much
   * as a unit for them.
   */
  quoteSale(sellMarket: number, buyMarket: number, units: Units): Sale | undefined;
  /** Units of a market's asset that an account holds. */
  balance(account: AccountId, market: number): Units;
}

export interface Mechanism {
  /** Whether it wants to be told at each block end who can be liquidated (`open`, `close`). One without memory is spared. */
  readonly remembers: boolean;
  /** A position has become liquidatable. */
  open(position: number, at: Ms): void;
  /** It no longer is. */
  close(position: number, at: Ms): void;
  /**
   * Health below which a position is offered, 1 if left out. A mechanism that offers healthy positions (of a soft liquidation, or in
   * recovery mode) says why in its docstring. It may move with the marks that `levelEpoch` saw last.
   */
  level?(accounts: AccountsView, position: number): Ratio;
  /** The most that `level` can be until `levelEpoch` or the position's books change; `level` if left out. */
  levelMax?(accounts: AccountsView, position: number): Ratio;
  /** Asked before levels are, each time. */
  levelEpoch?(accounts: AccountsView, marks: Marks): number;
  /** Why a verb's plan would leave the position as this mechanism cannot have it, if so: asked before it is settled. */
  refuses?(position: number, plan: Plan, accounts: AccountsView, marks: Marks): Rejection | undefined;
  /**
   * Told of each verb of an owner that changed his books in a way it did not plan itself (deposits, borrowing, repayments, margin trades).
   * `checked`: the verb was let through because the position met the initial requirement (borrowing, withdrawing).
   */
  changed?(position: number, accounts: AccountsView, marks: Marks, at: Ms, checked: boolean): void;
  /**
   * What taking would do; nothing moves. Rejections: NOT_LIQUIDATABLE, GRACE, OVER_CLOSE_FACTOR, DEBT_NONE, COLLATERAL_NONE, AMOUNT,
   * WALLET_SHORT, ORACLE_INVALID, LOT_NONE (only a lot can be taken), ENDED (a lot that must be started anew first). Accounts with sizes
   * are not asked about (SIZE_OPEN).
   */
  take(request: TakeRequest, accounts: AccountsView, marks: Marks, health: Health): Taken | Rejection;
  /**
   * Begins a liquidation, or begins the sale of a lot anew (one of `restartable`). Rejections: NOT_LIQUIDATABLE, ORACLE_INVALID,
   * DEBT_NONE, COLLATERAL_NONE, AMOUNT, POOL_EMPTY, POOL_SHORT, NOBODY_LEFT, VENUE_NONE, SALE_SHORT (no venue brings enough), COOLDOWN,
   * FULL, LOT_RUNNING.
   */
  start?(request: StartRequest, accounts: AccountsView, marks: Marks, health: Health): Started | Rejection;
  /** Rejections: LOT_NONE, BID_LOW, BID_OVER, WALLET_SHORT, ENDED. */
  bid?(request: BidRequest, accounts: AccountsView, marks: Marks): Bid | Rejection;
  /** Lots for sale by `take`, ascending. */
  lots?(): readonly number[];
  /** Lots that nobody can buy until somebody starts their sale anew, ascending. */
  restartable?(at: Ms): readonly number[];
  /** What is open for bids. `health` judges a position as it is judged for a take. */
  auctions?(accounts: AccountsView, marks: Marks, at: Ms, health: (position: number) => Health): readonly Auction[];
  /** The next thing that time alone has ended, one at a time, until there is none. */
  due?(accounts: AccountsView, marks: Marks, at: Ms): Due | undefined;
  readonly pool?: Pool;
  /** Units in escrow and whose they are, for the final account. */
  claims?(visit: (holder: AccountId, market: number, units: Units) => void): void;
}
