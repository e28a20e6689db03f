/**
 * NEAR-1 for engines that know more than accounts and marks: under random traffic, in which pools are traded and drained and time passes,
 * the index of the near still finds exactly those that a full scan finds, and so do watches.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRejection } from '../../src/base/rejection.ts';
import type { Expression } from '../../src/formula/expression.ts';
import { isFormulaProblem, parseExpression } from '../../src/formula/parse.ts';
import { constantProduct } from '../../src/market/constant-product.ts';
import type { Venue } from '../../src/market/venue.ts';
import { option } from '../../src/protocol/instrument/option.ts';
import { perpetual } from '../../src/protocol/instrument/perpetual.ts';
import { order } from '../../src/protocol/liquidation/order.ts';
import { byFormula } from '../../src/protocol/risk/by-formula.ts';
import { depthAware } from '../../src/protocol/risk/depth-aware.ts';
import type { RiskEngine, RiskNeeds } from '../../src/protocol/risk/risk-engine.ts';
import { aLendingWorld, type ContractsWanted, type LendingOptions } from '../../src/study/validate/lending-world.ts';
import { propertyRuns } from '../support/property-runs.ts';

const NAMES = ['ETH', 'TOK', 'USD'] as const;
const PRICES = [2000, 5, 1];
const PEOPLE = 4;
const BLOCK_MS = 60_000;

const ESTIMATES = { estimator: 'ewma', interval: 600_000, lambda: 0.9, window: 500, prior: 1, priors: {}, floor: 0.1 } as const;
const DEPTH = { cash: [2], delay: 3_600_000, deviations: 2.326, crowd: 0, change: 0.05, initialFactor: 1.1, ...ESTIMATES };

function tree(text: string): Expression {
  const expression = parseExpression(text);
  if (isFormulaProblem(expression)) throw new Error(`${text}: ${expression.found}`);
  return expression;
}
const FORMULA = {
  formula: tree(
    'notional * (0.02 + 2 * volatility * sqrt(delay) + 0.02 * sqrt(notional / depth) + openInterest / (openInterest + 1000000 usd))',
  ),
  collateralFormula: tree('notional * rate + 0.1 * notional * notional / (notional + depth)'),
  initialFactor: 1.1,
  delay: 3_600_000,
  slippage: 0.02,
  ...ESTIMATES,
};

const ENGINES: Readonly<Record<string, (needs: RiskNeeds) => RiskEngine>> = {
  'depth-aware': (needs) => depthAware.create(DEPTH, needs),
  'depth-aware, the whole crowd, nothing is cash': (needs) => depthAware.create({ ...DEPTH, cash: [], crowd: 1 }, needs),
  'by-formula': (needs) => byFormula.create(FORMULA, needs),
};

const MARGIN = { initial: 0.1, maintenance: 0.05, sizeCap: undefined, fee: 0 };
const PERPETUAL = { ...MARGIN, depth: 500, fundingInterval: 3_600_000, fundingCap: 0.04, fundingSensitivity: 0.125 };
const CALL = { ...MARGIN, right: 'call', strike: 2200, expiry: 30 * 86_400_000, spread: 0.02 } as const;
const CLOSEOUT = { sliceAboveUsd: 1e5, slice: 0.2, cooldown: 0, takeoverBelow: 0.5, penalty: 0, keeperShare: 0, collateralDiscount: 0.05 };
const CONTRACTS: ContractsWanted = {
  settle: 'USD',
  list: {
    perp: { underlying: 'ETH', create: (needs) => perpetual.create(PERPETUAL, needs) },
    call: { underlying: 'ETH', create: (needs) => option.create(CALL, needs) },
  },
  closeout: (needs) => order.create(CLOSEOUT, needs),
  house: 1_000_000,
};

const RATES = { rateBase: 0.05, rateSlope1: 0.2, rateKink: 0.8, rateSlope2: 2, reserveFactor: 0.1 };
const MARKETS: LendingOptions['markets'] = {
  ETH: { usd: PRICES[0], decimals: 8, ltv: 0.8, liquidationThreshold: 0.9, bonus: 0.05, ...RATES },
  TOK: { usd: PRICES[1], decimals: 6, ltv: 0.8, liquidationThreshold: 0.9, bonus: 0.05, ...RATES },
  USD: { usd: PRICES[2], decimals: 6, ltv: 0.8, liquidationThreshold: 0.9, ...RATES },
};

const hundredths = (min: number, max: number) => fc.integer({ min: Math.round(min * 100), max: Math.round(max * 100) }).map((n) => n / 100);
const who = fc.nat(PEOPLE - 1);
const asset = fc.nat(NAMES.length - 1);
const of = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });
const events = fc.array(
  fc.oneof(
    of(
      8,
      fc.record({
        do: fc.constantFrom('deposit' as const, 'borrow' as const, 'withdraw' as const, 'repay' as const),
        who,
        asset,
        part: hundredths(0, 1),
      }),
    ),
    of(3, fc.record({ do: fc.constant('contract' as const), who, contract: fc.nat(1), tokens: fc.integer({ min: -20, max: 20 }) })),
    of(4, fc.record({ do: fc.constant('price' as const), asset, factor: hundredths(0.7, 1.4) })),
    of(4, fc.record({ do: fc.constant('swap' as const), who, pool: fc.nat(1), base: fc.boolean(), part: hundredths(0, 0.5) })),
    of(1, fc.record({ do: fc.constant('drain' as const), pool: fc.nat(1), part: hundredths(0, 0.9) })),
    of(6, fc.record({ do: fc.constant('block' as const), blocks: fc.integer({ min: 1, max: 30 }) })),
    of(3, fc.record({ do: fc.constant('liquidate' as const), who, debt: asset, collateral: asset })),
    of(2, fc.record({ do: fc.constant('watch' as const), who, below: hundredths(0.5, 2) })),
    of(1, fc.record({ do: fc.constant('silence' as const), asset })),
  ),
  { minLength: 120, maxLength: 150, size: 'max' },
);
type Event = typeof events extends fc.Arbitrary<(infer E)[]> ? E : never;

/**
 * A case that is tried first, in which all happens that the cases at random have to reach, however they are drawn: a borrower at the limit
 * is watched, ETH falls, and another account liquidates.
 */
const STORY: Event[] = [
  { do: 'withdraw', who: 1, asset: 1, part: 1 },
  { do: 'withdraw', who: 1, asset: 2, part: 1 },
  { do: 'deposit', who: 1, asset: 0, part: 0.5 },
  { do: 'contract', who: 3, contract: 0, tokens: 1 },
  { do: 'block', blocks: 10 },
  { do: 'borrow', who: 1, asset: 2, part: 1 },
  { do: 'repay', who: 1, asset: 2, part: 0.01 },
  { do: 'watch', who: 1, below: 1 },
  { do: 'price', asset: 0, factor: 0.7 },
  { do: 'price', asset: 0, factor: 0.7 },
  { do: 'swap', who: 3, pool: 0, base: true, part: 0.1 },
  { do: 'drain', pool: 0, part: 0.1 },
  { do: 'block', blocks: 1 },
  { do: 'liquidate', who: 2, debt: 2, collateral: 0 },
];

/** Runs the events; counts what happened. */
function run(
  list: readonly Event[],
  risk: (needs: RiskNeeds) => RiskEngine,
  contracts: ContractsWanted | undefined,
  counts: Record<string, number>,
) {
  const pools: Venue[] = [];
  const world = aLendingWorld({
    markets: MARKETS,
    risk,
    ...(contracts === undefined ? {} : { contracts }),
    venues(ledger) {
      for (const [base, reserve] of [
        [0, 2_000_000],
        [1, 300_000],
      ] as const) {
        const terms = { share: undefined, base, quote: 2, baseReserve: reserve / PRICES[base], quoteReserve: reserve, fee: 0.003 };
        pools.push(constantProduct.create(terms, { name: `pool ${base}`, ledger, startPrice: (id) => PRICES[id] }));
      }
      return pools;
    },
  });
  const { protocol, ledger } = world;
  const { accounts } = protocol.inspection;
  const people = Array.from({ length: PEOPLE }, (_, i) => world.person(`person/${i}`, { ETH: 100, TOK: 50_000, USD: 300_000 }));
  const providers = pools.map(({ name }) => ledger.names.indexOf(`lp:${name}`));
  const levels = new Map<number, number>();
  let at = 0;
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  for (const id of NAMES.keys()) protocol.supply(people[0], id, Math.floor(ledger.balance(people[0], id) / 2), at);
  for (const person of people) for (const id of NAMES.keys()) protocol.deposit(person, id, Math.floor(ledger.balance(person, id) / 4), at);

  const act = (event: Event) => {
    switch (event.do) {
      case 'contract':
        return protocol.tradeContract(people[event.who], event.contract, event.tokens * 1e8, at);
      case 'price':
        return world.setPrice(
          NAMES[event.asset],
          Math.min(PRICES[event.asset] * 5, (world.oracle[event.asset] || PRICES[event.asset]) * event.factor),
        );
      case 'silence':
        world.oracle[event.asset] = Number.NaN;
        return undefined;
      case 'swap': {
        const { baseAsset, quoteAsset, execute } = pools[event.pool];
        const sell = event.base ? baseAsset : quoteAsset;
        return execute({ sell, amount: Math.floor(ledger.balance(people[event.who], sell) * event.part) }, people[event.who]);
      }
      case 'drain':
        return pools[event.pool].removeLiquidity(
          providers[event.pool],
          Math.floor(pools[event.pool].sharesOf(providers[event.pool]) * event.part),
        );
      case 'block':
        at += event.blocks * BLOCK_MS;
        protocol.endBlock(at);
        return undefined;
      case 'liquidate': {
        protocol.refresh(at);
        const [position] = protocol.liquidatable(at);
        if (position === undefined) return undefined;
        const held = (id: number, units: (market: number) => number) =>
          NAMES.map((_, i) => (id + i) % NAMES.length).find((i) => units(i) > 0) ?? id;
        const debt = held(event.debt, (market) => accounts.debtShares(position, market));
        const collateral = held(event.collateral, (market) => accounts.collateral(position, market));
        const done = protocol.liquidate(people[event.who], position, debt, collateral, 'max', at);
        if (!isRejection(done)) count('taken');
        return done;
      }
      case 'watch': {
        const position = protocol.positionOf(people[event.who]);
        levels.set(position, event.below);
        return protocol.watch(position, event.below);
      }
      default: {
        const actor = people[event.who];
        const position = protocol.positionOf(actor);
        protocol.refresh(at);
        const most = {
          deposit: ledger.balance(actor, event.asset),
          borrow: protocol.borrowable(position, event.asset, at),
          withdraw: protocol.withdrawable(position, event.asset, at),
          repay: protocol.debtOf(position, event.asset),
        }[event.do];
        const done = protocol[event.do](actor, event.asset, Math.floor(most * event.part), at);
        return done;
      }
    }
  };

  /** Those who owe against something, or hold cash or size that decides. */
  const isJudged = (position: number) => {
    const any = (held: (market: number) => number) => NAMES.some((_, market) => held(market) > 0);
    const collateral = any((market) => accounts.collateral(position, market));
    const debt = any((market) => accounts.debtShares(position, market));
    const quote = accounts.quote(position);
    const sized = accounts.contracts.some((_, contract) => accounts.size(position, contract) !== 0);
    return position !== accounts.house && (sized || (collateral && debt) || (quote > 0 && debt) || (quote < 0 && collateral));
  };
  const scan = (level: (position: number) => number) =>
    Array.from({ length: protocol.positions }, (_, position) => position).filter(
      (position) => isJudged(position) && protocol.health(position, at).healthFactor < level(position),
    );

  for (const event of list) {
    const done = act(event);
    count(isRejection(done) ? done.rejected : event.do);
    protocol.refresh(at);
    const below = scan(() => 1);
    if (below.length > 0) count('somebody is below');
    expect(protocol.inspection.near(), 'NEAR-1').toEqual(below);
    const due = scan((position) => levels.get(position) ?? 0);
    expect(protocol.dueWatches(at), 'watches').toEqual(due);
    for (const position of due) levels.delete(position);
    if (due.length > 0) count('due');
  }
}

describe('NEAR-1 under traffic', () => {
  for (const [name, engine] of Object.entries(ENGINES)) {
    for (const [what, contracts] of [
      ['loans', undefined],
      ['loans and contracts', CONTRACTS],
    ] as const) {
      it(`holds for ${name}, of ${what}`, () => {
        const counts: Record<string, number> = {};
        fc.assert(
          fc.property(events, (list) => run(list, engine, contracts, counts)),
          { numRuns: propertyRuns(30, 500), endOnFailure: true, examples: [[STORY]] },
        );
        const wanted = ['deposit', 'borrow', 'repay', 'withdraw', 'taken', 'drain', 'swap', 'due', 'somebody is below'];
        for (const event of contracts === undefined ? wanted : [...wanted, 'contract'])
          expect(counts[event] ?? 0, event).toBeGreaterThan(0);
      });
    }
  }
});
