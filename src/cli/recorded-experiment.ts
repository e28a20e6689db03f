/** A recorded experiment by what somebody calls it: its number, its file, or its name, which may have been recorded several times. */
import { existsSync, readFileSync } from 'node:fs';
import { isStoreProblem, type Store, type StoredExperiment, type StoreProblem } from '../record/store.ts';
import { isProblems } from '../scenario/load.ts';
import { parseYaml } from '../scenario/place.ts';
import { showChoices } from '../scenario/problem.ts';

export interface Refused {
  readonly refused: string;
}

/** By id, or the last recorded of that name, or of the name in that file. */
export function findRecorded(store: Store, wanted: string): StoredExperiment | Refused | StoreProblem {
  const name = nameIn(wanted) ?? wanted;
  const experiments = store.listExperiments();
  if (isStoreProblem(experiments)) return experiments;
  const found = /^\d+$/.test(name) ? experiments.find(({ id }) => id === Number(name)) : experiments.findLast((one) => one.name === name);
  const names = [...new Set(experiments.map((one) => one.name))];
  return found ?? { refused: `no experiment "${name}" is recorded in ${store.file}; expected an id, or ${showChoices(name, names)}` };
}

/** The name of the experiment in a file; undefined where there is no such file, or no name in it. */
function nameIn(path: string): string | undefined {
  if (!/\.ya?ml$/.test(path) || !existsSync(path)) return undefined;
  const yaml = parseYaml(readFileSync(path, 'utf8'), path);
  const { name } = (isProblems(yaml) ? {} : (yaml.value ?? {})) as { name?: unknown };
  return typeof name === 'string' ? name : undefined;
}
