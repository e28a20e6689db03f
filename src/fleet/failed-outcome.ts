/** The outcome of a job that gave none: the run threw outside the simulation, or its worker died. */
import type { Outcome } from '../run/outcome.ts';
import type { Job } from './fleet.ts';

/** Empty but for its error. */
export function failedOutcome({ seed }: Job, code: string, message: string): Outcome {
  return {
    status: 'failed',
    stop: 'fault',
    traceHash: '',
    metrics: {},
    parties: [],
    events: [],
    samples: [],
    error: { code, message, event: 0, atMs: 0, seed },
    names: {
      accounts: [],
      assets: [],
      decimals: [],
      venues: [],
      oracles: [],
      agents: [],
      markets: [],
      contracts: [],
      positions: [],
      refusals: [],
    },
    endMs: 0,
    executed: 0,
  };
}
