/**
 * Scenarios of the next interval: a return of each asset in each of them, all equally likely. Kept from the past (historical), rescaled to
 * today's volatility (filtered historical), or drawn from a covariance (Monte Carlo); made or changed once an interval and evaluated for
 * every portfolio, without allocation.
 */
import { expm1 } from '../../base/elementary.ts';
import { fault } from '../../base/fault.ts';
import { cholesky } from '../../base/matrix.ts';
import type { Random } from '../../base/random.ts';
import type { Usd } from '../../base/units.ts';

export interface Scenarios {
  readonly assets: number;
  /** Room in each column. */
  readonly capacity: number;
  /** Scenarios that count, 0 … capacity: entries 0 … count − 1 of each column. */
  count: number;
  /** Returns of each asset, one entry a scenario. Buffers of their own, because an offset into one makes P&L half as slow again. */
  readonly columns: readonly Float64Array[];
}

/** Room for scenarios, none of which counts yet. */
export function createScenarios(assets: number, capacity: number): Scenarios {
  if (!(assets >= 1 && capacity >= 1)) fault('SCENARIOS_DOMAIN', { assets, capacity });
  return { assets, capacity, count: 0, columns: Array.from({ length: assets }, () => new Float64Array(capacity)) };
}

/**
 * P&L of a portfolio in each scenario, linear in its returns: Σ exposure · return.
 *
 * @param exposures  USD by asset, short ones negative; assets of exposure 0 cost nothing
 * @param into       length `count` or more
 */
export function scenarioPnl({ assets, count, columns }: Scenarios, exposures: Float64Array, into: Float64Array): void {
  if (exposures.length !== assets || into.length < count) fault('SCENARIOS_DOMAIN', { assets, exposures: exposures.length, count });
  into.fill(0, 0, count);
  for (let first = 0; first < assets; first++) {
    if (exposures[first] === 0) continue;
    let second = first + 1;
    while (second < assets && exposures[second] === 0) second += 1;
    // Two assets a pass, which halves what is written; a last one is paired with nothing of itself.
    if (second < assets) addPair(count, exposures[first], columns[first], exposures[second], columns[second], into);
    else addPair(count, exposures[first], columns[first], 0, columns[first], into);
    first = second;
  }
}

function addPair(count: number, one: Usd, left: Float64Array, other: Usd, right: Float64Array, into: Float64Array): void {
  for (let s = 0; s < count; s++) into[s] += one * left[s] + other * right[s];
}

/**
 * Filtered historical scenarios: each past return as it would have been at today's volatility, return · now/then. An asset that had none
 * then keeps its return.
 *
 * @param history     past returns; `into` gets as many scenarios, and may be `history` itself
 * @param deviations  what the standard deviation of each return was believed to be before it came, in columns like those of `history`
 * @param now         standard deviation of each asset's next return
 * @source            J. Hull, A. White, "Incorporating volatility updating into the historical simulation method for value at risk",
 *                    Journal of Risk 1 (1998) 5-19; G. Barone-Adesi, K. Giannopoulos, L. Vosper, Journal of Futures Markets 19 (1999)
 *                    583-602
 */
export function rescaleScenarios(history: Scenarios, deviations: readonly Float64Array[], now: Float64Array, into: Scenarios): void {
  const { assets, count, columns } = history;
  if (into.assets !== assets || into.capacity < count || now.length !== assets || deviations.length !== assets) {
    fault('SCENARIOS_DOMAIN', {
      assets,
      count,
      into: into.assets,
      capacity: into.capacity,
      now: now.length,
      deviations: deviations.length,
    });
  }
  for (let a = 0; a < assets; a++) rescaleColumn(count, columns[a], deviations[a], now[a], into.columns[a]);
  into.count = count;
}

function rescaleColumn(count: number, returns: Float64Array, then: Float64Array, now: number, into: Float64Array): void {
  for (let s = 0; s < count; s++) into[s] = then[s] > 0 ? returns[s] * (now / then[s]) : returns[s];
}

/**
 * Monte-Carlo scenarios: fills all of `into` with normal returns of mean 0 and the given row-major covariance, by Cholesky's factor; one
 * normal for each asset, scenario by scenario.
 *
 * @throws  SCENARIOS_COVARIANCE  the matrix is no covariance
 */
export function drawScenarios(covariance: Float64Array, random: Random, into: Scenarios): void {
  const { assets, capacity, columns } = into;
  const factor = cholesky(covariance, assets);
  if (factor === undefined) fault('SCENARIOS_COVARIANCE', { assets, covariance: [...covariance].join(' ') });
  const normals = new Float64Array(assets);
  for (let s = 0; s < capacity; s++) {
    for (let a = 0; a < assets; a++) normals[a] = random.normal();
    for (let a = 0; a < assets; a++) {
      let sum = 0;
      for (let k = 0; k <= a; k++) sum += factor[a * assets + k] * normals[k];
      columns[a][s] = sum;
    }
  }
  into.count = capacity;
}

/** Log-returns to the simple returns that P&L is linear in, e^r − 1, in place: once, after scenarios were made of log-returns. */
export function compoundScenarios({ count, columns }: Scenarios): void {
  for (const column of columns) for (let s = 0; s < count; s++) column[s] = expm1(column[s]);
}
