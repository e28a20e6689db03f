/** What the risk manager proposes, by what it has seen: the margin that its own closed form gives, and how each observation moves it. */
import { describe, expect, it } from 'vitest';
import { YEAR_MS } from '../../../../src/base/params.ts';
import { constantProduct } from '../../../../src/market/constant-product.ts';
import type { Change, Controller, ControllerView } from '../../../../src/protocol/governance/governance.ts';
import { lateShortfall, squeezeShortfall } from '../../../../src/protocol/governance/late-shortfall.ts';
import { selfOptimisingMargin } from '../../../../src/protocol/governance/self-optimising-margin.ts';
import { perpetual } from '../../../../src/protocol/instrument/perpetual.ts';
import { order } from '../../../../src/protocol/liquidation/order.ts';
import { paramsSchema } from '../../../../src/scenario/param-schema.ts';
import { aLendingWorld, granted, type LendingOptions } from '../../../../src/study/validate/lending-world.ts';

const HOUR = 3_600_000;

/** All defaults, as a scenario would fill them in. */
const DEFAULTS = paramsSchema(selfOptimisingMargin.params).parse({}) as unknown as Terms;
type Terms = Parameters<typeof selfOptimisingMargin.create>[0];

interface Stage {
  /** What it proposes of a parameter; undefined where it leaves it. */
  readonly value: (param: string) => number | undefined;
  readonly changes: readonly Change[];
}

interface Scene {
  readonly terms?: Partial<Terms>;
  /** Marks of ETH, one an hour from time 0. */
  readonly marks?: readonly number[];
  readonly seen?: Partial<ControllerView>;
  /** Dollars that a borrower owes on 1,000 ETH at 1,000 dollars. */
  readonly debt?: number;
  /** Dollars on each side of the pool; none if left out. */
  readonly pool?: number;
  readonly looks?: number;
  readonly contracts?: LendingOptions['contracts'];
  readonly bonus?: number;
  readonly threshold?: number;
}

function ask({ terms = {}, marks = [], seen = {}, debt = 0, pool, looks = 1, contracts, bonus = 0.05, threshold = 0.85 }: Scene): Stage {
  let last: readonly Change[] = [];
  const world = aLendingWorld({
    begun: false,
    markets: { ETH: { usd: 1000, ltv: 0.8, liquidationThreshold: threshold, bonus }, USD: { usd: 1 } },
    governance: {
      timeLock: 0,
      stepMax: Number.POSITIVE_INFINITY,
      stepEvery: 0,
      scheduled: [],
      controller(needs) {
        const manager = selfOptimisingMargin.create({ ...DEFAULTS, ...terms }, needs);
        const wrapped: Controller = {
          ...manager,
          epoch: Math.max(1, marks.length) * HOUR,
          decide(view) {
            for (let look = 0; look < looks; look++) last = manager.decide({ ...view, ...seen });
            return [];
          },
        };
        return wrapped;
      },
    },
    ...(contracts === undefined ? {} : { contracts }),
    venues: (ledger) => {
      if (pool === undefined) return [];
      const params = { base: 0, quote: 1, baseReserve: pool / 1000, quoteReserve: pool, fee: 0 };
      return [constantProduct.create(params as never, { name: 'pool', ledger, startPrice: () => 1 })];
    },
  });
  const { protocol, asset, units, person, setPrice } = world;
  const lender = person('lender', { USD: 1e7 });
  granted(protocol.supply(lender, asset('USD'), 'max', 0));
  const betty = person('borrower', { ETH: 1000 });
  granted(protocol.deposit(betty, asset('ETH'), 'max', 0));
  if (debt > 0) granted(protocol.borrow(betty, asset('USD'), units('USD', debt), 0));
  if (contracts !== undefined) {
    for (const [name, size] of [
      ['long', 100e6],
      ['short', -100e6],
    ] as const) {
      const trader = person(name, { USD: 40_000 });
      granted(protocol.deposit(trader, asset('USD'), 'max', 0));
      granted(protocol.tradeContract(trader, 0, size, 0));
    }
  }
  for (const [hour, mark] of marks.entries()) {
    setPrice('ETH', mark);
    protocol.endBlock(hour * HOUR);
  }
  setPrice('ETH', 1000);
  protocol.endBlock(Math.max(1, marks.length) * HOUR);
  return {
    changes: last,
    value: (param) => last.flatMap((change) => (change.kind !== 'risk' && change.param === param ? [change.value] : []))[0],
  };
}

/** The largest threshold within a budget, by looking at all of them in basis points. */
function scanned(recovery: number, spread: number, budget: number): number {
  let best = 3000;
  for (let basis = 3000; basis <= 9000; basis++) if (lateShortfall(recovery / (basis / 1e4), spread, 0.975) <= budget) best = basis;
  return best / 1e4;
}

const spreadOf = (volatility: number, ms: number) => volatility * Math.sqrt(ms / YEAR_MS);

describe('the risk manager', () => {
  it('begins with its prior, and proposes the largest threshold that the budget allows, the LTV a buffer below', () => {
    const { value } = ask({ terms: { prior: 3, delay: 6 * HOUR, deadband: 0 } });
    const expected = scanned(1 / 1.05, spreadOf(3, 6 * HOUR), 0.01);
    expect(expected).toBeGreaterThan(0.6);
    expect(expected).toBeLessThan(0.89);
    expect(value('liquidationThreshold')).toBe(expected);
    expect(value('ltv')).toBeCloseTo(expected - 0.05, 12);
  });

  it('stays within its bounds', () => {
    expect(ask({ terms: { prior: 0.01, deadband: 0 } }).value('liquidationThreshold')).toBe(0.9);
    expect(ask({ terms: { prior: 20, delay: 100 * HOUR } }).value('liquidationThreshold')).toBeCloseTo(0.3, 9);
  });

  it('leaves a threshold that is within the deadband of what it wants', () => {
    const wanted = scanned(1 / 1.05, spreadOf(3, 6 * HOUR), 0.01);
    const terms = { prior: 3, delay: 6 * HOUR, deadband: 0.02 };
    expect(ask({ terms, threshold: wanted - 0.015 }).changes).toEqual([]);
    expect(ask({ terms, threshold: wanted - 0.025 }).changes).toHaveLength(2);
  });

  /** Marks that go up and down by a fixed part each hour. */
  const swinging = (part: number, hours: number) =>
    Array.from({ length: hours }, (_, hour) => 1000 * (hour % 2 === 0 ? 1 : Math.exp(part)));

  it.each(['ewma', 'realised', 'garch'] as const)('learns volatility by %s: a calm prior gives way to swings', (estimator) => {
    const terms = { estimator, window: 300, prior: 0.3, delay: 6 * HOUR, deadband: 0 };
    const part = spreadOf(3, HOUR);
    const expected = scanned(1 / 1.05, spreadOf(3, 6 * HOUR), 0.01);
    const { value } = ask({ terms, marks: swinging(part, 800) });
    expect(Math.abs((value('liquidationThreshold') ?? 0) - expected)).toBeLessThan(0.004);
  });

  it('never goes below its floor of volatility', () => {
    const calm = { terms: { delay: 6 * HOUR, deadband: 0, prior: 3, floor: 1 }, marks: swinging(1e-6, 800) };
    expect(ask(calm).value('liquidationThreshold')).toBe(scanned(1 / 1.05, spreadOf(3, 6 * HOUR), 0.01));
    expect(ask({ ...calm, terms: { ...calm.terms, floor: 0 } }).value('liquidationThreshold')).toBe(0.9);
  });

  it('counts what the pool takes off what would be sold, where that is more than the bonus', () => {
    const terms = { prior: 1, delay: HOUR, deadband: 0, horizon: 48 * HOUR };
    const deep = ask({ terms, debt: 800_000, pool: 1e9 });
    const shallow = ask({ terms, debt: 800_000, pool: 5e6 });
    const safe = ask({ terms, debt: 400_000, pool: 5e6 });
    expect(deep.value('liquidationThreshold')).toBe(scanned(1 / 1.05, spreadOf(1, HOUR), 0.01));
    expect(shallow.value('liquidationThreshold')).toBeLessThan((deep.value('liquidationThreshold') ?? 0) - 0.05);
    // Nobody would be liquidated in two bad days: nothing would be sold.
    expect(safe.value('liquidationThreshold')).toBe(deep.value('liquidationThreshold'));
  });

  it('takes the delay that it sees where it is longer than the one it was told', () => {
    const terms = { prior: 3, delay: HOUR, deadband: 0 };
    const slow = ask({ terms, seen: { delay: 11 * HOUR }, looks: 1 });
    // Half of what it believed, half of what it saw.
    expect(slow.value('liquidationThreshold')).toBe(scanned(1 / 1.05, spreadOf(3, 6 * HOUR), 0.01));
    expect(ask({ terms, seen: { delay: 0 }, looks: 5 }).value('liquidationThreshold')).toBe(scanned(1 / 1.05, spreadOf(3, HOUR), 0.01));
  });

  it('holds the next margins to less while losses exceed the budget', () => {
    const terms = { prior: 3, delay: 6 * HOUR, deadband: 0 };
    const losing = ask({ terms, seen: { liquidatedUsd: 960, shortfallUsd: 40 } });
    // 4 % lost, half forgotten: twice the budget, so half of it is left.
    expect(losing.value('liquidationThreshold')).toBe(scanned(1 / 1.05, spreadOf(3, 6 * HOUR), 0.005));
    expect(ask({ terms, seen: { liquidatedUsd: 990, shortfallUsd: 10 } }).value('liquidationThreshold')).toBe(
      scanned(1 / 1.05, spreadOf(3, 6 * HOUR), 0.01),
    );
  });

  const contracts = (depth: number | undefined): LendingOptions['contracts'] => ({
    settle: 'USD',
    list: {
      PERP: {
        underlying: 'ETH',
        create: (needs) =>
          perpetual.create(
            {
              initial: 0.3,
              maintenance: 0.2,
              sizeCap: undefined,
              fee: 0,
              depth,
              fundingInterval: HOUR,
              fundingCap: 0.04,
              fundingSensitivity: 0,
            },
            needs,
          ),
      },
    },
    closeout: (needs) =>
      order.create(
        { sliceAboveUsd: 1e9, slice: 1, cooldown: 0, takeoverBelow: 0, penalty: 0, keeperShare: 0, collateralDiscount: 0.05 },
        needs,
      ),
    house: 1e6,
  });

  it('sets the maintenance of a perpetual by its worse side, and the initial margin by that', () => {
    const { value } = ask({ terms: { prior: 2, delay: 6 * HOUR, deadband: 0 }, contracts: contracts(undefined) });
    const spread = spreadOf(2, 6 * HOUR);
    const loss = (margin: number) =>
      Math.max((1 - margin) * lateShortfall(1 / (1 - margin), spread, 0.975), squeezeShortfall(1 + margin, spread, 0.975));
    const margin = value('maintenance') ?? 0;
    expect(margin).toBeGreaterThan(0.05);
    expect(loss(margin)).toBeLessThanOrEqual(0.01);
    expect(loss(margin - 0.0001)).toBeGreaterThan(0.01);
    expect(value('initial')).toBeCloseTo((margin * 5) / 3, 12);
  });

  it('asks for more where closing the sizes that are near would move the mark', () => {
    const terms = { prior: 2, delay: 6 * HOUR, deadband: 0, horizon: 240 * HOUR };
    const deep = ask({ terms, contracts: contracts(1e9) }).value('maintenance') ?? 0;
    const thin = ask({ terms, contracts: contracts(2000) }).value('maintenance') ?? 0;
    expect(thin).toBeGreaterThan(deep + 0.015);
    expect(ask({ terms: { ...terms, contracts: false }, contracts: contracts(2000) }).value('maintenance')).toBeUndefined();
  });
});
