/**
 * The matching core of a limit order book: price, then time. Knows ticks, lots and owners; no asset, no fee, no money: whoever calls it
 * moves that. Orders lie in slots, in a queue at each tick and in a list for each owner; everything is written through the journal, so that
 * a bundle that fails leaves the book as it was.
 *
 * Placing and cancelling are O(1), a taker pays O(1) for each order that it meets and O(log₃₂ ticks) for each price; nothing is allocated.
 * Self-trade prevention: a taker stops at an order of its own, and what it has not got by then it does not get.
 */
import { type Column, column, growColumn } from '../base/columns.ts';
import type { Journal } from '../ledger/journal.ts';
import { TickSet } from './tick-set.ts';

/** Ticks that a book has: from 0 to one less than this. */
export const TICKS_MAX = 2 ** 20;
export const BUY = 1;
export const SELL = -1;
export type Side = typeof BUY | typeof SELL;

/** Names a resting order: (number of the slot's use) · 2^24 + slot. Not taken for a later order in the same slot. */
export type OrderId = number;
const SLOT_LIMIT = 2 ** 24;
const NONE = -1;

/** Fields of an order, side by side in one column. */
const WIDTH = 10;
const TICK = 0;
const LOTS = 1;
const OWNER = 2;
const SIDE = 3;
/** Neighbours in the queue of its tick, and among its owner's orders. */
const NEXT = 4;
const PREVIOUS = 5;
const OWNER_NEXT = 6;
const OWNER_PREVIOUS = 7;
/** How often the slot has been used; the next free slot, while it is free. */
const USES = 8;
const FREE_NEXT = 9;

/** Fields of a tick. Zero is empty: slots are counted from 1 in them. */
const TICK_WIDTH = 3;
const FIRST = 0;
const LAST = 1;
const TOTAL = 2;

/** Cells of the book's state. */
const FREE = 0;
const USED = 1;
const BEST_BID = 2;
const BEST_ASK = 3;

/** Hears of each fill of a taker: whose order it met, at which tick, how many lots. */
export type OnFill = (maker: number, tick: number, lots: number) => void;

export class Matching {
  private readonly journal: Journal;
  private readonly orders: Column = column(64 * WIDTH);
  private readonly ticks: Column = column(64 * TICK_WIDTH);
  /** By owner: the first of its orders, from 1. */
  private readonly owners: Column = column(64);
  /** Free slots, slots used, best bid and ask. */
  private readonly state: Column = column(4);
  private readonly bids: TickSet;
  private readonly asks: TickSet;

  constructor(journal: Journal) {
    this.journal = journal;
    this.bids = new TickSet(journal);
    this.asks = new TickSet(journal);
    this.state.data[BEST_BID] = NONE;
    this.state.data[BEST_ASK] = NONE;
  }

  /** Tick of the best bid, −1 without one. */
  get bestBid(): number {
    return this.state.data[BEST_BID];
  }

  /** Tick of the best ask, −1 without one. */
  get bestAsk(): number {
    return this.state.data[BEST_ASK];
  }

  /** Lots that rest at a tick. */
  lotsAt(tick: number): number {
    const { data } = this.ticks;
    const at = tick * TICK_WIDTH + TOTAL;
    return at < data.length ? data[at] : 0;
  }

  /** The next tick with resting orders beyond `tick`, away from the spread; −1 if there is none. @param side  whose orders rest there */
  beyond(side: Side, tick: number): number {
    if (side === BUY) return tick > 0 ? this.bids.atOrBelow(tick - 1) : NONE;
    return this.asks.atOrAbove(tick + 1);
  }

  /** Whether an order at that price would meet one of the other side. */
  crosses(side: Side, tick: number): boolean {
    const best = side === BUY ? this.bestAsk : this.bestBid;
    return best !== NONE && (side === BUY ? tick >= best : tick <= best);
  }

  /**
   * Puts an order behind all others at its tick. The caller has matched what crosses.
   *
   * @param owner  account, ≥ 0
   * @param tick   0 … TICKS_MAX − 1
   * @param lots   whole, > 0
   */
  place(owner: number, side: Side, tick: number, lots: number): OrderId {
    const { journal } = this;
    const slot = this.takeSlot();
    const at = slot * WIDTH;
    growColumn(this.ticks, (tick + 1) * TICK_WIDTH);
    growColumn(this.owners, owner + 1);
    const level = tick * TICK_WIDTH;
    const last = this.ticks.data[level + LAST];
    const first = this.owners.data[owner];
    const { orders, ticks, owners } = this;
    const uses = orders.data[at + USES] + 1;
    journal.set(orders, at + TICK, tick);
    journal.set(orders, at + LOTS, lots);
    journal.set(orders, at + OWNER, owner);
    journal.set(orders, at + SIDE, side);
    journal.set(orders, at + NEXT, 0);
    journal.set(orders, at + PREVIOUS, last);
    journal.set(orders, at + OWNER_NEXT, first);
    journal.set(orders, at + OWNER_PREVIOUS, 0);
    journal.set(orders, at + USES, uses);
    if (last === 0) journal.set(ticks, level + FIRST, slot + 1);
    else journal.set(orders, (last - 1) * WIDTH + NEXT, slot + 1);
    journal.set(ticks, level + LAST, slot + 1);
    if (first !== 0) journal.set(orders, (first - 1) * WIDTH + OWNER_PREVIOUS, slot + 1);
    journal.set(owners, owner, slot + 1);
    const total = ticks.data[level + TOTAL];
    journal.set(ticks, level + TOTAL, total + lots);
    if (total === 0) this.openLevel(side, tick);
    return uses * SLOT_LIMIT + slot;
  }

  /** Lots that were taken from the book with it; −1 if no such order rests. */
  cancel(id: OrderId): number {
    const slot = this.slotOf(id);
    if (slot < 0) return NONE;
    const at = slot * WIDTH;
    const lots = this.orders.data[at + LOTS];
    this.unlink(slot, lots);
    return lots;
  }

  /** Owner of a resting order, −1 if there is none of that number. */
  ownerOf(id: OrderId): number {
    const slot = this.slotOf(id);
    return slot < 0 ? NONE : this.orders.data[slot * WIDTH + OWNER];
  }

  sideOf(id: OrderId): Side {
    return this.orders.data[this.slotOf(id) * WIDTH + SIDE] as Side;
  }

  tickOf(id: OrderId): number {
    return this.orders.data[this.slotOf(id) * WIDTH + TICK];
  }

  lotsOf(id: OrderId): number {
    return this.orders.data[this.slotOf(id) * WIDTH + LOTS];
  }

  /** The owner's order after `id`, or its first one after 0; 0 when there is no more. The latest placed comes first. */
  nextOf(owner: number, id: OrderId): OrderId {
    const { data } = this.orders;
    const slot = id === 0 ? (this.owners.data[owner] ?? 0) : data[this.slotOf(id) * WIDTH + OWNER_NEXT];
    return slot === 0 ? 0 : data[(slot - 1) * WIDTH + USES] * SLOT_LIMIT + slot - 1;
  }

  /**
   * Takes up to `lots` from the other side, the best prices first, none worse than `limit`. Answers the lots got.
   *
   * @param taker   its own orders are where it stops; −1: nobody's
   */
  take(taker: number, side: Side, limit: number, lots: number, onFill: OnFill): number {
    const { orders, ticks, journal } = this;
    let left = lots;
    while (left > 0) {
      const tick = side === BUY ? this.bestAsk : this.bestBid;
      if (tick === NONE || (side === BUY ? tick > limit : tick < limit)) break;
      const level = tick * TICK_WIDTH;
      const slot = ticks.data[level + FIRST] - 1;
      const at = slot * WIDTH;
      const maker = orders.data[at + OWNER];
      if (maker === taker) break;
      const resting = orders.data[at + LOTS];
      const got = resting < left ? resting : left;
      left -= got;
      if (got === resting) this.unlink(slot, resting);
      else {
        journal.set(orders, at + LOTS, resting - got);
        journal.set(ticks, level + TOTAL, ticks.data[level + TOTAL] - got);
      }
      onFill(maker, tick, got);
    }
    return lots - left;
  }

  /** Slot of a resting order, −1 if there is none of that number. */
  private slotOf(id: OrderId): number {
    const slot = id % SLOT_LIMIT;
    const at = slot * WIDTH;
    const { data } = this.orders;
    if (!(id > 0 && slot < this.state.data[USED])) return NONE;
    return data[at + LOTS] > 0 && data[at + USES] === (id - slot) / SLOT_LIMIT ? slot : NONE;
  }

  /** Takes an order out of its queue and its owner's list, and frees its slot. @param lots  that rest in it */
  private unlink(slot: number, lots: number): void {
    const { orders, ticks, owners, state, journal } = this;
    const at = slot * WIDTH;
    const next = orders.data[at + NEXT];
    const previous = orders.data[at + PREVIOUS];
    const ownerNext = orders.data[at + OWNER_NEXT];
    const ownerPrevious = orders.data[at + OWNER_PREVIOUS];
    const tick = orders.data[at + TICK];
    const level = tick * TICK_WIDTH;
    if (previous === 0) journal.set(ticks, level + FIRST, next);
    else journal.set(orders, (previous - 1) * WIDTH + NEXT, next);
    if (next === 0) journal.set(ticks, level + LAST, previous);
    else journal.set(orders, (next - 1) * WIDTH + PREVIOUS, previous);
    if (ownerPrevious === 0) journal.set(owners, orders.data[at + OWNER], ownerNext);
    else journal.set(orders, (ownerPrevious - 1) * WIDTH + OWNER_NEXT, ownerNext);
    if (ownerNext !== 0) journal.set(orders, (ownerNext - 1) * WIDTH + OWNER_PREVIOUS, ownerPrevious);
    const total = ticks.data[level + TOTAL] - lots;
    journal.set(ticks, level + TOTAL, total);
    journal.set(orders, at + LOTS, 0);
    journal.set(orders, at + FREE_NEXT, state.data[FREE]);
    journal.set(state, FREE, slot + 1);
    if (total === 0) this.closeLevel(orders.data[at + SIDE] as Side, tick);
  }

  private openLevel(side: Side, tick: number): void {
    const { state, journal } = this;
    if (side === BUY) {
      this.bids.add(tick);
      if (tick > state.data[BEST_BID]) journal.set(state, BEST_BID, tick);
    } else {
      this.asks.add(tick);
      if (state.data[BEST_ASK] === NONE || tick < state.data[BEST_ASK]) journal.set(state, BEST_ASK, tick);
    }
  }

  private closeLevel(side: Side, tick: number): void {
    const { state, journal } = this;
    if (side === BUY) {
      this.bids.remove(tick);
      if (tick === state.data[BEST_BID]) journal.set(state, BEST_BID, this.bids.atOrBelow(tick));
    } else {
      this.asks.remove(tick);
      if (tick === state.data[BEST_ASK]) journal.set(state, BEST_ASK, this.asks.atOrAbove(tick));
    }
  }

  private takeSlot(): number {
    const { orders, state, journal } = this;
    const free = state.data[FREE];
    if (free !== 0) {
      journal.set(state, FREE, orders.data[(free - 1) * WIDTH + FREE_NEXT]);
      return free - 1;
    }
    const slot = state.data[USED];
    growColumn(orders, (slot + 1) * WIDTH);
    journal.set(state, USED, slot + 1);
    return slot;
  }
}
