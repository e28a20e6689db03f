/** Correlated prices: how they move together, and whose draws they leave alone. */
import { describe, expect, it } from 'vitest';
import { correlationOf } from '../../../src/base/correlation.ts';
import { log } from '../../../src/base/elementary.ts';
import { cholesky } from '../../../src/base/matrix.ts';
import { randomFrom } from '../../../src/base/random.ts';
import { constant } from '../../../src/price/constant.ts';
import { correlatedProcesses } from '../../../src/price/correlated.ts';
import { gbm } from '../../../src/price/gbm.ts';
import { needsAlone, type PriceProcess, type ProcessNeeds } from '../../../src/price/process.ts';

const HOUR = 3_600_000;
/** Two-sided, of the standard normal. */
const Z_999 = 3.2905;

const moving = (needs: ProcessNeeds) => gbm.create({ start: 100, volatility: 1, drift: 0 }, needs);
const still = (needs: ProcessNeeds) => constant.create({ start: 100 }, needs);

/** Processes of these assets; `make` of some may be another than gbm. */
function group(
  names: readonly string[],
  pairs: Readonly<Record<string, number>>,
  make: Readonly<Record<string, (needs: ProcessNeeds) => PriceProcess>> = {},
): readonly PriceProcess[] {
  const factor = cholesky(Float64Array.from(correlationOf(names, pairs).flat()), names.length);
  if (factor === undefined) throw new Error('no factor');
  const streams = names.map((name) => randomFrom(5, `price/${name}`));
  return correlatedProcesses(streams, HOUR, factor, (member, needs) => (make[names[member]] ?? moving)(needs));
}

const alone = (name: string) => moving(needsAlone(randomFrom(5, `price/${name}`), HOUR));

/** Prices of some steps, all processes asked in this order at each of them. */
function paths(processes: readonly PriceProcess[], steps = 50, order = processes.map((_, i) => i)): number[][] {
  const found: number[][] = processes.map(() => []);
  for (let step = 1; step <= steps; step++) for (const i of order) found[i].push(processes[i].next(step * HOUR));
  return found;
}

describe('correlated prices', () => {
  it('have log-returns of that correlation, within a 99.9 % interval by Fisher’s z', () => {
    const n = 40_000;
    const wanted = { 'A,B': 0.8, 'A,C': -0.5, 'B,C': -0.2 };
    const returns = paths(group(['A', 'B', 'C'], wanted), n).map((path) => path.map((price, i) => log(price / (path[i - 1] ?? 100))));
    const mean = (of: number[]) => of.reduce((sum, x) => sum + x, 0) / n;
    const covariance = (x: number[], y: number[]) => mean(x.map((value, i) => value * y[i])) - mean(x) * mean(y);
    for (const [pair, rho] of Object.entries(wanted)) {
      const [x, y] = pair.split(',').map((name) => returns['ABC'.indexOf(name)]);
      const r = covariance(x, y) / Math.sqrt(covariance(x, x) * covariance(y, y));
      expect(Math.abs(Math.atanh(r) - Math.atanh(rho)) * Math.sqrt(n - 3), pair).toBeLessThan(Z_999);
    }
    // And each has the variance that it has alone: σ²·dt.
    for (const path of returns) {
      const dt = HOUR / (365 * 86_400_000);
      expect(Math.abs(covariance(path, path) / dt - 1) / Math.sqrt(2 / n)).toBeLessThan(Z_999);
    }
  });

  it('move as one where the correlation is 1, and against each other where it is -1', () => {
    const [a, b, c] = paths(group(['A', 'B', 'C'], { 'A,B': 1, 'A,C': -1, 'B,C': -1 }), 20);
    const drift = (HOUR / (365 * 86_400_000)) * 0.5;
    a.forEach((price, i) => {
      expect(b[i] / price).toBeCloseTo(1, 12);
      expect(log(c[i] / 100) + log(price / 100)).toBeCloseTo(-2 * drift * (i + 1), 12);
    });
  });

  it('are those of their own streams, to the bit, where the correlation is 0; and the first always is', () => {
    const [a, b] = paths(group(['A', 'B'], { 'A,B': 0 }));
    expect([a, b]).toEqual(paths([alone('A'), alone('B')]));
    const [first, second] = paths(group(['A', 'B'], { 'A,B': 0.6 }));
    expect(first).toEqual(a);
    expect(second).not.toEqual(b);
  });

  it('do not depend on who is asked first', () => {
    const pairs = { 'A,B': 0.6, 'B,C': 0.3 };
    expect(paths(group(['A', 'B', 'C'], pairs), 50, [2, 0, 1])).toEqual(paths(group(['A', 'B', 'C'], pairs)));
  });

  it('are not disturbed by a process that draws nothing, and one that is asked twice gives no other numbers to the rest', () => {
    const pairs = { 'A,B': 0.6, 'B,C': 0.3 };
    const [a, , c] = paths(group(['A', 'B', 'C'], pairs));
    const quiet = paths(group(['A', 'B', 'C'], pairs, { B: still }));
    expect([quiet[0], quiet[2]]).toEqual([a, c]);
    const twice = (needs: ProcessNeeds): PriceProcess => ({ start: 1, next: () => needs.normal() - needs.normal() });
    const greedy = paths(group(['A', 'B', 'C'], pairs, { B: twice }));
    expect([greedy[0], greedy[2]]).toEqual([a, c]);
    expect(new Set(greedy[1])).toEqual(new Set([0]));
  });

  it('stay what they are when another joins after them', () => {
    const two = paths(group(['A', 'B'], { 'A,B': 0.6 }));
    const three = paths(group(['A', 'B', 'C'], { 'A,B': 0.6, 'B,C': 0.5 }));
    expect(three.slice(0, 2)).toEqual(two);
  });
});
