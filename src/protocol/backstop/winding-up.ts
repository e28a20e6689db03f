/**
 * Not what happens in a run: that is `protocol/loss`. What the layers would pay of a shortfall if the protocol were wound up now: they are
 * asked in the scenario's order, in thought and over means that nothing changes, for the final account (`protocol/fair-account`).
 */
import type { Leg, Plan } from '../plan.ts';
import type { Backstop, Means, Shortfall } from './backstop.ts';

/** The legs with which they would pay, each what the ones before could not. The means of one layer are no other layer's. */
export function paidInWindingUp(layers: readonly Backstop[], shortfall: Shortfall, means: Means): Plan {
  const legs: Leg[] = [];
  let left = shortfall.units;
  for (const layer of layers) {
    if (left <= 0) break;
    const { plan, paid } = layer.absorb({ ...shortfall, units: left }, means);
    legs.push(...plan);
    left -= paid;
  }
  return legs;
}
