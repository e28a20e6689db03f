import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../src/base/random.ts';
import { type Candle, parseCandles } from '../../../src/price/candles.ts';
import type { PriceProcess } from '../../../src/price/process.ts';
import { needsAlone } from '../../../src/price/process.ts';
import { checkReplay, replay } from '../../../src/price/replay.ts';

const HOUR = 3_600_000;
const needs = needsAlone(randomFrom(1), HOUR / 4);
const file = {
  file: 'bars.csv',
  text: ['time,open,high,low,close', '0,100,144,64,121', `${HOUR / 1000},120,130,50,60`, `${(2 * HOUR) / 1000},60,66,54,60`].join('\n'),
};
const plain = { file, gaps: 'refuse', within: 'ohlc', scale: undefined, column: undefined, skip: 0 } as const;

/** Prices at the times, a call for each. */
function path(process: PriceProcess, times: readonly number[]): number[] {
  return times.map((at) => process.next(at));
}

describe('a replay', () => {
  it('passes open, low, high, close at the quarters of a bar that does not fall, and open, high, low, close of one that does', () => {
    const process = replay.create(plain, needs);
    expect(process.start).toBe(100);
    expect(
      path(
        process,
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((quarter) => (quarter * HOUR) / 4),
      ),
    ).toEqual([64, 144, 121, 120, 130, 50, 60, 60, 54, 66, 60]);
  });

  it('slides between them in a straight line of the logarithm', () => {
    const process = replay.create(plain, needs);
    // Half-way: geometric means of 100 and 64, of 64 and 144.
    expect(process.next(HOUR / 8)).toBeCloseTo(80, 12);
    expect(process.next((3 * HOUR) / 8)).toBeCloseTo(96, 12);
  });

  it('holds the last close after the end of the file', () => {
    const process = replay.create({ ...plain, within: 'ohlc' }, needs);
    expect(path(process, [3 * HOUR, 1_000 * HOUR])).toEqual([60, 60]);
  });

  it('with closes only, shows a close when its bar has ended and not before', () => {
    const process = replay.create({ ...plain, within: 'close' }, needs);
    expect(process.start).toBe(100);
    expect(path(process, [HOUR - 1, HOUR, 2 * HOUR - 1, 2 * HOUR, 3 * HOUR, 9 * HOUR])).toEqual([100, 121, 121, 60, 60, 60]);
  });

  it('begins later in the file, and scales so that the price at time 0 is the one wanted', () => {
    const process = replay.create({ ...plain, skip: HOUR, scale: 1_200 }, needs);
    expect(process.start).toBe(1_200);
    expect(path(process, [HOUR / 4, HOUR / 2, HOUR])).toEqual([1_300, 500, 600]);
  });

  it('refuses a bad file, and a beginning beyond its end, with the problem', () => {
    const bad = { file: 'bad.csv', text: 'time,open,high,low,close\n0,1,1,1,1\n60,1,1,2,1\n120,1,1,1,1' };
    expect(checkReplay({ file: bad, skip: 0 })).toEqual([{ file: 'bad.csv', line: 3, found: 'low 2, high 1', expected: 'low ≤ high' }]);
    expect(() => replay.create({ ...plain, file: bad }, needs)).toThrow(/REPLAY_FILE: file=bad\.csv .*line=3/);
    expect(checkReplay({ file, skip: 3 * HOUR - 1 })).toEqual([]);
    expect(checkReplay({ file, skip: 3 * HOUR })).toMatchObject([{ found: 'skip 10800000 ms' }]);
    expect(() => replay.create({ ...plain, skip: 3 * HOUR }, needs)).toThrow('REPLAY_FILE');
  });

  it('takes a year of minutes', () => {
    const rows = Array.from({ length: 525_600 }, (_, minute) => `${minute * 60},1,2,1,2`);
    const long = { file: 'year.csv', text: rows.join('\n') };
    const process = replay.create({ ...plain, file: long, within: 'close' }, needs);
    expect(process.next(60_000)).toBe(2);
  });
});

/** Lows of real bars, with the lines of the data folder's own description; the folder is not part of the product. */
const KNOWN_LOWS = [
  ['black-thursday-ethusdt-1h.csv', 86.0],
  ['black-thursday-btcusdt-1h.csv', 3782.13],
  ['oct2025-ethusdt-15m.csv', 3435],
  ['oct2025-usdeusdt-binance-1m.csv', 0.65],
] as const;
const folder = process.env.BREAKWATER_DATA;

describe.skipIf(folder === undefined)('a replay of real bars (set BREAKWATER_DATA to the folder that holds them)', () => {
  it.each(KNOWN_LOWS)('%s: reproduces every open, high, low and close, and the low of %d', (name, low) => {
    const text = readFileSync(join(folder ?? '', name), 'utf8');
    const { candles, interval } = parseCandles(text, name) as { candles: readonly Candle[]; interval: number };
    const process = replay.create({ ...plain, file: { file: name, text } }, needsAlone(randomFrom(1), interval / 4));
    const prices = [
      process.start,
      ...path(
        process,
        Array.from({ length: candles.length * 4 - 1 }, (_, i) => ((i + 1) * interval) / 4),
      ),
    ];
    candles.forEach((candle, bar) => {
      const [open, first, second, close] = prices.slice(bar * 4, bar * 4 + 4);
      expect([open, Math.min(first, second), Math.max(first, second), close]).toEqual([candle.open, candle.low, candle.high, candle.close]);
    });
    expect(Math.min(...prices)).toBe(low);
  });
});
