/**
 * Random traffic against a protocol that trades contracts: deposits, loans, trades of a perpetual and of options until they expire, a house
 * whose capital comes and goes, closeouts, takes, margin calls, prices that jump and oracles that die, bundles that are undone; in accounts
 * and sub-accounts. The laws are looked at after every event.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import { isRejection } from '../../src/base/rejection.ts';
import type { AccountId, Ms } from '../../src/base/units.ts';
import { protocolInvariants } from '../../src/protocol/invariants.ts';
import { aContractWorld, type ContractWorldOptions } from '../../src/study/validate/contract-world.ts';
import { differenceOf, type ProtocolState, protocolState } from './protocol-state.ts';

const PEOPLE = 4;
const STEP_MS = 3_600_000;
const CALL_LEVEL = 1.3;
const CALL_TIME = 2 * STEP_MS;
const [ETH, USD] = [0, 1];
const RATES = { rateBase: 0.01, rateSlope1: 0.04, rateKink: 0.8, rateSlope2: 1, reserveFactor: 0.1 };

const VERBS = ['supply', 'redeem', 'deposit', 'withdraw', 'borrow', 'repay'] as const;
const hundredths = (min: number, max: number) => fc.integer({ min: Math.round(min * 100), max: Math.round(max * 100) }).map((n) => n / 100);
const part = fc.oneof({ weight: 1, arbitrary: fc.constant('max' as const) }, { weight: 3, arbitrary: hundredths(0, 1.1) });
const who = fc.nat(PEOPLE - 1);
const sub = fc.constantFrom(0, 0, 1);
const of = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });

export const contractTraffic = fc.array(
  fc.oneof(
    of(8, fc.record({ do: fc.constantFrom(...VERBS, 'deposit' as const), who, sub, asset: fc.constantFrom(ETH, USD, USD), part })),
    of(
      12,
      fc.record({ do: fc.constant('trade' as const), who, sub, contract: fc.constantFrom(0, 0, 0, 1, 2), leverage: hundredths(-25, 25) }),
    ),
    of(3, fc.record({ do: fc.constant('close' as const), who, sub, contract: fc.nat(2), share: hundredths(0, 1) })),
    of(1, fc.record({ do: fc.constantFrom('provide' as const, 'unprovide' as const), who, part })),
    of(6, fc.record({ do: fc.constant('start' as const), who, nth: fc.nat(3) })),
    of(3, fc.record({ do: fc.constant('take' as const), who, debt: fc.nat(1), collateral: fc.nat(1), part })),
    of(6, fc.record({ do: fc.constant('price' as const), asset: fc.constantFrom(ETH, ETH, ETH, USD), factor: hundredths(0.75, 1.3) })),
    of(1, fc.record({ do: fc.constant('silence' as const), asset: fc.constantFrom(ETH, USD) })),
    of(5, fc.record({ do: fc.constant('block' as const), hours: fc.integer({ min: 0, max: 24 }) })),
    of(2, fc.record({ do: fc.constant('bundle' as const), keep: fc.boolean(), length: fc.integer({ min: 1, max: 6 }) })),
  ),
  { minLength: 200, maxLength: 220, size: 'max' },
);
type Event = typeof contractTraffic extends fc.Arbitrary<(infer E)[]> ? E : never;
type Of<D extends string> = Extract<Event, { do: D }>;

/** Facts of a waterfall: of layers that paid, and of what they did for it. */
const PAYING = ['insurance-fund', 'vault-loss', 'adl', 'socialise', 'recapitalise'];
const LAYERS = [...PAYING, 'treasury-sale', 'deleverage'];

export type Counts = Record<string, number>;

/** Runs the events, failing at the first law that is broken; counts what happened. `more`: what of the world is otherwise. */
export function runContractTraffic(events: readonly Event[], counts: Counts, more: Partial<ContractWorldOptions> = {}): void {
  const world = aContractWorld({
    perpetual: { depth: 400, fee: 0.0005, sizeCap: 300, fundingSensitivity: 2 },
    option: { fee: 0.0005, spread: 0.02, expiry: 6 * 86_400_000, sizeCap: 200 },
    closeout: { sliceAboveUsd: 20_000, cooldown: STEP_MS / 2, penalty: 0.01, keeperShare: 0.5 },
    ...more,
    markets: { ETH: { usd: 2000, borrowable: true, ...RATES }, USD: { usd: 1, borrowable: true, ...RATES }, ...more.markets },
    backstop: more.backstop ?? ['insurance-fund', 'reserve', 'socialise'],
    fund: more.fund ?? { USD: 200 },
    house: more.house ?? 20_000,
    marginCall: { level: CALL_LEVEL, time: CALL_TIME },
  });
  const { protocol, ledger, journal } = world;
  const { accounts } = protocol.inspection;
  const people = Array.from({ length: PEOPLE }, (_, i) => world.person(`person/${i}`, { ETH: 50, USD: 100_000 }));
  let at: Ms = 0;
  let told = 0;
  let left = 0;
  let bundle: { left: number; keep: boolean; before: ProtocolState } | undefined;
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  const units = (share: number | 'max', whole: number) => (share === 'max' ? 'max' : Math.floor(share * whole));

  const verb = ({ do: kind, who: index, sub: number, asset, part: share }: Of<(typeof VERBS)[number]>) => {
    const actor = people[index];
    const position = protocol.positionOf(actor, number);
    const wallet = ledger.balance(actor, asset);
    const most = {
      supply: wallet,
      deposit: wallet,
      repay: protocol.debtOf(position, asset),
      redeem: protocol.suppliedOf(position, asset),
      withdraw: protocol.withdrawable(position, asset, at),
      borrow: protocol.borrowable(position, asset, at),
    }[kind];
    const done = protocol[kind](actor, asset, units(share, most), at, number);
    if (isRejection(done)) return count(done.rejected);
    count(kind);
    expect(Math.abs(ledger.balance(actor, asset) - wallet)).toBe(done);
    if (kind === 'borrow' || kind === 'withdraw') expectInitial(position);
    if (kind === 'withdraw' && asset === USD && protocol.sizeOf(position, 0) !== 0) count('cash withdrawn beside size');
  };

  /** RISK-1. Contracts are judged at what closing would bring: at their marks the account is no worse, but for the last digits. */
  const expectInitial = (position: number) => {
    const { healthFactor } = protocol.healthInitial(position);
    if (!(healthFactor >= 1 - 1e-12)) expect.fail(`RISK-1 ${healthFactor}`);
  };

  const trade = (actor: AccountId, number: number, contract: number, size: number) => {
    protocol.refresh(at);
    const position = protocol.positionOf(actor, number);
    const held = protocol.sizeOf(position, contract);
    const before = position < 0 ? Number.NaN : protocol.healthInitial(position).healthFactor;
    const [cash, pot] = [protocol.quoteOf(position), ledger.balance(protocol.fund, USD)];
    const expected = protocol.quoteContract(contract, size);
    const fill = protocol.tradeContract(actor, contract, size, at, number);
    if (isRejection(fill)) return count(fill.rejected);
    expect(fill, 'a quote is what happens').toEqual(expected);
    count(contract === 0 ? 'perpetual traded' : 'option traded');
    expect(protocol.sizeOf(position, contract)).toBe(held + size);
    expect(protocol.quoteOf(position)).toBe(cash - fill.paid - fill.fee);
    expect(ledger.balance(protocol.fund, USD)).toBe(pot + fill.fee);
    const reduces = Math.abs(held + size) <= Math.abs(held) && held * (held + size) >= 0;
    if (!reduces) return expectInitial(position);
    if (before < 1) count('reduced below initial');
    return undefined;
  };

  const start = ({ who: index, nth }: Of<'start'>) => {
    protocol.refresh(at);
    const found = protocol.startable(at);
    if (found.length === 0) return count('nobody to close');
    const position = found[nth % found.length];
    const quoted = protocol.quoteStart(position, people[index], at);
    const wallet = ledger.balance(people[index], USD);
    const started = protocol.startLiquidation(people[index], position, at);
    expect(started, 'a quote is what happens').toEqual(quoted);
    if (isRejection(started)) return count(started.rejected);
    count('closed');
    const reward = ledger.balance(people[index], USD) - wallet;
    expect(reward / 1e6).toBeCloseTo(started.rewardUsd / world.oracle[USD], 5);
  };

  const take = ({ who: index, part: share, debt, collateral }: Of<'take'>) => {
    protocol.refresh(at);
    const position = protocol.liquidatable(at)[0];
    if (position === undefined) return count('nobody to liquidate');
    const owed = protocol.debtOf(position, debt);
    const posted = protocol.collateralOf(position, collateral);
    const taken = protocol.liquidate(people[index], position, debt, collateral, units(share, owed), at);
    if (isRejection(taken)) return count(`take ${taken.rejected}`);
    count(collateral === USD ? 'cash taken' : 'collateral taken');
    expect(protocol.debtOf(position, debt)).toBeLessThan(owed);
    expect(posted - protocol.collateralOf(position, collateral)).toBeGreaterThanOrEqual(0);
  };

  const capital = ({ do: kind, who: index, part: share }: Of<'provide' | 'unprovide'>) => {
    const actor = people[index];
    const wallet = ledger.balance(actor, USD);
    const done =
      kind === 'provide'
        ? protocol.provide(actor, USD, Math.floor((share === 'max' ? 1 : share) * wallet * 0.2), at)
        : protocol.unprovide(actor, USD, units(share, protocol.providedOf(actor)), at);
    if (isRejection(done)) return count(done.rejected);
    count(kind);
    expect(Math.abs(ledger.balance(actor, USD) - wallet)).toBe(done);
  };

  const price = ({ asset, factor }: Of<'price'>) => {
    const start = asset === ETH ? 2000 : 1;
    const old = Number.isNaN(world.oracle[asset]) ? start : world.oracle[asset];
    // The dollar only wobbles.
    const moved = asset === ETH ? old * factor : start * (1 + (factor - 1) / 10);
    world.setPrice(asset === ETH ? 'ETH' : 'USD', Math.min(start * 20, Math.max(start / 50, moved)));
  };

  const block = (hours: number) => {
    if (bundle !== undefined) return;
    at += hours * STEP_MS;
    // Every other time whoever fell silent speaks again.
    for (const [asset, usd] of world.oracle.entries()) if (Number.isNaN(usd) && hours % 2 === 0) world.oracle[asset] = world.fair[asset];
    const facts = world.facts.length;
    protocol.endBlock(at);
    for (const { position } of protocol.dueCalls(at)) {
      count('called');
      expect(protocol.callDeadline(position)).toBe(at + CALL_TIME);
      expect(protocol.health(position, at).healthFactor).toBeLessThan(CALL_LEVEL);
    }
    if (world.facts.slice(facts).some(({ kind }) => kind === 'expiry')) count('expired');
  };

  const end = () => {
    if (bundle === undefined || bundle.left-- > 0) return;
    count(bundle.keep ? 'bundle kept' : 'bundle undone');
    if (bundle.keep) journal.commit();
    else {
      journal.undo();
      expect(differenceOf(bundle.before, protocolState(protocol)), 'BUNDLE-1').toBeUndefined();
    }
    bundle = undefined;
  };

  const act = (event: Event) => {
    const inBundle = bundle !== undefined;
    switch (event.do) {
      case 'trade': {
        // So many times what a tenth of a wallet is worth.
        const size = Math.round((event.leverage * 10_000 * 1e6) / (world.oracle[ETH] || 2000));
        trade(people[event.who], event.sub, event.contract, size);
        break;
      }
      case 'close': {
        const held = protocol.sizeOf(protocol.positionOf(people[event.who], event.sub), event.contract);
        trade(people[event.who], event.sub, event.contract, -Math.round(held * event.share) + 0);
        break;
      }
      case 'start':
        // Nothing is asked for in thought while a bundle is under way.
        if (!inBundle) start(event);
        break;
      case 'take':
        take(event);
        break;
      case 'provide':
      case 'unprovide':
        capital(event);
        break;
      case 'price':
        price(event);
        break;
      case 'silence':
        world.oracle[event.asset] = Number.NaN;
        break;
      case 'block':
        block(event.hours);
        break;
      case 'bundle':
        if (bundle === undefined) {
          bundle = { left: event.length, keep: event.keep, before: protocolState(protocol) };
          journal.begin();
        }
        break;
      default:
        verb(event);
    }
    if (event.do !== 'bundle') end();
    check();
  };

  const check = () => {
    protocol.refresh(at);
    for (const { id, check: find } of protocolInvariants) {
      const found = find(protocol);
      if (found !== undefined) expect.fail(`${id} ${JSON.stringify(found)}`);
    }
    for (let id = 0; id < ledger.assets.count; id++) {
      for (let account = 1; account < ledger.accounts; account++) if (!(ledger.balance(account, id) >= 0)) expect.fail('LEDGER-2');
    }
    for (; told < world.facts.length; told++) {
      const { kind, numbers } = world.facts[told];
      if (kind === 'closeout') count(numbers[3] === 1 ? 'taken over' : 'ordered');
      if (kind === 'shortfall' || LAYERS.includes(kind)) count(kind);
      // BACK-1: each layer starts from what the one before has left.
      if (kind === 'shortfall') left = numbers[2];
      else if (PAYING.includes(kind)) {
        expect(left, 'BACK-1: nothing was left').toBeGreaterThan(0);
        left -= numbers[2];
        if (kind !== 'socialise') expect(numbers[3], 'BACK-1').toBe(left);
      }
    }
  };

  /** PNL-1: what is in custody is somebody's: but for what is left of the reserve, and roundings, nothing is over, at fair prices. */
  const checkClaims = () => {
    const usdOf = (units: readonly number[]) => (units[ETH] * world.fair[ETH] + units[USD] * world.fair[USD]) / 1e6;
    const left = [ETH, USD].map((asset) => ledger.balance(protocol.custody, asset));
    protocol.claims((_, issuer, asset, claimed) => {
      if (issuer === protocol.custody) left[asset] -= claimed;
    });
    // A unit of each position and verb.
    const rounding = 1e-6 * Math.max(world.fair[ETH], world.fair[USD]) * (protocol.positions + events.length);
    expect(usdOf(left), 'PNL-1').toBeGreaterThan(-rounding);
    expect(usdOf(left), 'PNL-1').toBeLessThan(usdOf([...accounts.reserve.data]) + rounding);
  };

  for (const [index, person] of people.entries()) {
    protocol.deposit(person, USD, 10_000e6 * (index + 1), at);
    protocol.deposit(person, ETH, 2e6 * index + 1e6, at, 1);
  }
  protocol.supply(people[0], USD, 30_000e6, at);
  protocol.supply(people[1], ETH, 20e6, at);
  for (const event of events) act(event);
  checkClaims();
}
