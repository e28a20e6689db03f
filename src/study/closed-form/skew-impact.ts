/**
 * Price impact that a venue without a book charges for making its open interest more lopsided, and pays back for less.
 *
 *   impact = d₀^a·f − d₁^a·f          d: USD between longs and shorts before and after; negative: paid
 *
 * @source  gmx-io/gmx-synthetics contracts/pricing/PricingUtils.sol (same side rebalance)
 */
import { pow } from '../../base/elementary.ts';
import type { Usd } from '../../base/units.ts';

/** Impact of moving the skew from `before` to `after` on one side, uncapped. @param factor  f, per USD^(a−1) */
export function skewImpact(before: Usd, after: Usd, factor: number, exponent: number): Usd {
  return factor * (pow(before, exponent) - pow(after, exponent));
}

/** The same, held between a worst and a best part of the size. @param worst best  ratios of the size, ≥ 0 */
export function cappedImpact(impact: Usd, size: Usd, worst: number, best: number): Usd {
  return Math.min(Math.max(impact, -worst * size), best * size);
}
