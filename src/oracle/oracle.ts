/**
 * The contract of an oracle: what a protocol believes. It is shown its source's price (`observe`): a venue's at the end of every block, the
 * outside's at every price step; and it is asked for a reading. An oracle never sees the fair price unless its source is the outside. Every
 * oracle passes test/contract/oracle.ts: a reading is never younger than its observation (ORA-1).
 */
import type { Random } from '../base/random.ts';
import type { Ms, Price, Ratio, Tokens, Usd, UsdPrice } from '../base/units.ts';

export interface Reading {
  /** In the terms of the source: quote tokens per base token of a venue, USD per token of the outside. NaN when not valid. */
  readonly price: Price;
  /** When the newest observation behind this price was made. */
  readonly observedAt: Ms;
  /** When it became readable, ≥ observedAt. */
  readonly publishedAt: Ms;
  /**
   * False before there is anything to say. A protocol then sees NaN (`oracleUsd` in scenario/build.ts) and refuses with ORACLE_INVALID
   * (protocol/lending.ts, protocol/liquidation/fixed-bonus.ts).
   */
  readonly valid: boolean;
  /** Half of the interval in which the price is said to lie, as a part of it. Left out: nothing is said. */
  readonly confidence?: Ratio;
}

export interface Oracle {
  /** The source's price at time `at`, in order of time. Several at one time: the last one counts. */
  observe(price: Price, at: Ms): void;
  /** The reading that a contract would get at `now` ≥ the last observation. */
  read(now: Ms): Reading;
  /**
   * The next time > now at which the reading changes without a further observation (a push on its way, a period ending); Infinity if none
   * is known.
   */
  nextUpdate(now: Ms): Ms;
}

/** What a venue's trades have exchanged since the start, in tokens, both sides counted as positive. */
export interface Traded {
  readonly base: Tokens;
  readonly quote: Tokens;
}

export interface PoolState {
  readonly base: Tokens;
  readonly quote: Tokens;
  readonly shares: Tokens;
  /** USD that both would come to once arbitrage has brought the pool to these prices. */
  settledUsd(base: UsdPrice, quote: UsdPrice): Usd;
}

export interface OracleNeeds {
  /** The source's price this very moment, in the middle of a bundle too: what a spot oracle reads. */
  readonly live: () => Price;
  /** The same as a reading: another oracle's own, or the price of this instant. */
  readonly source: (now: Ms) => Reading;
  /** Another oracle by its number, in USD. */
  readonly oracle: (id: number) => Pick<Oracle, 'read' | 'nextUpdate'>;
  /** Of a venue by its number, this very moment: its reserves, and the shares of its pool, in tokens. */
  readonly pool: (venue: number) => PoolState;
  /** Of the venue that is the source. */
  readonly traded: () => Traded;
  /** A stream of its own. */
  readonly random: Random;
}
