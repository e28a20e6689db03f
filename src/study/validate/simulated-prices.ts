/**
 * Real geometric Brownian motion looked at every hour, against the probability that a liquidation barrier is seen touched (B14). What is
 * expected is exact for hourly looks, by quadrature: the continuity correction of Broadie, Glasserman and Kou is itself up to 2.8 % off.
 */
import { randomFrom } from '../../base/random.ts';
import { wilsonInterval } from '../../base/statistics.ts';
import type { Ratio, UsdPrice } from '../../base/units.ts';
import { gbm } from '../../price/gbm.ts';
import { needsAlone } from '../../price/process.ts';
import { type Check, SAMPLE_LEVEL, type Sampled, sampleCheck } from './check.ts';

const HOUR_MS = 3_600_000;
const SEED = 20_260_101;

/** Paths from a price of 1 without drift, looked at every hour. */
export interface HourlyPassage {
  readonly barrier: UsdPrice;
  readonly volatility: number;
  readonly hours: number;
  readonly paths: number;
  /**
   * Exact for hourly looks: the density of paths not yet seen below the barrier, carried from hour to hour by Gauss-Legendre quadrature
   * with 1,600 nodes (nine digits agree with 1,200 nodes).
   */
  readonly exact: Ratio;
}

/** B14's four, with as many paths as make the intervals ±6 % of the probability or narrower. */
export const HOURLY_PASSAGES: readonly HourlyPassage[] = [
  { barrier: 0.8, volatility: 0.8, hours: 168, paths: 80_000, exact: 0.044370436 },
  { barrier: 0.8, volatility: 0.8, hours: 720, paths: 20_000, exact: 0.357426076 },
  { barrier: 0.9, volatility: 1, hours: 24, paths: 120_000, exact: 0.035907031 },
  { barrier: 0.8, volatility: 0.9, hours: 240, paths: 40_000, exact: 0.139722036 },
];

/** Paths that are seen at or below the barrier. */
export function pathsSeenBelow({ paths, hours, barrier, volatility }: HourlyPassage, seed = SEED): number {
  const root = randomFrom(seed);
  let seen = 0;
  for (let path = 0; path < paths; path += 1) {
    const process = gbm.create({ start: 1, volatility, drift: 0 }, needsAlone(root.split(String(path)), HOUR_MS));
    for (let hour = 1; hour <= hours; hour += 1) {
      if (process.next(hour * HOUR_MS) > barrier) continue;
      seen += 1;
      break;
    }
  }
  return seen;
}

function sampled(passage: HourlyPassage): Sampled {
  const seen = pathsSeenBelow(passage);
  return { mean: seen / passage.paths, ...wilsonInterval(seen, passage.paths, SAMPLE_LEVEL) };
}

/** First passages of the real price process. */
export const simulatedPriceChecks: readonly Check[] = HOURLY_PASSAGES.map((passage) => {
  const { barrier, volatility, hours, paths, exact } = passage;
  return sampleCheck({
    id: `B14.gbm-${barrier}-${hours / 24}d`,
    claim: `share of ${paths} hourly paths at volatility ${volatility} seen at ${barrier} or below in ${hours} h, seed ${SEED}`,
    source: 'derived: quadrature of the density from hour to hour, Gauss-Legendre, 1,600 nodes',
    expected: exact,
    halfWidthMax: 0.06,
    sample: () => sampled(passage),
  });
});
