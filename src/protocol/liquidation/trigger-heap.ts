/**
 * A heap of triggers, the smallest key on top: who waits for a number to rise to a key. A trigger is never taken out: when its position
 * gets others, its stamp is no longer the position's, and it is dropped where it surfaces or when the heap is full. So setting one costs a
 * few comparisons, however many there are.
 */

/** The stamp that the triggers of each position must bear to count. */
export interface Stamps {
  of: Int32Array;
}

const ARITY = 4;

export class TriggerHeap {
  size = 0;
  private keys = new Float64Array(16);
  private items = new Int32Array(16);
  private stamped = new Int32Array(16);
  private readonly stamps: Stamps;

  constructor(stamps: Stamps) {
    this.stamps = stamps;
  }

  /** Adds a trigger of the position's present stamp. Keys are never NaN. */
  push(position: number, key: number): void {
    if (this.size === this.items.length) this.makeRoom();
    let slot = this.size++;
    while (slot > 0) {
      const parent = (slot - 1) >> 2;
      if (this.keys[parent] <= key) break;
      this.copy(parent, slot);
      slot = parent;
    }
    this.write(slot, position, this.stamps.of[position], key);
  }

  /** Takes out every trigger with key ≤ limit; appends to `out` the positions of those that count, and voids all their triggers. */
  fire(limit: number, out: number[]): void {
    const { of } = this.stamps;
    while (this.size > 0 && this.keys[0] <= limit) {
      const position = this.items[0];
      if (this.stamped[0] === of[position]) {
        of[position]++;
        out.push(position);
      }
      this.size--;
      if (this.size > 0) this.sink(0, this.items[this.size], this.stamped[this.size], this.keys[this.size]);
    }
  }

  /** Drops what no longer counts; grows if that was less than half. */
  private makeRoom(): void {
    let kept = 0;
    for (let slot = 0; slot < this.size; slot++) {
      if (this.stamped[slot] !== this.stamps.of[this.items[slot]]) continue;
      this.copy(slot, kept++);
    }
    this.size = kept;
    for (let slot = (kept - 2) >> 2; slot >= 0; slot--) this.sink(slot, this.items[slot], this.stamped[slot], this.keys[slot]);
    if (kept * 2 <= this.items.length) return;
    const length = this.items.length * 2;
    this.keys = larger(new Float64Array(length), this.keys);
    this.items = larger(new Int32Array(length), this.items);
    this.stamped = larger(new Int32Array(length), this.stamped);
  }

  /** Puts a trigger at a slot or below it. */
  private sink(from: number, position: number, stamp: number, key: number): void {
    let slot = from;
    for (;;) {
      const first = slot * ARITY + 1;
      if (first >= this.size) break;
      const end = Math.min(first + ARITY, this.size);
      let least = first;
      for (let child = first + 1; child < end; child++) if (this.keys[child] < this.keys[least]) least = child;
      if (this.keys[least] >= key) break;
      this.copy(least, slot);
      slot = least;
    }
    this.write(slot, position, stamp, key);
  }

  private copy(from: number, to: number): void {
    this.write(to, this.items[from], this.stamped[from], this.keys[from]);
  }

  private write(slot: number, position: number, stamp: number, key: number): void {
    this.keys[slot] = key;
    this.items[slot] = position;
    this.stamped[slot] = stamp;
  }
}

function larger<T extends Float64Array | Int32Array>(next: T, old: T): T {
  next.set(old);
  return next;
}
