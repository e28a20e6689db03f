/**
 * The grid of price bands in which crvUSD's market maker (LLAMMA) turns collateral into debt and back as the oracle moves: where bands
 * begin and end, what a position spans, and the prices at which a band trades. What a soft liquidation loses on the way is not known here.
 */
import { pow } from '../../base/elementary.ts';
import { fault } from '../../base/fault.ts';
import type { Ratio, UsdPrice } from '../../base/units.ts';

/** Fewest and most bands of a position. @source  curvefi/curve-stablecoin Controller.vy, MIN_TICKS and MAX_TICKS */
export const BANDS_MIN = 4;
export const BANDS_MAX = 50;

/** Where the grid lies and how fine it is. */
export interface BandGrid {
  /** Upper edge of band 0, > 0; it grows with interest. */
  readonly basePrice: UsdPrice;
  /** A > 1: each band is 1/A wide, relative to its upper edge. */
  readonly amplification: number;
}

/**
 * Oracle price at which band n begins to turn into debt on the way down: p_base·((A − 1)/A)^n. Its lower edge is the upper one of n + 1.
 *
 * @param band  whole, below 0 above the base price
 * @throws      BANDS_DOMAIN
 * @source      curvefi/curve-stablecoin AMM.vy, p_oracle_up and p_oracle_down
 */
export function bandUpperEdge(grid: BandGrid, band: number): UsdPrice {
  checkGrid(grid.basePrice, grid.amplification);
  if (!Number.isInteger(band)) fault('BANDS_DOMAIN', { band });
  return grid.basePrice * pow(bandRatio(grid.amplification), band);
}

/** Oracle price at which band n has turned into debt as a whole. @throws  BANDS_DOMAIN */
export function bandLowerEdge(grid: BandGrid, band: number): UsdPrice {
  return bandUpperEdge(grid, band + 1);
}

/**
 * From the upper edge of a position's first band to the lower edge of its last, relative to the former: 1 − ((A − 1)/A)^N.
 *
 * @param amplification  A > 1
 * @param bands          N, 4 … 50
 * @throws               BANDS_DOMAIN
 * @example              A = 100, N = 10  →  0.0956
 */
export function bandSpan(amplification: number, bands: number): Ratio {
  checkGrid(1, amplification);
  if (!(Number.isInteger(bands) && bands >= BANDS_MIN && bands <= BANDS_MAX)) fault('BANDS_DOMAIN', { bands });
  return 1 - pow(bandRatio(amplification), bands);
}

/** Prices of the market maker between which a band trades, by the oracle's price now. */
export interface BandPrices {
  /** While it holds no debt asset. */
  readonly low: UsdPrice;
  /** While it holds no collateral. */
  readonly high: UsdPrice;
}

/**
 * The market maker's own prices at the ends of a band: p³/p_up² and p³/p_down². They move three times as far as the oracle, which is what
 * makes arbitrageurs sell a position's collateral on the way down and buy it back on the way up.
 *
 * @param oraclePrice  p > 0
 * @throws             BANDS_DOMAIN
 * @source             curvefi/curve-stablecoin AMM.vy, p_current_down and p_current_up
 */
export function bandPrices(grid: BandGrid, band: number, oraclePrice: UsdPrice): BandPrices {
  if (!(oraclePrice > 0)) fault('BANDS_DOMAIN', { oraclePrice });
  const up = oraclePrice / bandUpperEdge(grid, band);
  const down = oraclePrice / bandLowerEdge(grid, band);
  return { low: oraclePrice * up * up, high: oraclePrice * down * down };
}

function bandRatio(amplification: number): Ratio {
  return (amplification - 1) / amplification;
}

function checkGrid(basePrice: UsdPrice, amplification: number): void {
  if (!(basePrice > 0 && amplification > 1 && amplification < Infinity)) fault('BANDS_DOMAIN', { basePrice, amplification });
}
