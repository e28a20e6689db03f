/**
 * Liquidity between ticks: who has how much of it where, what each has earned, and what of it is active as the price moves. Knows roots and
 * whole numbers; no ledger, no tokens. Everything that changes is written through the journal.
 *
 * What a stretch has earned per unit of liquidity is told from counters: one for all fees, and at each tick one for those that fell on the
 * side where the price is not; both modulo 2^256.
 *
 * @source  H. Adams et al., "Uniswap v3 Core" (2021), sections 6.2 and 6.3; Uniswap/v3-core contracts/libraries/Tick.sol, Position.sol
 */
import { type Column, column, growColumn } from '../base/columns.ts';
import type { AccountId } from '../base/units.ts';
import type { Journal } from '../ledger/journal.ts';
import { BigColumn } from './big-column.ts';
import { baseBetween, quoteBetween } from './range-swap.ts';
import type { RangeId } from './ranges.ts';
import { rootAt } from './tick-price.ts';

/** Limbs of 48 bits: roots have 160 bits, liquidity below 128, counters 256. */
const ROOT = 4;
const LIQUIDITY = 3;
const GROWTH = 6;
const GROWTH_BITS = 256;
const NET_BITS = 144;
/** Liquidity of a deposit and of a tick stays below this. */
const LIQUIDITY_MAX = 2n ** 128n - 1n;

const BASE = 0;
const QUOTE = 1;

/** Fields of a deposit. Zero is none: deposits are counted from 1. */
const WIDTH = 4;
const OWNER = 0;
const LOWER = 1;
const UPPER = 2;
const OLDER = 3;

export class RangeState {
  private readonly journal: Journal;
  /** Of the pool: where the price is, the active liquidity, and the counters. */
  private readonly roots: BigColumn;
  private readonly active: BigColumn;
  private readonly growth: BigColumn;
  /** 1 where the price came to a tick from above and crossed it: it is at the tick's price and below it. */
  private readonly under: Column = column(1);
  /** Ticks that were ever a bound, ascending, with their slots; what lies in a slot is written through the journal. */
  private readonly ticks: number[] = [];
  private readonly order: number[] = [];
  private readonly slots = new Map<number, number>();
  private readonly slotRoots: bigint[] = [];
  private readonly gross: BigColumn;
  private readonly net: BigColumn;
  private readonly outside: BigColumn;
  private readonly deposits: Column = column(64 * WIDTH);
  private readonly amounts: BigColumn;
  private readonly last: BigColumn;
  /** By owner: the latest deposit. And how many deposits there ever were. */
  private readonly owners: Column = column(64);
  private readonly made: Column = column(1);

  constructor(journal: Journal) {
    this.journal = journal;
    this.roots = new BigColumn(journal, ROOT);
    this.active = new BigColumn(journal, LIQUIDITY);
    this.growth = new BigColumn(journal, GROWTH);
    this.gross = new BigColumn(journal, LIQUIDITY);
    this.net = new BigColumn(journal, LIQUIDITY);
    this.outside = new BigColumn(journal, GROWTH);
    this.amounts = new BigColumn(journal, LIQUIDITY);
    this.last = new BigColumn(journal, GROWTH);
    for (const cells of [this.roots, this.active]) cells.grow(1);
    this.growth.grow(2);
  }

  get root(): bigint {
    return this.roots.get(0);
  }

  get liquidity(): bigint {
    return this.active.get(0);
  }

  /** Whether the price is at a bound that it crossed downwards. */
  get isUnder(): boolean {
    return this.under.data[0] === 1;
  }

  /** Sets where the price is, before there is anything. */
  start(root: bigint): void {
    this.roots.set(0, root);
  }

  /** Place in the order of bounds of the first one above the price. */
  placeAbove(): number {
    const { root } = this;
    let low = 0;
    let high = this.order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.isAtOrBelow(this.order[middle], root)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The next bound with liquidity from a place of the order on, upwards (1) or downwards (−1); −1 without one. */
  boundFrom(place: number, way: 1 | -1): number {
    let at = place;
    while (at >= 0 && at < this.order.length && this.gross.get(this.order[at]) === 0n) at += way;
    return at >= 0 && at < this.order.length ? at : -1;
  }

  rootOf(place: number): bigint {
    return this.slotRoots[this.order[place]];
  }

  /** What the liquidity changes by when the price rises past a bound. */
  netOf(place: number): bigint {
    return BigInt.asIntN(NET_BITS, this.net.get(this.order[place]));
  }

  /** Fees of a step on the liquidity that was active in it. */
  earn(sellsBase: boolean, fee: bigint, liquidity: bigint): void {
    if (liquidity === 0n || fee === 0n) return;
    const side = sellsBase ? BASE : QUOTE;
    this.growth.set(side, BigInt.asUintN(GROWTH_BITS, this.growth.get(side) + (fee << 128n) / liquidity));
  }

  /** The price passes a bound: what fell on this side of it falls on the other now. */
  cross(place: number): void {
    const slot = this.order[place];
    for (const side of [BASE, QUOTE]) this.setOutside(slot, side, this.growth.get(side) - this.outside.get(2 * slot + side));
  }

  /** Where a swap has ended. */
  arrive(root: bigint, liquidity: bigint, under: boolean): void {
    this.roots.set(0, root);
    this.active.set(0, liquidity);
    const flag = under ? 1 : 0;
    if (this.under.data[0] !== flag) this.journal.set(this.under, 0, flag);
  }

  /** Why a deposit cannot be made is the caller's to see: liquidity between 1 and LIQUIDITY_MAX less what the bounds have. */
  add(owner: AccountId, lower: number, upper: number, liquidity: bigint): RangeId {
    const [low, high] = [this.slotOf(lower), this.slotOf(upper)];
    this.weigh(low, liquidity, liquidity);
    this.weigh(high, liquidity, -liquidity);
    if (this.isActive(low, high)) this.active.set(0, this.liquidity + liquidity);
    const range = this.made.data[0] + 1;
    this.journal.set(this.made, 0, range);
    growColumn(this.deposits, (range + 1) * WIDTH);
    growColumn(this.owners, owner + 1);
    this.amounts.grow(range + 1);
    this.last.grow(2 * (range + 1));
    const fields = [owner, low, high, this.owners.data[owner]];
    for (let i = 0; i < WIDTH; i++) this.journal.set(this.deposits, range * WIDTH + i, fields[i]);
    this.journal.set(this.owners, owner, range);
    this.amounts.set(range, liquidity);
    for (const side of [BASE, QUOTE]) this.last.set(2 * range + side, this.growthWithin(low, high, side));
    return range;
  }

  /** Takes a deposit out. */
  remove(range: RangeId): void {
    const [owner, low, high] = this.fields(range);
    const liquidity = this.amounts.get(range);
    this.weigh(low, -liquidity, -liquidity);
    this.weigh(high, -liquidity, liquidity);
    if (this.isActive(low, high)) this.active.set(0, this.liquidity - liquidity);
    this.amounts.set(range, 0n);
    const older = this.deposits.data[range * WIDTH + OLDER];
    let newer = this.owners.data[owner];
    if (newer === range) {
      this.journal.set(this.owners, owner, older);
      return;
    }
    while (this.deposits.data[newer * WIDTH + OLDER] !== range) newer = this.deposits.data[newer * WIDTH + OLDER];
    this.journal.set(this.deposits, newer * WIDTH + OLDER, older);
  }

  /** Whether it is a deposit of the owner. */
  has(range: RangeId, owner: AccountId): boolean {
    if (!(Number.isInteger(range) && range > 0 && range <= this.made.data[0])) return false;
    return this.deposits.data[range * WIDTH + OWNER] === owner && this.amounts.get(range) > 0n;
  }

  /** Liquidity that bounds may still take. */
  roomAt(lower: number, upper: number): bigint {
    const used = [lower, upper].map((tick) => {
      const slot = this.slots.get(tick);
      return slot === undefined ? 0n : this.gross.get(slot);
    });
    const more = used[0] > used[1] ? used[0] : used[1];
    return LIQUIDITY_MAX - (more > this.liquidity ? more : this.liquidity);
  }

  /** Base and quote units of a deposit now, its fees included, rounded down. */
  worthOf(range: RangeId): readonly [base: bigint, quote: bigint] {
    const [, low, high] = this.fields(range);
    const liquidity = this.amounts.get(range);
    const [a, b] = [this.slotRoots[low], this.slotRoots[high]];
    const { root } = this;
    const at = root < a ? a : root > b ? b : root;
    return [
      baseBetween(at, b, liquidity, false) + this.earnedBy(range, low, high, BASE, liquidity),
      quoteBetween(a, at, liquidity, false) + this.earnedBy(range, low, high, QUOTE, liquidity),
    ];
  }

  liquidityOf(range: RangeId): bigint {
    return this.amounts.get(range);
  }

  /** Roots of a deposit's bounds. */
  boundsOf(range: RangeId): readonly [low: bigint, high: bigint] {
    const [, low, high] = this.fields(range);
    return [this.slotRoots[low], this.slotRoots[high]];
  }

  /** Calls `visit` with each deposit of an owner, the latest first. */
  eachOf(owner: AccountId, visit: (range: RangeId) => void): void {
    let range = owner < this.owners.data.length ? this.owners.data[owner] : 0;
    while (range !== 0) {
      const older = this.deposits.data[range * WIDTH + OLDER];
      visit(range);
      range = older;
    }
  }

  /** Owners are below this. */
  get ownersEnd(): number {
    return this.owners.data.length;
  }

  private fields(range: RangeId): readonly [owner: AccountId, low: number, high: number] {
    const { data } = this.deposits;
    return [data[range * WIDTH + OWNER], data[range * WIDTH + LOWER], data[range * WIDTH + UPPER]];
  }

  private earnedBy(range: RangeId, low: number, high: number, side: number, liquidity: bigint): bigint {
    const since = BigInt.asUintN(GROWTH_BITS, this.growthWithin(low, high, side) - this.last.get(2 * range + side));
    return (since * liquidity) >> 128n;
  }

  private growthWithin(low: number, high: number, side: number): bigint {
    const all = this.growth.get(side);
    const { root } = this;
    const [atLow, atHigh] = [this.outside.get(2 * low + side), this.outside.get(2 * high + side)];
    const below = this.isAtOrBelow(low, root) ? atLow : all - atLow;
    const above = this.isAtOrBelow(high, root) ? all - atHigh : atHigh;
    return BigInt.asUintN(GROWTH_BITS, all - below - above);
  }

  private isActive(low: number, high: number): boolean {
    const { root } = this;
    return this.isAtOrBelow(low, root) && !this.isAtOrBelow(high, root);
  }

  /** Whether a bound is at the price or below it. */
  private isAtOrBelow(slot: number, root: bigint): boolean {
    const bound = this.slotRoots[slot];
    return bound < root || (bound === root && !this.isUnder);
  }

  /** The slot of a tick, a new one if it has none yet. */
  private slotOf(tick: number): number {
    const known = this.slots.get(tick);
    if (known !== undefined) return known;
    const slot = this.slotRoots.length;
    this.slots.set(tick, slot);
    this.slotRoots.push(rootAt(tick));
    let place = this.ticks.length;
    while (place > 0 && this.ticks[place - 1] > tick) place--;
    this.ticks.splice(place, 0, tick);
    this.order.splice(place, 0, slot);
    this.gross.grow(slot + 1);
    this.net.grow(slot + 1);
    this.outside.grow(2 * (slot + 1));
    return slot;
  }

  /** Changes the liquidity that has its bound there. What its counters begin with is of no account: only differences are ever paid. */
  private weigh(slot: number, gross: bigint, net: bigint): void {
    this.gross.set(slot, this.gross.get(slot) + gross);
    this.net.set(slot, BigInt.asUintN(NET_BITS, this.net.get(slot) + net));
  }

  private setOutside(slot: number, side: number, value: bigint): void {
    this.outside.set(2 * slot + side, BigInt.asUintN(GROWTH_BITS, value));
  }
}
