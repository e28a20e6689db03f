/**
 * NEAR-1 for a risk engine: the index of who is near finds exactly those whom a scan finds, whatever moved, accrued, was paid, changed or
 * fell silent, at any level and through a change of engine.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Contract } from '../../src/protocol/instrument/contract.ts';
import { createNear } from '../../src/protocol/liquidation/near.ts';
import { blankHealth, type RiskEngine, type RiskNeeds } from '../../src/protocol/risk/risk-engine.ts';
import { aHandMadeBook, handMarks, handNeeds, handState } from '../support/hand-made-books.ts';
import { propertyRuns } from '../support/property-runs.ts';

const PEOPLE = 30;
/** A number with two decimals. */
const hundredths = (min: number, max: number) => fc.integer({ min: Math.round(min * 100), max: Math.round(max * 100) }).map((n) => n / 100);
const cell = fc.oneof(fc.constant(0), fc.constant(0), fc.integer({ min: 1, max: 1000 }));
const row = fc.tuple(cell, cell, cell);
const size = fc.oneof(fc.constant(0), fc.integer({ min: -300, max: 300 }));
const of = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });

const eventsOf = (contracts: number) =>
  fc.array(
    // Most moves are small, so that an index that looks too late is late by a question.
    fc.oneof(
      of(
        4,
        fc.record({
          do: fc.constant('change' as const),
          position: fc.nat(PEOPLE - 1),
          collateral: row,
          debt: row,
          sizes: fc.array(size, { minLength: contracts, maxLength: contracts }),
          /** Cash beyond what the sizes cost, as part of what they are worth. */
          equity: hundredths(0, 0.3),
          /** Loans alone, contracts alone, or both. */
          has: fc.constantFrom('loans' as const, 'contracts' as const, 'contracts' as const, 'both' as const),
        }),
      ),
      of(1, fc.record({ do: fc.constant('move' as const), market: fc.nat(2), factor: hundredths(0.7, 1.4) })),
      of(12, fc.record({ do: fc.constant('nudge' as const), market: fc.nat(2), factor: hundredths(0.97, 1.03) })),
      of(2, fc.record({ do: fc.constant('accrue' as const), market: fc.nat(2), factor: hundredths(1, 1.1) })),
      of(2, fc.record({ do: fc.constant('fund' as const), contract: fc.nat(Math.max(0, contracts - 1)), part: hundredths(-0.03, 0.03) })),
      of(
        1,
        fc.record({
          do: fc.constant('set' as const),
          market: fc.nat(2),
          mark: fc.constantFrom(0, Number.NaN, 1e-9, 1e9, 1, 100, 100, 100),
        }),
      ),
      of(1, fc.record({ do: fc.constant('level' as const), position: fc.nat(PEOPLE - 1), level: hundredths(0, 3) })),
      of(
        2,
        fc.record({ do: fc.constant('premium' as const), contract: fc.nat(Math.max(0, contracts - 1)), factor: hundredths(0.95, 1.05) }),
      ),
      of(1, fc.record({ do: fc.constant('observe' as const) })),
      of(1, fc.record({ do: fc.constant('replace' as const) })),
      of(8, fc.record({ do: fc.constant('ask' as const) })),
    ),
    { minLength: 200, maxLength: 250, size: 'max' },
  );

export function nearContract(name: string, contracts: readonly Contract[], create: (needs: RiskNeeds) => RiskEngine): void {
  describe(`the index of who is near: ${name}`, () => {
    it('NEAR-1 finds exactly those that a full scan finds', () => {
      let most = 0;
      fc.assert(
        fc.property(eventsOf(contracts.length), (happened) => {
          const { view, set, index, funding } = aHandMadeBook(contracts);
          for (let position = 0; position < PEOPLE; position++) set(position, { collateral: [0, 0, 0], debt: [0, 0, 0] });
          const levels = Array.from({ length: PEOPLE }, () => 1);
          let at = 0;
          const needs = {
            ...handNeeds(contracts, () => at),
            stateOf: (contract: number) => handState(prices[contracts[contract].market], at),
          };
          const prices = [100, 100, 1];
          /** What a perpetual is marked at above its index. */
          const premiums = contracts.map(() => 1);
          const marksNow = () => {
            const marks = handMarks(prices, contracts, at);
            for (const [contract, { linear }] of contracts.entries()) if (linear) marks[3 + contract] *= premiums[contract];
            return marks;
          };
          let risk = create(needs);
          const near = createNear(
            view,
            risk,
            (position) => levels[position],
            () => false,
          );
          const health = blankHealth();
          const worth = (contract: number) => marksNow()[3 + contract];
          for (const event of happened) {
            at += 60_000;
            if (event.do === 'move' || event.do === 'nudge') {
              const before = prices[event.market];
              prices[event.market] = (Number.isNaN(before) ? 1 : before) * event.factor;
            } else if (event.do === 'set') prices[event.market] = event.mark;
            else if (event.do === 'accrue') index[event.market] *= event.factor;
            else if (event.do === 'premium' && contracts.length > 0) premiums[event.contract] = event.factor;
            else if (event.do === 'fund' && contracts.length > 0) {
              const value = worth(event.contract) / prices[2];
              if (value > 0 && value < 1e12) funding[event.contract] += event.part * value;
            } else if (event.do === 'change') {
              const { position, collateral, debt, sizes, equity, has } = event;
              const paid = sizes.map((units, contract) => Math.round((units * worth(contract)) / prices[2]) || 0);
              const gross = paid.reduce((sum, units) => sum + Math.abs(units), 0);
              const quote = Math.round(equity * gross) - paid.reduce((sum, units) => sum + units, 0);
              const loans = has === 'contracts' ? { collateral: [0, 0, 0], debt: [0, 0, 0] } : { collateral, debt };
              const sound = Number.isSafeInteger(gross) && contracts.length > 0 && has !== 'loans';
              set(position, sound ? { ...loans, sizes, quote, entries: paid } : { collateral, debt });
              near.touch(position);
            } else if (event.do === 'level') {
              levels[event.position] = event.level;
              near.touch(event.position);
            } else if (event.do === 'observe') {
              risk.observe?.(
                marksNow(),
                at,
                contracts.map((_, contract) => needs.stateOf(contract)),
              );
            } else if (event.do === 'replace') {
              risk = create(needs);
              near.reset(risk);
            } else if (event.do === 'ask') {
              const marks = marksNow();
              const scan = levels.flatMap((level, position) => {
                const any = (held: (market: number) => number) => [0, 1, 2].some((market) => held(market) > 0);
                const quote = view.quote(position);
                const sized = contracts.some((_, contract) => view.size(position, contract) !== 0);
                const backed = any((market) => view.collateral(position, market)) || sized || quote > 0;
                const owes = any((market) => view.debtShares(position, market)) || sized || quote < 0;
                const below = risk.assess(view, position, marks, 'maintenance', health).healthFactor < level;
                // A level of 0 is none, even for whose health rounding has put below it.
                return level > 0 && backed && owes && below ? [position] : [];
              });
              most = Math.max(most, scan.length);
              expect([...near.find(marks)]).toEqual(scan);
            }
          }
        }),
        { numRuns: propertyRuns(15, 400) },
      );
      expect(most).toBeGreaterThan(5);
    });
  });
}
