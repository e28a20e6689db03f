/**
 * Where each position of an index is: its home (a heap, a list, or none), its slot there, the key it is kept by, and whether it is noted as
 * changed. 16 bytes in one place, since at 10⁵ positions what a look costs is the cache lines it touches.
 */

/** Home of a position that is nowhere. */
export const NOWHERE = -1;

/** 32-bit numbers of a seat: two are the key, then the slot, then the home with the note in its last bit. */
const INTS = 4;
const SLOT = 2;
const HOME = 3;
const SEATS_MIN = 64;

export class Seats {
  private ints = new Int32Array(0);
  private keys = new Float64Array(0);

  get length(): number {
    return this.ints.length / INTS;
  }

  /** Makes room for a position. */
  reach(position: number): void {
    if (position < this.length) return;
    const ints = new Int32Array(Math.max(SEATS_MIN, position + 1, this.length * 2) * INTS);
    ints.set(this.ints);
    for (let at = this.ints.length; at < ints.length; at += INTS) {
      ints[at + SLOT] = -1;
      ints[at + HOME] = NOWHERE << 1;
    }
    this.ints = ints;
    this.keys = new Float64Array(ints.buffer);
  }

  homeOf(position: number): number {
    return this.ints[position * INTS + HOME] >> 1;
  }

  setHome(position: number, home: number): void {
    const at = position * INTS + HOME;
    this.ints[at] = (home << 1) | (this.ints[at] & 1);
  }

  /** Slot in its heap or list; −1 in none. */
  slotOf(position: number): number {
    return this.ints[position * INTS + SLOT];
  }

  setSlot(position: number, slot: number): void {
    this.ints[position * INTS + SLOT] = slot;
  }

  /** Means something while the position is on a heap. */
  keyOf(position: number): number {
    return this.keys[(position * INTS) / 2];
  }

  setKey(position: number, key: number): void {
    this.keys[(position * INTS) / 2] = key;
  }

  /** Notes a position. Answers whether it was not noted before. */
  note(position: number): boolean {
    const at = position * INTS + HOME;
    if ((this.ints[at] & 1) === 1) return false;
    this.ints[at] |= 1;
    return true;
  }

  unnote(position: number): void {
    this.ints[position * INTS + HOME] &= ~1;
  }
}
