/** Results as tables: points down, metrics across, each mean with the half-width of its 95 % interval. As many tables as the width asks for. */
import { clock, figures, grouped, usd } from '../study/amounts.ts';
import type { MetricSummary, PointSummary } from '../study/replicate.ts';
import { brokenName, table } from './print.ts';

export interface ResultRow {
  readonly label: string;
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
  if (!name.endsWith('_usd')) return `${shown} ±${showMetric(name, half)}`;
  const letter = /[MBT]$/.exec(shown)?.[0];
  const scale = letter === 'M' ? 1e6 : letter === 'B' ? 1e9 : letter === 'T' ? 1e12 : 1;
  return `${shown} ±${letter === undefined ? usd(half).replace('$', '') : `${grouped(half / scale, 2)}${letter}`}`;
}

const NAME_WIDTH = 12;
const GAP = 2;

/** The table, or several below one another where the metrics do not fit side by side. */
export function resultsTable(rows: readonly ResultRow[], metrics: readonly string[], width: number): string {
  const runs = rows.map(({ summary }) => (summary.failed > 0 ? `${summary.runs} (${summary.failed} failed)` : String(summary.runs)));
  const columns = metrics.map((name) => {
    const cells = rows.map(({ summary }) => {
      const found = summary.metrics[name];
      return found === undefined ? '–' : showEstimate(name, found);
    });
    const head = brokenName(name, NAME_WIDTH);
    return { head, cells, width: Math.max(...cells.map((cell) => cell.length), ...head.split('\n').map((line) => line.length)) };
  });
  const labels = rows.map(({ label }) => label);
  const fixed = Math.max(5, ...labels.map((label) => label.length)) + GAP + Math.max(4, ...runs.map((run) => run.length));
  const tables: string[] = [];
  let rest = columns;
  while (rest.length > 0) {
    let room = width - fixed;
    const fitting = rest.findIndex((column) => {
      room -= column.width + GAP;
      return room < 0;
    });
    const now = fitting < 0 ? rest : rest.slice(0, Math.max(1, fitting));
    rest = rest.slice(now.length);
    const heads = [
      { head: 'point' },
      { head: 'runs', align: 'right' as const },
      ...now.map(({ head }) => ({ head, align: 'right' as const })),
    ];
    tables.push(
      table(
        heads,
        rows.map((_, row) => [labels[row], runs[row], ...now.map(({ cells }) => cells[row])]),
      ),
    );
  }
  return tables.join('\n\n');
}
