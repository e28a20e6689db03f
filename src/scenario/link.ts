/**
 * What zod cannot see: that every name refers to something of the right kind, that every asset has a price, that amounts fit the
 * ledger, and that the files which parameters name can be read (their text is filled in here). Knows kinds of parameters, never which
 * plug-in has them.
 */
import { ACTIONS } from '../agent/action.ts';
import type { AgentPart } from '../agent/agent.ts';
import type { Registry } from '../agent/registry.ts';
import { type CorrelationPairs, problemOfPairs } from '../base/correlation.ts';
import { exp } from '../base/elementary.ts';
import type { Param, ParamSchema, Part } from '../base/params.ts';
import { UNITS_MAX } from '../base/units.ts';
import { type MarketParams, problemsOfMarket } from '../protocol/market-params.ts';
import { CATALOG, MARKET_PARAMS } from './catalog.ts';
import type { Placer } from './place.ts';
import type { PresetShelf } from './preset.ts';
import { type Problem, showChoices, showFound } from './problem.ts';
import type { ContractsSpec, ParsedExperiment, Use } from './scenario.ts';

/** Accounts that every world opens for itself; a venue has its own name as its account's. */
const RESERVED = ['outside', 'proposer', 'flash-lender'];

type Path = readonly (string | number)[];
type Values = Record<string, unknown>;

/** What loading needs from around it. */
export interface LoadContext {
  readonly registry: Registry;
  /** The text of a file that a parameter names (relative to the experiment), or undefined when it cannot be read. */
  readText(path: string): string | undefined;
  /** The presets that `use: preset/NAME` may ask for; none where it is left out. */
  readonly presets?: PresetShelf | undefined;
  /** Hears of what is allowed and yet unwise. */
  warn?(warning: Problem): void;
}

/**
 * All problems of references, amounts and files; fills in the texts of files. Where the schema refused a part, `parsed` is the rest of
 * `raw`: a name counts as known if it is in `raw`, and `agentsAt` says where in the file each group of agents stands.
 */
export function link(
  parsed: ParsedExperiment,
  raw: unknown,
  context: LoadContext,
  place: Placer,
  agentsAt: readonly number[] = parsed.agents.map((_, index) => index),
): readonly Problem[] {
  const linker = createLinker(parsed, raw, context, place, agentsAt);
  linker.world();
  linker.agents();
  linker.amounts();
  return linker.problems;
}

function createLinker(parsed: ParsedExperiment, raw: unknown, context: LoadContext, place: Placer, agentsAt: readonly number[]) {
  const problems: Problem[] = [];
  const { world } = parsed;
  const written = (...path: Path) => keysAt(raw, path);
  const names = {
    asset: written('world', 'assets'),
    venue: written('world', 'venues'),
    oracle: written('world', 'oracles'),
    protocol: written('world', 'protocols'),
  };
  /** Largest number of units of each asset that the scenario puts into the world. */
  const supply = new Map<string, { units: number; path: Path; tokens: number }>();

  const refuse = (path: Path, found: string, expected: string, key = false) =>
    problems.push({ ...place(path, key), path: path.join('.'), found, expected });

  const expectName = (kind: keyof typeof names, name: unknown, path: Path, key = false) => {
    if (typeof name !== 'string' || names[kind].includes(name)) return;
    refuse(
      path,
      showFound(name),
      `the name of ${kind === 'asset' || kind === 'oracle' ? 'an' : 'a'} ${kind}: ${showChoices(name, names[kind])}`,
      key,
    );
  };

  /** Receipts of protocols, and the asset that each is a share of. */
  const receipts = new Map<string, string>();
  for (const { markets } of Object.values(world.protocols)) {
    for (const [asset, { receipt }] of Object.entries(markets)) if (typeof receipt === 'string') receipts.set(receipt, asset);
  }

  const addTokens = (asset: string, tokens: number, path: Path) => {
    if (receipts.has(asset) && tokens !== 0) refuse(path, `${tokens} of ${asset}`, 'none at the start: only supplying makes a receipt');
    const decimals = world.assets[asset]?.decimals;
    if (decimals === undefined || !(tokens > 0)) return;
    const sum = supply.get(asset) ?? { units: 0, path, tokens: 0 };
    sum.units += tokens * 10 ** decimals;
    if (tokens > sum.tokens) Object.assign(sum, { tokens, path });
    supply.set(asset, sum);
  };

  /** USD per token at the start, NaN where only a file knows it. */
  const startOf = (asset: string): number => {
    const start = world.prices[asset]?.with.start;
    return typeof start === 'number' ? start : Number.NaN;
  };

  const readFile = (values: Values, name: string, path: Path) => {
    const file = values[name];
    if (typeof file !== 'string') return;
    const text = context.readText(file);
    if (text === undefined) refuse(path, showFound(file), 'a file that can be read, relative to the experiment');
    else values[name] = { file, text };
  };

  const expectContract = (protocol: unknown, name: unknown, path: Path) => {
    const known = written('world', 'protocols', String(protocol), 'contracts', 'list');
    if (!names.protocol.includes(String(protocol)) || known.includes(String(name))) return;
    refuse(path, showFound(name), `the name of a contract of ${String(protocol)}: ${showChoices(String(name), known)}`);
  };

  /** Whose position it is: an agent of a group. Nobody is missed while the schema has refused a group. */
  const expectOwner = (owner: unknown, path: Path) => {
    const written = (raw as { agents: readonly unknown[] }).agents.length;
    const [group, number] = String(owner).split('/');
    const [index] = (number ?? '').split('#');
    const count = parsed.agents.find(({ name, use }) => (name ?? use) === group)?.count ?? 0;
    if (Number(index) < count || parsed.agents.length < written) return;
    refuse(
      path,
      showFound(owner),
      `an agent: one of ${parsed.agents.map(({ name, use, count: all }) => `${name ?? use}/0 … ${all - 1}`).join(', ')}`,
    );
  };

  const checkScript = (script: unknown, path: Path) => {
    for (const [index, step] of (script as { actions: Values[]; flash?: { asset: string }[] }[]).entries()) {
      for (const [at, loan] of (step.flash ?? []).entries()) expectName('asset', loan.asset, [...path, index, 'flash', at, 'asset']);
      for (const [at, action] of step.actions.entries()) {
        const { fields } = ACTIONS[action.do as keyof typeof ACTIONS];
        for (const [field, kind] of Object.entries(fields)) {
          if (kind === 'asset' || kind === 'venue' || kind === 'protocol')
            expectName(kind, action[field], [...path, index, 'actions', at, field]);
          else if (kind === 'contract') expectContract(action.protocol, action[field], [...path, index, 'actions', at, field]);
          else if (kind === 'position') expectOwner(action[field], [...path, index, 'actions', at, field]);
        }
      }
    }
  };

  const checkReceipt = (asset: string, receipt: unknown, path: Path) => {
    if (typeof receipt !== 'string') return;
    const decimals = world.assets[asset]?.decimals;
    if (receipt === asset) refuse(path, showFound(receipt), 'another asset than the one it is a share of');
    else if (world.assets[receipt] !== undefined && world.assets[receipt].decimals !== decimals) {
      refuse(path, `${world.assets[receipt].decimals} decimals`, `as many as ${asset} has: ${decimals}`);
    } else if (receipts.get(receipt) !== asset) refuse(path, showFound(receipt), 'a receipt of one market only');
  };

  const checkParam = (param: Param, values: Values, name: string, path: Path) => {
    const value = values[name];
    if (value === undefined) return;
    if (param.kind === 'assets') {
      for (const [index, asset] of (value as string[]).entries()) expectName('asset', asset, [...path, index]);
    } else if (param.kind === 'contract') expectContract(values.protocol, value, path);
    else if (param.kind === 'contracts') {
      for (const [index, contract] of (value as string[]).entries()) expectContract(values.protocol, contract, [...path, index]);
    } else if (param.kind === 'file') readFile(values, name, path);
    else if (param.kind === 'script') checkScript(value, path);
    else if (param.kind in names) expectName(param.kind as keyof typeof names, value, path);
  };

  const checkParams = (params: ParamSchema, values: Values, path: Path) => {
    for (const [name, param] of Object.entries(params)) checkParam(param, values, name, [...path, name]);
  };

  const checkPart = (floor: keyof typeof CATALOG, use: Use, path: Path) => {
    const part = (CATALOG[floor] as Readonly<Record<string, Part<never, unknown>>>)[use.use];
    const before = problems.length;
    checkParams(part.params, use.with as Values, [...path, 'with']);
    if (problems.length > before || part.check === undefined) return;
    for (const { param, found, expected, file, line } of part.check(use.with as never)) {
      const where = [...path, 'with', param];
      if (file === undefined) refuse(where, found, expected);
      else problems.push({ file, line: line ?? 0, column: 1, path: where.join('.'), found, expected });
    }
  };

  return {
    problems,

    world() {
      const priced = written('world', 'prices');
      for (const asset of names.asset) {
        const path = ['world', 'prices'];
        if (receipts.has(asset)) {
          if (priced.includes(asset))
            refuse([...path, asset], showFound(asset), 'no price process: a receipt is worth what its protocol is', true);
        } else if (!priced.includes(asset)) refuse(path, 'nothing', `a price process for ${asset}`);
      }
      for (const [asset, use] of Object.entries(world.prices)) {
        expectName('asset', asset, ['world', 'prices', asset], true);
        checkPart('price', use, ['world', 'prices', asset]);
      }
      this.correlation(world.correlation ?? {});
      expectName('asset', world.chain.gasAsset, ['world', 'chain', 'gasAsset']);
      for (const [asset, tokens] of Object.entries(world.chain.flash.funds)) {
        expectName('asset', asset, ['world', 'chain', 'flash', 'funds', asset], true);
        addTokens(asset, tokens, ['world', 'chain', 'flash', 'funds', asset]);
      }
      for (const [name, use] of Object.entries(world.venues)) this.venue(name, use);
      for (const [name, use] of Object.entries(world.oracles)) this.oracle(name, use);
      for (const [name, spec] of Object.entries(world.protocols)) this.protocol(name, spec);
    },

    correlation(pairs: CorrelationPairs) {
      const before = problems.length;
      for (const [pair, value] of Object.entries(pairs)) {
        const problem = problemOfPairs(names.asset, { [pair]: value });
        if (problem !== undefined) refuse(['world', 'correlation', pair], problem.found, problem.expected, true);
      }
      const whole = problems.length > before ? undefined : problemOfPairs(names.asset, pairs);
      if (whole !== undefined) refuse(['world', 'correlation'], whole.found, whole.expected, true);
    },

    venue(name: string, use: Use) {
      const path = ['world', 'venues', name];
      if (RESERVED.includes(name)) refuse(path, showFound(name), `a name other than ${RESERVED.join(', ')}`, true);
      checkPart('venue', use, path);
      const { base, quote, baseReserve, quoteReserve } = use.with as {
        base: string;
        quote: string;
        baseReserve?: number;
        quoteReserve: number;
      };
      if (base === quote) refuse([...path, 'with', 'quote'], showFound(quote), 'an asset other than base');
      if (baseReserve !== undefined && baseReserve > 0 !== quoteReserve > 0) {
        refuse([...path, 'with', 'baseReserve'], showFound(baseReserve), 'tokens of both assets, or of none');
      }
      addTokens(base, baseReserve ?? (quoteReserve * startOf(quote)) / startOf(base), [...path, 'with', 'baseReserve']);
      addTokens(quote, quoteReserve, [...path, 'with', 'quoteReserve']);
    },

    oracle(name: string, use: ParsedExperiment['world']['oracles'][string]) {
      const path = ['world', 'oracles', name];
      expectName('asset', use.asset, [...path, 'asset']);
      if (use.source !== 'outside') {
        const venue = world.venues[use.source];
        if (!names.venue.includes(use.source))
          refuse([...path, 'source'], showFound(use.source), `outside, or a venue: ${showChoices(use.source, names.venue)}`);
        else if (venue !== undefined && venue.with.base !== use.asset) {
          refuse(
            [...path, 'source'],
            showFound(use.source),
            `a venue whose base is ${use.asset} (this one's is ${String(venue.with.base)})`,
          );
        }
      }
      checkPart('oracle', use, path);
    },

    protocol(name: string, spec: ParsedExperiment['world']['protocols'][string]) {
      const path = ['world', 'protocols', name];
      const markets = written(...path, 'markets');
      for (const [asset, market] of Object.entries(spec.markets)) {
        expectName('asset', asset, [...path, 'markets', asset], true);
        checkParams(MARKET_PARAMS, market as Values, [...path, 'markets', asset]);
        expectName('oracle', market.oracle, [...path, 'markets', asset, 'oracle']);
        checkReceipt(asset, market.receipt, [...path, 'markets', asset, 'receipt']);
        const priced = world.oracles[market.oracle]?.asset;
        if (priced !== undefined && priced !== asset) {
          refuse([...path, 'markets', asset, 'oracle'], showFound(market.oracle), `an oracle of ${asset} (this one is of ${priced})`);
        }
        for (const { kind, param, found, expected } of problemsOfMarket(market as unknown as MarketParams)) {
          const where = [...path, 'markets', asset, param];
          if (kind === 'error') refuse(where, found, expected);
          else context.warn?.({ ...place(where), path: where.join('.'), found, expected });
        }
      }
      if (spec.contracts !== undefined) this.contracts(spec.contracts, markets, [...path, 'contracts']);
      for (const [index, change] of (spec.governance?.changes ?? []).entries()) {
        const where = [...path, 'governance', 'changes', index];
        for (const asset of Object.keys(change.markets)) {
          if (!markets.includes(asset))
            refuse([...where, 'markets', asset], showFound(asset), 'an asset with a market of this protocol', true);
        }
        if (change.risk !== undefined) checkPart('risk', change.risk, [...where, 'risk']);
      }
      if (spec.governance?.controller !== undefined)
        checkPart('controller', spec.governance.controller, [...path, 'governance', 'controller']);
      checkPart('risk', spec.risk, [...path, 'risk']);
      checkPart('liquidation', spec.liquidation, [...path, 'liquidation']);
      for (const [index, use] of spec.backstop.entries()) {
        checkPart('backstop', use, [...path, 'backstop', index]);
        this.sold(use, spec, [...path, 'backstop', index, 'with']);
        if (spec.backstop.findIndex((other) => other.use === use.use) < index)
          refuse([...path, 'backstop', index, 'use'], showFound(use.use), 'each backstop at most once');
      }
      for (const [asset, tokens] of Object.entries(spec.fund)) {
        expectName('asset', asset, [...path, 'fund', asset], true);
        if (!markets.includes(asset)) refuse([...path, 'fund', asset], showFound(asset), 'an asset with a market of this protocol', true);
        addTokens(asset, tokens, [...path, 'fund', asset]);
      }
    },

    /** What a layer of the waterfall sells must have a buyer: a venue against something that the protocol may be short of. */
    sold(use: Use, spec: ParsedExperiment['world']['protocols'][string], path: Path) {
      const venues = Object.values(world.venues).map((venue) => [String(venue.with.base), String(venue.with.quote)]);
      // A venue that the schema has refused may be the one that is looked for.
      if (venues.length < names.venue.length) return;
      const lent = Object.entries(spec.markets).filter(([, market]) => market.borrowable !== false);
      const owed = [...new Set([...lent.map(([asset]) => asset), ...(spec.contracts === undefined ? [] : [spec.contracts.settle])])];
      for (const [name, { kind }] of Object.entries<Param>(CATALOG.backstop[use.use as keyof typeof CATALOG.backstop].params)) {
        if ((kind !== 'asset' && kind !== 'assets') || use.with[name] === undefined) continue;
        for (const asset of [use.with[name]].flat() as string[]) {
          const bought = owed.filter((other) => venues.some((pair) => pair.includes(asset) && pair.includes(other) && asset !== other));
          if (!names.asset.includes(asset) || bought.length === owed.length) continue;
          const where = [...path, name];
          const missing = owed.filter((other) => other !== asset && !bought.includes(other)).join(', ');
          if (bought.length === 0) refuse(where, showFound(asset), `an asset that a venue trades against what may be short: ${missing}`);
          else if (missing !== '') {
            const expected = `an asset that a venue trades against ${missing} as well: where that is short it cannot be sold`;
            context.warn?.({ ...place(where), path: where.join('.'), found: showFound(asset), expected });
          }
        }
      }
    },

    contracts(spec: ContractsSpec, markets: readonly string[], path: Path) {
      const expectMarket = (asset: unknown, where: Path) => {
        expectName('asset', asset, where);
        if (names.asset.includes(String(asset)) && !markets.includes(String(asset))) {
          refuse(where, showFound(asset), `an asset with a market of this protocol: ${showChoices(String(asset), markets)}`);
        }
      };
      expectMarket(spec.settle, [...path, 'settle']);
      for (const [name, use] of Object.entries(spec.list)) {
        checkPart('contract', use, [...path, 'list', name]);
        const { requires = [] } = (CATALOG.contract as Readonly<Record<string, Part<never, unknown>>>)[use.use];
        if (requires.includes('surface') && spec.surface === undefined)
          refuse([...path, 'surface'], 'nothing', `a surface: ${name} needs one`);
        expectMarket(use.underlying, [...path, 'list', name, 'underlying']);
      }
      checkPart('closeout', spec.closeout, [...path, 'closeout']);
      if (spec.surface !== undefined) checkPart('surface', spec.surface, [...path, 'surface']);
      addTokens(spec.settle, spec.house, [...path, 'house']);
    },

    agents() {
      const seen = new Set<string>();
      for (const [order, group] of parsed.agents.entries()) {
        const index = agentsAt[order];
        const name = group.name ?? group.use;
        if (seen.has(name))
          refuse(
            ['agents', index, group.name === undefined ? 'use' : 'name'],
            showFound(name),
            'a name of its own for each group of agents',
          );
        seen.add(name);
        const part = context.registry.get(group.use) as AgentPart;
        checkParams(part.params, group.params as Values, ['agents', index, 'params']);
        for (const [asset, tokens] of Object.entries(group.wallet)) {
          const path = ['agents', index, 'wallet', asset];
          expectName('asset', asset, path, true);
          addTokens(asset, drawMax(tokens) * group.count, path);
        }
      }
    },

    amounts() {
      for (const [asset, { units, path }] of supply) {
        if (units <= UNITS_MAX) continue;
        const decimals = world.assets[asset].decimals;
        const found = `${units.toExponential(3)} units of ${asset} in all (${decimals} decimals)`;
        refuse(path, found, `at most 2^53 − 1 = ${UNITS_MAX} units: fewer tokens, or fewer decimals`);
      }
    },
  };
}

/** The keys of the block at a path of plain data; none where there is no block. */
function keysAt(root: unknown, path: Path): string[] {
  let node = root;
  for (const step of path) node = (node as Values | null | undefined)?.[step];
  return typeof node === 'object' && node !== null ? Object.keys(node) : [];
}

/** The most that a number or draw can give; unbounded draws at ten standard deviations. */
function drawMax(value: unknown): number {
  if (typeof value === 'number') return value;
  const draw = value as { uniform?: [number, number]; normal?: [number, number]; lognormal?: [number, number]; oneOf?: number[] };
  if (draw.uniform) return draw.uniform[1];
  if (draw.normal) return draw.normal[0] + 10 * draw.normal[1];
  if (draw.lognormal) return draw.lognormal[0] * exp(10 * draw.lognormal[1]);
  return Math.max(...(draw.oneOf ?? [0]));
}
