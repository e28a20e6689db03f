/**
 * The contract of a backstop: one layer of those who pay a shortfall, debt that no collateral is left for, or cash that an account of
 * contracts owes and does not have. It is told what is available and answers with legs; it never sees the ledger. Every layer passes
 * test/contract/backstop.ts.
 */
import type { Part } from '../../base/params.ts';
import type { AccountId, AssetId, Ms, Ratio, Units } from '../../base/units.ts';
import type { Plan } from '../plan.ts';

/** What nobody will repay: debt of one market, or negative cash (`quote`) of an account of contracts. */
export interface Shortfall {
  readonly kind: 'debt' | 'quote';
  readonly position: number;
  readonly market: number;
  readonly asset: AssetId;
  readonly units: Units;
  readonly at: Ms;
}

/** A size that is in profit. */
export interface Winner {
  readonly position: number;
  readonly contract: number;
  /** Signed. */
  readonly size: Units;
  /** Profit since entry at the marks, settlement units, > 0, rounded down. */
  readonly profit: Units;
  /** Worth at the marks, settlement units, signed as the size, rounded against the holder. */
  readonly value: Units;
  /** Profit ÷ entry value, and notional ÷ equity. */
  readonly profitRatio: Ratio;
  readonly leverage: Ratio;
}

/** Something sold on a venue to pay with; what it brings goes to the fund's account first. */
export interface TreasurySale {
  readonly venue: number;
  readonly sell: AssetId;
  readonly amount: Units;
  readonly brings: Units;
  /** Whether what is sold is made for it (a governance token), rather than held by the fund. */
  readonly minted: boolean;
}

/** What there is to pay with, in units of the shortfall's asset where nothing else is said. */
export interface Means {
  /** Balance of the insurance fund in the shortfall's asset. */
  readonly fund: Units;
  /** The protocol's own part of the interest. */
  readonly reserve: Units;
  /** All lenders' claims together. */
  readonly supply: Units;
  readonly fundAccount: AccountId;
  readonly custody: AccountId;
  /** Cash that the vault can pay; its position, −1 where there is none. */
  readonly vault: Units;
  readonly vaultPosition: number;
  /** Everybody whose size is in profit, the vault left out, in order of position and contract. For shortfalls of contracts; else nobody. */
  winners(): readonly Winner[];
  /** Assets that the fund holds beside the shortfall's. */
  readonly treasury: readonly AssetId[];
  /**
   * The smallest sale of what the fund holds of an asset (or of what may be minted of it, at most `mintMax` units) that brings at least
   * `wanted`, or all of it if that brings less. Undefined where nothing can be sold.
   */
  sale(asset: AssetId, wanted: Units, mintMax?: Units): TreasurySale | undefined;
}

export interface Absorbed {
  /** Legs that pay; together they free custody of exactly `paid` units. */
  readonly plan: Plan;
  readonly paid: Units;
  /** Made before the plan, in order. */
  readonly sales?: readonly TreasurySale[];
}

export interface Backstop {
  readonly name: string;
  /** Whose loss it is: a buffer's, the lenders', the vault's, that of those who have won, or of the holders of a token. */
  readonly bearer: 'buffer' | 'lenders' | 'vault' | 'winners' | 'holders';
  /** Pays min(shortfall, what it has). */
  absorb(shortfall: Shortfall, means: Means): Absorbed;
}

/** What a layer is made from: names of assets that its parameters speak of are resolved already. */
export type BackstopPart = Part<unknown, Backstop>;
