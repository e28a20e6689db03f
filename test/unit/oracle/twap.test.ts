import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exp, log } from '../../../src/base/elementary.ts';
import type { Oracle } from '../../../src/oracle/oracle.ts';
import { sourceAlone } from '../../../src/oracle/source-alone.ts';
import { twap } from '../../../src/oracle/twap.ts';

const BLOCK = 12_000;
const needs = sourceAlone(() => Number.NaN);
const make = (window: number, mean: 'arithmetic' | 'geometric' = 'arithmetic', warm = true): Oracle =>
  twap.create({ window, mean, warm }, needs);

/** Shows a price at the end of each block, from block 0; answers the time of the last. */
function show(oracle: Oracle, prices: readonly number[], from = 0): number {
  for (const [i, price] of prices.entries()) oracle.observe(price, (from + i) * BLOCK);
  return (from + prices.length - 1) * BLOCK;
}
const times = (n: number, price: number): number[] => Array.from({ length: n }, () => price);

describe('a time-weighted average price', () => {
  it('weighs each price by how long it stood, to the millisecond', () => {
    const oracle = make(60_000);
    oracle.observe(100, 0);
    oracle.observe(110, 20_000);
    oracle.observe(90, 50_000);
    // Over (0, 60]: 20 s of 100, 30 s of 110, 10 s of 90. Over (15, 75]: 5 s of 100, 30 s of 110, 25 s of 90.
    expect(oracle.read(60_000).price).toBeCloseTo((20 * 100 + 30 * 110 + 10 * 90) / 60, 12);
    expect(oracle.read(75_000).price).toBeCloseTo((5 * 100 + 30 * 110 + 25 * 90) / 60, 12);
    // Over (55, 115] and ever after, 90 alone.
    expect(oracle.read(115_000).price).toBeCloseTo(90, 12);
    expect(oracle.read(1e9).price).toBeCloseTo(90, 9);
  });

  it('begins its window at the millisecond', () => {
    const oracle = make(3);
    for (const [at, price] of [1, 2, 4, 8].entries()) oracle.observe(price, at);
    expect([4, 5, 6].map((now) => oracle.read(now).price)).toEqual([(2 + 4 + 8) / 3, (4 + 8 + 8) / 3, 8]);
  });

  it('is the geometric mean when asked to be', () => {
    const oracle = make(60_000, 'geometric');
    oracle.observe(100, 0);
    oracle.observe(400, 30_000);
    expect(oracle.read(60_000).price).toBeCloseTo(200, 10);
  });

  it('warm, takes the first price to have held for a whole window before', () => {
    const oracle = make(60_000);
    oracle.observe(100, 0);
    expect(oracle.read(0)).toMatchObject({ price: 100, valid: true, observedAt: 0 });
    oracle.observe(160, 12_000);
    expect(oracle.read(24_000).price).toBeCloseTo((48 * 100 + 12 * 160) / 60, 12);
    expect(oracle.nextUpdate(24_000)).toBe(Number.POSITIVE_INFINITY);
  });

  it('cold, is not valid until a whole window has been observed, and says when that is', () => {
    const oracle = make(60_000, 'arithmetic', false);
    show(oracle, times(5, 100), 1);
    expect(oracle.read(71_999)).toMatchObject({ valid: false, price: Number.NaN });
    expect(oracle.nextUpdate(48_000)).toBe(72_000);
    expect(oracle.read(72_000)).toMatchObject({ valid: true, price: 100 });
    expect(oracle.nextUpdate(72_000)).toBe(Number.POSITIVE_INFINITY);
  });

  it('gives the price of this block no weight yet: a loan taken in the block of the attack sees nothing of it', () => {
    const oracle = make(10 * BLOCK);
    const at = show(oracle, [...times(20, 1), 56]);
    expect(oracle.read(at).price).toBeCloseTo(1, 12);
    expect(oracle.read(at).observedAt).toBe(at - BLOCK);
    expect(oracle.read(at + BLOCK).price).toBeCloseTo(1 + 55 / 10, 12);
    expect(oracle.read(at + 1).observedAt).toBe(at);
  });

  it('B3: one block at (1 + L·e) times the price moves an arithmetic mean over L blocks by e, and then passes away', () => {
    for (const [L, e] of [
      [150, 0.2],
      [50, 1],
      [10, 2],
    ]) {
      const oracle = make(L * BLOCK);
      const at = show(oracle, [...times(L, 1), 1 + L * e, 1]);
      expect(oracle.read(at).price).toBeCloseTo(1 + e, 12);
      expect(oracle.read(at + (L - 1) * BLOCK).price).toBeCloseTo(1 + e, 12);
      expect(oracle.read(at + L * BLOCK).price).toBeCloseTo(1, 12);
    }
  });

  it.each([
    [1, 5.862e18, 4],
    [10, 75.3, 4],
    [20, 8.68, 3],
    [72, 1.8225, 5],
  ])('B4: %d of 144 blocks at %d times the price lift a geometric mean by 35 %%', (m, published, digits) => {
    const n = 144;
    const q = exp((n * log(1.35)) / m);
    expect(Number(q.toPrecision(digits))).toBe(published);
    const oracle = make(n * BLOCK, 'geometric');
    const at = show(oracle, [...times(n, 2_000), ...times(m, 2_000 * q), 2_000]);
    // (p^(n−m)·(p·q)^m)^(1/n)
    expect(oracle.read(at).price / 2_000).toBeCloseTo(1.35, 9);
  });

  it('forgets a block at 10^18 times the price without a trace', () => {
    const oracle = make(150 * BLOCK);
    const at = show(oracle, [...times(200, 1_234.5), 1.2345e21, ...times(200, 1_234.5)]);
    expect(oracle.read(at).price / 1_234.5).toBeCloseTo(1, 12);
  });

  it('equals the integral computed from all observations, however many fit into the window', () => {
    const price = fc.double({ min: 0.01, max: 100, noNaN: true });
    // Sparse for a while, then dense: the ring must grow after its oldest entries have gone.
    const phase = (gapMax: number) =>
      fc.array(fc.record({ gap: fc.integer({ min: 1, max: gapMax }), price }), { minLength: 1, maxLength: 200, size: 'max' });
    const steps = fc.tuple(phase(20_000), phase(500), phase(20_000)).map((phases) => phases.flat());
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 600_000 }), (steps, window) => {
        const oracle = make(window);
        const seen: { at: number; price: number }[] = [];
        let at = 0;
        for (const { gap, price } of steps) {
          oracle.observe(price, at);
          seen.push({ at, price });
          at += gap;
        }
        let integral = 0;
        for (let i = 0; i < seen.length; i++) {
          const from = i === 0 ? Number.NEGATIVE_INFINITY : seen[i].at;
          const to = i + 1 < seen.length ? seen[i + 1].at : at;
          integral += seen[i].price * Math.max(0, Math.min(to, at) - Math.max(from, at - window));
        }
        expect(oracle.read(at).price / (integral / window)).toBeCloseTo(1, 9);
      }),
    );
  });
});
