/** A fleet of one: runs in this thread, one after the other. For debugging, for a single run, and as the measure of the others. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Fleet, Runner } from './fleet.ts';
import { runJob } from './run-job.ts';

/** How long runs may keep the thread before signals and timers get their turn, ms. */
const TURN_MS = 20;

/** @param signal  when it is aborted, no further job is begun */
export function createInlineFleet(runner: Runner, signal?: AbortSignal): Fleet {
  return {
    async *run(jobs) {
      let since = performance.now();
      for await (const job of jobs) {
        if (signal?.aborted) return;
        yield runJob(runner, job);
        if (performance.now() - since < TURN_MS) continue;
        await turn();
        since = performance.now();
      }
    },
    close: () => Promise.resolve(),
  };
}
