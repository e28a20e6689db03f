/**
 * Trades with the bands of one position: a taker walks them in order of price, drains one after another and stops within the last. Rounded
 * against the taker in every band, in up and out down. All of the fee stays in the bands; Curve's admin fee is left out.
 *
 * Source: curvefi/curve-stablecoin contracts/AMM.vy (calc_swap_out, get_amount_for_price).
 */
import type { Units } from '../../base/units.ts';
import type { SetCell } from './set-cell.ts';
import { bandCount, blankBand, readBand, type SoftBands } from './soft-bands.ts';
import { type Bought, drainUp, givenDown, paidUntil } from './soft-bands-amounts.ts';
import { type Band, type BandPrice, priceWhenCollateral, priceWhenStable } from './soft-bands-curve.ts';

/** What a taker asks for. */
export interface BandOrder {
  readonly position: number;
  readonly bought: Bought;
  /** The reading of the oracle. */
  readonly oracle: BandPrice;
  /** Most units to pay: of the debt's asset where collateral is bought, else of the collateral. */
  readonly purse: Units;
  /** Stop where the marginal price passes this: a most where collateral is bought, a least where stable is. Left out: no limit. */
  readonly limit?: BandPrice;
}

/** What a trade comes to: units paid into the bands and given out of them, fee included. Both 0 where nothing can be had. */
export interface BandFill {
  readonly paid: Units;
  readonly given: Units;
}

/** What `exchangeBands` would do; nothing moves. */
export function quoteBands(bands: SoftBands, order: BandOrder): BandFill {
  return walk(bands, order, undefined);
}

/**
 * Trades until the purse is empty, the limit is reached or the bands are. With a limit the last band ends at most a unit before it, and its
 * fee may carry it a little past; a second trade at the same limit then finds nothing.
 */
export function exchangeBands(bands: SoftBands, order: BandOrder, set: SetCell): BandFill {
  return walk(bands, order, set);
}

function walk(bands: SoftBands, order: BandOrder, set: SetCell | undefined): BandFill {
  const { position, bought, purse } = order;
  const { feeMillionths, width } = bands.terms;
  const count = bandCount(bands, position);
  const band = blankBand(bands, order.oracle);
  let paid = 0;
  let given = 0;
  for (let step = 0; step < count; step++) {
    // Buying collateral goes down the bands, n upwards; buying stable comes back.
    const slot = bought === 'collateral' ? step : count - 1 - step;
    readBand(bands, position, slot, band);
    const left = bought === 'collateral' ? band.y : band.x;
    if (left === 0) continue;
    const most = Math.min(purse - paid, affordable(band, order, feeMillionths));
    const drain = most > 0 ? drainUp(band, bought, feeMillionths) : Number.POSITIVE_INFINITY;
    const pay = Math.min(most, drain);
    const out = drain <= most ? left : pay > 0 ? givenDown(band, bought, pay, feeMillionths) : 0;
    // Units that buy less than one are not taken.
    if (out === 0) break;
    paid += pay;
    given += out;
    if (set !== undefined) {
      const cell = position * width + slot;
      set(bands.x, cell, bought === 'collateral' ? band.x + pay : band.x - out);
      set(bands.y, cell, bought === 'collateral' ? band.y - out : band.y + pay);
    }
    if (out < left) break;
  }
  return { paid, given };
}

/** Most that the limit lets be paid into this band; Infinity where the band ends before the limit. */
function affordable(band: Band, { bought, limit }: BandOrder, feeMillionths: number): Units {
  if (limit === undefined) return Number.POSITIVE_INFINITY;
  const whole = bought === 'collateral' ? limit >= priceWhenStable(band) : limit <= priceWhenCollateral(band);
  return whole ? Number.POSITIVE_INFINITY : paidUntil(band, bought, limit, feeMillionths);
}
