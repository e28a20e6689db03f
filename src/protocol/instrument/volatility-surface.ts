/**
 * The contract of an implied volatility by strike and expiry, and the shift of a whole surface that scenario margins ask for. A surface
 * says what options are marked at; that its prices leave no arbitrage between strikes or expiries is not promised by anything here.
 */
import { pow } from '../../base/elementary.ts';
import { fault } from '../../base/fault.ts';
import { type Part, years as yearsOf } from '../../base/params.ts';
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

export type VolatilitySurfacePart = Part<undefined, VolatilitySurface>;

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

/** How a shift depends on the expiry: (30 d/T)^short below 30 days, (30 d/T)^long above. 0 and 0: the same for all. */
export interface ShiftTerm {
  readonly short: Ratio;
  readonly long: Ratio;
}

const SAME_FOR_ALL: ShiftTerm = { short: 0, long: 0 };

/**
 * The surface after a relative change of all its volatilities, as a row of a scenario grid asks for:
 *
 *   σ' = max(0, σ·(1 + (factor − 1)·(30 d/T)^power))
 *
 * `factor` is 1.5 for a rise of half at 30 days, and for all expiries alike unless `term` says otherwise; 1 gives the surface itself.
 *
 * @param factor  ≥ 0
 * @param term    powers of a short and of a long expiry
 * @throws        SURFACE_DOMAIN
 * @example       shift(surface, 1.5, { short: 0.3, long: 0.13 }) raises volatilities at 7 days by 0.5·(30/7)^0.3 = 77 %
 * @source        powers of 0.30 below 30 days and 0.13 above: support.deribit.com/hc/en-us/articles/25944756247837-Portfolio-Margin
 */
export function shift(surface: VolatilitySurface, factor: Ratio, term: ShiftTerm = SAME_FOR_ALL): VolatilitySurface {
  if (!(factor >= 0 && factor < Infinity && Number.isFinite(term.short) && Number.isFinite(term.long))) {
    fault('SURFACE_DOMAIN', { factor, ...term });
  }
  if (factor === 1) return surface;
  const change = factor - 1;
  return {
    volatility(spot, strike, years) {
      const scale = pow(MONTH_YEARS / atLeastADay(years), years < MONTH_YEARS ? term.short : term.long);
      return Math.max(0, surface.volatility(spot, strike, years) * (1 + change * scale));
    },
  };
}
