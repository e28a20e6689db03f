/**
 * What buying so much of a market's asset would cost, as it was when last looked at: the counterpart of `sale-table.ts`, for debts that
 * have to be bought back. Straight between purchases of sums an eighth of an octave apart, and so never below what venues ask: a cost is
 * convex in its size, and a chord of what is convex lies above. What the venues do not have cannot be bought at any price.
 */
import type { Ratio, Units, Usd } from '../../base/units.ts';
import type { RiskNeeds } from './risk-engine.ts';
import { firstAtLeast, SIZES } from './sale-table.ts';

/** Sums run from one of these, USD, to 9·10^13 dollars. */
const CENT = 0.01;

export interface PurchaseTable {
  /** Looks at the venues. Without a mark, or while no venue says anything, what was seen before stands. */
  refresh(mark: number): void;
  /**
   * Whether one sum, of the size that pays twice as much a unit as a small one, would buy another part of its worth than when last
   * looked, by more than a share `change` of it.
   */
  moved(mark: number, change: Ratio): boolean;
  /**
   * What so many units cost, as a multiple of their value at the mark: 1 or more; Infinity for what cannot be bought, NaN before the
   * first look.
   */
  factor(units: Units): Ratio;
}

export function createPurchaseTable({ purchasedUnits }: Pick<RiskNeeds, 'purchasedUnits'>, market: number): PurchaseTable {
  /** Units bought, and what was paid for them in units at the mark, by sum. */
  const bought = new Float64Array(SIZES.length);
  const paid = new Float64Array(SIZES.length);
  let looked = false;
  let probe = 0;
  let probed = Number.NaN;
  const sumOf = (k: number): Usd => SIZES[k] * CENT;
  const buyNow = (k: number) => purchasedUnits(market, sumOf(k));

  return {
    refresh(mark) {
      if (!(mark > 0) || (Number.isNaN(buyNow(probe)) && looked)) return;
      looked = true;
      let most = 0;
      let cheapest = Number.POSITIVE_INFINITY;
      let cheapestAt = 0;
      for (let k = 0; k < SIZES.length; k++) {
        const now = buyNow(k);
        most = Math.max(most, Number.isNaN(now) ? 0 : now);
        bought[k] = most;
        paid[k] = Math.max(sumOf(k) / mark, most);
        if (!(most > 0 && paid[k] < cheapest * most)) continue;
        cheapest = paid[k] / most;
        cheapestAt = k;
      }
      probe = Math.max(
        0,
        bought.findIndex((units, k) => k > cheapestAt && paid[k] >= 2 * cheapest * units),
      );
      probed = (bought[probe] * mark) / sumOf(probe);
    },

    moved(mark, change) {
      if (!(mark > 0)) return false;
      if (!looked) return true;
      const now = (buyNow(probe) * mark) / sumOf(probe);
      return Math.abs(now - probed) > change * probed;
    },

    factor(units) {
      if (!looked) return Number.NaN;
      const at = firstAtLeast(bought, units);
      if (at === bought.length) return Number.POSITIVE_INFINITY;
      if (at === 0) return bought[0] > 0 ? paid[0] / bought[0] : Number.POSITIVE_INFINITY;
      const slope = (paid[at] - paid[at - 1]) / (bought[at] - bought[at - 1]);
      return Math.max(1, (paid[at - 1] + slope * (units - bought[at - 1])) / units);
    },
  };
}
