/**
 * Value at risk and expected shortfall of a portfolio over one interval, from its P&L in equally likely scenarios or from a covariance.
 * Losses are positive and a sure gain is a negative value at risk: nothing is cut off at 0. Pure, and without allocation where it is hot;
 * where scenarios come from is in `scenarios.ts`.
 *
 * Of n scenarios with losses L₁ ≥ L₂ ≥ … and a tail of m = n·(1 − level) of them, m not always whole:
 *
 *   VaR = L_k, k = ⌊m⌋ + 1        the least loss that is not exceeded with probability `level`
 *   ES  = (L₁ + … + L_(k−1) + (m − (k − 1))·L_k)/m        the mean of the worst 1 − level, the last of them in part; ≥ VaR
 *
 * A next loss of the same kind exceeds L_k with probability k/(n + 1): exactly 1 − level where (n + 1)·(1 − level) is whole, as for 499 or
 * 999 scenarios at 99 %, and more otherwise: 6/501 for 500.
 */
import { fault } from '../../base/fault.ts';
import { normalDensity, normalQuantile } from '../../base/normal.ts';
import { studentDensity, studentQuantile } from '../../base/student.ts';
import type { Ratio, Usd } from '../../base/units.ts';

/** What may be lost: an answer to write into. */
export interface TailRisk {
  valueAtRisk: Usd;
  expectedShortfall: Usd;
}

/** An empty answer. */
export function blankTail(): TailRisk {
  return { valueAtRisk: 0, expectedShortfall: 0 };
}

/** m = n·(1 − level); a product within rounding of a whole number is that number, since 0.99 is not exact in binary. */
function tailSize(count: number, level: Ratio): number {
  if (!(count >= 1 && level >= 0 && level <= 1)) fault('VALUE_AT_RISK_DOMAIN', { count, level });
  const size = count * (1 - level);
  const near = Math.round(size);
  return Math.abs(size - near) <= count * 2 ** -50 ? near : size;
}

/** k: the place of the value at risk among `count` losses, the largest first; and the length of scratch that `historicalTail` needs. */
export function tailRank(count: number, level: Ratio): number {
  return Math.min(count, Math.floor(tailSize(count, level)) + 1);
}

/**
 * Value at risk and expected shortfall of the first `count` entries of `pnl`, by the convention above. A heap holds the k worst so far with
 * the best of them on top, so that most scenarios cost one comparison: for 6 of 500 three times as fast as quickselect, which cannot
 * foresee its branches. O(n·log k) at worst.
 *
 * @param pnl      profit, one entry a scenario, of equal probability; left as it is
 * @param scratch  length `tailRank(count, level)` or more; overwritten
 * @returns        `into`; NaN in both where any P&L is NaN
 * @throws         VALUE_AT_RISK_DOMAIN  no scenario, level outside [0, 1], or scratch too short
 * @source         ES: C. Acerbi, D. Tasche, "On the coherence of expected shortfall", Journal of Banking & Finance 26 (2002) 1487-1503
 */
export function historicalTail(pnl: Float64Array, count: number, level: Ratio, scratch: Float64Array, into: TailRisk): TailRisk {
  const size = tailSize(count, level);
  const rank = Math.min(count, Math.floor(size) + 1);
  if (pnl.length < count || scratch.length < rank) fault('VALUE_AT_RISK_DOMAIN', { count, pnl: pnl.length, scratch: scratch.length, rank });
  const best = collectWorst(pnl, count, rank, scratch);
  let sum = 0;
  for (let i = 1; i < rank; i++) sum += scratch[i];
  into.valueAtRisk = -best;
  into.expectedShortfall = size < 1 ? -best : -(sum + (size - (rank - 1)) * best) / size;
  return into;
}

/**
 * Fills `heap` with the `rank` least entries of `pnl` and answers the largest of them, which is on top; NaN where any entry is. All in one
 * loop, because a call within it is what an optimising engine may stop to inline.
 */
function collectWorst(pnl: Float64Array, count: number, rank: number, heap: Float64Array): number {
  heap.fill(Infinity, 0, rank);
  let best = Infinity;
  for (let i = 0; i < count; i++) {
    const value = pnl[i];
    if (value >= best) continue;
    if (Number.isNaN(value)) return value;
    let at = 0;
    for (let child = 1; child < rank; child = 2 * at + 1) {
      if (child + 1 < rank && heap[child + 1] > heap[child]) child += 1;
      if (heap[child] <= value) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = value;
    best = heap[0];
  }
  return best;
}

/** Value at risk and expected shortfall of a distribution of mean 0, in units of its standard deviation. */
export interface TailMultiples {
  readonly valueAtRisk: number;
  readonly expectedShortfall: number;
}

/**
 * Of the normal distribution: z and φ(z)/(1 − level), Φ(z) = level.
 *
 * @throws  VALUE_AT_RISK_DOMAIN  level outside (0, 1)
 */
export function normalMultiples(level: Ratio): TailMultiples {
  if (!(level > 0 && level < 1)) fault('VALUE_AT_RISK_DOMAIN', { level });
  const tail = 1 - level;
  const z = -normalQuantile(tail);
  return { valueAtRisk: z, expectedShortfall: normalDensity(z) / tail };
}

/**
 * Of Student’s t: s·t and s·f(t)/(1 − level)·(ν + t²)/(ν − 1), F(t) = level, s = √((ν − 2)/ν).
 *
 * @param degrees  ν > 2, else there is no standard deviation
 * @throws         VALUE_AT_RISK_DOMAIN
 * @source         A. J. McNeil, R. Frey, P. Embrechts, Quantitative Risk Management (Princeton 2005), 2.2.4
 */
export function studentMultiples(level: Ratio, degrees: number): TailMultiples {
  if (!(level > 0 && level < 1 && degrees > 2)) fault('VALUE_AT_RISK_DOMAIN', { level, degrees });
  const tail = 1 - level;
  const t = -studentQuantile(tail, degrees);
  const scale = Math.sqrt((degrees - 2) / degrees);
  const beyond = (studentDensity(t, degrees) / tail) * ((degrees + t * t) / (degrees - 1));
  return { valueAtRisk: scale * t, expectedShortfall: scale * beyond };
}

/** √(eᵀ·C·e), USD: of a portfolio of exposures e (USD, short ones negative) to assets whose returns have the row-major covariance C. */
export function portfolioDeviation(exposures: Float64Array, covariance: Float64Array): Usd {
  const n = exposures.length;
  let variance = 0;
  for (let i = 0; i < n; i++) {
    if (exposures[i] === 0) continue;
    let row = exposures[i] * covariance[i * n + i];
    for (let j = 0; j < i; j++) row += 2 * exposures[j] * covariance[i * n + j];
    variance += exposures[i] * row;
  }
  // A perfect hedge may come out as −10^-17 of its parts; NaN stays NaN.
  return variance < 0 ? 0 : Math.sqrt(variance);
}

/** Delta-normal value at risk and expected shortfall (or delta-t, by the multiples): the P&L is linear in returns of mean 0. */
export function deltaTail(exposures: Float64Array, covariance: Float64Array, multiples: TailMultiples, into: TailRisk): TailRisk {
  const deviation = portfolioDeviation(exposures, covariance);
  into.valueAtRisk = multiples.valueAtRisk * deviation;
  into.expectedShortfall = multiples.expectedShortfall * deviation;
  return into;
}
