/**
 * What every risk engine promises, whatever it requires: of loans, and of accounts with cash and contracts. Accounts are made by hand, in
 * units of one USD at mark 1.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountsView } from '../../src/protocol/accounts-view.ts';
import type { Contract } from '../../src/protocol/instrument/contract.ts';
import { blankHealth, type Need, type RiskEngine, type RiskNeeds } from '../../src/protocol/risk/risk-engine.ts';
import {
  aHandMadeBook,
  HAND_OPTIONS,
  HAND_PERPETUALS,
  handMarks,
  handNeeds,
  handState,
  type Row,
  SETTLE,
} from '../support/hand-made-books.ts';
import { nearContract } from './near.ts';

/** One position as a view of accounts. */
export function aBasket(row: Row, contracts: readonly Contract[] = []): AccountsView {
  const { set, view } = aHandMadeBook(contracts);
  set(0, row);
  return view;
}

const units = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1_000_000 }));
const row = fc.tuple(units, units, units);
const size = fc.oneof(fc.constant(0), fc.integer({ min: -100_000, max: 100_000 }));
const hundredths = (min: number, max: number) => fc.integer({ min, max }).map((n) => n / 100);
const prices = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 3, maxLength: 3 });

const NONE: readonly Contract[] = [];
/** An account, and prices; the cash of one with contracts is what they cost at other prices, and some equity. */
const accountOf = (contracts: readonly Contract[]) =>
  fc
    .record({
      collateral: row,
      debt: row,
      sizes: fc.array(size, { minLength: contracts.length, maxLength: contracts.length }),
      equity: hundredths(-10, 60),
      gain: hundredths(80, 125),
      prices,
      loans: contracts.length === 0 ? fc.constant(true) : fc.boolean(),
    })
    .map(({ collateral, debt, sizes, equity, gain, prices: usd, loans }) => {
      const marks = handMarks(usd, contracts);
      const entries = sizes.map((held, i) => Math.round((held * marks[3 + i] * gain) / usd[SETTLE]));
      const gross = entries.reduce((sum, paid) => sum + Math.abs(paid), 0);
      const quote = Math.round(equity * gross) - entries.reduce((sum, paid) => sum + paid, 0);
      const nothing = [0, 0, 0];
      const held: Row = { collateral: loans ? collateral : nothing, debt: loans ? debt : nothing, sizes, quote, entries };
      return { held: contracts.length === 0 ? { collateral, debt } : held, usd };
    });

export interface RiskEngineTraits {
  /** Whether it can tell of anybody how far marks may move; one that cannot is asked about everybody, always. */
  readonly cushions: boolean;
}

/** @param create  an engine, or what makes one from the needs of hand-made books */
export function riskEngineContract(
  name: string,
  create: RiskEngine | ((needs: RiskNeeds) => RiskEngine),
  { cushions }: RiskEngineTraits = { cushions: true },
): void {
  const made = (contracts: readonly Contract[], usd: () => readonly number[] = () => [Number.NaN, Number.NaN, Number.NaN]) => {
    if (typeof create !== 'function') return create;
    return create({ ...handNeeds(contracts), stateOf: (contract) => handState(usd()[contracts[contract].market]) });
  };
  const kinds = [
    { what: 'loans', contracts: NONE },
    { what: 'perpetuals', contracts: HAND_PERPETUALS },
    { what: 'perpetuals and options', contracts: [...HAND_PERPETUALS, ...HAND_OPTIONS] },
  ];

  describe(`risk engine: ${name}`, () => {
    describe.each(kinds)('of $what', ({ contracts }) => {
      let now: readonly number[] = [1, 1, 1];
      const engine = made(contracts, () => now);
      const assess = (held: Row, marks: Float64Array, need: Need = 'maintenance') =>
        engine.assess(aBasket(held, contracts), 0, marks, need, blankHealth());
      const account = accountOf(contracts);

      it('says the same three ways: liquidatable, health below 1, equity below what is required', () => {
        fc.assert(
          fc.property(account, ({ held, usd }) => {
            now = usd;
            const { liquidatable, healthFactor, equity, required, collateralUsd, debtUsd } = assess(held, handMarks(usd, contracts));
            expect(liquidatable).toBe(healthFactor < 1);
            // Sums in another order may differ in the last digits where the two are all but equal.
            if (healthFactor < Number.POSITIVE_INFINITY && Math.abs(equity - required) > 1e-9 * (collateralUsd + debtUsd)) {
              expect(liquidatable).toBe(equity < required);
            }
            expect(equity).toBe(collateralUsd - debtUsd);
          }),
        );
      });

      it('asks at least as much to borrow and to open as to be left alone', () => {
        fc.assert(
          fc.property(account, ({ held, usd }) => {
            now = usd;
            const marks = handMarks(usd, contracts);
            const { required, collateralUsd, debtUsd } = assess(held, marks);
            expect(assess(held, marks, 'initial').required).toBeGreaterThanOrEqual(required - 1e-12 * (collateralUsd + debtUsd));
          }),
        );
      });

      it('judges nobody by an asset without a valid mark, of what it holds or owes', () => {
        fc.assert(
          fc.property(account, fc.nat(2), ({ held, usd }, market) => {
            const dead = usd.map((price, i) => (i === market ? Number.NaN : price));
            now = dead;
            const { healthFactor, liquidatable } = assess(held, handMarks(dead, contracts));
            const sizes = contracts.map((contract, i) => (contract.market === market ? (held.sizes?.[i] ?? 0) : 0));
            const concerned =
              held.collateral[market] > 0 || held.debt[market] > 0 || sizes.some((one) => one !== 0) || (market === SETTLE && held.quote);
            // An option that was bought owes nothing.
            const bound = contracts.some(({ linear }, i) => (linear ? held.sizes?.[i] !== 0 : (held.sizes?.[i] ?? 0) < 0));
            const owes = held.debt.some((one) => one > 0) || bound || (held.quote ?? 0) < 0;
            if (concerned && owes) expect(healthFactor).toBeNaN();
            if (concerned) expect(liquidatable).toBe(false);
          }),
        );
      });
    });

    describe.each(kinds.slice(0, 2))('of $what', ({ contracts }) => {
      const engine = made(contracts);
      const assess = (held: Row, marks: Float64Array) => engine.assess(aBasket(held, contracts), 0, marks, 'maintenance', blankHealth());
      const account = accountOf(contracts);

      it('RISK-2 leaves nobody more above what is required when what he has falls or what he owes rises', () => {
        fc.assert(
          fc.property(account, fc.nat(2 + contracts.length), ({ held, usd }, mark) => {
            const contract = held.sizes?.[mark - 3] ?? 0;
            const cash = mark === SETTLE ? (held.quote ?? 0) : 0;
            const has = mark < 3 ? held.collateral[mark] + Math.max(0, cash) : Math.max(0, contract);
            const owes = mark < 3 ? held.debt[mark] + Math.max(0, -cash) : Math.max(0, -contract);
            fc.pre(has === 0 || owes === 0);
            // To whoever holds contracts a move of what they are settled in is one of everything else, in his favour or against him.
            fc.pre(mark !== SETTLE || !(held.sizes ?? []).some((one) => one !== 0));
            const marks = handMarks(usd, contracts);
            const worse = marks.slice();
            worse[mark] *= owes > 0 ? 1.5 : 0.5;
            const before = assess(held, marks);
            const after = assess(held, worse);
            const rounding = 1e-12 * (before.collateralUsd + before.debtUsd + after.debtUsd);
            expect(after.equity - after.required).toBeLessThanOrEqual(before.equity - before.required + rounding);
          }),
        );
      });

      it('never leaves health below a level before its cushion is used up', () => {
        const move = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 3 + contracts.length, maxLength: 3 + contracts.length });
        let tried = 0;
        fc.assert(
          fc.property(account, move, fc.integer({ min: 20, max: 200 }), ({ held, usd }, direction, percent) => {
            const level = percent / 100;
            const marks = handMarks(usd, contracts);
            const view = aBasket(held, contracts);
            const cushion = Math.min(20, engine.cushion(view, 0, marks, level));
            if (!(cushion > 0)) return;
            tried++;
            const margined = contracts.length > 0 && ((held.quote ?? 0) !== 0 || (held.sizes ?? []).some((one) => one !== 0));
            // Of loans all that a cushion allows is split between the worst fall and the worst rise; else each move is allowed all of it,
            // relative to the settlement asset.
            const share = Math.abs(direction[0]) / 100;
            const settled = margined ? direction[SETTLE] / 100 : 0;
            const moved = marks.map((price, i) => {
              const within = direction[i] / 100;
              const farthest = margined ? cushion : cushion * (within < 0 ? share : 1 - share);
              return price * Math.exp(i === SETTLE && margined ? settled : farthest * within + settled);
            });
            const { healthFactor } = engine.assess(view, 0, moved, 'maintenance', blankHealth());
            expect(healthFactor >= level * (1 - 1e-9)).toBe(true);
          }),
          { numRuns: 300 },
        );
        if (cushions) expect(tried).toBeGreaterThan(5);
        else expect(tried).toBe(0);
      });
    });

    describe('of whatever is at hand', () => {
      const engine = made(NONE);

      it('finds who owes nothing infinitely healthy, whatever the marks', () => {
        const free = { collateral: [5, 0, 1], debt: [0, 0, 0] };
        for (const mark of [1, Number.NaN]) {
          const { healthFactor, liquidatable } = engine.assess(aBasket(free), 0, new Float64Array(3).fill(mark), 'initial', blankHealth());
          expect(healthFactor).toBe(Number.POSITIVE_INFINITY);
          expect(liquidatable).toBe(false);
        }
      });

      it('writes its answer into the object it was given', () => {
        const into = blankHealth();
        const loan = aBasket({ collateral: [1, 1, 1], debt: [1, 0, 0] });
        expect(engine.assess(loan, 0, new Float64Array(3).fill(1), 'initial', into)).toBe(into);
      });
    });
  });

  for (const { what, contracts } of kinds) {
    nearContract(`${name}, ${what}`, contracts, typeof create === 'function' ? create : () => create);
  }
}
