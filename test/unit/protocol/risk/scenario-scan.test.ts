/** The scan of scenarios: against a plain revaluation of everything, and what offsets what. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { years } from '../../../../src/base/params.ts';
import { blankHealth, type Need } from '../../../../src/protocol/risk/risk-engine.ts';
import { type GridTerms, gridParams, scanScenarios, volatilityFactor } from '../../../../src/protocol/risk/scan-grid.ts';
import { createScenarioScan, type ScanTerms, scanParams } from '../../../../src/protocol/risk/scenario-scan.ts';
import { spanScenarios } from '../../../../src/study/closed-form/span.ts';
import {
  aHandMadeBook,
  HAND_OPTIONS,
  HAND_PERPETUALS,
  handMarks,
  handNeeds,
  handState,
  type Row,
} from '../../../support/hand-made-books.ts';
import { defaultsOf } from '../../../support/part-defaults.ts';

const CONTRACTS = [...HAND_PERPETUALS, ...HAND_OPTIONS];
const DEFAULTS = defaultsOf(scanParams);
const GRID: GridTerms = defaultsOf(gridParams);
const NOTHING = [0, 0, 0];
const PRICES = [90, 100, 1];

/** An engine, and accounts assessed by it. */
function aScan(terms: Partial<ScanTerms> = {}) {
  let at = 0;
  let valued = 0;
  const counted = CONTRACTS.map((contract) => {
    const valueAt: typeof contract.valueAt = (...args) => {
      valued++;
      return contract.valueAt(...args);
    };
    return { ...contract, valueAt };
  });
  const engine = createScenarioScan(
    { ...DEFAULTS, ...terms },
    { ...handNeeds(counted), stateOf: (contract) => handState(PRICES[CONTRACTS[contract].market], at) },
  );
  const marks = handMarks(PRICES, CONTRACTS);
  const required = (row: Partial<Row>, need: Need = 'maintenance') => {
    const { set, view } = aHandMadeBook(CONTRACTS);
    set(0, { collateral: NOTHING, debt: NOTHING, quote: 1e6, ...row });
    return engine.assess(view, 0, marks, need, blankHealth()).required;
  };
  return {
    engine,
    marks,
    required,
    pass: (span: number) => {
      at += span;
    },
    get valued() {
      return valued;
    },
  };
}

/** The most that everything loses on one underlying, revalued contract by contract and scenario by scenario. */
function slowly(terms: Partial<ScanTerms>, sizes: readonly number[], market: number): number {
  const { range, lookAhead, ...grid } = { ...DEFAULTS, ...terms };
  const state = handState(PRICES[market], lookAhead);
  const losses = scanScenarios(grid).map(({ ranges, move, volatility, cover }) =>
    CONTRACTS.reduce((loss, contract, i) => {
      if (contract.market !== market || sizes[i] === 0) return loss;
      const left = years((contract.expiry ?? 0) - lookAhead);
      const then = contract.valueAt(state, 1 + ranges * range + move, volatilityFactor(grid, volatility, left));
      return loss + sizes[i] * (contract.value(handState(PRICES[market])) - then) * cover;
    }, 0),
  );
  return Math.max(0, ...losses);
}

describe('the grid', () => {
  it('has the sixteen scenarios of SPAN in their order', () => {
    const extremes = [
      { ranges: 3, move: 0, volatility: 0, cover: 0.33 },
      { ranges: -3, move: 0, volatility: 0, cover: 0.33 },
    ];
    const own = scanScenarios({ steps: 3, volatilitySame: false, extremes });
    expect(own.map(({ ranges, volatility, cover }) => ({ price: ranges, volatility, cover }))).toEqual(
      spanScenarios().map((scenario) => ({ ...scenario, price: scenario.price + 0 })),
    );
  });

  it('has the 27 of Deribit and the 21 of Derive', () => {
    expect(scanScenarios({ steps: 4, volatilitySame: true, extremes: [] })).toHaveLength(27);
    expect(scanScenarios({ steps: 3, volatilitySame: true, extremes: [] })).toHaveLength(21);
  });

  it('changes volatility most where the expiry is near, and never below 0', () => {
    expect(volatilityFactor(GRID, 0, 1)).toBe(1);
    expect(volatilityFactor(GRID, 1, 30 / 365)).toBeCloseTo(1.45, 12);
    expect(volatilityFactor(GRID, 1, 7 / 365)).toBeCloseTo(1 + 0.45 * (30 / 7) ** 0.3, 9);
    expect(volatilityFactor(GRID, -1, 300 / 365)).toBeCloseTo(1 - 0.3 * 0.1 ** 0.13, 9);
    expect(volatilityFactor({ ...GRID, volatilityDown: 0.9, powerShort: 1 }, -1, 1 / 365)).toBe(0);
  });
});

describe('the scan', () => {
  const size = fc.integer({ min: -50, max: 50 });

  it('finds what a revaluation of everything finds, whatever is held', () => {
    const terms = [{}, { steps: 5, lookAhead: 86_400_000, extremes: [{ ranges: 0, move: -0.66, volatility: 1, cover: 0.5 }] }];
    fc.assert(
      fc.property(fc.tuple(size, size, size, size), fc.constantFrom(...terms), (sizes, more) => {
        const expected = slowly(more, sizes, 0) + slowly(more, sizes, 1);
        expect(aScan(more).required({ sizes })).toBeCloseTo(expected, 6);
      }),
    );
  });

  it('multiplies by the factor of the need', () => {
    const { required } = aScan({ initialFactor: 1.3, maintenanceFactor: 0.8 });
    expect(required({ sizes: [10, 0, 0, 0] })).toBeCloseTo(0.8 * 0.15 * 900, 9);
    expect(required({ sizes: [10, 0, 0, 0] }, 'initial')).toBeCloseTo(1.3 * 0.15 * 900, 9);
  });

  it('nets contracts of one underlying, and underlyings as far as the offset says', () => {
    const hedged = { sizes: [10, -9, 0, 0] };
    expect(aScan().required({ sizes: [10, 0, -10, 10] })).toBeLessThan(0.01 * 900);
    expect(aScan().required(hedged)).toBeCloseTo(2 * 0.15 * 900, 9);
    expect(aScan({ offset: 0.6 }).required(hedged)).toBeCloseTo(0.4 * 2 * 0.15 * 900, 9);
    expect(aScan({ offset: 1 }).required(hedged)).toBeCloseTo(0, 9);
    expect(aScan({ offset: 1, ranges: { 'asset 1': 0.3 } }).required(hedged)).toBeCloseTo((0.3 - 0.15) * 900, 9);
  });

  it('asks at least the minimum for short options, with and without an offset', () => {
    for (const offset of [0, 1]) {
      const { required } = aScan({ shortMinimum: 0.5, offset, initialFactor: 1 });
      expect(required({ sizes: [0, 0, -4, 0] })).toBeCloseTo(4 * 0.5 * 90, 9);
      expect(required({ sizes: [0, 0, 4, 0] })).toBeLessThan(4 * 0.5 * 90);
    }
  });

  it('counts collateral with its share, or at its value and in the portfolio', () => {
    const row = { collateral: [10, 0, 0], debt: [0, 0, 100], sizes: [-10, 0, 0, 0] };
    // Haircut: 15 % of 900, and the scan of the short. Scanned: nothing is left of either.
    expect(aScan().required(row)).toBeCloseTo(0.15 * 900 + 0.15 * 900, 9);
    expect(aScan({ collateral: 'scan' }).required(row)).toBeCloseTo(0, 9);
    expect(aScan({ collateral: 'scan' }).required({ ...row, sizes: [10, 0, 0, 0] })).toBeCloseTo(2 * 0.15 * 900, 9);
  });

  it('asks of what is held no more than it is worth', () => {
    const steep = { range: 0.9, initialFactor: 5, maintenanceFactor: 5 };
    expect(aScan({ ...steep, collateral: 'scan' }).required({ collateral: [10, 0, 0], debt: [0, 1, 0] })).toBeLessThanOrEqual(
      900 + 5 * 0.9 * 100 + 1e-9,
    );
  });

  it('values an option once a scenario for all accounts, and anew when time has passed', () => {
    const scan = aScan();
    for (let account = 0; account < 50; account++) scan.required({ sizes: [0, 0, account, -account] });
    expect(scan.valued).toBe(2 * 21);
    scan.pass(60_000);
    for (let account = 0; account < 50; account++) scan.required({ sizes: [0, 0, account, 0] });
    expect(scan.valued).toBe(3 * 21);
  });

  it('follows volatility in steps, each of them a new epoch', () => {
    const { engine, marks, required } = aScan({ estimated: true, interval: 60_000, horizon: 60_000, range: 0, prior: 1, rangeStep: 0.2 });
    const before = required({ sizes: [10, 0, 0, 0] });
    const { epoch } = { epoch: engine.epoch() };
    engine.observe?.(marks, 0, []);
    engine.observe?.(
      marks.map((mark) => mark * 1.0001),
      60_000,
      [],
    );
    expect(engine.epoch()).toBe(epoch);
    expect(required({ sizes: [10, 0, 0, 0] })).toBe(before);
    engine.observe?.(
      marks.map((mark) => mark * 1.2),
      120_000,
      [],
    );
    expect(engine.epoch()).toBeGreaterThan(epoch);
    expect(required({ sizes: [10, 0, 0, 0] })).toBeGreaterThan(10 * before);
  });
});
