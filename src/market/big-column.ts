/**
 * A column of whole numbers that no float64 holds, written through the journal: each lies in several cells of 48 bits. A number that was
 * read lately is not put together again unless its cells have changed.
 */
import { type Column, column, growColumn } from '../base/columns.ts';
import type { Journal } from '../ledger/journal.ts';

const LIMB = 48n;
const MASK = 2n ** LIMB - 1n;

export class BigColumn {
  private readonly journal: Journal;
  /** Cells to a number; numbers are kept modulo 2^(48 · limbs), so ≥ 0. */
  private readonly limbs: number;
  private readonly cells: Column = column(0);
  /** The numbers last read, and the cells that they were read from. */
  private readonly known: bigint[] = [];
  private seen = new Float64Array(0);

  constructor(journal: Journal, limbs: number) {
    this.journal = journal;
    this.limbs = limbs;
  }

  /** Room for `length` numbers; new ones are 0. */
  grow(length: number): void {
    growColumn(this.cells, length * this.limbs);
  }

  get(index: number): bigint {
    const { limbs, seen } = this;
    const { data } = this.cells;
    const from = index * limbs;
    const known = this.known[index];
    if (known !== undefined && from + limbs <= seen.length) {
      let same = true;
      for (let i = from; i < from + limbs && same; i++) same = seen[i] === data[i];
      if (same) return known;
    }
    let value = 0n;
    for (let i = from + limbs - 1; i >= from; i--) value = (value << LIMB) | BigInt(data[i]);
    return this.learn(index, value);
  }

  set(index: number, value: bigint): void {
    const { journal, cells, limbs } = this;
    const from = index * limbs;
    let left = value;
    for (let i = from; i < from + limbs; i++) {
      const limb = Number(left & MASK);
      if (cells.data[i] !== limb) journal.set(cells, i, limb);
      left >>= LIMB;
    }
    if (left === 0n) this.learn(index, value);
  }

  private learn(index: number, value: bigint): bigint {
    const { limbs } = this;
    const { data } = this.cells;
    const from = index * limbs;
    if (this.seen.length < data.length) {
      const wider = new Float64Array(data.length);
      wider.set(this.seen);
      this.seen = wider;
    }
    for (let i = from; i < from + limbs; i++) this.seen[i] = data[i];
    this.known[index] = value;
    return value;
  }
}
