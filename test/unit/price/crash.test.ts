/** A crash is a geometric Brownian motion times a scripted path: to the bit, step by step, and in expectation. */
import { describe, expect, it } from 'vitest';
import { exp } from '../../../src/base/elementary.ts';
import { YEAR_MS } from '../../../src/base/params.ts';
import { randomFrom } from '../../../src/base/random.ts';
import { crash } from '../../../src/price/crash.ts';
import { gbm } from '../../../src/price/gbm.ts';
import { needsAlone } from '../../../src/price/process.ts';

const HOUR = 3_600_000;
const BASE = { start: 100, volatility: 0.9, drift: 0.4 };
const FALL = { crashAt: 4 * HOUR, crashFactor: 0.25, crashOver: 2 * HOUR, hold: 3 * HOUR, recover: 2 * HOUR };

describe('a crash', () => {
  it('multiplies the price that would have been by the path of the fall, and by nothing before and after', () => {
    const fallen = crash.create({ ...BASE, ...FALL }, needsAlone(randomFrom(1, 'price'), HOUR));
    const plain = gbm.create(BASE, needsAlone(randomFrom(1, 'price'), HOUR));
    const factors = [1, 1, 1, 1, 0.5, 0.25, 0.25, 0.25, 0.25, 0.5, 1, 1];
    expect(fallen.start).toBe(100);
    factors.forEach((factor, i) => {
      expect(fallen.next((i + 1) * HOUR) / plain.next((i + 1) * HOUR)).toBeCloseTo(factor, 14);
    });
  });

  it('does not come back unless it is told to', () => {
    const fallen = crash.create({ ...BASE, ...FALL, volatility: 0, drift: 0, recover: undefined }, needsAlone(randomFrom(1), HOUR));
    let last = 0;
    for (let i = 1; i <= 100; i++) last = fallen.next(i * HOUR);
    expect(last).toBe(25);
  });

  it('has the mean start·e^(μT)·factor after the fall: 99.9 % of 20,000 paths', () => {
    const n = 20_000;
    const every = YEAR_MS / 8;
    const root = randomFrom(2);
    const terms = { ...BASE, crashAt: every, crashFactor: 0.3, crashOver: every, hold: 0, recover: undefined };
    let sum = 0;
    for (let path = 0; path < n; path++) {
      const price = crash.create(terms, needsAlone(root.split(String(path)), every));
      price.next(every);
      sum += price.next(2 * every);
    }
    const mean = 100 * exp(0.4 / 4) * 0.3;
    const sd = mean * Math.sqrt(exp(0.9 ** 2 / 4) - 1);
    expect(Math.abs(sum / n - mean) / (sd / Math.sqrt(n))).toBeLessThan(3.2905);
  });
});
