/**
 * What everybody else wants of a block. In each block others ask for the same gas, and each of them would pay up to some price for it,
 * lognormal around a median that moves: at a base fee b, those who would pay b + t or more offer tips of at least t. So the base fee finds
 * where half of the gas limit is asked for, and in a rush of bidders blocks are full until it has risen: then only a tip gets anybody in.
 *
 *   gas of others with tips ≥ t = ⌊G·P(w ≥ b + t)⌋          ln w normal with mean ln W and deviation s
 *
 * An aggregate: no bundle of theirs exists.
 */
import { log } from '../base/elementary.ts';
import { normalCdf } from '../base/normal.ts';
import type { Ms } from '../base/units.ts';

export interface DemandOptions {
  /** Gas that others ask for in a block if it costs nothing. */
  readonly gas: number;
  /** s: standard deviation of the logarithm of what they would pay. */
  readonly spread: number;
  /** W at the time of each block in turn, in units of the gas asset per gas. */
  readonly median: (at: Ms) => number;
}

export class Demand {
  private readonly options: DemandOptions;
  private medianNow = Number.NaN;
  /** The last price asked for: bundles of a block often tip alike. */
  private asked = Number.NaN;
  private answer = 0;

  constructor(options: DemandOptions) {
    this.options = options;
  }

  /** Moves on to the block of that time. */
  enter(at: Ms): void {
    this.medianNow = this.options.median(at);
    this.asked = Number.NaN;
  }

  /** Gas of those who would pay `price` per gas or more, rounded down. */
  gasAbove(price: number): number {
    if (price === this.asked) return this.answer;
    const { gas, spread } = this.options;
    this.asked = price;
    // Nobody refuses what is free.
    const share = price <= 0 ? 1 : spread > 0 ? normalCdf(-log(price / this.medianNow) / spread) : Number(price <= this.medianNow);
    this.answer = Math.floor(gas * share);
    return this.answer;
  }
}
