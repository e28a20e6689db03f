/**
 * Writing runs as rows, inside a transaction that is the caller's business. Words that return (metrics, accounts, assets) are written once
 * and kept by number.
 */
import { CHUNK, packEvents } from './event-chunk.ts';
import { insertRows, type Prepare } from './prepare.ts';
import { EVENT_KINDS, type EventKind } from './recorder.ts';
import { RUN_TABLES } from './schema.ts';
import type { RunRecord, SavedRun } from './store.ts';

export interface RunWriter {
  write(run: RunRecord): SavedRun;
  /** After a rollback: numbers of words that were given meanwhile are void. */
  forget(): void;
}

const UPSERT = `
  INSERT INTO run (point_id, seed, replication, status, stop, trace, trace_hash, end_ms, executed, wall_ms,
    error_code, error_message, error_event, error_at_ms, names_id)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (point_id, seed) DO UPDATE SET replication = excluded.replication, status = excluded.status, stop = excluded.stop,
    trace = excluded.trace, trace_hash = excluded.trace_hash, end_ms = excluded.end_ms, executed = excluded.executed,
    wall_ms = excluded.wall_ms, error_code = excluded.error_code, error_message = excluded.error_message,
    error_event = excluded.error_event, error_at_ms = excluded.error_at_ms, names_id = excluded.names_id
  RETURNING id`;

/** Enters a kind of event with what its numbers mean, or renews that. */
export function writeKind(prepare: Prepare, kind: EventKind): void {
  const { subject, a, b, c, d } = EVENT_KINDS[kind];
  prepare(
    `INSERT INTO event_kind (kind, subject, a, b, c, d) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (kind) DO UPDATE SET subject = excluded.subject, a = excluded.a, b = excluded.b, c = excluded.c, d = excluded.d`,
  ).run(kind, subject, a, b, c, d);
}

/** All names where there are events that speak of them; else those of the assets and their decimals, which the final account needs. */
function namesOf({ events, names }: RunRecord['outcome']): string | undefined {
  if (events.length > 0) return JSON.stringify(names);
  const { assets, decimals } = names;
  return assets === undefined || assets.length === 0 ? undefined : JSON.stringify({ assets, decimals });
}

export function createRunWriter(prepare: Prepare): RunWriter {
  const words = new Map<string, number>();
  const kinds = new Map<EventKind, number>();

  function word(text: string): number {
    const known = words.get(text);
    if (known !== undefined) return known;
    prepare('INSERT OR IGNORE INTO word (text) VALUES (?)').run(text);
    const { id } = prepare('SELECT id FROM word WHERE text = ?').get(text) as { id: number };
    words.set(text, id);
    return id;
  }

  /** Kinds are numbered by the database, not by the vocabulary, so that a kind more does not rename those that were written. */
  function kind(name: EventKind): number {
    const known = kinds.get(name);
    if (known !== undefined) return known;
    writeKind(prepare, name);
    const { id } = prepare('SELECT id FROM event_kind WHERE kind = ?').get(name) as { id: number };
    kinds.set(name, id);
    return id;
  }

  function standing({ point, seed, outcome }: RunRecord): SavedRun['before'] {
    const row = prepare('SELECT id, status, trace_hash FROM run WHERE point_id = ? AND seed = ?').get(point, seed) as
      | { id: number; status: string; trace_hash: string }
      | undefined;
    if (row === undefined) return 'nothing';
    for (const table of RUN_TABLES) prepare(`DELETE FROM ${table} WHERE run_id = ?`).run(row.id);
    const bothDone = row.status === 'done' && outcome.status === 'done';
    return bothDone && row.trace_hash !== outcome.traceHash ? 'different' : 'same';
  }

  return {
    write(record) {
      const { outcome } = record;
      const before = standing(record);
      const names = namesOf(outcome);
      const { error } = outcome;
      const { id } = prepare(UPSERT).get(
        record.point,
        record.seed,
        record.replication,
        outcome.status,
        outcome.stop,
        record.trace,
        outcome.traceHash,
        outcome.endMs,
        outcome.executed,
        record.wallMs,
        error?.code ?? null,
        error?.message ?? null,
        error?.event ?? null,
        error?.atMs ?? null,
        names === undefined ? null : word(names),
      ) as { id: number };
      writeMetrics(id, outcome.metrics);
      writeParties(id, outcome.parties);
      writeEvents(id, outcome.events);
      writeSamples(id, outcome.samples);
      return { run: id, before };
    },
    forget() {
      words.clear();
      kinds.clear();
    },
  };

  function writeMetrics(run: number, metrics: RunRecord['outcome']['metrics']): void {
    const names = Object.keys(metrics);
    insertRows(prepare, 'metric_row', 3, names.length, (i, values, o) => {
      values[o] = run;
      values[o + 1] = word(names[i]);
      values[o + 2] = metrics[names[i]];
    });
  }

  function writeParties(run: number, parties: RunRecord['outcome']['parties']): void {
    insertRows(prepare, 'party_row', 8, parties.length, (i, values, o) => {
      const line = parties[i];
      values[o] = run;
      values[o + 1] = i;
      values[o + 2] = word(line.role);
      values[o + 3] = word(line.account);
      values[o + 4] = word(line.asset);
      values[o + 5] = line.startUnits;
      values[o + 6] = line.endUnits;
      values[o + 7] = line.profitUsd;
    });
  }

  function writeEvents(run: number, events: RunRecord['outcome']['events']): void {
    const insert = prepare('INSERT INTO event_chunk (run_id, line, events_json) VALUES (?, ?, ?)');
    for (let from = 0; from < events.length; from += CHUNK) insert.run(run, from / CHUNK, packEvents(events, from, kind));
  }

  function writeSamples(run: number, samples: RunRecord['outcome']['samples']): void {
    insertRows(prepare, 'sample_row', 5, samples.length, (i, values, o) => {
      const sample = samples[i];
      values[o] = run;
      values[o + 1] = i;
      values[o + 2] = word(sample.probe);
      values[o + 3] = sample.at;
      values[o + 4] = sample.value;
    });
  }
}
