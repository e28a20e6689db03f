import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalCdf } from '../../../../src/base/normal.ts';
import { years } from '../../../../src/base/params.ts';
import { randomFrom } from '../../../../src/base/random.ts';
import type { PortfolioVarTerms } from '../../../../src/protocol/risk/portfolio-var.ts';
import { blankHealth } from '../../../../src/protocol/risk/risk-engine.ts';
import { normalExpectedShortfall, normalValueAtRisk, studentValueAtRisk } from '../../../../src/study/closed-form/value-at-risk.ts';
import { type HandEngine, type Holdings, handAccount, handContract, handEngine } from '../../../support/portfolio-var.ts';
import { propertyRuns } from '../../../support/property-runs.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const METHODS = ['delta-normal', 'historical', 'filtered-historical', 'monte-carlo'] as const;
const Z = normalValueAtRisk(0.99);
/** A volatility of 0.8 a year, over a day. */
const SIGMA = 0.8 * Math.sqrt(years(DAY));
const DAILY: Partial<PortfolioVarTerms> = { interval: DAY, horizon: DAY, prior: 0.8 };
/** Cash whose price hardly moves. */
const CALM = { USD: 1e-6 };

/** What 100 USD of A lose or cost, beside a debt or cash that does not matter. */
const long: Holdings = { collateral: [100, 0], debt: [0, 50] };
const short: Holdings = { collateral: [0, 500], debt: [100, 0] };

describe('portfolio margin of one asset, before there is data', () => {
  it.each(METHODS)('is the quantile of its prior: %s', (method) => {
    const { required } = handEngine({ ...DAILY, method, priors: CALM }, ['A', 'USD']);
    const rates = method === 'delta-normal' ? [Z * SIGMA, Z * SIGMA] : [1 - Math.exp(-Z * SIGMA), Math.exp(Z * SIGMA) - 1];
    expect(required(long)).toBeCloseTo(100 * rates[0], 3);
    expect(required(short)).toBeCloseTo(100 * rates[1], 3);
  });

  it.each(METHODS)('is the mean beyond it where that is the measure: %s', (method) => {
    const { required } = handEngine({ ...DAILY, method, measure: 'expected-shortfall', priors: CALM }, ['A', 'USD']);
    const square = Math.exp((SIGMA * SIGMA) / 2);
    const exact = [1 - (square * normalCdf(-Z - SIGMA)) / 0.01, (square * normalCdf(SIGMA - Z)) / 0.01 - 1];
    const rates = method === 'delta-normal' ? [normalExpectedShortfall(0.99) * SIGMA, normalExpectedShortfall(0.99) * SIGMA] : exact;
    // Of strata the mean is exact, but not that of their exponentials.
    expect(required(long) / (100 * rates[0])).toBeCloseTo(1, 3);
    expect(required(short) / (100 * rates[1])).toBeCloseTo(1, 2);
  });

  it('grows with the root of the horizon, and is that of t where degrees are said', () => {
    const four = handEngine({ ...DAILY, horizon: 4 * DAY, method: 'delta-normal', priors: CALM }, ['A', 'USD']);
    expect(four.required(long)).toBeCloseTo(200 * Z * SIGMA, 3);
    const t = handEngine({ ...DAILY, method: 'delta-normal', degrees: 4, priors: CALM }, ['A', 'USD']);
    expect(t.required(long)).toBeCloseTo(100 * studentValueAtRisk(0.99, 4) * SIGMA, 3);
  });

  it('never asks for more than all of a collateral, however wild', () => {
    for (const method of METHODS) {
      const { health } = handEngine({ ...DAILY, method, prior: 90, priors: CALM }, ['A', 'USD']);
      const { required, equity, liquidatable } = health({ collateral: [100, 0], debt: [0, 1] });
      expect(required).toBeGreaterThan(97);
      expect(required).toBeLessThanOrEqual(100.001);
      expect(liquidatable).toBe(equity < required);
    }
  });

  it('is asked once more, times a factor, to open', () => {
    const { required } = handEngine({ ...DAILY, initialFactor: 1.5, priors: CALM }, ['A', 'USD']);
    expect(required(long, 'initial')).toBeCloseTo(1.5 * required(long), 9);
  });

  it('counts nothing of a collateral without a threshold, and has no risk from it', () => {
    const { needs, required } = handEngine({ ...DAILY, priors: CALM }, ['A', 'USD']);
    Object.assign(needs.markets[0], { params: { ...needs.markets[0].params, ltv: 0 } });
    expect(required(long, 'initial')).toBeCloseTo(100, 2);
    expect(required(long)).toBeLessThan(20);
    Object.assign(needs.markets[0], { params: { ...needs.markets[0].params, liquidationThreshold: 0 } });
    expect(required(long)).toBeCloseTo(100, 2);
  });
});

describe('portfolio margin of two assets', () => {
  const pairs = [
    ['long both', { collateral: [100, 60, 0], debt: [0, 0, 50] }, 1],
    ['long one, short the other', { collateral: [100, 0, 0], debt: [0, 60, 0] }, -1],
  ] as const;
  const volatilities = { A: 0.8, B: 0.4, USD: 1e-6 };

  it.each(pairs)('is that of their covariance: %s', (_, holdings, sign) => {
    const sigma = [SIGMA, SIGMA / 2];
    for (const rho of [-0.9, 0, 0.5, 1]) {
      const terms = { ...DAILY, priors: volatilities, correlation: { 'A,B': rho } };
      const a = 100 * sigma[0];
      const b = 60 * sigma[1];
      const exact = Z * Math.sqrt(a * a + b * b + sign * 2 * rho * a * b);
      const normal = handEngine({ ...terms, method: 'delta-normal' }, ['A', 'B', 'USD']);
      expect(normal.required(holdings)).toBeCloseTo(exact, 3);
      const drawn = handEngine({ ...terms, method: 'monte-carlo', scenarios: 19_999 }, ['A', 'B', 'USD']);
      // Simple returns are not symmetric: their quantile differs by half its square. Four standard errors of plain draws are 4.5 %.
      const curve = (Z * SIGMA) / 2;
      expect(Math.abs(drawn.required(holdings) / exact - 1)).toBeLessThan(curve + 0.045);
    }
  });

  it('is the quantile of what their history did to it, both together', () => {
    const random = randomFrom(3);
    const days = Array.from({ length: 499 }, () => {
      const shared = random.normal();
      return [0.03 * shared, 0.02 * (0.8 * shared + 0.6 * random.normal()), 0];
    });
    const { required, move, marks } = handEngine({ ...DAILY, method: 'historical', prior: 5 }, ['A', 'B', 'USD']);
    for (const day of days) move(...day);
    const losses = days.map(([a, b]) => 60 * marks[1] * Math.expm1(b) - 100 * marks[0] * Math.expm1(a)).sort((x, y) => y - x);
    expect(required(pairs[1][1])).toBeCloseTo(losses[4], 9);
  });

  it('filters a history by the volatility of now', () => {
    const random = randomFrom(4);
    const { required, move } = handEngine({ ...DAILY, method: 'filtered-historical', lambda: 0.9 }, ['A', 'USD']);
    const values: number[] = [];
    let variance = SIGMA * SIGMA;
    let price = 1;
    for (let day = 0; day < 700; day++) {
      const logReturn = 0.02 * (day > 650 ? 3 : 1) * random.normal();
      values.push(logReturn / Math.sqrt(variance));
      variance = 0.9 * variance + 0.1 * logReturn * logReturn;
      price *= Math.exp(logReturn);
      move(logReturn, 0);
    }
    const worst = values.slice(-499).sort((x, y) => x - y)[4];
    expect(required({ collateral: [100, 0], debt: [0, 1] })).toBeCloseTo(-100 * price * Math.expm1(worst * Math.sqrt(variance)), 6);
  });
});

describe('wrong-way risk', () => {
  const gross: Holdings = { collateral: [100, 0, 0], debt: [0, 80, 0] };
  const at = (rho: number, method: (typeof METHODS)[number]) =>
    handEngine({ ...DAILY, method, correlation: { 'A,B': rho }, priors: CALM }, ['A', 'B', 'USD']);

  it.each(METHODS)('of a debt that rises when its collateral falls is in the requirement: %s', (method) => {
    const [wrong, right] = [at(-0.9, method), at(0.9, method)];
    // √(100² + 80² + 2·0.9·8000) ÷ √(100² + 80² − 2·0.9·8000) = 175.5 ÷ 44.7.
    expect(wrong.required(gross) / right.required(gross)).toBeGreaterThan(3);
    expect(wrong.health(gross).liquidatable).toBe(false);
    expect(right.health(gross).healthFactor).toBeGreaterThan(wrong.health(gross).healthFactor);
  });

  it.each(METHODS)('of a short perpetual against a collateral likewise: %s', (method) => {
    const contracts = [handContract(1)];
    const holdings: Holdings = { collateral: [100, 0, 0], quote: 80, sizes: [-80] };
    const [wrong, right] = [-0.9, 0.9].map((rho) =>
      handEngine({ ...DAILY, method, correlation: { 'A,B': rho }, priors: CALM }, ['A', 'B', 'USD'], { contracts, settle: 2 }),
    );
    expect(wrong.required(holdings)).toBeCloseTo(at(-0.9, method).required(gross), 3);
    expect(wrong.required(holdings) / right.required(holdings)).toBeGreaterThan(3);
  });

  it('is learnt from prices where no correlation is given', () => {
    for (const method of METHODS) {
      const margins = [-1, 1].map((sign) => {
        const random = randomFrom(5);
        const { required, move, marks } = handEngine({ ...DAILY, method, priors: CALM }, ['A', 'B', 'USD']);
        for (let day = 0; day < 600; day++) {
          const shared = random.normal();
          move(0.03 * shared, sign * 0.03 * (0.9 * shared + Math.sqrt(0.19) * random.normal()), 0);
        }
        return required({ collateral: [100 / marks[0], 0, 0], debt: [0, 80 / marks[1], 0] });
      });
      expect(margins[0] / margins[1]).toBeGreaterThan(2);
    }
  });
});

describe('a portfolio', () => {
  /** 499 days in which A and B each fall by half four times, never together: 1 % of days is five. */
  const rareCrashes = (measure: PortfolioVarTerms['measure']): HandEngine => {
    const made = handEngine({ ...DAILY, method: 'historical', measure, priors: CALM }, ['A', 'B', 'USD']);
    for (let day = 0; day < 499; day++) {
      const falls = (offset: number) => (day % 100 === offset && day < 400 ? Math.log(0.5) : 0);
      made.move(falls(10), falls(60), 0);
    }
    made.marks.fill(1);
    return made;
  };

  it('asks for no more than its parts, where a value at risk alone would', () => {
    const { required } = rareCrashes('value-at-risk');
    // Alone each may fall by half on 0.8 % of days, which 99 % does not see; together on 1.6 %, which it does.
    expect(required({ collateral: [100, 0, 0], debt: [0, 0, 10] })).toBeCloseTo(0, 9);
    expect(required({ collateral: [100, 100, 0], debt: [0, 0, 10] })).toBeCloseTo(0, 9);
    const shortfall = rareCrashes('expected-shortfall');
    const alone = shortfall.required({ collateral: [100, 0, 0], debt: [0, 0, 10] });
    const both = shortfall.required({ collateral: [100, 100, 0], debt: [0, 0, 10] });
    expect(alone).toBeCloseTo((4 * 50) / 4.99, 9);
    expect(both).toBeCloseTo(50, 9);
  });

  const units = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 10_000 }));
  const row = fc.tuple(units, units, units);

  it.each(METHODS)('never asks for more than its parts in accounts of their own: %s', (method) => {
    const contracts = [handContract(0), handContract(1)];
    for (const measure of ['value-at-risk', 'expected-shortfall'] as const) {
      const made = handEngine({ ...DAILY, method, measure, minimum: 0.03 }, ['A', 'B', 'USD'], { contracts, settle: 2 });
      const random = randomFrom(6);
      // Fat tails, as value at risk adds up least well in.
      for (let day = 0; day < 300; day++) made.move(0.02 * random.normal() ** 3, 0.02 * random.normal() ** 3, 0.001 * random.normal());
      const { required } = made;
      fc.assert(
        fc.property(row, row, fc.tuple(fc.integer(), fc.integer(), fc.integer()), (collateral, debt, [quote, a, b]) => {
          const [cash, ...sizes] = [quote, a, b].map((n) => n % 10_000);
          const only = (list: readonly number[], market: number) => list.map((held, other) => (other === market ? held : 0));
          const parts = [0, 1, 2].flatMap((market): Holdings[] => [
            { collateral: only(collateral, market) },
            { debt: only(debt, market) },
            { sizes: only(sizes, market) },
          ]);
          const apart = [...parts, { quote: cash }].reduce((sum, part) => sum + required(part), 0);
          expect(required({ collateral, debt, quote: cash, sizes })).toBeLessThanOrEqual(apart * (1 + 1e-12) + 1e-9);
        }),
        { numRuns: propertyRuns(100, 3000) },
      );
    }
  });

  it('keeps the least margin that is asked for however well it is hedged', () => {
    const contracts = [handContract(0)];
    const { required } = handEngine({ ...DAILY, minimum: 0.04, priors: CALM }, ['A', 'USD'], { contracts, settle: 1 });
    expect(required({ collateral: [100, 0], quote: 80, sizes: [-100] })).toBeCloseTo(4, 4);
    expect(required({ collateral: [100, 0], debt: [100, 0] })).toBeCloseTo(4, 9);
  });
});

describe('a portfolio with options', () => {
  /** A contract that pays what is beyond the strike now: its value is the payoff, its delta 0, ±½ at the strike or ±1. */
  const payoff = (kind: 'call' | 'put') => {
    const sign = kind === 'call' ? 1 : -1;
    const value = (index: number) => Math.max(0, sign * (index - 1));
    return handContract(0, {
      kind,
      linear: false,
      value: ({ index }) => value(index),
      valueAt: ({ index }, move) => value(index * move),
      delta: ({ index }) => (index === 1 ? sign / 2 : Number(sign * (index - 1) > 0) * sign),
    });
  };
  const contracts = [payoff('call'), payoff('put')];
  const now = { at: 0, index: 1, skew: 0, longs: 0, shorts: 0 };
  const world = (terms: Partial<PortfolioVarTerms>) => {
    const made = handEngine({ ...DAILY, priors: CALM, ...terms }, ['A', 'USD'], { contracts, settle: 1, stateOf: () => now });
    made.marks.set([0, 0], 2);
    return made;
  };
  const straddle: Holdings = { quote: 100, sizes: [-100, -100] };

  it('is valued anew in each scenario: a straddle that was sold loses either way', () => {
    // Moves are worse on either side with half the probability each.
    const z = normalValueAtRisk(0.995);
    const { required } = world({ method: 'monte-carlo', scenarios: 9999, horizon: DAY / 16 });
    expect(required(straddle) / (100 * (Math.exp((z * SIGMA) / 4) - 1))).toBeCloseTo(1, 1);
  });

  it('is blind to both where options count by their delta', () => {
    expect(world({ method: 'monte-carlo', valuation: 'delta' }).required(straddle)).toBeCloseTo(0, 4);
    expect(world({ method: 'delta-normal' }).required(straddle)).toBeCloseTo(0, 4);
  });

  it('asks for the whole value of what was bought at most, and hedges by it', () => {
    const { marks, required, health } = world({ method: 'monte-carlo' });
    marks.set([0.001, 0.001], 2);
    expect(required({ quote: -50, sizes: [0, 100] })).toBeLessThanOrEqual(0.1 + 1e-9);
    // A collateral whose fall is insured costs nothing but that insurance.
    expect(required({ collateral: [100, 0], quote: -50, sizes: [0, 100] })).toBeCloseTo(0, 4);
    expect(health({ collateral: [100, 0], quote: -50, sizes: [0, 100] }).healthFactor).toBeGreaterThan(1.9);
  });

  it('is valued anew when the scenarios change and the contract has not', () => {
    const { move, required, marks } = world({ method: 'filtered-historical' });
    const before = required(straddle);
    for (let day = 0; day < 30; day++) move(day % 2 === 0 ? 0.2 : -0.2, 0);
    marks.set([1, 1, 0, 0]);
    expect(required(straddle)).toBeGreaterThan(2 * before);
  });

  it('counts a curve by delta and gamma where told to', () => {
    const square = handContract(0, {
      kind: 'call',
      linear: false,
      value: ({ index }) => index * index,
      valueAt: ({ index }, move) => (index * move) ** 2,
      delta: ({ index }) => 2 * index,
    });
    const margins = (['full', 'delta-gamma', 'delta'] as const).map((valuation) => {
      const terms = { ...DAILY, priors: CALM, method: 'monte-carlo', valuation } as const;
      const made = handEngine(terms, ['A', 'USD'], { contracts: [square], settle: 1, stateOf: () => now });
      return made.required({ quote: 500, sizes: [-100] });
    });
    const up = Math.exp(Z * SIGMA) - 1;
    expect(margins[0]).toBeCloseTo(100 * (2 * up + up * up), 4);
    expect(margins[1]).toBeCloseTo(margins[0], 6);
    expect(margins[2]).toBeCloseTo(200 * up, 4);
  });

  it('makes nobody unknown who has none, when the index of an option falls silent', () => {
    const { marks, required, health } = world({});
    const before = required({ collateral: [0, 100], debt: [0, 50] });
    marks[0] = marks[2] = marks[3] = Number.NaN;
    expect(health(straddle).healthFactor).toBeNaN();
    expect(required({ collateral: [0, 100], debt: [0, 50] })).toBe(before);
  });

  it('is looked at every time', () => {
    const { engine, marks, needs } = world({});
    const account = handAccount(needs, { quote: 1000, sizes: [-1, 0] });
    expect(engine.cushion(account, 0, marks, 1)).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe('the cushion of a portfolio', () => {
  const units = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1_000_000 }));
  const row = fc.tuple(units, units, units);
  const direction = fc.tuple(...Array.from({ length: 5 }, () => fc.integer({ min: -100, max: 100 })));
  const account = fc.record({
    collateral: row,
    debt: row,
    quote: fc.integer({ min: -1_000_000, max: 1_000_000 }),
    sizes: fc.tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: -1_000_000, max: 1_000_000 })),
  });

  it.each(METHODS)('holds even if each mark moves by all of it, whichever way: %s', (method) => {
    const contracts = [handContract(0), handContract(1)];
    let some = 0;
    for (const measure of ['value-at-risk', 'expected-shortfall'] as const) {
      const terms = { method, measure, minimum: 0.05, prior: 20, correlation: { 'A,B': 0.95 } } as const;
      const { engine, marks, needs } = handEngine(terms, ['A', 'B', 'USD'], { contracts, settle: 2 });
      fc.assert(
        fc.property(account, direction, fc.integer({ min: 30, max: 200 }), (holdings, moves, percent) => {
          const level = percent / 100;
          const view = handAccount(needs, holdings);
          const cushion = engine.cushion(view, 0, marks, level);
          if (!(cushion > 0 && cushion < 20)) return;
          some += 1;
          // The settlement asset may move as it likes: prices are relative to it.
          const unit = Math.exp(moves[2] / 10);
          const moved = marks.map((mark, i) => mark * unit * (i === 2 ? 1 : Math.exp((cushion * moves[i]) / 100)));
          const { healthFactor } = engine.assess(view, 0, moved, 'maintenance', blankHealth());
          expect(healthFactor).toBeGreaterThanOrEqual(level * (1 - 1e-9));
        }),
        { numRuns: propertyRuns(500, 10_000) },
      );
    }
    expect(some).toBeGreaterThan(50);
  });

  it.each(METHODS)('allows for the margin that a hedge needs once its sides part: %s', (method) => {
    // Sides that move as one ask for nothing. Once apart they ask for half of the difference: what parts them costs half as much again.
    const contracts = [handContract(0), handContract(1)];
    const terms = { method, prior: 20, priors: CALM, correlation: { 'A,B': 1 } } as const;
    const { engine, marks, needs } = handEngine(terms, ['A', 'B', 'USD'], { contracts, settle: 2 });
    const hedge = handAccount(needs, { quote: 20_000, sizes: [1_000_000, -1_000_000] });
    const cushion = engine.cushion(hedge, 0, marks, 1);
    expect(cushion).toBeGreaterThan(0);
    marks[3] *= Math.exp(-cushion);
    marks[4] *= Math.exp(cushion);
    const { healthFactor } = engine.assess(hedge, 0, marks, 'maintenance', blankHealth());
    expect(healthFactor).toBeGreaterThanOrEqual(1);
  });

  it('lasts from one estimate to the next', () => {
    const { engine, marks, move } = handEngine(DAILY, ['A', 'USD']);
    const before = engine.epoch();
    for (let at = 1; at < DAY; at += HOUR) engine.observe?.(marks, at, []);
    expect(engine.epoch()).toBe(before);
    move(0.1, 0);
    expect(engine.epoch()).toBe(before + 1);
  });
});
