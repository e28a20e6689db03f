/**
 * A plan: what a decision would change, as signed legs. Whoever decides returns one; settlement checks that it sums to nothing and applies
 * all of it or none. After the balance deltas of Uniswap v4-core.
 */
import type { AccountId, AssetId, Units } from '../base/units.ts';

/** Money between two accounts of the ledger. */
export interface MoveLeg {
  readonly kind: 'move';
  readonly from: AccountId;
  readonly to: AccountId;
  readonly asset: AssetId;
  readonly units: Units;
}
/** A position's collateral, ±. Of the settlement asset it is cash, as a quote leg is. */
export interface CollateralLeg {
  readonly kind: 'collateral';
  readonly position: number;
  readonly market: number;
  readonly units: Units;
}
/** A position's debt (`debt`) or a lender's claim (`supply`), ±: units of the market's total, shares of the position. */
export interface SharesLeg {
  readonly kind: 'debt' | 'supply';
  readonly position: number;
  readonly market: number;
  readonly units: Units;
  readonly shares: Units;
}
/** The protocol's own part (`reserve`), or all lenders' claims alike (`supply-loss`, normally negative), ±. */
export interface MarketLeg {
  readonly kind: 'reserve' | 'supply-loss';
  readonly market: number;
  readonly units: Units;
}

/** A position's cash in the settlement asset, ±; funding that has run up is settled first. */
export interface QuoteLeg {
  readonly kind: 'quote';
  readonly position: number;
  readonly units: Units;
}
/** A position's size of a contract, ±, and by how much its entry value changes. The sizes of a plan sum to zero in each contract. */
export interface SizeLeg {
  readonly kind: 'size';
  readonly position: number;
  readonly contract: number;
  readonly units: Units;
  readonly entry: Units;
}

export type Leg = MoveLeg | CollateralLeg | SharesLeg | MarketLeg | QuoteLeg | SizeLeg;
export type Plan = readonly Leg[];

export function move(from: AccountId, to: AccountId, asset: AssetId, units: Units): MoveLeg {
  return { kind: 'move', from, to, asset, units };
}
export function collateralLeg(position: number, market: number, units: Units): CollateralLeg {
  return { kind: 'collateral', position, market, units };
}
export function debtLeg(position: number, market: number, units: Units, shares: Units): SharesLeg {
  return { kind: 'debt', position, market, units, shares };
}
export function supplyLeg(position: number, market: number, units: Units, shares: Units): SharesLeg {
  return { kind: 'supply', position, market, units, shares };
}
export function quoteLeg(position: number, units: Units): QuoteLeg {
  return { kind: 'quote', position, units };
}
export function sizeLeg(position: number, contract: number, units: Units, entry: Units): SizeLeg {
  return { kind: 'size', position, contract, units, entry };
}
