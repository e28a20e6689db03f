/** Jumps that assets share: what each takes of them, whom they leave alone, and that expected prices stay, by z-tests with fixed seeds. */
import { describe, expect, it } from 'vitest';
import { exp, log } from '../../../src/base/elementary.ts';
import { YEAR_MS } from '../../../src/base/params.ts';
import { randomFrom } from '../../../src/base/random.ts';
import { type CommonJumps, jumpingTogether } from '../../../src/price/common-jumps.ts';
import { constant } from '../../../src/price/constant.ts';
import { gbm } from '../../../src/price/gbm.ts';
import { needsAlone, type PriceProcess } from '../../../src/price/process.ts';

const Z_999 = 3.2905;
const DAY = 86_400_000;
const JUMPS: CommonJumps = {
  rate: 60,
  mean: -0.05,
  sd: 0.08,
  weights: new Map([
    [0, 1],
    [1, 0.5],
  ]),
};

const still = (): PriceProcess => constant.create({ start: 100 }, needsAlone(randomFrom(1), DAY));
const moving = (): PriceProcess => gbm.create({ start: 100, volatility: 0.6, drift: 0.2 }, needsAlone(randomFrom(2, 'price'), DAY));
const together = (seed: number, paths: readonly PriceProcess[], every = DAY) =>
  jumpingTogether(paths, [JUMPS], [randomFrom(seed, 'common-jumps/0')], every);

describe('jumps that assets share', () => {
  it('come at the same times, to each by its weight of the same logarithm', () => {
    const [one, half] = together(3, [still(), still()]);
    const grown = (weight: number) => (JUMPS.rate * (exp(weight * JUMPS.mean + (weight * JUMPS.sd) ** 2 / 2) - 1)) / YEAR_MS;
    let seen = 0;
    for (let day = 1; day <= 365; day++) {
      const whole = log(one.next(day * DAY) / 100) + grown(1) * day * DAY;
      const part = log(half.next(day * DAY) / 100) + grown(0.5) * day * DAY;
      expect(part).toBeCloseTo(whole / 2, 11);
      if (Math.abs(whole) > 0.01) seen += 1;
    }
    expect(seen).toBeGreaterThan(300);
  });

  it('leave alone whoever has no weight: it is the very process', () => {
    const other = moving();
    expect(together(3, [still(), still(), other])[2]).toBe(other);
  });

  it('multiply the path beneath, which is the same with and without them', () => {
    const jumping = together(4, [moving(), still()]);
    const bare = together(4, [still(), still()]);
    const path = moving();
    for (let day = 1; day <= 50; day++) {
      const [price] = jumping.map(({ next }) => next(day * DAY));
      const [factor] = bare.map(({ next }) => next(day * DAY) / 100);
      expect(price / (path.next(day * DAY) * factor)).toBeCloseTo(1, 12);
    }
  });

  it('draw the same whoever is asked first', () => {
    const [a, b] = together(5, [still(), still()]);
    const [c, d] = together(5, [still(), still()]);
    for (let day = 1; day <= 50; day++) {
      const first = [a.next(day * DAY), b.next(day * DAY)];
      const second = d.next(day * DAY);
      expect([c.next(day * DAY), second]).toEqual(first);
    }
  });

  it.each([0, 1])('leave the expected price where it was (asset %d)', (asset) => {
    const n = 20_000;
    const span = YEAR_MS / 10;
    const weight = JUMPS.weights.get(asset) ?? 0;
    let sum = 0;
    for (let seed = 0; seed < n; seed++) sum += together(seed, [still(), still()], span)[asset].next(span);
    // E[P²] = E[P]²·e^(λT·E[(e^(wJ) − 1)²])
    const [m, s] = [weight * JUMPS.mean, weight * JUMPS.sd];
    const square = exp(2 * m + 2 * s * s) - 2 * exp(m + (s * s) / 2) + 1;
    const sd = 100 * Math.sqrt(exp(JUMPS.rate * 0.1 * square) - 1);
    expect(Math.abs(sum / n - 100) / (sd / Math.sqrt(n))).toBeLessThan(Z_999);
    // Left uncompensated, the fall would show: by more than ten such errors.
    const uncompensated = 100 * exp(JUMPS.rate * 0.1 * (exp(m + (s * s) / 2) - 1));
    expect(Math.abs(uncompensated - 100) / (sd / Math.sqrt(n))).toBeGreaterThan(10);
  });
});
