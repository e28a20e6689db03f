/** What a limit order book can beside what every venue can: orders that rest in it. */
import type { Rejection } from '../base/rejection.ts';
import type { AccountId, AssetId, Price, Units } from '../base/units.ts';
import type { Fill } from './fill.ts';
import type { OrderId, Side } from './matching.ts';

export type { OrderId, Side } from './matching.ts';

/** What becomes of an order that is not filled at once: it rests; nothing does; it is refused if it would be filled at once. */
export type OrderKind = 'limit' | 'ioc' | 'post-only';

export interface LimitOrder {
  /** Base to sell, quote to buy. */
  readonly sell: AssetId;
  /** Of what is sold; a buyer pays no more than this, and buys at his limit what it is worth. */
  readonly amount: Units;
  /** Quote tokens per base token; a buyer's is lowered to a tick, a seller's raised. */
  readonly price: Price;
  readonly kind: OrderKind;
}

export interface Placed {
  /** What was traded at once. */
  readonly filled: Fill;
  /** The order that rests, 0 if none does. */
  readonly order: OrderId;
}

export interface Book {
  /** Quote tokens per base token, and base tokens. */
  readonly tick: Price;
  readonly lot: number;
  /** NaN without one. */
  bestBid(): Price;
  bestAsk(): Price;
  /** Base units that rest at a price of the grid. */
  restingAt(price: Price): Units;
  /** Calls `visit` for each resting order of an account, the latest first. */
  ordersOf(owner: AccountId, visit: (order: OrderId, side: Side, price: Price, base: Units) => void): void;
  /**
   * Rejections: VENUE_ASSET · VENUE_AMOUNT (none, or less than a lot) · VENUE_PRICE (outside the grid) · WALLET_SHORT · BOOK_CROSSES
   * (post-only, and it would be filled) · BOOK_SELF (an order of its owner rests at a price that it would be filled at).
   */
  place(order: LimitOrder, owner: AccountId): Placed | Rejection;
  /** Gives back what the order held. Rejections: BOOK_NONE (no such order of the owner rests). */
  cancel(order: OrderId, owner: AccountId): Rejection | undefined;
}
