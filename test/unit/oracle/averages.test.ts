/** The averages against their closed forms: an exponential mean's answer to a step, a volume mean against the sum by hand. */
import { describe, expect, it } from 'vitest';
import { ema } from '../../../src/oracle/ema.ts';
import type { Oracle } from '../../../src/oracle/oracle.ts';
import { sourceAlone } from '../../../src/oracle/source-alone.ts';
import { vwap } from '../../../src/oracle/vwap.ts';

const MINUTE = 60_000;
const needs = sourceAlone(() => Number.NaN);

describe('ema', () => {
  const make = (halfLife: number, mean: 'arithmetic' | 'geometric' = 'arithmetic'): Oracle => ema.create({ halfLife, mean }, needs);

  it('believes 1 − 2^(−t/h) of a step after t', () => {
    const oracle = make(10 * MINUTE);
    oracle.observe(100, 0);
    oracle.observe(200, MINUTE);
    for (const minutes of [0, 1, 5, 10, 20, 40]) {
      const { price } = oracle.read((1 + minutes) * MINUTE);
      expect(price).toBeCloseTo(100 + 100 * (1 - 2 ** (-minutes / 10)), 9);
    }
  });

  it('does not depend on how often it looks while the price stands', () => {
    const [seldom, often] = [make(10 * MINUTE), make(10 * MINUTE)];
    for (const oracle of [seldom, often]) {
      oracle.observe(100, 0);
      oracle.observe(250, MINUTE);
    }
    for (let at = 2; at < 30; at++) often.observe(250, at * MINUTE);
    expect(often.read(30 * MINUTE).price).toBeCloseTo(seldom.read(30 * MINUTE).price, 9);
  });

  it('forgets a price that was taken back at once, and half of one that stood for a half-life and has gone for another', () => {
    const oracle = make(10 * MINUTE);
    oracle.observe(100, 0);
    oracle.observe(1_000_000, MINUTE);
    oracle.observe(100, MINUTE);
    expect(oracle.read(20 * MINUTE).price).toBe(100);
    oracle.observe(300, 20 * MINUTE);
    oracle.observe(100, 30 * MINUTE);
    expect(oracle.read(40 * MINUTE).price).toBeCloseTo(150, 9);
  });

  it('takes the mean of logarithms where it is asked to', () => {
    const oracle = make(10 * MINUTE, 'geometric');
    oracle.observe(100, 0);
    oracle.observe(400, MINUTE);
    expect(oracle.read(11 * MINUTE).price).toBeCloseTo(200, 9);
  });
});

describe('vwap', () => {
  it('is the quote over the base of the trades in its window, and nothing without trades', () => {
    let total = { base: 0, quote: 0 };
    const oracle = vwap.create({ window: 10 * MINUTE }, { ...needs, traded: () => total });
    const trade = (at: number, base: number, price: number) => {
      total = { base: total.base + base, quote: total.quote + base * price };
      oracle.observe(price, at);
    };
    oracle.observe(100, 0);
    expect(oracle.read(0).valid).toBe(false);
    trade(MINUTE, 3, 100);
    trade(2 * MINUTE, 1, 200);
    expect(oracle.read(2 * MINUTE).price).toBeCloseTo((3 * 100 + 200) / 4, 12);
    // Twenty looks of a quiet market later there is no volume left.
    for (let at = 3; at <= 11; at++) oracle.observe(500, at * MINUTE);
    expect(oracle.read(11 * MINUTE)).toMatchObject({ price: 200, observedAt: 2 * MINUTE });
    // Who reads later sees later, shown or not.
    expect(oracle.read(12 * MINUTE).valid).toBe(false);
    oracle.observe(500, 12 * MINUTE);
    expect(oracle.read(12 * MINUTE).valid).toBe(false);
  });
});
