/**
 * The contract of a trading venue: a place with a price of its own, moved by the trades in it. Every venue passes
 * test/contract/venue.ts: a quote equals the execution that follows it (VENUE-1), a round trip never gains (VENUE-2), and what is refused
 * has changed nothing (VENUE-3).
 */
import type { Rejection } from '../base/rejection.ts';
import type { AccountId, AssetId, Ms, Price, Units, Usd, UsdPrice } from '../base/units.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Book } from './book.ts';
import type { Fill } from './fill.ts';
import type { Ranges } from './ranges.ts';

/** Sell `amount` units of `sell` for the venue's other asset. */
export interface Order {
  readonly sell: AssetId;
  readonly amount: Units;
  /** Refuse rather than receive less. */
  readonly outMin?: Units;
}

export type { Fill } from './fill.ts';

/** Units of both assets that belong to a provider. */
export interface Claim {
  readonly base: Units;
  readonly quote: Units;
}

export interface Venue {
  readonly name: string;
  readonly baseAsset: AssetId;
  readonly quoteAsset: AssetId;
  /** The ledger account that holds the venue's reserves (and whose balances are its state, so that a failed bundle undoes them). */
  readonly account: AccountId;
  /** Fee as a ratio of the amount sold. */
  readonly fee: number;

  /** Marginal price without fee, quote tokens per base token; NaN when the venue is empty. */
  price(): Price;
  /**
   * Units of `sell` that can be sold before the marginal price (without fee) reaches `worst`, rounded down; 0 if it is already there or
   * beyond. Selling base lowers the price, selling quote raises it.
   */
  depth(sell: AssetId, worst: Price): Units;
  /**
   * What `execute` would answer now. Changes nothing. Rejections: VENUE_ASSET, VENUE_AMOUNT (≤ 0 or buys nothing), VENUE_OUT_MIN,
   * VENUE_EMPTY.
   */
  quote(order: Order): Fill | Rejection;
  /** Trades against the trader's ledger balance. As `quote`, and WALLET_SHORT when the trader has less than `amount`. */
  execute(order: Order, trader: AccountId): Fill | Rejection;

  /** The asset that its shares are, where they are one. */
  readonly shareAsset?: AssetId;
  /**
   * USD that its reserves would be worth once arbitrage has brought it to these prices of its assets, fees aside; 0 of an empty one. Where
   * its liquidity is in shares.
   */
  settledUsd?(base: UsdPrice, quote: UsdPrice): Usd;
  /** Shares outstanding, 0 when the venue has no share-based liquidity. */
  shares(): Units;
  sharesOf(provider: AccountId): Units;
  /**
   * Deposits up to the two amounts in the venue's present ratio (any ratio when empty). Answers the shares made. Rounds against the
   * provider. Rejections: VENUE_NO_POOL (its liquidity is not in shares), and its own.
   */
  addLiquidity(provider: AccountId, base: Units, quote: Units): Units | Rejection;
  /** Burns shares for a part of the reserves, rounded down. Rejections: SHARES_SHORT, VENUE_AMOUNT. */
  removeLiquidity(provider: AccountId, shares: Units): Rejection | undefined;
  /** Orders that rest, where the venue has such. */
  readonly book?: Book;
  /** Liquidity between two prices, where the venue has such. */
  readonly ranges?: Ranges;
  /** What a provider would get if it took everything out, rounded down. */
  claimOf(provider: AccountId): Claim;
  /** Calls `visit(provider, asset, units)` for every claim of a provider on the reserves, rounded down. */
  claims(visit: (provider: AccountId, asset: AssetId, units: Units) => void): void;
}

export interface VenueNeeds {
  readonly name: string;
  readonly ledger: Ledger;
  /** Outside price at time 0, for venues that open at it. */
  startPrice(asset: AssetId): UsdPrice;
  /** Outside price and time now, for a venue that stands for the market outside. Left out: those of time 0. */
  fair?(asset: AssetId): UsdPrice;
  now?(): Ms;
  /** Hears of an order that was met, while it happens: whose it was, what it bought of base and quote (negative: sold), at which price. */
  filled?(maker: AccountId, base: Units, quote: Units, price: Price): void;
}
