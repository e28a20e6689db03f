/** Making one run and timing it: what every fleet does with a job, in whatever thread. */
import { isFault } from '../base/fault.ts';
import { failedOutcome } from './failed-outcome.ts';
import type { Job, JobResult, Runner } from './fleet.ts';

/** Never throws: what the runner throws becomes a failed outcome. */
export function runJob(runner: Runner, job: Job): JobResult {
  const { seed, trace, checkEvery } = job;
  const start = performance.now();
  const outcome = attempt(() => runner(job.point, { seed, trace, checkEvery }));
  return { job, outcome, wallMs: performance.now() - start };

  function attempt(body: () => JobResult['outcome']): JobResult['outcome'] {
    try {
      return body();
    } catch (error) {
      const code = isFault(error) ? error.code : 'RUN_THREW';
      return failedOutcome(job, code, error instanceof Error ? error.message : String(error));
    }
  }
}
