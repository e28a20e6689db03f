/**
 * Reads price bars from the text of a CSV file: the columns of Binance's klines (with or without a header line) and the plain
 * `time,open,high,low,close,…`. Accepts only what can be replayed without guessing: equal intervals, no gap, no duplicate, in order. Every
 * fault is reported with its line, all at once; nothing is repaired. Who asks for it has gaps filled: nobody traded, and the last close
 * stood.
 *
 * Format of the first kind: binance/binance-public-data, README "Klines" (open time in ms; in µs for spot data from 2025 on).
 */
import type { Ms, UsdPrice } from '../base/units.ts';
import { parseTime } from './timestamp.ts';

/** One bar. `time` is its opening, ms since 1970 UTC. */
export interface Candle {
  readonly time: Ms;
  readonly open: UsdPrice;
  readonly high: UsdPrice;
  readonly low: UsdPrice;
  readonly close: UsdPrice;
}

/** What is wrong with a line, counted from 1. */
export interface CandleProblem {
  readonly file: string;
  readonly line: number;
  readonly found: string;
  readonly expected: string;
}

/** Bars one after the other, each `interval` long. */
export interface Bars {
  readonly candles: readonly Candle[];
  readonly interval: Ms;
  readonly problems?: never;
}

/** Either the bars of a file, or everything that is wrong with it (at least one problem). */
export type Candles = Bars | { readonly problems: readonly CandleProblem[]; readonly candles?: never };

/** What becomes of bars that are missing. Left out: they are refused, where nobody can choose. */
export type Gaps = 'refuse' | 'hold';

/** A row that could be read, with its place. */
interface Row {
  readonly line: number;
  readonly candle: Candle;
}

const TIME_NAMES = ['open_time', 'open time', 'opentime', 'time', 'timestamp', 'date'];
const PRICE_NAMES = ['open', 'high', 'low', 'close'] as const;
/** `time,open,high,low,close`, for messages. */
const COLUMNS = `open_time or time, then ${PRICE_NAMES.join(', ')}`;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Bars of a file, or its problems.
 *
 * @param column  name of the one column to read instead: each bar then stands still at its number
 * @param gaps    `hold`: bars that are missing stand still at the close before, as long as no more are missing than there are
 * @example  parseCandles('time,open,high,low,close\n2020-03-12T00:00:00Z,194,195,193,194\n2020-03-12T01:00:00Z,194,196,190,191', 'eth.csv')
 *           → two candles, interval 3600000
 */
export function parseCandles(text: string, file: string, column?: string, gaps?: Gaps): Candles {
  const problems: CandleProblem[] = [];
  const rows = readRows(text, column, (line, found, expected) => problems.push({ file, line, found, expected }));
  const interval = commonInterval(rows);
  if (rows.length < 2) problems.push({ file, line: 0, found: count(rows.length, 'readable bar'), expected: 'at least two bars' });
  const kept = inSequence(rows, interval, gaps, (line, found, expected) => problems.push({ file, line, found, expected }));
  if (problems.length === 0) return { candles: kept, interval };
  return { problems: problems.sort(inOrder) };
}

/** By line; of one line, by the words: total, since two problems that agree in both are alike. */
function inOrder(a: CandleProblem, b: CandleProblem): number {
  if (a.line !== b.line) return a.line - b.line;
  if (a.found === b.found) return 0;
  return a.found < b.found ? -1 : 1;
}

/** Only the problems; empty for a file that can be replayed. */
export function problemsOfCandles(text: string, file: string): readonly CandleProblem[] {
  return parseCandles(text, file).problems ?? [];
}

type Report = (line: number, found: string, expected: string) => void;

/** The rows that are bars in themselves; what is wrong with the others is reported. */
function readRows(text: string, column: string | undefined, report: Report): Row[] {
  const rows: Row[] = [];
  let first = true;
  /** Place of the one column that is read, where one is. */
  let only = -1;
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  for (let at = 0; at < lines.length; at++) {
    const fields = lines[at].split(',').map((field) => field.trim());
    if (fields.length === 1 && fields[0] === '') continue;
    const header = first && /^[a-z]/i.test(fields[0]);
    if (first && column !== undefined) {
      only = header ? fields.findIndex((name) => name.toLowerCase() === column.toLowerCase()) : -1;
      if (only < 1) {
        report(at + 1, header ? `columns ${fields.join(', ')}` : 'no line of column names', `a column ${column}`);
        return [];
      }
    }
    first = false;
    if (header && only < 0) checkHeader(fields, at + 1, report);
    else if (!header) {
      const candle = only < 0 ? readRow(fields, at + 1, report) : readColumn(fields, only, column ?? '', at + 1, report);
      if (candle !== undefined) rows.push({ line: at + 1, candle });
    }
  }
  return rows;
}

function checkHeader(fields: readonly string[], line: number, report: Report): void {
  const names = fields.map((name) => name.toLowerCase());
  if (!TIME_NAMES.includes(names[0]) || PRICE_NAMES.some((name, at) => names[at + 1] !== name)) {
    report(line, `columns ${fields.slice(0, 5).join(', ')}`, COLUMNS);
  }
}

function readRow(fields: readonly string[], line: number, report: Report): Candle | undefined {
  if (fields.length < 5) {
    report(line, count(fields.length, 'column'), COLUMNS);
    return undefined;
  }
  const time = parseTime(fields[0]);
  if (time === undefined) report(line, `time "${fields[0]}"`, 'ISO-8601 ending in Z, or seconds, ms or µs since 1970');
  const prices = PRICE_NAMES.map((name, at) => readPrice(name, fields[at + 1], line, report));
  if (time === undefined || prices.some(Number.isNaN)) return undefined;
  const [open, high, low, close] = prices;
  if (low > high) report(line, `low ${low}, high ${high}`, 'low ≤ high');
  else if (open < low || open > high || close < low || close > high) {
    report(line, `open ${open}, close ${close} beyond low ${low}, high ${high}`, 'open and close between low and high');
  }
  return { time, open, high, low, close };
}

/** A bar that stands still: all of its prices are the one of that column. */
function readColumn(fields: readonly string[], at: number, name: string, line: number, report: Report): Candle | undefined {
  const time = parseTime(fields[0]);
  if (time === undefined) report(line, `time "${fields[0]}"`, 'ISO-8601 ending in Z, or seconds, ms or µs since 1970');
  const price = readPrice(name, fields[at] ?? '', line, report);
  if (time === undefined || Number.isNaN(price)) return undefined;
  return { time, open: price, high: price, low: price, close: price };
}

/** A price, or NaN after a report. */
function readPrice(name: string, field: string, line: number, report: Report): number {
  const value = NUMBER.test(field) ? Number(field) : Number.NaN;
  if (value > 0 && value < Number.POSITIVE_INFINITY) return value;
  report(line, `${name} "${field}"`, Number.isNaN(value) ? 'a number' : 'a price above 0');
  return Number.NaN;
}

/** The step between neighbours that occurs most, the shortest of several: what the others are measured against. NaN without any. */
function commonInterval(rows: readonly Row[]): Ms {
  const counts = new Map<Ms, number>();
  let best = Number.NaN;
  for (let at = 1; at < rows.length; at++) {
    const step = rows[at].candle.time - rows[at - 1].candle.time;
    if (step <= 0) continue;
    const times = (counts.get(step) ?? 0) + 1;
    counts.set(step, times);
    const most = counts.get(best) ?? 0;
    if (times > most || (times === most && step < best)) best = step;
  }
  return best;
}

/** The bars that follow one another; a bar out of its place is reported and left out. */
function inSequence(rows: readonly Row[], interval: Ms, gaps: Gaps | undefined, report: Report): Candle[] {
  const kept: Candle[] = [];
  const hint = gaps !== 'refuse' ? '' : ', or `gaps: hold` to let the last close stand';
  /** Bars that may still be filled in. */
  let left = gaps === 'hold' ? rows.length : 0;
  let previous: Row | undefined;
  for (const row of rows) {
    const step = previous === undefined ? interval : row.candle.time - previous.candle.time;
    if (previous !== undefined && step <= 0) {
      const what = step === 0 ? 'the same time as line' : 'an earlier time than line';
      report(row.line, `${what} ${previous.line}`, 'bars in order of time, each once');
      continue;
    }
    const missing = step / interval - 1;
    if (previous !== undefined && missing > 0 && Number.isInteger(missing)) {
      if (missing <= left) fill(kept, previous.candle, missing, interval);
      else report(row.line, `a gap of ${count(missing, 'bar')} after line ${previous.line}`, `a bar every ${interval} ms${hint}`);
      left -= missing;
    } else if (step !== interval && rows.length > 1) report(row.line, `a step of ${step} ms`, `a bar every ${interval} ms, as most`);
    kept.push(row.candle);
    previous = row;
  }
  return kept;
}

/** So many bars after this one, all at its close. */
function fill(kept: Candle[], { time, close }: Candle, missing: number, interval: Ms): void {
  for (let bar = 1; bar <= missing; bar++) kept.push({ time: time + bar * interval, open: close, high: close, low: close, close });
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
