/** Moments of GARCH(1,1) prices against closed forms, over independent paths, by two-sided z-tests with fixed N and seeds. */
import { describe, expect, it } from 'vitest';
import { exp, log } from '../../../src/base/elementary.ts';
import { YEAR_MS } from '../../../src/base/params.ts';
import { randomFrom } from '../../../src/base/random.ts';
import { garch } from '../../../src/price/garch.ts';
import { gbm } from '../../../src/price/gbm.ts';
import { needsAlone } from '../../../src/price/process.ts';

const Z_999 = 3.2905;
const DAY = 86_400_000;
const TERMS = { start: 100, volatility: 0.8, drift: 0.3, alpha: 0.15, beta: 0.7, df: undefined as number | undefined };
/** Long-run variance of a step. */
const VARIANCE = TERMS.volatility ** 2 * (DAY / YEAR_MS);
const DRIFT = TERMS.drift * (DAY / YEAR_MS);
const STEPS = 12;

/** Innovations ε of the last two of some steps, and the price then; h is followed from the returns themselves, by the recursion. */
function lastTwo(seed: number, path: number, df: number | undefined): readonly [before: number, last: number, price: number] {
  const { alpha, beta, start } = TERMS;
  const price = garch.create({ ...TERMS, df }, needsAlone(randomFrom(seed).split(String(path)), DAY));
  let h = VARIANCE;
  let previous = start;
  let [before, last] = [0, 0];
  for (let i = 1; i <= STEPS; i++) {
    const next = price.next(i * DAY);
    before = last;
    last = log(next / previous) - DRIFT + h / 2;
    h = (1 - alpha - beta) * VARIANCE + alpha * last * last + beta * h;
    previous = next;
  }
  return [before, last, previous];
}

/**
 * E[h²] at each step from h = V: m(next) = ω² + 2ω(α + β)V + (κα² + 2αβ + β²)·m, with κ the fourth moment of an innovation of variance 1;
 * and with it E[ε⁴] = κ·m and E[ε(t)²·ε(t+1)²] = ω·V + (κα + β)·m(t).
 */
function closedForm(kappa: number) {
  const { alpha, beta } = TERMS;
  const omega = (1 - alpha - beta) * VARIANCE;
  const after = (m: number) => omega ** 2 + 2 * omega * (alpha + beta) * VARIANCE + (kappa * alpha ** 2 + 2 * alpha * beta + beta ** 2) * m;
  let before = VARIANCE ** 2;
  for (let i = 2; i < STEPS; i++) before = after(before);
  return { fourth: kappa * after(before), neighbours: omega * VARIANCE + (kappa * alpha + beta) * before };
}

/** How many standard errors the mean of a sample is from what is expected. */
function score(sample: readonly number[], expected: number): number {
  const n = sample.length;
  const mean = sample.reduce((sum, x) => sum + x, 0) / n;
  const variance = sample.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1);
  return Math.abs(mean - expected) / Math.sqrt(variance / n);
}

describe('a GARCH price', () => {
  it.each([
    ['normal', undefined, 3, 1],
    // κ = 3·(ν − 2)/(ν − 4); the eighth moment that the test needs exists.
    ['Student’s t of 14 degrees', 14, 3.6, 2],
  ])('with %s innovations has its long-run variance, fourth moment and clustering', (_, df, kappa, seed) => {
    const paths = Array.from({ length: 60_000 }, (_, path) => lastTwo(seed, path, df));
    const { fourth, neighbours } = closedForm(kappa);
    expect(
      score(
        paths.map(([, last]) => last),
        0,
      ),
    ).toBeLessThan(Z_999);
    expect(
      score(
        paths.map(([, last]) => last ** 2),
        VARIANCE,
      ),
    ).toBeLessThan(Z_999);
    expect(
      score(
        paths.map(([, last]) => last ** 4),
        fourth,
      ),
    ).toBeLessThan(Z_999);
    expect(
      score(
        paths.map(([before, last]) => before ** 2 * last ** 2),
        neighbours,
      ),
    ).toBeLessThan(Z_999);
    // Clustering is there to be seen: without it the mean product of squares would be V².
    expect(
      score(
        paths.map(([before, last]) => before ** 2 * last ** 2),
        VARIANCE ** 2,
      ),
    ).toBeGreaterThan(2 * Z_999);
  });

  it('grows in expectation by e^(μT) with normal innovations', () => {
    const prices = Array.from({ length: 40_000 }, (_, path) => lastTwo(3, path, undefined)[2]);
    expect(score(prices, 100 * exp(DRIFT * STEPS))).toBeLessThan(Z_999);
  });

  it('without weights is geometric Brownian motion, and with tails keeps its normals', () => {
    const plain = gbm.create({ start: 100, volatility: 0.8, drift: 0.3 }, needsAlone(randomFrom(4, 'price'), DAY));
    const flat = garch.create({ ...TERMS, alpha: 0, beta: 0 }, needsAlone(randomFrom(4, 'price'), DAY));
    const fat = garch.create({ ...TERMS, alpha: 0, beta: 0, df: 5 }, needsAlone(randomFrom(4, 'price'), DAY));
    const shift = DRIFT - VARIANCE / 2;
    let [before, beforeFat] = [100, 100];
    for (let i = 1; i <= 50; i++) {
      const [next, nextFat] = [flat.next(i * DAY), fat.next(i * DAY)];
      expect(next / plain.next(i * DAY)).toBeCloseTo(1, 12);
      expect(Math.sign(log(nextFat / beforeFat) - shift)).toBe(Math.sign(log(next / before) - shift));
      [before, beforeFat] = [next, nextFat];
    }
  });

  it('must return to its variance', () => {
    expect(garch.check?.({ ...TERMS, alpha: 0.1, beta: 0.9 })).toMatchObject([{ param: 'beta', found: '0.9' }]);
    expect(garch.check?.(TERMS)).toEqual([]);
  });
});
