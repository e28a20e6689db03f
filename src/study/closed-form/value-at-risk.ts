/**
 * Value at risk and expected shortfall of the normal and of Student’s t distribution, in units of the standard deviation, and Kupiec’s test
 * of whether a value at risk is exceeded as often as it says. The test counts; it does not see whether exceedances come in clusters.
 */
import { log, log1p } from '../../base/elementary.ts';
import { fault } from '../../base/fault.ts';
import { normalCdf, normalDensity, normalQuantile } from '../../base/normal.ts';
import { studentDensity, studentQuantile } from '../../base/student.ts';
import type { Ratio } from '../../base/units.ts';

/**
 * Loss that a standard normal exceeds with probability 1 − level: Φ⁻¹(level).
 *
 * @throws   VALUE_AT_RISK_DOMAIN  level outside (0, 1)
 * @example  0.99  →  2.3263
 */
export function normalValueAtRisk(level: Ratio): number {
  checkLevel(level);
  return normalQuantile(level);
}

/**
 * Mean of the losses of a standard normal beyond that: φ(VaR)/(1 − level).
 *
 * @throws   VALUE_AT_RISK_DOMAIN
 * @example  0.99  →  2.6652
 * @source   A. J. McNeil, R. Frey, P. Embrechts, Quantitative Risk Management (Princeton 2005), 2.2.4
 */
export function normalExpectedShortfall(level: Ratio): number {
  return normalDensity(normalValueAtRisk(level)) / (1 - level);
}

/**
 * The same loss of Student’s t with ν degrees of freedom, scaled to variance 1: √((ν − 2)/ν)·F⁻¹(level).
 *
 * @param degrees  ν > 2
 * @throws         VALUE_AT_RISK_DOMAIN
 * @example        0.99, ν = 4  →  2.6495
 */
export function studentValueAtRisk(level: Ratio, degrees: number): number {
  checkLevel(level);
  if (!(degrees > 2)) fault('VALUE_AT_RISK_DOMAIN', { degrees });
  return unitScale(degrees) * studentQuantile(level, degrees);
}

/**
 * Mean of its losses beyond that: √((ν − 2)/ν) · f(t)/(1 − level) · (ν + t²)/(ν − 1),  t = F⁻¹(level).
 *
 * @throws   VALUE_AT_RISK_DOMAIN
 * @example  0.99, ν = 4  →  3.6915
 * @source   as `normalExpectedShortfall`
 */
export function studentExpectedShortfall(level: Ratio, degrees: number): number {
  const t = studentValueAtRisk(level, degrees) / unitScale(degrees);
  return (unitScale(degrees) * studentDensity(t, degrees) * (degrees + t * t)) / ((1 - level) * (degrees - 1));
}

function unitScale(degrees: number): number {
  return Math.sqrt((degrees - 2) / degrees);
}

/**
 * Kupiec’s likelihood ratio: how much likelier x exceedances in n trials are at the rate x/n than at the rate that was promised.
 *
 *   LR = −2·ln[ p^x·(1 − p)^(n − x) / ((x/n)^x·(1 − x/n)^(n − x)) ]        χ² with one degree of freedom, if they are independent
 *
 * @param exceedances  x, whole, 0 ≤ x ≤ n
 * @param trials       n, whole, > 0
 * @param rate         p, 0 < p < 1: 1 − level
 * @throws             KUPIEC_DOMAIN
 * @example            x = 5, n = 250, p = 0.01  →  1.957
 * @source             P. H. Kupiec, "Techniques for verifying the accuracy of risk measurement models", Journal of Derivatives 3 (1995)
 *                     73-84
 */
export function kupiecRatio(exceedances: number, trials: number, rate: Ratio): number {
  const x = exceedances;
  const n = trials;
  if (!(Number.isInteger(x) && Number.isInteger(n) && x >= 0 && x <= n && n > 0 && rate > 0 && rate < 1)) {
    fault('KUPIEC_DOMAIN', { exceedances, trials, rate });
  }
  const hits = x === 0 ? 0 : x * log(x / (n * rate));
  const misses = x === n ? 0 : (n - x) * (log1p(-x / n) - log1p(-rate));
  // Not below 0 but for rounding, where x/n is the rate.
  return Math.max(0, 2 * (hits + misses));
}

/**
 * Probability of a ratio as large or larger where the rate is as promised: 2·(1 − Φ(√LR)).
 *
 * @throws   KUPIEC_DOMAIN
 * @example  x = 7, n = 250, p = 0.01  →  0.019
 */
export function kupiecPValue(exceedances: number, trials: number, rate: Ratio): number {
  return 2 * normalCdf(-Math.sqrt(kupiecRatio(exceedances, trials, rate)));
}

/** Counts of exceedances, both ends included. */
export interface ExceedanceBand {
  readonly lo: number;
  readonly hi: number;
}

/**
 * The counts that Kupiec’s test does not reject: LR ≤ the `coverage` quantile of χ²(1), the square of Φ⁻¹((1 + coverage)/2).
 *
 * @param coverage  probability that a sound model is accepted, asymptotically, 0 < coverage < 1
 * @throws          KUPIEC_DOMAIN
 * @example         n = 250, p = 0.01, coverage 0.95  →  1 … 6
 */
export function kupiecBand(trials: number, rate: Ratio, coverage: Ratio): ExceedanceBand {
  if (!(coverage > 0 && coverage < 1)) fault('KUPIEC_DOMAIN', { coverage });
  const bound = normalQuantile((1 + coverage) / 2) ** 2;
  // The ratio falls up to n·p and rises from there. Where it rejects both whole numbers beside n·p, the band is empty: lo > hi.
  const middle = Math.floor(trials * rate);
  let lo = middle + 1;
  while (lo > 0 && kupiecRatio(lo - 1, trials, rate) <= bound) lo -= 1;
  let hi = middle;
  while (hi < trials && kupiecRatio(hi + 1, trials, rate) <= bound) hi += 1;
  return { lo, hi };
}

function checkLevel(level: Ratio): void {
  if (!(level > 0 && level < 1)) fault('VALUE_AT_RISK_DOMAIN', { level });
}
