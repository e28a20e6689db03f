/**
 * What zod cannot see: that every name refers to something of the right kind, that every asset has a price, that amounts fit the
 * ledger, and that the files which parameters name can be read (their text is filled in here). Knows kinds of parameters, never which
 * plug-in has them.
 */
import type { AgentPart } from '../agent/agent.ts';
import type { Registry } from '../agent/registry.ts';
import { exp } from '../base/elementary.ts';
import { UNITS_MAX } from '../base/units.ts';
import type { Expression } from '../formula/expression.ts';
import type { FormulaProblem } from '../formula/formula.ts';
import { problemsOfPolicy } from '../oracle/accepted.ts';
import { type MarketParams, problemsOfMarket } from '../protocol/market-params.ts';
import { COMMON_JUMP_PARAMS, MARKET_PARAMS, partOf, READING_PARAMS } from './catalog.ts';
import { checkBackstop } from './check-backstop.ts';
import { checkGovernance } from './check-governance.ts';
import { checkMarginCall } from './check-margin-call.ts';
import { createParamChecks } from './check-params.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { oracleOrder, oraclesNamed } from './oracle-order.ts';
import type { Placer } from './place.ts';
import type { PresetShelf } from './preset.ts';
import { type Problem, showChoices, showFound } from './problem.ts';
import type { ContractsSpec, GovernanceSpec, ParsedExperiment, ProtocolSpec, Use } from './scenario.ts';

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
  /** The tree of a formula's text, or what is wrong with the text; undefined, as if there were no such function, where none can be read. */
  parseFormula?(text: string): Expression | FormulaProblem | undefined;
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

  const warn = (path: Path, found: string, expected: string) => context.warn?.({ ...place(path), path: path.join('.'), found, expected });
  const pairs = Object.values(world.venues).map((venue) => [String(venue.with.base), String(venue.with.quote)]);

  const { expectName, checkCorrelation, checkParams, checkPart } = createParamChecks({
    names,
    agents: parsed.agents,
    groups: (raw as { agents?: readonly unknown[] }).agents?.length ?? 0,
    problems,
    place,
    refuse,
    written,
    readText: context.readText,
    parseFormula: (text) => context.parseFormula?.(text),
  });

  /** Receipts of protocols, and the asset that each is a share of. */
  const receipts = new Map<string, string>();
  for (const { markets } of Object.values(world.protocols)) {
    for (const [asset, { receipt }] of Object.entries(markets)) if (typeof receipt === 'string') receipts.set(receipt, asset);
  }

  /** Shares of pools, and the pool of each. */
  const shares = new Map<string, string>();
  for (const [name, { with: terms }] of Object.entries(world.venues)) if (typeof terms.share === 'string') shares.set(terms.share, name);

  const addTokens = (asset: string, tokens: number, path: Path) => {
    if (shares.has(asset) && tokens !== 0) refuse(path, `${tokens} of ${asset}`, 'none at the start: only adding liquidity makes a share');
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

  const checkReceipt = (asset: string, receipt: unknown, path: Path) => {
    if (typeof receipt !== 'string') return;
    const decimals = world.assets[asset]?.decimals;
    if (receipt === asset) refuse(path, showFound(receipt), 'another asset than the one it is a share of');
    else if (world.assets[receipt] !== undefined && world.assets[receipt].decimals !== decimals) {
      refuse(path, `${world.assets[receipt].decimals} decimals`, `as many as ${asset} has: ${decimals}`);
    } else if (receipts.get(receipt) !== asset) refuse(path, showFound(receipt), 'a receipt of one market only');
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
        } else if (shares.has(asset)) {
          if (priced.includes(asset))
            refuse([...path, asset], showFound(asset), 'no price process: a share is worth its part of the pool', true);
        } else if (!priced.includes(asset)) refuse(path, 'nothing', `a price process for ${asset}`);
      }
      for (const [asset, use] of Object.entries(world.prices)) {
        expectName('asset', asset, ['world', 'prices', asset], true);
        checkPart('price', use, ['world', 'prices', asset]);
      }
      for (const [index, jumps] of world.commonJumps.entries()) {
        checkParams(COMMON_JUMP_PARAMS, jumps as unknown as Values, ['world', 'commonJumps', index], Object.keys(world.prices));
      }
      checkCorrelation(world.correlation ?? {}, names.asset, ['world', 'correlation']);
      expectName('asset', world.chain.gasAsset, ['world', 'chain', 'gasAsset']);
      this.chain();
      for (const [asset, tokens] of Object.entries(world.chain.flash.funds)) {
        expectName('asset', asset, ['world', 'chain', 'flash', 'funds', asset], true);
        addTokens(asset, tokens, ['world', 'chain', 'flash', 'funds', asset]);
      }
      for (const [name, use] of Object.entries(world.venues)) this.venue(name, use);
      for (const [name, use] of Object.entries(world.oracles)) this.oracle(name, use);
      const { circle } = oracleOrder(world);
      if (circle !== undefined)
        refuse(['world', 'oracles', circle[0]], circle.join(' reads '), 'oracles that do not read each other', true);
      for (const [name, spec] of Object.entries(world.protocols)) this.protocol(name, spec);
    },

    chain() {
      const { demand, proposers, gasAsset } = world.chain;
      const path = ['world', 'chain'];
      if (demand !== undefined) {
        checkPart('price', demand.price, [...path, 'demand', 'price']);
        if (gasAsset === undefined)
          refuse([...path, 'demand'], 'bids for gas', 'a gasAsset that they are made in: without one gas is free', true);
        if (written(...path).includes('background'))
          refuse([...path, 'background'], showFound(world.chain.background), 'nothing: demand says who else is in a block', true);
      }
      const groups = parsed.agents.map(({ name, use }) => name ?? use);
      let left = 1;
      for (const [group, share] of Object.entries(proposers)) {
        if (!groups.includes(group) && parsed.agents.length === agentsAt.length)
          refuse([...path, 'proposers', group], showFound(group), `a group of agents: ${showChoices(group, groups)}`, true);
        left -= share;
        // Ten shares of a tenth are 1, and not quite in binary.
        if (left < -1e-9) refuse([...path, 'proposers', group], String(share), 'shares of 1 in all');
      }
    },

    venue(name: string, use: Use) {
      const path = ['world', 'venues', name];
      if (RESERVED.includes(name)) refuse(path, showFound(name), `a name other than ${RESERVED.join(', ')}`, true);
      checkPart('venue', use, path);
      const { base, quote } = use.with as { base: string; quote: string };
      if (base === quote) refuse([...path, 'with', 'quote'], showFound(quote), 'an asset other than base');
      const { share } = use.with;
      if (share === base || share === quote) refuse([...path, 'with', 'share'], showFound(share), 'an asset other than base and quote');
      else if (typeof share === 'string' && (shares.get(share) !== name || receipts.has(share)))
        refuse([...path, 'with', 'share'], showFound(share), 'a share of one pool only');
      const decimals = (asset: string) => world.assets[asset]?.decimals ?? 0;
      const opening = partOf('venue', use.use).opening?.(use.with as never, { start: startOf, decimals });
      if (opening === undefined) return;
      if (!('base' in opening)) {
        for (const { param, found, expected } of opening) refuse([...path, 'with', param], found, expected);
        return;
      }
      addTokens(base, opening.base, [...path, 'with', 'baseReserve']);
      addTokens(quote, opening.quote, [...path, 'with', 'quoteReserve']);
    },

    oracle(name: string, use: ParsedExperiment['world']['oracles'][string]) {
      const path = ['world', 'oracles', name];
      expectName('asset', use.asset, [...path, 'asset']);
      const venue = use.source === 'outside' ? undefined : world.venues[use.source];
      const sources = [...names.venue, ...names.oracle.filter((other) => other !== name)];
      if (use.source !== 'outside' && !names.venue.includes(use.source) && !names.oracle.includes(use.source)) {
        refuse([...path, 'source'], showFound(use.source), `outside, a venue or another oracle: ${showChoices(use.source, sources)}`);
      } else if (venue !== undefined && venue.with.base !== use.asset) {
        const expected = `a venue whose base is ${use.asset} (this one's is ${String(venue.with.base)})`;
        refuse([...path, 'source'], showFound(use.source), expected);
      }
      if (partOf('oracle', use.use).requires?.includes('venue') && !names.venue.includes(use.source))
        refuse([...path, 'source'], showFound(use.source), `a venue: ${showChoices(use.source, names.venue)}`);
      if (use.quote !== undefined) this.quote(use.quote, venue, [...path, 'quote']);
      const source = venue === undefined ? world.oracles[use.source] : undefined;
      if (source !== undefined && source.asset !== use.asset)
        refuse([...path, 'source'], showFound(use.source), `an oracle of ${use.asset} (this one is of ${source.asset})`);
      const pool = partOf('oracle', use.use).pricesShareOf?.(use.with as never);
      if (pool !== undefined) this.share(use, String(pool), [...path, 'with']);
      for (const other of pool === undefined ? oraclesNamed(use) : []) {
        const asset = world.oracles[other]?.asset ?? use.asset;
        if (asset !== use.asset) refuse([...path, 'with'], showFound(other), `oracles of ${use.asset} (this one is of ${asset})`);
      }
      checkPart('oracle', use, path);
      const silent = partOf('oracle', use.use).silentFor?.(use.with as never) ?? 0;
      // Of a horizon that could not be read nothing is known.
      if (silent > parsed.horizon && parseDuration((raw as Values).horizon as string) === parsed.horizon)
        refuse([...path, 'with'], `silent for ${formatDuration(silent)}`, `to speak within the horizon, ${formatDuration(parsed.horizon)}`);
    },

    /** An oracle of a pool's share: of that pool's, and from oracles of what is in it. */
    share({ asset, with: terms }: Use & { readonly asset: string }, pool: string, path: Path) {
      const inPool = world.venues[pool]?.with;
      if (inPool === undefined) return;
      if (inPool.share !== asset) refuse([...path, 'pool'], showFound(pool), `a pool whose share is ${asset}`);
      for (const side of ['base', 'quote']) {
        const of = world.oracles[String(terms[side])]?.asset;
        if (of !== undefined && of !== inPool[side])
          refuse([...path, side], showFound(terms[side]), `an oracle of ${String(inPool[side])} (this one is of ${of})`);
      }
    },

    /** What turns a venue's price into USD. */
    quote(quote: string, venue: Use | undefined, path: Path) {
      if (venue === undefined) return void refuse(path, showFound(quote), 'nothing: only a venue has a quote asset');
      if (quote === 'outside' || quote === 'none') return;
      const asset = String(venue.with.quote);
      const known = Object.entries(world.oracles).flatMap(([name, other]) => (other.asset === asset ? [name] : []));
      if (!known.includes(quote)) refuse(path, showFound(quote), `outside, none, or an oracle of ${asset}: ${showChoices(quote, known)}`);
    },

    protocol(name: string, spec: ParsedExperiment['world']['protocols'][string]) {
      const path = ['world', 'protocols', name];
      const markets = written(...path, 'markets');
      for (const [asset, market] of Object.entries(spec.markets)) {
        expectName('asset', asset, [...path, 'markets', asset], true);
        checkParams(MARKET_PARAMS, market as Values, [...path, 'markets', asset]);
        expectName('oracle', market.oracle, [...path, 'markets', asset, 'oracle']);
        checkReceipt(asset, market.receipt, [...path, 'markets', asset, 'receipt']);
        if (market.reading !== undefined) this.reading(market.reading, asset, [...path, 'markets', asset, 'reading']);
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
      if (spec.governance !== undefined) this.governance(spec.governance, spec, [...path, 'governance']);
      checkMarginCall(spec, path, warn);
      checkPart('risk', spec.risk, [...path, 'risk'], markets);
      checkPart('liquidation', spec.liquidation, [...path, 'liquidation'], markets);
      const { excludes = [] } = partOf('liquidation', spec.liquidation.use);
      if (spec.contracts !== undefined && excludes.includes('contracts'))
        refuse([...path, 'liquidation', 'use'], showFound(spec.liquidation.use), 'a liquidation that contracts may stand beside');
      for (const [index, use] of spec.backstop.entries()) {
        checkPart('backstop', use, [...path, 'backstop', index]);
        // A venue that the schema has refused may be the one that is looked for.
        if (pairs.length === names.venue.length) {
          checkBackstop(use, spec, [...path, 'backstop', index, 'with'], { assets: names.asset, pairs, refuse, warn });
        }
        if (spec.backstop.findIndex((other) => other.use === use.use) < index)
          refuse([...path, 'backstop', index, 'use'], showFound(use.use), 'each backstop at most once');
      }
      for (const [asset, tokens] of Object.entries(spec.fund)) {
        expectName('asset', asset, [...path, 'fund', asset], true);
        if (!markets.includes(asset)) refuse([...path, 'fund', asset], showFound(asset), 'an asset with a market of this protocol', true);
        addTokens(asset, tokens, [...path, 'fund', asset]);
      }
    },

    /** What a market makes of its oracle. */
    reading(policy: Values, asset: string, path: Path) {
      checkParams(READING_PARAMS, policy, path);
      for (const { param, found, expected } of problemsOfPolicy(policy as { onInvalid: string; fallback?: string }))
        refuse([...path, param], found, expected);
      const other = world.oracles[String(policy.fallback)]?.asset;
      if (other !== undefined && other !== asset) refuse([...path, 'fallback'], showFound(policy.fallback), `an oracle of ${asset}`);
    },

    governance(spec: GovernanceSpec, protocol: ProtocolSpec, path: Path) {
      const markets = written(...path.slice(0, -1), 'markets');
      for (const [index, { risk }] of spec.changes.entries()) {
        if (risk !== undefined) checkPart('risk', risk, [...path, 'changes', index, 'risk'], markets);
      }
      if (spec.controller !== undefined) checkPart('controller', spec.controller, [...path, 'controller'], markets);
      checkGovernance(spec, protocol, path, {
        markets,
        contracts: written(...path.slice(0, -1), 'contracts', 'list'),
        refuse,
        warn,
      });
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
        const { requires = [] } = partOf('contract', use.use);
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
