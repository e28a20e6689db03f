/** The trade by which an agent comes to hold a wanted part of its wealth in a venue's base asset. */
import type { Ratio, Usd } from '../base/units.ts';
import type { Intent } from './intent.ts';
import type { View } from './view.ts';

/**
 * Wealth is both assets of its wallet at outside prices. Nothing where the difference is below `leastUsd`; never more than `mostUsd` at
 * once.
 *
 * @param share  wanted part in base, brought between 0 and 1
 */
export function towardShare(view: View, venue: number, share: Ratio, leastUsd: Usd, mostUsd: Usd): readonly Intent[] {
  const { baseAsset, quoteAsset } = view.venue(venue);
  const base = view.usd(baseAsset, view.wallet(baseAsset));
  const wealth = base + view.usd(quoteAsset, view.wallet(quoteAsset));
  const lacking = Math.max(0, Math.min(1, share)) * wealth - base;
  if (!(Math.abs(lacking) >= leastUsd)) return [];
  const sell = lacking > 0 ? quoteAsset : baseAsset;
  const amount = Math.min(view.wallet(sell), view.unitsFor(sell, Math.min(Math.abs(lacking), mostUsd)));
  return amount > 0 ? [{ actions: [{ do: 'swap', venue, sell, amount }] }] : [];
}
