/**
 * From what was typed to a study that is ready to run: finds the experiment's file and its agents, reads overrides, prepares. Everything
 * that can be wrong with an input comes back as problems.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Registry } from '../agent/registry.ts';
import { loadAgents, OWN_AGENTS } from '../fleet/load-agents.ts';
import { presetsFor } from '../fleet/preset-folders.ts';
import { isProblems, type Override } from '../scenario/load.ts';
import { parseYaml } from '../scenario/place.ts';
import { type Problem, showChoices } from '../scenario/problem.ts';
import { prepareStudy, type Study } from '../study/prepare.ts';
import { experimentFiles } from './experiment-files.ts';

export interface StudyRequest {
  /** A path, or the name of a file in an `experiments` folder. */
  readonly experiment: string;
  readonly seed?: number | undefined;
  readonly runs?: number | undefined;
  /** `PATH=VALUE`, the value in YAML. */
  readonly set?: readonly string[] | undefined;
  readonly agents?: readonly string[] | undefined;
}

export interface OpenedStudy {
  readonly study: Study;
  readonly registry: Registry;
  readonly agentFolders: readonly string[];
}

/** The experiments that come with Breakwater. */
export const OWN_EXPERIMENTS = fileURLToPath(new URL('../../experiments/', import.meta.url));

export async function openStudy(request: StudyRequest): Promise<OpenedStudy | readonly Problem[]> {
  const file = findExperiment(request.experiment);
  if (typeof file !== 'string') return [file];
  const shown = relative('', file).startsWith('..') ? file : relative('', file);
  const folder = dirname(file);
  const agentFolders = agentFoldersFor(folder, request.agents ?? []);
  const registry = await loadAgents(agentFolders);
  const sets = parseSets(request.set ?? []);
  const early = [...(isProblems(registry) ? registry : []), ...sets.problems];
  if (isProblems(registry) || early.length > 0) return early;
  const typed = new Set(sets.overrides.map(({ value }) => value));
  const study = await prepareStudy({
    text: readFileSync(file, 'utf8'),
    file: shown,
    sets: sets.overrides,
    registry,
    // What was typed is relative to where it was typed.
    readText: (path) => textAt(resolve(typed.has(path) ? '' : folder, path)),
    presets: presetsFor(folder),
    ...(request.seed === undefined ? {} : { seed: request.seed }),
    ...(request.runs === undefined ? {} : { replications: request.runs }),
  });
  return isProblems(study) ? study : { study, registry, agentFolders };
}

/** Folders of agents: ours, those beside the experiment, those that were named. */
export function agentFoldersFor(folder: string, named: readonly string[]): readonly string[] {
  const beside = join(folder, 'agents');
  const own = resolve(OWN_AGENTS);
  const all = [own, ...(existsSync(beside) ? [resolve(beside)] : []), ...named.map((path) => resolve(path))];
  return [...new Set(all)];
}

/** The path of an experiment, or why there is none. */
export function findExperiment(name: string): string | Problem {
  const candidates = [
    name,
    ...['experiments', OWN_EXPERIMENTS].flatMap((folder) =>
      ['', 'incidents', 'lessons'].flatMap((sub) => ['', '.yaml', '.yml'].map((ending) => join(folder, sub, `${name}${ending}`))),
    ),
  ];
  const found = candidates.find((path) => existsSync(path) && statSync(path).isFile());
  if (found !== undefined) return resolve(found);
  const known = experimentFiles(['experiments', OWN_EXPERIMENTS]).map((path) => basename(path).replace(/\.ya?ml$/, ''));
  const said = basename(name).replace(/\.ya?ml$/, '');
  return {
    file: name,
    line: 0,
    column: 0,
    path: '',
    found: 'no such file',
    expected: `an experiment: a path, or ${showChoices(said, known)}`,
  };
}

function textAt(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** `PATH=VALUE` with a value in YAML: `30 min`, `0.5`, `[1, 2]`, `{ uniform: [1, 2] }`. */
export function parseSets(sets: readonly string[]): { readonly overrides: readonly Override[]; readonly problems: readonly Problem[] } {
  const overrides: Override[] = [];
  const problems: Problem[] = [];
  for (const set of sets) {
    const cut = set.indexOf('=');
    const refuse = (found: string, expected: string) =>
      problems.push({ file: `--set ${set}`, line: 0, column: 0, path: '', found, expected });
    if (cut < 1) {
      refuse('no =', 'PATH=VALUE, such as world.oracles.inv.with.window="30 min"');
      continue;
    }
    const yaml = parseYaml(set.slice(cut + 1), '--set');
    if (isProblems(yaml)) refuse(yaml[0].found, 'a value in YAML');
    else overrides.push({ path: set.slice(0, cut).trim(), value: yaml.value });
  }
  return { overrides, problems };
}
