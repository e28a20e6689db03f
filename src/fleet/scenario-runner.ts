/** The runner of real scenarios, in whatever thread: the points of an experiment by number, and the agents of its folders. */

import type { Registry } from '../agent/registry.ts';
import { summaryOf } from '../record/summary.ts';
import { runScenario } from '../run/run.ts';
import { isProblems } from '../scenario/load.ts';
import { formatProblem } from '../scenario/problem.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Runner } from './fleet.ts';
import { loadAgents } from './load-agents.ts';
import type { WorkerTask } from './worker.ts';

/** What every worker gets once. */
export interface RunnerData {
  readonly points: readonly Scenario[];
  readonly agentFolders: readonly string[];
  /** `summary`: of runs without a trace only metrics and sums by role are handed over, which is what a sweep keeps. Default `all`. */
  readonly keep?: 'all' | 'summary';
}

/** Runs scenarios with agents that are loaded already. */
export function scenarioRunner(points: readonly Scenario[], registry: Registry, keep: RunnerData['keep'] = 'all'): Runner {
  return (point, options) => {
    const outcome = runScenario(points[point], registry, options);
    return keep === 'summary' && options.trace === 'none' ? summaryOf(outcome) : outcome;
  };
}

/** The same in a worker: loads the agents first. Throws with all problems of the agents' files, one a line. */
export async function createRunner({ points, agentFolders, keep }: RunnerData): Promise<Runner> {
  const registry = await loadAgents(agentFolders);
  if (isProblems(registry)) throw new Error(registry.map(formatProblem).join('\n'));
  return scenarioRunner(points, registry, keep);
}

/** What a fleet of threads is given to run these points. */
export function scenarioTask(data: RunnerData): WorkerTask {
  return { module: import.meta.url, data };
}
