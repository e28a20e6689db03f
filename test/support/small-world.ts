/**
 * A small world, run for real: TKN at 10 USD outside, a pool of 100,000 TKN against 1,000,000 USD, and a protocol that lends USD against
 * TKN. Tests say what differs, and may bring agents of their own; every run is checked against the laws.
 */
import { readdirSync } from 'node:fs';
import type { Agent, Self } from '../../src/agent/index.ts';
import { createRegistry, type Registry } from '../../src/agent/registry.ts';
import type { TraceLevel } from '../../src/record/recorder.ts';
import type { Outcome } from '../../src/run/outcome.ts';
import { runScenario } from '../../src/run/run.ts';
import type { LoadContext } from '../../src/scenario/link.ts';
import { isProblems, loadExperiment } from '../../src/scenario/load.ts';
import { formatProblem } from '../../src/scenario/problem.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';

const FOLDER = new URL('../../agents/', import.meta.url);
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.ts'));

/** All agents of the folder. */
export const builtIn = createRegistry(
  await Promise.all(
    files.map(async (file) => ({ file, part: ((await import(new URL(file, FOLDER).href)) as { default: unknown }).default })),
  ),
);

/** The built-in agents, and agents of a test by name: what `create` makes of them, without parameters. */
export function withAgents(own: Readonly<Record<string, (self: Self) => Agent>>): Registry {
  const made = Object.entries(own).map(([name, make]) => {
    const part = {
      name,
      role: 'trader',
      summary: 'An agent of a test.',
      sources: [],
      params: {},
      create: (_: unknown, self: Self) => make(self),
    };
    return [name, part] as const;
  });
  return new Map([...builtIn, ...made]);
}

export interface SmallWorld {
  readonly agents: readonly object[];
  /** Decimals of each asset; default USD 6, TKN 6, GAS 9. */
  readonly decimals?: { readonly USD: number; readonly TKN: number; readonly GAS: number };
  /** Default: those of the folder. */
  readonly registry?: Registry;
  /** Price process of TKN, and of the others. */
  readonly tkn?: object;
  readonly prices?: Readonly<Record<string, object>>;
  /** Grid of outside prices. */
  readonly step?: string;
  /** The oracle of TKN: kind and parameters, and where it looks. */
  readonly oracle?: { readonly use: string; readonly with?: object; readonly source?: string };
  readonly oracles?: object;
  readonly chain?: object;
  readonly venues?: object;
  /** Reserves of the pool, tokens. */
  readonly pool?: readonly [tkn: number, usd: number];
  /** Further parameters of the market of TKN. */
  readonly market?: object;
  /** Likewise of USD. */
  readonly usd?: object;
  readonly risk?: object;
  /** For worlds with formulas: not by default, because its library takes long to load. */
  readonly parseFormula?: LoadContext['parseFormula'];
  readonly liquidation?: object;
  readonly backstop?: readonly object[];
  /** Insurance fund: USD tokens, or tokens by asset. */
  readonly fund?: number | Readonly<Record<string, number>>;
  /** Contracts of the protocol, as a file has them. */
  readonly contracts?: object;
  readonly marginCall?: object;
  readonly probes?: readonly string[];
  readonly horizon?: string;
  readonly seed?: number;
  readonly trace?: TraceLevel;
  /** Default 50. */
  readonly checkEvery?: number;
}

/** The world as an experiment file would have it. */
export function smallExperiment({
  agents,
  decimals = { USD: 6, TKN: 6, GAS: 9 },
  tkn = { use: 'constant', with: { start: 10 } },
  prices = {},
  step = '12 s',
  oracle = { use: 'spot' },
  oracles = {},
  chain = {},
  venues = {},
  pool: [baseReserve, quoteReserve] = [100_000, 1_000_000],
  market = {},
  usd = {},
  risk,
  liquidation = { use: 'fixed-bonus' },
  backstop = [],
  contracts,
  marginCall,
  fund = 0,
  horizon = '1 h',
  probes = [],
}: SmallWorld) {
  return {
    name: 'small-world',
    question: 'What does an agent do?',
    model: { what: 'A small world.', notice: ['one agent'], try: ['another'], sources: ['none'] },
    world: {
      assets: { USD: { decimals: decimals.USD }, TKN: { decimals: decimals.TKN }, GAS: { decimals: decimals.GAS } },
      prices: { USD: { use: 'constant', with: { start: 1 } }, GAS: { use: 'constant', with: { start: 2_000 } }, ...prices, TKN: tkn },
      step,
      chain,
      venues: { pool: { use: 'constant-product', with: { base: 'TKN', quote: 'USD', baseReserve, quoteReserve } }, ...venues },
      oracles: {
        tkn: { asset: 'TKN', source: oracle.source ?? 'pool', use: oracle.use, with: oracle.with ?? {} },
        usd: { asset: 'USD', source: 'outside', use: 'spot' },
        gas: { asset: 'GAS', source: 'outside', use: 'spot' },
        ...oracles,
      },
      protocols: {
        lend: {
          markets: {
            TKN: { oracle: 'tkn', ltv: 0.5, liquidationThreshold: 0.6, bonus: 0.05, borrowable: false, ...market },
            USD: { oracle: 'usd', ...usd },
            GAS: { oracle: 'gas' },
          },
          ...(risk === undefined ? {} : { risk }),
          liquidation,
          backstop,
          fund: typeof fund === 'number' ? { USD: fund } : fund,
          ...(contracts === undefined ? {} : { contracts }),
          ...(marginCall === undefined ? {} : { marginCall }),
        },
      },
    },
    agents,
    horizon,
    record: { probes },
  };
}

/** The world, loaded. Throws on one that is not sound. */
export function smallScenario(world: SmallWorld): Scenario {
  const { registry = builtIn, parseFormula } = world;
  const context = { registry, readText: () => undefined, ...(parseFormula === undefined ? {} : { parseFormula }) };
  const loaded = loadExperiment(JSON.stringify(smallExperiment(world)), 'small-world.json', [], context);
  if (isProblems(loaded)) throw new Error(loaded.map(formatProblem).join('\n'));
  const scenario = loaded.resolve([]);
  if (isProblems(scenario)) throw new Error(scenario.map(formatProblem).join('\n'));
  return scenario;
}

/** Runs it to the end, whatever comes of it. */
export function outcomeOf(world: SmallWorld): Outcome {
  const { seed = 1, trace = 'facts', checkEvery = 50, registry = builtIn } = world;
  return runScenario(smallScenario(world), registry, { seed, trace, checkEvery });
}

/** Runs it to the end. Throws on a run that failed, as one does that breaks a law. */
export function runSmall(world: SmallWorld): Outcome {
  const outcome = outcomeOf(world);
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
