/**
 * The bands that hold the collateral of loans under soft liquidation: where they are put, what they hold, and what they are worth as cover.
 * Each position has bands of its own, nothing is pooled between positions: LLAMMA with one user a band. Trades are in
 * soft-bands-exchange.ts.
 *
 * Source: curvefi/curve-stablecoin contracts/Controller.vy (get_y_effective, _calculate_debt_n1, _health), AMM.vy (deposit_range).
 */
import { type Column, column, growColumn } from '../../base/columns.ts';
import { log } from '../../base/elementary.ts';
import { assert, fault } from '../../base/fault.ts';
import { largestRemainder } from '../../base/largest-remainder.ts';
import { type Rejection, reject } from '../../base/rejection.ts';
import type { Ratio, Units } from '../../base/units.ts';
import type { SetCell } from './set-cell.ts';
import { FEE_DENOMINATOR } from './soft-bands-amounts.ts';
import { type Band, type BandPrice, stableDown, upperEdge } from './soft-bands-curve.ts';

/** Fewest and most bands of a loan: Controller.vy MIN_TICKS, MAX_TICKS (the first controllers asked for 5). */
export const BANDS_MIN = 4;
export const BANDS_MAX = 50;
/** Prices and edges that exact comparisons are made for; a unit of one asset is never worth so many of another. */
const PRICE_MAX = 2 ** 200;

export interface BandTerms {
  /** A: whole, at least 2. Curve's markets have 100, so that a band is 1 % wide. */
  readonly amplification: number;
  /** Part of what is paid in that stays in the band, millionths; below one half. */
  readonly feeMillionths: number;
  /** Room for the bands of a position. */
  readonly width: number;
}

/** All bands of all positions. Rows of `width`: cell = position · width + band − first. */
export interface SoftBands {
  readonly terms: BandTerms;
  /** By position: n1, the number of its highest band; how many it has, 0 where it has none; p_base, debt units per collateral unit. */
  readonly first: Column;
  readonly count: Column;
  readonly basePrice: Column;
  /** Edges at a base price of 1, as far as any were asked for. */
  readonly powers: Map<number, Ratio>;
  /** By cell: stable (debt asset) and collateral, whole units. */
  readonly x: Column;
  readonly y: Column;
}

/** No bands yet. Throws BAND_TERMS where a term is out of its range. */
export function createSoftBands(terms: BandTerms): SoftBands {
  const { amplification, feeMillionths, width } = terms;
  const sound =
    Number.isSafeInteger(amplification) &&
    amplification >= 2 &&
    Number.isSafeInteger(feeMillionths) &&
    feeMillionths >= 0 &&
    feeMillionths < FEE_DENOMINATOR / 2 &&
    width >= BANDS_MIN &&
    width <= BANDS_MAX;
  assert(sound, 'BAND_TERMS', { ...terms });
  return { terms, first: column(0), count: column(0), basePrice: column(0), powers: new Map(), x: column(0), y: column(0) };
}

/**
 * y_effective: collateral times what part of p_up(n1) it brings when it is sold through its bands, each at the geometric mean of its
 * edges, less the discount:
 *
 *   y_eff = y/N·(1 − discount)·√k·(1 + k + … + k^(N−1))          k = (A−1)/A
 */
export function effectiveCollateral(collateral: Units, count: number, amplification: number, discount: Ratio): number {
  const ratio = (amplification - 1) / amplification;
  let part = (collateral / count) * (1 - discount) * Math.sqrt(ratio);
  let sum = 0;
  for (let band = 0; band < count; band++) {
    sum += part;
    part *= ratio;
  }
  return sum;
}

/**
 * n1, the first band of a loan: the lowest in price whose y_eff·p_up(n1) still covers the debt, n1 = ⌊ln(y_eff·p_base/debt)/ln(A/(A−1))⌋.
 * DEBT_TOO_HIGH where that band does not begin below the oracle. `discount` is crvUSD's loan discount.
 *
 * @param collateral debt count basePrice oracle  all > 0
 */
export function firstBand(
  terms: BandTerms,
  loan: { readonly collateral: Units; readonly debt: Units; readonly count: number; readonly discount: Ratio },
  basePrice: BandPrice,
  oracle: BandPrice,
): number | Rejection {
  const { amplification } = terms;
  const effective = effectiveCollateral(loan.collateral, loan.count, amplification, loan.discount);
  const covers = (n: number) => effective * upperEdge(basePrice, amplification, n) >= loan.debt;
  let n = Math.floor(log((effective * basePrice) / loan.debt) / log(amplification / (amplification - 1)));
  if (!(Math.abs(n) < 2 ** 31)) return reject('DEBT_TOO_HIGH', { debt: loan.debt, effective });
  // The logarithms may be off by a band at an edge; the cover decides.
  while (!covers(n)) n -= 1;
  while (covers(n + 1)) n += 1;
  const upper = upperEdge(basePrice, amplification, n);
  return upper < oracle ? n : reject('DEBT_TOO_HIGH', { upper, oracle });
}

/**
 * Spreads collateral over `count` bands from n1 = `first` downwards in price, equally; what does not divide goes to the first. AMOUNT where
 * a band would get less than a unit. Replaces what the position had: whoever calls has taken it out.
 */
export function placeBands(
  bands: SoftBands,
  position: number,
  place: { readonly first: number; readonly count: number; readonly basePrice: BandPrice },
  collateral: Units,
  set: SetCell,
): Rejection | undefined {
  const { width } = bands.terms;
  const { first, count, basePrice } = place;
  assert(Number.isSafeInteger(first) && count >= BANDS_MIN && count <= width, 'BAND_PLACE', { first, count, width });
  if (!(collateral >= count)) return reject('AMOUNT', { amount: collateral, least: count });
  for (const target of [bands.first, bands.count, bands.basePrice]) growColumn(target, position + 1);
  for (const target of [bands.x, bands.y]) growColumn(target, (position + 1) * width);
  const each = Math.floor(collateral / count);
  set(bands.first, position, first);
  set(bands.count, position, count);
  set(bands.basePrice, position, basePrice);
  for (let slot = 0; slot < width; slot++) {
    set(bands.x, position * width + slot, 0);
    set(bands.y, position * width + slot, slot >= count ? 0 : slot > 0 ? each : collateral - each * (count - 1));
  }
  return undefined;
}

/** Takes all out of a position's bands; ask `stableIn` and `collateralIn` before. */
export function clearBands(bands: SoftBands, position: number, set: SetCell): void {
  const { width } = bands.terms;
  const end = position * width + bandCount(bands, position);
  for (let cell = position * width; cell < end; cell++) {
    set(bands.x, cell, 0);
    set(bands.y, cell, 0);
  }
  if (bandCount(bands, position) > 0) set(bands.count, position, 0);
}

/** Takes so much of both out of all bands alike, to a unit; at most what is in them. */
export function takeFromBands(bands: SoftBands, position: number, stable: Units, collateral: Units, set: SetCell): void {
  takeAlike(bands, bands.x, position, stable, set);
  takeAlike(bands, bands.y, position, collateral, set);
}

/** Moves a position's grid: crvUSD multiplies p_base by what interest has done to the debt, so that cover keeps up with it. */
export function setBasePrice(bands: SoftBands, position: number, basePrice: BandPrice, set: SetCell): void {
  set(bands.basePrice, position, basePrice);
}

/** How many bands a position has; 0 where none were placed. */
export function bandCount(bands: SoftBands, position: number): number {
  return position < bands.count.data.length ? bands.count.data[position] : 0;
}

/** Stable in all bands of a position. */
export function stableIn(bands: SoftBands, position: number): Units {
  return sumOf(bands, bands.x, position);
}

/** Collateral in all bands of a position. */
export function collateralIn(bands: SoftBands, position: number): Units {
  return sumOf(bands, bands.y, position);
}

/** A blank to read bands into; its oracle is the reading now. Throws BAND_PRICE where that is no price. */
export function blankBand(bands: SoftBands, oracle: BandPrice): Band {
  if (!(oracle > 1 / PRICE_MAX && oracle < PRICE_MAX)) fault('BAND_PRICE', { oracle });
  return { x: 0, y: 0, upper: 0, lower: 0, oracle, amplification: bands.terms.amplification };
}

/** Reads band first + `slot` of a position. Throws BAND_PRICE where its edges are beyond what can be compared. */
export function readBand(bands: SoftBands, position: number, slot: number, into: Band): Band {
  const { width } = bands.terms;
  const n = bands.first.data[position] + slot;
  const basePrice = bands.basePrice.data[position];
  into.x = bands.x.data[position * width + slot];
  into.y = bands.y.data[position * width + slot];
  into.upper = basePrice * powerOf(bands, n);
  into.lower = basePrice * powerOf(bands, n + 1);
  if (!(into.lower > 1 / PRICE_MAX && into.upper < PRICE_MAX)) fault('BAND_PRICE', { basePrice, n });
  return into;
}

/** Stable that a position becomes if the oracle falls through all its bands slowly: crvUSD's get_x_down. Not rounded. */
export function stableDownOf(bands: SoftBands, position: number, oracle: BandPrice): Units {
  const band = blankBand(bands, oracle);
  const count = bandCount(bands, position);
  let sum = 0;
  for (let slot = 0; slot < count; slot++) sum += stableDown(readBand(bands, position, slot, band));
  return sum;
}

/**
 * Health of a loan, as this project counts it: below 1 it may be closed for good. crvUSD's health (`full` false) is this less 1.
 *
 *   (1 − liquidation discount)·x_down / debt
 */
export function bandHealth(cover: Units, debt: Units, discount: Ratio): number {
  return debt === 0 ? Number.POSITIVE_INFINITY : (cover * (1 - discount)) / debt;
}

/** ((A−1)/A)^n: edges are read far more often than there are bands. */
function powerOf({ powers, terms }: SoftBands, n: number): Ratio {
  const known = powers.get(n);
  if (known !== undefined) return known;
  const power = upperEdge(1, terms.amplification, n);
  powers.set(n, power);
  return power;
}

function takeAlike(bands: SoftBands, cells: Column, position: number, units: Units, set: SetCell): void {
  if (units === 0) return;
  const start = position * bands.terms.width;
  const held = cells.data.slice(start, start + bandCount(bands, position));
  const parts = new Float64Array(held.length);
  largestRemainder(units, held, parts);
  for (let slot = 0; slot < held.length; slot++) set(cells, start + slot, held[slot] - parts[slot]);
}

function sumOf(bands: SoftBands, cells: Column, position: number): Units {
  const start = position * bands.terms.width;
  let sum = 0;
  for (let slot = 0; slot < bandCount(bands, position); slot++) sum += cells.data[start + slot];
  return sum;
}
