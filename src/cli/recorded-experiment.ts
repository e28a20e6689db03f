/** A recorded experiment by what somebody calls it: its number, or its name, which may have been recorded several times. */
import { isStoreProblem, type Store, type StoredExperiment, type StoreProblem } from '../record/store.ts';
import { showChoices } from '../scenario/problem.ts';

export interface Refused {
  readonly refused: string;
}

/** By id, or the last recorded of that name. */
export function findRecorded(store: Store, name: string): StoredExperiment | Refused | StoreProblem {
  const experiments = store.listExperiments();
  if (isStoreProblem(experiments)) return experiments;
  const found = /^\d+$/.test(name) ? experiments.find(({ id }) => id === Number(name)) : experiments.findLast((one) => one.name === name);
  const names = [...new Set(experiments.map((one) => one.name))];
  return found ?? { refused: `no experiment "${name}" is recorded in ${store.file}; expected an id, or ${showChoices(name, names)}` };
}
