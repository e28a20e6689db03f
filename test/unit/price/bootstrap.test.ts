/** A resampled history against the one it comes from. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../src/base/random.ts';
import { bootstrap } from '../../../src/price/bootstrap.ts';
import { parseCandles } from '../../../src/price/candles.ts';
import { garch } from '../../../src/price/garch.ts';
import { needsAlone } from '../../../src/price/process.ts';
import { score, Z_999 } from '../../support/score.ts';

const HOUR = 3_600_000;

/** Bars of a clustered price: one hour each, of closes alone. */
function history(bars: number): { readonly file: string; readonly text: string } {
  const terms = { start: 100, volatility: 0.8, drift: 0.5, alpha: 0.3, beta: 0.65, df: undefined };
  const price = garch.create(terms, needsAlone(randomFrom(4), HOUR));
  let open = 100;
  const rows = Array.from({ length: bars }, (_, bar) => {
    const close = price.next((bar + 1) * HOUR);
    const row = `${(bar * HOUR) / 1000},${open},${Math.max(open, close)},${Math.min(open, close)},${close}`;
    open = close;
    return row;
  });
  return { file: 'history.csv', text: ['time,open,high,low,close', ...rows].join('\n') };
}

function returnsOf(seed: number, bars: number, over: object = {}): number[] {
  const terms = { file: FILE, block: 24 * HOUR, start: undefined, centred: false, ...over };
  const price = bootstrap.create(terms, needsAlone(randomFrom(seed), HOUR));
  let before = price.start;
  return Array.from({ length: bars }, (_, bar) => {
    const next = price.next((bar + 1) * HOUR);
    const move = Math.log(next / before);
    before = next;
    return move;
  });
}

const BARS = 2_000;
const FILE = history(BARS);
const own = (parseCandles(FILE.text, 'a').candles ?? []).map(({ open, close }) => Math.log(close / open));
const mean = (xs: readonly number[]) => xs.reduce((sum, x) => sum + x, 0) / xs.length;
/** Covariance of neighbouring squares. */
const clustering = (xs: readonly number[]) => mean(xs.slice(1).map((x, i) => x * x * xs[i] * xs[i])) - mean(xs.map((x) => x * x)) ** 2;

describe('a bootstrap', () => {
  it('has the mean and the variance of the history, over many runs', () => {
    const runs = Array.from({ length: 500 }, (_, seed) => returnsOf(seed, 200));
    expect(score(runs.map(mean), mean(own))).toBeLessThan(Z_999);
    expect(
      score(
        runs.map((xs) => mean(xs.map((x) => x * x))),
        mean(own.map((x) => x * x)),
      ),
    ).toBeLessThan(Z_999);
    const centred = Array.from({ length: 500 }, (_, seed) => returnsOf(seed, 200, { centred: true }));
    expect(score(centred.map(mean), 0)).toBeLessThan(Z_999);
  });

  it('keeps clusters within blocks, and none when blocks are a bar long', () => {
    const long = mean(Array.from({ length: 150 }, (_, seed) => clustering(returnsOf(seed, 1_000))));
    const none = mean(Array.from({ length: 150 }, (_, seed) => clustering(returnsOf(seed, 1_000, { block: HOUR }))));
    // With blocks of 24 bars, 23 of 24 pairs of neighbours are neighbours of the history.
    expect(long / clustering(own)).toBeGreaterThan(0.8);
    expect(long / clustering(own)).toBeLessThan(1.1);
    expect(Math.abs(none / clustering(own))).toBeLessThan(0.1);
  });

  it('is made of returns of the history, in their order within a block, and moves in straight lines within a bar', () => {
    const known = new Map(own.map((x, i) => [x.toFixed(12), i]));
    const returns = returnsOf(7, 400);
    const places = returns.map((x) => known.get(x.toFixed(12)) ?? -1);
    expect(places).not.toContain(-1);
    const follows = places.slice(1).filter((place, i) => place === (places[i] + 1) % BARS).length;
    expect(follows / places.length).toBeGreaterThan(0.9);
    const price = bootstrap.create({ file: FILE, block: HOUR, start: 10, centred: false }, needsAlone(randomFrom(7), HOUR / 4));
    const quarters = [1, 2, 3, 4].map((i) => Math.log(price.next((i * HOUR) / 4) / 10));
    for (const i of [0, 1, 2]) expect(quarters[i]).toBeCloseTo((quarters[3] * (i + 1)) / 4, 12);
  });

  it('refuses a file that is none, with its line', () => {
    const bad = { file: 'bad.csv', text: 'time,open,high,low,close\n0,1,1,1,1\n60,1,1,2,1\n120,1,1,1,1' };
    const terms = { file: bad, block: HOUR, start: undefined, centred: false };
    expect(bootstrap.check?.(terms)).toMatchObject([{ param: 'file', line: 3, found: 'low 2, high 1' }]);
    expect(() => bootstrap.create(terms, needsAlone(randomFrom(1), HOUR))).toThrow(/BOOTSTRAP_FILE: .*line=3/);
  });
});

const folder = process.env.BREAKWATER_DATA;
describe.skipIf(folder === undefined)('a bootstrap of real bars (set BREAKWATER_DATA to the folder that holds them)', () => {
  it('falls about as hard within a day, somewhere, as March 2020 did', () => {
    const name = 'black-thursday-ethusdt-1h.csv';
    const file = { file: name, text: readFileSync(join(folder ?? '', name), 'utf8') };
    const falls = Array.from({ length: 200 }, (_, seed) => {
      const price = bootstrap.create({ file, block: 48 * HOUR, start: 1, centred: false }, needsAlone(randomFrom(seed), HOUR));
      const path = Array.from({ length: 240 }, (__, hour) => price.next((hour + 1) * HOUR));
      return Math.min(...path.slice(24).map((p, i) => p / path[i] - 1));
    });
    expect(Math.min(...falls)).toBeLessThan(-0.3);
  });
});
