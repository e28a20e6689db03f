/**
 * The agenda: a tournament over slots, ordered totally by (time, priority, sequence number), whose entries can be cancelled. Knows no
 * event, only the slot in which its owner keeps one.
 *
 * Each slot is a leaf of a tree with four children to a node; each node names the earliest entry below it. An entry that comes or goes
 * replays the matches on its way to the top, and nothing is moved: O(log n) in the largest number of entries that ever waited. Tree
 * selection: D. E. Knuth, The Art of Computer Programming 3, 5.2.3.
 */
import { fault } from '../base/fault.ts';
import type { Ms } from '../base/units.ts';
import { PRIORITY_MAX } from './priority.ts';

/**
 * Names a scheduled event: (sequence number mod 2^29) · 2^24 + slot. Valid until the event runs or is cancelled, and never taken for a
 * later one (but for one in the same slot exactly a multiple of 2^29 numbers later).
 */
export type EventId = number;

/** Sequence numbers stay below 2^45, so that priority · 2^45 + seq is exact: 3.5 · 10^13 events. */
export const SEQUENCE_LIMIT = 2 ** 45;
const SLOT_LIMIT = 2 ** 24;
const ID_SEQUENCES = 2 ** 29 - 1;
const NO_SLOT = -1;

export class EventQueue {
  /** Inner nodes. Node n has the children 4n+1 … 4n+4; the numbers from `nodes` on are the leaves, one for each slot. */
  private nodes: number;
  /** By node: twice the slot of the earliest entry below it, which is where its key stands. */
  private winners: Int32Array;
  /** By slot: time, then priority · 2^45 + seq. The time is Infinity where nothing waits. Side by side, since they are read together. */
  private keys: Float64Array;
  /** Slots that were used and wait for a new entry, the latest on top. */
  private free: Int32Array;
  private freeCount = 0;
  private slotCount = 0;
  /** The slot taken last, if its key still stands in the tree: the next push may take its place, and saves one of two replays. */
  private hole = NO_SLOT;
  /** Of the entry taken last. */
  time: Ms = 0;
  priority = 0;
  sequence = 0;

  /** @param nodes  inner nodes to begin with: places for 3 · nodes + 1 entries; doubled when they do not suffice */
  constructor(nodes = 21) {
    this.nodes = nodes;
    this.winners = new Int32Array(0);
    this.keys = new Float64Array(0);
    this.free = new Int32Array(0);
    this.build();
  }

  /** Entries that will still be taken. */
  get pending(): number {
    return this.slotCount - this.freeCount - (this.hole === NO_SLOT ? 0 : 1);
  }

  /** Slots ever used: an upper bound for the owner's columns. */
  get slotsUsed(): number {
    return this.slotCount;
  }

  /**
   * Adds an entry and returns its slot. `sequence` must not repeat; `idOf` names the entry.
   *
   * @throws  QUEUE_KEY (time not below Infinity, priority not in 0 … 255, sequence too large) · QUEUE_FULL (2^24 entries wait)
   */
  push(time: Ms, priority: number, sequence: number): number {
    if (!(time < Infinity && priority >= 0 && priority <= PRIORITY_MAX && sequence < SEQUENCE_LIMIT))
      fault('QUEUE_KEY', { time, priority, sequence });
    const rank = priority * SEQUENCE_LIMIT + sequence;
    const slot = this.hole;
    if (slot === NO_SLOT) return this.add(time, rank);
    this.hole = NO_SLOT;
    this.keys[slot * 2] = time;
    this.keys[slot * 2 + 1] = rank;
    this.replay(slot);
    return slot;
  }

  /** Id of the entry that now holds `slot`. */
  idOf(slot: number): EventId {
    return (this.keys[slot * 2 + 1] & ID_SEQUENCES) * SLOT_LIMIT + slot;
  }

  /** The slot that an id names, or −1 if its entry was taken or cancelled (or never was). */
  slotOf(id: EventId): number {
    const slot = id - Math.floor(id / SLOT_LIMIT) * SLOT_LIMIT;
    if (!(Number.isInteger(slot) && slot < this.slotCount && slot !== this.hole && this.keys[slot * 2] < Infinity)) return NO_SLOT;
    return this.idOf(slot) === id ? slot : NO_SLOT;
  }

  /** Takes an entry back. True only if it was still pending. */
  cancel(id: EventId): boolean {
    const slot = this.slotOf(id);
    if (slot === NO_SLOT) return false;
    this.vacate(slot);
    return true;
  }

  /** Time of the earliest entry; Infinity if there is none. */
  nextTime(): Ms {
    if (this.hole !== NO_SLOT) this.close();
    return this.keys[this.winners[0]];
  }

  /**
   * Takes the earliest entry if its time is at most `until`: its slot, or −1. `time`, `priority` and `sequence` then describe it. The slot
   * may be given to the next push: read the owner's columns first.
   */
  pop(until: Ms = Infinity): number {
    if (this.hole !== NO_SLOT) this.close();
    const first = this.winners[0];
    const time = this.keys[first];
    if (time > until || time === Infinity) return NO_SLOT;
    const rank = this.keys[first + 1];
    const priority = Math.floor(rank / SEQUENCE_LIMIT);
    this.time = time;
    this.priority = priority;
    this.sequence = rank - priority * SEQUENCE_LIMIT;
    this.hole = first >> 1;
    return first >> 1;
  }

  /** Nothing took the place of the entry taken last. */
  private close(): void {
    const slot = this.hole;
    this.hole = NO_SLOT;
    this.vacate(slot);
  }

  private vacate(slot: number): void {
    this.keys[slot * 2] = Infinity;
    this.free[this.freeCount++] = slot;
    // Whoever has lost its first round already is named nowhere above.
    if (this.winners[(this.nodes + slot - 1) >> 2] === slot * 2) this.replay(slot);
  }

  /** An entry for a slot in which nothing waits: it rises only as far as it is the earliest, which is seldom far. */
  private add(time: Ms, rank: number): number {
    const slot = this.freeCount > 0 ? this.free[--this.freeCount] : this.newSlot();
    const { winners, keys } = this;
    const self = slot * 2;
    keys[self] = time;
    keys[self + 1] = rank;
    let node = this.nodes + slot;
    while (node > 0) {
      node = (node - 1) >> 2;
      const other = winners[node];
      if (keys[other] < time || (keys[other] === time && keys[other + 1] < rank)) break;
      winners[node] = self;
    }
    return slot;
  }

  /**
   * Plays the matches of a slot whose key has changed, up to the top. The path is known beforehand, so its memory is fetched side by
   * side; and whoever wins a match is chosen by arithmetic, with the comparison's bit as a mask, so there is no branch to mispredict: on
   * random times that is most of the cost of a heap. The three siblings play first, which leaves the newcomer one match a node to wait
   * for.
   */
  private replay(slot: number): void {
    const { winners, keys } = this;
    let node = (this.nodes + slot) | 0;
    let best = slot << 1;
    do {
      const parent = (node - 1) >> 2;
      const family = parent * 4 + 1;
      const own = node - family;
      const a = winners[family + (own ^ 1)];
      const b = winners[family + (own ^ 2)];
      const c = winners[family + (own ^ 3)];
      const ab = a ^ ((a ^ b) & -firstBit(keys[b], keys[a], keys[b + 1], keys[a + 1]));
      const abc = ab ^ ((ab ^ c) & -firstBit(keys[c], keys[ab], keys[c + 1], keys[ab + 1]));
      best = best ^ ((best ^ abc) & -firstBit(keys[abc], keys[best], keys[abc + 1], keys[best + 1]));
      winners[parent] = best;
      node = parent;
    } while (node > 0);
  }

  private newSlot(): number {
    if (this.slotCount === SLOT_LIMIT) fault('QUEUE_FULL', { pending: this.pending });
    if (this.slotCount === this.free.length) {
      this.nodes *= 2;
      this.build();
    }
    this.slotCount += 1;
    return this.slotCount - 1;
  }

  /** The tree of `nodes` inner nodes over the keys that there are: O(slots), paid for by the pushes that led here. */
  private build(): void {
    const slots = this.nodes * 3 + 1;
    const keys = new Float64Array(slots * 2).fill(Infinity);
    const winners = new Int32Array(this.nodes + slots);
    keys.set(this.keys);
    for (let slot = 0; slot < slots; slot += 1) winners[this.nodes + slot] = slot * 2;
    for (let node = this.nodes - 1; node >= 0; node -= 1) {
      let best = winners[node * 4 + 1];
      for (let child = node * 4 + 2; child <= node * 4 + 4; child += 1) {
        const other = winners[child];
        if (firstBit(keys[other], keys[best], keys[other + 1], keys[best + 1]) === 1) best = other;
      }
      winners[node] = best;
    }
    this.keys = keys;
    // Nothing is lost: a new slot is made only when none is free.
    this.free = new Int32Array(slots);
    this.winners = winners;
  }
}

/** 1 if the first key is the earlier, else 0; written so that it compiles to no branch. */
function firstBit(time: Ms, otherTime: Ms, rank: number, otherRank: number): number {
  return Number(time < otherTime) | 0 | ((Number(time === otherTime) | 0) & (Number(rank < otherRank) | 0));
}
