/** The points of an experiment that comes with Breakwater, for tests and benchmarks that need real runs. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Registry } from '../../src/agent/registry.ts';
import { loadAgents } from '../../src/fleet/load-agents.ts';
import { isProblems, loadExperiment } from '../../src/scenario/load.ts';
import { formatProblem, type Problem } from '../../src/scenario/problem.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { expandDesign } from '../../src/study/design.ts';

export interface RealPoints {
  readonly registry: Registry;
  readonly points: readonly Scenario[];
}

/** @param name  e.g. `attack-cost-by-oracle` */
export async function realPoints(name: string): Promise<RealPoints> {
  const file = join(import.meta.dirname, '../../experiments', `${name}.yaml`);
  const registry = sound(await loadAgents());
  const readText = (path: string) => readFileSync(join(dirname(file), path), 'utf8');
  const experiment = sound(loadExperiment(readFileSync(file, 'utf8'), file, [], { registry, readText }));
  return { registry, points: expandDesign(experiment.head).map((point) => sound(experiment.resolve(point.overrides))) };
}

function sound<T>(answer: T): Exclude<T, readonly Problem[]> {
  if (isProblems(answer)) throw new Error(answer.map(formatProblem).join('\n'));
  return answer as Exclude<T, readonly Problem[]>;
}
