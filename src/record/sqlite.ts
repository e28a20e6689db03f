/**
 * The door for better-sqlite3: the store of runs as one SQLite file (WAL, one writer). Opened by fleet, study and cli only, never by what
 * is simulated. Everything that can be wrong with a file is an answer; only our own mistakes throw.
 */
import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Database, { type Database as Connection } from 'better-sqlite3';
import { KIND_NAMES } from './memory.ts';
import type { Prepare, Sql } from './prepare.ts';
import { readExperiment, readExperiments, readMeasuredRuns, readNotes, readPoints, readRunLines, readStoredRun } from './run-reading.ts';
import { createRunWriter, writeKind } from './run-writing.ts';
import { APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION } from './schema.ts';
import { LOST_CODE, type Store, type StoreProblem } from './store.ts';
import { problemOf, storeProblem } from './store-problem.ts';

export interface OpenOptions {
  /** The file must exist and is not touched. */
  readonly readonly?: boolean;
  /** How long to wait for another writer, ms. Default 5 000. */
  readonly busyMs?: number;
  /** A quota: beyond this the disk counts as full. Default none. */
  readonly bytesMax?: number;
}

const BUSY_MS = 5_000;

/**
 * Opens a record, making it where there is none.
 *
 * @param file  path; its folder must exist. `:memory:` keeps nothing
 */
export function openStore(file: string, options: OpenOptions = {}): Store | StoreProblem {
  const readonly = options.readonly ?? false;
  const missing = missingAt(file, readonly);
  if (missing !== undefined) return missing;
  let connection: Connection | undefined;
  try {
    connection = new Database(file, { readonly, timeout: options.busyMs ?? BUSY_MS });
    const problem = prepareFile(connection, file, readonly, options.bytesMax);
    if (problem === undefined) return createStore(connection, file);
    connection.close();
    return problem;
  } catch (error) {
    connection?.close();
    return problemOf(error, file);
  }
}

function missingAt(file: string, readonly: boolean): StoreProblem | undefined {
  if (file === ':memory:') return undefined;
  if (!existsSync(file)) {
    if (readonly) return storeProblem('missing', file, 'does not exist; `breakwater run … --db FILE` makes one');
    if (!existsSync(dirname(resolve(file)))) return storeProblem('missing', file, 'cannot be made: there is no such folder');
  } else if (statSync(file).isDirectory()) return storeProblem('not-a-database', file, 'is a folder, not an SQLite database');
  return undefined;
}

/** Recognises the file, and brings it to our version. Nothing is written before we know that it is ours. */
function prepareFile(connection: Connection, file: string, readonly: boolean, bytesMax: number | undefined): StoreProblem | undefined {
  const pragma = (name: string) => connection.pragma(name, { simple: true }) as number;
  const owner = pragma('application_id');
  const version = pragma('user_version');
  const tables = (connection.prepare('SELECT count(*) AS n FROM sqlite_schema').get() as { n: number }).n;
  const fresh = owner === 0 && version === 0 && tables === 0;
  if (!fresh && owner !== APPLICATION_ID) {
    return storeProblem(
      'foreign',
      file,
      'is an SQLite database of another program; nothing was written to it. Choose another file with --db',
    );
  }
  if (version > SCHEMA_VERSION) {
    const versions = `version ${version}, and this one knows ${SCHEMA_VERSION}`;
    return storeProblem(
      'newer',
      file,
      `was written by a later Breakwater (${versions}); use that one, or record into another file with --db`,
    );
  }
  if (readonly) {
    if (fresh) return storeProblem('foreign', file, 'is an empty database: nothing was recorded into it');
    return version < SCHEMA_VERSION
      ? storeProblem('read-only', file, 'has an older version and must be opened for writing once')
      : undefined;
  }
  connection.pragma('foreign_keys = ON');
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = NORMAL');
  if (bytesMax !== undefined) connection.pragma(`max_page_count = ${Math.max(1, Math.floor(bytesMax / pragma('page_size')))}`);
  if (version < SCHEMA_VERSION) migrate(connection);
  return undefined;
}

function migrate(connection: Connection): void {
  connection
    .transaction(() => {
      // Another process may have come first while we waited for the lock.
      const from = connection.pragma('user_version', { simple: true }) as number;
      for (const migration of MIGRATIONS.slice(from)) connection.exec(migration);
      const prepare: Prepare = (text) => connection.prepare(text) as unknown as Sql;
      for (const kind of KIND_NAMES) writeKind(prepare, kind);
      connection.pragma(`application_id = ${APPLICATION_ID}`);
      connection.pragma(`user_version = ${SCHEMA_VERSION}`);
    })
    .immediate();
}

function createStore(connection: Connection, file: string): Store {
  const statements = new Map<string, Sql>();
  const prepare: Prepare = (text) => {
    const known = statements.get(text);
    if (known !== undefined) return known;
    const made = connection.prepare(text) as unknown as Sql;
    statements.set(text, made);
    return made;
  };
  const writer = createRunWriter(prepare);

  function read<T>(body: () => T): T | StoreProblem {
    try {
      return body();
    } catch (error) {
      return problemOf(error, file);
    }
  }

  /** All of `body` or nothing of it. */
  function write<T>(body: () => T): T | StoreProblem {
    try {
      return connection.transaction(body).immediate();
    } catch (error) {
      writer.forget();
      return problemOf(error, file);
    }
  }

  const idOf = (text: string, ...params: unknown[]) => (prepare(text).get(...params) as { id: number }).id;

  return {
    file,
    saveExperiment: ({ name, question, spec, specHash, codeHash, nodeVersion, createdAt }) =>
      write(() =>
        idOf(
          `INSERT INTO experiment (name, question, spec_json, spec_hash, code_hash, node_version, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (spec_hash, code_hash) DO UPDATE SET name = excluded.name, question = excluded.question RETURNING id`,
          ...[name, question, JSON.stringify(spec), specHash, codeHash, nodeVersion, createdAt],
        ),
      ),
    savePoint: (experiment, { position, label, params }) =>
      write(() =>
        idOf(
          `INSERT INTO point (experiment_id, position, label, params_json) VALUES (?, ?, ?, ?)
           ON CONFLICT (experiment_id, position) DO UPDATE SET label = excluded.label, params_json = excluded.params_json RETURNING id`,
          ...[experiment, position, label, JSON.stringify(params)],
        ),
      ),
    saveRun: (run) => write(() => writer.write(run)),
    saveRuns: (runs) => write(() => runs.map((run) => writer.write(run))),
    saveNote: (experiment, { text, run, createdAt }) =>
      write(() =>
        idOf(
          'INSERT INTO note (experiment_id, run_id, text, created_at) VALUES (?, ?, ?, ?) RETURNING id',
          ...[experiment, run ?? null, text, createdAt],
        ),
      ),
    findExperiment: ({ specHash, codeHash }) => read(() => readExperiment(prepare, specHash, codeHash)),
    listExperiments: () => read(() => readExperiments(prepare)),
    listPoints: (experiment) => read(() => readPoints(prepare, experiment)),
    listRuns: (query) => read(() => readRunLines(prepare, query)),
    findRuns: (query) => read(() => readMeasuredRuns(prepare, query)),
    readRun: (run) =>
      read(
        () => readStoredRun(prepare, run) ?? storeProblem('missing', file, `has no run ${run}; \`breakwater list\` shows which there are`),
      ),
    readNotes: (experiment) => read(() => readNotes(prepare, experiment)),
    finishedRuns: ({ specHash, codeHash }) =>
      read(() => {
        const experiment = readExperiment(prepare, specHash, codeHash);
        if (experiment === undefined) return [];
        return readRunLines(prepare, { experiment: experiment.id }).filter((run) => run.errorCode !== LOST_CODE);
      }),
    close() {
      connection.close();
    },
  };
}
