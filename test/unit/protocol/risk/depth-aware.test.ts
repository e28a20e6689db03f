/** The engine that asks what an account could be closed for: what it hears of, what it leaves alone, and how long its bounds hold. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantProduct } from '../../../../src/market/constant-product.ts';
import type { Venue } from '../../../../src/market/venue.ts';
import { option } from '../../../../src/protocol/instrument/option.ts';
import { order } from '../../../../src/protocol/liquidation/order.ts';
import { depthAware } from '../../../../src/protocol/risk/depth-aware.ts';
import { blankHealth, type RiskNeeds } from '../../../../src/protocol/risk/risk-engine.ts';
import { aLendingWorld, granted, type LendingOptions, refusal } from '../../../../src/study/validate/lending-world.ts';
import { aBasket } from '../../../contract/risk-engine.ts';
import { HAND_MARKETS } from '../../../support/hand-made-books.ts';

const HOUR_MS = 3_600_000;
type Terms = Parameters<typeof depthAware.create>[0];
const TERMS: Terms = {
  ...{ cash: [1], delay: 0, deviations: 0, crowd: 0, change: 0.05, initialFactor: 1 },
  ...{ estimator: 'ewma', interval: 24 * HOUR_MS, lambda: 0.94, window: 500, prior: 1, priors: {}, floor: 0 },
};

/** A borrower of 600 USD against 1,000 ETH at 1 USD, beside a pool of 3,000 of both; nobody pays interest. */
function aWorld(terms: Partial<Terms> = {}, more: Partial<LendingOptions> = {}) {
  const pools: Venue[] = [];
  const world = aLendingWorld({
    markets: {
      ETH: { usd: 1, decimals: 9, ltv: 0.9, liquidationThreshold: 0.95 },
      USD: { usd: 1, decimals: 9, ltv: 0.9, liquidationThreshold: 0.95 },
    },
    risk: (needs) => depthAware.create({ ...TERMS, ...terms }, needs),
    venues(ledger) {
      const pool = { share: undefined, base: 0, quote: 1, fee: 0, baseReserve: 3000, quoteReserve: 3000 };
      pools.push(constantProduct.create(pool, { name: 'pool', ledger, startPrice: () => 1 }));
      return pools;
    },
    ...more,
  });
  const { protocol, person, asset, units, ledger } = world;
  const lender = person('lender', { USD: 10_000, ETH: 10_000 });
  for (const name of ['USD', 'ETH']) granted(protocol.supply(lender, asset(name), 'max', 0));
  const owner = person('borrower', { ETH: 1000, USD: 1000 });
  granted(protocol.deposit(owner, asset('ETH'), 'max', 0));
  granted(protocol.borrow(owner, asset('USD'), units('USD', 600), 0));
  const drain = (part: number) => {
    const provider = ledger.names.indexOf('lp:pool');
    granted(pools[0].removeLiquidity(provider, Math.floor(pools[0].sharesOf(provider) * part)) ?? 0);
  };
  return { ...world, owner, position: protocol.positionOf(owner), drain };
}

describe('depth-aware', () => {
  it('hears of a pool that was drained at the end of the block, though no price has moved and the interval is not over', () => {
    const { protocol, position, drain } = aWorld();
    expect(protocol.health(position, 0).healthFactor).toBeCloseTo(750 / 600, 3);
    expect(protocol.liquidatable(0)).toEqual([]);
    drain(0.5);
    protocol.refresh(HOUR_MS);
    expect(protocol.liquidatable(HOUR_MS)).toEqual([]);
    protocol.endBlock(HOUR_MS);
    // 1,500 · 1,000/2,500 = 600: at the very limit; a little less is below it.
    expect(protocol.health(position, 0).healthFactor).toBeCloseTo(1, 3);
    drain(0.1);
    protocol.endBlock(2 * HOUR_MS);
    expect(protocol.liquidatable(2 * HOUR_MS)).toEqual([position]);
  });

  it('looks no sooner than the interval at a pool that has hardly changed', () => {
    const { protocol, position, drain } = aWorld();
    const before = protocol.health(position, 0).healthFactor;
    drain(0.02);
    protocol.endBlock(HOUR_MS);
    expect(protocol.health(position, 0).healthFactor).toBe(before);
    protocol.endBlock(24 * HOUR_MS);
    expect(protocol.health(position, 0).healthFactor).toBeLessThan(before);
  });

  it('gains nobody anything when a venue is lifted above the mark', () => {
    const { protocol, position, ledger, asset, units } = aWorld();
    const pool = ledger.names.indexOf('pool');
    const whale = ledger.names.indexOf('borrower');
    ledger.transfer(whale, pool, asset('USD'), units('USD', 1500));
    protocol.endBlock(HOUR_MS);
    const { collateralUsd, required } = protocol.health(position, 0);
    expect(collateralUsd - required).toBeCloseTo(950, 9);
  });

  it('lets less be borrowed against a large collateral than a part of it, and more collateral never counts less', () => {
    const counts = [100, 1000, 10_000].map((posted) => {
      const { protocol, person, asset, units } = aWorld({ initialFactor: 1.2 });
      const owner = person('other', { ETH: posted });
      granted(protocol.deposit(owner, asset('ETH'), 'max', 0));
      return protocol.borrowable(protocol.positionOf(owner), asset('USD'), 0) / units('USD', 1);
    });
    const most = (posted: number) => (3000 * posted) / (3000 + posted) / 1.2;
    expect(counts[0] / Math.min(90, most(100))).toBeCloseTo(1, 3);
    expect(counts[1] / most(1000)).toBeCloseTo(1, 3);
    expect(counts[2] / most(10_000)).toBeCloseTo(1, 3);
  });

  it('judges nobody while it has not looked at anything', () => {
    const engine = depthAware.create(TERMS, { ...NEEDS, proceedsUsd: () => 1, purchasedUnits: () => 1 });
    const { healthFactor, liquidatable } = engine.assess(
      aBasket({ collateral: [10, 0, 0], debt: [0, 1, 0] }),
      0,
      new Float64Array(3).fill(1),
      'maintenance',
      blankHealth(),
    );
    expect([healthFactor, liquidatable]).toEqual([Number.NaN, false]);
  });

  it('asks what buying a debt back costs, so that nobody owes what the venues do not have', () => {
    const { protocol, person, asset, units } = aWorld();
    const short = person('short', { USD: 9000 });
    granted(protocol.deposit(short, asset('USD'), 'max', 0));
    const position = protocol.positionOf(short);
    // 3,000·d/(3,000 − d) ≤ 0.9 · 9,000.
    const most = (3000 * 8100) / (3000 + 8100);
    expect(protocol.borrowable(position, asset('ETH'), 0) / units('ETH', most)).toBeCloseTo(1, 2);
    expect(refusal(protocol.borrow(short, asset('ETH'), units('ETH', 3001), 0))).toBe('HEALTH_INITIAL');
  });

  it('holds the bound it gave while marks move and debts grow', () => {
    const units = (max: number) => fc.integer({ min: 0, max });
    // Cash, and debts of up to nine tenths of what the pools have: there the cost of buying back grows fastest.
    const basket = fc.record({
      collateral: fc.tuple(units(10_000_000), units(600_000), fc.constant(0)),
      debt: fc.tuple(units(100_000), units(900_000), units(900_000)),
    });
    const step = fc.double({ min: -1, max: 1, noNaN: true });
    const part = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
    let bounded = 0;
    fc.assert(
      fc.property(basket, fc.tuple(step, step, step), part, part, fc.constantFrom(0, 0.5), (held, moves, rising, growing, crowd) => {
        fc.pre(held.debt.some((owed) => owed > 0));
        const engine = depthAware.create({ ...TERMS, cash: [0], crowd, delay: HOUR_MS, deviations: 2 }, NEEDS);
        const marks = new Float64Array(3).fill(1);
        engine.observe?.(marks, 0, []);
        const level = engine.assess(aBasket(held), 0, marks, 'maintenance', blankHealth()).healthFactor * 0.9;
        const cushion = engine.cushion(aBasket(held), 0, marks, level);
        if (!(cushion > 0)) return;
        bounded += 1;
        // The worst fall of a mark, and the worst rise of a mark with its interest, together use the cushion up.
        const fall = Math.min(cushion, 20) * (1 - rising);
        const rise = Math.min(cushion, 20) * rising;
        const moved = marks.map((mark, i) => mark * Math.exp(moves[i] < 0 ? moves[i] * fall : moves[i] * rise * (1 - growing)));
        const grown = held.debt.map((owed) => Math.floor(owed * Math.exp(rise * growing)));
        // Interest: the same shares, worth more.
        const view = { ...aBasket(held), debt: (_: number, market: number) => grown[market] };
        const later = engine.assess(view, 0, moved, 'maintenance', blankHealth());
        expect(later.healthFactor).toBeGreaterThanOrEqual(level * (1 - 1e-9));
      }),
      { numRuns: 1000 },
    );
    expect(bounded).toBeGreaterThan(100);
  });

  it('asks of who has sold an option what the worse move of its index costs', () => {
    const CALL = {
      initial: 0.01,
      maintenance: 0.01,
      sizeCap: undefined,
      fee: 0,
      right: 'call',
      strike: 1.2,
      expiry: 365 * 24 * HOUR_MS,
      spread: 0.02,
    } as const;
    const CLOSEOUT = { sliceAboveUsd: 1e9, slice: 1, cooldown: 0, takeoverBelow: 0, penalty: 0, keeperShare: 0, collateralDiscount: 0 };
    const { protocol, person, asset, units } = aLendingWorld({
      markets: { ETH: { usd: 1, decimals: 9 }, USD: { usd: 1, decimals: 9 } },
      risk: (needs) => depthAware.create({ ...TERMS, cash: [0, 1], delay: 24 * HOUR_MS, deviations: 3 }, needs),
      contracts: {
        settle: 'USD',
        list: { call: { underlying: 'ETH', create: (needs) => option.create(CALL, needs) } },
        closeout: (needs) => order.create(CLOSEOUT, needs),
        house: 10_000,
      },
    });
    const owner = person('writer', { USD: 1000 });
    granted(protocol.deposit(owner, asset('USD'), 'max', 0));
    granted(protocol.tradeContract(owner, 0, -units('ETH', 100), 0));
    const [call] = protocol.contracts;
    const state = { at: 0, index: 1e-9, skew: 0, longs: 0, shorts: 0 };
    const move = 3 / Math.sqrt(365);
    const value = call.valueAt(state, 1, 1);
    const expected = 100e9 * (call.valueAt(state, 1 + move, 1) - value + 0.02 * value);
    expect(protocol.health(protocol.positionOf(owner), 0).required / expected).toBeCloseTo(1, 9);
  });
});

const NEEDS: RiskNeeds = {
  markets: HAND_MARKETS,
  contracts: [],
  settle: -1,
  proceedsUsd: (_, units) => (1e6 * units) / (1e6 + units),
  purchasedUnits: (_, usd) => (1e6 * usd) / (1e6 + usd),
  flow: () => undefined,
  collateralTotal: () => 2e6,
  debtTotal: () => 1e6,
  debtIndex: () => 1,
  stateOf: () => ({ at: 0, index: Number.NaN, skew: 0, longs: 0, shorts: 0 }),
};
