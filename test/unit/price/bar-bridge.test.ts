/** Random paths through bars: every bar's four prices are kept, and nothing lies beyond them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../src/base/random.ts';
import { createBarBridge } from '../../../src/price/bar-bridge.ts';
import { type Candle, parseCandles } from '../../../src/price/candles.ts';
import { needsAlone } from '../../../src/price/process.ts';
import { replay } from '../../../src/price/replay.ts';
import { score, Z_999 } from '../../support/score.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Prices on the grid, bar by bar. */
function pathOf(candles: readonly Candle[], interval: number, every: number, seed = 1): number[][] {
  const bridge = createBarBridge(candles, interval, every, randomFrom(seed));
  const bars: number[][] = candles.map(() => []);
  for (let time = 0; time < candles.length * interval; time += every) bars[Math.floor(time / interval)].push(bridge(time));
  return bars;
}

const candle = fc
  .tuple(
    fc.double({ min: 1, max: 100, noNaN: true }),
    fc.double({ min: 1, max: 3, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .map(([low, range, o, c]) => ({ low, high: low * range, open: low * range ** o, close: low * range ** c }))
  .map(({ low, high, open, close }) => ({
    time: 0,
    low,
    high,
    open: Math.min(Math.max(open, low), high),
    close: Math.min(Math.max(close, low), high),
  }));

describe('a path through bars', () => {
  it('opens where they open, touches both extremes and passes neither', () => {
    fc.assert(
      fc.property(
        fc.array(candle, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 3, max: 60 }),
        fc.nat(1_000),
        (candles, points, seed) => {
          for (const [bar, prices] of pathOf(candles, points * MINUTE, MINUTE, seed).entries()) {
            const { open, low, high } = candles[bar];
            expect(prices[0]).toBeCloseTo(open, 9);
            // The logarithm and its exponential are within an ulp or two of the price.
            expect(Math.min(...prices) / low).toBeCloseTo(1, 12);
            expect(Math.max(...prices) / high).toBeCloseTo(1, 12);
            expect(Math.min(...prices)).toBeGreaterThanOrEqual(low);
            expect(Math.max(...prices)).toBeLessThanOrEqual(high);
          }
        },
      ),
    );
  });

  it('shows the open alone where there is no room for more, and holds the last close', () => {
    const candles = [10, 20].map((open) => ({ time: 0, open, high: 30, low: 5, close: 12 }));
    expect(pathOf(candles, HOUR, HOUR)).toEqual([[10], [20]].map((bar) => bar.map((price) => expect.closeTo(price, 9) as unknown)));
    expect(createBarBridge(candles, HOUR, HOUR, randomFrom(1))(2 * HOUR)).toBe(12);
  });

  it('is at each extreme once, and between them otherwise: it turns there and does not stay', () => {
    const bar = [{ time: 0, open: 10, high: 12, low: 8, close: 10 }];
    for (let seed = 0; seed < 200; seed++) {
      const [prices] = pathOf(bar, HOUR, MINUTE, seed);
      const at = (extreme: number) => prices.filter((price) => Math.abs(price / extreme - 1) < 1e-12).length;
      expect([at(8), at(12)]).toEqual([1, 1]);
    }
  });

  it('meets either extreme first, as often', () => {
    const bar = [{ time: 0, open: 10, high: 12, low: 8, close: 10 }];
    const lowFirst = Array.from({ length: 4_000 }, (_, seed) => {
      const [prices] = pathOf(bar, HOUR, MINUTE, seed);
      return prices.indexOf(Math.min(...prices)) < prices.indexOf(Math.max(...prices)) ? 1 : 0;
    });
    expect(score(lowFirst, 0.5)).toBeLessThan(Z_999);
  });

  it('is another for another seed and the same for the same, and the rest of the replay is as ever', () => {
    const text = ['time,open,high,low,close', '0,100,144,64,121', '3600,121,130,50,60', '7200,60,66,54,60'].join('\n');
    const terms = {
      file: { file: 'a.csv', text },
      within: 'bridge',
      gaps: 'refuse',
      scale: 1_000 as number | undefined,
      column: undefined,
      skip: HOUR,
    } as const;
    const of = (seed: number) => {
      const price = replay.create(terms, needsAlone(randomFrom(seed), MINUTE));
      return [price.start, ...Array.from({ length: 119 }, (_, i) => price.next((i + 1) * MINUTE))];
    };
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
    expect(of(1)[0]).toBe(1_000);
    expect(Math.min(...of(1).slice(0, 60))).toBeCloseTo((1_000 * 50) / 121, 6);
    expect(of(1)[60]).toBeCloseTo((1_000 * 60) / 121, 6);
  });
});

const folder = process.env.BREAKWATER_DATA;
describe.skipIf(folder === undefined)('a path through real bars (set BREAKWATER_DATA to the folder that holds them)', () => {
  it.each(['black-thursday-ethusdt-1h.csv', 'oct2025-usdeusdt-binance-1m.csv'])('%s: touches every high and low', (name) => {
    const { candles, interval } = parseCandles(readFileSync(join(folder ?? '', name), 'utf8'), name) as {
      candles: readonly Candle[];
      interval: number;
    };
    for (const [bar, prices] of pathOf(candles, interval, interval / 12).entries()) {
      expect(Math.min(...prices) / candles[bar].low).toBeCloseTo(1, 9);
      expect(Math.max(...prices) / candles[bar].high).toBeCloseTo(1, 9);
    }
  });
});
