/**
 * Running a study into a store: jobs out to a fleet, finished runs back in batches, each whole or not there. What stood in the store
 * already is not run again when a study is resumed; so an interrupted study, resumed, leaves the rows of one that was not.
 */
import type { NamedText } from '../base/params.ts';
import type { Fleet, Job, JobResult } from '../fleet/fleet.ts';
import type { TraceLevel } from '../record/recorder.ts';
import { isStoreProblem, type RunRecord, type Store, type StoreProblem } from '../record/store.ts';
import type { Study } from './prepare.ts';

/** A study's place in a store. */
export interface StudySite {
  readonly store: Store;
  /** Ids of the study's points in the store, by position. */
  readonly points: readonly number[];
  readonly experiment: number;
}

export interface StudyOptions {
  readonly trace: TraceLevel;
  readonly checkEvery: number;
}

/** What a store keeps beside the words of the experiment, to make its runs again: see `restoreStudy`. */
export interface StoredSpec {
  readonly source: unknown;
  readonly file: string;
  readonly files: Readonly<Record<string, string>>;
  /** Records from before there were presets have none. */
  readonly presets?: Readonly<Record<string, NamedText>>;
  readonly agentFolders: readonly string[];
}

export interface StudyKeeping {
  readonly codeHash: string;
  readonly nodeVersion: string;
  readonly createdAt: string;
  readonly agentFolders: readonly string[];
}

/** Enters the study and its points into the store. */
export function enterStudy(study: Study, store: Store, keeping: StudyKeeping): StudySite | StoreProblem {
  const { head, specHash, file, files, presets, raw } = study;
  const { codeHash, nodeVersion, createdAt, agentFolders } = keeping;
  const spec: StoredSpec = { source: raw, file, files, presets, agentFolders };
  const { name, question } = head;
  const experiment = store.saveExperiment({ name, question, spec, specHash, codeHash, nodeVersion, createdAt });
  if (isStoreProblem(experiment)) return experiment;
  const points: number[] = [];
  for (const { index, label, params } of study.points) {
    const point = store.savePoint(experiment, { position: index, label, params });
    if (isStoreProblem(point)) return point;
    points.push(point);
  }
  return { store, points, experiment };
}

/** Every run of the study as a job, all points of one replication after the other: whoever stops early has something of each point. */
export function* jobsOf(study: Study, options: StudyOptions, isDone: (point: number, seed: number) => boolean): Generator<Job> {
  let id = 0;
  for (const [replication, seed] of study.seeds.entries()) {
    for (const { index } of study.points) {
      if (!isDone(index, seed)) yield { id, point: index, replication, seed, ...options };
      id += 1;
    }
  }
}

/** Runs written together: a transaction costs about as much as a hundred rows. */
const BATCH = 32;
/** And not later than this after they were finished, ms: what is finished should survive a power cut. */
const BATCH_MS = 500;

/**
 * Runs the jobs and saves what comes back. Ends when the fleet does, which is early if its signal is aborted; everything finished is saved.
 *
 * @param onResult  told of each result before it is saved; what it does changes nothing
 * @returns         how many runs gave another trace hash than the same scenario, seed and code gave before (0, unless SIM-1 is broken); or
 *                  the problem of the store that ended it
 */
export async function runStudy(
  site: StudySite,
  fleet: Fleet,
  jobs: Iterable<Job>,
  onResult: (result: JobResult) => void,
): Promise<number | StoreProblem> {
  let batch: RunRecord[] = [];
  let since = performance.now();
  let different = 0;
  const save = () => {
    const saved = batch.length === 0 ? [] : site.store.saveRuns(batch);
    batch = [];
    since = performance.now();
    if (isStoreProblem(saved)) return saved;
    different += saved.filter(({ before }) => before === 'different').length;
    return undefined;
  };
  for await (const result of fleet.run(jobs)) {
    onResult(result);
    batch.push(recordOf(site, result));
    if (batch.length < BATCH && performance.now() - since < BATCH_MS) continue;
    const problem = save();
    if (problem !== undefined) return problem;
  }
  return save() ?? different;
}

function recordOf({ points }: StudySite, { job, outcome, wallMs }: JobResult): RunRecord {
  const { point, seed, replication, trace } = job;
  return { point: points[point], seed, replication, trace, wallMs, outcome };
}
