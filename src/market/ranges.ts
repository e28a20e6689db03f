/** What a pool with ranges can beside what every venue can: liquidity between two prices. */
import type { Rejection } from '../base/rejection.ts';
import type { AccountId, Price, Units } from '../base/units.ts';

/** Names a deposit; never used again. */
export type RangeId = number;

/** A deposit or what comes of it. */
export interface RangeAmounts {
  readonly base: Units;
  readonly quote: Units;
  /** √(base · quote) as if the range were the whole scale, in units; may be beyond the whole numbers of a float64. */
  readonly liquidity: number;
}

export interface RangeMade extends RangeAmounts {
  readonly range: RangeId;
}

export interface Ranges {
  /** Ticks between two bounds that there can be; a tick is a factor of 1.0001 in price. */
  readonly tickSpacing: number;
  /**
   * Deposits up to the two amounts between two prices (quote tokens per base token; moved apart to bounds that there can be) in the ratio
   * that the present price asks for; one of them alone where it lies outside. Rounds against the provider. Rejections: VENUE_PRICE (not two
   * prices of the scale, the lower first) · VENUE_AMOUNT (not whole, or too little) · WALLET_SHORT.
   */
  add(provider: AccountId, low: Price, high: Price, base: Units, quote: Units): RangeMade | Rejection;
  /** Takes a deposit back whole, with its fees. Rejections: RANGE_NONE (no such deposit of the provider). */
  remove(range: RangeId, provider: AccountId): RangeAmounts | Rejection;
  /** Calls `visit` for each deposit of a provider, the latest first, with what `remove` would give. */
  rangesOf(provider: AccountId, visit: (range: RangeId, low: Price, high: Price, base: Units, quote: Units) => void): void;
}
