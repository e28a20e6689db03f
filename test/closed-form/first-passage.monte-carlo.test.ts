import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../src/base/normal.ts';
import { years } from '../../src/base/params.ts';
import { randomFrom } from '../../src/base/random.ts';
import { gbm } from '../../src/price/gbm.ts';
import { firstPassageProbability, monitoredPassageProbability } from '../../src/study/closed-form/first-passage.ts';

const HOUR = 3_600_000;
/** Two-sided 99.9 %, in standard errors. */
const BOUND = normalQuantile(0.9995);

/** Share of `paths` hourly paths from 1 that are seen at or below `barrier` within `hours`. */
function shareSeenBelow(seed: number, paths: number, hours: number, barrier: number, volatility: number): number {
  const root = randomFrom(seed);
  let seen = 0;
  for (let path = 0; path < paths; path += 1) {
    const process = gbm.create({ start: 1, volatility, drift: 0 }, { random: root.split(String(path)), every: HOUR });
    for (let hour = 1; hour <= hours; hour += 1) {
      if (process.next(hour * HOUR) > barrier) continue;
      seen += 1;
      break;
    }
  }
  return seen / paths;
}

describe('geometric Brownian motion seen hourly (B14)', () => {
  it.each([
    // The exact probabilities of first-passage.test.ts, by quadrature; the correction is 0.4, 2.8 and 0.2 % below them.
    { barrier: 0.8, volatility: 0.8, hours: 168, paths: 40_000, exact: 0.044370436, corrected: true },
    { barrier: 0.8, volatility: 0.9, hours: 240, paths: 20_000, exact: 0.139722036, corrected: true },
    // Twenty-four looks are too few for the correction at this many paths.
    { barrier: 0.9, volatility: 1, hours: 24, paths: 40_000, exact: 0.035907031, corrected: false },
  ])('is seen below $barrier within $hours hours at volatility $volatility as often as it should', (row) => {
    const { barrier, volatility, hours, paths, exact } = row;
    const share = shareSeenBelow(20_260_101, paths, hours, barrier, volatility);
    const error = Math.sqrt((exact * (1 - exact)) / paths);
    expect(Math.abs(share - exact) / error).toBeLessThan(BOUND);
    const passage = { price: 1, barrier, side: 'below', volatility, drift: 0, years: years(hours * HOUR) } as const;
    if (row.corrected) expect(Math.abs(share - monitoredPassageProbability(passage, years(HOUR))) / error).toBeLessThan(BOUND);
    expect(share).toBeLessThan(firstPassageProbability(passage) - error); // the continuous formula counts what nobody looked at
  });
});
