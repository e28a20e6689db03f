/**
 * The market of `market-step.ts` written out by hand: one loop, one file, typed arrays, no plug-in, no ledger, no undo, no facts, no
 * metrics. It is what configurability is measured against. Same streams, same draws, same integers: so the same trades, refusals and
 * reserves, which is asserted wherever the two meet. Nobody is liquidated in it (the world's count is asserted to be 0): there is a
 * check, and no take.
 */
import { exp } from '../../src/base/elementary.ts';
import { swapOutDown } from '../../src/base/exact.ts';
import { years } from '../../src/base/params.ts';
import { type Random, randomFrom } from '../../src/base/random.ts';

/** What both sides are made of; tokens and USD. Both assets have 6 decimals. */
export const MARKET = {
  traders: 950,
  liquidators: 50,
  borrowers: 1_000,
  /** Trades an hour of each trader: one a second. */
  rate: 3_600,
  size: 500,
  wallet: { USDC: 100_000, ETH: 50 },
  quoteReserve: 100_000_000,
  start: 2_000,
  volatility: 0.8,
  collateral: 20,
  threshold: 0.825,
  healths: [1.3, 2],
  windowMs: 60_000,
  blockMs: 1_000,
} as const;

const SCALE = 1e6;
const HOUR_MS = 3_600_000;
/** The pool's 0.3 %, in its own millionths. */
const FEE = 3_000;
const MILLION = 1_000_000;
/** More than the blocks of a window; a power of two. */
const RING = 128;
/** A year's debt grows by 5 %: nothing here depends on it but the arithmetic of the check. */
const INTEREST = 0.05;

/** What a run of either side comes to. */
export interface MarketEnd {
  readonly wakes: number;
  readonly trades: number;
  readonly refused: number;
  /** Reserves of the pool, units. */
  readonly base: number;
  readonly quote: number;
}

/** Wakes in the order of (time, when scheduled), four children to a parent. */
class Wakes {
  readonly times: Float64Array;
  readonly turns: Float64Array;
  readonly traders: Int32Array;

  constructor(traders: number) {
    this.times = new Float64Array(traders);
    this.turns = Float64Array.from({ length: traders }, (_, i) => i);
    this.traders = Int32Array.from({ length: traders }, (_, i) => i);
  }

  /** The earliest trader wakes next at `time`. */
  again(time: number, turn: number): void {
    const { times, turns, traders } = this;
    const size = times.length;
    const trader = traders[0];
    let at = 0;
    for (;;) {
      const first = at * 4 + 1;
      if (first >= size) break;
      const end = Math.min(first + 4, size);
      let best = first;
      for (let child = first + 1; child < end; child++) {
        if (times[child] < times[best] || (times[child] === times[best] && turns[child] < turns[best])) best = child;
      }
      if (time < times[best] || (time === times[best] && turn < turns[best])) break;
      times[at] = times[best];
      turns[at] = turns[best];
      traders[at] = traders[best];
      at = best;
    }
    times[at] = time;
    turns[at] = turn;
    traders[at] = trader;
  }
}

/** The smallest collateral · threshold ÷ debt among the borrowers: the top of the heap of those nearest to liquidation. */
function nearestKey(root: Random): number {
  const { borrowers, collateral, threshold, start, healths } = MARKET;
  const keys = Float64Array.from({ length: borrowers }, (_, i) => {
    const drawn = root.split(`params/borrower/${i}`).split('health').uniform();
    const health = healths[0] + (healths[1] - healths[0]) * drawn;
    return (collateral * threshold) / ((collateral * threshold * start) / health);
  });
  return keys.sort()[0];
}

/** Runs the market to the horizon. */
export function marketByHand(seed: number, horizonMs: number): MarketEnd {
  const { traders, liquidators, rate, size, wallet, quoteReserve, start, volatility, windowMs, blockMs } = MARKET;
  const root = randomFrom(seed);
  const streams = Array.from({ length: traders }, (_, i) => root.split(`agent/noise-trader/${i}`));
  const outside = root.split('price/ETH');
  const shift = (-(volatility * volatility) / 2) * years(blockMs);
  const spread = volatility * Math.sqrt(years(blockMs));
  const ethOf = new Float64Array(traders).fill(wallet.ETH * SCALE);
  const usdOf = new Float64Array(traders).fill(wallet.USDC * SCALE);
  const began = new Uint8Array(traders);
  const heap = new Wakes(traders);
  const { times, traders: earliest } = heap;
  /** Orders of the block to come. */
  let capacity = 4_096;
  let actors = new Int32Array(capacity);
  let sellsEth = new Uint8Array(capacity);
  let amounts = new Float64Array(capacity);
  let orders = 0;
  let turn = traders;
  let wakes = 0;
  let trades = 0;
  let refused = 0;
  let base = (quoteReserve / start) * SCALE;
  let quote = quoteReserve * SCALE;
  let fair: number = start;
  const sums = new Float64Array(RING).fill(-windowMs * start);
  let sum = 0;
  let last: number = start;
  let mark: number = start;
  const nearest = nearestKey(root);
  let index = 1;
  let found = 0;

  const grow = () => {
    capacity *= 2;
    const larger = [new Int32Array(capacity), new Uint8Array(capacity), new Float64Array(capacity)] as const;
    larger[0].set(actors);
    larger[1].set(sellsEth);
    larger[2].set(amounts);
    [actors, sellsEth, amounts] = larger;
  };

  const wakeUntil = (limit: number) => {
    for (let now = times[0]; now < limit; now = times[0]) {
      const trader = earliest[0];
      const random = streams[trader];
      wakes++;
      heap.again(now + Math.max(1, Math.round((random.exponential() * HOUR_MS) / rate)), turn++);
      if (began[trader] === 0) {
        began[trader] = 1;
        continue;
      }
      const coin = random.uniform();
      const usd = size * exp(random.normal());
      const sells = coin < 0.5 ? 1 : 0;
      const wanted = sells === 1 ? Math.floor((usd / fair) * SCALE) : Math.floor(usd * SCALE);
      const amount = Math.min(wanted, sells === 1 ? ethOf[trader] : usdOf[trader]);
      if (amount <= 0) continue;
      if (orders === capacity) grow();
      actors[orders] = trader;
      sellsEth[orders] = sells;
      amounts[orders] = amount;
      orders++;
    }
  };

  const execute = () => {
    for (let i = 0; i < orders; i++) {
      const actor = actors[i];
      const amount = amounts[i];
      const sells = sellsEth[i] === 1;
      const [from, to] = sells ? [ethOf, usdOf] : [usdOf, ethOf];
      const bought = sells ? swapOutDown(amount, base, quote, FEE, MILLION) : swapOutDown(amount, quote, base, FEE, MILLION);
      if (bought === 0 || from[actor] < amount) {
        refused++;
        continue;
      }
      from[actor] -= amount;
      to[actor] += bought;
      base += sells ? amount : -bought;
      quote += sells ? -bought : amount;
      trades++;
    }
    orders = 0;
  };

  /** End-of-block prices hold until the next block; the window's mean is a difference of two sums. */
  const observe = (block: number) => {
    sum += last * blockMs;
    last = quote / base;
    sums[block & (RING - 1)] = sum;
    mark = (sum - sums[(block - windowMs / blockMs) & (RING - 1)]) / windowMs;
  };

  for (let block = 1; block * blockMs <= horizonMs; block++) {
    wakeUntil(block * blockMs);
    fair *= exp(shift + spread * outside.normal());
    execute();
    observe(block);
    index *= 1 + INTEREST * years(blockMs);
    // Each liquidator looks twice: the oracle has spoken, and a block has ended.
    for (let looks = 0; looks < 2 * liquidators; looks++) if (nearest <= index / mark) found++;
  }
  wakeUntil(horizonMs + 1);
  if (found > 0) throw new Error(`${found} looks found somebody to liquidate: this market has no takes`);
  return { wakes, trades, refused, base, quote };
}
