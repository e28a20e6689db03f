/**
 * The contract of an implied volatility by strike and expiry. A surface says what options are marked at; that its prices leave no
 * arbitrage between strikes or expiries is not promised by anything here.
 */
import { years as yearsOf } from '../../base/params.ts';
import type { Ms, Ratio, UsdPrice } from '../../base/units.ts';

export interface VolatilitySurface {
  /**
   * Implied volatility per √year, ≥ 0, of an option with that strike that expires in so many years. Depends on strike ÷ spot alone, so
   * that it moves with the spot. NaN where spot, strike or time is NaN, or spot and strike are both 0.
   *
   * @param years  T ≥ 0, of 365 days
   */
  volatility(spot: UsdPrice, strike: UsdPrice, years: number): Ratio;
}

const DAY_MS: Ms = 86_400_000;
/** 30 days: the expiry at which a term's power is 1 and changes of volatility are quoted. */
export const MONTH_YEARS = yearsOf(30 * DAY_MS);
/**
 * One day. Moneyness per √T and powers of 30 d/T grow without bound as T goes to 0; a shorter expiry is taken to be a day away there. Ours:
 * options that close to expiry are nearly their payoff, whatever their volatility.
 */
const SHORTEST_YEARS = yearsOf(DAY_MS);

/** T, but at least a day. NaN stays. */
export function atLeastADay(years: number): number {
  return years < SHORTEST_YEARS ? SHORTEST_YEARS : years;
}
