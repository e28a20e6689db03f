/**
 * The latest observations of an oracle: a ring that grows by doubling, in order of time, from which the old end is dropped. Amortised O(1)
 * to add, O(log n) to find, nothing allocated per observation.
 */
import type { Ms } from '../base/units.ts';

/** Entries that the ring holds at first. A power of two. */
const CAPACITY_MIN = 64;

/** A time and two numbers for each observation. */
export class History {
  private times = new Float64Array(CAPACITY_MIN);
  private firsts = new Float64Array(CAPACITY_MIN);
  private seconds = new Float64Array(CAPACITY_MIN);
  /** Entries head … tail − 1, each at its number modulo the capacity. */
  private head = 0;
  private tail = 0;

  /** Number of the oldest entry kept; entries are numbered from 0 for ever. */
  get oldest(): number {
    return this.head;
  }

  /** Number of the newest entry; one less than `oldest` while there is none. */
  get newest(): number {
    return this.tail - 1;
  }

  timeOf(entry: number): Ms {
    return this.times[entry & (this.times.length - 1)];
  }

  firstOf(entry: number): number {
    return this.firsts[entry & (this.times.length - 1)];
  }

  secondOf(entry: number): number {
    return this.seconds[entry & (this.times.length - 1)];
  }

  /** Adds an entry at `at` ≥ the newest's time; one of the same time takes its place. */
  add(at: Ms, first: number, second = 0): void {
    if (this.tail > this.head && this.timeOf(this.tail - 1) === at) this.tail -= 1;
    if (this.tail - this.head === this.times.length) this.grow();
    const slot = this.tail & (this.times.length - 1);
    this.times[slot] = at;
    this.firsts[slot] = first;
    this.seconds[slot] = second;
    this.tail += 1;
  }

  /** The newest entry of `at` or before; one less than `oldest` if there is none. */
  find(at: Ms): number {
    let below = this.head - 1;
    let above = this.tail;
    while (above - below > 1) {
      const middle = (below + above) >> 1;
      if (this.timeOf(middle) <= at) below = middle;
      else above = middle;
    }
    return below;
  }

  /** Drops what is older than the entry in force at `at`. */
  forget(at: Ms): void {
    while (this.head + 1 < this.tail && this.timeOf(this.head + 1) <= at) this.head += 1;
  }

  private grow(): void {
    const { times, firsts, seconds } = this;
    const mask = times.length - 1;
    this.times = new Float64Array(times.length * 2);
    this.firsts = new Float64Array(times.length * 2);
    this.seconds = new Float64Array(times.length * 2);
    for (let entry = this.head; entry < this.tail; entry++) {
      const slot = entry & (this.times.length - 1);
      this.times[slot] = times[entry & mask];
      this.firsts[slot] = firsts[entry & mask];
      this.seconds[slot] = seconds[entry & mask];
    }
  }
}
