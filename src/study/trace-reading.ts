/**
 * A trace as something to ask: facts by number, what a position did, fair prices at a time, trades on a venue, the chain of recorded
 * causes.
 * It looks up and never concludes; conclusions are `why.ts`.
 */
import type { Ms, Ratio, UsdPrice } from '../base/units.ts';
import { DEEDS, type RecordedEvent } from '../record/recorder.ts';
import type { Outcome } from '../run/outcome.ts';
import type { Look, Looks } from '../run/witness.ts';
import { partOf } from '../scenario/catalog.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** A position by the names of its protocol and its owner. */
export interface NamedPosition {
  readonly protocol: string;
  readonly owner: string;
}

/** The terms of a market, as the scenario has them. */
export interface MarketTerms {
  readonly protocol: string;
  readonly asset: string;
  readonly oracle: string;
  readonly ltv: Ratio;
  readonly threshold: Ratio;
}

/** A contract, as the scenario has it. */
export interface ContractTerms {
  readonly protocol: string;
  readonly name: string;
  readonly underlying: string;
  readonly settle: string;
}

/** An oracle, as the scenario has it. */
export interface OracleTerms {
  readonly name: string;
  readonly kind: string;
  /** A venue, or `outside`. */
  readonly source: string;
  /** It prices the share of its source by the reserves, and not the base by the price. */
  readonly ofShare: boolean;
  /** How far back it looks; 0 where it only looks now. */
  readonly windowMs: Ms;
}

export interface Trace {
  readonly outcome: Outcome;
  readonly facts: readonly RecordedEvent[];
  fact(seq: number): RecordedEvent | undefined;
  /** The facts that caused it, the nearest first, as far as they were recorded. */
  causes(fact: RecordedEvent): readonly RecordedEvent[];
  position(id: number): NamedPosition;
  /** How it stood through the run, where it was looked at; else nothing. */
  looks(position: number): readonly Look[];
  /** What the owner did at the protocol: deposits, loans, margin trades, in order. Sub-accounts and lots are the owner's. */
  deeds(position: NamedPosition): readonly RecordedEvent[];
  /** The contracts that the owner traded there, likewise. */
  contractTrades(position: NamedPosition): readonly RecordedEvent[];
  market(id: number): MarketTerms;
  contract(id: number): ContractTerms;
  isOption(contract: number): boolean;
  protocolName(id: number): string;
  /** Name of the engine that judges at a time; that of the beginning if none is given. */
  engine(protocol: string, at?: Ms): string;
  /** Kinds of the layers that pay a protocol's shortfalls, in order. */
  layers(protocol: string): readonly string[];
  oracleOf(market: MarketTerms): OracleTerms;
  oracleTerms(name: string): OracleTerms;
  venueAssets(venue: string): { readonly base: string; readonly quote: string };
  readonly blockTime: Ms;
  /** In which gas is paid; undefined where it is free. */
  readonly gasAsset: string | undefined;
  accountName(id: number): string;
  tokensOf(asset: string, units: number): number;
  decimalsOf(asset: string): number;
  /** Fair price at a time; NaN if the trace does not say. */
  fairUsd(asset: string, at: Ms): UsdPrice;
  /** Times at which a fair price changed, with the price since then; from the first known. */
  fairPath(asset: string): readonly { readonly at: Ms; readonly price: UsdPrice }[];
}

export function readTrace(outcome: Outcome, scenario: Scenario, looks: Looks = new Map()): Trace {
  const { names, events } = outcome;
  const bySeq = new Map(events.map((event) => [event.seq, event]));
  const paths = fairPaths(outcome);

  const decimalsOf = (asset: string) => names.decimals[names.assets.indexOf(asset)];
  const market = (id: number): MarketTerms => {
    const [protocol, asset] = split(names.markets[id]);
    const terms = scenario.world.protocols[protocol].markets[asset] as unknown as {
      oracle: string;
      ltv: number;
      liquidationThreshold: number;
    };
    return { protocol, asset, oracle: terms.oracle, ltv: terms.ltv, threshold: terms.liquidationThreshold };
  };

  const oracleTerms = (name: string): OracleTerms => {
    const { use, source, with: params } = scenario.world.oracles[name];
    const pool = partOf('oracle', use).pricesShareOf?.(params as never);
    const read = { source: pool === undefined ? source : String(pool), ofShare: pool !== undefined };
    return { name, kind: use, ...read, windowMs: Number(params.window ?? params.period ?? 0) };
  };

  return {
    outcome,
    facts: events,
    fact: (seq) => bySeq.get(seq),
    causes(fact) {
      const chain: RecordedEvent[] = [];
      for (let next = bySeq.get(fact.cause); next !== undefined; next = bySeq.get(next.cause)) chain.push(next);
      return chain;
    },
    position(id) {
      const [protocol, owner] = split(names.positions[id]);
      return { protocol, owner };
    },
    looks: (position) => looks.get(position) ?? [],
    deeds: ({ protocol, owner }) =>
      events.filter(
        ({ kind, actor, subject }) =>
          DEEDS.includes(kind) && names.accounts[actor] === accountOf(owner) && names.markets[subject].startsWith(`${protocol}/`),
      ),
    contractTrades: ({ protocol, owner }) =>
      events.filter(
        ({ kind, actor, subject }) =>
          kind === 'contract-trade' && names.accounts[actor] === accountOf(owner) && names.contracts[subject].startsWith(`${protocol}/`),
      ),
    market,
    contract(id) {
      const [protocol, name] = split(names.contracts[id]);
      const terms = scenario.world.protocols[protocol].contracts;
      return { protocol, name, underlying: terms?.list[name].underlying ?? '', settle: terms?.settle ?? '' };
    },
    isOption(id) {
      const [protocol, name] = split(names.contracts[id]);
      return scenario.world.protocols[protocol].contracts?.list[name].use === 'option';
    },
    protocolName: (id) => Object.keys(scenario.world.protocols)[id],
    engine(protocol, at = Number.NEGATIVE_INFINITY) {
      const { risk, governance } = scenario.world.protocols[protocol];
      const replaced = (governance?.changes ?? []).filter((change) => change.risk !== undefined && change.at <= at);
      return replaced.reduce((last, one) => (one.at >= last.at ? { at: one.at, risk: one.risk ?? last.risk } : last), {
        at: Number.NEGATIVE_INFINITY,
        risk,
      }).risk.use;
    },
    layers: (protocol) => scenario.world.protocols[protocol].backstop.map(({ use }) => use),
    oracleOf: ({ oracle }) => oracleTerms(oracle),
    oracleTerms,
    venueAssets(venue) {
      const { base, quote } = scenario.world.venues[venue].with as { base: string; quote: string };
      return { base, quote };
    },
    blockTime: Number(scenario.world.chain.blockTime),
    gasAsset: scenario.world.chain.gasAsset as string | undefined,
    accountName: (id) => names.accounts[id] ?? 'nobody',
    tokensOf: (asset, units) => units / 10 ** decimalsOf(asset),
    decimalsOf,
    fairUsd(asset, at) {
      const path = paths.get(asset) ?? [];
      return path.findLast((step) => step.at <= at)?.price ?? path[0]?.price ?? Number.NaN;
    },
    fairPath: (asset) => paths.get(asset) ?? [],
  };
}

/** The look at which a fact of a position was told; −1 if there is none. */
export function lookOf(looks: readonly Look[], fact: RecordedEvent): number {
  return looks.findIndex(({ when, at, healthFactor }) => when === fact.kind && at === fact.at && healthFactor === fact.c);
}

/** A name behind the name of its protocol. */
function split(name: string): readonly [protocol: string, rest: string] {
  const cut = name.indexOf('/');
  return [name.slice(0, cut), name.slice(cut + 1)];
}

/** The account that owns a position: what stands before the number of a sub-account or lot. */
export function accountOf(owner: string): string {
  return owner.replace(/#\d+$/, '');
}

/** Fair prices over time: every change where the trace is full, else what was sampled. */
function fairPaths({ events, samples, names }: Outcome): Map<string, { at: Ms; price: UsdPrice }[]> {
  const paths = new Map<string, { at: Ms; price: UsdPrice }[]>();
  const add = (asset: string, at: Ms, price: UsdPrice) => {
    const path = paths.get(asset) ?? [];
    path.push({ at, price });
    paths.set(asset, path);
  };
  for (const { kind, subject, at, a, b } of events) {
    if (kind !== 'price') continue;
    const asset = names.assets[subject];
    if (!paths.has(asset)) add(asset, 0, b);
    add(asset, at, a);
  }
  const told = new Set(paths.keys());
  for (const { probe, at, value } of samples) {
    const asset = /^fair_usd\/(.*)$/.exec(probe)?.[1];
    if (asset !== undefined && !told.has(asset)) add(asset, at, value);
  }
  return paths;
}
