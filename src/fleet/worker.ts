/**
 * What runs in a worker thread: it makes the runner once, from the data that every worker gets at its start, and then runs lists of jobs.
 * It never fails to start: what is wrong with the runner becomes the outcome of the jobs.
 */
import { workerData } from 'node:worker_threads';
import { failedOutcome } from './failed-outcome.ts';
import type { Job, Runner } from './fleet.ts';
import { type PackedOutcome, packOutcome } from './packed-outcome.ts';
import { runJob } from './run-job.ts';

/** What a worker is told at its start. */
export interface WorkerTask {
  /** URL of a module whose `createRunner(data)` gives the runner, or a promise of it. */
  readonly module: string;
  readonly data: unknown;
}

/** Results in the order of the jobs. */
export type WorkerAnswer = readonly { readonly packed: PackedOutcome; readonly wallMs: number }[];

let runner: Promise<Runner> | undefined;

async function makeRunner({ module, data }: WorkerTask): Promise<Runner> {
  const { createRunner } = (await import(module)) as { createRunner: (data: unknown) => Runner | Promise<Runner> };
  return createRunner(data);
}

/** The task of the pool: runs the jobs one after the other. */
export default async function runJobs(jobs: readonly Job[]): Promise<WorkerAnswer> {
  runner ??= makeRunner((workerData as { task: WorkerTask }).task);
  try {
    const made = await runner;
    return jobs.map((job) => {
      const { outcome, wallMs } = runJob(made, job);
      return { packed: packOutcome(outcome), wallMs };
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return jobs.map((job) => ({ packed: packOutcome(failedOutcome(job, 'WORKER_UNPREPARED', message)), wallMs: 0 }));
  }
}
