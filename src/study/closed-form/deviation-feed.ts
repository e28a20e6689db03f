/**
 * The push feed in closed form: an oracle that publishes when the log price has moved by d from its last report, or a heartbeat has passed.
 * The price is a Brownian motion in logs with volatility σ and no drift; delay and cost of publishing are left out. Times are in the years
 * of the volatility (a volatility of 0.8 per √year of 365 days makes 12 s equal to 12/31,536,000 years).
 */
import { exp } from '../../base/elementary.ts';
import { fault } from '../../base/fault.ts';
import type { Ratio } from '../../base/units.ts';
import { meanOvershoot } from './mean-overshoot.ts';

/**
 * Mean time between two updates of a feed without heartbeat, watched continuously: d²/σ².
 *
 * @param deviation   d > 0, threshold in |ln(price/report)|; 0.005 is 0.5 %
 * @param volatility  σ > 0 per √year
 * @returns           years
 * @throws            FEED_DOMAIN
 * @example           d = 0.005, σ = 0.8  →  1/25,600 year, which is 70.137 updates a day
 * @source            mean exit time of Brownian motion from (−d, d)
 */
export function meanTimeBetweenUpdates(deviation: Ratio, volatility: number): number {
  checkFeed(deviation, volatility);
  return (deviation * deviation) / (volatility * volatility);
}

/**
 * Density of the stationary error x = ln(price/report): (d − |x|)/d² within the threshold, 0 outside.
 *
 * @source  occupation density of Brownian motion on (−d, d) returned to 0 at its exit
 */
export function errorDensity(error: number, deviation: Ratio): number {
  checkFeed(deviation);
  return Math.max(0, deviation - Math.abs(error)) / (deviation * deviation);
}

/** Mean of the stationary |error|: d/3. */
export function meanAbsoluteError(deviation: Ratio): number {
  checkFeed(deviation);
  return deviation / 3;
}

/**
 * Mean of the stationary |error| at the ends of blocks of a feed watched once a block, in logs:
 *
 *   w·(w² − ¾v)/(3·(w² + ¼v)),   w = d + 0.5826·σ·√dt,  v = σ²·dt        → d/3 as dt → 0
 *
 * |S|³ grows by 3v·|S| a step, and by more near 0, where the log price S has w/v visits per unit: by 3/2·v² each, 3/2·v·w in all. So the
 * sum of |S| up to the update at τ is (E|S_τ|³ − 3/2·v·w)/(3v), and E|S_τ|³ = w³ + ¾·v·w but for the third moment of the overshoot. Left
 * out, that makes the answer 0.02 % too large at d = 10·σ·√dt and 0.2 % at d = 5·σ·√dt (against quadrature of the renewal equation).
 *
 * @param stepYears  dt ≥ 0, time between two blocks
 * @throws           FEED_DOMAIN  also when d < 2·σ·√dt
 * @source           derived; overshoot: Siegmund, Sequential Analysis (1985)
 */
export function meanAbsoluteErrorBlockSampled(deviation: Ratio, volatility: number, stepYears: number): Ratio {
  const widened = blockSampledDeviation(deviation, volatility, stepYears);
  const variance = volatility * volatility * stepYears;
  if (deviation < 2 * Math.sqrt(variance)) fault('FEED_DOMAIN', { deviation, volatility, stepYears });
  const squared = widened * widened;
  return (widened * (squared - 0.75 * variance)) / (3 * (squared + variance / 4));
}

/** Share of time at which |error| exceeds `bound` ≥ 0: (1 − bound/d)², and 0 from the threshold on. */
export function errorExceedance(bound: Ratio, deviation: Ratio): Ratio {
  checkFeed(deviation);
  if (!(bound >= 0)) fault('FEED_DOMAIN', { bound });
  const within = Math.max(0, 1 - bound / deviation);
  return within * within;
}

/**
 * The threshold that a continuously watched feed would need in order to update as rarely as one watched once a block: d + 0.5826·σ·√dt.
 *
 * @param stepYears  dt ≥ 0, time between two blocks
 * @throws           FEED_DOMAIN
 * @source           Broadie, Glasserman, Kou (1997)
 */
export function blockSampledDeviation(deviation: Ratio, volatility: number, stepYears: number): Ratio {
  checkFeed(deviation, volatility);
  if (!(stepYears >= 0)) fault('FEED_DOMAIN', { stepYears });
  return deviation + meanOvershoot(volatility, stepYears);
}

/**
 * Mean time between two updates of a feed watched once a block: (d + 0.5826·σ·√dt)²/σ² + dt/4.
 *
 * By Wald, the mean is the second moment of the log price at the update over σ²; the overshoot beyond d has mean 0.5826 and variance 1/4 in
 * steps. Without the last term the rate is 0.2 % too high at d = 0.5 %, σ = 0.8, 12 s; with it, a numerical solution of the renewal
 * equation agrees to eleven digits there and to 0.1 % when d is only two standard deviations of a step.
 *
 * @returns  years
 * @throws   FEED_DOMAIN  also when d < 2·σ·√dt, where the far-level limit no longer holds
 * @source   Siegmund, Sequential Analysis (1985) (moments of the overshoot)
 */
export function meanTimeBlockSampled(deviation: Ratio, volatility: number, stepYears: number): number {
  const widened = blockSampledDeviation(deviation, volatility, stepYears);
  if (deviation < 2 * volatility * Math.sqrt(stepYears)) fault('FEED_DOMAIN', { deviation, volatility, stepYears });
  return meanTimeBetweenUpdates(widened, volatility) + stepYears / 4;
}

/**
 * Mean time between two updates of a feed that also publishes when `heartbeat` has passed since the last update: E[min(τ, H)], where τ is
 * the exit time from (−d, d). Each update starts afresh, so the update rate is one over this.
 *
 *   E[min(τ, H)] = d²/σ² · (1 − 32/π³ · Σ_k (−1)^k/(2k+1)³ · exp(−(2k+1)²·π²·h/8)),   h = σ²·H/d²
 *
 * @param heartbeat  H > 0, years; Infinity means none
 * @returns          years, below both H and d²/σ²
 * @throws           FEED_DOMAIN
 * @source           integral over (0, H) of P(τ > t) = 4/π·Σ_k (−1)^k/(2k+1)·exp(−(2k+1)²·π²·σ²·t/(8d²)), the heat equation on (−d, d)
 */
export function meanTimeWithHeartbeat(deviation: Ratio, volatility: number, heartbeat: number): number {
  const unhurried = meanTimeBetweenUpdates(deviation, volatility);
  if (!(heartbeat > 0)) fault('FEED_DOMAIN', { heartbeat });
  const share = heartbeat / unhurried;
  if (share < 0.01) return heartbeat; // P(τ < H) ≤ 4·N(−10) = 3e-23: no double can tell the difference, and the series would cancel
  const decay = (Math.PI * Math.PI * share) / 8;
  let sum = 0;
  let sign = 1;
  for (let odd = 1; odd * odd * decay < 745; odd += 2) {
    sum += (sign * exp(-odd * odd * decay)) / (odd * odd * odd);
    sign = -sign;
  }
  return Math.min(heartbeat, unhurried * (1 - (32 / Math.PI ** 3) * sum)); // min: for a short heartbeat only rounding can exceed it
}

function checkFeed(deviation: Ratio, volatility = 1): void {
  if (!(deviation > 0 && volatility > 0)) fault('FEED_DOMAIN', { deviation, volatility });
}
