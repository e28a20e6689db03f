/**
 * Normal scenarios that are as even as they can be: of each asset alone, exactly the quantiles of a normal distribution in a random order
 * (a Latin hypercube), so that the risk of one asset carries no error of drawing at all, and that of several little. Drawn once and bent to
 * every new covariance: a requirement then moves with the market and never with the draw.
 */
import { fault } from '../../base/fault.ts';
import { cholesky } from '../../base/matrix.ts';
import { normalDensity, normalQuantile } from '../../base/normal.ts';
import type { Random } from '../../base/random.ts';
import type { Scenarios } from './scenarios.ts';

/** What the even values are exact for: a quantile, or the mean of a tail. */
export type Evenness = 'quantiles' | 'means';

/**
 * Value number i of n, ascending: the quantile of i/(n + 1), the probability below the i-th of n draws on average; or the mean of the i-th
 * of n strata of equal probability, of which the means of tails are made.
 */
export function evenNormals(count: number, evenness: Evenness): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    if (evenness === 'quantiles') return normalQuantile((i + 1) / (count + 1));
    const density = (at: number) => (at === 0 || at === count ? 0 : normalDensity(normalQuantile(at / count)));
    return count * (density(i) - density(i + 1));
  });
}

/**
 * Independent standard normals for each asset, each column in an order of its own.
 *
 * @source  M. D. McKay, R. J. Beckman, W. J. Conover, Technometrics 21 (1979) 239-245
 */
export function latinNormals(assets: number, count: number, evenness: Evenness, random: Random): readonly Float64Array[] {
  const values = evenNormals(count, evenness);
  return Array.from({ length: assets }, (_, asset) => shuffled(values, random.split(String(asset))));
}

/** R. A. Fisher, F. Yates. */
function shuffled(values: Float64Array, random: Random): Float64Array {
  const column = values.slice();
  for (let last = column.length - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    const kept = column[last];
    column[last] = column[other];
    column[other] = kept;
  }
  return column;
}

/**
 * Fills `into` with the normals bent to a covariance, row-major, by Cholesky's factor.
 *
 * @throws  SCENARIOS_COVARIANCE  the matrix is no covariance
 */
export function bendNormals(normals: readonly Float64Array[], covariance: Float64Array, into: Scenarios): void {
  const { assets, capacity, columns } = into;
  const factor = cholesky(covariance, assets);
  if (factor === undefined) fault('SCENARIOS_COVARIANCE', { assets, covariance: [...covariance].join(' ') });
  for (let asset = 0; asset < assets; asset++) {
    const column = columns[asset].fill(0);
    for (let k = 0; k <= asset; k++) {
      const share = factor[asset * assets + k];
      const normal = normals[k];
      for (let s = 0; s < capacity; s++) column[s] += share * normal[s];
    }
  }
  into.count = capacity;
}
