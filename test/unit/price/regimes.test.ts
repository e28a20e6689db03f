/** Switching regimes against the stationary distribution of their chain. */
import { describe, expect, it } from 'vitest';
import { YEAR_MS } from '../../../src/base/params.ts';
import { randomFrom } from '../../../src/base/random.ts';
import { needsAlone } from '../../../src/price/process.ts';
import { regimes } from '../../../src/price/regimes.ts';
import { score, Z_999 } from '../../support/score.ts';

const HOUR = 3_600_000;
const CALM = { volatility: 0.3, drift: 0, duration: 40 * HOUR };
const WILD = { volatility: 2, drift: 0, duration: 10 * HOUR };
const MIDDLE = { volatility: 0.8, drift: 0, duration: 20 * HOUR };

function returnsOf(path: number, table: readonly (typeof CALM)[], hours: number): number[] {
  const price = regimes.create({ start: 100, regimes: table }, needsAlone(randomFrom(21).split(String(path)), HOUR));
  let before = 100;
  return Array.from({ length: hours }, (_, hour) => {
    const next = price.next((hour + 1) * HOUR);
    const move = Math.log(next / before);
    before = next;
    return move;
  });
}

/** Share of time of each regime in the long run. */
function shares(table: readonly { readonly duration: number }[]): number[] {
  const stays = table.map(({ duration }) => 1 / (1 - Math.exp(-HOUR / duration)));
  const sum = stays.reduce((total, stay) => total + stay, 0);
  return stays.map((stay) => stay / sum);
}

describe('regimes', () => {
  it.each([
    ['two', [CALM, WILD]],
    ['three', [CALM, WILD, MIDDLE]],
  ])('%s of them: returns are the mixture of their normals in the long run', (_, table) => {
    const dt = HOUR / YEAR_MS;
    const share = shares(table);
    // 400 hours are many durations: the first regime is forgotten.
    const paths = Array.from({ length: 8_000 }, (__, path) => returnsOf(path, table, 400).slice(-20));
    const squares = paths.map((returns) => returns.reduce((sum, x) => sum + x * x, 0) / returns.length);
    const variance = table.reduce((sum, { volatility }, i) => sum + share[i] * volatility ** 2 * dt, 0);
    // The mean of a log-return, −σ²dt/2, adds its square: 2·10^-8 of the variance.
    expect(score(squares, variance)).toBeLessThan(Z_999);
    const fourths = paths.map((returns) => returns.reduce((sum, x) => sum + x ** 4, 0) / returns.length);
    const fourth = table.reduce((sum, { volatility }, i) => sum + share[i] * 3 * (volatility ** 2 * dt) ** 2, 0);
    expect(score(fourths, fourth)).toBeLessThan(Z_999);
    expect(fourth / variance ** 2).toBeGreaterThan(4);
  });

  it('cluster: squares of neighbours go together, as far as a regime lasts', () => {
    const table = [CALM, WILD];
    const [calm, wild] = shares(table);
    const dt = HOUR / YEAR_MS;
    const difference = (WILD.volatility ** 2 - CALM.volatility ** 2) * dt;
    // The second eigenvalue of two states: 1 less the two probabilities to leave.
    const kept = Math.exp(-HOUR / CALM.duration) + Math.exp(-HOUR / WILD.duration) - 1;
    const mean = (calm * CALM.volatility ** 2 + wild * WILD.volatility ** 2) * dt;
    for (const lag of [1, 10]) {
      const products = Array.from({ length: 8_000 }, (_, path) => {
        const returns = returnsOf(path, table, 300).slice(-20);
        return returns.slice(lag).reduce((sum, x, i) => sum + x ** 2 * returns[i] ** 2, 0) / (returns.length - lag);
      });
      expect(score(products, mean ** 2 + calm * wild * difference ** 2 * kept ** lag)).toBeLessThan(Z_999);
    }
  });

  it('begin in the first, and are at least two', () => {
    const eternal = { ...CALM, volatility: 0, drift: 8.76, duration: 100 * YEAR_MS };
    expect(returnsOf(1, [eternal, WILD], 3)[2]).toBeCloseTo((8.76 * HOUR) / YEAR_MS, 12);
    expect(regimes.check?.({ start: 1, regimes: [CALM] })[0]?.expected).toMatch(/at least two/);
    expect(regimes.check?.({ start: 1, regimes: [CALM, WILD] })).toEqual([]);
  });
});
