/**
 * What recording costs: rows of a full trace into SQLite, and, as a share of a real run that records nothing, what its facts cost in memory
 * and what its summary costs in the database.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createMemoryRecorder, KIND_NAMES } from '../../src/record/memory.ts';
import type { RecordedEvent } from '../../src/record/recorder.ts';
import { openStore } from '../../src/record/sqlite.ts';
import { isStoreProblem, type RunResult, type Store } from '../../src/record/store.ts';
import { summaryOf } from '../../src/record/summary.ts';
import { runScenario } from '../../src/run/run.ts';
import { realPoints } from '../support/real-points.ts';
import { aimingAt, atLeast, atMost, type BenchRow, fasterRow, figureRow, interleave, speedRow, timeRow } from './harness.ts';

const ROWS = 200_000;
const RUNS = 40;
const SAVED = 1_000;

/** A bundle's own fact is told after the others of it. */
const BUNDLE = 5;

/** Facts as a busy market leaves them: ids small, prices and amounts with fractions, the first of each five told last. */
function facts(count: number): RecordedEvent[] {
  return Array.from({ length: count }, (_, i) => ({
    seq: i % BUNDLE === BUNDLE - 1 ? i + 2 - BUNDLE : i + 2,
    at: i * 3,
    cause: i >> 1,
    kind: KIND_NAMES[i % KIND_NAMES.length],
    actor: i % 100,
    subject: i % 5,
    a: i * 1.37,
    b: i * 1_000,
    c: 1.5 + (i % 7) / 3,
    d: 0,
  }));
}

function openedAt(file: string): { store: Store; point: number } {
  const store = openStore(file);
  if (isStoreProblem(store)) throw new Error(store.message);
  const experiment = store.saveExperiment({
    name: 'bench',
    question: 'How fast?',
    spec: {},
    specHash: 'spec',
    codeHash: 'code',
    nodeVersion: process.version,
    createdAt: '2026-01-01T00:00:00.000Z',
  });
  const point = store.savePoint(experiment as number, { position: 0, label: '', params: {} });
  return { store, point: point as number };
}

const SILENT: RunResult = {
  ...{ status: 'done', stop: 'horizon', traceHash: 'hash', metrics: {}, parties: [], events: [], samples: [], names: {} },
  ...{ endMs: 0, executed: ROWS },
};

/**
 * The same rows by one prepared statement a row, as better-sqlite3's documents write it: same columns, key and kind of file, in one
 * transaction. What the machine gives here and now.
 */
function rowByRow(file: string, events: readonly RecordedEvent[]): () => number {
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  const columns = 'run_id, seq, at_ms, cause, kind, actor, subject, a, b, c, d';
  database.exec(`CREATE TABLE fact (${columns}, PRIMARY KEY (run_id, seq)) WITHOUT ROWID`);
  const insert = database.prepare(`INSERT INTO fact (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  let run = 0;
  const save = database.transaction(() => {
    run += 1;
    for (const { seq, at, cause, kind, actor, subject, a, b, c, d } of events)
      insert.run(run, seq, at, cause, kind, actor, subject, a, b, c, d);
  });
  return () => {
    save();
    return events.length;
  };
}

/** Rows per second of CPU into a file, transaction and checkpoints included. */
function traceRows(file: string): BenchRow[] {
  const events = facts(ROWS);
  const { store, point } = openedAt(file);
  let seed = 0;
  const { plain, sqlite } = interleave({
    plain: rowByRow(`${file}-plain`, events),
    sqlite: () => {
      seed += 1;
      const run = { point, seed, replication: seed, trace: 'full', wallMs: 0, outcome: { ...SILENT, events } } as const;
      const saved = store.saveRun(run);
      if (isStoreProblem(saved)) throw new Error(saved.message);
      return ROWS;
    },
  });
  store.close();
  return [
    atLeast(speedRow('full trace into SQLite, rows', sqlite), 0.8),
    // What tells a slow machine from a slow store where that goal is missed; no goal of its own.
    speedRow('rows by a statement each', plain),
    fasterRow('full trace ÷ a statement each', 'times faster', sqlite, plain),
  ];
}

/**
 * Shares of a real run that records nothing: its facts told to the recorder in memory and made into objects, and the rows of its summary in
 * the database. Each is timed apart from the run: the difference of two runs of 20 ms would drown in the noise of either.
 */
async function shareRows(file: string): Promise<BenchRow[]> {
  const { registry, points } = await realPoints('solvency-under-crash');
  const { store, point } = openedAt(file);
  const make = (seed: number, trace: 'none' | 'full') => runScenario(points[0], registry, { seed, trace, checkEvery: 0 });
  const few = [0, 1, 2, 3].map((seed) => summaryOf(make(seed, 'none')));
  const outcomes = Array.from({ length: SAVED }, (_, i) => few[i % few.length]);
  const { events } = make(0, 'full');
  let seed = 0;
  const { silent, told, saved } = interleave({
    silent: () => {
      for (let i = 0; i < RUNS; i += 1) make(i, 'none');
      return RUNS;
    },
    told: () => {
      for (let i = 0; i < RUNS; i += 1) tellAgain(events);
      return RUNS;
    },
    saved: () => {
      const answer = store.saveRuns(
        outcomes.map((outcome) => ({ point, seed: seed++, replication: 0, trace: 'none', wallMs: 0, outcome })),
      );
      if (isStoreProblem(answer)) throw new Error(answer.message);
      return SAVED;
    },
  });
  store.close();
  const kilobytes = statSync(file).size / seed / 1024;
  return [
    timeRow('a run that records nothing', 'ms', 1e6, silent, `${outcomes[0].executed} events`),
    atMost(fasterRow('its facts in memory, share of the run', '', silent, told, `${events.length} facts`), 0.15),
    atMost(fasterRow('its summary into SQLite, share of the run', '', silent, saved), 0.01),
    // Each role in a run adds a metric of its own, 17 bytes: what is aimed at, then, and no promise.
    aimingAt(figureRow('its summary in the file', 'kB', kilobytes), '≤ 1'),
  ];
}

/** What a traced run does more than a silent one. */
function tellAgain(events: readonly RecordedEvent[]): void {
  const recorder = createMemoryRecorder();
  for (const { seq, at, cause, kind, actor, subject, a, b, c, d } of events)
    recorder.event(seq, at, cause, kind, actor, subject, a, b, c, d);
  if (recorder.events().length !== events.length) throw new Error('facts were lost');
}

export async function recordingBench(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-bench-'));
  try {
    return [...traceRows(join(folder, 'trace.db')), ...(await shareRows(join(folder, 'runs.db')))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
