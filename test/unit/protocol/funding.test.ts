import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aContractWorld, PERP } from '../../../src/study/validate/contract-world.ts';
import { granted } from '../../../src/study/validate/lending-world.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const HOUR = 3_600_000;
const USD = 1e6;

function aMarket(cap = 0.04) {
  const world = aContractWorld({
    perpetual: { depth: 1000, fundingSensitivity: 0.125, fundingCap: cap, initial: 0.01, maintenance: 0.005 },
  });
  const people = ['albert', 'betty', 'carol'].map((name) => world.trader(name, { USD: 1_000_000 }));
  const quote = (who: number) => world.protocol.quoteOf(world.protocol.positionOf(people[who]));
  const house = () => world.protocol.quoteOf(world.protocol.inspection.accounts.house);
  return { ...world, people, quote, house };
}

/** A trade, a price, or time that passes. */
const happening = fc.oneof(
  fc.record({ do: fc.constant('trade' as const), who: fc.nat(2), tokens: fc.integer({ min: -40, max: 40 }) }),
  fc.record({ do: fc.constant('price' as const), usd: fc.integer({ min: 1800, max: 2200 }) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 20 * HOUR }) }),
);

describe('funding', () => {
  it('is the rate of the premium on the index, for the time that has passed: longs pay, shorts and the house receive', () => {
    const { protocol, people, trade, quote, house } = aMarket();
    trade(people[0], PERP, 80);
    trade(people[1], PERP, -30);
    protocol.refresh(0);
    const before = [0, 1].map(quote);
    const pot = house();
    protocol.refresh(2 * HOUR);
    // The premium is 50/1,000; an eighth of it an hour.
    const perToken = 0.125 * 0.05 * 2000 * 2;
    expect((quote(0) - before[0]) / USD).toBeCloseTo(-80 * perToken, 5);
    expect((quote(1) - before[1]) / USD).toBeCloseTo(30 * perToken, 5);
    expect((house() - pot) / USD).toBeCloseTo(50 * perToken, 5);
  });

  it('never exceeds its cap', () => {
    const { protocol, people, trade, quote } = aMarket(0.001);
    trade(people[0], PERP, 400);
    protocol.refresh(0);
    const before = quote(0);
    protocol.refresh(HOUR);
    expect((quote(0) - before) / USD).toBeCloseTo(-400 * 2000 * 0.001, 5);
  });

  it('settled when a size changes is what settling everybody at every step would be, to a unit for each settlement', () => {
    fc.assert(
      fc.property(fc.array(happening, { minLength: 5, maxLength: 40 }), (events) => {
        const [lazy, eager] = [aMarket(), aMarket()];
        let at = 0;
        let settlements = 0;
        for (const event of events) {
          for (const world of [lazy, eager]) {
            if (event.do === 'price') world.setPrice('ETH', event.usd);
            else if (event.do === 'trade' && event.tokens !== 0) {
              granted(world.protocol.tradeContract(world.people[event.who], PERP, world.size(event.tokens), at));
            }
          }
          if (event.do === 'wait') at += event.ms;
          for (const world of [lazy, eager]) world.protocol.refresh(at);
          // A deposit of a unit settles whoever makes it.
          for (const who of eager.people) granted(eager.protocol.withdraw(who, 1, 1, at));
          settlements += 3;
          for (let who = 0; who < 3; who++) {
            const apart = lazy.quote(who) - settlements / 3 - eager.quote(who);
            expect(Math.abs(apart)).toBeLessThanOrEqual(settlements / 3 + 1);
          }
          expect(Math.abs(lazy.house() - eager.house())).toBeLessThanOrEqual(settlements + 1);
        }
      }),
      { numRuns: propertyRuns(40, 500) },
    );
  });

  it('goes to the house exactly as it is paid: nothing of the cash of all is lost or made', () => {
    fc.assert(
      fc.property(fc.array(happening, { minLength: 5, maxLength: 40 }), (events) => {
        const world = aMarket();
        const { accounts } = world.protocol.inspection;
        let at = 0;
        const total = accounts.quoteTotal.data[0];
        for (const event of events) {
          if (event.do === 'price') world.setPrice('ETH', event.usd);
          else if (event.do === 'wait') at += event.ms;
          else if (event.tokens !== 0) world.trade(world.people[event.who], PERP, event.tokens, at);
          world.protocol.refresh(at);
          expect(accounts.quoteTotal.data[0]).toBe(total);
          const cash = accounts.owners.reduce((sum, _, position) => sum + accounts.quote(position), 0);
          // Everybody's part is rounded down.
          expect(cash).toBeLessThanOrEqual(total);
          expect(cash).toBeGreaterThan(total - accounts.positions - 1);
        }
        for (const who of world.people) {
          const size = world.protocol.sizeOf(world.protocol.positionOf(who), PERP);
          if (size !== 0) granted(world.protocol.tradeContract(who, PERP, -size, at));
        }
        // Nothing is open: nothing runs up, and not a unit is between the books.
        world.protocol.refresh(at + 100 * HOUR);
        expect(accounts.owners.reduce((sum, _, position) => sum + accounts.quote(position), 0)).toBe(total);
        expect(accounts.fundingPaid.data[PERP]).toBe(0);
      }),
      { numRuns: propertyRuns(60, 500) },
    );
  });

  it('is made up for when an oracle that fell silent speaks again', () => {
    const [silent, heard] = [aMarket(), aMarket()];
    for (const world of [silent, heard]) {
      world.trade(world.people[0], PERP, 50);
      world.protocol.refresh(0);
    }
    silent.oracle[0] = Number.NaN;
    for (const world of [silent, heard]) world.protocol.refresh(HOUR);
    expect(silent.quote(0)).toBeGreaterThan(heard.quote(0));
    silent.oracle[0] = 2000;
    for (const world of [silent, heard]) world.protocol.refresh(2 * HOUR);
    expect(Math.abs(silent.quote(0) - heard.quote(0))).toBeLessThanOrEqual(1);
  });

  it('is undone with the bundle in which it was charged', () => {
    const { protocol, people, trade, quote, journal } = aMarket();
    trade(people[0], PERP, 50);
    protocol.refresh(0);
    const before = quote(0);
    journal.begin();
    protocol.refresh(HOUR);
    expect(quote(0)).toBeLessThan(before);
    journal.undo();
    expect(quote(0)).toBe(before);
  });
});
