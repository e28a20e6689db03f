/**
 * Who waits for which price. A position that a risk engine gives a cushion to cannot be below its level before something it has has fallen,
 * or something it owes has risen, by what the cushion allows: it leaves a trigger at that price on each of them, and nobody looks at it
 * until one is reached. Prices that go and come back reach nothing.
 *
 * Prices are in the settlement asset where there is one, since cash is then the same before and after. What waits on a rise waits on the
 * price with the interest of debts in it. Contracts whose value is in proportion to their mark are priced by it. Funding that has been
 * paid no price brings back: whoever holds contracts waits on it by itself, whoever pays it, as what a unit of size of the worst contract
 * has paid as part of its lowest price so far.
 */
import { exp } from '../../base/elementary.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import type { Contract } from '../instrument/contract.ts';
import { type Stamps, TriggerHeap } from './trigger-heap.ts';

/** How far things may move, in logarithms: marks of what it has, marks of what it owes, and what funding may cost. */
export interface Moves {
  fall: number;
  rise: number;
  funding: number;
}

export interface Triggers {
  /** The last valid mark of each market and contract: what cushions are relative to. */
  readonly marks: Marks;
  /**
   * Takes in where marks, interest and funding stand. Answers `same` when nothing differs from the last time, `moved`, or `voided`: what
   * funding has cost can no longer be told from the readings, and everybody must leave triggers anew.
   */
  advance(accounts: AccountsView, marks: Marks): 'same' | 'moved' | 'voided';
  /**
   * Puts the triggers of a position where they belong for these moves, in logarithms, of anything it holds; earlier ones are void. Answers
   * false, and leaves none, where something it holds has no price.
   *
   * @param allowed  how far anything may move against it; all > 0
   * @param level    of health, that must not be passed. Up to 1 only moves against a position lower its health (RISK-2): above it both
   *                 ways count
   */
  set(accounts: AccountsView, position: number, allowed: Moves, level: number): boolean;
  /** Whether anybody has ever waited. Until then `advance` need not be asked at every step. */
  readonly used: boolean;
  /** Voids the triggers of a position. */
  clear(position: number): void;
  /** Appends to `out` everybody of whom a trigger was reached, once; all triggers of theirs are void then. */
  fire(out: number[]): void;
}

/** Factor that funding may have come to before it is counted from 1 again, against prices of then. */
const FUNDED_MAX = 2;

/** Faults: none. @param settle market of the settlement asset, −1 for none */
export function createTriggers(markets: number, contracts: readonly Contract[], settle: number): Triggers {
  const width = markets + contracts.length;
  const reference = new Float64Array(width).fill(Number.NaN);
  /** Marks, and interest or funding, as they were at the last look. */
  const seen = new Float64Array(width).fill(Number.NaN);
  const indexes = new Float64Array(width).fill(1);
  /** Where each mark stands for those who wait for a fall, and for a rise. */
  const falls = new Float64Array(width).fill(Number.NaN);
  const rises = new Float64Array(width).fill(Number.NaN);
  /** Whether they are of another time: nobody reads them while nobody waits. */
  let stale = true;
  /** By contract: funding paid when it was read, and lowest price so far. */
  const paid = new Float64Array(contracts.length);
  const lowest = new Float64Array(contracts.length).fill(Number.POSITIVE_INFINITY);
  /** The factor that the worst funding has come to. */
  let funded = 1;
  const stamps: Stamps = { of: new Int32Array(64) };
  const onFunding = new TriggerHeap(stamps);
  /** By 2 · mark, + 1 for a rise; made when first needed. `waiting` lists those that exist. */
  const heaps: (TriggerHeap | undefined)[] = Array.from({ length: 2 * width }, () => undefined);
  const waiting: number[] = [];

  const heapOf = (at: number): TriggerHeap => {
    let heap = heaps[at];
    if (heap === undefined) {
      heap = new TriggerHeap(stamps);
      heaps[at] = heap;
      waiting.push(at);
    }
    return heap;
  };

  /** Whether a number stands where it did, NaN included. */
  const same = (now: number, before: number) => now === before || (Number.isNaN(now) && Number.isNaN(before));

  /** Reads prices anew. Answers whether triggers of before mean something. */
  const read = (): boolean => {
    stale = false;
    const unit = settle < 0 ? 1 : reference[settle];
    for (let market = 0; market < markets; market++) {
      falls[market] = reference[market] / unit;
      rises[market] = falls[market] * indexes[market];
    }
    let worst = 0;
    for (let contract = 0; contract < contracts.length; contract++) {
      if (!contracts[contract].linear) continue;
      const at = markets + contract;
      const price = reference[at] / unit;
      falls[at] = price;
      rises[at] = price;
      if (price < lowest[contract]) lowest[contract] = price;
      const step = Math.abs(indexes[at] - paid[contract]);
      paid[contract] = indexes[at];
      if (step > 0) worst = Math.max(worst, step / lowest[contract]);
    }
    if (worst > 0) funded *= 1 + worst;
    if (funded <= FUNDED_MAX) return true;
    funded = 1;
    lowest.fill(Number.POSITIVE_INFINITY);
    for (let contract = 0; contract < contracts.length; contract++) {
      if (falls[markets + contract] >= 0) lowest[contract] = falls[markets + contract];
    }
    return false;
  };

  const wait = (position: number, mark: number, fall: number, rise: number): boolean => {
    // What never had a price bounds nothing, and from a price of 0 every rise is too far.
    if (!(falls[mark] >= 0 && (rise === 0 || rises[mark] > 0))) return false;
    if (fall > 0) heapOf(2 * mark).push(position, -falls[mark] * fall);
    if (rise > 0) heapOf(2 * mark + 1).push(position, rises[mark] * rise);
    return true;
  };

  return {
    marks: reference,

    advance(accounts, marks) {
      let moved = false;
      for (let mark = 0; mark < width; mark++) {
        const contract = mark - markets;
        if (contract >= 0 && !contracts[contract].linear) continue;
        const now = marks[mark];
        const index = contract < 0 ? accounts.debtIndex(mark) : accounts.fundingIndexOf(contract);
        if (index === indexes[mark] && same(now, seen[mark])) continue;
        moved = true;
        seen[mark] = now;
        indexes[mark] = index;
        // Without a valid mark nobody can be judged by it; the last valid one stays.
        if (!Number.isNaN(now)) reference[mark] = now;
      }
      if (!moved) return 'same';
      stale = true;
      return waiting.length === 0 || read() ? 'moved' : 'voided';
    },

    set(accounts, position, { fall, rise, funding }, level) {
      this.clear(position);
      if (stale) read();
      const down = exp(-fall);
      const up = exp(rise);
      let trades = false;
      const both = level > 1;
      let sound = true;
      for (let market = 0; market < markets && sound; market++) {
        const held = accounts.collateral(position, market) > 0;
        const owed = accounts.debtShares(position, market) > 0;
        if (held || owed) sound = wait(position, market, held || both ? down : 0, owed || both ? up : 0);
      }
      for (let contract = 0; contract < contracts.length && sound; contract++) {
        const size = accounts.size(position, contract);
        if (size === 0) continue;
        trades = true;
        sound = wait(position, markets + contract, size > 0 || both ? down : 0, size < 0 || both ? up : 0);
      }
      if (trades) onFunding.push(position, funded * exp(funding));
      if (!sound) this.clear(position);
      return sound;
    },

    get used() {
      return waiting.length > 0;
    },

    clear(position) {
      if (position >= stamps.of.length) {
        const longer = new Int32Array(Math.max(position + 1, stamps.of.length * 2));
        longer.set(stamps.of);
        stamps.of = longer;
      }
      stamps.of[position]++;
    },

    fire(out) {
      for (const at of waiting) {
        const limit = at % 2 === 0 ? -falls[at >> 1] : rises[at >> 1];
        (heaps[at] as TriggerHeap).fire(limit, out);
      }
      onFunding.fire(funded, out);
    },
  };
}
