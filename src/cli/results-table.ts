/**
 * Results as tables: points down, metrics across, each mean with the half-width of its 95 % interval. As many tables as the width asks for.
 */
import { clock, figures, grouped, usd } from '../study/amounts.ts';
import type { MetricSummary, PointSummary } from '../study/replicate.ts';
import { brokenName, table } from './print.ts';

export interface ResultRow {
  readonly label: string;
  /** By axis, as in the design. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly summary: PointSummary;
}

/** A metric's value in the unit that its name ends with. */
export function showMetric(name: string, value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (name.endsWith('_usd')) return usd(value);
  if (name.endsWith('_ms')) return clock(value);
  return figures(value);
}

/** `$1.23M ±0.05M`: the half-width in the scale of the mean. Alone where there is no interval or no spread. */
export function showEstimate(name: string, { mean, lo, hi }: Pick<MetricSummary, 'mean' | 'lo' | 'hi'>): string {
  const shown = showMetric(name, mean);
  const half = (hi - lo) / 2;
  if (!Number.isFinite(half) || half === 0 || shown === '–') return shown;
  if (showMetric(name, half) === showMetric(name, 0)) return shown;
  if (name.endsWith('_ms')) return `${shown} ±${showMetric(name, half)}`;
  if (!name.endsWith('_usd')) return `${shown} ±${grouped(half, decimalsOf(mean))}`;
  const letter = /[MBT]$/.exec(shown)?.[0];
  const scale = letter === 'M' ? 1e6 : letter === 'B' ? 1e9 : letter === 'T' ? 1e12 : 1;
  return `${shown} ±${letter === undefined ? usd(half).replace('$', '') : `${grouped(half / scale, 2)}${letter}`}`;
}

/** As many as `figures` shows of it. */
function decimalsOf(value: number): number {
  const size = Math.abs(value);
  return size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4;
}

const NAME_WIDTH = 12;
const GAP = 2;

/** The table, or several below one another where the metrics do not fit side by side. */
export function resultsTable(rows: readonly ResultRow[], metrics: readonly string[], width: number): string {
  const left = axisColumns(rows);
  const columns = metrics.map((name) => {
    const cells = rows.map(({ summary }) => {
      const found = summary.metrics[name];
      return found === undefined ? '–' : showEstimate(name, found);
    });
    return column(brokenName(name, NAME_WIDTH), cells);
  });
  const fixed = left.reduce((sum, { width: own }) => sum + own + GAP, 0);
  const tables: string[] = [];
  let rest = columns;
  while (rest.length > 0) {
    let room = width - fixed + GAP;
    const fitting = rest.findIndex(({ width: own }) => {
      room -= own + GAP;
      return room < 0;
    });
    const now = fitting < 0 ? rest : rest.slice(0, Math.max(1, fitting));
    rest = rest.slice(now.length);
    const heads = [...left.map(({ head, align }) => ({ head, align })), ...now.map(({ head }) => ({ head, align: 'right' as const }))];
    tables.push(
      table(
        heads,
        rows.map((_, row) => [...left, ...now].map(({ cells }) => cells[row])),
      ),
    );
  }
  return tables.join('\n\n');
}

interface Cells {
  readonly head: string;
  readonly cells: readonly string[];
  readonly width: number;
  readonly align: 'left' | 'right';
}

function column(head: string, cells: readonly string[], align: Cells['align'] = 'right'): Cells {
  return { head, cells, align, width: Math.max(...[...cells, ...head.split('\n')].map((text) => text.length)) };
}

/** A column for each axis, a value that repeats left out; and the number of runs. */
function axisColumns(rows: readonly ResultRow[]): readonly Cells[] {
  const axes = Object.keys(rows[0].params);
  const shown = rows.map(({ params }) => axes.map((axis) => showValue(params[axis])));
  const columns = axes.map((axis, i) => {
    const isRepeated = (row: number) => row > 0 && shown[row].slice(0, i + 1).join('\0') === shown[row - 1].slice(0, i + 1).join('\0');
    const cells = shown.map((values, row) => (i < axes.length - 1 && isRepeated(row) ? '' : values[i]));
    return column(shortName(axis), cells, 'left');
  });
  const runs = rows.map(({ summary }) => (summary.failed > 0 ? `${summary.runs} (${summary.failed} failed)` : String(summary.runs)));
  return [...columns, column('runs', runs)];
}

/** The last word of a path. */
export function shortName(axis: string): string {
  return axis.slice(axis.lastIndexOf('.') + 1);
}

/** A value of an axis as a label has it. */
export function showValue(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}

/**
 * One metric over two axes: the second down, the first across, with intervals as in the other tables. Undefined unless there are just two,
 * each of several values.
 */
export function metricMatrix(rows: readonly ResultRow[], metric: string, intervals: boolean): string | undefined {
  const axes = Object.keys(rows[0].params);
  if (axes.length !== 2) return undefined;
  const [across, down] = axes.map((axis) => [...new Set(rows.map(({ params }) => showValue(params[axis])))]);
  if (across.length < 2 || down.length < 2 || across.length * down.length !== rows.length) return undefined;
  const at = (x: string, y: string) => rows.find(({ params }) => showValue(params[axes[0]]) === x && showValue(params[axes[1]]) === y);
  const cell = (row: ResultRow | undefined) => {
    const found = row?.summary.metrics[metric];
    if (found === undefined) return showMetric(metric, Number.NaN);
    return intervals ? showEstimate(metric, found) : showMetric(metric, found.mean);
  };
  const head = [{ head: shortName(axes[1]) }, ...across.map((x) => ({ head: `${shortName(axes[0])} ${x}`, align: 'right' as const }))];
  return table(
    head,
    down.map((y) => [y, ...across.map((x) => cell(at(x, y)))]),
  );
}
