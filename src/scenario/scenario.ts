/**
 * The experiment file: its schema in zod, from which validation, defaults, types and the JSON Schema follow. The parts that can be chosen
 * by `use` come from the catalog and from the registry of agents; this file names none of them.
 */
import { z } from 'zod';
import type { Registry } from '../agent/registry.ts';
import type { CorrelationPairs } from '../base/correlation.ts';
import type { Ms, Ratio } from '../base/units.ts';
import type { CommonJumps } from '../price/common-jumps.ts';
import type { Shock } from '../price/shocks.ts';
import { METRIC_NAMES, ROLE_PROFIT_NAME } from '../record/metrics.ts';
import { CHAIN_PARAMS, COMMON_JUMP_PARAMS, FLOW_PARAMS, SHOCK_PARAMS } from './catalog.ts';
import { correlationSchema, drawnNumberSchema, durationSchema, nameSchema, numberSchema, paramsSchema, strict } from './param-schema.ts';
import { allowPresets } from './preset-json-schema.ts';
import { showChoices } from './problem.ts';
import { protocolSchema } from './protocol-schema.ts';
import { fieldOf, named, tokens, useOf } from './use-schema.ts';

/** A chosen part: its name in the catalog and its parameters. */
export interface Use {
  readonly use: string;
  readonly with: Readonly<Record<string, unknown>>;
}

/** One venue, oracle, protocol … of a world. */
export interface OracleUse extends Use {
  readonly asset: string;
  /** The name of a venue or of another oracle, or `outside`. */
  readonly source: string;
  /** What turns a venue's price into USD: an oracle's name, `none`, or (left out, too) `outside`. */
  readonly quote?: string | undefined;
}

/** The price of an asset: a process, and scripted moves on top of it. */
export interface PriceUse extends Use {
  readonly shocks: readonly Shock[];
}

/** As `CommonJumps`, by names of assets. */
export type CommonJumpsSpec = Omit<CommonJumps, 'weights'> & { readonly weights: Readonly<Record<string, number>> };

/** A market: its parameters by name, and what prices it. */
export type MarketSpec = Readonly<Record<string, unknown>> & {
  readonly oracle: string;
  readonly reading?: Readonly<Record<string, unknown>>;
};

export interface ProtocolSpec {
  readonly markets: Readonly<Record<string, MarketSpec>>;
  readonly risk: Use;
  readonly liquidation: Use;
  readonly backstop: readonly Use[];
  /** The insurance fund at the start, tokens by asset. */
  readonly fund: Readonly<Record<string, number>>;
  readonly marginTradeCheck: boolean;
  readonly marginCall?: { readonly level: Ratio; readonly time: Ms };
  readonly contracts?: ContractsSpec;
  readonly governance?: GovernanceSpec;
}

/** Contracts of a protocol and the house that trades them. */
export interface ContractsSpec {
  readonly settle: string;
  readonly list: Readonly<Record<string, Use & { readonly underlying: string }>>;
  readonly closeout: Use;
  readonly surface?: Use;
  /** Tokens of the settlement asset. */
  readonly house: number;
}

export interface GovernanceSpec {
  readonly timeLock: Ms;
  readonly stepMax?: Ratio;
  readonly stepEvery: Ms;
  readonly changes: readonly {
    readonly at: Ms;
    readonly markets: Readonly<Record<string, Readonly<Record<string, number>>>>;
    readonly contracts: Readonly<Record<string, Readonly<Record<string, number>>>>;
    readonly risk?: Use;
  }[];
  readonly controller?: Use;
}

export interface WorldSpec {
  readonly assets: Readonly<Record<string, { readonly decimals: number }>>;
  readonly prices: Readonly<Record<string, PriceUse>>;
  /** Jumps that several assets share. */
  readonly commonJumps: readonly CommonJumpsSpec[];
  /** Of the normals that move prices, by pairs such as `ETH,WBTC`; of pairs that are not named 0. */
  readonly correlation?: CorrelationPairs | undefined;
  readonly step: Ms;
  readonly outside: { readonly spread: Ratio };
  readonly chain: Readonly<Record<string, unknown>> & {
    readonly flash: { readonly fee: Ratio; readonly funds: Readonly<Record<string, number>> };
    readonly demand?: { readonly gas: Ratio; readonly spread: number; readonly price: PriceUse } | undefined;
    readonly proposers: Readonly<Record<string, Ratio>>;
  };
  readonly venues: Readonly<Record<string, Use>>;
  readonly flow: { readonly halfLife: Ms; readonly lag: Ms };
  readonly oracles: Readonly<Record<string, OracleUse>>;
  readonly protocols: Readonly<Record<string, ProtocolSpec>>;
}

export type LatencySpec =
  | { readonly constant: Ms }
  | { readonly uniform: readonly [Ms, Ms] }
  | { readonly lognormal: { readonly median: Ms; readonly sigma: number } };

export interface AgentGroup {
  readonly use: string;
  readonly name: string;
  readonly role?: string;
  readonly count: number;
  readonly params: Readonly<Record<string, unknown>>;
  /** Tokens (or draws of tokens) at the start, from outside. */
  readonly wallet: Readonly<Record<string, unknown>>;
  readonly latency: LatencySpec;
}

/**
 * What may be looked at beside prices and solvency: the depth of venues within 1, 2 and 5 %, what their trades tell of them, and metrics of
 * the returns of the first venue.
 */
export const PROBES = ['depth', 'flow', 'returns'] as const;
export type ProbeName = (typeof PROBES)[number];

/** One point of an experiment, ready to run: plain JSON, checked, defaults and file texts filled in. */
export interface Scenario {
  readonly name: string;
  readonly world: WorldSpec;
  readonly agents: readonly AgentGroup[];
  readonly horizon: Ms;
  readonly sample: Ms;
  readonly probes: readonly ProbeName[];
}

/** An axis value that sets several paths, under one label. */
export interface LabelledValue {
  readonly label: string;
  readonly set: Readonly<Record<string, unknown>>;
}

export interface ExperimentHead {
  readonly name: string;
  readonly question: string;
  readonly model: {
    readonly what: string;
    readonly notice: readonly string[];
    readonly try: readonly string[];
    readonly sources: readonly string[];
  };
  readonly seed: number;
  readonly replications: number;
  readonly record: { readonly trace: 'none' | 'facts' | 'full'; readonly sample: Ms | undefined };
  readonly sweep: { readonly design: 'grid' | 'zip'; readonly axes: Readonly<Record<string, readonly unknown[]>> };
  readonly cases: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly measure: readonly string[];
  readonly assert: readonly string[];
}

/** What zod answers for a whole file at one point. */
export type ParsedExperiment = Omit<ExperimentHead, 'record'> & {
  readonly record: { readonly trace: 'none' | 'facts' | 'full'; readonly sample?: Ms; readonly probes: readonly ProbeName[] };
  readonly world: WorldSpec;
  readonly agents: readonly (Omit<AgentGroup, 'name'> & { readonly name?: string })[];
  readonly horizon: Ms;
};

const PATHS = 'dotted from the root of the file, members of lists by name (agents: name, else use) or by number from 0';
const text = (what: string) => z.string({ error: what }).min(1, { error: what });
const ASSERTION =
  'metrics (means over runs), lo(metric), hi(metric) (ends of the 95 % interval), numbers, + - * /, min max abs sqrt, < <= > >= == !=, ' +
  'and or not, ( ). metric["label"] is the value at one point; an assertion with a metric without a label must hold at every point';

function worldSchema() {
  const flash = strict({
    fee: numberSchema(0, 0.1, 'ratio').default(0.0009).describe('Aave v3 charged 0.09 % at launch, 0.05 % later'),
    funds: named(tokens, 'tokens by asset').default({}),
  });
  const shocks = z
    .array(paramsSchema(SHOCK_PARAMS), { error: 'a list of { at, factor, over, hold, recover }' })
    .default([])
    .describe('scripted moves on top of the process');
  const demand = strict({
    gas: numberSchema(0, 1000, 'ratio')
      .default(2)
      .describe('gas that others ask for in a block if it costs nothing, as a part of the target'),
    spread: numberSchema(0, 10, 'log').default(1).describe('standard deviation of the logarithm of what they would pay per gas'),
    price: useOf('price', { shocks }).describe('what half of them would pay, in units of the gas asset per gas, over time'),
  });
  const asset = strict({ decimals: numberSchema(0, 15, 'base units per token = 10^decimals', true).default(6) });
  const oracle = {
    asset: nameSchema,
    source: nameSchema.default('outside').describe('a venue, another oracle, or outside'),
    quote: nameSchema.optional().describe('what turns a venue’s price into USD: an oracle of its quote asset, the outside price, or none'),
  };
  return strict({
    assets: named(asset, 'assets by name'),
    prices: named(useOf('price', { shocks }), 'a price process by asset'),
    correlation: correlationSchema().optional().describe('of what moves the prices of two assets in a step; of pairs that are not named 0'),
    commonJumps: z
      .array(paramsSchema(COMMON_JUMP_PARAMS), { error: 'a list of { rate, mean, sd, weights }' })
      .default([])
      .describe('jumps that several assets share, on top of their processes; expected prices stay what they were'),
    step: durationSchema(1).prefault('12 s').describe('grid of outside prices'),
    outside: strict({ spread: numberSchema(0, 0.5, 'ratio').default(0.001) }).prefault({}),
    chain: paramsSchema(CHAIN_PARAMS)
      .extend({
        flash: flash.prefault({}),
        demand: demand.optional().describe('others who bid for room in blocks, in place of a constant `background`'),
        proposers: named(numberSchema(0, 1, 'ratio'), 'shares by group of agents')
          .default({})
          .describe('groups of agents that make blocks, and their shares; the rest is made by nobody of this world'),
      })
      .prefault({}),
    venues: named(useOf('venue'), 'venues by name').default({}),
    flow: paramsSchema(FLOW_PARAMS).prefault({}).describe('what is learnt of venues from their trades'),
    oracles: named(useOf('oracle', oracle), 'oracles by name').default({}),
    protocols: named(protocolSchema(), 'protocols by name').default({}),
  });
}

function latencySchema() {
  const expected = 'a duration, or { uniform: [from, to] }, or { lognormal: { median, sigma } }';
  const duration = durationSchema();
  return z.union(
    [
      duration.transform((constant) => ({ constant })),
      strict({ constant: duration }),
      strict({ uniform: z.tuple([duration, duration]) }),
      strict({ lognormal: strict({ median: duration, sigma: numberSchema(0, 5, 'log') }) }),
    ],
    { error: expected },
  );
}

function agentSchema(registry: Registry) {
  const kinds = [...registry.values()].map((part) => {
    const params = paramsSchema(part.params, true);
    const needed = !params.safeParse({}).success;
    return strict({
      use: z.literal(part.name).describe(part.summary),
      name: nameSchema.optional().describe('name of the group; default: use'),
      role: nameSchema.optional().describe(`line of the party table; default: ${part.role}`),
      count: numberSchema(0, 1_000_000, 'agents', true).default(1),
      params: needed ? params : params.prefault({}),
      wallet: named(drawnNumberSchema(0, Number.POSITIVE_INFINITY, 'tokens'), 'tokens by asset').default({}),
      latency: latencySchema().prefault(0).describe('from deciding to the mempool'),
    });
  });
  const names = [...registry.keys()];
  return z.discriminatedUnion('use', kinds as never, { error: (issue) => showChoices(fieldOf(issue.input, 'use'), names) });
}

function modelSchema() {
  const list = (what: string) => z.array(text(what), { error: `a list: ${what}` }).min(1, { error: what });
  return strict({
    what: text('what the model is, in sentences'),
    notice: list('what to notice'),
    try: list('what to try'),
    sources: list('where figures and ideas come from'),
  });
}

/** The metric that a name with a role's own hyphens may mean. */
function underscored(input: unknown): string {
  const name = String(input).replaceAll('-', '_');
  return name !== input && ROLE_PROFIT_NAME.test(name) ? ` (did you mean ${name}?)` : '';
}

/** Made once for each registry: it takes a tenth of a second, and depends on nothing but the registry and the catalog. */
const schemas = new WeakMap<Registry, ReturnType<typeof makeExperimentSchema>>();

/** The schema of an experiment file, given the agents there are. */
export function experimentSchema(registry: Registry) {
  const known = schemas.get(registry) ?? makeExperimentSchema(registry);
  schemas.set(registry, known);
  return known;
}

function makeExperimentSchema(registry: Registry) {
  const overrides = z.record(z.string(), z.unknown(), { error: 'values by path, such as world.oracles.inv.with.window: 30 min' });
  // Which roles there are is only known when every point is.
  const error = ({ input }: { readonly input?: unknown }) =>
    `${showChoices(String(input), METRIC_NAMES)}; or the profit of a role, as in dip_buyer_profit_usd${underscored(input)}`;
  const metric = z.union([z.enum(METRIC_NAMES as unknown as [string, ...string[]]), z.string().regex(ROLE_PROFIT_NAME, { error })], {
    error,
  });
  return strict({
    $schema: z.string().optional(),
    name: nameSchema.describe('name of the experiment, as in results'),
    question: text('the question that this experiment answers'),
    model: modelSchema(),
    world: worldSchema(),
    agents: z.array(agentSchema(registry), { error: 'a list of { use, count, params, wallet }' }),
    horizon: durationSchema(1).describe('how long a run lasts'),
    seed: numberSchema(0, Number.MAX_SAFE_INTEGER, 'seed', true).default(1),
    replications: numberSchema(1, 1_000_000, 'runs of each point, with paired seeds', true).default(1),
    record: strict({
      trace: z.enum(['none', 'facts', 'full'], { error: 'none, facts or full' }).default('none'),
      sample: durationSchema(1).optional().describe('between samples of solvency; default: a 200th of the horizon'),
      probes: z
        .array(z.enum(PROBES, { error: (issue) => showChoices(String(issue.input), PROBES) }), { error: 'a list of probes' })
        .default([])
        .describe('sampled too: depth of venues within 1, 2 and 5 %; flow: imbalance, illiquidity, impact, effective and realised spread'),
    }).prefault({}),
    sweep: strict({
      design: z
        .enum(['grid', 'zip'], { error: 'grid or zip' })
        .default('grid')
        .describe('grid: every combination of the axes; zip: their first values together, then their second, …'),
      axes: z
        .record(z.string(), z.array(z.unknown(), { error: 'a list of values' }).min(1, { error: 'at least one value' }), {
          error: 'lists of values by path',
        })
        .describe(`lists of values by path: ${PATHS}. A value may be { label, set: { PATH: value, … } }`),
    })
      .default({ design: 'grid', axes: {} })
      .describe('every case is run at every point of the sweep'),
    cases: z
      .record(z.string().min(1), overrides, { error: 'cases by name' })
      .default({})
      .describe(`values by path, for each case: ${PATHS}`),
    measure: z.array(metric, { error: 'a list of metrics' }).default([]).describe('metrics of the table: breakwater metrics lists them'),
    assert: z.array(text('a condition on metrics').describe(ASSERTION)).default([]).describe('must hold when all runs are done'),
  });
}

/** JSON Schema of one protocol, presets left out. */
export function protocolJsonSchema(): unknown {
  return z.toJSONSchema(protocolSchema(), { io: 'input', target: 'draft-7', unrepresentable: 'any' });
}

/** JSON Schema (draft-7) of an experiment file, for editors. */
export function experimentJsonSchema(registry: Registry): unknown {
  return allowPresets(z.toJSONSchema(experimentSchema(registry), { io: 'input', target: 'draft-7', unrepresentable: 'any' }));
}
