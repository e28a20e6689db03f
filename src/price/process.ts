/**
 * The contract of a price process: the fair (outside) price of one asset in USD over time. Fair prices know nothing of venues, oracles or
 * protocols; arbitrageurs tie those to it, at a cost.
 */
import type { Random } from '../base/random.ts';
import type { Ms, UsdPrice } from '../base/units.ts';

export interface PriceProcess {
  /** Price at time 0. */
  readonly start: UsdPrice;
  /**
   * Price at `at`, a positive multiple of `every`. Called once for each grid time, in order, so that a process may keep state and draw the
   * same numbers whoever else draws.
   */
  next(at: Ms): UsdPrice;
}

export interface ProcessNeeds {
  /** The stream of this asset's price alone. */
  readonly random: Random;
  /** Grid step: world.prices step, e.g. 12 s. */
  readonly every: Ms;
  /**
   * The standard normal of this grid step, for what moves the price in most of them; may be correlated with those of other assets
   * (`correlated.ts`). Asked for once in a call of `next`, before anything else is drawn from `random`.
   */
  normal(): number;
}

/** What a process is given whose asset moves with no other: its normals are those of its stream. */
export function needsAlone(random: Random, every: Ms): ProcessNeeds {
  return { random, every, normal: () => random.normal() };
}
