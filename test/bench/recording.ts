/**
 * What recording costs: rows of a full trace into SQLite (goal 0.8 M/s), and facts into memory beside a fixed amount of work such as an event
 * of the simulator does.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KIND_NAMES } from '../../src/record/memory.ts';
import type { RecordedEvent } from '../../src/record/recorder.ts';
import { openStore } from '../../src/record/sqlite.ts';
import { isStoreProblem, type Store } from '../../src/record/store.ts';
import { atLeast, type BenchRow, interleave, speedRow } from './harness.ts';

const ROWS = 200_000;

/** Facts as a busy market leaves them: ids small, prices and amounts with fractions. */
function facts(count: number): RecordedEvent[] {
  return Array.from({ length: count }, (_, i) => ({
    seq: i + 1,
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

/** Rows per second of CPU into a file, transaction and checkpoint included. */
function traceRows(): BenchRow[] {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-bench-'));
  const events = facts(ROWS);
  const { store, point } = openedAt(join(folder, 'trace.db'));
  let seed = 0;
  const { sqlite } = interleave({
    sqlite: () => {
      seed += 1;
      const saved = store.saveRun({
        point,
        seed,
        replication: seed,
        trace: 'full',
        wallMs: 0,
        outcome: {
          status: 'done',
          stop: 'horizon',
          traceHash: 'hash',
          metrics: {},
          parties: [],
          events,
          samples: [],
          names: {},
          endMs: 0,
          executed: ROWS,
        },
      });
      if (isStoreProblem(saved)) throw new Error(saved.message);
      return ROWS;
    },
  });
  store.close();
  rmSync(folder, { recursive: true });
  return [atLeast(speedRow('full trace into SQLite, rows', sqlite), 0.8)];
}

export function recordingBench(): BenchRow[] {
  return [...traceRows()];
}
