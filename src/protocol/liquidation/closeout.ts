/**
 * The contract of a closeout: how an account that holds contracts and has too little equity is closed: how much of which size at a time, at
 * what price, and when the vault takes it over instead. It decides; settlement applies. Every closeout passes test/contract/closeout.ts.
 */
import type { Column } from '../../base/columns.ts';
import type { Rejection } from '../../base/rejection.ts';
import type { AccountId, Ms, Units, Usd } from '../../base/units.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import type { ContractFill } from '../instrument/contract.ts';
import type { Plan } from '../plan.ts';
import type { Health } from '../risk/risk-engine.ts';

export interface CloseRequest {
  readonly position: number;
  readonly keeper: AccountId;
  readonly at: Ms;
}

export interface Closing {
  readonly plan: Plan;
  /** Notional closed or taken over, USD at the marks. */
  readonly closedUsd: Usd;
  /** Whether the vault took over all of it. */
  readonly takenOver: boolean;
  /** What the account paid as a penalty, settlement units, the keeper's part of it included. */
  readonly penalty: Units;
  readonly rewardUsd: Usd;
}

export interface CloseoutNeeds {
  readonly custody: AccountId;
  readonly fund: AccountId;
  /** The house's position, which is the vault's; −1 before it is opened. */
  vault(): number;
  /** What the house pays for a size now, fee included. */
  fill(contract: number, size: Units): ContractFill | Rejection;
  /** Sum of everybody's cash: no more can be paid out. */
  cash(): Units;
  /** Legs of a trade of the position against the house. */
  legs(position: number, contract: number, fill: ContractFill): Plan;
  /** Writes a number so that a failed bundle takes it back. */
  set(column: Column, index: number, value: number): void;
}

export interface Closeout {
  /**
   * What closing would do now; what it remembers of it goes through `set`, so that who only asks can take it back. Rejections:
   * NOT_LIQUIDATABLE, ORACLE_INVALID, COOLDOWN, SIZE_NONE, COLLATERAL_NONE, HOUSE_NONE.
   */
  close(request: CloseRequest, accounts: AccountsView, marks: Marks, health: Health): Closing | Rejection;
}
