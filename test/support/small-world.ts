/**
 * A small world for the built-in agents, run for real: TKN at 10 USD outside, a pool of 100,000 TKN against 1,000,000 USD, and a protocol
 * that lends USD against TKN. Tests say what differs; every run is checked against the laws.
 */
import { readdirSync } from 'node:fs';
import { createRegistry } from '../../src/agent/registry.ts';
import type { Outcome } from '../../src/run/outcome.ts';
import { runScenario } from '../../src/run/run.ts';
import { isProblems, loadExperiment } from '../../src/scenario/load.ts';

const FOLDER = new URL('../../agents/', import.meta.url);
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.ts'));

/** All agents of the folder. */
export const builtIn = createRegistry(
  await Promise.all(
    files.map(async (file) => ({ file, part: ((await import(new URL(file, FOLDER).href)) as { default: unknown }).default })),
  ),
);

export interface SmallWorld {
  readonly agents: readonly object[];
  /** Price process of TKN. */
  readonly tkn?: object;
  /** The oracle of TKN: kind and parameters, and where it looks. */
  readonly oracle?: { readonly use: string; readonly with?: object; readonly source?: string };
  readonly chain?: object;
  readonly venues?: object;
  readonly backstop?: readonly object[];
  readonly horizon?: string;
  readonly seed?: number;
}

/** Runs it to the end. Throws on a scenario that is not sound, and on a run that broke a law. */
export function runSmall({
  agents,
  tkn = { use: 'constant', with: { start: 10 } },
  oracle = { use: 'spot' },
  chain = {},
  venues = {},
  backstop = [],
  horizon = '1 h',
  seed = 1,
}: SmallWorld): Outcome {
  const experiment = {
    name: 'small-world',
    question: 'What does an agent do?',
    model: { what: 'A small world.', notice: ['one agent'], try: ['another'], sources: ['none'] },
    world: {
      assets: { USD: { decimals: 6 }, TKN: { decimals: 6 }, GAS: { decimals: 9 } },
      prices: { USD: { use: 'constant', with: { start: 1 } }, GAS: { use: 'constant', with: { start: 2_000 } }, TKN: tkn },
      chain,
      venues: {
        pool: { use: 'constant-product', with: { base: 'TKN', quote: 'USD', baseReserve: 100_000, quoteReserve: 1_000_000 } },
        ...venues,
      },
      oracles: {
        tkn: { asset: 'TKN', source: oracle.source ?? 'pool', use: oracle.use, with: oracle.with ?? {} },
        usd: { asset: 'USD', source: 'outside', use: 'spot' },
        gas: { asset: 'GAS', source: 'outside', use: 'spot' },
      },
      protocols: {
        lend: {
          markets: {
            TKN: { oracle: 'tkn', ltv: 0.5, liquidationThreshold: 0.6, bonus: 0.05, borrowable: false },
            USD: { oracle: 'usd' },
            GAS: { oracle: 'gas' },
          },
          backstop,
        },
      },
    },
    agents,
    horizon,
  };
  const context = { registry: builtIn, readText: () => undefined };
  const loaded = loadExperiment(JSON.stringify(experiment), 'small-world.json', [], context);
  if (isProblems(loaded)) throw new Error(JSON.stringify(loaded));
  const scenario = loaded.resolve([]);
  if (isProblems(scenario)) throw new Error(JSON.stringify(scenario));
  const outcome = runScenario(scenario, builtIn, { seed, trace: 'facts', checkEvery: 50 });
  if (outcome.error !== undefined) throw new Error(JSON.stringify(outcome.error));
  return outcome;
}

/** What a role gained, USD at the prices of the end. */
export function profitOf({ parties }: Outcome, role: string): number {
  return parties.reduce((sum, line) => (line.role === role ? sum + line.profitUsd : sum), 0);
}

/** How often a kind of event happened. */
export function countOf({ events }: Outcome, kind: Outcome['events'][number]['kind']): number {
  return events.filter((event) => event.kind === kind).length;
}
