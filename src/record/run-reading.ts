/**
 * Reading runs back: rows into the shapes of the store's contract. A number that SQLite could not hold (NaN) was written as NULL and comes
 * back as NaN.
 */
import { unpackEvents } from './event-chunk.ts';
import type { Prepare } from './prepare.ts';
import type { EventKind, RecordedEvent, TraceLevel } from './recorder.ts';
import type { MeasuredRun, Note, RunLine, RunQuery, RunResult, StoredExperiment, StoredPoint, StoredRun } from './store.ts';

type Row = Readonly<Record<string, number | string | null>>;

const number = (value: Row[string]): number => (value === null ? Number.NaN : (value as number));
const text = (value: Row[string]): string => value as string;

const EXPERIMENTS = `
  SELECT experiment.*, (SELECT count(*) FROM point WHERE experiment_id = experiment.id) AS points,
    count(run.id) AS runs, coalesce(sum(run.status = 'failed'), 0) AS failed, min(run.id) AS first_run
  FROM experiment LEFT JOIN point ON point.experiment_id = experiment.id LEFT JOIN run ON run.point_id = point.id`;

const RUNS = `
  SELECT run.*, point.position, point.label, point.experiment_id, point.params_json, names.text AS names_json
  FROM run JOIN point ON point.id = run.point_id LEFT JOIN word AS names ON names.id = run.names_id`;

export function readExperiments(prepare: Prepare): StoredExperiment[] {
  return (prepare(`${EXPERIMENTS} GROUP BY experiment.id ORDER BY experiment.id`).all() as Row[]).map(experimentOf);
}

export function readExperiment(prepare: Prepare, specHash: string, codeHash: string): StoredExperiment | undefined {
  const rows = prepare(`${EXPERIMENTS} WHERE spec_hash = ? AND code_hash = ? GROUP BY experiment.id`).all(specHash, codeHash) as Row[];
  return rows.map(experimentOf)[0];
}

function experimentOf(row: Row): StoredExperiment {
  return {
    id: number(row.id),
    name: text(row.name),
    question: text(row.question),
    spec: JSON.parse(text(row.spec_json)),
    specHash: text(row.spec_hash),
    codeHash: text(row.code_hash),
    nodeVersion: text(row.node_version),
    createdAt: text(row.created_at),
    points: number(row.points),
    runs: number(row.runs),
    failed: number(row.failed),
    ...(row.first_run === null ? {} : { firstRun: number(row.first_run) }),
  };
}

export function readPoints(prepare: Prepare, experiment: number): StoredPoint[] {
  const rows = prepare('SELECT * FROM point WHERE experiment_id = ? ORDER BY position').all(experiment) as Row[];
  return rows.map((row) => ({
    id: number(row.id),
    experiment: number(row.experiment_id),
    position: number(row.position),
    label: text(row.label),
    params: JSON.parse(text(row.params_json)),
  }));
}

export function readNotes(prepare: Prepare, experiment: number): Note[] {
  const rows = prepare('SELECT * FROM note WHERE experiment_id = ? ORDER BY id').all(experiment) as Row[];
  return rows.map((row) => ({
    text: text(row.text),
    createdAt: text(row.created_at),
    ...(row.run_id === null ? {} : { run: number(row.run_id) }),
  }));
}

const COLUMN_OF: Readonly<Record<keyof RunQuery, string>> = {
  experiment: 'point.experiment_id',
  position: 'point.position',
  seed: 'run.seed',
  status: 'run.status',
};

/** Runs that meet the query, ascending by id. */
export function readRunLines(prepare: Prepare, query: RunQuery = {}): RunLine[] {
  return selectRuns(prepare, query).map(runLineOf);
}

/** The same with their metrics, in two statements however many runs there are. */
export function readMeasuredRuns(prepare: Prepare, query: RunQuery = {}): MeasuredRun[] {
  const metrics = new Map<number, Record<string, number>>();
  const { condition, params } = conditionOf(query);
  const rows = prepare(
    `SELECT metric_row.run_id, word.text AS name, metric_row.value
     FROM run JOIN point ON point.id = run.point_id JOIN metric_row ON metric_row.run_id = run.id JOIN word ON word.id = name_id
     ${condition} ORDER BY metric_row.run_id, name_id`,
  ).all(...params) as Row[];
  for (const row of rows) {
    const own = metrics.get(number(row.run_id)) ?? {};
    own[text(row.name)] = number(row.value);
    metrics.set(number(row.run_id), own);
  }
  return readRunLines(prepare, query).map((run) => ({ ...run, metrics: metrics.get(run.id) ?? {} }));
}

function selectRuns(prepare: Prepare, query: RunQuery): Row[] {
  const { condition, params } = conditionOf(query);
  return prepare(`${RUNS} ${condition} ORDER BY run.id`).all(...params) as Row[];
}

function conditionOf(query: RunQuery): { condition: string; params: unknown[] } {
  const given = (Object.keys(COLUMN_OF) as (keyof RunQuery)[]).filter((key) => query[key] !== undefined);
  const condition = given.length === 0 ? '' : `WHERE ${given.map((key) => `${COLUMN_OF[key]} = ?`).join(' AND ')}`;
  return { condition, params: given.map((key) => query[key]) };
}

function runLineOf(row: Row): RunLine {
  return {
    id: number(row.id),
    experiment: number(row.experiment_id),
    point: number(row.point_id),
    position: number(row.position),
    label: text(row.label),
    seed: number(row.seed),
    replication: number(row.replication),
    status: row.status as 'done' | 'failed',
    stop: text(row.stop),
    trace: row.trace as TraceLevel,
    traceHash: text(row.trace_hash),
    wallMs: number(row.wall_ms),
    ...(row.error_code === null ? {} : { errorCode: text(row.error_code) }),
  };
}

/** A run with all its rows; undefined if there is none of that id. */
export function readStoredRun(prepare: Prepare, run: number): StoredRun | undefined {
  const row = prepare(`${RUNS} WHERE run.id = ?`).get(run) as Row | undefined;
  if (row === undefined) return undefined;
  return { ...runLineOf(row), params: JSON.parse(text(row.params_json)), outcome: resultOf(prepare, run, row) };
}

function resultOf(prepare: Prepare, run: number, row: Row): RunResult {
  const metrics = prepare('SELECT text AS name, value FROM metric_row JOIN word ON word.id = name_id WHERE run_id = ? ORDER BY name_id');
  return {
    status: row.status as 'done' | 'failed',
    stop: text(row.stop),
    traceHash: text(row.trace_hash),
    metrics: Object.fromEntries((metrics.all(run) as Row[]).map((one) => [text(one.name), number(one.value)])),
    parties: partiesOf(prepare, run),
    events: eventsOf(prepare, run),
    samples: samplesOf(prepare, run),
    ...(row.error_code === null ? {} : { error: errorOf(row) }),
    names: row.names_json === null ? {} : JSON.parse(text(row.names_json)),
    endMs: number(row.end_ms),
    executed: number(row.executed),
  };
}

function errorOf(row: Row): NonNullable<RunResult['error']> {
  return {
    code: text(row.error_code),
    message: text(row.error_message),
    event: number(row.error_event),
    atMs: number(row.error_at_ms),
    seed: number(row.seed),
  };
}

function partiesOf(prepare: Prepare, run: number): RunResult['parties'] {
  const rows = prepare(
    `SELECT role.text AS role, account.text AS account, asset.text AS asset, start_units, end_units, profit_usd
     FROM party_row JOIN word AS role ON role.id = role_id JOIN word AS account ON account.id = account_id
     JOIN word AS asset ON asset.id = asset_id WHERE run_id = ? ORDER BY line`,
  ).all(run) as Row[];
  return rows.map((row) => ({
    account: text(row.account),
    role: text(row.role),
    asset: text(row.asset),
    startUnits: number(row.start_units),
    endUnits: number(row.end_units),
    profitUsd: number(row.profit_usd),
  }));
}

function eventsOf(prepare: Prepare, run: number): RecordedEvent[] {
  const kinds = prepare('SELECT id, kind FROM event_kind').all() as { id: number; kind: EventKind }[];
  const names = new Map(kinds.map(({ id, kind }) => [id, kind]));
  const kindOf = (id: number) => names.get(id) as EventKind;
  const chunks = prepare('SELECT events_json FROM event_chunk WHERE run_id = ? ORDER BY line').all(run) as Row[];
  return unpackEvents(
    chunks.map((chunk) => text(chunk.events_json)),
    kindOf,
  );
}

function samplesOf(prepare: Prepare, run: number): RunResult['samples'] {
  const rows = prepare(
    'SELECT text AS probe, at_ms, value FROM sample_row JOIN word ON word.id = probe_id WHERE run_id = ? ORDER BY line',
  ).all(run) as Row[];
  return rows.map((row) => ({ probe: text(row.probe), at: number(row.at_ms), value: number(row.value) }));
}
