/**
 * The agenda: a 4-ary heap in typed arrays, ordered totally by (time, priority, sequence number), whose entries can be cancelled. Knows no
 * event, only the slot in which its owner keeps one. Cancelled entries stay until they reach the top or outnumber the living; then
 * the heap is rebuilt without them.
 *
 * Idea of the key: SimPy `core.py`. Shape: D. B. Johnson's d-ary heap (1975); four children share a cache line of times.
 */
import { fault } from '../base/fault.ts';
import type { Ms } from '../base/units.ts';
import { PRIORITY_MAX } from './priority.ts';

/** Names a scheduled event: generation · 2^24 + slot. Valid until the event runs or is cancelled, and never taken for a later one (2^29 reuses of a slot apart). */
export type EventId = number;

/** Sequence numbers stay below 2^45, so that priority · 2^45 + seq is exact: 3.5 · 10^13 events. */
export const SEQUENCE_LIMIT = 2 ** 45;
const SLOT_LIMIT = 2 ** 24;
const GENERATION_LIMIT = 2 ** 29;
const NO_SLOT = -1;
/** Families of the positions above this one are 2,048 times: 16 kB, half of a first-level cache. Measured: 512 is best at 10^6 entries, and no worse below 10^4. */
const NEAR_TOP = 512;

export class EventQueue {
  /** Heap order: time, priority · 2^45 + seq, slot. */
  private times: Float64Array;
  private ranks: Float64Array;
  private slots: Int32Array;
  private size = 0;
  /** Position 0 is empty: its entry was taken and nothing has taken its place yet. The next push may, and saves one of two sifts. */
  private hole = false;
  /** By slot: which life it is in; odd while the entry is pending. */
  private generations: Int32Array;
  private free: Int32Array;
  private freeCount = 0;
  private slotCount = 0;
  private cancelled = 0;
  /** Of the entry taken last. */
  time: Ms = 0;
  priority = 0;
  sequence = 0;

  constructor(capacity = 64) {
    this.times = new Float64Array(capacity);
    this.ranks = new Float64Array(capacity);
    this.slots = new Int32Array(capacity);
    this.generations = new Int32Array(capacity);
    this.free = new Int32Array(capacity);
  }

  /** Entries that will still be taken. */
  get pending(): number {
    return this.size - this.cancelled - (this.hole ? 1 : 0);
  }

  /** Slots ever used: an upper bound for the owner's columns. */
  get slotsUsed(): number {
    return this.slotCount;
  }

  /** Adds an entry and returns its slot. `sequence` must not repeat; `idOf` names the entry. */
  push(time: Ms, priority: number, sequence: number): number {
    if (!(priority >= 0 && priority <= PRIORITY_MAX && sequence < SEQUENCE_LIMIT)) fault('QUEUE_KEY', { priority, sequence });
    const slot = this.freeCount > 0 ? this.free[--this.freeCount] : this.newSlot();
    this.generations[slot] += 1;
    const rank = priority * SEQUENCE_LIMIT + sequence;
    if (this.hole) {
      this.hole = false;
      this.siftDown(0, time, rank, slot);
    } else {
      if (this.size === this.times.length) this.grow();
      this.siftUp(this.size, time, rank, slot);
      this.size += 1;
    }
    return slot;
  }

  /** Id of the entry that now holds `slot`. */
  idOf(slot: number): EventId {
    return this.generations[slot] * SLOT_LIMIT + slot;
  }

  /** The slot that an id names, or −1 if its entry was taken or cancelled (or never was). */
  slotOf(id: EventId): number {
    const generation = Math.floor(id / SLOT_LIMIT);
    const slot = id - generation * SLOT_LIMIT;
    return slot >= 0 && slot < this.slotCount && this.generations[slot] === generation && (generation & 1) === 1 ? slot : NO_SLOT;
  }

  /** Takes an entry back. True only if it was still pending. */
  cancel(id: EventId): boolean {
    const slot = this.slotOf(id);
    if (slot === NO_SLOT) return false;
    this.retire(slot);
    this.cancelled += 1;
    if (this.cancelled > 32 && this.cancelled * 2 > this.size) this.compact();
    return true;
  }

  /** Time of the earliest entry; Infinity if there is none. */
  nextTime(): Ms {
    this.settleTop();
    return this.size === 0 ? Infinity : this.times[0];
  }

  /**
   * Takes the earliest entry if its time is at most `until`: its slot, or −1. `time`, `priority` and `sequence` then describe it. The slot
   * may be given to the next push: read the owner's columns first.
   */
  pop(until: Ms = Infinity): number {
    this.settleTop();
    if (this.size === 0) return NO_SLOT;
    const time = this.times[0];
    if (time > until) return NO_SLOT;
    const slot = this.slots[0];
    const rank = this.ranks[0];
    this.time = time;
    this.priority = Math.floor(rank / SEQUENCE_LIMIT);
    this.sequence = rank - this.priority * SEQUENCE_LIMIT;
    this.retire(slot);
    this.free[this.freeCount++] = slot;
    this.hole = true;
    return slot;
  }

  /** Closes the hole and drops cancelled entries until the top is a pending one. */
  private settleTop(): void {
    if (this.hole) {
      this.hole = false;
      this.dropTop();
    }
    if (this.cancelled === 0) return;
    while (this.size > 0 && (this.generations[this.slots[0]] & 1) === 0) {
      this.free[this.freeCount++] = this.slots[0];
      this.cancelled -= 1;
      this.dropTop();
    }
  }

  private dropTop(): void {
    this.size -= 1;
    const last = this.size;
    if (last > 0) this.siftDown(0, this.times[last], this.ranks[last], this.slots[last]);
  }

  /** Ends the slot's life: ids that name it are void from here. */
  private retire(slot: number): void {
    const next = this.generations[slot] + 1;
    this.generations[slot] = next === GENERATION_LIMIT ? 0 : next;
  }

  private siftUp(from: number, time: Ms, rank: number, slot: number): void {
    const { times, ranks, slots } = this;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      const above = times[parent];
      if (above < time || (above === time && ranks[parent] < rank)) break;
      times[at] = above;
      ranks[at] = ranks[parent];
      slots[at] = slots[parent];
      at = parent;
    }
    times[at] = time;
    ranks[at] = rank;
    slots[at] = slot;
  }

  /**
   * Near the top, whole families of four are compared in pairs with the comparison's bit as a number: no branch to mispredict, which is most of
   * the cost of a heap on random times (measured at 1,000 entries: 11.1 to 16.0 M holds/s). Further down the children are not in the cache, and there
   * a branch pays: what it guesses is fetched ahead.
   */
  private siftDown(from: number, time: Ms, rank: number, slot: number): void {
    const { times, ranks, slots } = this;
    const whole = Math.min(NEAR_TOP, (this.size - 1) >> 2);
    let at = from;
    while (at < whole) {
      const child = at * 4 + 1;
      const t0 = times[child];
      const t1 = times[child + 1];
      const t2 = times[child + 2];
      const t3 = times[child + 3];
      const left = child + (t0 === t1 ? Number(ranks[child + 1] < ranks[child]) | 0 : Number(t1 < t0) | 0);
      const right = child + 2 + (t2 === t3 ? Number(ranks[child + 3] < ranks[child + 2]) | 0 : Number(t3 < t2) | 0);
      const tl = times[left];
      const tr = times[right];
      const best = left + (right - left) * (tl === tr ? Number(ranks[right] < ranks[left]) | 0 : Number(tr < tl) | 0);
      const earliest = times[best];
      if (time < earliest || (time === earliest && rank < ranks[best])) break;
      times[at] = earliest;
      ranks[at] = ranks[best];
      slots[at] = slots[best];
      at = best;
    }
    if (at >= whole) at = this.siftDeep(at, time, rank);
    times[at] = time;
    ranks[at] = rank;
    slots[at] = slot;
  }

  /** The rest of the way down, families of any size: moves children up until (time, rank) fits, and returns where. */
  private siftDeep(from: number, time: Ms, rank: number): number {
    const { times, ranks, slots, size } = this;
    let at = from;
    for (;;) {
      let child = at * 4 + 1;
      if (child >= size) return at;
      let best = child;
      let earliest = times[child];
      const end = Math.min(child + 4, size);
      for (child += 1; child < end; child += 1) {
        const t = times[child];
        if (t < earliest || (t === earliest && ranks[child] < ranks[best])) {
          best = child;
          earliest = t;
        }
      }
      if (time < earliest || (time === earliest && rank < ranks[best])) return at;
      times[at] = earliest;
      ranks[at] = ranks[best];
      slots[at] = slots[best];
      at = best;
    }
  }

  /** Rebuilds the heap from the living entries: O(size), paid for by the cancellations that led here. */
  private compact(): void {
    if (this.hole) {
      this.hole = false;
      this.dropTop();
    }
    const { times, ranks, slots } = this;
    let kept = 0;
    for (let i = 0; i < this.size; i += 1) {
      const slot = slots[i];
      if ((this.generations[slot] & 1) === 0) {
        this.free[this.freeCount++] = slot;
        continue;
      }
      times[kept] = times[i];
      ranks[kept] = ranks[i];
      slots[kept] = slot;
      kept += 1;
    }
    this.size = kept;
    this.cancelled = 0;
    for (let i = (kept - 2) >> 2; i >= 0; i -= 1) this.siftDown(i, times[i], ranks[i], slots[i]);
  }

  private newSlot(): number {
    if (this.slotCount === SLOT_LIMIT) fault('QUEUE_FULL', { pending: this.pending });
    if (this.slotCount === this.generations.length) {
      this.generations = doubled(this.generations);
      this.free = doubled(this.free);
    }
    this.slotCount += 1;
    return this.slotCount - 1;
  }

  private grow(): void {
    this.slots = doubled(this.slots);
    const times = new Float64Array(this.times.length * 2);
    times.set(this.times);
    this.times = times;
    const ranks = new Float64Array(times.length);
    ranks.set(this.ranks);
    this.ranks = ranks;
  }
}

function doubled(old: Int32Array): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(old.length * 2);
  grown.set(old);
  return grown;
}
