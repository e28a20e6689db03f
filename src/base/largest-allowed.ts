/** The search for the largest whole number that something allows, by bisection: exact, in at most 54 questions. */

/**
 * The largest whole number in [0, most] that is allowed, where whatever is below an allowed one is allowed too; 0 if none is, unasked.
 *
 * @param most  a whole number below 2^53; below 0 counts as 0
 */
export function largestAllowed(most: number, allowed: (number: number) => boolean): number {
  if (most <= 0 || allowed(most)) return Math.max(0, most);
  let low = 0;
  let high = most;
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    if (allowed(middle)) low = middle;
    else high = middle;
  }
  return low;
}
