/**
 * A heap of positions, the smallest key on top, in which a position can be moved or removed, and from which all below a limit can be listed
 * without touching the rest. Four children a node, keys beside the positions: the columns of performance, not objects. Several heaps share
 * one table of places, since a position is in one of them at a time.
 */

/** Where each position stands in its heap; −1 in none. */
export interface Places {
  slot: Int32Array;
}

const ARITY = 4;

export class PositionHeap {
  size = 0;
  private keys = new Float64Array(16);
  private items = new Int32Array(16);
  private readonly places: Places;

  constructor(places: Places) {
    this.places = places;
  }

  /** The smallest key; Infinity when empty. */
  get keyMin(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.keys[0];
  }

  /** Puts `position` in, or moves it if it is here already. Keys are never NaN. */
  put(position: number, key: number): void {
    let slot = this.places.slot[position];
    if (slot < 0) {
      if (this.size === this.items.length) this.grow();
      slot = this.size++;
    }
    if (this.up(slot, position, key) === slot) this.down(slot, position, key);
  }

  /** Takes out a position that is here. */
  remove(position: number): void {
    const slot = this.places.slot[position];
    this.places.slot[position] = -1;
    const last = --this.size;
    if (slot === last) return;
    const moved = this.items[last];
    const key = this.keys[last];
    if (this.up(slot, moved, key) === slot) this.down(slot, moved, key);
  }

  /** Appends every position with key ≤ limit to `out`: O(found), in no order. */
  collect(limit: number, out: number[], slot = 0): void {
    if (slot >= this.size || !(this.keys[slot] <= limit)) return;
    out.push(this.items[slot]);
    const first = slot * ARITY + 1;
    for (let child = first; child < first + ARITY; child++) this.collect(limit, out, child);
  }

  private up(from: number, position: number, key: number): number {
    let slot = from;
    while (slot > 0) {
      const parent = (slot - 1) >> 2;
      if (this.keys[parent] <= key) break;
      this.set(slot, this.items[parent], this.keys[parent]);
      slot = parent;
    }
    this.set(slot, position, key);
    return slot;
  }

  private down(from: number, position: number, key: number): void {
    let slot = from;
    for (;;) {
      const first = slot * ARITY + 1;
      if (first >= this.size) break;
      const end = Math.min(first + ARITY, this.size);
      let least = first;
      for (let child = first + 1; child < end; child++) if (this.keys[child] < this.keys[least]) least = child;
      if (this.keys[least] >= key) break;
      this.set(slot, this.items[least], this.keys[least]);
      slot = least;
    }
    this.set(slot, position, key);
  }

  private set(slot: number, position: number, key: number): void {
    this.keys[slot] = key;
    this.items[slot] = position;
    this.places.slot[position] = slot;
  }

  private grow(): void {
    const keys = new Float64Array(this.keys.length * 2);
    keys.set(this.keys);
    this.keys = keys;
    const items = new Int32Array(this.items.length * 2);
    items.set(this.items);
    this.items = items;
  }
}
