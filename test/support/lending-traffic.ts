/**
 * Random traffic against a lending protocol: what may happen, and a world that does it while it watches the laws. Several owners, several
 * markets with interest and caps, price moves and dead oracles, liquidations of any mechanism, and bundles that are undone.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import { isRejection } from '../../src/base/rejection.ts';
import type { AccountId } from '../../src/base/units.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { constantProduct } from '../../src/market/constant-product.ts';
import { LOT_FIRST } from '../../src/protocol/accounts.ts';
import { protocolInvariants } from '../../src/protocol/invariants.ts';
import { blankHealth, type Need, type RiskEngine } from '../../src/protocol/risk/risk-engine.ts';
import { staticRisk } from '../../src/protocol/risk/static.ts';
import { aLendingWorld, type LendingOptions, type LendingWorld } from '../../src/study/validate/lending-world.ts';
import type { Liquidation } from './liquidation-stage.ts';
import { type Memory, watchMemory } from './mechanism-memory.ts';
import { differenceOf, type ProtocolState, protocolState } from './protocol-state.ts';

export const NAMES = ['ETH', 'BTC', 'USD', 'DAI'] as const;
const PRICES = [2000, 30_000, 1, 1];
const PEOPLE = 5;
const STEP_MS = 3_600_000;

const RATES = { rateBase: 0.01, rateSlope1: 0.04, rateKink: 0.8, rateSlope2: 1, reserveFactor: 0.1 };
export const TRAFFIC_WORLD: LendingOptions = {
  markets: {
    ETH: { usd: PRICES[0], decimals: 8, ltv: 0.8, liquidationThreshold: 0.825, bonus: 0.05, borrowCap: 6, ...RATES },
    BTC: { usd: PRICES[1], decimals: 8, ltv: 0.7, liquidationThreshold: 0.75, bonus: 0.1, collateralCap: 8, ...RATES },
    USD: { usd: PRICES[2], decimals: 6, ltv: 0.8, liquidationThreshold: 0.85, supplyCap: 250_000, borrowCap: 30_000, ...RATES },
    DAI: { usd: PRICES[3], decimals: 2, bonus: 0.05, ...RATES },
  },
  terms: { fundShare: 0.1 },
  backstop: ['insurance-fund', 'reserve', 'socialise'],
  fund: { USD: 500, ETH: 0.2 },
};

const VERBS = ['supply', 'redeem', 'deposit', 'withdraw', 'borrow', 'repay'] as const;
/** A number with two decimals: doubles would nearly all be tiny. */
const hundredths = (min: number, max: number) => fc.integer({ min: Math.round(min * 100), max: Math.round(max * 100) }).map((n) => n / 100);
const part = fc.oneof({ weight: 1, arbitrary: fc.constant('max' as const) }, { weight: 3, arbitrary: hundredths(0, 1.1) });
const who = fc.nat(PEOPLE - 1);
const asset = fc.nat(NAMES.length - 1);
const of = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });

const lending = [
  of(12, fc.record({ do: fc.constantFrom(...VERBS, 'borrow' as const), who, asset, part })),
  of(4, fc.record({ do: fc.constant('liquidate' as const), who, debt: asset, collateral: asset, part })),
  of(5, fc.record({ do: fc.constant('price' as const), asset, factor: hundredths(0.6, 1.5) })),
  of(1, fc.record({ do: fc.constant('silence' as const), asset })),
  of(2, fc.record({ do: fc.constant('wait' as const), steps: fc.integer({ min: 1, max: 2000 }) })),
  of(2, fc.record({ do: fc.constant('bundle' as const), keep: fc.boolean(), length: fc.integer({ min: 1, max: 6 }) })),
  of(1, fc.record({ do: fc.constant('watch' as const), who, below: hundredths(0, 2) })),
  of(1, fc.record({ do: fc.constant('due' as const) })),
] as const;
/** What else a mechanism is for: auctions begun and bid for, and blocks, at whose ends time brings what it brings. */
const auctioning = [
  of(6, fc.record({ do: fc.constant('start' as const), who, any: fc.integer({ min: -20, max: 20 }) })),
  of(10, fc.record({ do: fc.constant('bid' as const), who, part: hundredths(-0.1, 1.05), spare: hundredths(0, 0.3) })),
  of(5, fc.record({ do: fc.constant('block' as const), seconds: fc.constantFrom(12, 120, 600, 3600) })),
] as const;

const LENGTH = { minLength: 200, maxLength: 220, size: 'max' } as const;
export const traffic = fc.array(fc.oneof(...lending), LENGTH);
/** The same with auctions and blocks among it. */
export const auctionTraffic = fc.array(fc.oneof(...lending, ...auctioning), LENGTH);
type Event = typeof auctionTraffic extends fc.Arbitrary<(infer E)[]> ? E : never;
type Of<D extends string> = Extract<Event, { do: D }>;

export type Counts = Record<string, number>;
type Copy = ReturnType<Memory['copy']>;

/** Pools that a mechanism may sell on, at the first prices. */
const venues = (ledger: Ledger) =>
  [
    ['ETH', 'USD'],
    ['BTC', 'USD'],
    ['ETH', 'DAI'],
  ].map(([base, quote]) => {
    const price = PRICES[NAMES.indexOf(base as 'ETH')];
    const params = { base: NAMES.indexOf(base as 'ETH'), quote: NAMES.indexOf(quote as 'USD'), fee: 0.003, quoteReserve: 5e6 };
    return constantProduct.create(
      { share: undefined, ...params, baseReserve: 5e6 / price },
      { name: `${base}-${quote}`, ledger, startPrice: () => price },
    );
  });

/** What another test makes of the same traffic. */
export interface TrafficTwist {
  readonly world?: Partial<LendingOptions>;
  /** In the place of `fixed-bonus`, with pools that it may sell on. */
  readonly liquidation?: Liquidation;
  /** The engine that judges now, apart from the protocol's own; static if left out. */
  readonly risk?: () => RiskEngine;
  /** After each event that leaves no bundle under way. */
  readonly after?: (world: LendingWorld, at: number) => void;
}

/** Runs the events, failing at the first law that is broken; counts what happened. */
export function runTraffic(events: readonly Event[], counts: Counts, twist: TrafficTwist = {}): void {
  const run = createRun(counts, twist);
  for (const event of events) run.act(event);
}

function createRun(counts: Counts, twist: TrafficTwist) {
  const memory = twist.liquidation === undefined ? undefined : watchMemory(twist.liquidation);
  const traded = memory === undefined ? {} : { liquidation: memory.liquidation, venues };
  const world = aLendingWorld({ ...TRAFFIC_WORLD, ...traded, ...twist.world });
  const escrow = world.ledger.names.indexOf('lend/escrow');
  const { protocol, ledger, journal } = world;
  const { accounts } = protocol.inspection;
  const people = Array.from({ length: PEOPLE }, (_, i) => world.person(`person/${i}`, { ETH: 50, BTC: 5, USD: 200_000, DAI: 200_000 }));
  const plain = staticRisk.create({}, undefined);
  const risk = twist.risk ?? (() => plain);
  const levels = new Map<number, number>();
  let at = 0;
  let bundle: { left: number; keep: boolean; before: ProtocolState; memory: Copy } | undefined;
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1;
  };

  const unitOf = protocol.markets.map(({ scale }) => 1 / scale);
  const marks = () => Float64Array.from(protocol.markets, ({ asset: id, scale }) => world.oracle[id] / scale);
  const healthOf = (position: number, need: Need, prices = marks()) => risk().assess(accounts, position, prices, need, blankHealth());

  const units = (share: number | 'max', of: number) => (share === 'max' ? 'max' : Math.floor(share * of));

  const verb = ({ do: kind, who: index, asset: id, part: share }: Of<(typeof VERBS)[number]>) => {
    const actor = people[index];
    const position = protocol.positionOf(actor);
    const wallet = ledger.balance(actor, id);
    const most = {
      supply: wallet,
      deposit: wallet,
      repay: protocol.debtOf(position, id),
      redeem: protocol.suppliedOf(position, id),
      withdraw: protocol.collateralOf(position, id),
      borrow: protocol.borrowable(position, id, at),
    }[kind];
    const done = protocol[kind](actor, id, units(share, most), at);
    if (isRejection(done)) return count(done.rejected);
    count(kind);
    const moved = ledger.balance(actor, id) - wallet;
    expect(Math.abs(moved)).toBe(done);
    if ((kind === 'borrow' || kind === 'withdraw') && !(healthOf(position, 'initial').healthFactor >= 1)) expect.fail('RISK-1');
    if (share === 'max' && kind === 'borrow' && done > 2) expectAtLimit(actor, id);
  };

  /** After a borrowing of the most, a little more is refused. */
  const expectAtLimit = (actor: AccountId, id: number) => {
    const more = protocol.borrow(actor, id, 2, at);
    if (!isRejection(more)) expect.fail('max was not the most');
  };

  /** The first market from `id` on that holds something; `id` where none does. */
  const first = (id: number, of: (market: number) => number) => NAMES.map((_, i) => (id + i) % NAMES.length).find((i) => of(i) > 0) ?? id;

  const liquidate = ({ who: index, part: share, ...pair }: Of<'liquidate'>) => {
    protocol.refresh(at);
    const found = protocol.liquidatable(at);
    const position = found[(index + pair.debt) % found.length];
    if (position === undefined) return count('nobody to liquidate');
    const isLot = protocol.subOf(position) >= LOT_FIRST;
    const debt = first(pair.debt, (market) => accounts.debtShares(position, market));
    const collateral = first(pair.collateral, (market) => accounts.collateral(position, market));
    const before = healthOf(position, 'maintenance');
    const owed = protocol.debtOf(position, debt);
    const held = accounts.collateral(position, collateral);
    const facts = world.facts.length;
    const taken = protocol.liquidate(people[index], position, debt, collateral, units(share, owed * 0.6), at);
    if (isRejection(taken)) return count(taken.rejected);
    count(isLot ? 'lot taken' : 'liquidate');
    // Of a lot the penalty may be all that is left to raise.
    if (!isLot && !(before.healthFactor < 1)) expect.fail('LIQ-1');
    if (!isLot && !(protocol.debtOf(position, debt) < owed)) expect.fail('LIQ-2: debt is not lower');
    const after = healthOf(position, 'maintenance');
    const { liquidationThreshold } = protocol.markets[collateral].params;
    const seized = held - accounts.collateral(position, collateral);
    const rate = (seized * world.oracle[collateral] * unitOf[collateral]) / (taken.repaid * world.oracle[debt] * unitOf[debt]);
    const short = world.facts.slice(facts).filter(({ kind }) => kind === 'shortfall');
    // What rounding to whole units and whole debt shares may be worth, as part of what is still owed.
    const unit = marks().reduce((usd, mark, id) => usd + (mark > 0 ? mark * (1 + accounts.debtIndex(id)) : 0), 0) / after.debtUsd;
    // By which bonus a take improves health is known of fixed shares; what another engine asks for may change with what is left.
    const fixed = twist.risk === undefined && !isLot;
    if (fixed && short.length === 0 && before.healthFactor >= liquidationThreshold * (rate + 1e-9) && after.debtUsd > 0) {
      count('health improves');
      if (!(after.healthFactor >= before.healthFactor * (1 - 1e-9 - unit))) expect.fail('LIQ-2: health is worse');
    }
    tell(facts);
  };

  /** Counts the facts since; lenders pay only when the fund is empty (BACK-1). */
  const tell = (since: number) => {
    for (const { kind, numbers } of world.facts.slice(since)) {
      count(kind);
      if (kind === 'socialise') expect(ledger.balance(protocol.fund, protocol.markets[numbers[1]].asset), 'BACK-1').toBe(0);
    }
  };

  /** One that is startable, or now and then anybody at all. */
  const start = ({ who: index, any }: Of<'start'>) => {
    protocol.refresh(at);
    const found = protocol.startable(at);
    const position = any > 0 ? protocol.positions - any : found[index % found.length];
    if (!(position >= 0)) return count('nobody to start');
    const before = healthOf(position, 'maintenance').healthFactor;
    const quoted = protocol.quoteStart(position, people[index], at);
    const facts = world.facts.length;
    const started = protocol.startLiquidation(people[index], position, at);
    expect(started).toEqual(quoted);
    if (isRejection(started)) return count(started.rejected);
    tell(facts);
    count(protocol.subOf(position) >= LOT_FIRST ? 'restart' : 'start');
    if (protocol.subOf(position) < LOT_FIRST && !(before < 1)) expect.fail('LIQ-1: started');
  };

  const bid = ({ who: index, part: share, spare }: Of<'bid'>) => {
    protocol.refresh(at);
    const open = protocol.auctions(at);
    const auction = open[index % open.length];
    if (auction === undefined) return count('nothing to bid for');
    const { position, debtMarket, amountMin, lotMax, tab, bidder } = auction;
    const most = Math.min(tab, 1e9);
    const amount = Math.max(1, Math.floor(amountMin + Math.max(0, most - amountMin) * share));
    const held = ledger.balance(escrow, debtMarket);
    const made = protocol.bid(people[index], position, amount, amountMin === tab ? Math.ceil(lotMax * (1 - spare)) : lotMax, at);
    if (isRejection(made)) return count(made.rejected);
    count(bidder < 0 ? 'first bid' : 'better bid');
    expect(ledger.balance(escrow, debtMarket) - held).toBeGreaterThanOrEqual(0);
  };

  /** What time brings; never within a bundle. */
  const block = ({ seconds }: Of<'block'>) => {
    if (bundle !== undefined) return;
    at += seconds * 1000;
    const facts = world.facts.length;
    protocol.endBlock(at);
    for (const { kind } of world.facts.slice(facts)) count(kind === 'liquidation' ? 'auction won' : kind);
  };

  const price = ({ asset: id, factor }: Of<'price'>) => {
    if (Number.isNaN(world.oracle[id])) return world.setPrice(NAMES[id], PRICES[id]);
    const old = world.oracle[id];
    const now = Math.min(PRICES[id] * 10, Math.max(PRICES[id] / 50, old * factor));
    checkMoves(id, old, now);
    return world.setPrice(NAMES[id], now);
  };

  /** RISK-2: who holds what falls, or owes what rises, is not healthier for it. */
  const checkMoves = (id: number, old: number, now: number) => {
    const before = marks();
    const after = before.slice();
    after[id] *= now / old;
    for (let position = 0; position < protocol.positions; position++) {
      const owes = accounts.debtShares(position, id) > 0;
      const holds = accounts.collateral(position, id) > 0;
      if (owes === holds || owes !== now > old) continue;
      const fallen = !(healthOf(position, 'maintenance', after).healthFactor > healthOf(position, 'maintenance', before).healthFactor);
      if (!fallen) expect.fail('RISK-2');
    }
  };

  const begin = ({ keep, length }: Of<'bundle'>) => {
    if (bundle !== undefined) return;
    bundle = { left: length, keep, before: protocolState(protocol), memory: memory?.copy() ?? [] };
    journal.begin();
  };

  const end = () => {
    if (bundle === undefined || bundle.left-- > 0) return;
    count(bundle.keep ? 'bundle kept' : 'bundle undone');
    if (bundle.keep) journal.commit();
    else {
      journal.undo();
      expect(differenceOf(bundle.before, protocolState(protocol)), 'BUNDLE-1').toBeUndefined();
      expect(memory?.changed(bundle.memory) ?? [], 'BUNDLE-1: what the mechanism remembers').toEqual([]);
    }
    bundle = undefined;
  };

  const due = () => {
    protocol.refresh(at);
    const expected = [...levels.keys()]
      .filter((position) => NAMES.some((_, id) => accounts.collateral(position, id) > 0))
      .filter((position) => healthOf(position, 'maintenance').healthFactor < (levels.get(position) as number))
      .sort((a, b) => a - b);
    expect(protocol.dueWatches(at)).toEqual(expected);
    for (const position of expected) levels.delete(position);
    if (expected.length > 0) count('due');
  };

  for (const person of people) for (const id of [0, 1]) protocol.deposit(person, id, Math.floor(ledger.balance(person, id) * 0.1), at);
  for (const id of NAMES.keys()) protocol.supply(people[0], id, Math.floor(ledger.balance(people[0], id) * 0.9), at);

  const act = (event: Event) => {
    switch (event.do) {
      case 'liquidate':
        liquidate(event);
        break;
      case 'start':
        start(event);
        break;
      case 'bid':
        bid(event);
        break;
      case 'block':
        block(event);
        break;
      case 'price':
        price(event);
        break;
      case 'silence':
        world.oracle[event.asset] = Number.NaN;
        break;
      case 'wait':
        at += event.steps * STEP_MS;
        break;
      case 'bundle':
        begin(event);
        break;
      case 'watch': {
        const position = protocol.positionOf(people[event.who]);
        if (position < 0) break;
        levels.set(position, event.below);
        protocol.watch(position, event.below);
        break;
      }
      case 'due':
        due();
        break;
      default:
        verb(event);
    }
    if (event.do !== 'bundle') end();
    check();
    if (bundle !== undefined || twist.after === undefined) return;
    twist.after(world, at);
    check();
  };

  const check = () => {
    protocol.refresh(at);
    for (const { id, check: find } of protocolInvariants) {
      const found = find(protocol);
      if (found !== undefined) expect.fail(`${id} ${JSON.stringify(found)}`);
    }
    const claimed = NAMES.map(() => 0);
    if (memory !== undefined) {
      protocol.claims((_holder, issuer, id, claim) => {
        if (issuer === escrow) claimed[id] += claim;
      });
    }
    for (let id = 0; id < NAMES.length; id++) {
      if (claimed[id] !== ledger.balance(escrow, id)) expect.fail('what is in escrow is nobody’s');
      for (let account = 1; account < ledger.accounts; account++) if (!(ledger.balance(account, id) >= 0)) expect.fail('LEDGER-2');
    }
  };

  return { act };
}
