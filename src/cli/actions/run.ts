/**
 * `breakwater run`: an experiment from file to table. Prepares all, runs what is missing, records it, and judges what the experiment
 * asserts.
 */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { codeHash } from '../../fleet/code-hash.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { scenarioRunner, scenarioTask } from '../../fleet/scenario-runner.ts';
import type { TraceLevel } from '../../record/recorder.ts';
import { isStoreProblem, type MeasuredRun, type RunLine, type Store, type StoreProblem } from '../../record/store.ts';
import { formatDuration } from '../../scenario/duration.ts';
import { isProblems } from '../../scenario/load.ts';
import { formatProblem } from '../../scenario/problem.ts';
import { enterStudy, jobsOf, runStudy } from '../../study/run-study.ts';
import { DEFAULT_DB } from '../default-paths.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type OpenedStudy, openStudy, type StudyRequest } from '../open-study.ts';
import { plural } from '../print.ts';
import { tellProblems } from '../problems.ts';
import { program, quoted } from '../program.ts';
import { showProgress, showSpan } from '../progress.ts';
import { reportStudy } from '../report-study.ts';
import { openForWriting, tellStoreProblem } from '../results-store.ts';
import type { Terminal } from '../terminal.ts';

export interface RunArguments extends StudyRequest {
  readonly db: string;
  readonly workers?: number | undefined;
  readonly engine?: 'inline' | 'threads' | undefined;
  readonly trace?: TraceLevel | undefined;
  readonly check: boolean;
  readonly resume: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly firstRun: boolean;
}

/** With `--check` the laws are looked at this often, in kernel events, and at the end. */
const CHECK_EVERY = 100;
/** A dry run that is shorter than this is made twice, ms. */
const WARM_MS = 1_000;
/** Up to so many runs the start of workers (a third of a second) costs more than they save. */
const HANDFUL = 8;
/** Of larger studies only metrics and sums by role are kept of each run; everything else comes back by running its seed again. */
const KEEP_ALL_MAX = 50;

export async function run(args: RunArguments, terminal: Terminal): Promise<ExitCode> {
  const opened = await openStudy(args);
  if (isProblems(opened)) return tellProblems(terminal, opened);
  const { study } = opened;
  for (const warning of study.warnings) terminal.note(`warning: ${formatProblem(warning)}`);
  if (args.dryRun) return dryRun(args, opened, terminal);
  const isNew = !existsSync(args.db);
  const store = openForWriting(args.db);
  if (isStoreProblem(store)) return tellStoreProblem(terminal, store);
  if (isNew) terminal.note(`Results go into ${resolve(args.db)}, which was made just now.`);
  try {
    const done = await execute(args, opened, store, terminal);
    if (isStoreProblem(done)) return tellStoreProblem(terminal, done);
    if (done.interrupted) {
      const count = `${done.runs.length} of ${study.runs} runs are kept in ${args.db}`;
      terminal.note(`\nInterrupted: ${count}. To go on: ${resumeCommand(args)}`);
      return EXIT.interrupted;
    }
    return reportStudy({ ...args, study, ...done }, terminal);
  } finally {
    store.close();
  }
}

interface Done {
  readonly runs: readonly MeasuredRun[];
  readonly interrupted: boolean;
  readonly wallMs: number;
  readonly codeHash: string;
}

async function execute(args: RunArguments, opened: OpenedStudy, store: Store, terminal: Terminal): Promise<Done | StoreProblem> {
  const { study, agentFolders } = opened;
  const hash = codeHash(agentFolders);
  const finished = args.resume ? store.finishedRuns({ specHash: study.specHash, codeHash: hash }) : [];
  if (isStoreProblem(finished)) return finished;
  const site = enterStudy(study, store, {
    codeHash: hash,
    nodeVersion: process.version,
    createdAt: new Date().toISOString(),
    agentFolders,
  });
  if (isStoreProblem(site)) return site;
  const isDone = doneBefore(finished);
  const trace = args.trace ?? study.head.record.trace;
  const jobs = [...jobsOf(study, { trace, checkEvery: args.check ? CHECK_EVERY : 0 }, isDone)];
  if (args.resume) terminal.note(`${study.runs - jobs.length} of ${study.runs} runs were there already.`);
  const interrupt = listenForInterrupt(terminal);
  const fleet = await createFleet(args, opened, jobs.length, interrupt.signal);
  const progress = showProgress(terminal, jobs.length);
  const start = performance.now();
  try {
    const different = await runStudy(site, fleet, jobs, (result) => progress.push(result));
    if (isStoreProblem(different)) return different;
    if (different > 0) {
      const runs = plural(different, 'run');
      terminal.note(`warning: ${runs} gave another trace hash than before, by the same scenario, seed and code: a fault of breakwater.`);
    }
  } finally {
    progress.end();
    interrupt.end();
    await fleet.close();
  }
  const wallMs = performance.now() - start;
  const all = store.findRuns({ experiment: site.experiment });
  if (isStoreProblem(all)) return all;
  const seeds = new Set(study.seeds);
  const runs = all.filter(({ seed, position }) => seeds.has(seed) && position < study.points.length);
  const interrupted = interrupt.signal.aborted && runs.length < study.runs;
  return { runs, interrupted, wallMs, codeHash: hash };
}

function doneBefore(finished: readonly RunLine[]): (point: number, seed: number) => boolean {
  const keys = new Set(finished.map(({ position, seed }) => `${position}/${seed}`));
  return (point, seed) => keys.has(`${point}/${seed}`);
}

/** The first interrupt ends the study after what is finished; the second ends the process. */
function listenForInterrupt(terminal: Terminal): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    terminal.progress('');
    controller.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return { signal: controller.signal, end: () => process.off('SIGINT', stop).off('SIGTERM', stop) };
}

async function createFleet(args: RunArguments, opened: OpenedStudy, jobs: number, signal: AbortSignal): Promise<Fleet> {
  const points = opened.study.points.map(({ scenario }) => scenario);
  const keep = opened.study.runs > KEEP_ALL_MAX ? 'summary' : 'all';
  const workers = Math.min(args.workers ?? Math.max(1, availableParallelism() - 1), Math.max(1, jobs));
  const engine = args.engine ?? (workers > 1 && jobs > HANDFUL ? 'threads' : 'inline');
  if (engine === 'inline') {
    const { createInlineFleet } = await import('../../fleet/inline.ts');
    return createInlineFleet(scenarioRunner(points, opened.registry, keep), signal);
  }
  const { createThreadFleet } = await import('../../fleet/threads.ts');
  return createThreadFleet({ task: scenarioTask({ points, agentFolders: opened.agentFolders, keep }), workers, signal });
}

/** What would be done, and how long it may take, from one run that is kept nowhere. */
function dryRun(args: RunArguments, { study, registry }: OpenedStudy, terminal: Terminal): ExitCode {
  const { points, seeds, head, runs } = study;
  const runner = scenarioRunner(
    points.slice(0, 1).map(({ scenario }) => scenario),
    registry,
  );
  const timed = () => {
    const start = performance.now();
    runner(0, { seed: seeds[0], trace: 'none', checkEvery: 0 });
    return performance.now() - start;
  };
  // The first run of a process is compiled while it runs, and takes several times as long as those that follow.
  const first = timed();
  const oneMs = first < WARM_MS ? timed() : first;
  if (args.json) {
    const listed = points.map(({ label, params }) => ({ label, params }));
    terminal.out(
      JSON.stringify({ experiment: head.name, specHash: study.specHash, points: listed, seeds, runs, oneRunMs: oneMs }, null, 2),
    );
    return EXIT.done;
  }
  const horizon = formatDuration(points[0].scenario.horizon);
  terminal.out(`${head.name}: ${plural(points.length, 'point')} × ${plural(seeds.length, 'seed')} = ${plural(runs, 'run')} of ${horizon}`);
  terminal.out(`one run took ${showSpan(oneMs)} just now; all in one thread about ${showSpan(oneMs * runs)}`);
  for (const { label } of points) if (label !== '') terminal.out(`  ${label}`);
  return EXIT.done;
}

function resumeCommand({ experiment, seed, runs, set, agents, db, trace, check }: RunArguments): string {
  const words = [program(), 'run', quoted(experiment)];
  if (seed !== undefined) words.push('--seed', String(seed));
  if (runs !== undefined) words.push('--runs', String(runs));
  for (const one of set ?? []) words.push('--set', quoted(one));
  for (const one of agents ?? []) words.push('--agents', quoted(one));
  if (trace !== undefined) words.push('--trace', trace);
  if (check) words.push('--check');
  if (db !== DEFAULT_DB) words.push('--db', quoted(db));
  return [...words, '--resume'].join(' ');
}
