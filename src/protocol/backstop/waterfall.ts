/**
 * The waterfall: layers of backstops in the scenario's order, each paying what the ones before could not (BACK-1). What none pays stays
 * owed by the position. Here it is run in thought, over means that nothing changes; `protocol/loss.ts` carries one out.
 */
import type { Units } from '../../base/units.ts';
import type { Leg } from '../plan.ts';
import type { Backstop, Means, Shortfall } from './backstop.ts';

export interface Fall {
  readonly shortfall: Units;
  readonly legs: readonly Leg[];
  /** By layer. */
  readonly paid: readonly Units[];
  /** shortfall − Σ paid. */
  readonly left: Units;
}

/** What each layer pays of a shortfall. The means of one layer are no other layer's. */
export function fall(layers: readonly Backstop[], shortfall: Shortfall, means: Means): Fall {
  const legs: Leg[] = [];
  const paid: Units[] = [];
  let left = shortfall.units;
  for (const layer of layers) {
    const absorbed = left > 0 ? layer.absorb({ ...shortfall, units: left }, means) : { plan: [], paid: 0 };
    legs.push(...absorbed.plan);
    paid.push(absorbed.paid);
    left -= absorbed.paid;
  }
  return { shortfall: shortfall.units, legs, paid, left };
}
