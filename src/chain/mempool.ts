/**
 * Where bundles wait: first until they arrive, then in order until a block has room. Knows no gas price and no rule of the chain; whoever
 * drains it decides bundle by bundle. Records are used again, so a bundle costs no allocation once the pool has reached its largest size.
 */
import { fault } from '../base/fault.ts';
import type { Ms } from '../base/units.ts';
import type { Bundle } from './chain.ts';
import type { Ordering, Ranked } from './ordering.ts';

/** A bundle in the pool. Belongs to the pool again as soon as it was taken. */
export interface Waiting<A> extends Ranked {
  readonly bundle: Bundle<A>;
  /** Gas that it uses. */
  readonly gas: number;
}

type Slot<A> = { -readonly [K in keyof Waiting<A>]: Waiting<A>[K] };

export class Mempool<A> {
  private readonly order: Ordering;
  /** Submitted; whether they have arrived is asked at the next block. */
  private readonly underway: Slot<A>[] = [];
  /** Arrived, in order after each `drain`. */
  private readonly queue: Slot<A>[] = [];
  private readonly free: Slot<A>[] = [];
  private sequence = 0;

  constructor(order: Ordering) {
    this.order = order;
  }

  /** Bundles that wait, those still on the wire included. */
  get size(): number {
    return this.underway.length + this.queue.length;
  }

  /**
   * Adds a bundle that arrives at `at`.
   * @throws CHAIN_TIP  the tip is negative or no finite number: it would break the order · CHAIN_ARRIVAL  likewise the time
   */
  submit(bundle: Bundle<A>, gas: number, at: Ms): void {
    const { tip } = bundle;
    if (!(tip >= 0 && tip < Number.POSITIVE_INFINITY)) fault('CHAIN_TIP', { tip, actor: bundle.actor });
    if (!Number.isFinite(at)) fault('CHAIN_ARRIVAL', { at, actor: bundle.actor });
    const sequence = this.sequence++;
    const slot = this.free.pop();
    if (slot === undefined) {
      this.underway.push({ bundle, gas, tip, arrival: at, sequence });
      return;
    }
    slot.bundle = bundle;
    slot.gas = gas;
    slot.tip = tip;
    slot.arrival = at;
    slot.sequence = sequence;
    this.underway.push(slot);
  }

  /**
   * Offers everything that arrived by `at` to `take`, in order. What it answers `false` to goes on waiting; the rest is gone. Bundles submitted
   * meanwhile are not offered. If `take` throws, its bundle is gone and those behind it go on waiting.
   */
  drain(at: Ms, take: (waiting: Waiting<A>) => boolean): void {
    this.admit(at);
    const { queue } = this;
    let kept = 0;
    let next = 0;
    try {
      while (next < queue.length) {
        const slot = queue[next++];
        if (take(slot)) this.free.push(slot);
        else queue[kept++] = slot;
      }
    } finally {
      while (next < queue.length) queue[kept++] = queue[next++];
      queue.length = kept;
    }
  }

  /** Moves what arrived by `at` into the queue and puts that in order. */
  private admit(at: Ms): void {
    const { underway, queue } = this;
    const before = queue.length;
    let travelling = 0;
    for (let i = 0; i < underway.length; i++) {
      const slot = underway[i];
      if (slot.arrival <= at) queue.push(slot);
      else underway[travelling++] = slot;
    }
    underway.length = travelling;
    // Often in order already: nobody tips, or first come is first served.
    for (let i = Math.max(before, 1); i < queue.length; i++) {
      if (this.order(queue[i - 1], queue[i]) > 0) {
        queue.sort(this.order);
        return;
      }
    }
  }
}
