/**
 * The contract of a backstop: one layer of those who pay a shortfall, debt that no collateral is left for, or cash that an account of
 * contracts owes and does not have. It is told what is available and answers with legs; it never sees the ledger. Every layer passes
 * test/contract/backstop.ts.
 */
import type { AccountId, AssetId, Ms, Ratio, Units, Usd } from '../../base/units.ts';
import type { Plan } from '../plan.ts';

/** What nobody will repay: debt of one market, or negative cash (`quote`) of an account of contracts. */
export interface Shortfall {
  readonly kind: 'debt' | 'quote';
  readonly position: number;
  readonly market: number;
  readonly asset: AssetId;
  readonly units: Units;
  readonly at: Ms;
  /** Of an account of contracts: the sizes that it held before it was closed or they expired. Empty for debt, and where none are known. */
  readonly closed: readonly Sized[];
}

/** A signed size of a contract. */
export interface Sized {
  readonly contract: number;
  readonly size: Units;
}

/** A size that is in profit. */
export interface Winner {
  readonly position: number;
  readonly contract: number;
  /** Signed. */
  readonly size: Units;
  /**
   * Profit since entry at the marks, settlement units, > 0, rounded down. The profits of one position together are at most its equity: more
   * could not be taken from it without a loss of somebody else's.
   */
  readonly profit: Units;
  /** Worth at the marks, settlement units, signed as the size, rounded against the holder; and what was paid for it, signed likewise. */
  readonly value: Units;
  readonly entry: Units;
  /** Profit ÷ entry value, and notional ÷ equity. */
  readonly profitRatio: Ratio;
  readonly leverage: Ratio;
}

/** Somebody to whom the pool of all who trade contracts owes something. */
export interface Creditor {
  readonly position: number;
  /** Cash and contracts at the marks, at most the position's equity; settlement units, > 0, rounded down. */
  readonly worth: Units;
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

/** How much may be sold. */
export interface SaleLimits {
  /** Units that may be made of the asset; left out: what the fund holds of it is sold, and nothing is made. */
  readonly mintMax?: Units;
  /** How far below the venue's price before the sale its average price may be, fee included. */
  readonly impactMax?: Ratio;
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
  /** USD at the marks of a unit of the shortfall's asset. */
  readonly mark: Usd;
  /**
   * What the vault can pay: its worth at the marks, whatever sign its cash has, which it lays out for sizes that it takes over. Its
   * position, −1 where there is none.
   */
  readonly vault: Units;
  readonly vaultPosition: number;
  /** Everybody whose size is in profit, the vault left out, in order of position and contract. For shortfalls of contracts; else nobody. */
  winners(): readonly Winner[];
  /** Everybody with cash or profit, the vault left out, in order of position. For shortfalls of contracts; else nobody. */
  creditors(): readonly Creditor[];
  /** Assets that the fund holds beside the shortfall's, the one worth most at the marks first. */
  readonly treasury: readonly AssetId[];
  /**
   * The smallest sale of what the fund holds of an asset, or of what may be made of it, that brings at least `wanted`, or as much as the
   * limits allow if that brings less. Undefined where nothing can be sold.
   */
  sale(asset: AssetId, wanted: Units, limits?: SaleLimits): TreasurySale | undefined;
}

/** What a layer took from somebody who had won, and what it closed of his. */
export interface Deleveraged {
  readonly position: number;
  /** −1 where it was taken from cash and all contracts together. */
  readonly contract: number;
  /** Settlement units, ≥ 0. */
  readonly taken: Units;
  /** Of his size, signed as it; 0 where it stays open. */
  readonly closed: Units;
  /** Profit of what was closed beyond what the shortfall took of it, settlement units, ≥ 0. */
  readonly overshoot: Units;
}

export interface Absorbed {
  /** Legs that pay; together they free custody of exactly `paid` units. */
  readonly plan: Plan;
  readonly paid: Units;
  /** Made before the plan, in order. */
  readonly sales?: readonly TreasurySale[];
  /** From whom it was taken, where that was from winners, in the order in which they paid. */
  readonly deleveraged?: readonly Deleveraged[];
}

export interface Backstop {
  readonly name: string;
  /** Whose loss it is: a buffer's, the lenders', the vault's, that of those who have won, or of the holders of a token. */
  readonly bearer: 'buffer' | 'lenders' | 'vault' | 'winners' | 'holders';
  /** Pays min(shortfall, what it has). */
  absorb(shortfall: Shortfall, means: Means): Absorbed;
}

/** What the layers paid of a shortfall: the record of one waterfall, which `protocol/loss.ts` carries out (BACK-1). */
export interface Fall {
  readonly shortfall: Units;
  readonly legs: Plan;
  /** By layer. */
  readonly paid: readonly Units[];
  /** shortfall − Σ paid: stays owed by the position. */
  readonly left: Units;
}

/** What every layer is made from. Assets that its parameters name are what it sells: a scenario is refused where no venue buys them. */
export interface BackstopNeeds {
  /** Base units per token. */
  scale(asset: AssetId): number;
}
