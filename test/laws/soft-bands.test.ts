/** The laws of a protocol with soft liquidation under random traffic: prices that swing, takes both ways, bundles undone. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRejection } from '../../src/base/rejection.ts';
import { createAttribution } from '../../src/ledger/attribution.ts';
import { protocolInvariants } from '../../src/protocol/invariants.ts';
import { softBands } from '../../src/protocol/liquidation/soft-bands-mechanism.ts';
import { aLendingWorld, granted, type LendingOptions } from '../../src/study/validate/lending-world.ts';
import { propertyRuns } from '../support/property-runs.ts';

const ETH = 0;
const USD = 1;
const DAY = 86_400_000;
const TERMS = { amplification: 100, bands: 10, fee: 0.006, loanDiscount: 0.09, liquidationDiscount: 0.06 };
const MARKETS: LendingOptions['markets'] = {
  ETH: { usd: 1000, ltv: 0.85, liquidationThreshold: 0.89 },
  USD: { usd: 1, liquidationThreshold: 1, bonus: 0 },
};

describe('the laws, under random traffic with soft liquidation', () => {
  const amount = fc.double({ min: 0.01, max: 1, noNaN: true });
  const who = fc.nat(3);
  const deed = fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('swing' as const), by: fc.double({ min: 0.002, max: 0.02, noNaN: true }) }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('price' as const), factor: fc.double({ min: 0.975, max: 1.02, noNaN: true }) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('down' as const), who, amount: fc.option(amount) }) },
    { weight: 8, arbitrary: fc.record({ do: fc.constant('up' as const), who, amount: fc.option(amount) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('own' as const), who, amount: fc.option(amount) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('borrow' as const), who, amount }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('repay' as const), who, amount: fc.option(amount) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), who, amount }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('deposit' as const), who, amount }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 30 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('bundle' as const), keep: fc.boolean() }) },
  );

  it('CUSTODY-1 BOOKS-1 BOOKS-2 DEBT-1 LEDGER-1 LEDGER-2 LIQ-1 NEAR-1 PNL-1 hold, and bands hold what the books say', () => {
    const reached: Record<string, number> = {};
    fc.assert(
      fc.property(
        fc.array(deed, { minLength: 40, maxLength: 80, size: 'max' }),
        fc.constantFrom(0, 0.006, 0.03),
        fc.constantFrom(4, 10),
        (deeds, fee, count) => {
          const world = aLendingWorld({
            markets: { ...MARKETS, USD: { ...MARKETS.USD, rateBase: 0.1 } },
            liquidation: (needs) => softBands.create({ ...TERMS, fee, bands: count }, needs),
          });
          const { protocol, ledger, journal } = world;
          const { accounts } = protocol.inspection;
          const attribution = createAttribution(ledger);
          const people = [0, 1, 2, 3].map((i) => world.person(`person/${i}`, { ETH: 10, USD: 2000 }));
          const trader = world.person('trader', { ETH: 1000, USD: 1e6 });
          granted(protocol.supply(world.person('lender', { USD: 1e6 }), USD, 'max', 0));
          attribution.snapshotStart();
          for (const [i, one] of people.entries()) {
            granted(protocol.deposit(one, ETH, 5e6, 0));
            granted(protocol.borrow(one, USD, Math.floor(protocol.borrowable(protocol.positionOf(one), USD, 0) * (0.99 - 0.05 * i)), 0));
          }
          let price = 1000;
          let at = 0;
          const act = (one: (typeof deeds)[number]): unknown => {
            if (one.do === 'bundle') {
              if (!journal.open) return journal.begin();
              return one.keep ? journal.commit() : journal.undo();
            }
            if (one.do === 'wait') {
              at += one.days * DAY;
              return undefined;
            }
            if (one.do === 'price') {
              price = Math.min(1e5, Math.max(10, price * one.factor));
              return world.setPrice('ETH', price);
            }
            if (one.do === 'swing') {
              for (const [factor, comes, goes] of [
                [1 - one.by, USD, ETH],
                [1 + 2 * one.by, ETH, USD],
              ] as const) {
                price *= factor;
                world.setPrice('ETH', price);
                protocol.refresh(at);
                for (const position of [...protocol.liquidatable(at)]) {
                  const done = protocol.liquidate(trader, position, comes, goes, 'max', at);
                  const what = goes === ETH ? 'down' : 'up';
                  if (!isRejection(done)) reached[what] = (reached[what] ?? 0) + 1;
                }
              }
              return undefined;
            }
            const account = people[one.who];
            const position = protocol.positionOf(account);
            if (one.do === 'down' || one.do === 'up' || one.do === 'own') {
              const pair = { down: [USD, ETH], up: [ETH, USD], own: [USD, USD] }[one.do];
              const most = pair[0] === USD ? protocol.debtOf(position, USD) : 5e6;
              const asked = one.amount === null ? 'max' : Math.max(1, Math.floor(most * one.amount));
              const holds = (other: number) => accounts.collateral(other, one.do === 'up' ? USD : ETH) > 0;
              const target = protocol.liquidatable(at).find(holds) ?? position;
              return protocol.liquidate(trader, target, pair[0], pair[1], asked, at);
            }
            const most = {
              borrow: protocol.borrowable(position, USD, at),
              repay: ledger.balance(account, USD),
              deposit: ledger.balance(account, ETH) / 4,
              withdraw: protocol.withdrawable(position, ETH, at) / 4,
            }[one.do];
            return protocol[one.do](
              account,
              one.do === 'borrow' || one.do === 'repay' ? USD : ETH,
              one.amount === null ? 'max' : Math.floor(most * one.amount),
              at,
            );
          };
          for (const one of deeds) {
            const done = act(one);
            const what = isRejection(done) ? `${one.do} ${done.rejected}` : one.do;
            reached[what] = (reached[what] ?? 0) + 1;
            if (!journal.open) protocol.endBlock(at);
            protocol.refresh(at);
            for (const law of protocolInvariants) expect(law.check(protocol), law.id).toBeUndefined();
          }
          const profits = attribution
            .parties(world.fair, (visit) => protocol.claims(visit))
            .reduce((sum, { profitUsd }) => sum + profitUsd, 0);
          expect(Math.abs(profits)).toBeLessThan(1e-3);
          if (journal.open) journal.commit();
          // Whatever the books say is in the bands: it can be had, all of it, at the ends of prices. A loan of some hundred units has its
          // bands near a thousandth of a dollar: the low end lies below those of a loan of one unit.
          for (const [usd, comes, goes] of [
            [1e-9, USD, ETH],
            [1e6, ETH, USD],
          ] as const) {
            world.setPrice('ETH', usd);
            protocol.endBlock(at);
            for (const one of people) {
              const position = protocol.positionOf(one);
              if (accounts.debtShares(position, USD) === 0) continue;
              protocol.liquidate(trader, position, comes, goes, 'max', at);
              expect(accounts.collateral(position, goes)).toBe(0);
            }
          }
        },
      ),
      { numRuns: propertyRuns(60, 2000) },
    );
    for (const what of ['down', 'up', 'repay', 'withdraw', 'deposit']) expect(reached[what] ?? 0, what).toBeGreaterThan(10);
  });
});
