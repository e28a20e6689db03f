/**
 * What those who decide may see: markets and positions, read-only. Risk engines, liquidation mechanisms and backstops know nothing else of
 * a protocol, so they cannot move money.
 */
import type { AssetId, Ratio, Units } from '../base/units.ts';
import type { MarketParams } from './market-params.ts';

/** One asset of a protocol: it can be deposited as collateral, and supplied and borrowed. */
export interface Market {
  /** Dense number within its protocol. */
  readonly index: number;
  readonly asset: AssetId;
  /** Name of the asset. */
  readonly name: string;
  readonly decimals: number;
  /** Base units per token. */
  readonly scale: number;
  readonly params: MarketParams;
}

/** USD per base unit by market; NaN where the oracle has no valid reading. */
export type Marks = Float64Array;

export interface AccountsView {
  readonly markets: readonly Market[];
  readonly positions: number;
  collateral(position: number, market: number): Units;
  /** What is owed, interest included, rounded up. */
  debt(position: number, market: number): Units;
  debtShares(position: number, market: number): Units;
  /** All that is owed to a market, and the shares it is divided into. */
  totalDebt(market: number): Units;
  totalDebtShares(market: number): Units;
  /** Units owed per debt share, ≥ 1; grows by interest alike for everybody. */
  debtIndex(market: number): Ratio;
}
