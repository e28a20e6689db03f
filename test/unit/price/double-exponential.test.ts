/** Moments of Kou's prices against closed forms, over independent paths, by two-sided z-tests with fixed N and seeds. */
import { describe, expect, it } from 'vitest';
import { YEAR_MS } from '../../../src/base/params.ts';
import { randomFrom } from '../../../src/base/random.ts';
import { doubleExponential } from '../../../src/price/double-exponential.ts';
import { gbm } from '../../../src/price/gbm.ts';
import { needsAlone } from '../../../src/price/process.ts';
import { score, Z_999 } from '../../support/score.ts';

const DAY = 86_400_000;
const TERMS = { start: 100, volatility: 0.6, drift: 0.4, jumpRate: 100, up: 0.3, upMean: 0.05, downMean: 0.08 };
const DAYS = 10;
const T = (DAYS * DAY) / YEAR_MS;

function end(path: number, terms = TERMS): number {
  const price = doubleExponential.create(terms, needsAlone(randomFrom(3).split(String(path)), DAY));
  for (let day = 1; day < DAYS; day++) price.next(day * DAY);
  return price.next(DAYS * DAY);
}

describe('a price with exponential jumps', () => {
  const ends = Array.from({ length: 60_000 }, (_, path) => end(path));
  const { volatility, drift, jumpRate, up, upMean, downMean } = TERMS;
  const kappa = up / (1 - upMean) + (1 - up) / (1 + downMean) - 1;
  /** Cumulants of the log-return: the path's two, and λT·E[Yⁿ] with E[Yⁿ] = n!·(p·aⁿ + (−1)ⁿ·q·bⁿ). */
  const raw = (n: number, factorial: number) => factorial * (up * upMean ** n + (1 - up) * (-downMean) ** n);
  const mean = (drift - jumpRate * kappa - volatility ** 2 / 2) * T + jumpRate * T * raw(1, 1);
  const variance = volatility ** 2 * T + jumpRate * T * raw(2, 2);
  const third = jumpRate * T * raw(3, 6);
  const fourth = jumpRate * T * raw(4, 24) + 3 * variance ** 2;
  const returns = ends.map((price) => Math.log(price / TERMS.start));

  it('grows by its drift on average, jumps included', () => {
    expect(score(ends, TERMS.start * Math.exp(drift * T))).toBeLessThan(Z_999);
  });

  it('has the mean, variance, skew and tails of its closed form', () => {
    expect(score(returns, mean)).toBeLessThan(Z_999);
    for (const [power, moment] of [
      [2, variance],
      [3, third],
      [4, fourth],
    ]) {
      expect(
        score(
          returns.map((x) => (x - mean) ** power),
          moment,
        ),
      ).toBeLessThan(Z_999);
    }
    // The tails are there to be seen: a normal of this variance would have less.
    expect(
      score(
        returns.map((x) => (x - mean) ** 4),
        3 * variance ** 2,
      ),
    ).toBeGreaterThan(Z_999);
  });

  it('is a geometric Brownian motion without jumps, on the same path', () => {
    const needs = () => needsAlone(randomFrom(5), DAY);
    const still = doubleExponential.create({ ...TERMS, jumpRate: 0 }, needs());
    const plain = gbm.create({ start: 100, volatility, drift }, needs());
    for (let day = 1; day <= 5; day++) expect(still.next(day * DAY)).toBeCloseTo(plain.next(day * DAY), 9);
  });
});
