/**
 * What those who decide may see: markets and positions, read-only. Risk engines, liquidation mechanisms and backstops know nothing else of
 * a protocol, so they cannot move money.
 */
import type { AssetId, Ratio, Units } from '../base/units.ts';
import type { Contract } from './instrument/contract.ts';
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
  /** Governance puts others in their place; never kept by a reader. */
  params: MarketParams;
}

/**
 * USD per base unit by market, then USD per unit of size by contract (index markets + contract); NaN where an oracle has no valid reading.
 */
export type Marks = Float64Array;

/** What a view of loans alone says of contracts: nothing. */
export const NO_CONTRACTS = {
  contracts: [] as readonly Contract[],
  settle: -1,
  size: () => 0,
  quote: () => 0,
  entry: () => 0,
  fundingIndexOf: () => 0,
};

export interface AccountsView {
  readonly markets: readonly Market[];
  readonly contracts: readonly Contract[];
  /** The market whose asset contracts are settled in; −1 where there are none. */
  readonly settle: number;
  readonly positions: number;
  /** 0 in the settlement asset, whose collateral is cash. */
  collateral(position: number, market: number): Units;
  /** What is owed, interest included, rounded up. */
  debt(position: number, market: number): Units;
  debtShares(position: number, market: number): Units;
  /** All that is owed to a market, and the shares it is divided into. */
  totalDebt(market: number): Units;
  totalDebtShares(market: number): Units;
  /** Units owed per debt share, ≥ 1; grows by interest alike for everybody. */
  debtIndex(market: number): Ratio;
  /** Signed units of size that the position holds of a contract. */
  size(position: number, contract: number): Units;
  /** Cash in the settlement asset, funding owed so far taken off, rounded down; negative for who owes it. */
  quote(position: number): Units;
  /** Settlement units that a unit of size of the contract has paid in funding since the start. */
  fundingIndexOf(contract: number): number;
  /** What the position has paid (+) or received (−) for its open size, settlement units: its entry price times its size. */
  entry(position: number, contract: number): Units;
}

/** Whether the account has size of any contract. */
export function holdsSize(accounts: AccountsView, position: number): boolean {
  for (let contract = 0; contract < accounts.contracts.length; contract++) if (accounts.size(position, contract) !== 0) return true;
  return false;
}
