/**
 * Where bundles wait: until they have arrived, and then in order until a block has room. Knows no gas price and no rule of the chain;
 * whoever drains it decides bundle by bundle.
 */
import { fault } from '../base/fault.ts';
import type { Random } from '../base/random.ts';
import type { AccountId, Ms } from '../base/units.ts';
import type { Bundle } from './chain.ts';
import type { Ordering, Ranked } from './ordering.ts';

/**
 * A bundle that takes the place of another must pay at least this many times as much per gas, base fee and tip together: so its tip, too,
 * is at least so many times the other's.
 * @source  ethereum/go-ethereum core/txpool/legacypool (PriceBump: 10 %)
 */
export const TIP_BUMP = 1.1;

/** A bundle in the pool: the pool writes its place in line on the bundle itself. */
export type Waiting<A> = Bundle<A> & Ranked & { readonly gas: number };

export class Mempool<A> {
  private readonly order: Ordering;
  /** In the order of submission, and of the policy after each `drain`. */
  private readonly queue: Waiting<A>[] = [];
  /** Of the queue, how many wait; what is behind them is room for others. An array cut to nothing grows anew in every block. */
  private count = 0;
  private ordered = true;
  private sequence = 0;

  /** Draws the lots, where the order asks for them. */
  private readonly lots: Random | undefined;

  constructor(order: Ordering, lots?: Random) {
    this.order = order;
    this.lots = lots;
  }

  /** Bundles that wait, those still on the wire included. */
  get size(): number {
    return this.count;
  }

  /**
   * Adds a bundle that arrives at `at`, once. It has no record beside it: that would be one more object for each, and one taken from a pool
   * of used ones is worse, being old to the garbage collector, which must remember every young bundle written into it.
   *
   * @throws CHAIN_TIP  the tip is negative or no finite number: it would break the order · CHAIN_ARRIVAL  likewise the time
   */
  submit(bundle: Bundle<A>, gas: number, at: Ms): void {
    const { tip } = bundle;
    if (!(tip >= 0 && tip < Number.POSITIVE_INFINITY)) fault('CHAIN_TIP', { tip, actor: bundle.actor });
    if (!Number.isFinite(at)) fault('CHAIN_ARRIVAL', { at, actor: bundle.actor });
    bundle.gas = gas;
    bundle.arrival = at;
    bundle.sequence = this.sequence++;
    if (this.lots !== undefined) bundle.lot = this.lots.uniform();
    const waiting = bundle as Waiting<A>;
    // Often in order already: nobody tips, or first come is first served. Asked here, where the one before is still in the cache.
    const { queue } = this;
    if (this.count > 0 && this.order(queue[this.count - 1], waiting) > 0) this.ordered = false;
    queue[this.count++] = waiting;
  }

  /** The bundle that waits under a label of its sender. O(waiting): labels are for the few who race. */
  labelled(actor: AccountId, label: string): Waiting<A> | undefined {
    for (let i = 0; i < this.count; i++) {
      const waiting = this.queue[i];
      if (waiting.actor === actor && waiting.manner?.label === label) return waiting;
    }
    return undefined;
  }

  /** Takes a bundle that waits out of the line. */
  withdraw(bundle: Waiting<A>): void {
    const place = this.queue.indexOf(bundle);
    if (place < 0 || place >= this.count) fault('CHAIN_WITHDRAW', { actor: bundle.actor });
    this.queue.splice(place, 1);
    this.count -= 1;
  }

  /**
   * Offers everything that arrived by `at` to `take`, in order. What it answers `false` to goes on waiting, like what has not arrived; the
   * rest is gone. Bundles submitted meanwhile are not offered. If `take` throws, its bundle is gone and those behind it go on waiting.
   */
  drain(at: Ms, take: (waiting: Waiting<A>) => boolean): void {
    const { queue } = this;
    if (!this.ordered) {
      queue.length = this.count;
      queue.sort(this.order);
    }
    this.ordered = true;
    const offered = this.count;
    let kept = 0;
    let next = 0;
    try {
      while (next < offered) {
        const waiting = queue[next++];
        if (waiting.arrival > at || !take(waiting)) queue[kept++] = waiting;
      }
    } finally {
      while (next < this.count) queue[kept++] = queue[next++];
      this.count = kept;
    }
  }
}
