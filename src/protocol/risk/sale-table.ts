/**
 * What selling so much of a market's asset would bring, as it was when last looked at: proceeds at sizes an eighth of an octave apart,
 * straight between them. Whoever asks about many accounts asks the table and no venue.
 *
 * Between two sizes the table is never above what venues pay if a sale may be split between them: that is concave in its size, and a
 * chord of what is concave lies below. For a constant product without fee it is at most u/(1 + u)²·0.21 % below, u = size/reserve. Beyond
 * the largest size nothing more is sold.
 *
 * Everything is a share of the mark of the moment of the look, so that it moves with the mark until the next one; and at most the mark: who
 * lifts a venue above its oracle lifts nobody's collateral.
 */
import { pow } from '../../base/elementary.ts';
import { type Ratio, UNITS_MAX, type Units } from '../../base/units.ts';
import type { RiskNeeds } from './risk-engine.ts';

const PER_OCTAVE = 8;
const OCTAVES = 53;

/** Sizes of sales, units, from 1 to the largest balance; the smallest come more than once. */
export const SIZES = Float64Array.from({ length: OCTAVES * PER_OCTAVE + 1 }, (_, k) =>
  Math.min(UNITS_MAX, Math.round(pow(2, k / PER_OCTAVE))),
);

export interface SaleTable {
  /** Looks at the venues. Without a mark, or while no venue says anything, what was seen before stands. */
  refresh(mark: number): void;
  /**
   * Whether one sale, of the size that brings half as much a unit as a small one, would bring another part of the mark than when last
   * looked, by more than a share `change` of it.
   */
  moved(mark: number, change: Ratio): boolean;
  /** What a sale of so many units brings, as a part of its value at the mark: 0 … 1; 0 where no venue buys, NaN before the first look. */
  share(units: Units): Ratio;
  /** Units that can be sold for at least 1 − slippage of what a small sale brings a unit. */
  depth(slippage: Ratio): Units;
}

export function createSaleTable({ proceedsUsd }: Pick<RiskNeeds, 'proceedsUsd'>, market: number): SaleTable {
  /** Worth of a sale in units at the mark, by size; NaN: never looked. */
  const worth = new Float64Array(SIZES.length).fill(Number.NaN);
  /** The most that a unit brings in any sale. */
  let best = 0;
  let probe = 0;
  let probed = Number.NaN;
  const worthNow = (size: number, mark: number) => proceedsUsd(market, SIZES[size]) / mark;

  return {
    refresh(mark) {
      const probedNow = worthNow(probe, mark);
      if (!(mark > 0) || (Number.isNaN(probedNow) && probed >= 0)) return;
      best = 0;
      let bestAt = 0;
      let least = 0;
      for (let size = 0; size < SIZES.length; size++) {
        const now = worthNow(size, mark);
        // More can be had for more, or it is not sold.
        least = Math.max(least, Number.isNaN(now) ? 0 : Math.min(now, SIZES[size]));
        worth[size] = least;
        if (least <= best * SIZES[size]) continue;
        best = least / SIZES[size];
        bestAt = size;
      }
      const half = SIZES.findIndex((size, k) => k > bestAt && worth[k] <= (best / 2) * size);
      probe = Math.max(0, half);
      const now = worthNow(probe, mark);
      probed = Number.isNaN(now) ? 0 : now;
    },

    moved(mark, change) {
      if (!(mark > 0)) return false;
      if (Number.isNaN(probed)) return true;
      const now = worthNow(probe, mark);
      return Math.abs(now - probed) > change * probed;
    },

    share(units) {
      const at = firstAtLeast(SIZES, units);
      if (at === 0) return worth[0] / SIZES[0];
      if (at === SIZES.length) return worth[at - 1] / units;
      const slope = (worth[at] - worth[at - 1]) / (SIZES[at] - SIZES[at - 1]);
      return (worth[at - 1] + slope * (units - SIZES[at - 1])) / units;
    },

    depth(slippage) {
      const least = (1 - slippage) * best;
      let at = SIZES.length - 1;
      while (at >= 0 && !(worth[at] >= least * SIZES[at] && worth[at] > 0)) at--;
      if (at < 0) return Number.isNaN(worth[0]) ? Number.NaN : 0;
      if (at === SIZES.length - 1) return SIZES[at];
      // Where the chord to the next size falls to the least: worth + slope·(x − size) = least·x.
      const slope = (worth[at + 1] - worth[at]) / (SIZES[at + 1] - SIZES[at]);
      return (worth[at] - slope * SIZES[at]) / (least - slope);
    },
  };
}

/** The first place in a rising row whose entry is at least `value`; its length where none is. */
export function firstAtLeast(row: Float64Array, value: number): number {
  let low = 0;
  let high = row.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (row[middle] >= value) high = middle;
    else low = middle + 1;
  }
  return low;
}
