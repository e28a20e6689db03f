import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blockSampledDeviation,
  errorDensity,
  errorExceedance,
  meanAbsoluteError,
  meanAbsoluteErrorBlockSampled,
  meanTimeBetweenUpdates,
  meanTimeBlockSampled,
  meanTimeWithHeartbeat,
} from '../../src/study/closed-form/deviation-feed.ts';
import { expectDigits } from './digits.ts';

const DAYS = 365;
const BLOCK_YEARS = 12 / (DAYS * 86_400);
const perDay = (years: number): number => 1 / (years * DAYS);
const positive = fc.double({ min: 1e-3, max: 1e3, noNaN: true });

/** Midpoint rule over (−d, d), exact for a density that is linear on each side. */
function integrate(f: (x: number) => number, d: number, cells = 2000): number {
  const width = (2 * d) / cells;
  let sum = 0;
  for (let i = 0; i < cells; i += 1) sum += f(-d + (i + 0.5) * width) * width;
  return sum;
}

describe('deviation feed (B6)', () => {
  it('updates 70.137 times a day at 0.5 % and 80 % volatility', () => {
    expectDigits(perDay(meanTimeBetweenUpdates(0.005, 0.8)), 70.136986301369863);
  });

  it('updates 62.717 times a day with the threshold corrected for 12 s blocks', () => {
    const widened = blockSampledDeviation(0.005, 0.8, BLOCK_YEARS);
    expectDigits(widened, 0.00528750517631546341);
    expectDigits(perDay(meanTimeBetweenUpdates(widened, 0.8)), 62.7170320985446749);
  });

  it('updates 62.5808 times a day by the renewal equation of the sampled path', () => {
    // Nyström solution of m(x) = 1 + ∫ φ(y − x)·m(y) dy on (−a, a), a = d/(σ√dt) = 10.13, 400 Gauss-Legendre nodes: 115.051350751 steps.
    expectDigits(meanTimeBlockSampled(0.005, 0.8, BLOCK_YEARS) / BLOCK_YEARS, 115.05135075095717, 1e-9);
    // The same at a = 5 and a = 2.
    expectDigits(meanTimeBlockSampled(5, 1, 1), 31.415389522633824, 1e-6);
    expectDigits(meanTimeBlockSampled(2, 1, 1), 6.913502645008775, 1e-3);
  });

  it('has the mean error of the sampled path by the same equation', () => {
    // The quotient of q(x) = |x| + ∫ φ(y − x)·q(y) dy and m at 0, in standard deviations of a step, at a = 10.13, 5 and 2, with 200 nodes.
    const step = 0.8 * Math.sqrt(BLOCK_YEARS);
    expectDigits(meanAbsoluteErrorBlockSampled(0.005, 0.8, BLOCK_YEARS) / step, 3.5395091687601745, 3e-4);
    expectDigits(meanAbsoluteErrorBlockSampled(5, 1, 1), 1.7981115774633378, 3e-3);
    expectDigits(meanAbsoluteErrorBlockSampled(2, 1, 1), 0.7199330551118622, 3e-2);
    expectDigits(meanAbsoluteErrorBlockSampled(0.005, 0.8, 1e-18), meanAbsoluteError(0.005), 1e-6);
  });

  it('becomes the continuously watched feed as blocks shorten', () => {
    expectDigits(meanTimeBlockSampled(0.005, 0.8, 1e-16), meanTimeBetweenUpdates(0.005, 0.8), 1e-5);
    expect(blockSampledDeviation(0.005, 0.8, 0)).toBe(0.005);
  });

  it('has a triangular error: mass 1, mean d/3, and the tail it says', () => {
    const d = 0.005;
    expectDigits(
      integrate((x) => errorDensity(x, d), d),
      1,
    );
    expectDigits(
      integrate((x) => Math.abs(x) * errorDensity(x, d), d),
      meanAbsoluteError(d),
      1e-6,
    );
    expectDigits(meanAbsoluteError(d), d / 3);
    expectDigits(errorExceedance(0.0025, d), 0.25);
    expectDigits(1 - integrate((x) => (Math.abs(x) <= 0.002 ? errorDensity(x, d) : 0), d), errorExceedance(0.002, d));
    expect(errorExceedance(0, d)).toBe(1);
    expect(errorExceedance(0.006, d)).toBe(0);
    expect(errorDensity(0.006, d)).toBe(0);
  });

  it('refuses a threshold of nothing, and a block too long for the correction', () => {
    expect(() => meanTimeBetweenUpdates(0, 1)).toThrow('FEED_DOMAIN');
    expect(() => errorExceedance(-1, 1)).toThrow('FEED_DOMAIN');
    expect(() => blockSampledDeviation(1, 1, -1)).toThrow('FEED_DOMAIN');
    expect(() => meanTimeBlockSampled(1.9, 1, 1)).toThrow('FEED_DOMAIN');
    expect(() => meanAbsoluteErrorBlockSampled(1.9, 1, 1)).toThrow('FEED_DOMAIN');
  });
});

describe('deviation feed with heartbeat (B6)', () => {
  it.each([
    // Derived with 40 digits from the image series P(τ ≤ t) = 2·Σ_k (−1)^k·erfc((2k+1)/√(2t)), another series than the one used.
    [0.01, 0.01],
    [0.05, 0.0499999369674069857],
    [0.3, 0.288572793619781684],
    [1, 0.69945452957387427],
    [3, 0.974512200827891571],
  ])('of %d mean exit times updates every %d of them', (heartbeat, mean) => {
    expectDigits(meanTimeWithHeartbeat(1, 1, heartbeat), mean);
  });

  it('updates at least as often as either cause alone', () => {
    fc.assert(
      fc.property(positive, positive, positive, (deviation, volatility, heartbeat) => {
        const mean = meanTimeWithHeartbeat(deviation, volatility, heartbeat);
        expect(mean).toBeGreaterThan(0);
        expect(mean).toBeLessThanOrEqual(Math.min(heartbeat, meanTimeBetweenUpdates(deviation, volatility)));
        expect(meanTimeWithHeartbeat(deviation, volatility, heartbeat * 1.1)).toBeGreaterThanOrEqual(mean);
      }),
      // A heartbeat two hundredths of the mean exit time, where rounding once exceeded it.
      { examples: [[35.41698891121794, 0.24620579523129188, 350.9845481094144]] },
    );
  });

  it('scales as Brownian motion does', () => {
    expectDigits(meanTimeWithHeartbeat(0.005, 0.8, 2 / 25_600), meanTimeWithHeartbeat(1, 1, 2) / 25_600);
  });

  it('without a heartbeat is the deviation feed', () => {
    expect(meanTimeWithHeartbeat(0.005, 0.8, Infinity)).toBe(meanTimeBetweenUpdates(0.005, 0.8));
    expect(() => meanTimeWithHeartbeat(1, 1, 0)).toThrow('FEED_DOMAIN');
  });
});
