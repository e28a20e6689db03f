/** Moments of the simulated prices against the closed form, by two-sided z-tests with fixed N and seeds. */
import { describe, expect, it } from 'vitest';
import { exp, log } from '../../../src/base/elementary.ts';
import { YEAR_MS } from '../../../src/base/params.ts';
import { randomFrom } from '../../../src/base/random.ts';
import { gbm } from '../../../src/price/gbm.ts';
import { needsAlone } from '../../../src/price/process.ts';

/** Two-sided quantiles of the standard normal. */
const Z_999 = 3.2905;
const Z_95 = 1.96;
/**
 * Of twenty correct 95 % tests, six or more fail with probability 0.0003 (binomial), two or more with 0.26. One allowed failure would
 * refuse every fourth correct implementation; five keeps the level of the single test.
 */
const FAILURES_MAX = 5;

const START = 2_000;
const VOLATILITY = 0.8;
const DRIFT = 0.3;
/** Twelve seconds, and a tenth of a year. */
const BLOCK = 12_000;
const LONG = YEAR_MS / 10;

function process(seed: number, every: number) {
  return gbm.create({ start: START, volatility: VOLATILITY, drift: DRIFT }, needsAlone(randomFrom(seed, 'price'), every));
}

/** z-scores of mean and variance of N log-returns over one step. */
function logReturnScores(seed: number, every: number, n: number): { mean: number; variance: number } {
  const price = process(seed, every);
  const dt = every / YEAR_MS;
  let previous = price.start;
  let sum = 0;
  let squares = 0;
  const expected = (DRIFT - VOLATILITY ** 2 / 2) * dt;
  for (let i = 1; i <= n; i++) {
    const next = price.next(i * every);
    const off = log(next / previous) - expected;
    sum += off;
    squares += off * off;
    previous = next;
  }
  const variance = VOLATILITY ** 2 * dt;
  return { mean: sum / Math.sqrt(n * variance), variance: (squares / n / variance - 1) / Math.sqrt(2 / n) };
}

/** z-score of the mean price at the end of `steps` steps over N paths: E[P] = start·e^(μT), Var[P] = start²·e^(2μT)·(e^(σ²T) − 1). */
function meanPriceScore(seed: number, n: number, steps: number): number {
  const years = (LONG * steps) / YEAR_MS;
  const root = randomFrom(seed);
  let sum = 0;
  for (let path = 0; path < n; path++) {
    const price = gbm.create({ start: START, volatility: VOLATILITY, drift: DRIFT }, needsAlone(root.split(String(path)), LONG));
    for (let i = 1; i < steps; i++) price.next(i * LONG);
    sum += price.next(steps * LONG);
  }
  const mean = START * exp(DRIFT * years);
  return (sum / n - mean) / ((mean * Math.sqrt(exp(VOLATILITY ** 2 * years) - 1)) / Math.sqrt(n));
}

describe('geometric Brownian motion', () => {
  it('has log-returns of mean (μ − σ²/2)·dt and variance σ²·dt', () => {
    const { mean, variance } = logReturnScores(1, BLOCK, 200_000);
    expect(Math.abs(mean)).toBeLessThan(Z_999);
    expect(Math.abs(variance)).toBeLessThan(Z_999);
  });

  it('has them with twenty other seeds too, as often within 95 % as they should be', () => {
    const scores = Array.from({ length: 20 }, (_, i) => logReturnScores(100 + i, BLOCK, 10_000));
    expect(scores.filter(({ mean }) => Math.abs(mean) > Z_95).length).toBeLessThanOrEqual(FAILURES_MAX);
    expect(scores.filter(({ variance }) => Math.abs(variance) > Z_95).length).toBeLessThanOrEqual(FAILURES_MAX);
  });

  it('grows in expectation by e^(μT), in one step or in four', () => {
    expect(Math.abs(meanPriceScore(2, 20_000, 1))).toBeLessThan(Z_999);
    expect(Math.abs(meanPriceScore(3, 20_000, 4))).toBeLessThan(Z_999);
  });

  it('without volatility is e^(μt), to rounding', () => {
    const price = gbm.create({ start: 5, volatility: 0, drift: 0.1 }, needsAlone(randomFrom(1), YEAR_MS / 4));
    const path = [1, 2, 3, 4].map((quarter) => price.next((quarter * YEAR_MS) / 4));
    path.forEach((value, i) => {
      expect(value / (5 * exp(0.025 * (i + 1)))).toBeCloseTo(1, 14);
    });
  });

  it('repeats itself from the same stream, and starts at its start', () => {
    const [a, b] = [process(7, BLOCK), process(7, BLOCK)];
    expect(a.start).toBe(START);
    const path = (of: typeof a) => Array.from({ length: 50 }, (_, i) => of.next((i + 1) * BLOCK));
    expect(path(a)).toEqual(path(b));
  });
});
