/**
 * A set of ticks, of which the nearest above or below any tick is found in a few steps: one bit a tick, one bit for each word of those that
 * is not empty, and so on, 32 to a word. O(log₃₂ of the largest tick); written through the journal, so that a bundle that fails leaves no
 * trace.
 */
import { type Column, column, growColumn } from '../base/columns.ts';
import type { Journal } from '../ledger/journal.ts';

/** Five bits of a tick each: 2^25 ticks. */
const LEVELS = 5;
const NONE = -1;

export class TickSet {
  private readonly journal: Journal;
  /** Level 0 has a bit for each tick; level i a bit for each word of level i − 1. Words are signed 32-bit integers. */
  private readonly levels: readonly Column[] = Array.from({ length: LEVELS }, () => column(1));

  constructor(journal: Journal) {
    this.journal = journal;
  }

  has(tick: number): boolean {
    const word = tick >> 5;
    const { data } = this.levels[0];
    return word < data.length && ((data[word] >> (tick & 31)) & 1) === 1;
  }

  /** @param tick  0 … 2^25 − 1 */
  add(tick: number): void {
    let place = tick;
    for (let level = 0; level < LEVELS; level++) {
      const words = this.levels[level];
      const word = place >> 5;
      if (word >= words.data.length) growColumn(words, word + 1);
      const before = words.data[word];
      this.journal.set(words, word, before | (1 << (place & 31)));
      // A word that was not empty is known above.
      if (before !== 0) return;
      place = word;
    }
  }

  remove(tick: number): void {
    let place = tick;
    for (let level = 0; level < LEVELS; level++) {
      const words = this.levels[level];
      const word = place >> 5;
      const left = words.data[word] & ~(1 << (place & 31));
      this.journal.set(words, word, left);
      if (left !== 0) return;
      place = word;
    }
  }

  /** The least tick ≥ `tick` of the set, −1 if there is none. */
  atOrAbove(tick: number): number {
    let place = tick;
    for (let level = 0; level < LEVELS; level++) {
      const { data } = this.levels[level];
      const word = place >> 5;
      const bits = word < data.length ? data[word] & (-1 << (place & 31)) : 0;
      if (bits !== 0) return this.lowestBelow(level, (word << 5) | lowestBit(bits));
      // Nothing more in this word: the next one, as the level above knows it.
      place = word + 1;
    }
    return NONE;
  }

  /** The greatest tick ≤ `tick` of the set, −1 if there is none. */
  atOrBelow(tick: number): number {
    let place = tick;
    for (let level = 0; level < LEVELS && place >= 0; level++) {
      const { data } = this.levels[level];
      const last = data.length * 32 - 1;
      if (place > last) place = last;
      const word = place >> 5;
      const bits = data[word] & (-1 >>> (31 - (place & 31)));
      if (bits !== 0) return this.highestBelow(level, (word << 5) | highestBit(bits));
      place = word - 1;
    }
    return NONE;
  }

  /** The least tick under a bit of a level. */
  private lowestBelow(level: number, place: number): number {
    let found = place;
    for (let below = level - 1; below >= 0; below--) found = (found << 5) | lowestBit(this.levels[below].data[found]);
    return found;
  }

  private highestBelow(level: number, place: number): number {
    let found = place;
    for (let below = level - 1; below >= 0; below--) found = (found << 5) | highestBit(this.levels[below].data[found]);
    return found;
  }
}

/** Place of the lowest bit of a word that has one. */
function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

function highestBit(bits: number): number {
  return 31 - Math.clz32(bits);
}
