/** What a record keeps: runs come back as they went in, twice is once, and half is nothing. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { KIND_NAMES } from '../../../src/record/memory.ts';
import { APPLICATION_ID, MIGRATIONS } from '../../../src/record/schema.ts';
import { openStore } from '../../../src/record/sqlite.ts';
import { isStoreProblem, LOST_CODE, type RunRecord, type Store, type StoreProblem } from '../../../src/record/store.ts';
import type { Outcome } from '../../../src/run/outcome.ts';
import { stubFailure, stubOutcome } from '../../support/stub-outcome.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const KEY = { specHash: 'spec-1', codeHash: 'code-1' };
const EXPERIMENT = {
  ...KEY,
  name: 'oracle-window',
  question: 'Which window is safe?',
  spec: { horizon: '1 h', axes: [1, 2] },
  nodeVersion: 'v24.0.0',
  createdAt: '2026-01-02T03:04:05.000Z',
};

function sound<T>(answer: T | StoreProblem): T {
  if (isStoreProblem(answer)) throw new Error(answer.message);
  return answer;
}

function opened(file = join(tempFolder(), 'runs.db')): Store {
  const store = sound(openStore(file));
  onTestFinished(() => store.close());
  return store;
}

function withPoint(store: Store, position = 0): number {
  const experiment = sound(store.saveExperiment(EXPERIMENT));
  return sound(
    store.savePoint(experiment, { position, label: `window=${position}`, params: { 'world.oracles.inv.with.window': position } }),
  );
}

function aRun(point: number, seed: number, outcome: Outcome = stubOutcome(0, { seed, trace: 'full', checkEvery: 0 })): RunRecord {
  return { point, seed, replication: 0, trace: 'full', wallMs: 12.5, outcome };
}

describe('record in SQLite', () => {
  it('gives back a traced run as it went in, from a file opened anew', () => {
    const file = join(tempFolder(), 'runs.db');
    const first = opened(file);
    const outcome = stubOutcome(3, { seed: 2 ** 48 + 1, trace: 'full', checkEvery: 0 }, 1_003);
    const { run } = sound(first.saveRun(aRun(withPoint(first), 2 ** 48 + 1, outcome)));
    first.close();
    const stored = sound(opened(file).readRun(run));
    expect(stored.outcome).toEqual(outcome);
    expect(stored).toMatchObject({
      seed: 2 ** 48 + 1,
      replication: 0,
      position: 0,
      label: 'window=0',
      status: 'done',
      trace: 'full',
      wallMs: 12.5,
    });
    expect(stored.params).toEqual({ 'world.oracles.inv.with.window': 0 });
  });

  it('gives facts back in the order of their numbers, whatever order they were told in', () => {
    const store = opened();
    const outcome = stubOutcome(3, { seed: 1, trace: 'full', checkEvery: 0 }, 2_500);
    const told = { ...outcome, events: outcome.events.map((_, i, all) => all[i % 5 === 4 ? i - 4 : i + 1]) };
    expect(new Set(told.events).size).toBe(2_500);
    const { run } = sound(store.saveRun(aRun(withPoint(store), 1, told)));
    expect(sound(store.readRun(run)).outcome).toEqual(outcome);
  });

  it('keeps the error of a failed run', () => {
    const store = opened();
    const { run } = sound(store.saveRun(aRun(withPoint(store), 7, stubFailure(7))));
    const { outcome, errorCode } = sound(store.readRun(run));
    expect(outcome.error).toEqual({ code: 'LEDGER_NEGATIVE', message: 'account=3', event: 17, atMs: 500, seed: 7 });
    expect(errorCode).toBe('LEDGER_NEGATIVE');
  });

  it('writes the names and decimals of assets alone for a run without events', () => {
    const store = opened();
    const outcome = stubOutcome(1, { seed: 4, trace: 'none', checkEvery: 0 });
    const { run } = sound(store.saveRun({ ...aRun(withPoint(store), 4, outcome), trace: 'none' }));
    expect(sound(store.readRun(run)).outcome).toEqual({ ...outcome, names: { assets: ['usdc'], decimals: [6] } });
  });

  it('finds the same experiment and point again instead of adding them', () => {
    const store = opened();
    const point = withPoint(store);
    expect(withPoint(store)).toBe(point);
    const [experiment, ...others] = sound(store.listExperiments());
    expect(others).toEqual([]);
    expect(experiment).toMatchObject({ ...EXPERIMENT, points: 1, runs: 0, failed: 0 });
    expect(sound(store.findExperiment(KEY))).toEqual(experiment);
    expect(sound(store.findExperiment({ ...KEY, codeHash: 'code-2' }))).toBeUndefined();
    sound(store.saveExperiment({ ...EXPERIMENT, codeHash: 'code-2' }));
    expect(sound(store.listExperiments())).toHaveLength(2);
  });

  it('replaces a run that is saved again, whole, under the same id', () => {
    const file = join(tempFolder(), 'runs.db');
    const store = opened(file);
    const point = withPoint(store);
    const first = sound(store.saveRun(aRun(point, 7)));
    expect(first.before).toBe('nothing');
    const counts = tableCounts(file);
    expect(sound(store.saveRun(aRun(point, 7)))).toEqual({ run: first.run, before: 'same' });
    expect(tableCounts(file)).toEqual(counts);
    const shorter = stubOutcome(0, { seed: 7, trace: 'full', checkEvery: 0 }, 1);
    sound(store.saveRun(aRun(point, 7, shorter)));
    expect(sound(store.readRun(first.run)).outcome).toEqual(shorter);
  });

  it('says when the same key gave another trace', () => {
    const store = opened();
    const point = withPoint(store);
    sound(store.saveRun(aRun(point, 7)));
    const other = { ...stubOutcome(0, { seed: 7, trace: 'full', checkEvery: 0 }), traceHash: 'elsewhere' };
    expect(sound(store.saveRun(aRun(point, 7, other))).before).toBe('different');
    sound(store.saveRun(aRun(point, 8, stubFailure(8))));
    expect(sound(store.saveRun(aRun(point, 8))).before).toBe('same');
  });

  it('keeps nothing of a run whose rows cannot all be written, and goes on', () => {
    const file = join(tempFolder(), 'runs.db');
    const store = opened(file);
    const point = withPoint(store);
    const before = tableCounts(file);
    const outcome = stubOutcome(0, { seed: 9, trace: 'full', checkEvery: 0 }, 500);
    const halfWay = { ...outcome, samples: [...outcome.samples, { ...outcome.samples[0], at: null as never }] };
    expect(() => store.saveRun(aRun(point, 9, halfWay))).toThrow(/NOT NULL/);
    expect(tableCounts(file)).toEqual(before);
    const { run } = sound(store.saveRun(aRun(point, 9, outcome)));
    expect(sound(store.readRun(run)).outcome).toEqual(outcome);
  });

  it('keeps nothing of many runs when one of them fails', () => {
    const store = opened();
    const point = withPoint(store);
    const bad = { ...stubOutcome(0, { seed: 2, trace: 'full', checkEvery: 0 }), stop: null as never };
    expect(() => store.saveRuns([aRun(point, 1), aRun(point, 2, bad)])).toThrow(/NOT NULL/);
    expect(sound(store.listRuns())).toEqual([]);
    expect(sound(store.saveRuns([aRun(point, 1), aRun(point, 2)])).map(({ before }) => before)).toEqual(['nothing', 'nothing']);
  });

  it('keeps nothing of a run during which the process was killed', () => {
    const file = join(tempFolder(), 'runs.db');
    const store = opened(file);
    const point = withPoint(store);
    store.saveRun(aRun(point, 1));
    store.close();
    const script = `
      const { openStore } = await import(${source('src/record/sqlite.ts')});
      const { stubOutcome } = await import(${source('test/support/stub-outcome.ts')});
      const outcome = stubOutcome(0, { seed: 2, trace: 'full', checkEvery: 0 }, 60_000);
      Object.defineProperty(outcome.events[50_000], 'a', { get: () => process.kill(process.pid, 'SIGKILL') });
      openStore(${JSON.stringify(file)}).saveRun({ point: ${point}, seed: 2, replication: 0, trace: 'full', wallMs: 1, outcome });`;
    expect(spawnSync(process.execPath, ['--input-type=module', '-e', script]).signal).toBe('SIGKILL');
    const again = opened(file);
    expect(sound(again.listRuns()).map(({ seed }) => seed)).toEqual([1]);
    expect(tableCounts(file).event_chunk).toBe(1);
  });

  it('finds runs by experiment, point, seed and status, and measured ones with their metrics', () => {
    const store = opened();
    const points = [withPoint(store, 0), withPoint(store, 1)];
    const options = (seed: number) => ({ seed, trace: 'none', checkEvery: 0 }) as const;
    sound(store.saveRuns(points.flatMap((point, i) => [5, 6].map((seed) => aRun(point, seed, stubOutcome(i, options(seed)))))));
    sound(store.saveRun(aRun(points[1], 7, stubFailure(7))));
    expect(sound(store.listRuns({ position: 1 })).map(({ seed }) => seed)).toEqual([5, 6, 7]);
    expect(sound(store.listRuns({ position: 1, seed: 6 }))).toHaveLength(1);
    expect(sound(store.listRuns({ status: 'failed' })).map(({ seed }) => seed)).toEqual([7]);
    expect(sound(store.listRuns({ experiment: 99 }))).toEqual([]);
    const measured = sound(store.findRuns({ position: 1 }));
    expect(measured.map(({ metrics }) => metrics)).toEqual([stubOutcome(1, options(5)).metrics, stubOutcome(1, options(6)).metrics, {}]);
  });

  it('knows what a resumed experiment need not run again: all but what was lost with a worker', () => {
    const store = opened();
    const point = withPoint(store);
    expect(sound(store.finishedRuns({ ...KEY, specHash: 'unknown' }))).toEqual([]);
    sound(store.saveRuns([aRun(point, 1), aRun(point, 2, stubFailure(2)), aRun(point, 3, stubFailure(3, LOST_CODE))]));
    expect(sound(store.finishedRuns(KEY)).map(({ position, seed, status }) => [position, seed, status])).toEqual([
      [0, 1, 'done'],
      [0, 2, 'failed'],
    ]);
  });

  it('brings a record of the first version to this one, with what its events mean, and loses nothing', () => {
    const file = join(tempFolder(), 'old.db');
    const old = new Database(file);
    old.exec(MIGRATIONS[0]);
    old.exec("INSERT INTO event_kind (id, name) VALUES (7, 'liquidation'); INSERT INTO word (text) VALUES ('kept')");
    old.exec(
      "INSERT INTO experiment VALUES (1, 'old', '', '{}', 'spec-0', 'code-0', 'v24.0.0', ''); INSERT INTO point VALUES (1, 1, 0, '', '{}')",
    );
    old.exec("INSERT INTO run VALUES (1, 1, 1, 0, 'done', 'horizon', 'full', 'hash', 0, 0, 0, NULL, NULL, NULL, NULL, NULL)");
    const rows = Array.from({ length: 2_500 }, (_, i) => ({
      ...{ seq: 2 * i + 1, at: i, cause: i >> 1, kind: 'liquidation' as const, actor: -1, subject: i % 7 },
      ...{ a: i / 3, b: i % 2 ? -1e300 / (i + 1) : 2 ** 53 - i, c: [Infinity, -Infinity, Number.NaN][i % 3], d: 5e-324 * i },
    }));
    const insert = old.prepare('INSERT INTO event_row VALUES (1, ?, ?, ?, 7, ?, ?, ?, ?, ?, ?)');
    for (const { seq, at, cause, actor, subject, a, b, c, d } of rows) insert.run(seq, at, cause, actor, subject, a, b, c, d);
    old.pragma(`application_id = ${APPLICATION_ID}`);
    old.pragma('user_version = 1');
    old.close();
    const store = opened(file);
    const outcome = stubOutcome(0, { seed: 9, trace: 'full', checkEvery: 0 });
    const { run } = sound(store.saveRun(aRun(withPoint(store), 9, outcome)));
    expect(sound(store.readRun(run)).outcome).toEqual(outcome);
    expect(sound(store.readRun(1)).outcome.events).toEqual(rows);
    const other = new Database(file, { readonly: true });
    onTestFinished(() => void other.close());
    expect(other.prepare("SELECT id, a FROM event_kind WHERE kind = 'liquidation'").raw().all()).toEqual([[7, 'repaid_usd']]);
    expect(other.prepare('SELECT count(*) FROM event_kind').pluck().get()).toBe(KIND_NAMES.length);
    expect(other.prepare("SELECT count(*) FROM word WHERE text = 'kept'").pluck().get()).toBe(1);
  });

  it('shows words, not numbers, to whoever opens the file with another tool', () => {
    const file = join(tempFolder(), 'runs.db');
    const store = opened(file);
    const outcome = stubOutcome(0, { seed: 7, trace: 'full', checkEvery: 0 });
    sound(store.saveRun(aRun(withPoint(store), 7, outcome)));
    const other = new Database(file, { readonly: true });
    onTestFinished(() => void other.close());
    expect(other.prepare("SELECT value FROM metric WHERE name = 'bad_debt_usd'").pluck().all()).toEqual([7]);
    expect(other.prepare('SELECT role, account, asset, profit_usd FROM party ORDER BY profit_usd').raw().all()).toEqual([
      ['lender', 'lender/0', 'usdc', -9.5],
      ['attacker', 'attacker/0', 'usdc', 9.5],
    ]);
    expect(other.prepare('SELECT seq, kind, actor_name FROM event ORDER BY seq').raw().all()).toEqual([
      [1, 'price', null],
      [3, 'liquidation', 'attacker/0'],
      [5, 'price', null],
    ]);
    const [, liquidation] = outcome.events;
    expect(
      other.prepare("SELECT at_ms, cause, actor, subject, a, b, c, d FROM event WHERE run_id = 1 AND kind = 'liquidation'").get(),
    ).toEqual({
      ...{ at_ms: liquidation.at, cause: liquidation.cause, actor: liquidation.actor, subject: liquidation.subject },
      ...{ a: liquidation.a, b: liquidation.b, c: null, d: liquidation.d },
    });
    expect(other.prepare("SELECT * FROM run_metric WHERE name = 'bad_debt_usd'").get()).toEqual({
      ...{ experiment_id: 1, experiment: 'oracle-window', point: 0, label: 'window=0', seed: 7, run_id: 1 },
      ...{ name: 'bad_debt_usd', value: 7 },
    });
    expect(other.prepare("SELECT kind, subject, a, b, c, d FROM event_kind WHERE kind IN ('price', 'socialise')").raw().all()).toEqual([
      ['price', 'asset', 'fair_usd', 'previous_usd', '', ''],
      ['socialise', 'position', 'loss_usd', 'market', 'loss_units', ''],
    ]);
    expect(other.prepare('SELECT probe, at_ms, value FROM sample').raw().all()).toEqual([['solvency_ratio', 1000, 1.25]]);
    expect(other.pragma('journal_mode', { simple: true })).toBe('wal');
  });

  it('keeps notes', () => {
    const store = opened();
    const point = withPoint(store);
    const { run } = sound(store.saveRun(aRun(point, 1)));
    const notes = [
      { text: 'The window of 1 did not matter.', createdAt: '2026-01-02T00:00:00.000Z' },
      { text: 'See this one.', createdAt: '2026-01-02T00:00:01.000Z', run },
    ];
    for (const note of notes) sound(store.saveNote(1, note));
    expect(sound(store.readNotes(1))).toEqual(notes);
  });

  it('needs no more than a kilobyte for a run of thirty metrics and six lines of parties', () => {
    const file = join(tempFolder(), 'runs.db');
    const store = opened(file);
    const point = withPoint(store);
    const metrics = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`a_metric_of_usual_length_${i}_usd`, i * 1.1]));
    const plain = stubOutcome(0, { seed: 0, trace: 'none', checkEvery: 0 });
    const outcome = { ...plain, metrics, parties: [...plain.parties, ...plain.parties, ...plain.parties], traceHash: '0123456789abcdef' };
    sound(store.saveRuns(Array.from({ length: 1_000 }, (_, seed) => aRun(point, seed, outcome))));
    store.close();
    const db = new Database(file, { readonly: true });
    onTestFinished(() => void db.close());
    const bytes = (db.pragma('page_count', { simple: true }) as number) * (db.pragma('page_size', { simple: true }) as number);
    expect(bytes / 1_000).toBeLessThan(1_024);
  });
});

function source(path: string): string {
  return JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../..', path)).href);
}

/** Rows of each table, as another connection sees them. */
function tableCounts(file: string): Record<string, number> {
  const db = new Database(file, { readonly: true });
  const tables = ['run', 'metric_row', 'party_row', 'event_chunk', 'sample_row', 'word'];
  const counts = Object.fromEntries(tables.map((table) => [table, db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number]));
  db.close();
  return counts;
}
