/**
 * Replays the bars of a market data file as the outside price. A bar hides the path inside it; the convention here makes all four of its
 * prices happen at known times and invents nothing beyond them. With `ohlc`, at quarters of the bar:
 *
 *   0 open · ¼ low · ½ high · ¾ close       when close ≥ open
 *   0 open · ¼ high · ½ low · ¾ close       otherwise
 *
 * with straight lines of the logarithm between, the last from this close to the next open. Which extreme came first, and what happened
 * within a minute, the data do not tell; use shorter bars where it matters. With `bridge` a random path is laid through the bar
 * (`bar-bridge.ts`): the extremes come in random order at random times, and no price is beyond them. With `close`, the price is that of
 * the last bar that has ended (before the end of the first: its open). A run that is longer than the file holds the last close. Only
 * `bridge` draws.
 */
import { pow } from '../base/elementary.ts';
import { fault } from '../base/fault.ts';
import { definePart, type NamedText } from '../base/params.ts';
import type { Ms, UsdPrice } from '../base/units.ts';
import { createBarBridge } from './bar-bridge.ts';
import { type Bars, type Candle, type CandleProblem, type Gaps, parseCandles } from './candles.ts';
import type { PriceProcess, ProcessNeeds } from './process.ts';

/** Prices a bar passes through, one a quarter. */
const QUARTERS = 4;
/** Ten years: longer than any run. */
const LONG_MS = 10 * 365 * 86_400_000;

export const replay = definePart<ProcessNeeds, PriceProcess>()({
  name: 'replay',
  summary: 'Replays the bars of a CSV file (Binance klines, or time,open,high,low,close).',
  sources: ['binance/binance-public-data README.md (columns of klines)'],
  params: {
    file: { kind: 'file', doc: 'CSV file of bars, equal intervals' },
    gaps: {
      kind: 'choice',
      options: ['refuse', 'hold'],
      default: 'refuse',
      doc: 'bars that are missing: refused, or the last close stands in them',
    },
    within: {
      kind: 'choice',
      options: ['close', 'ohlc', 'bridge'],
      default: 'ohlc',
      doc: 'path inside a bar: closes only, through all four prices at its quarters, or at random',
    },
    scale: {
      kind: 'number',
      unit: 'usd/token',
      range: [1e-12, 1e12],
      optional: true,
      doc: 'multiplies all prices so that the one at time 0 is this',
    },
    column: { kind: 'name', optional: true, doc: 'one column of a file with a line of names, read in place of the four prices' },
    skip: { kind: 'duration', range: [0, LONG_MS], default: 0, doc: 'begin so far into the file' },
  },
  check: (params) => checkReplay(params).map((problem) => ({ param: 'file', ...problem })),
  create({ file, within, scale, column, skip, gaps }, { random, every }) {
    const { candles, interval } = readReplay({ file, skip, column, gaps });
    if (within === 'bridge') {
      const bridge = createBarBridge(candles, interval, every, random);
      const begin = bridge(skip);
      const times = scale === undefined ? 1 : scale / begin;
      return { start: scale ?? begin, next: (at) => bridge(at + skip) * times };
    }
    const path = within === 'close' ? closes(candles) : quarters(candles);
    const step = within === 'close' ? interval : interval / QUARTERS;
    const first = priceAt(path, step, skip, within === 'ohlc');
    const factor = scale === undefined ? 1 : scale / first;
    return {
      start: scale ?? first,
      next: (at) => priceAt(path, step, at + skip, within === 'ohlc') * factor,
    };
  },
});

interface ReplayTerms {
  readonly file: NamedText;
  readonly skip: Ms;
  readonly column?: string | undefined;
  readonly gaps?: Gaps | undefined;
}

/** What is wrong with a replay before it is built: the problems of its file, or a `skip` beyond its end. */
export function checkReplay({ file, skip, column, gaps }: ReplayTerms): readonly CandleProblem[] {
  const read = parseCandles(file.text, file.file, column, gaps);
  return read.problems ?? problemsOfSkip(read, file.file, skip);
}

function problemsOfSkip({ candles, interval }: Bars, file: string, skip: Ms): readonly CandleProblem[] {
  const length = candles.length * interval;
  if (skip < length) return [];
  return [{ file, line: 0, found: `skip ${skip} ms`, expected: `less than the file's ${length} ms` }];
}

/** The bars, or a fault with the first problem: a scenario is checked by `checkReplay` before it is built. */
function readReplay({ file, skip, column, gaps }: ReplayTerms): Bars {
  const read = parseCandles(file.text, file.file, column, gaps);
  const problems = read.problems ?? problemsOfSkip(read, file.file, skip);
  if (problems.length === 0 && read.candles !== undefined) return read;
  const [{ line, found, expected }] = problems;
  return fault('REPLAY_FILE', { file: file.file, problems: problems.length, line, found, expected });
}

/** Four prices a bar. */
function quarters(candles: readonly Candle[]): Float64Array {
  const path = new Float64Array(candles.length * QUARTERS);
  candles.forEach(({ open, high, low, close }, bar) => {
    path.set(close >= open ? [open, low, high, close] : [open, high, low, close], bar * QUARTERS);
  });
  return path;
}

/** The first open, then each close at the end of its bar. */
function closes(candles: readonly Candle[]): Float64Array {
  const path = new Float64Array(candles.length + 1);
  path[0] = candles[0].open;
  candles.forEach(({ close }, bar) => {
    path[bar + 1] = close;
  });
  return path;
}

/** The path at `time`: exact at its points, held or sliding between them, the last point from there on. */
function priceAt(path: Float64Array, step: Ms, time: Ms, slides: boolean): UsdPrice {
  const point = Math.floor(time / step);
  if (point >= path.length - 1) return path[path.length - 1];
  const passed = time / step - point;
  return passed === 0 || !slides ? path[point] : path[point] * pow(path[point + 1] / path[point], passed);
}
