/**
 * The door for code: define agents, load an experiment from a file or a text, run one point or all of it, and summarise. What is behind
 * this door may change; what is in it is kept.
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { AgentPart } from './agent/agent.ts';
import { createRegistry, type Registry } from './agent/registry.ts';
import { loadAgents, OWN_AGENTS } from './fleet/load-agents.ts';
import { presetsFor } from './fleet/preset-folders.ts';
import type { Outcome } from './run/outcome.ts';
import { runScenario } from './run/run.ts';
import { isProblems, type Override } from './scenario/load.ts';
import { parseYaml } from './scenario/place.ts';
import { formatProblem, type Problem } from './scenario/problem.ts';
import { prepareStudy, type Study } from './study/prepare.ts';
import { type PointSummary, summarise } from './study/replicate.ts';

export * from './agent/index.ts';
export { type Estimate, pairedInterval, quantile, studentInterval, wilsonInterval } from './base/statistics.ts';
export type { Outcome, PartyLine } from './run/outcome.ts';
export { compareRuns } from './study/compare.ts';
export { fitImpact, type ImpactQuote } from './study/impact-fit.ts';
export { summarise } from './study/replicate.ts';

export interface LoadOptions {
  /** Kinds of agents beside those that come with Breakwater. */
  readonly agents?: readonly unknown[];
  /** Folders of agents beside them. */
  readonly agentFolders?: readonly string[];
  /** Groups of agents that join those of the file: `{ use: 'whale', params: { venue: 'pool' }, wallet: { ETH: 5000 } }`. */
  readonly join?: readonly Readonly<Record<string, unknown>>[];
  /** Values by path, put over the file: `{ 'world.venues.pool.with.fee': 0.01 }`. */
  readonly set?: Readonly<Record<string, unknown>>;
  readonly seed?: number;
  readonly replications?: number;
}

/** An experiment that was found sound. */
export interface LoadedExperiment {
  readonly name: string;
  readonly question: string;
  /** Labels of its points, in the order of the design; one empty label where there is one point. */
  readonly labels: readonly string[];
  /** Seeds of the replications. */
  readonly seeds: readonly number[];
  /** One run, in this thread. `point` is a label or a position; both have defaults: the first. */
  runOne(point?: string | number, seed?: number, trace?: 'none' | 'facts' | 'full'): Outcome;
  /** All points and seeds, in this thread: summaries and outcomes by label. */
  runAll(): readonly { readonly label: string; readonly summary: PointSummary; readonly outcomes: readonly Outcome[] }[];
}

/**
 * Loads an experiment from the path of a YAML file, or from its text (anything with a line break).
 *
 * @throws  Error  whose message has every mistake of the file on a line of its own, with file, line and column
 */
export async function loadExperiment(source: string, options: LoadOptions = {}): Promise<LoadedExperiment> {
  const isText = source.includes('\n');
  const file = isText ? 'experiment' : source;
  const folder = isText ? '.' : dirname(resolve(source));
  const registry = await registryOf(options);
  const text = isText ? source : readFileSync(source, 'utf8');
  const study = sound(
    await prepareStudy({
      text,
      file,
      registry,
      sets: [...joined(text, file, options.join), ...Object.entries(options.set ?? {}).map(([path, value]) => ({ path, value }))],
      readText: (path) => textAt(resolve(folder, path)),
      presets: presetsFor(folder),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...(options.replications === undefined ? {} : { replications: options.replications }),
    }),
  );
  return runnable(study, registry);
}

/** The file's list of agents with those who join it, as an override. */
function joined(text: string, file: string, groups: LoadOptions['join'] = []): readonly Override[] {
  if (groups.length === 0) return [];
  const { agents } = sound(parseYaml(text, file)).value as { readonly agents?: readonly unknown[] };
  return [{ path: 'agents', value: [...(agents ?? []), ...groups] }];
}

async function registryOf({ agents = [], agentFolders = [] }: LoadOptions): Promise<Registry> {
  const found = sound(await loadAgents([OWN_AGENTS, ...agentFolders]));
  return createRegistry([...found.values(), ...agents].map((part) => ({ file: `${(part as Partial<AgentPart>).name ?? 'agent'}`, part })));
}

function sound<T>(answer: T | readonly Problem[]): T {
  if (isProblems(answer)) throw new Error(answer.map(formatProblem).join('\n'));
  return answer as T;
}

function runnable({ head, points, seeds }: Study, registry: Registry): LoadedExperiment {
  const labels = points.map(({ label }) => label);
  const positionOf = (point: string | number) => {
    const position = typeof point === 'number' ? point : labels.indexOf(point);
    if (points[position] === undefined) throw new Error(`no point ${JSON.stringify(point)}; there are ${JSON.stringify(labels)}`);
    return position;
  };
  const runOne: LoadedExperiment['runOne'] = (point = 0, seed = seeds[0], trace = 'none') =>
    runScenario(points[positionOf(point)].scenario, registry, { seed, trace, checkEvery: 0 });
  return {
    name: head.name,
    question: head.question,
    labels,
    seeds,
    runOne,
    runAll: () =>
      labels.map((label, position) => {
        const outcomes = seeds.map((seed) => runOne(position, seed));
        return { label, summary: summarise(outcomes), outcomes };
      }),
  };
}

function textAt(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
