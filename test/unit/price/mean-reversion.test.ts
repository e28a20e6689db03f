/** Moments of a peg against closed forms, over independent paths, by two-sided z-tests with fixed N and seeds. */
import { describe, expect, it } from 'vitest';
import { YEAR_MS } from '../../../src/base/params.ts';
import { randomFrom } from '../../../src/base/random.ts';
import { meanReversion } from '../../../src/price/mean-reversion.ts';
import { needsAlone } from '../../../src/price/process.ts';
import { score, Z_999 } from '../../support/score.ts';

const DAY = 86_400_000;
const TERMS = { start: 2, level: 1 as number | undefined, volatility: 0.5, halfLife: 3 * DAY };

/** ln(price/level) after each day. */
function deviations(path: number, days: number, terms = TERMS): number[] {
  const price = meanReversion.create(terms, needsAlone(randomFrom(11).split(String(path)), DAY));
  return Array.from({ length: days }, (_, day) => Math.log(price.next((day + 1) * DAY) / (terms.level ?? terms.start)));
}

describe('a price that returns to a level', () => {
  const rate = Math.LN2 / (TERMS.halfLife / YEAR_MS);
  const paths = Array.from({ length: 40_000 }, (_, path) => deviations(path, 6));
  const on = (day: number) => paths.map((path) => path[day - 1]);

  it.each([1, 3, 6])('has lost all but 2^(−%d/3) of its deviation after so many days', (day) => {
    expect(score(on(day), Math.log(2) * 2 ** (-day / 3))).toBeLessThan(Z_999);
  });

  it.each([1, 3, 6])('has the variance of an Ornstein-Uhlenbeck process after %d days', (day) => {
    const mean = Math.log(2) * 2 ** (-day / 3);
    const variance = (TERMS.volatility ** 2 / (2 * rate)) * (1 - 2 ** ((-2 * day) / 3));
    const squares = on(day).map((x) => (x - mean) ** 2);
    expect(score(squares, variance)).toBeLessThan(Z_999);
    // And normal tails: the fourth moment.
    expect(
      score(
        squares.map((x) => x * x),
        3 * variance * variance,
      ),
    ).toBeLessThan(Z_999);
  });

  it('remembers half of a deviation after a half-life', () => {
    const mean = (day: number) => Math.log(2) * 2 ** (-day / 3);
    const products = paths.map((path) => (path[2] - mean(3)) * (path[5] - mean(6)));
    const variance = (TERMS.volatility ** 2 / (2 * rate)) * (1 - 2 ** -2);
    expect(score(products, variance / 2)).toBeLessThan(Z_999);
  });

  it('returns to where it started without a level', () => {
    const [last] = deviations(1, 400, { ...TERMS, level: undefined, volatility: 0 }).slice(-1);
    expect(last).toBeCloseTo(0, 12);
  });
});
