/** A loss in whole units split in proportion to what each has, and never more than that. */
import { largestRemainder } from '../../base/largest-remainder.ts';
import type { Units } from '../../base/units.ts';

/**
 * Parts of min(units, Σ weights) that sum to it exactly. No part is larger than its weight: what is due is less, and a unit more is given
 * only where something was left over.
 *
 * @param weights  whole units, ≥ 0
 * @throws         APPORTION_WEIGHTS  together they are 2^53 or more
 * @example        50 of (100, 60, 40)  →  25, 15, 10
 */
export function proRata(units: Units, weights: readonly Units[]): ArrayLike<Units> {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (units >= total) return weights;
  const parts = new Float64Array(weights.length);
  largestRemainder(units, weights, parts);
  return parts;
}
