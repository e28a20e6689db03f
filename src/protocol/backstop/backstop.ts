/**
 * The contract of a backstop: one layer of those who pay a shortfall, debt that no collateral is left for. It is told what is available and
 * answers with legs; it never sees the ledger. Every layer passes test/contract/backstop.ts.
 */
import type { Part } from '../../base/params.ts';
import type { AccountId, AssetId, Units } from '../../base/units.ts';
import type { Plan } from '../plan.ts';

/** Debt of one market that nobody will repay. */
export interface Shortfall {
  readonly market: number;
  readonly asset: AssetId;
  readonly units: Units;
}

/** What there is to pay with, in units of the shortfall's asset. */
export interface Means {
  /** Balance of the insurance fund. */
  readonly fund: Units;
  /** The protocol's own part of the interest. */
  readonly reserve: Units;
  /** All lenders' claims together. */
  readonly supply: Units;
  readonly fundAccount: AccountId;
  readonly custody: AccountId;
}

export interface Absorbed {
  /** Legs that pay; together they free custody of exactly `paid` units of debt. */
  readonly plan: Plan;
  readonly paid: Units;
}

export interface Backstop {
  readonly name: string;
  /** Whose loss it is: a buffer's, or the lenders'. */
  readonly bearer: 'buffer' | 'lenders';
  /** Pays min(shortfall, what it has). */
  absorb(shortfall: Shortfall, means: Means): Absorbed;
}

export type BackstopPart = Part<undefined, Backstop>;
