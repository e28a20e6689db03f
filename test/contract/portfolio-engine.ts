/**
 * What every engine that judges a portfolio as a whole promises beside `risk-engine.ts`, if its measure is coherent and cash without
 * risk: together nobody needs more than apart. `isolate` of the engine judges each underlying alone; the whole may only be cheaper for
 * it. A value at risk does not promise that: that of a sum may exceed the sum.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Contract } from '../../src/protocol/instrument/contract.ts';
import { isolate } from '../../src/protocol/risk/isolated.ts';
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

const size = fc.integer({ min: -1000, max: 1000 });
const hundredths = (min: number, max: number) => fc.integer({ min, max }).map((n) => n / 100);
const CONTRACTS = [...HAND_PERPETUALS, ...HAND_OPTIONS];

const portfolios = fc.record({
  collateral: fc.tuple(fc.nat(5000), fc.nat(5000), fc.nat(5000)),
  debt: fc.tuple(fc.nat(3000), fc.constant(0), fc.nat(3000)),
  sizes: fc.tuple(size, size, size, size),
  /** Of cost to what it is worth now. */
  gain: hundredths(70, 140),
  equity: hundredths(-20, 100),
  usd: fc.tuple(fc.integer({ min: 50, max: 200 }), fc.integer({ min: 50, max: 200 }), fc.constant(1)),
  need: fc.constantFrom<Need>('initial', 'maintenance'),
});

/** @param create  the engine; one that knows no slope is judged without its index */
export function portfolioEngineContract(name: string, create: (needs: RiskNeeds) => RiskEngine): void {
  const required = (
    make: (needs: RiskNeeds) => RiskEngine,
    contracts: readonly Contract[],
    row: Row,
    usd: readonly number[],
    need: Need,
  ) => {
    const { set, view } = aHandMadeBook(contracts);
    set(0, row);
    const needs = { ...handNeeds(contracts), stateOf: (contract: number) => handState(usd[contracts[contract].market]) };
    const { required: asked, collateralUsd, debtUsd } = make(needs).assess(view, 0, handMarks(usd, contracts), need, blankHealth());
    return { asked, gross: collateralUsd + debtUsd };
  };
  const apart = (sharesCash: boolean) => (needs: RiskNeeds) => isolate({ slope: () => 1, ...create(needs) }, needs, sharesCash);
  const rowOf = ({ collateral, debt, sizes, gain, equity, usd }: typeof portfolios extends fc.Arbitrary<infer P> ? P : never): Row => {
    const marks = handMarks(usd, CONTRACTS);
    const entries = sizes.map((held, i) => Math.round((held * marks[3 + i] * gain) / usd[SETTLE]));
    const gross = entries.reduce((sum, paid) => sum + Math.abs(paid), 0);
    return { collateral, debt, sizes, entries, quote: Math.round(equity * gross) - entries.reduce((sum, paid) => sum + paid, 0) };
  };

  describe(`portfolio engine: ${name}`, () => {
    it.each([true, false])('PORTFOLIO-1 never asks for more of the whole than of each underlying alone (cash shared: %s)', (shared) => {
      let less = 0;
      fc.assert(
        fc.property(portfolios, (portfolio) => {
          const row = rowOf(portfolio);
          const whole = required(create, CONTRACTS, row, portfolio.usd, portfolio.need);
          const parts = required(apart(shared), CONTRACTS, row, portfolio.usd, portfolio.need);
          expect(whole.asked).toBeLessThanOrEqual(parts.asked + 1e-9 * whole.gross);
          if (whole.asked < parts.asked - 1e-9 * whole.gross) less++;
        }),
        { numRuns: 300 },
      );
      expect(less).toBeGreaterThan(0);
    });

    it('PORTFOLIO-2 asks for the same where there is one underlying, and no gain beyond its requirement', () => {
      const contracts = [HAND_PERPETUALS[0], ...HAND_OPTIONS];
      let alike = 0;
      fc.assert(
        fc.property(portfolios, (portfolio) => {
          const { usd, need } = portfolio;
          const sizes = [portfolio.sizes[0], ...portfolio.sizes.slice(2)];
          const marks = handMarks(usd, contracts);
          // Bought at the marks: nothing is gained yet.
          const entries = sizes.map((held, i) => Math.ceil((held * marks[3 + i]) / usd[SETTLE]));
          const row = {
            collateral: [0, 0, 0],
            debt: [0, 0, 0],
            sizes,
            entries,
            quote: 1000 - entries.reduce((sum, paid) => sum + paid, 0),
          };
          const whole = required(create, contracts, row, usd, need);
          for (const shared of [true, false]) {
            const parts = required(apart(shared), contracts, row, usd, need);
            // Cash as calm as can be declared still moves by a ten-millionth.
            expect(Math.abs(whole.asked - parts.asked)).toBeLessThanOrEqual(1e-6 * whole.gross);
          }
          alike++;
        }),
        { numRuns: 200 },
      );
      expect(alike).toBe(200);
    });
  });
}
