/**
 * The contract of a store of runs: what goes in, what comes out, and what can be wrong with the file beneath it. A run is written whole or
 * not at all, and writing it again changes nothing. Knows no database; `sqlite.ts` is the one there is.
 */
import type { Ms, Units, Usd } from '../base/units.ts';
import type { RecordedSample } from './memory.ts';
import type { RecordedEvent, TraceLevel } from './recorder.ts';

/** The code of a run that was lost with its worker: nothing was learned about the scenario, so a resumed experiment runs it again. */
export const LOST_CODE = 'WORKER_LOST';

/** Names of the dense ids that the events of a run speak of, by what they name. */
export type RunNames = Readonly<Record<string, readonly string[] | readonly number[]>>;

/** What a run left, as far as the store cares: an `Outcome` fits. */
export interface RunResult {
  readonly status: 'done' | 'failed';
  readonly stop: string;
  readonly traceHash: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly parties: readonly {
    readonly account: string;
    readonly role: string;
    readonly asset: string;
    readonly startUnits: Units;
    readonly endUnits: Units;
    readonly profitUsd: Usd;
  }[];
  readonly events: readonly RecordedEvent[];
  readonly samples: readonly RecordedSample[];
  readonly error?: { readonly code: string; readonly message: string; readonly event: number; readonly atMs: Ms; readonly seed: number };
  readonly names: RunNames;
  readonly endMs: Ms;
  readonly executed: number;
}

/** What makes two experiments the same: the same question asked of the same code. */
export interface ExperimentKey {
  readonly specHash: string;
  readonly codeHash: string;
}

export interface ExperimentRecord extends ExperimentKey {
  readonly name: string;
  readonly question: string;
  /** The experiment file as data. */
  readonly spec: unknown;
  /** e.g. `v24.21.0`. */
  readonly nodeVersion: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

export interface PointRecord {
  /** Position in the enumeration of the design, from 0. */
  readonly position: number;
  readonly label: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface RunRecord {
  /** As `savePoint` answered. */
  readonly point: number;
  readonly seed: number;
  readonly replication: number;
  readonly trace: TraceLevel;
  readonly wallMs: number;
  readonly outcome: RunResult;
}

/**
 * Answer to a saved run. `before`: what stood there under the same key; `different` means that the same scenario, seed and code gave
 * another trace hash.
 */
export interface SavedRun {
  readonly run: number;
  readonly before: 'nothing' | 'same' | 'different';
}

export interface StoredExperiment extends ExperimentRecord {
  readonly id: number;
  readonly points: number;
  readonly runs: number;
  readonly failed: number;
  /** Number of its first run; absent without runs. */
  readonly firstRun?: number;
}

export interface StoredPoint extends PointRecord {
  readonly id: number;
  readonly experiment: number;
}

/** A run without its rows. */
export interface RunLine {
  readonly id: number;
  readonly experiment: number;
  readonly point: number;
  readonly position: number;
  readonly label: string;
  readonly seed: number;
  readonly replication: number;
  readonly status: 'done' | 'failed';
  readonly stop: string;
  readonly trace: TraceLevel;
  readonly traceHash: string;
  readonly wallMs: number;
  readonly errorCode?: string;
}

/** A run with its metrics: what statistics need. */
export interface MeasuredRun extends RunLine {
  readonly metrics: Readonly<Record<string, number>>;
}

/** Everything that is known about a run. `outcome.names` has only assets and decimals unless the run was traced. */
export interface StoredRun extends RunLine {
  readonly params: Readonly<Record<string, unknown>>;
  readonly outcome: RunResult;
}

/** Which runs: all that is given must hold. */
export interface RunQuery {
  readonly experiment?: number;
  readonly position?: number;
  readonly seed?: number;
  readonly status?: 'done' | 'failed';
}

export interface Note {
  readonly text: string;
  readonly run?: number;
  readonly createdAt: string;
}

/**
 * What is wrong with a store. locked: another process writes · read-only: nobody may write there · not-a-database · foreign: somebody
 * else's database · newer: written by a later version of this code · full: no room on the disk · missing: no such file, folder or row ·
 * broken: damaged, or an input/output error.
 */
export interface StoreProblem {
  readonly problem: 'locked' | 'read-only' | 'not-a-database' | 'foreign' | 'newer' | 'full' | 'missing' | 'broken';
  readonly file: string;
  /** A sentence for a person: what is wrong and what to do. */
  readonly message: string;
}

/** Whether an answer of the store is a problem. */
export function isStoreProblem(answer: unknown): answer is StoreProblem {
  return typeof answer === 'object' && answer !== null && 'problem' in answer && 'file' in answer;
}

export interface Store {
  readonly file: string;
  /** Adds the experiment, or finds the one with the same hashes; answers its id. */
  saveExperiment(experiment: ExperimentRecord): number | StoreProblem;
  /** Adds or updates a point; answers its id. */
  savePoint(experiment: number, point: PointRecord): number | StoreProblem;
  /** Writes one run whole, replacing what stood under (point, seed). */
  saveRun(run: RunRecord): SavedRun | StoreProblem;
  /** Many runs in one transaction: all or none. Cheaper where runs are short. */
  saveRuns(runs: readonly RunRecord[]): SavedRun[] | StoreProblem;
  saveNote(experiment: number, note: Note): number | StoreProblem;
  findExperiment(key: ExperimentKey): StoredExperiment | undefined | StoreProblem;
  listExperiments(): StoredExperiment[] | StoreProblem;
  listPoints(experiment: number): StoredPoint[] | StoreProblem;
  /** By id, ascending. */
  listRuns(query?: RunQuery): RunLine[] | StoreProblem;
  /** The same with metrics. */
  findRuns(query?: RunQuery): MeasuredRun[] | StoreProblem;
  readRun(run: number): StoredRun | StoreProblem;
  readNotes(experiment: number): Note[] | StoreProblem;
  /** Runs of the experiment that need not be run again: all but those lost with their worker. Empty for an unknown experiment. */
  finishedRuns(key: ExperimentKey): RunLine[] | StoreProblem;
  /** Gives the file back. Twice does no harm. */
  close(): void;
}
