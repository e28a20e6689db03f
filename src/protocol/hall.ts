/**
 * What the rooms around the hall share: books, marks, and the few things they may do with them. `protocol.ts` makes it and hands it to
 * those who carry out (`liquidating`, `contract-desk`, `loss`, `governing`); those who decide never see it.
 */
import type { AccountId, Ms, Units } from '../base/units.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Venue } from '../market/venue.ts';
import type { Accounts } from './accounts.ts';
import type { Market, Marks } from './accounts-view.ts';
import type { Facts } from './facts.ts';
import type { Tally } from './governance/tally.ts';
import type { ContractState } from './instrument/contract.ts';
import type { Plan } from './plan.ts';
import type { Admission } from './risk/admission.ts';
import type { RiskEngine } from './risk/risk-engine.ts';

export interface Hall {
  readonly ledger: Ledger;
  readonly accounts: Accounts;
  readonly markets: readonly Market[];
  /** As of the last refresh, the same array always. */
  readonly marks: Marks;
  readonly custody: AccountId;
  readonly fund: AccountId;
  readonly escrow: AccountId;
  readonly venues: readonly Venue[];
  readonly facts: Facts;
  readonly admission: Admission;
  /** What the controller of parameters will be told. */
  readonly tally: Tally;
  /** The engine of now: governance may replace it. */
  risk(): RiskEngine;
  /** Where each contract stands, as of the last refresh. */
  readonly states: readonly ContractState[];
  /** Brings interest, funding and marks up to `at`. */
  refresh(at: Ms): void;
  /** Settles a plan and notes whose books changed. */
  apply(plan: Plan): void;
  /** Looks at the skew of contracts anew, after sizes changed. */
  remark(at: Ms): void;
  balance(account: AccountId, market: number): Units;
  marketOf(asset: number): number;
}
