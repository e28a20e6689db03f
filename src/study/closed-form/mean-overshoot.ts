/**
 * By how much a Brownian path that is looked at only now and then has passed a level when it is first seen beyond it. Barriers watched at
 * intervals behave like continuously watched ones moved outwards by this much.
 */

/**
 * Mean overshoot of a Gaussian random walk over a far level, in standard deviations of a step: −ζ(1/2)/√(2π) = 0.5826.
 *
 * @source  Siegmund, Sequential Analysis (1985); Broadie, Glasserman, Kou, A continuity correction for discrete barrier options (1997)
 */
export const MEAN_OVERSHOOT = 0.5825971579390107;

/**
 * Mean distance beyond the level, in the units of log price: 0.5826·σ·√dt.
 *
 * @param volatility  σ per √year
 * @param stepYears   dt, years between two looks
 */
export function meanOvershoot(volatility: number, stepYears: number): number {
  return MEAN_OVERSHOOT * volatility * Math.sqrt(stepYears);
}
