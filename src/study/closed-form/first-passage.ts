/**
 * The probability that a price touches a liquidation barrier before a time: first passage of geometric Brownian motion, watched
 * continuously, and watched at intervals by moving the barrier. Neither jumps nor delays are known here.
 */
import { exp, log } from '../../base/elementary.ts';
import { fault } from '../../base/fault.ts';
import { normalCdf, normalDensity } from '../../base/normal.ts';
import type { Ratio, UsdPrice } from '../../base/units.ts';
import { meanOvershoot } from './mean-overshoot.ts';

/** Below: a long or a borrower is liquidated when the price falls. Above: a short, when it rises. */
export type BarrierSide = 'below' | 'above';

export interface Passage {
  /** S > 0. */
  readonly price: UsdPrice;
  /** B > 0. */
  readonly barrier: UsdPrice;
  readonly side: BarrierSide;
  /** σ > 0 per √year. */
  readonly volatility: number;
  /** μ per year, of the price (not of its log). */
  readonly drift: number;
  /** T ≥ 0, years. */
  readonly years: number;
}

/**
 * Probability that the price touches the barrier within T.
 *
 *   P = N((b − n·T)/(σ√T)) + (B/S)^(2n/σ²) · N((b + n·T)/(σ√T)),   b = ln(B/S), n = μ − σ²/2        (barrier below)
 *
 * and the mirror image, b → −b and n → −n, for a barrier above.
 *
 * @returns  0 … 1; 1 when the price is at or beyond the barrier already
 * @throws   PASSAGE_DOMAIN
 * @example  S = 1, B = 0.8 below, σ = 0.8, μ = 0, T = 7/365  →  0.04913
 * @source   reflection principle with drift: Karatzas, Shreve, Brownian Motion and Stochastic Calculus, 3.5.C
 */
export function firstPassageProbability(passage: Passage): Ratio {
  checkPassage(passage);
  const { price, barrier, side, volatility, drift, years } = passage;
  const mirror = side === 'below' ? 1 : -1;
  const distance = mirror * log(barrier / price);
  if (distance >= 0) return 1;
  if (years === 0) return 0;
  const logDrift = mirror * (drift - (volatility * volatility) / 2);
  const spread = volatility * Math.sqrt(years);
  const ends = (distance - logDrift * years) / spread;
  const returns = (distance + logDrift * years) / spread;
  return Math.min(1, normalCdf(ends) + reflected(ends, returns, (2 * logDrift * distance) / (volatility * volatility)));
}

/**
 * The barrier that a continuously watched price would need in order to be touched as often as `barrier` is when looked at every
 * `stepYears`: B·exp(∓0.5826·σ·√dt), away from the price.
 *
 * @param stepYears  dt ≥ 0
 * @throws           PASSAGE_DOMAIN
 * @source           Broadie, Glasserman, Kou, A continuity correction for discrete barrier options (1997)
 */
export function monitoredBarrier(barrier: UsdPrice, side: BarrierSide, volatility: number, stepYears: number): UsdPrice {
  if (!(barrier > 0 && volatility > 0 && stepYears >= 0)) fault('PASSAGE_DOMAIN', { barrier, volatility, stepYears });
  const away = meanOvershoot(volatility, stepYears);
  return barrier * exp(side === 'below' ? -away : away);
}

/**
 * Probability that the price is seen at or beyond the barrier within T when looked at every `stepYears`: `firstPassageProbability` at the
 * `monitoredBarrier`; 1 when the price is beyond the barrier already. An approximation, o(√dt): against quadrature with hourly looks it is
 * 0.03 % low at B = 0.8, σ = 0.8, 30 days, 0.4 % at 7 days, but 2.8 % at B = 0.9, σ = 1, 1 day, where there are only 24 looks.
 *
 * @throws  PASSAGE_DOMAIN
 * @source  Broadie, Glasserman, Kou (1997)
 */
export function monitoredPassageProbability(passage: Passage, stepYears: number): Ratio {
  const { price, barrier, side, volatility } = passage;
  if (side === 'below' ? price <= barrier : price >= barrier) return firstPassageProbability(passage);
  return firstPassageProbability({ ...passage, barrier: monitoredBarrier(barrier, side, volatility, stepYears) });
}

/**
 * exp(power)·N(returns). Where N would vanish while the exponential overflows (small volatility, strong drift towards the barrier), the
 * identity power − returns²/2 = −ends²/2 turns the product into φ(ends) times Mills' ratio of −returns, both of ordinary size.
 */
function reflected(ends: number, returns: number, power: number): number {
  if (returns > -30) return exp(power) * normalCdf(returns);
  return normalDensity(ends) * millsRatio(-returns);
}

/** (1 − N(x))/φ(x) for x ≥ 30 by Laplace's continued fraction 1/(x + 1/(x + 2/(x + …))). Ten levels are more than a double shows. */
function millsRatio(x: number): number {
  let tail = x;
  for (let k = 10; k >= 1; k -= 1) tail = x + k / tail;
  return 1 / tail;
}

function checkPassage(passage: Passage): void {
  const { price, barrier, volatility, drift, years } = passage;
  if (!(price > 0 && barrier > 0 && volatility > 0 && Number.isFinite(drift) && years >= 0)) fault('PASSAGE_DOMAIN', { ...passage });
}
