/**
 * A volatility surface from measured points: a table of moneyness by days to expiry, and what lies between its points. Its text form is
 * read by `parseVolatilityTable`, which repairs nothing and reports every fault with its line; a table is never extrapolated.
 *
 * Between points σ is bilinear in ln(K/S) and √T; beyond the first and last row or column it is that of the edge.
 */
import { log } from '../../base/elementary.ts';
import { fault } from '../../base/fault.ts';
import { definePart, type NamedText, type PartProblem, years as yearsOf } from '../../base/params.ts';
import type { Ms, Ratio } from '../../base/units.ts';
import type { VolatilitySurface } from './volatility-surface.ts';

const DAY_MS: Ms = 86_400_000;
const NUMBER = /^[+]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Points of a surface. */
export interface VolatilityTable {
  /** K/S > 0 of each row, rising. */
  readonly moneyness: readonly Ratio[];
  /** Days to expiry > 0 of each column, rising. */
  readonly days: readonly number[];
  /** volatility[row][column] > 0 per √year. */
  readonly volatility: readonly (readonly Ratio[])[];
}

/** A fault of a table's text; `line` counts from 1. */
type Report = (line: number, found: string, expected: string) => void;

/**
 * The surface through the points of a table. A single row is a surface without a smile, a single column one without a term.
 *
 * @throws  SURFACE_DOMAIN  rows or columns that do not rise, or a volatility that is not above 0
 */
export function tabulatedVolatility({ moneyness, days, volatility }: VolatilityTable): VolatilitySurface {
  const rows = moneyness.length;
  const columns = days.length;
  if (!(rises(moneyness) && rises(days) && volatility.length === rows && volatility.every((row) => row.length === columns))) {
    fault('SURFACE_DOMAIN', { moneyness, days, rows: volatility.length });
  }
  const points = Float64Array.from(volatility.flat());
  if (!points.every((point) => point > 0 && point < Infinity)) fault('SURFACE_DOMAIN', { volatility });
  const across = Float64Array.from(moneyness, (ratio) => log(ratio));
  const along = Float64Array.from(days, (count) => Math.sqrt(yearsOf(count * DAY_MS)));
  return {
    volatility(spot, strike, years) {
      const x = log(strike / spot);
      const t = Math.sqrt(years);
      const row = cellOf(across, x);
      const column = cellOf(along, t);
      const u = partOf(across, row, x);
      const v = partOf(along, column, t);
      const at = row * columns + column;
      const right = column + 1 < columns ? 1 : 0;
      const below = row + 1 < rows ? columns : 0;
      const near = (1 - v) * points[at] + v * points[at + right];
      const far = (1 - v) * points[at + below] + v * points[at + below + right];
      return (1 - u) * near + u * far;
    },
  };
}

export const volatilityTable = definePart<undefined, VolatilitySurface>()({
  name: 'table',
  summary: 'Implied volatility from a CSV table of moneyness by days to expiry.',
  sources: ['bilinear interpolation; ours in the choice of ln(K/S) and √T as its axes'],
  params: { file: { kind: 'file', doc: 'CSV: days to expiry above, strike ÷ spot at the left, volatilities between (0.8 is 80 %)' } },
  check: ({ file }) => readTable(file).problems,
  create({ file }) {
    const { table, problems } = readTable(file);
    if (table === undefined) fault('SURFACE_DOMAIN', { ...problems[0] });
    return tabulatedVolatility(table);
  },
});

/**
 * Reads a table: in the first line a word and then days, in each other line a moneyness and then its volatilities. Empty lines and lines
 * that begin with # are passed over.
 *
 * @returns  the table, or every fault of the text
 * @example  parseVolatilityTable('moneyness,7,30\n0.9,1.1,0.9\n1.1,1,0.8', report)  →  two rows, two columns
 */
export function parseVolatilityTable(text: string, report: Report): VolatilityTable | undefined {
  let sound = true;
  const complain: Report = (line, found, expected) => {
    sound = false;
    report(line, found, expected);
  };
  const lines = text
    .split(/\r?\n/)
    .map((content, i) => ({ line: i + 1, cells: content.split(',').map((cell) => cell.trim()), content }))
    .filter(({ content }) => content.trim() !== '' && !content.trim().startsWith('#'));
  const [head, ...body] = lines;
  if (head === undefined || body.length === 0) {
    complain(head?.line ?? 1, 'no table', 'a line of days and at least one line of volatilities');
    return undefined;
  }
  const days = head.cells.slice(1).map((cell) => positive(head.line, cell, 'a number of days above 0', complain));
  if (days.length === 0) complain(head.line, head.content, 'a word, then days to expiry');
  if (sound && !rises(days)) complain(head.line, days.join(', '), 'days that rise');
  const moneyness: Ratio[] = [];
  const volatility: Ratio[][] = [];
  for (const { line, cells } of body) {
    const [ratio, ...row] = cells.map((cell, i) =>
      positive(line, cell, i === 0 ? 'a moneyness above 0' : 'a volatility above 0', complain),
    );
    if (row.length !== days.length) complain(line, `${row.length} volatilities`, `${days.length}, one for each number of days`);
    if (ratio <= moneyness[moneyness.length - 1]) complain(line, String(ratio), 'a moneyness above that of the line before');
    moneyness.push(ratio);
    volatility.push(row);
  }
  return sound ? { moneyness, days, volatility } : undefined;
}

function readTable({ file, text }: NamedText): { readonly table: VolatilityTable | undefined; readonly problems: PartProblem[] } {
  const problems: PartProblem[] = [];
  const table = parseVolatilityTable(text, (line, found, expected) => problems.push({ param: 'file', file, line, found, expected }));
  return { table, problems };
}

/** The number, or NaN with a complaint. */
function positive(line: number, cell: string, expected: string, report: Report): number {
  const value = NUMBER.test(cell) ? Number(cell) : Number.NaN;
  if (value > 0 && value < Infinity) return value;
  report(line, cell === '' ? 'nothing' : cell, expected);
  return Number.NaN;
}

/** Whether all are above 0, and each above the one before. */
function rises(values: readonly number[]): boolean {
  return values.length > 0 && values.every((value, i) => value > 0 && !(i > 0 && value <= values[i - 1]));
}

/** The last point at or below x; the first where there is none. */
function cellOf(axis: Float64Array, x: number): number {
  let low = 0;
  let high = axis.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (axis[middle] <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How far x lies from a point to the next, 0 … 1, for the cell of x. NaN stays. */
function partOf(axis: Float64Array, cell: number, x: number): number {
  if (cell + 1 >= axis.length) return Number.isNaN(x) ? x : 0;
  return Math.max(0, (x - axis[cell]) / (axis[cell + 1] - axis[cell]));
}
