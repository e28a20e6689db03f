/**
 * Who waits for which price. A position that a risk engine gives a cushion to cannot be below its level before something it has has fallen,
 * or something it owes has risen, by what the cushion allows: it leaves a trigger at that price on each of them, and nobody looks at it
 * until one is reached. Prices that go and come back reach nothing.
 *
 * Prices are in the settlement asset where there is one, since cash is then the same before and after. What waits on a rise waits on the
 * price with the interest of debts in it. Contracts whose value is in proportion to their mark are priced by it; funding counts, whoever
 * pays it, as a fall and a rise of the mark by what a unit of size has paid since, as part of the lowest mark so far.
 */
import { exp } from '../../base/elementary.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import type { Contract } from '../instrument/contract.ts';
import { type Stamps, TriggerHeap } from './trigger-heap.ts';

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
   * @param fall, rise  how far anything may move against it; > 0
   * @param level       of health, that must not be passed. Up to 1 only moves against what is held or owed lower its health (RISK-2): above
   *                    it both ways count
   */
  set(accounts: AccountsView, position: number, fall: number, rise: number, level: number): boolean;
  /** Voids the triggers of a position. */
  clear(position: number): void;
  /** Appends to `out` everybody of whom a trigger was reached, once; all triggers of theirs are void then. */
  fire(out: number[]): void;
}

/** Largest factor that funding may have come to, of which a part is double counted: then the lowest mark is that of now. */
const WEAR_MAX = 2;

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
  /** By contract: funding paid when it was read, lowest price so far, and the factor that funding has come to. */
  const paid = new Float64Array(contracts.length);
  const lowest = new Float64Array(contracts.length).fill(Number.POSITIVE_INFINITY);
  const wear = new Float64Array(contracts.length).fill(1);
  const stamps: Stamps = { of: new Int32Array(64) };
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

  /** The factor that funding has come to since it was first read. */
  const wearOf = (contract: number, price: number): number => {
    if (price < lowest[contract]) lowest[contract] = price;
    const now = indexes[markets + contract];
    const step = Math.abs(now - paid[contract]);
    paid[contract] = now;
    return step === 0 ? wear[contract] : wear[contract] * (1 + step / lowest[contract]);
  };

  /** Reads anew. Answers whether readings of before mean something. */
  const read = (): boolean => {
    stale = false;
    const unit = settle < 0 ? 1 : reference[settle];
    let sound = true;
    for (let market = 0; market < markets; market++) {
      const price = reference[market] / unit;
      falls[market] = price;
      rises[market] = price * indexes[market];
    }
    for (let contract = 0; contract < contracts.length; contract++) {
      if (!contracts[contract].linear) continue;
      const at = markets + contract;
      const price = reference[at] / unit;
      const factor = wearOf(contract, price);
      if (factor <= WEAR_MAX) wear[contract] = factor;
      else {
        sound = false;
        wear[contract] = 1;
        lowest[contract] = price;
      }
      falls[at] = price / wear[contract];
      rises[at] = price * wear[contract];
    }
    return sound;
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

    set(accounts, position, fall, rise, level) {
      this.clear(position);
      if (stale) read();
      const down = exp(-fall);
      const up = exp(rise);
      const both = level > 1;
      let sound = true;
      for (let market = 0; market < markets && sound; market++) {
        const held = accounts.collateral(position, market) > 0;
        const owed = accounts.debtShares(position, market) > 0;
        if (held || owed) sound = wait(position, market, held || both ? down : 0, owed || both ? up : 0);
      }
      for (let contract = 0; contract < contracts.length && sound; contract++) {
        const size = accounts.size(position, contract);
        // Both ways, whichever side it is on: a move in its favour raises the margin, and funding may have eaten what it gained by it.
        if (size !== 0) sound = wait(position, markets + contract, down, up);
      }
      if (!sound) this.clear(position);
      return sound;
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
    },
  };
}
