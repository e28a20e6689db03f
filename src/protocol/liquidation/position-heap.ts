/**
 * A heap of positions, the smallest key on top, in which a position can be moved or removed, and from which all below a limit can be listed
 * without touching the rest. Four children a node; a key and its position in 16 bytes, since at 10⁵ positions what a move costs is the
 * cache lines it touches. Several heaps share one table of seats: a position is in one of them at a time.
 */
import type { Seats } from './seats.ts';

const ARITY = 4;

export class PositionHeap {
  size = 0;
  /** The entry of slot s: its key at 2s, its position at 4s + 2 of the same bytes. */
  private keys = new Float64Array(32);
  private items = new Int32Array(this.keys.buffer);
  private readonly seats: Seats;

  constructor(seats: Seats) {
    this.seats = seats;
  }

  /** The smallest key; Infinity when empty. */
  get keyMin(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.keys[0];
  }

  /** Puts `position` in, or moves it towards the top if it is here already; a larger key is left for `settle`. Keys are never NaN. */
  put(position: number, key: number): void {
    const slot = this.seats.slotOf(position);
    if (slot < 0) {
      if (this.size * 2 === this.keys.length) this.grow();
      this.up(this.size++, position, key);
    } else if (key < this.seats.keyOf(position)) this.up(slot, position, key);
  }

  /** Moves a position that is here to where its key belongs. */
  settle(position: number, key: number): void {
    this.move(this.seats.slotOf(position), position, key);
  }

  /** Takes out a position that is here. */
  remove(position: number): void {
    const slot = this.seats.slotOf(position);
    this.seats.setSlot(position, -1);
    const last = --this.size;
    if (slot !== last) this.move(slot, this.items[4 * last + 2], this.keys[2 * last]);
  }

  /** Appends every position with key ≤ limit to `out`: O(found), in no order. */
  collect(limit: number, out: number[], slot = 0): void {
    if (slot >= this.size || !(this.keys[2 * slot] <= limit)) return;
    out.push(this.items[4 * slot + 2]);
    const first = slot * ARITY + 1;
    for (let child = first; child < first + ARITY; child++) this.collect(limit, out, child);
  }

  /** Puts what belongs at a slot in use with another key to where that key belongs. */
  private move(slot: number, position: number, key: number): void {
    if (key < this.keys[2 * slot]) this.up(slot, position, key);
    else this.down(slot, position, key);
  }

  private up(from: number, position: number, key: number): void {
    const { keys } = this;
    let slot = from;
    while (slot > 0) {
      const parent = (slot - 1) >> 2;
      if (keys[2 * parent] <= key) break;
      this.set(slot, this.items[4 * parent + 2], keys[2 * parent]);
      slot = parent;
    }
    this.seats.setKey(position, key);
    this.set(slot, position, key);
  }

  private down(from: number, position: number, key: number): void {
    const { keys, size } = this;
    let slot = from;
    for (;;) {
      const first = slot * ARITY + 1;
      if (first >= size) break;
      const end = Math.min(first + ARITY, size);
      let least = first;
      let keyLeast = keys[2 * first];
      for (let child = first + 1; child < end; child++) {
        const other = keys[2 * child];
        if (other < keyLeast) {
          least = child;
          keyLeast = other;
        }
      }
      if (keyLeast >= key) break;
      this.set(slot, this.items[4 * least + 2], keyLeast);
      slot = least;
    }
    this.seats.setKey(position, key);
    this.set(slot, position, key);
  }

  private set(slot: number, position: number, key: number): void {
    this.keys[2 * slot] = key;
    this.items[4 * slot + 2] = position;
    this.seats.setSlot(position, slot);
  }

  private grow(): void {
    const keys = new Float64Array(this.keys.length * 2);
    keys.set(this.keys);
    this.keys = keys;
    this.items = new Int32Array(keys.buffer);
  }
}
