/** What a finished study tells: its table, what was asserted, what could not have mattered, which runs failed, and what to try next. */
import type { MeasuredRun } from '../record/store.ts';
import { figures } from '../study/amounts.ts';
import { type AssertionResult, judgeAssertions } from '../study/assertions.ts';
import { judgeAxes } from '../study/inert.ts';
import type { Study } from '../study/prepare.ts';
import { type PointSummary, summarise, summarisePoints } from '../study/replicate.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { type FinishedStudy, measured } from './finished-study.ts';
import { firstRun } from './first-run.ts';
import { paintFor, plural, wrapped } from './print.ts';
import { onRecord, quoted } from './program.ts';
import { showSpan } from './progress.ts';
import { type ResultRow, resultsTable } from './results-table.ts';
import type { Terminal } from './terminal.ts';

const FAILURES_SHOWN = 5;

export function reportStudy(report: FinishedStudy, terminal: Terminal): ExitCode {
  const { study, runs } = report;
  const summaries = summarisePoints(runs.map((run) => ({ ...run, point: run.position })));
  const rows = study.points.map(({ index, label, params }) => ({ label, params, summary: summaries.get(index) ?? summarise([]) }));
  const byLabel = new Map(study.points.map(({ label }, i) => [label, rows[i].summary]));
  const asserted = judgeAssertions(study.assertions, byLabel);
  const failed = runs.filter(({ status }) => status === 'failed');
  if (report.json) terminal.out(JSON.stringify(document(report, rows, asserted), null, 2));
  else if (report.firstRun) firstRun(report, rows, terminal);
  else tell(report, rows, terminal);
  if (!report.json) tellAssertions(asserted, terminal);
  if (asserted.some(({ pass }) => !pass)) tellFewSeeds(study, terminal);
  tellFailures(failed, report.db, terminal);
  warnOfInertAxes(study, runs, terminal);
  if (!report.json) suggest(report, terminal);
  return failed.length > 0 || asserted.some(({ pass }) => !pass) ? EXIT.failed : EXIT.done;
}

function tell({ study, wallMs, codeHash, db }: FinishedStudy, rows: readonly ResultRow[], terminal: Terminal): void {
  const { bold } = paintFor(terminal);
  terminal.note(bold(wrapped(study.head.question, terminal.width)));
  terminal.note('');
  terminal.out(resultsTable(rows, measured(study), terminal.width));
  const interval = study.seeds.length > 1 ? 'mean ± half-width of the 95 % interval; ' : '';
  const seeds =
    study.seeds.length > 1 ? `${study.seeds.length} seeds from ${study.seeds[0]}, the same at every point` : `seed ${study.seeds[0]}`;
  terminal.note(
    `\n${interval}${seeds}; ${plural(study.runs, 'run')} in ${showSpan(wallMs)}; code ${codeHash.slice(0, 8)}; recorded in ${db}`,
  );
}

function tellAssertions(results: readonly AssertionResult[], terminal: Terminal): void {
  if (results.length === 0) return;
  const { green, red } = paintFor(terminal);
  terminal.out('');
  for (const { text, pass, at, values } of results) {
    terminal.out(`${pass ? green('holds ') : red('FAILED')}  ${text}`);
    if (pass) continue;
    const numbers = Object.entries(values).map(([name, value]) => `${name} is ${figures(value)}`);
    terminal.out(`        ${at === undefined || at === '' ? '' : `at ${at}: `}${numbers.join(', ')}`);
  }
}

/** Fewer runs make wider intervals: an assertion on their ends may fail without anything having changed. */
function tellFewSeeds({ seeds, head: { replications } }: Study, terminal: Terminal): void {
  if (seeds.length >= replications) return;
  const were = seeds.length === 1 ? 'was' : 'were';
  const text = `${seeds.length} of the file's ${replications} seeds ${were} run: assertions on intervals may fail for that alone.`;
  terminal.note(`\n${wrapped(text, terminal.width)}`);
}

function tellFailures(failed: readonly MeasuredRun[], db: string, terminal: Terminal): void {
  if (failed.length === 0) return;
  const { red } = paintFor(terminal);
  terminal.note(red(`\n${plural(failed.length, 'run')} failed:`));
  for (const { id, label, seed, errorCode } of failed.slice(0, FAILURES_SHOWN)) {
    terminal.note(`  run ${id}${label === '' ? '' : ` (${label})`}, seed ${seed}: ${errorCode}; ${onRecord(db, `show ${id}`)} says where`);
  }
  if (failed.length > FAILURES_SHOWN) terminal.note(`  … and ${failed.length - FAILURES_SHOWN} more`);
}

function warnOfInertAxes(study: Study, runs: readonly MeasuredRun[], terminal: Terminal): void {
  const { yellow } = paintFor(terminal);
  const verdicts = judgeAxes(
    study.points,
    runs.map((run) => ({ ...run, point: run.position })),
  );
  for (const { axis, verdict, pairs } of verdicts) {
    if (verdict !== 'inert') continue;
    const over = `over ${pairs} ${pairs === 1 ? 'pair' : 'pairs'} of runs that differ in it alone, no metric changed by a single bit`;
    terminal.note(yellow(wrapped(`warning: ${axis} could not have mattered: ${over}.`, terminal.width)));
  }
}

/** Commands that really lead on from here. */
function suggest({ study, runs, db }: FinishedStudy, terminal: Terminal): void {
  const done = runs.filter(({ status }) => status === 'done');
  const worst = done.reduce<MeasuredRun | undefined>(
    (a, b) => (a === undefined || (b.metrics.bad_debt_usd ?? 0) > (a.metrics.bad_debt_usd ?? 0) ? b : a),
    undefined,
  );
  if (worst === undefined) return;
  terminal.note('\nNext:');
  const which = `run ${worst.id}${worst.label === '' ? '' : ` (${worst.label}, seed ${worst.seed})`}`;
  terminal.note(`  ${onRecord(db, `show ${worst.id}`)}   who gained from whom in ${which}`);
  terminal.note(`  ${onRecord(db, `why ${worst.id}`)}    what led to it`);
  const [first, second] = study.points;
  if (second !== undefined) {
    terminal.note(`  ${onRecord(db, `compare ${study.head.name} ${quoted(first.label)} ${quoted(second.label)}`)}`);
  }
}

/** `--json`: everything the table says, and what it was computed from. */
function document({ study, wallMs, codeHash, runs }: FinishedStudy, rows: readonly ResultRow[], asserted: readonly AssertionResult[]) {
  const metrics = ({ metrics: all }: PointSummary) =>
    Object.fromEntries(
      Object.entries(all).map(([name, { mean, sd, lo, hi, n }]) => [name, { mean, sd: finite(sd), lo: finite(lo), hi: finite(hi), n }]),
    );
  const points = study.points.map(({ label, params }, i) => {
    const { summary } = rows[i];
    return { label, params, runs: summary.runs, failed: summary.failed, metrics: metrics(summary) };
  });
  return {
    experiment: study.head.name,
    specHash: study.specHash,
    codeHash,
    seeds: study.seeds,
    points,
    assertions: asserted,
    failures: runs
      .filter(({ status }) => status === 'failed')
      .map(({ id, label, seed, errorCode }) => ({ run: id, label, seed, code: errorCode })),
    wallMs,
  };
}

/** JSON has no infinity: an interval without ends is null. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
