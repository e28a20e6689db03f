/** A run of the record with its experiment and its scenario: what `why` and `replay` begin from. */
import type { Registry } from '../agent/registry.ts';
import { codeHash } from '../fleet/code-hash.ts';
import { isStoreProblem, type Store, type StoredExperiment, type StoredRun, type StoreProblem } from '../record/store.ts';
import { isProblems } from '../scenario/load.ts';
import type { Problem } from '../scenario/problem.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { restoreStudy } from '../study/restore-study.ts';

export interface RestoredRun {
  readonly stored: StoredRun;
  readonly experiment: StoredExperiment;
  readonly scenario: Scenario;
  readonly registry: Registry;
  /** Of the code that runs now. */
  readonly codeHash: string;
}

/** Reads a run and its experiment. */
export function readRun(store: Store, id: number): { stored: StoredRun; experiment: StoredExperiment } | StoreProblem {
  const stored = store.readRun(id);
  if (isStoreProblem(stored)) return stored;
  const experiments = store.listExperiments();
  if (isStoreProblem(experiments)) return experiments;
  const experiment = experiments.find((one) => one.id === stored.experiment) as StoredExperiment;
  return { stored, experiment };
}

/** The same, ready to be run again; problems where the code of now no longer takes the scenario. */
export async function restoreRun(store: Store, id: number): Promise<RestoredRun | StoreProblem | readonly Problem[]> {
  const read = readRun(store, id);
  if (isStoreProblem(read)) return read;
  const { stored, experiment } = read;
  const restored = await restoreStudy(experiment);
  if (isProblems(restored)) return restored;
  const { scenario } = restored.study.points[stored.position];
  return { stored, experiment, scenario, registry: restored.registry, codeHash: codeHash(restored.agentFolders) };
}
