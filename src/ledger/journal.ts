/**
 * The undo log of an atomic bundle. Every number that a bundle may change (balances, positions, totals) lives in a `Column` and is written
 * through `set`; when the bundle fails, `undo` puts the old values back in reverse order, and it is as if nothing had happened (BUNDLE-1).
 * Outside a bundle `set` only writes.
 */
import type { Column } from '../base/columns.ts';
import { assert } from '../base/fault.ts';

export class Journal {
  private readonly columns: Column[] = [];
  private indexes = new Int32Array(256);
  private values = new Float64Array(256);
  private length = 0;
  private recording = false;

  /** Whether a bundle is under way. */
  get open(): boolean {
    return this.recording;
  }

  /** Starts a bundle. Bundles do not nest: a fault if one is under way. */
  begin(): void {
    assert(!this.recording, 'JOURNAL_NESTED');
    this.recording = true;
    this.length = 0;
  }

  /** Writes `value`, remembering the old one if a bundle is under way. */
  set(column: Column, index: number, value: number): void {
    if (this.recording) {
      const at = this.length++;
      if (at === this.values.length) this.grow();
      this.columns[at] = column;
      this.indexes[at] = index;
      this.values[at] = column.data[index];
    }
    column.data[index] = value;
  }

  /** Asks something that may write, and takes back what it wrote: within a bundle, which goes on, or outside one. */
  aside<T>(ask: () => T): T {
    const within = this.recording;
    const from = within ? this.length : 0;
    this.recording = true;
    this.length = from;
    try {
      return ask();
    } finally {
      this.takeBack(from);
      this.recording = within;
    }
  }

  /** Keeps everything the bundle wrote. A fault if none is under way. */
  commit(): void {
    assert(this.recording, 'JOURNAL_CLOSED');
    this.recording = false;
  }

  /** Takes back everything the bundle wrote, last write first. A fault if none is under way: what was kept stays. */
  undo(): void {
    assert(this.recording, 'JOURNAL_CLOSED');
    this.takeBack(0);
    this.recording = false;
  }

  private grow(): void {
    const indexes = new Int32Array(this.indexes.length * 2);
    const values = new Float64Array(this.values.length * 2);
    indexes.set(this.indexes);
    values.set(this.values);
    this.indexes = indexes;
    this.values = values;
  }

  /** Puts back what was written from a place of the log on, last write first. */
  private takeBack(from: number): void {
    for (let at = this.length - 1; at >= from; at--) this.columns[at].data[this.indexes[at]] = this.values[at];
    this.length = from;
  }
}
