/**
 * The contract of a fleet: jobs in, outcomes out, as they finish. What a job answers depends on the job alone, never on who ran it or when
 * (SIM-3); the order of the answers may differ. A run that throws, and a worker that dies, are failed outcomes, not exceptions.
 */
import type { Outcome, RunOptions } from '../run/outcome.ts';

/** One run to make. */
export interface Job extends RunOptions {
  /** Unique among the jobs of a fleet's run. */
  readonly id: number;
  /** Position of the point in the design. */
  readonly point: number;
  readonly replication: number;
}

export interface JobResult {
  readonly job: Job;
  readonly outcome: Outcome;
  /** What the run took where it ran. */
  readonly wallMs: number;
}

export interface Fleet {
  /**
   * Runs the jobs and yields each result once. Draws jobs only as it needs them and never holds more than a few per worker, however many
   * there are. Ends early when the fleet's signal is aborted: what was finished is yielded, what was not is left out.
   */
  run(jobs: AsyncIterable<Job> | Iterable<Job>): AsyncIterable<JobResult>;
  close(): Promise<void>;
}

/** Makes the run of a point: all that a fleet knows of a simulator. */
export type Runner = (point: number, options: RunOptions) => Outcome;
