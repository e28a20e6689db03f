/** The laws of a protocol with a stability pool under random traffic: deposits, liquidations in recovery mode too, bundles undone. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRejection } from '../../src/base/rejection.ts';
import { createAttribution } from '../../src/ledger/attribution.ts';
import { protocolInvariants } from '../../src/protocol/invariants.ts';
import { stabilityPool } from '../../src/protocol/liquidation/stability-pool.ts';
import { aLendingWorld, granted } from '../../src/study/validate/lending-world.ts';
import { propertyRuns } from '../support/property-runs.ts';

const ETH = 0;
const USD = 1;
const MCR = 1.1;
const TERMS = { debt: USD, gasFixed: 0, gasShare: 0.005, debtMin: 0, criticalRatio: 0, lock: true };

describe('the laws, under random traffic with a stability pool', () => {
  const amount = fc.double({ min: 0.01, max: 1, noNaN: true });
  const deed = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('price' as const), factor: fc.double({ min: 0.8, max: 1.15, noNaN: true }) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('start' as const), who: fc.nat(4) }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('borrow' as const), who: fc.nat(4), amount }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('repay' as const), who: fc.nat(4), amount }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), who: fc.nat(4), amount }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('deposit' as const), who: fc.nat(4), amount }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('provide' as const), who: fc.nat(4), amount }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('unprovide' as const), who: fc.nat(4), amount }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 30 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('bundle' as const), keep: fc.boolean() }) },
  );

  it('CUSTODY-1 BOOKS-1 BOOKS-2 DEBT-1 LEDGER-1 LEDGER-2 LIQ-1 NEAR-1 PNL-1 hold, and the pool holds what it owes', () => {
    const reached: Record<string, number> = {};
    fc.assert(
      fc.property(fc.array(deed, { minLength: 40, maxLength: 80, size: 'max' }), fc.constantFrom(0, 1.5, 2), (deeds, criticalRatio) => {
        const world = aLendingWorld({
          markets: {
            ETH: { usd: 100, ltv: 0.85, liquidationThreshold: 1 / MCR },
            USD: { usd: 1, rateBase: 0.1 },
          },
          liquidation: (needs) => stabilityPool.create({ ...TERMS, gasFixed: 5, criticalRatio }, needs),
        });
        const { protocol, ledger, journal } = world;
        const attribution = createAttribution(ledger);
        const people = [0, 1, 2, 3, 4].map((i) => world.person(`person/${i}`, { ETH: 100, USD: 5000 }));
        const keeper = world.person('keeper', {});
        const escrow = ledger.names.indexOf('lend/escrow');
        granted(protocol.supply(world.person('lender', { USD: 1e6 }), USD, 'max', 0));
        attribution.snapshotStart();
        for (const who of people) {
          granted(protocol.deposit(who, ETH, 50e6, 0));
          granted(protocol.provide(who, USD, 500e6, 0));
        }
        let price = 100;
        let at = 0;
        const act = (one: (typeof deeds)[number]) => {
          if (one.do === 'bundle') {
            if (!journal.open) return journal.begin();
            return one.keep ? journal.commit() : journal.undo();
          }
          if (one.do === 'wait') {
            at += one.days * 86_400_000;
            return undefined;
          }
          if (one.do === 'price') {
            price = Math.min(1000, Math.max(1, price * one.factor));
            return world.setPrice('ETH', price);
          }
          const who = people[one.who];
          if (one.do === 'start') return protocol.startLiquidation(keeper, protocol.startable(at)[0] ?? -1, at);
          const asset = one.do === 'deposit' || one.do === 'withdraw' ? ETH : USD;
          const most = {
            borrow: protocol.borrowable(protocol.positionOf(who), USD, at),
            repay: ledger.balance(who, USD),
            deposit: ledger.balance(who, ETH),
            withdraw: protocol.withdrawable(protocol.positionOf(who), ETH, at),
            provide: ledger.balance(who, USD) / 10,
            unprovide: protocol.providedOf(who),
          }[one.do];
          return protocol[one.do](who, asset, Math.floor(most * one.amount), at);
        };
        for (const one of deeds) {
          const done = act(one);
          const what = isRejection(done) ? done.rejected : one.do;
          reached[what] = (reached[what] ?? 0) + 1;
          if (!journal.open) protocol.endBlock(at);
          protocol.refresh(at);
          for (const law of protocolInvariants) expect(law.check(protocol), law.id).toBeUndefined();
          for (const asset of [ETH, USD]) {
            const owed = people.reduce((sum, who) => sum + (asset === USD ? protocol.providedOf(who) : 0) + protocol.gainOf(who, asset), 0);
            expect(ledger.balance(escrow, asset)).toBeGreaterThanOrEqual(owed);
          }
        }
        for (const { kind } of world.facts) reached[kind] = (reached[kind] ?? 0) + 1;
        const profits = attribution
          .parties(world.fair, (visit) => protocol.claims(visit))
          .reduce((sum, { profitUsd }) => sum + profitUsd, 0);
        expect(Math.abs(profits)).toBeLessThan(1e-3);
      }),
      { numRuns: propertyRuns(60, 2000) },
    );
    for (const what of ['start', 'redistribution', 'unprovide', 'liquidation']) expect(reached[what] ?? 0, what).toBeGreaterThan(10);
  });
});
