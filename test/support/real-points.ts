/** The points of an experiment that comes with Breakwater, for tests and benchmarks that need real runs. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Registry } from '../../src/agent/registry.ts';
import { loadAgents } from '../../src/fleet/load-agents.ts';
import { presetsFor } from '../../src/fleet/preset-folders.ts';
import { parseExpression } from '../../src/formula/parse.ts';
import { isProblems, loadExperiment } from '../../src/scenario/load.ts';
import { formatProblem, type Problem } from '../../src/scenario/problem.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { expandDesign } from '../../src/study/design.ts';

export interface RealPoints {
  readonly registry: Registry;
  readonly points: readonly Scenario[];
  /** By point; empty where there is but one. */
  readonly labels: readonly string[];
}

/** @param name  e.g. `attack-cost-by-oracle`, `incidents/bzx-2020` */
export async function realPoints(name: string): Promise<RealPoints> {
  const file = join(import.meta.dirname, '../../experiments', `${name}.yaml`);
  const registry = sound(await loadAgents());
  const readText = (path: string) => readFileSync(join(dirname(file), path), 'utf8');
  const context = { registry, readText, presets: presetsFor(dirname(file)), parseFormula: parseExpression };
  const experiment = sound(loadExperiment(readFileSync(file, 'utf8'), file, [], context));
  const design = expandDesign(experiment.head);
  return {
    registry,
    points: design.map((point) => sound(experiment.resolve(point.overrides))),
    labels: design.map(({ label }) => label),
  };
}

/** Names of all experiments, those in folders too; presets are parts of experiments and are none. */
export function experimentNames(): readonly string[] {
  const folder = join(import.meta.dirname, '../../experiments');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ya?ml$/.test(file) && !file.startsWith('presets'))
    .map((file) => file.replace(/\.ya?ml$/, '').replaceAll('\\', '/'))
    .sort((a, b) => (a < b ? -1 : 1));
}

function sound<T>(answer: T): Exclude<T, readonly Problem[]> {
  if (isProblems(answer)) throw new Error(answer.map(formatProblem).join('\n'));
  return answer as Exclude<T, readonly Problem[]>;
}
