/**
 * What a sweep of many runs keeps of each: its metrics, and parties summed by role, a few lines however many agents there are. All else
 * comes back by running the seed again.
 */
import { sumPartiesByRole } from './party-sum.ts';
import type { RunResult } from './store.ts';

/** The result without events and samples, its parties by role. */
export function summaryOf<R extends RunResult>(result: R): R {
  return { ...result, parties: sumPartiesByRole(result.parties), events: [], samples: [] };
}
