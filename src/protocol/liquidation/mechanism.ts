/**
 * The contract of a liquidation mechanism: how a position that may be liquidated is closed, by whom and at what price. It sees positions,
 * marks and health, and answers with a plan; whether there is a taker is up to the agents. Every mechanism passes
 * test/contract/mechanism.ts.
 */
import type { Part } from '../../base/params.ts';
import type { Rejection } from '../../base/rejection.ts';
import type { AccountId, Ms, Units } from '../../base/units.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
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
  /** Debt repaid by the taker. */
  readonly repaid: Units;
  /** Collateral that leaves the position. */
  readonly seized: Units;
  /** The taker's part of it. */
  readonly received: Units;
}

export interface Mechanism {
  /** Whether it wants to be told at each block end who can be liquidated (`open`, `close`). One without memory is spared. */
  readonly remembers: boolean;
  /** A position has become liquidatable. */
  open(position: number, at: Ms): void;
  /** It no longer is. */
  close(position: number, at: Ms): void;
  /**
   * What taking would do; nothing moves. Rejections: NOT_LIQUIDATABLE, GRACE, OVER_CLOSE_FACTOR, DEBT_NONE, COLLATERAL_NONE, AMOUNT,
   * WALLET_SHORT, ORACLE_INVALID.
   */
  take(request: TakeRequest, accounts: AccountsView, marks: Marks, health: Health): Taken | Rejection;
}

export type MechanismPart = Part<undefined, Mechanism>;
