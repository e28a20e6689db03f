/**
 * From a checked scenario to the parts of a world: ledger, prices, venues, oracles, protocols, agents; names become dense ids, tokens
 * become units, draws are drawn. It wires nothing to time: that is `run/world.ts`.
 *
 * Random streams by label: `price/ETH`, `agent/borrower/3`, `params/borrower/3`: whoever is added moves nobody else's draws (SIM-2).
 */
import type { Agent, AgentPart, Self } from '../agent/agent.ts';
import type { Registry } from '../agent/registry.ts';
import { drawLognormal, drawTruncatedNormal } from '../base/distributions.ts';
import { assert, fault } from '../base/fault.ts';
import type { Param, ParamSchema, Part } from '../base/params.ts';
import { type Random, randomFrom } from '../base/random.ts';
import { type AccountId, type AssetId, type Ms, toTokens, toUnitsDown, type Units, type UsdPrice } from '../base/units.ts';
import type { ChainOptions } from '../chain/block-chain.ts';
import type { LatencyModel } from '../kernel/latency.ts';
import { type Assets, createAssets } from '../ledger/assets.ts';
import { Journal } from '../ledger/journal.ts';
import { Ledger, OUTSIDE } from '../ledger/ledger.ts';
import type { Flow } from '../market/flow.ts';
import type { Venue, VenueNeeds } from '../market/venue.ts';
import { type Accepted, accept, type ReadingPolicy } from '../oracle/accepted.ts';
import type { Oracle, OracleNeeds } from '../oracle/oracle.ts';
import type { PriceProcess } from '../price/process.ts';
import type { Backstop, BackstopNeeds } from '../protocol/backstop/backstop.ts';
import type { Controller, ControllerNeeds } from '../protocol/governance/governance.ts';
import type { Contract, ContractNeeds } from '../protocol/instrument/contract.ts';
import type { VolatilitySurface } from '../protocol/instrument/volatility-surface.ts';
import type { Closeout, CloseoutNeeds } from '../protocol/liquidation/closeout.ts';
import type { Mechanism, MechanismNeeds } from '../protocol/liquidation/mechanism.ts';
import type { MarketParams } from '../protocol/market-params.ts';
import { createProtocol, type Protocol, type ProtocolNeeds, type ProtocolOptions } from '../protocol/protocol.ts';
import type { RiskEngine, RiskNeeds } from '../protocol/risk/risk-engine.ts';
import { EVENT_KINDS, type EventKind } from '../record/recorder.ts';
import { buildChain } from './build-chain.ts';
import { buildGovernance, type GovernanceSite } from './build-governance.ts';
import { buildOracles, type PlacedOracle } from './build-oracles.ts';
import { buildPrices } from './build-prices.ts';
import { CATALOG, MARKET_PARAMS, READING_PARAMS } from './catalog.ts';
import { oraclesAsked } from './oracle-order.ts';
import type { Draw } from './param-schema.ts';
import type { AgentGroup, ContractsSpec, LatencySpec, ProtocolSpec, Scenario, Use } from './scenario.ts';
import { compileScript, type ScriptStep } from './script.ts';

/** An agent in its place. */
export interface PlacedAgent {
  readonly self: Self;
  readonly role: string;
  readonly latency: LatencyModel;
  /** Its own stream for latencies, apart from the one its decisions draw from. */
  readonly latencyRandom: Random;
  readonly agent: Agent;
}

/** What the world gives to its parts. */
export interface WorldHooks {
  fair(asset: AssetId): UsdPrice;
  now(): Ms;
  /** What the trades of a venue tell. */
  flow(venue: number): Flow;
  report(kind: EventKind, actor: AccountId, subject: number, a: number, b: number, c: number, d: number): number;
}

export interface Parts {
  readonly assets: Assets;
  readonly ledger: Ledger;
  /** By asset id. */
  readonly prices: readonly PriceProcess[];
  readonly venues: readonly Venue[];
  readonly oracles: readonly PlacedOracle[];
  /** Numbers of the oracles, each after those that it reads. */
  readonly oracleOrder: readonly number[];
  /** Numbers of the oracles that markets ask, fallbacks included. */
  readonly believed: readonly number[];
  /** What markets with a policy of their own make of their oracles. */
  readonly policies: readonly Accepted[];
  readonly protocols: readonly Protocol[];
  readonly chain: ChainOptions;
  readonly agents: readonly PlacedAgent[];
}

/** Builds all parts of one run. */
export function buildParts(scenario: Scenario, registry: Registry, seed: number, hooks: WorldHooks): Parts {
  const { world } = scenario;
  const random = randomFrom(seed);
  const assets = createAssets(Object.entries(world.assets).map(([name, { decimals }]) => ({ name, decimals })));
  const ledger = new Ledger(assets, new Journal());
  const ids = createIds(scenario, assets);
  const make = <Needs, Made>(floor: keyof typeof CATALOG, use: Use, needs: Needs): Made => {
    const part = (CATALOG[floor] as unknown as Readonly<Record<string, Part<Needs, Made>>>)[use.use];
    return part.create(resolveParams(part.params, use.with, ids, undefined) as never, needs);
  };

  const prices = buildPrices(world, assets.names, random, (name, needs) => {
    // A receipt has no process: the world values it by what its protocol is worth.
    return world.prices[name] === undefined ? NO_PROCESS : make('price', world.prices[name], needs);
  });
  const venues = Object.entries(world.venues).map(([name, use], venue) =>
    make<VenueNeeds, Venue>('venue', use, {
      name,
      ledger,
      startPrice: (asset) => prices[asset].start,
      fair: hooks.fair,
      now: hooks.now,
      filled: (maker, base, quote, price) => void hooks.report('maker-fill', maker, venue, base, quote, price, 0),
    }),
  );
  const { oracles, order: oracleOrder } = buildOracles(world, {
    ...{ ids, ledger, venues, random, fair: hooks.fair, traded: (venue) => hooks.flow(venue).total },
    make: (use, needs) => make<OracleNeeds, Oracle>('oracle', use, needs),
  });
  const specs = Object.entries(world.protocols);
  const sizes = specs.map(([, { markets }]) => Object.keys(markets).length);
  const depths = specs.map(([, { contracts }]) => Object.keys(contracts?.list ?? {}).length);
  const policies: Accepted[] = [];
  const protocols = specs.map(([name, spec], index) => {
    const before = (of: readonly number[]) => of.slice(0, index).reduce((sum, size) => sum + size, 0);
    const bases = { marketBase: before(sizes), contractBase: before(depths) };
    return buildProtocol(name, spec, { ledger, ids, oracles, policies, venues, hooks, make, index, count: specs.length, ...bases });
  });
  const agents = scenario.agents.flatMap((group) => buildGroup(group, registry, { ledger, ids, random }));
  const chain = buildChain(world.chain, {
    ids,
    random,
    accountsOf: (group) => agents.filter(({ self }) => self.name.startsWith(`${group}/`)).map(({ self }) => self.account),
    price: (use, needs) => make('price', use, needs),
  });
  return {
    assets,
    ledger,
    prices,
    venues,
    oracles,
    oracleOrder,
    policies,
    believed: oraclesAsked(world).map((name) => ids.get('oracle', name)),
    protocols,
    chain,
    agents: number(agents),
  };
}

const NO_PROCESS: PriceProcess = { start: Number.NaN, next: () => Number.NaN };

/** Names to dense ids. */
interface Ids {
  get(kind: 'asset' | 'venue' | 'oracle' | 'protocol', name: string): number;
  toUnits(asset: string, tokens: number): Units;
  venueAssets(venue: string): readonly [string, string];
  contract(protocol: string, name: string): number;
  toSize(protocol: string, contract: string, tokens: number): Units;
  readonly assets: Assets;
}

function createIds({ world }: Scenario, assets: Assets): Ids {
  const tables = {
    asset: new Map(assets.names.map((name, id) => [name, id])),
    venue: new Map(Object.keys(world.venues).map((name, id) => [name, id])),
    oracle: new Map(Object.keys(world.oracles).map((name, id) => [name, id])),
    protocol: new Map(Object.keys(world.protocols).map((name, id) => [name, id])),
  };
  const get: Ids['get'] = (kind, name) => {
    const id = tables[kind].get(name);
    assert(id !== undefined, 'SCENARIO_NAME', { kind, name });
    return id;
  };
  return {
    get,
    assets,
    toUnits: (asset, tokens) => toUnitsDown(tokens, assets.decimals[get('asset', asset)]),
    contract: (protocol, name) => Object.keys(world.protocols[protocol].contracts?.list ?? {}).indexOf(name),
    toSize(protocol, contract, tokens) {
      const underlying = world.protocols[protocol].contracts?.list[contract].underlying ?? '';
      return Math.sign(tokens) * toUnitsDown(Math.abs(tokens), assets.decimals[get('asset', underlying)]);
    },
    venueAssets: (venue) => {
      const { base, quote } = world.venues[venue].with as { base: string; quote: string };
      return [base, quote];
    },
  };
}

interface ProtocolSite {
  readonly ledger: Ledger;
  readonly ids: Ids;
  readonly oracles: readonly PlacedOracle[];
  /** Filled by each protocol with the policies of its markets. */
  readonly policies: Accepted[];
  readonly venues: readonly Venue[];
  readonly hooks: WorldHooks;
  /** Its number among the protocols, how many there are, and the world's numbers of its first market and contract. */
  readonly index: number;
  readonly count: number;
  readonly marketBase: number;
  readonly contractBase: number;
  make<Needs, Made>(floor: keyof typeof CATALOG, use: Use, needs: Needs): Made;
}

function buildProtocol(name: string, spec: ProtocolSpec, site: ProtocolSite): Protocol {
  const { ledger, ids, oracles, venues, hooks, make } = site;
  const markets = Object.entries(spec.markets);
  const sources = markets.map(([, { oracle }]) => oracles[ids.get('oracle', oracle)].oracle);
  const accepted = markets.map(([, { reading }], market) => {
    if (reading === undefined) return undefined;
    const policy = resolveParams(READING_PARAMS, reading, ids, undefined) as unknown as ReadingPolicy;
    const policed = accept(sources[market], policy, policy.fallback === undefined ? undefined : oracles[policy.fallback].oracle);
    site.policies.push(policed);
    return policed;
  });
  const marketIndex = (asset: string) => markets.findIndex(([other]) => other === asset);
  const riskOf = (use: Use) => (needs: RiskNeeds) => make<RiskNeeds, RiskEngine>('risk', use, needs);
  const governanceSite: GovernanceSite = {
    marketIndex,
    contractIndex: (contract) => Object.keys(spec.contracts?.list ?? {}).indexOf(contract),
    risk: riskOf,
    controller: (use) => (needs) => make<ControllerNeeds, Controller>('controller', use, needs),
  };
  const options: ProtocolOptions = {
    name,
    markets: markets.map(([asset, params]) => ({
      asset: ids.get('asset', asset),
      params: resolveParams(MARKET_PARAMS, params, ids, undefined) as unknown as MarketParams,
    })),
    risk: riskOf(spec.risk),
    liquidation: (needs) => make<MechanismNeeds, Mechanism>('liquidation', spec.liquidation, needs),
    backstop: spec.backstop.map((use) => make<BackstopNeeds, Backstop>('backstop', use, { scale: (asset) => ids.assets.scale[asset] })),
    fund: Object.entries(spec.fund).map(([asset, tokens]) => ({ asset: ids.get('asset', asset), units: ids.toUnits(asset, tokens) })),
    marginTradeCheck: spec.marginTradeCheck,
    ...(spec.marginCall === undefined ? {} : { marginCall: spec.marginCall }),
    ...(spec.contracts === undefined ? {} : { contracts: contractsOf(spec.contracts, site, marketIndex) }),
    ...(spec.governance === undefined ? {} : { governance: buildGovernance(spec.governance, governanceSite) }),
  };
  const oracleUsd = (market: number, now: Ms) => {
    const policy = accepted[market];
    if (policy !== undefined) return policy.usd(now);
    const reading = sources[market].read(now);
    return reading.valid ? reading.price : Number.NaN;
  };
  const halted: ProtocolNeeds['halted'] = (what, market, now) => accepted[market]?.halts(what, now) ?? false;
  const report = worldNumbers(site, hooks.report);
  const needs = { ledger, venues, flow: hooks.flow, oracleUsd, fairUsd: hooks.fair, report };
  // Where no market has a policy nothing is ever halted, and nobody asks.
  return createProtocol(options, accepted.some((policy) => policy !== undefined) ? { ...needs, halted } : needs);
}

/** Where no contract requires one. */
const NO_SURFACE: VolatilitySurface = { volatility: () => Number.NaN };

type ContractOptions = NonNullable<ProtocolOptions['contracts']>;

function contractsOf(spec: ContractsSpec, { ids, make }: ProtocolSite, marketIndex: (asset: string) => number): ContractOptions {
  const surface = spec.surface === undefined ? NO_SURFACE : make<undefined, VolatilitySurface>('surface', spec.surface, undefined);
  return {
    settle: ids.get('asset', spec.settle),
    list: Object.entries(spec.list).map(([name, use]) => {
      const decimals = ids.assets.decimals[ids.get('asset', use.underlying)];
      return make<ContractNeeds, Contract>('contract', use, { name, market: marketIndex(use.underlying), decimals, surface });
    }),
    closeout: (needs) => make<CloseoutNeeds, Closeout>('closeout', spec.closeout, needs),
    house: ids.toUnits(spec.settle, spec.house),
  };
}

/**
 * A protocol numbers its markets, contracts and positions from 0; facts number them over the world: markets and contracts one protocol
 * after the other, positions (which go on being opened) as position · protocols + protocol.
 */
function worldNumbers({ index, count, marketBase, contractBase }: ProtocolSite, report: WorldHooks['report']): WorldHooks['report'] {
  const numberOf = (what: string, subject: number): number => {
    if (what === 'market') return subject + marketBase;
    if (what === 'position') return subject * count + index;
    if (what === 'protocol') return index;
    return what === 'contract' ? subject + contractBase : subject;
  };
  return (kind, actor, subject, a, b, c, d) => {
    const means = EVENT_KINDS[kind];
    const named = means.b === 'market' || (means.b === 'contract' && b >= 0);
    return report(kind, actor, numberOf(means.subject, subject), a, named ? numberOf(means.b, b) : b, c, d);
  };
}

interface AgentSite {
  readonly ledger: Ledger;
  readonly ids: Ids;
  readonly random: Random;
}

function buildGroup(group: AgentGroup, registry: Registry, { ledger, ids, random }: AgentSite): PlacedAgent[] {
  const part = registry.get(group.use) as AgentPart;
  const role = group.role ?? part.role;
  return Array.from({ length: group.count }, (_, index) => {
    const name = `${group.name}/${index}`;
    const account = ledger.open(name, role);
    const draws = random.split(`params/${name}`);
    for (const [asset, tokens] of Object.entries(group.wallet)) {
      const drawn = drawValue(tokens, 0, Number.POSITIVE_INFINITY, draws.split(`wallet/${asset}`));
      ledger.transfer(OUTSIDE, account, ids.get('asset', asset), ids.toUnits(asset, drawn));
    }
    const self: Self = {
      name,
      id: -1,
      index,
      account,
      latency: typicalLatency(group.latency),
      random: random.split(`agent/${name}`),
      assets: ids.assets,
      toUnits: (asset, tokens) => toUnitsDown(tokens, ids.assets.decimals[asset]),
      toTokens: (asset, units) => toTokens(units, ids.assets.decimals[asset]),
    };
    const params = resolveParams(part.params, group.params, ids, draws);
    return {
      self,
      role,
      latency: latencyModel(group.latency),
      latencyRandom: random.split(`latency/${name}`),
      agent: createAgent(part, params, self),
    };
  });
}

/** Faults: AGENT_CREATE (it threw: whose it was, and what it said). */
function createAgent(part: AgentPart, params: Record<string, unknown>, self: Self): Agent {
  try {
    return part.create(params as never, self);
  } catch (thrown) {
    return fault('AGENT_CREATE', { agent: self.name, message: thrown instanceof Error ? thrown.message : String(thrown) });
  }
}

/** Numbers the agents of all groups one after the other. */
function number(agents: readonly PlacedAgent[]): readonly PlacedAgent[] {
  for (const [id, { self }] of agents.entries()) Object.assign(self, { id });
  return agents;
}

function typicalLatency(spec: LatencySpec): Ms {
  if ('constant' in spec) return spec.constant;
  return 'uniform' in spec ? Math.round((spec.uniform[0] + spec.uniform[1]) / 2) : spec.lognormal.median;
}

function latencyModel(spec: LatencySpec): LatencyModel {
  if ('constant' in spec) return { kind: 'constant', delay: spec.constant };
  if ('uniform' in spec) return { kind: 'uniform', from: spec.uniform[0], to: spec.uniform[1] };
  return { kind: 'lognormal', ...spec.lognormal };
}

/** Values for `create`: references as ids, draws drawn (each from the stream of its own name), scripts compiled. */
function resolveParams(
  params: ParamSchema,
  values: Readonly<Record<string, unknown>>,
  ids: Ids,
  draws: Random | undefined,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).map(([name, param]) => {
      const value = values[name];
      return [name, value === undefined ? undefined : resolveParam(param, value, ids, draws?.split(name), values.protocol)];
    }),
  );
}

/** @param protocol  name of the protocol whose contracts are named */
function resolveParam(param: Param, value: unknown, ids: Ids, random: Random | undefined, protocol: unknown): unknown {
  switch (param.kind) {
    case 'number':
      return random === undefined ? value : drawValue(value, ...param.range, random);
    case 'asset':
    case 'venue':
    case 'oracle':
    case 'protocol':
      return ids.get(param.kind, value as string);
    case 'contract':
      return ids.contract(protocol as string, value as string);
    case 'contracts':
      return (value as string[]).map((name) => ids.contract(protocol as string, name));
    case 'assets':
      return (value as string[]).map((name) => ids.get('asset', name));
    case 'oracles':
      return (value as string[]).map((name) => ids.get('oracle', name));
    case 'script':
      return compileScript(value as readonly ScriptStep[], ids);
    case 'table':
      return (value as Readonly<Record<string, unknown>>[]).map((row) => resolveParams(param.columns, row, ids, undefined));
    default:
      return value;
  }
}

/** A number as it is, or drawn within [low, high]. */
function drawValue(value: unknown, low: number, high: number, random: Random): number {
  if (typeof value === 'number') return value;
  const draw = value as Draw;
  if ('uniform' in draw) return draw.uniform[0] + (draw.uniform[1] - draw.uniform[0]) * random.uniform();
  if ('oneOf' in draw) return draw.oneOf[random.integer(draw.oneOf.length)];
  if ('normal' in draw) return draw.normal[1] === 0 ? draw.normal[0] : drawTruncatedNormal(random, ...draw.normal, low, high);
  for (;;) {
    const drawn = drawLognormal(random, ...draw.lognormal);
    if (drawn >= low && drawn <= high) return drawn;
  }
}
