/** A stored experiment as a study again: from the data that was kept with it, not from the file, which may have changed since. */

import type { Registry } from '../agent/registry.ts';
import { loadAgents } from '../fleet/load-agents.ts';
import type { StoredExperiment } from '../record/store.ts';
import { isProblems } from '../scenario/load.ts';
import type { Problem } from '../scenario/problem.ts';
import { prepareStudy, type Study } from './prepare.ts';
import type { StoredSpec } from './run-study.ts';

export interface RestoredStudy {
  readonly study: Study;
  readonly registry: Registry;
  readonly agentFolders: readonly string[];
}

/** Prepares it anew; problems mean that what was valid then is not valid for the code of now. */
export async function restoreStudy(experiment: StoredExperiment): Promise<RestoredStudy | readonly Problem[]> {
  const { source, file, files, presets = {}, agentFolders } = experiment.spec as StoredSpec;
  const registry = await loadAgents(agentFolders);
  if (isProblems(registry)) return registry;
  // JSON is YAML; what it says of places is of no use, and nobody asks for it.
  const shelf = { names: Object.keys(presets), read: (name: string) => presets[name] };
  const study = await prepareStudy({ text: JSON.stringify(source), file, registry, readText: (path) => files[path], presets: shelf });
  return isProblems(study) ? study : { study, registry, agentFolders };
}
