/**
 * The tables of a record, as data: a list of migrations, each of which brings a database from the version of its position to the next. Rows
 * hold numbers; words that return in every run are kept once, in `word`, and facts many to a row. People read the views `run_metric`,
 * `metric`, `party`, `event` and `sample`, which lay all that out again; `event_kind` says what the numbers of each kind of event mean.
 * Opening files and writing rows is `sqlite.ts`.
 */
import { CHUNK } from './event-chunk.ts';

/** 'BRKW' as an integer: how a record is told from somebody else's database (`PRAGMA application_id`). */
export const APPLICATION_ID = 0x42524b57;

const FIRST = `
CREATE TABLE experiment (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  question TEXT NOT NULL,
  spec_json TEXT NOT NULL,
  spec_hash TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  node_version TEXT NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (spec_hash, code_hash)
) STRICT;

CREATE TABLE point (
  id INTEGER PRIMARY KEY,
  experiment_id INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  label TEXT NOT NULL,
  params_json TEXT NOT NULL,
  UNIQUE (experiment_id, position)
) STRICT;

CREATE TABLE word (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE event_kind (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  point_id INTEGER NOT NULL REFERENCES point (id) ON DELETE CASCADE,
  seed INTEGER NOT NULL,
  replication INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('done', 'failed')),
  stop TEXT NOT NULL,
  trace TEXT NOT NULL,
  trace_hash TEXT NOT NULL,
  end_ms REAL NOT NULL,
  executed INTEGER NOT NULL,
  wall_ms REAL NOT NULL,
  error_code TEXT,
  error_message TEXT,
  error_event INTEGER,
  error_at_ms REAL,
  names_id INTEGER REFERENCES word (id),
  UNIQUE (point_id, seed)
) STRICT;

CREATE TABLE metric_row (
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  name_id INTEGER NOT NULL REFERENCES word (id),
  value REAL,
  PRIMARY KEY (run_id, name_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE party_row (
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  line INTEGER NOT NULL,
  role_id INTEGER NOT NULL REFERENCES word (id),
  account_id INTEGER NOT NULL REFERENCES word (id),
  asset_id INTEGER NOT NULL REFERENCES word (id),
  start_units REAL,
  end_units REAL,
  profit_usd REAL,
  PRIMARY KEY (run_id, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE event_row (
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  cause INTEGER NOT NULL,
  kind_id INTEGER NOT NULL,
  actor INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  a REAL,
  b REAL,
  c REAL,
  d REAL,
  PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE sample_row (
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  line INTEGER NOT NULL,
  probe_id INTEGER NOT NULL REFERENCES word (id),
  at_ms INTEGER NOT NULL,
  value REAL,
  PRIMARY KEY (run_id, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE note (
  id INTEGER PRIMARY KEY,
  experiment_id INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
  run_id INTEGER REFERENCES run (id) ON DELETE CASCADE,
  text TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE VIEW metric (run_id, name, value) AS
  SELECT run_id, word.text, value FROM metric_row JOIN word ON word.id = name_id;

CREATE VIEW party (run_id, role, account, asset, start_units, end_units, profit_usd) AS
  SELECT run_id, role.text, account.text, asset.text, start_units, end_units, profit_usd
  FROM party_row
  JOIN word AS role ON role.id = role_id
  JOIN word AS account ON account.id = account_id
  JOIN word AS asset ON asset.id = asset_id;

CREATE VIEW event (run_id, seq, at_ms, cause, kind, actor, actor_name, subject, a, b, c, d) AS
  SELECT run_id, seq, at_ms, cause, event_kind.name, actor,
    CASE WHEN actor < 0 THEN NULL ELSE json_extract(names.text, '$.accounts[' || actor || ']') END,
    subject, a, b, c, d
  FROM event_row
  JOIN run ON run.id = run_id
  JOIN event_kind ON event_kind.id = kind_id
  LEFT JOIN word AS names ON names.id = run.names_id;

CREATE VIEW sample (run_id, probe, at_ms, value) AS
  SELECT run_id, word.text, at_ms, value FROM sample_row JOIN word ON word.id = probe_id;
`;

/** What the numbers mean, beside the numbers; and the view that most questions are asked of. */
const MEANINGS = `
DROP VIEW event;
ALTER TABLE event_kind RENAME COLUMN name TO kind;
ALTER TABLE event_kind ADD COLUMN subject TEXT NOT NULL DEFAULT '';
ALTER TABLE event_kind ADD COLUMN a TEXT NOT NULL DEFAULT '';
ALTER TABLE event_kind ADD COLUMN b TEXT NOT NULL DEFAULT '';
ALTER TABLE event_kind ADD COLUMN c TEXT NOT NULL DEFAULT '';
ALTER TABLE event_kind ADD COLUMN d TEXT NOT NULL DEFAULT '';

CREATE VIEW event (run_id, seq, at_ms, cause, kind, actor, actor_name, subject, a, b, c, d) AS
  SELECT run_id, seq, at_ms, cause, event_kind.kind, actor,
    CASE WHEN actor < 0 THEN NULL ELSE json_extract(names.text, '$.accounts[' || actor || ']') END,
    event_row.subject, event_row.a, event_row.b, event_row.c, event_row.d
  FROM event_row
  JOIN run ON run.id = run_id
  JOIN event_kind ON event_kind.id = kind_id
  LEFT JOIN word AS names ON names.id = run.names_id;

CREATE VIEW run_metric (experiment_id, experiment, point, label, seed, run_id, name, value) AS
  SELECT experiment.id, experiment.name, point.position, point.label, run.seed, run.id, word.text, metric_row.value
  FROM experiment
  JOIN point ON point.experiment_id = experiment.id
  JOIN run ON run.point_id = point.id
  JOIN metric_row ON metric_row.run_id = run.id
  JOIN word ON word.id = metric_row.name_id;
`;

/** A real number in JSON with all its digits. */
const digits = (column: string) =>
  `CASE WHEN ${column} IS NULL THEN 'null' WHEN abs(${column}) = 9e999 THEN iif(${column} < 0, '-9e999', '9e999')
    ELSE printf('%!.17g', ${column}) END`;

/** Facts in chunks (`event-chunk.ts`), and the view that lays them out as rows again. */
const CHUNKS = `
DROP VIEW event;

CREATE TABLE event_chunk (
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  line INTEGER NOT NULL,
  events_json TEXT NOT NULL,
  PRIMARY KEY (run_id, line)
) STRICT;

INSERT INTO event_chunk (run_id, line, events_json)
  SELECT run_id, chunk, '[' || group_concat(
    '[' || seq || ',' || at_ms || ',' || cause || ',' || kind_id || ',' || actor || ',' || subject || ',' ||
    ${['a', 'b', 'c', 'd'].map(digits).join(` || ',' || `)} || ']', ',' ORDER BY seq) || ']'
  FROM (SELECT *, (row_number() OVER (PARTITION BY run_id ORDER BY seq) - 1) / ${CHUNK} AS chunk FROM event_row)
  GROUP BY run_id, chunk;

DROP TABLE event_row;

CREATE VIEW event (run_id, seq, at_ms, cause, kind, actor, actor_name, subject, a, b, c, d) AS
  SELECT run_id, fact.value ->> 0, fact.value ->> 1, fact.value ->> 2, event_kind.kind, fact.value ->> 4,
    CASE WHEN fact.value ->> 4 < 0 THEN NULL ELSE json_extract(names.text, '$.accounts[' || (fact.value ->> 4) || ']') END,
    fact.value ->> 5, fact.value ->> 6, fact.value ->> 7, fact.value ->> 8, fact.value ->> 9
  FROM event_chunk
  JOIN json_each(event_chunk.events_json) AS fact
  JOIN run ON run.id = run_id
  JOIN event_kind ON event_kind.id = fact.value ->> 3
  LEFT JOIN word AS names ON names.id = run.names_id;
`;

/** Never change an entry that was released: add one. */
export const MIGRATIONS: readonly string[] = [FIRST, MEANINGS, CHUNKS];

/** The version of a database that this code writes (`PRAGMA user_version`). */
export const SCHEMA_VERSION = MIGRATIONS.length;

/** The tables whose rows belong to one run and go when it is replaced; `run` itself is not among them. */
export const RUN_TABLES = ['metric_row', 'party_row', 'event_chunk', 'sample_row'] as const;
