/** The engine whose rule its user writes: the same as `static` where it is written so, and what its variables mean. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Expression } from '../../../../src/formula/expression.ts';
import { isFormulaProblem, parseExpression } from '../../../../src/formula/parse.ts';
import { constantProduct } from '../../../../src/market/constant-product.ts';
import type { Venue } from '../../../../src/market/venue.ts';
import type { AccountsView, Market } from '../../../../src/protocol/accounts-view.ts';
import type { ContractState } from '../../../../src/protocol/instrument/contract.ts';
import { option } from '../../../../src/protocol/instrument/option.ts';
import { perpetual } from '../../../../src/protocol/instrument/perpetual.ts';
import { byFormula } from '../../../../src/protocol/risk/by-formula.ts';
import { MARGIN_VARIABLES, marginRow, SLOT, setVariable } from '../../../../src/protocol/risk/margin-variables.ts';
import { blankHealth, type Need, type RiskEngine, type RiskNeeds } from '../../../../src/protocol/risk/risk-engine.ts';
import { staticRisk } from '../../../../src/protocol/risk/static.ts';
import { aLendingWorld, granted } from '../../../../src/study/validate/lending-world.ts';
import { aBasket } from '../../../contract/risk-engine.ts';
import { HAND_MARKETS } from '../../../support/hand-made-books.ts';
import { propertyRuns } from '../../../support/property-runs.ts';

const HOUR_MS = 3_600_000;
type Terms = Parameters<typeof byFormula.create>[0];

function tree(text: string): Expression {
  const expression = parseExpression(text);
  if (isFormulaProblem(expression)) throw new Error(`${text}: ${expression.found}`);
  return expression;
}

const TERMS: Terms = {
  ...{ formula: tree('notional * rate'), collateralFormula: undefined, initialFactor: 1, delay: HOUR_MS, slippage: 0.02 },
  ...{ estimator: 'ewma', interval: HOUR_MS, lambda: 0.94, window: 500, prior: 1, priors: {}, floor: 0 },
};

/** Two perpetuals and a call beside the basket's markets, all settled in the third asset. */
const PERPETUALS = [0, 1].map((market) =>
  perpetual.create(
    {
      ...{ initial: 0.1, maintenance: 0.04, sizeCap: 1e6, fee: 0, depth: 1e5 },
      ...{ fundingInterval: HOUR_MS, fundingCap: 0, fundingSensitivity: 0 },
    },
    { name: `perp ${market}`, market, decimals: 0, surface: { volatility: () => 1 } },
  ),
);
const CALL = option.create(
  { initial: 0.1, maintenance: 0.04, sizeCap: undefined, fee: 0, right: 'call', strike: 500, expiry: 1e10, spread: 0.02 },
  { name: 'call', market: 0, decimals: 0, surface: { volatility: () => 1 } },
);
const CONTRACTS = [...PERPETUALS, CALL];
const NEEDS: RiskNeeds = {
  markets: HAND_MARKETS,
  contracts: CONTRACTS,
  settle: 2,
  proceedsUsd: (_, units) => (1e6 * units) / (1e6 + units),
  purchasedUnits: (_, usd) => (1e6 * usd) / (1e6 + usd),
  flow: () => undefined,
  collateralTotal: () => 2000,
  debtTotal: () => 3000,
  debtIndex: () => 1,
  stateOf: () => ({ at: 0, index: Number.NaN, skew: 0, longs: 0, shorts: 0 }),
};
const STATE: ContractState = { at: 0, index: 1, skew: 250, longs: 400, shorts: 150 };
const STATES = [STATE, STATE, STATE];
const MARKS = new Float64Array(6).fill(1);

interface Held {
  readonly collateral: readonly number[];
  readonly debt: readonly number[];
  readonly sizes: readonly number[];
  readonly quote: number;
}

function account({ collateral, debt, sizes, quote }: Held, markets: readonly Market[] = HAND_MARKETS): AccountsView {
  return {
    ...aBasket({ collateral, debt }),
    markets,
    contracts: CONTRACTS,
    settle: 2,
    size: (_, contract) => sizes[contract] ?? 0,
    quote: () => quote,
  };
}

/** An engine that has looked once. */
function looked(terms: Partial<Terms>): RiskEngine {
  const engine = byFormula.create({ ...TERMS, ...terms }, NEEDS);
  engine.observe?.(MARKS, 0, STATES);
  return engine;
}

const EMPTY: Held = { collateral: [0, 0, 0], debt: [0, 0, 0], sizes: [0, 0, 0], quote: 0 };
/** What a formula asks, of one holding. */
const asked = (text: string, held: Partial<Held>, need: Need = 'maintenance', terms: Partial<Terms> = {}) =>
  looked({ formula: tree(text), ...terms }).assess(account({ ...EMPTY, ...held }), 0, MARKS, need, blankHealth()).required;
const off = (text: string, collateral: readonly number[]) =>
  asked('notional * 0', { collateral, quote: -1 }, 'maintenance', { collateralFormula: tree(text) });

describe('by-formula', () => {
  it('judges as static does where it is written so, whatever the account', () => {
    const units = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1_000_000 }));
    const signed = fc.oneof(fc.constant(0), fc.integer({ min: -100_000, max: 100_000 }));
    const row = fc.tuple(units, units, units);
    const held = fc.record({ collateral: row, debt: row, sizes: fc.tuple(signed, signed, signed), quote: signed });
    const prices = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 6, maxLength: 6 }).map((list) => Float64Array.from(list));
    const category = fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2));
    const engines = [looked({}), looked({ collateralFormula: tree('notional * rate') })];
    const fixed = staticRisk.create({}, undefined);
    fc.assert(
      fc.property(held, prices, category, fc.constantFrom<Need>('initial', 'maintenance'), (one, marks, categories, need) => {
        const markets = HAND_MARKETS.map((market, i) => {
          const params = { ...market.params, category: categories[i], categoryLtv: 0.9, categoryThreshold: 0.95 };
          return { ...market, params };
        });
        const view = account(one, markets);
        const expected = fixed.assess(view, 0, marks, need, blankHealth());
        const [same, close] = engines.map((engine) => engine.assess(view, 0, marks, need, blankHealth()));
        expect(same).toEqual(expected);
        const scale = 1e-12 * (expected.collateralUsd + expected.debtUsd + 1);
        expect(Math.abs(close.required - expected.required)).toBeLessThanOrEqual(scale);
        if (expected.healthFactor < Number.POSITIVE_INFINITY) {
          expect(Math.abs(close.healthFactor - expected.healthFactor)).toBeLessThanOrEqual(1e-9 * Math.max(1, expected.healthFactor));
        } else expect(close.healthFactor).toBe(expected.healthFactor);
      }),
      { numRuns: propertyRuns(500, 20_000) },
    );
  });

  it('is asked about each contract and each debt, and sums what it says', () => {
    const held = { debt: [100, 0, 50], sizes: [-10, 30], quote: 500 };
    expect(asked('100 usd', held)).toBe(400);
    expect(asked('notional', held)).toBe(190);
    expect(asked('size * price', held)).toBe(190);
    expect(asked('side > 0 ? notional : 0', held)).toBe(30);
    expect(asked('side < 0 ? notional : 0', held)).toBe(160);
  });

  it('is asked about an option that was sold by its underlying, and not about one that was bought', () => {
    const marks = Float64Array.of(7, 1, 1, 7, 1, 3);
    const required = (size: number) =>
      looked({ formula: tree('notional') }).assess(
        account({ ...EMPTY, sizes: [0, 0, size], quote: 50 }),
        0,
        marks,
        'maintenance',
        blankHealth(),
      );
    expect(required(-10)).toMatchObject({ required: 70, debtUsd: 30 });
    // What it is worth does not count either.
    expect(required(10)).toMatchObject({ required: 30, collateralUsd: 80 });
  });

  it('knows what the trades of an asset tell, as of the last look, and 0 of what they do not', () => {
    const told = { imbalance: -0.25, illiquidity: 2e-6, impact: 3e-6, realisedSpread: Number.NaN };
    let now: typeof told | undefined = told;
    const flow = (market: number) => (market === 0 ? now : undefined);
    const engine = byFormula.create({ ...TERMS, formula: tree('notional * (1 - imbalance)') }, { ...NEEDS, flow });
    const required = (debt: readonly number[]) =>
      engine.assess(account({ ...EMPTY, debt }), 0, MARKS, 'maintenance', blankHealth()).required;
    engine.observe?.(MARKS, 0, STATES);
    expect([required([100, 0, 0]), required([0, 100, 0])]).toEqual([125, 100]);
    const epoch = engine.epoch();
    now = undefined;
    engine.observe?.(MARKS, TERMS.interval - 1, STATES);
    expect([required([100, 0, 0]), engine.epoch()]).toEqual([125, epoch]);
    engine.observe?.(MARKS, TERMS.interval, STATES);
    expect([required([100, 0, 0]), engine.epoch()]).toEqual([100, epoch + 1]);
    now = told;
    const one = (text: string) => {
      const other = byFormula.create({ ...TERMS, formula: tree(text) }, { ...NEEDS, flow });
      other.observe?.(MARKS, 0, STATES);
      return other.assess(account({ ...EMPTY, debt: [100, 0, 0] }), 0, MARKS, 'maintenance', blankHealth()).required;
    };
    expect(one('notional * illiquidity * 1e6 usd')).toBeCloseTo(200, 9);
    expect(one('notional * impact * 1e6 usd')).toBeCloseTo(300, 9);
    expect(one('notional * (1 + realisedSpread)')).toBe(100);
  });

  it('takes a formula about a collateral off what it is worth, never more and never less than nothing', () => {
    expect(off('0.25 * notional', [100, 20, 0])).toBe(30);
    expect(off('2 * notional', [100, 20, 0])).toBe(120);
    expect(off('-notional', [100, 20, 0])).toBe(0);
    expect(off('bonus * notional', [100, 20, 0])).toBeCloseTo(6, 12);
    expect(off('maintenanceRate * notional', [100, 0, 0])).toBeCloseTo(15, 12);
    expect(off('initialRate * notional', [100, 0, 0])).toBeCloseTo(20, 12);
    expect(off('openInterest', [10_000, 0, 0])).toBe(2000);
  });

  it('asks nothing below nothing', () => {
    expect(asked('-notional', { debt: [100, 0, 0], quote: 500 })).toBe(0);
  });

  it('asks to borrow for the larger of both rates, times a factor', () => {
    const terms = { initialFactor: 1.5 };
    expect(asked('notional * rate', { sizes: [1000, 0] }, 'initial', terms)).toBeCloseTo(150, 9);
    expect(asked('notional * (1 - rate)', { sizes: [1000, 0] }, 'initial', terms)).toBeCloseTo(1.5 * 960, 9);
    expect(asked('notional * (1 - rate)', { sizes: [1000, 0] }, 'maintenance', terms)).toBeCloseTo(960, 9);
  });

  it('knows open interest and skew of contracts, and totals of loans, as of the last block', () => {
    expect(asked('openInterest', { sizes: [1, 0] })).toBe(400);
    expect(asked('skew', { sizes: [1, 0] })).toBe(250);
    expect(asked('openInterestCap', { sizes: [1, 0] })).toBe(1e6);
    expect(asked('openInterest', { debt: [1, 0, 0], quote: 9 })).toBe(3000);
    expect(asked('openInterestCap', { debt: [1, 0, 0], quote: 9 })).toBe(1e15);
    const engine = looked({ formula: tree('openInterest') });
    const before = engine.epoch();
    engine.observe?.(MARKS, 1000, STATES);
    expect(engine.epoch()).toBe(before);
    engine.observe?.(MARKS, 2000, [{ ...STATE, shorts: 500 }, STATE, STATE]);
    expect(engine.epoch()).toBe(before + 1);
    expect(engine.assess(account({ ...EMPTY, sizes: [1, 0] }), 0, MARKS, 'maintenance', blankHealth()).required).toBe(500);
  });

  it('measures the depth of a house by its fills and of a venue by its proceeds', () => {
    // A sale of s to the house is filled at 1 + (skew − s/2)/depth.
    expect(asked('depth', { sizes: [1, 0] }) / (2 * 0.02 * (1e5 + 250))).toBeCloseTo(1, 4);
    expect(asked('depth', { debt: [1, 0, 0], quote: 9 }) / ((1e6 * 0.02) / 0.98)).toBeCloseTo(1, 2);
    expect(looked({ formula: tree('depth') }).epoch()).toBe(1);
    expect(looked({ formula: tree('notional') }).epoch()).toBe(0);
  });

  it('knows volatility, delay and the account', () => {
    expect(asked('notional * volatility * sqrt(delay)', { sizes: [100, 0] })).toBeCloseTo(100 / Math.sqrt(8760), 9);
    const held = { sizes: [100, 0], debt: [0, 50, 0], quote: 200, collateral: [10, 0, 0] };
    expect(asked('equity', held, 'maintenance', { collateralFormula: tree('notional * 0') })).toBe(2 * 260);
    expect(asked('collateralUsd', held, 'maintenance', { collateralFormula: tree('notional * 0') })).toBe(2 * 310);
    expect(asked('leverage * 1 usd', held, 'maintenance', { collateralFormula: tree('notional * 0') })).toBeCloseTo((2 * 150) / 260, 12);
    expect(asked('leverage * 1 usd', { sizes: [100, 0], quote: -100 })).toBe(1e6);
  });

  it('judges nobody by a depth it has not looked at', () => {
    const engine = byFormula.create({ ...TERMS, formula: tree('notional * min(1, notional / depth)') }, NEEDS);
    const held = account({ ...EMPTY, debt: [1, 0, 0], quote: 100 });
    expect(engine.assess(held, 0, MARKS, 'maintenance', blankHealth()).healthFactor).toBeNaN();
    engine.observe?.(MARKS, 0, STATES);
    expect(engine.assess(held, 0, MARKS, 'maintenance', blankHealth()).healthFactor).toBeGreaterThan(1);
  });

  it('hears of a pool that was drained, though nothing else has moved', () => {
    const pools: Venue[] = [];
    const { protocol, person, asset, units, ledger } = aLendingWorld({
      markets: { ETH: { usd: 1, decimals: 9, ltv: 0.9, liquidationThreshold: 0.95 }, USD: { usd: 1, decimals: 9 } },
      risk: (needs) => byFormula.create({ ...TERMS, collateralFormula: tree('notional * notional / (notional + 10 * depth)') }, needs),
      venues(at) {
        const pool = { share: undefined, base: 0, quote: 1, fee: 0, baseReserve: 3000, quoteReserve: 3000 };
        pools.push(constantProduct.create(pool, { name: 'pool', ledger: at, startPrice: () => 1 }));
        return pools;
      },
    });
    const lender = person('lender', { USD: 10_000 });
    granted(protocol.supply(lender, asset('USD'), 'max', 0));
    const owner = person('borrower', { ETH: 100 });
    granted(protocol.deposit(owner, asset('ETH'), 'max', 0));
    granted(protocol.borrow(owner, asset('USD'), units('USD', 80), 0));
    protocol.watch(protocol.positionOf(owner), 1);
    expect(protocol.dueWatches(0)).toEqual([]);
    const provider = ledger.names.indexOf('lp:pool');
    granted(pools[0].removeLiquidity(provider, Math.floor(pools[0].sharesOf(provider) * 0.9)) ?? 0);
    protocol.endBlock(HOUR_MS);
    expect(protocol.liquidatable(HOUR_MS)).toEqual([protocol.positionOf(owner)]);
    expect(protocol.dueWatches(HOUR_MS)).toEqual([protocol.positionOf(owner)]);
  });
});

describe('the row of a margin formula', () => {
  it('holds every value within its declared range, and leaves what is not known unknown', () => {
    const row = marginRow();
    for (const { name, range } of MARGIN_VARIABLES) {
      for (const [value, expected] of [
        [Number.POSITIVE_INFINITY, range[1]],
        [Number.NEGATIVE_INFINITY, range[0]],
        [(range[0] + range[1]) / 2, (range[0] + range[1]) / 2],
        [Number.NaN, Number.NaN],
      ]) {
        setVariable(row, SLOT[name], value);
        expect(row[SLOT[name]], name).toBe(expected);
      }
    }
  });
});
