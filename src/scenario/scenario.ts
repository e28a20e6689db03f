/**
 * The experiment file: its schema in zod, from which validation, defaults, types and the JSON Schema follow. The parts that can be chosen
 * by `use` come from the catalog and from the registry of agents; this file names none of them.
 */
import { z } from 'zod';
import type { Registry } from '../agent/registry.ts';
import type { CorrelationPairs } from '../base/correlation.ts';
import type { ParamSchema } from '../base/params.ts';
import type { Ms, Ratio } from '../base/units.ts';
import { METRIC_NAMES, ROLE_PROFIT_NAME } from '../record/metrics.ts';
import { CATALOG, type CatalogFloor, CHAIN_PARAMS, CONTRACT_PARAMS, MARKET_PARAMS } from './catalog.ts';
import { correlationSchema, drawnNumberSchema, durationSchema, nameSchema, numberSchema, paramsSchema, strict } from './param-schema.ts';
import { allowPresets } from './preset-json-schema.ts';
import { showChoices } from './problem.ts';

/** A chosen part: its name in the catalog and its parameters. */
export interface Use {
  readonly use: string;
  readonly with: Readonly<Record<string, unknown>>;
}

/** One venue, oracle, protocol … of a world. */
export interface OracleUse extends Use {
  readonly asset: string;
  /** A venue's name, or `outside`. */
  readonly source: string;
}

export interface ProtocolSpec {
  readonly markets: Readonly<Record<string, Readonly<Record<string, unknown>> & { readonly oracle: string }>>;
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
  readonly prices: Readonly<Record<string, Use>>;
  /** Of the normals that move prices, by pairs such as `ETH,WBTC`; of pairs that are not named 0. */
  readonly correlation?: CorrelationPairs | undefined;
  readonly step: Ms;
  readonly outside: { readonly spread: Ratio };
  readonly chain: Readonly<Record<string, unknown>> & {
    readonly flash: { readonly fee: Ratio; readonly funds: Readonly<Record<string, number>> };
  };
  readonly venues: Readonly<Record<string, Use>>;
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

/** One point of an experiment, ready to run: plain JSON, checked, defaults and file texts filled in. */
export interface Scenario {
  readonly name: string;
  readonly world: WorldSpec;
  readonly agents: readonly AgentGroup[];
  readonly horizon: Ms;
  readonly sample: Ms;
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
  readonly record: { readonly trace: 'none' | 'facts' | 'full'; readonly sample?: Ms };
  readonly world: WorldSpec;
  readonly agents: readonly (Omit<AgentGroup, 'name'> & { readonly name?: string })[];
  readonly horizon: Ms;
};

const PATHS = 'dotted from the root of the file, members of lists by name (agents: name, else use) or by number from 0';
const ASSERTION =
  'metrics (means over runs), lo(metric), hi(metric) (ends of the 95 % interval), numbers, + - * /, min max abs sqrt, < <= > >= == !=, ' +
  'and or not, ( ). metric["label"] is the value at one point; an assertion with a metric without a label must hold at every point';

const text = (what: string) => z.string({ error: what }).min(1, { error: what });
const named = <T extends z.ZodType>(value: T, what: string) => z.record(nameSchema, value, { error: what });

/** `{ use, with }` over one floor of the catalog, plus fields of its own. */
function useSchema(parts: Readonly<Record<string, { readonly summary: string; readonly params: ParamSchema }>>, more: z.ZodRawShape = {}) {
  const options = Object.entries(parts).map(([name, part]) => {
    const params = paramsSchema(part.params);
    const needed = !params.safeParse({}).success;
    return strict({ use: z.literal(name).describe(part.summary), with: needed ? params : params.prefault({}), ...more });
  });
  return z.discriminatedUnion('use', options as never, { error: (issue) => showChoices(fieldOf(issue.input, 'use'), Object.keys(parts)) });
}

function fieldOf(input: unknown, field: string): string {
  const value = typeof input === 'object' && input !== null ? (input as Record<string, unknown>)[field] : undefined;
  return value === undefined ? '' : String(value);
}

const useOf = (floor: CatalogFloor, more: z.ZodRawShape = {}) => useSchema(CATALOG[floor], more);

/** The numbers of a declaration, each of which may be left out and then stays what it is. */
function numbersSchema(params: ParamSchema) {
  const numbers = Object.entries(params).flatMap(([name, param]) =>
    param.kind === 'number'
      ? [
          [
            name,
            numberSchema(...param.range, param.unit)
              .describe(param.doc)
              .optional(),
          ] as const,
        ]
      : [],
  );
  return strict(Object.fromEntries(numbers));
}

const tokens = numberSchema(0, Number.POSITIVE_INFINITY, 'tokens');

/** One protocol of a world. */
function protocolSchema() {
  const market = strict({ ...paramsSchema(MARKET_PARAMS).shape, oracle: nameSchema.describe('what prices the asset') });
  const contracts = strict({
    settle: nameSchema.describe('asset that all contracts are settled in; it needs a market'),
    list: named(
      useOf('contract', { underlying: nameSchema.describe('asset whose oracle is the index; it needs a market') }),
      'contracts by name',
    ).describe('the contracts by name: { underlying, use, with }'),
    closeout: useOf('closeout')
      .prefault({ use: 'order' } as never)
      .describe('how accounts of contracts that fall short are closed'),
    surface: useOf('surface').optional().describe('implied volatility, which options are valued at'),
    house: tokens.default(0).describe('capital of the house at the start, tokens of the settlement asset'),
  });
  const governance = strict({
    timeLock: durationSchema().prefault(0).describe('from proposal to effect; a scheduled change is announced so long before its time'),
    stepMax: numberSchema(0, 10, 'ratio').optional().describe('most that a share moves at a time, absolute; unlimited if left out'),
    stepEvery: durationSchema()
      .prefault('3 d')
      .describe('least time between two moves of a share, where there is a step limit (Aave: 3 d)'),
    changes: z
      .array(
        strict({
          at: durationSchema().describe('when it takes effect'),
          markets: named(numbersSchema(MARKET_PARAMS), 'numbers of markets by asset')
            .default({})
            .describe('new numbers of markets, by asset'),
          contracts: named(numbersSchema(CONTRACT_PARAMS), 'numbers of contracts by name')
            .default({})
            .describe('new numbers of contracts, by name'),
          risk: useOf('risk').optional().describe('the engine that judges from then on'),
        }),
        { error: 'a list of { at, markets, contracts, risk }' },
      )
      .default([])
      .describe('scheduled changes'),
    controller: useOf('controller').optional().describe('proposes changes of its own during a run'),
  });
  return strict({
    markets: named(market, 'markets by asset').describe('assets that may be lent or secure loans, by asset: { oracle, … }'),
    risk: useOf('risk')
      .prefault({ use: 'static' } as never)
      .describe('what is asked of an account'),
    liquidation: useOf('liquidation')
      .prefault({ use: 'fixed-bonus' } as never)
      .describe('how loans that fall short are closed'),
    backstop: z
      .array(useOf('backstop'))
      .prefault([{ use: 'insurance-fund' }, { use: 'socialise' }] as never)
      .describe('who pays what is left unpaid, in this order'),
    fund: named(tokens, 'tokens by asset').default({}).describe('the insurance fund at the start, tokens by asset'),
    contracts: contracts.optional().describe('perpetuals and options, traded against a house'),
    governance: governance.optional().describe('what changes, when, and how fast it may'),
    marginCall: strict({
      level: numberSchema(1, 100, 'health').describe(
        'health below which an account is called. Health is counted ÷ (debts + margin), contracts with their whole notional: ' +
          'with leverage L about (1 + 1/L) ÷ (1 + maintenance), so 1.07 with 10 and a maintenance margin of 0.03',
      ),
      time: durationSchema().describe('to answer; then it may be liquidated as if it were below maintenance'),
    })
      .optional()
      .describe('warns accounts above maintenance'),
    marginTradeCheck: z
      .boolean({ error: 'true or false' })
      .default(true)
      .describe('whether a margin trade must meet the initial requirement'),
  });
}

function worldSchema() {
  const flash = strict({
    fee: numberSchema(0, 0.1, 'ratio').default(0.0009).describe('Aave v3 charged 0.09 % at launch, 0.05 % later'),
    funds: named(tokens, 'tokens by asset').default({}),
  });
  const asset = strict({ decimals: numberSchema(0, 15, 'base units per token = 10^decimals', true).default(6) });
  const oracle = { asset: nameSchema, source: nameSchema.describe('a venue, or outside') };
  return strict({
    assets: named(asset, 'assets by name'),
    prices: named(useOf('price'), 'a price process by asset'),
    correlation: correlationSchema().optional().describe('of what moves the prices of two assets in a step; of pairs that are not named 0'),
    step: durationSchema(1).prefault('12 s').describe('grid of outside prices'),
    outside: strict({ spread: numberSchema(0, 0.5, 'ratio').default(0.001) }).prefault({}),
    chain: paramsSchema(CHAIN_PARAMS)
      .extend({ flash: flash.prefault({}) })
      .prefault({}),
    venues: named(useOf('venue'), 'venues by name').default({}),
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

/** The schema of an experiment file, given the agents there are. */
export function experimentSchema(registry: Registry) {
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
