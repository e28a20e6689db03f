/**
 * Splits a whole number in proportion to weights so that the parts are whole and sum to it exactly (Hamilton's method): everybody gets the
 * whole part of what is due, and the units left over go to those with the largest remainders, among equals to the first.
 *
 * Nobody's part is a unit or more from what is due; more weight never gets less. O(n): the least remainder that still gets a unit is found
 * by halving, at most 53 times.
 */
import { mulDivDown } from './exact.ts';
import { mulMod } from './exact-remainder.ts';
import { fault } from './fault.ts';

/**
 * Writes the parts of `total` into `into`, one for each weight.
 *
 * @param total    integer, 0 ≤ total < 2^53
 * @param weights  integers ≥ 0, with a sum in 1 … 2^53 − 1
 * @throws         APPORTION_WEIGHTS  they have another sum
 */
export function largestRemainder(total: number, weights: ArrayLike<number>, into: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i];
  if (!(sum > 0 && Number.isSafeInteger(sum))) fault('APPORTION_WEIGHTS', { sum });
  const remainders = new Float64Array(weights.length);
  let left = total;
  for (let i = 0; i < weights.length; i++) {
    into[i] = mulDivDown(total, weights[i], sum);
    remainders[i] = mulMod(total, weights[i], sum);
    left -= into[i];
  }
  if (left === 0) return;
  const least = leastServed(remainders, left, sum);
  for (let i = 0; i < weights.length; i++) {
    if (remainders[i] <= least) continue;
    into[i] += 1;
    left -= 1;
  }
  for (let i = 0; left > 0; i++) {
    if (remainders[i] !== least) continue;
    into[i] += 1;
    left -= 1;
  }
}

/** The largest number that at least `count` remainders reach. It is positive: remainders are below `sum` and add up to count·sum. */
function leastServed(remainders: Float64Array, count: number, sum: number): number {
  let reached = 0;
  let missed = sum;
  while (missed - reached > 1) {
    const middle = reached + Math.floor((missed - reached) / 2);
    let above = 0;
    for (let i = 0; i < remainders.length; i++) if (remainders[i] >= middle) above += 1;
    if (above >= count) reached = middle;
    else missed = middle;
  }
  return reached;
}
