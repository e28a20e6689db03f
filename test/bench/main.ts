/**
 * `npm run bench [-- NAME …] [-- --json]`: runs the benchmarks, each in a process of its own, so that no bench's code warms another's or
 * leaves it a heap, and prints tables, or one JSON document. Exit code 1 when a goal is missed twice, 2 for a name that does not exist.
 */
import { spawnSync } from 'node:child_process';
import { setEngineFlags } from '../../src/fleet/engine-flags.ts';
import { type BenchRow, secondChance } from './harness.ts';

const BENCHES: Readonly<Record<string, () => Promise<BenchRow[]>>> = {
  hold: async () => (await import('./hold.ts')).holdBench(),
  market: async () => (await import('./market-step.ts')).marketStepBench(),
  crowd: async () => (await import('./crowd.ts')).crowdBench(),
  recording: async () => (await import('./recording.ts')).recordingBench(),
  fleet: async () => (await import('./fleet.ts')).fleetBench(),
  liquidation: async () => (await import('./liquidation-check.ts')).liquidationCheckBench(),
  formula: async () => (await import('./formula.ts')).formulaBench(),
  'order-book': async () => (await import('./order-book.ts')).orderBookBench(),
  random: async () => (await import('./random.ts')).randomBench(),
  'value-at-risk': async () => (await import('./value-at-risk.ts')).valueAtRiskBench(),
  'cross-margin': async () => (await import('./cross-margin.ts')).crossMarginBench(),
  options: async () => (await import('./option-remark.ts')).optionRemarkBench(),
};

function figure(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '';
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function printTable(name: string, rows: readonly BenchRow[]): void {
  const lines = rows.map((line) => [
    line.name,
    figure(line.value),
    line.low === undefined ? '' : `${figure(line.low)} … ${figure(line.high)}`,
    line.unit,
    line.goal ?? '',
    line.pass === undefined ? '' : line.pass ? 'met' : 'MISSED',
    line.note ?? '',
  ]);
  const header = [name, 'best', 'band', 'unit', 'goal', '', ''];
  const widths = header.map((_, i) => Math.max(...[header, ...lines].map((line) => line[i].length)));
  for (const line of [header, ...lines]) {
    process.stdout.write(
      `${line
        .map((cell, i) => (i === 1 || i === 2 ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
        .join('  ')
        .trimEnd()}\n`,
    );
  }
  process.stdout.write('\n');
}

/** Tells the process to measure one bench itself and print its rows. */
const ALONE = '--alone';

/** The rows of a bench, measured in a process of its own. */
function measure(name: string): BenchRow[] {
  const { status, stdout } = spawnSync(process.execPath, [import.meta.filename, name, ALONE], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`bench ${name} ended with code ${status}`);
  // A figure that is no number has no place in JSON.
  return (JSON.parse(stdout) as BenchRow[]).map((line) => ({ ...line, value: line.value ?? Number.NaN }));
}

const isMissed = ({ pass }: BenchRow) => pass === false;

function measureAll(names: readonly string[], json: boolean): void {
  const results: Record<string, BenchRow[]> = {};
  for (const name of names) {
    results[name] = measure(name);
    if (!json) printTable(name, results[name]);
  }
  for (const name of names.filter((name) => results[name].some(isMissed))) {
    results[name] = secondChance(results[name], measure(name));
    if (!json) printTable(`${name}, second try`, results[name]);
  }
  const missed = Object.values(results).flat().filter(isMissed);
  if (json) process.stdout.write(`${JSON.stringify({ benches: results, missed: missed.map((line) => line.name) }, null, 2)}\n`);
  if (missed.length > 0) process.exitCode = 1;
}

const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const unknown = asked.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  process.stderr.write(`no such bench: ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}\n`);
  process.exitCode = 2;
} else if (process.argv.includes(ALONE)) {
  // As the command line does.
  setEngineFlags();
  process.stdout.write(JSON.stringify(await BENCHES[asked[0]]()));
} else measureAll(asked.length > 0 ? asked : Object.keys(BENCHES), process.argv.includes('--json'));
