/** A loss in whole units split in proportion to what each has: exact, by largest remainders. Nobody pays more than his part rounded up. */
import type { Units } from '../../base/units.ts';

/**
 * Parts of min(units, Σ weights) that sum to it exactly: ⌊units · w ÷ Σ⌋ each, and one unit more for the largest remainders, the earlier of
 * equal ones first. No part is larger than its weight.
 *
 * @param weights  whole units, ≥ 0
 * @example        50 of (100, 60, 40)  →  25, 15, 10;   10 of (1, 1, 1)  →  1, 1, 1;   2 of (1, 1, 1)  →  1, 1, 0
 * @source         the method of largest remainders (Hamilton)
 */
export function proRata(units: Units, weights: readonly Units[]): Units[] {
  const exact = weights.map(BigInt);
  const total = exact.reduce((sum, weight) => sum + weight, 0n);
  const shared = BigInt(units);
  if (shared >= total) return [...weights];
  const parts = exact.map((weight) => Number((shared * weight) / total));
  const remainders = exact.map((weight) => (shared * weight) % total);
  const order = weights.map((_, i) => i).sort((a, b) => compare(remainders[b], remainders[a]) || a - b);
  let left = units - parts.reduce((sum, part) => sum + part, 0);
  for (let i = 0; left > 0; i++, left--) parts[order[i]]++;
  return parts;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}
