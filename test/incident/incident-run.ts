/** A case of an incident, run with its facts, and what its attacker and its accounts did. */
import type { EventKind, RecordedEvent } from '../../src/record/recorder.ts';
import type { Outcome } from '../../src/run/outcome.ts';
import { runScenario } from '../../src/run/run.ts';
import { realPoints } from '../support/real-points.ts';

export interface IncidentRun {
  readonly outcome: Outcome;
  /** Facts of one kind whose actor is the attacker. */
  attackers(kind: EventKind): readonly RecordedEvent[];
  /** Tokens of an account at the end, less those at the start: wallet and claims. */
  change(account: string, asset: string): number;
}

/** Runs the case with laws checked. Throws where the run fails. */
export async function runIncident(name: string, label: string): Promise<IncidentRun> {
  const { registry, points, labels } = await realPoints(`incidents/${name}`);
  const outcome = runScenario(points[labels.indexOf(label)], registry, { seed: 1, trace: 'facts', checkEvery: 20 });
  if (outcome.error !== undefined) throw new Error(JSON.stringify(outcome.error));
  const { names, events, parties } = outcome;
  const attacker = names.accounts.indexOf('attacker/0');
  return {
    outcome,
    attackers: (kind) => events.filter((event) => event.kind === kind && event.actor === attacker),
    change: (account, asset) => {
      const line = parties.find((party) => party.account === account && party.asset === asset);
      return line === undefined ? 0 : (line.endUnits - line.startUnits) / 10 ** names.decimals[names.assets.indexOf(asset)];
    },
  };
}
