import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../src/base/normal.ts';
import { years } from '../../src/base/params.ts';
import { wilsonInterval } from '../../src/base/statistics.ts';
import { firstPassageProbability, monitoredPassageProbability } from '../../src/study/closed-form/first-passage.ts';
import { HOURLY_PASSAGES, pathsSeenBelow } from '../../src/study/validate/simulated-prices.ts';

const HOUR = 3_600_000;
/** Two-sided 99.9 %, in standard errors. */
const BOUND = normalQuantile(0.9995);
/** Other paths than those of the record. */
const SEED = 20_260_102;

describe('geometric Brownian motion seen hourly (B14)', () => {
  // Half the paths of the record, and not a month of them, is enough to see the correction.
  const rows = HOURLY_PASSAGES.filter(({ hours }) => hours <= 240).map((row) => ({ ...row, paths: row.paths / 2 }));

  it.each(rows)('is seen below $barrier within $hours hours at volatility $volatility as often as it should', (row) => {
    const { barrier, volatility, hours, paths, exact } = row;
    const share = pathsSeenBelow(row, SEED) / paths;
    const error = Math.sqrt((exact * (1 - exact)) / paths);
    expect(Math.abs(share - exact) / error).toBeLessThan(BOUND);
    const passage = { price: 1, barrier, side: 'below', volatility, drift: 0, years: years(hours * HOUR) } as const;
    // Twenty-four looks are too few for the correction at this many paths.
    if (hours > 24) expect(Math.abs(share - monitoredPassageProbability(passage, years(HOUR))) / error).toBeLessThan(BOUND);
    expect(share).toBeLessThan(firstPassageProbability(passage) - error); // the continuous formula counts what nobody looked at
  });

  it('is seen as often as it should with twenty other seeds', () => {
    const [row] = HOURLY_PASSAGES.filter(({ hours }) => hours === 24).map((day) => ({ ...day, paths: 10_000 }));
    const outside = Array.from({ length: 20 }, (_, i) => wilsonInterval(pathsSeenBelow(row, 100 + i), row.paths)).filter(
      ({ lo, hi }) => row.exact < lo || row.exact > hi,
    );
    // Six or more of twenty correct tests at 95 % fail with probability 0.0003 (binomial).
    expect(outside.length).toBeLessThanOrEqual(5);
  });
});
