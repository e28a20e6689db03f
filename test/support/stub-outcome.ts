/** An outcome made of a seed and a point alone, for tests of what records, fleets and statistics do with outcomes. */
import type { Outcome, RunOptions } from '../../src/run/outcome.ts';

/** The outcome of a simulator that does nothing: every number follows from point and seed. */
export function stubOutcome(point: number, { seed, trace }: RunOptions, facts = 3): Outcome {
  const events: Outcome['events'] =
    trace === 'none'
      ? []
      : Array.from({ length: facts }, (_, i) => ({
          seq: 2 * i + 1,
          at: i * 1_000,
          cause: i,
          kind: i % 2 === 0 ? 'price' : 'liquidation',
          actor: i % 2 === 0 ? -1 : 1,
          subject: 0,
          a: seed + i / 3,
          b: point,
          c: i === 1 ? Number.NaN : 0.1,
          d: i === 2 ? Number.POSITIVE_INFINITY : 0,
        }));
  return {
    status: 'done',
    stop: 'horizon',
    traceHash: `${point}/${seed}`,
    metrics: { bad_debt_usd: point * 100 + (seed % 97), liquidation_count: point, attack_roi_ratio: Number.NaN },
    parties: [
      { account: 'lender/0', role: 'lender', asset: 'usdc', startUnits: 1_000_000, endUnits: 999_990.5, profitUsd: -9.5 },
      { account: 'attacker/0', role: 'attacker', asset: 'usdc', startUnits: 0, endUnits: 9.5, profitUsd: 9.5 },
    ],
    events,
    samples: [{ probe: 'solvency_ratio', at: 1_000, value: 1.25 + point }],
    names: {
      accounts: ['outside', 'attacker/0', 'lender/0'],
      assets: ['usdc'],
      decimals: [6],
      venues: [],
      oracles: [],
      agents: ['attacker/0', 'lender/0'],
      markets: [],
      contracts: [],
      positions: [],
      refusals: [],
    },
    endMs: 60_000,
    executed: 12 + point,
  };
}

/** The outcome of a run that ended in a fault. */
export function stubFailure(seed: number, code = 'LEDGER_NEGATIVE'): Outcome {
  const error = { code, message: 'account=3', event: 17, atMs: 500, seed };
  return {
    ...stubOutcome(0, { seed, trace: 'none', checkEvery: 0 }),
    status: 'failed',
    stop: 'fault',
    metrics: {},
    parties: [],
    samples: [],
    error,
  };
}
