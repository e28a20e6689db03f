/**
 * The whole market step: a thousand agents on a pool, a chain, an oracle and a lending protocol with a thousand positions, once as a
 * scenario with plug-in agents, and once by hand (`market-by-hand.ts`). The two must agree to the unit before speeds are compared.
 */

import type { Registry } from '../../src/agent/registry.ts';
import { loadAgents } from '../../src/fleet/load-agents.ts';
import { createMemoryRecorder } from '../../src/record/memory.ts';
import type { TraceLevel } from '../../src/record/recorder.ts';
import { createWorld } from '../../src/run/world.ts';
import { isProblems, loadExperiment } from '../../src/scenario/load.ts';
import { formatProblem, type Problem } from '../../src/scenario/problem.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { atLeast, type BenchRow, type Contender, fasterRow, interleave, speedRow } from './harness.ts';
import { MARKET, type MarketEnd, marketByHand } from './market-by-hand.ts';

const SEED = 1;
/** About 1.9 million wakes. */
const HORIZON_MS = 2_000_000;

/** The market as an experiment file. */
function experimentText(horizonMs: number): string {
  const { traders, liquidators, borrowers, rate, size, wallet, quoteReserve, start, volatility, collateral, threshold } = MARKET;
  const pool = `{ use: constant-product, with: { base: ETH, quote: USDC, quoteReserve: ${quoteReserve} } }`;
  const markets = `{
      ETH: { oracle: eth, ltv: 0.8, liquidationThreshold: ${threshold}, bonus: 0.05 },
      USDC: { oracle: usdc, borrowable: true, ltv: 0, liquidationThreshold: 0 } }`;
  const health = `{ uniform: [${MARKET.healths}] }`;
  return `
name: market-step
question: How much does it cost to be configurable?
model: { what: A busy pool beside a lending protocol., notice: [the speed], try: [another machine], sources: [none] }
world:
  assets: { USDC: { decimals: 6 }, ETH: { decimals: 6 } }
  prices: { USDC: { use: constant, with: { start: 1 } }, ETH: { use: gbm, with: { start: ${start}, volatility: ${volatility} } } }
  step: ${MARKET.blockMs} ms
  chain: { blockTime: ${MARKET.blockMs} ms, order: arrival, gasLimit: 1000000000000 }
  venues: { pool: ${pool} }
  oracles:
    eth: { asset: ETH, source: pool, use: twap, with: { window: ${MARKET.windowMs} ms } }
    usdc: { asset: USDC, source: outside, use: spot }
  protocols: { lend: { markets: ${markets} } }
agents:
  - { use: lender, params: { protocol: lend, asset: USDC }, wallet: { USDC: 100000000 } }
  - use: borrower
    count: ${borrowers}
    params: { protocol: lend, collateral: ETH, debt: USDC, health: ${health} }
    wallet: { ETH: ${collateral} }
  - use: noise-trader
    count: ${traders}
    params: { venue: pool, rate: ${rate}, size: ${size} }
    wallet: { USDC: ${wallet.USDC}, ETH: ${wallet.ETH} }
  - { use: liquidator, count: ${liquidators}, params: { protocol: lend }, wallet: { USDC: 100000 } }
horizon: ${horizonMs} ms
`;
}

/** The market as a scenario. */
export function marketScenario(registry: Registry, horizonMs: number): Scenario {
  const experiment = sound(loadExperiment(experimentText(horizonMs), 'market-step.yaml', [], { registry, readText: () => undefined }));
  return sound(experiment.resolve([]));
}

function sound<T>(answer: T): Exclude<T, readonly Problem[]> {
  if (isProblems(answer)) throw new Error(answer.map(formatProblem).join('\n'));
  return answer as Exclude<T, readonly Problem[]>;
}

export interface WorldRun {
  readonly end: Omit<MarketEnd, 'wakes'>;
  readonly liquidations: number;
  readonly facts: number;
  /** CPU time of the run alone: the world stands before the clock starts. */
  readonly cpuMs: number;
}

/** Builds the world and runs it to the horizon. */
export function marketAsWorld(scenario: Scenario, registry: Registry, seed: number, trace: TraceLevel): WorldRun {
  const recorder = createMemoryRecorder();
  const world = createWorld(scenario, registry, { seed, trace, recorder, checkEvery: 0, check: () => undefined });
  const before = process.cpuUsage();
  world.run();
  const spent = process.cpuUsage(before);
  const { trade_count: trades, refusal_count: refused, liquidation_count: liquidations } = world.metrics.close([], () => 0, 0);
  const { ledger, venues } = world.parts;
  const { account, baseAsset, quoteAsset } = venues[0];
  const end = { trades, refused, base: ledger.balance(account, baseAsset), quote: ledger.balance(account, quoteAsset) };
  return { end, liquidations, facts: recorder.count, cpuMs: (spent.user + spent.system) / 1000 };
}

/** Both sides made the same market, to the unit. */
function assertSame({ trades, refused, base, quote }: MarketEnd, { end, liquidations }: WorldRun): void {
  const byHand = JSON.stringify({ trades, refused, base, quote });
  const asWorld = JSON.stringify(end);
  if (byHand !== asWorld || liquidations > 0) throw new Error(`not the same market: ${byHand} by hand, ${asWorld} as a world`);
}

export async function marketStepBench(): Promise<BenchRow[]> {
  const registry = sound(await loadAgents());
  const scenario = marketScenario(registry, HORIZON_MS);
  const expected = marketByHand(SEED, HORIZON_MS);
  const { wakes } = expected;
  let facts = 0;
  const world =
    (trace: TraceLevel): Contender =>
    () => {
      const run = marketAsWorld(scenario, registry, SEED, trace);
      assertSame(expected, run);
      facts = run.facts;
      return { operations: wakes, cpuMs: run.cpuMs };
    };
  const times = interleave({
    byHand: () => marketByHand(SEED, HORIZON_MS).wakes,
    silent: world('none'),
    traced: world('facts'),
  });
  const makeUp = `${wakes} wakes, ${expected.trades} trades, ${expected.refused} refused; same trades and reserves on both sides`;
  return [
    speedRow('market by hand, wakes', times.byHand, makeUp),
    speedRow('market as a scenario, wakes', times.silent, 'without building the world'),
    atLeast(fasterRow('scenario ÷ by hand', 'speed', times.silent, times.byHand), 0.35),
    speedRow('market as a scenario, facts into memory', times.traced, `${facts} facts`),
    fasterRow('with facts ÷ without', 'speed', times.traced, times.silent),
  ];
}
