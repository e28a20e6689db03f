/** The laws of a lending protocol under random traffic, and how its outcomes must relate when the question is changed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRejection } from '../../src/base/rejection.ts';
import type { Loan } from '../../src/study/closed-form/liquidation-size.ts';
import { aLoan, granted } from '../../src/study/validate/lending-world.ts';
import { auctionTraffic, type Counts, runTraffic, traffic } from '../support/lending-traffic.ts';
import type { Liquidation } from '../support/liquidation-stage.ts';
import { MECHANISMS, type SharedMechanism } from '../support/mechanisms.ts';
import { propertyRuns } from '../support/property-runs.ts';

describe('the laws of lending', () => {
  const WATCHED = 'CUSTODY-1 BOOKS-1 BOOKS-2 DEBT-1 LEDGER-1 LEDGER-2 BUNDLE-1 RISK-1 RISK-2 LIQ-1 LIQ-2 BACK-1 NEAR-1';

  it(`hold under random traffic: ${WATCHED}`, () => {
    const counts: Counts = {};
    fc.assert(
      fc.property(traffic, (events) => runTraffic(events, counts)),
      { numRuns: propertyRuns(200, 3000), endOnFailure: true },
    );
    // What the traffic is meant to reach, it reached often enough to mean something.
    const wanted = ['supply', 'redeem', 'deposit', 'withdraw', 'borrow', 'repay', 'liquidate', 'health improves', 'shortfall', 'socialise'];
    const refused = [
      'HEALTH_INITIAL',
      'ORACLE_INVALID',
      'CAP_SUPPLY',
      'CAP_BORROW',
      'CAP_COLLATERAL',
      'LIQUIDITY_SHORT',
      'OVER_CLOSE_FACTOR',
    ];
    for (const what of [...wanted, ...refused, 'insurance-fund', 'bundle kept', 'bundle undone', 'due']) {
      expect(counts[what] ?? 0, what).toBeGreaterThan(20);
    }
  });
});

describe('the laws of lending under every mechanism', () => {
  /** What the traffic must reach of each, often enough to mean something. */
  const REACHED: Readonly<Record<SharedMechanism, readonly string[]>> = {
    'fixed-bonus': ['liquidate'],
    'health-discount': ['liquidate'],
    'target-health': ['liquidate'],
    'dutch-auction': ['start', 'restart', 'lot taken', 'ENDED'],
    'english-auction': ['start', 'first bid', 'better bid', 'auction won', 'shortfall'],
    'right-auction': ['liquidate', 'first bid'],
    'venue-order': ['start', 'trade'],
  };

  it.each(Object.entries(MECHANISMS) as [SharedMechanism, Liquidation][])('hold under random traffic with %s', (name, liquidation) => {
    const counts: Counts = {};
    fc.assert(
      fc.property(auctionTraffic, (events) => runTraffic(events, counts, { liquidation })),
      { numRuns: propertyRuns(60, 1500), endOnFailure: true },
    );
    for (const what of [...REACHED[name], 'borrow', 'bundle kept', 'bundle undone']) expect(counts[what] ?? 0, what).toBeGreaterThan(5);
  });
});

/** A loan that can be liquidated: 100 against a debt that health 0.5 … 1 allows. */
const sickLoan = fc
  .record({
    threshold: fc.double({ min: 0.4, max: 0.95, noNaN: true }),
    bonus: fc.double({ min: 0, max: 0.3, noNaN: true }),
    health: fc.double({ min: 0.5, max: 0.999, noNaN: true }),
    collateral: fc.double({ min: 1, max: 1000, noNaN: true }),
  })
  .map(({ threshold, bonus, health, collateral }): Loan => ({ threshold, bonus, collateral, debt: (collateral * threshold) / health }));

describe('a take', () => {
  it('LIQ-3 split at one instant never seizes more', () => {
    const share = fc.double({ min: 0.001, max: 1, noNaN: true });
    fc.assert(
      fc.property(sickLoan, share, share, fc.double({ min: 0.3, max: 1, noNaN: true }), (loan, whole, cut, price) => {
        const at = (amounts: readonly number[]) => {
          const one = aLoan(loan, { terms: { closeFactor: 1 } });
          // A price at which a unit of debt is no round amount of collateral.
          one.setPrice('ETH', price);
          let seized = 0;
          let repaid = 0;
          for (const amount of amounts) {
            const taken = one.take(amount);
            if (isRejection(taken)) continue;
            seized += taken.seized;
            repaid += taken.repaid;
          }
          return { seized, repaid };
        };
        const debt = loan.debt * 1e9;
        const amount = Math.max(2, Math.floor(debt * whole * 0.99));
        const first = Math.max(1, Math.floor(amount * cut * 0.99));
        const once = at([amount]);
        const twice = at([first, amount - first]);
        expect(twice.seized).toBeLessThanOrEqual(once.seized);
        if (once.repaid === amount) expect(twice.repaid).toBeLessThanOrEqual(once.repaid);
      }),
      { numRuns: propertyRuns(300, 5000) },
    );
  });

  it('scales: all prices times k, or all balances times k, leave the same ratios', () => {
    fc.assert(
      fc.property(sickLoan, fc.constantFrom(2 ** -6, 2 ** -3, 2 ** 3, 2 ** 6), (loan, k) => {
        const plain = aLoan(loan);
        const larger = aLoan({ ...loan, collateral: loan.collateral * k, debt: loan.debt * k });
        const dearer = aLoan(loan);
        for (const name of ['ETH', 'USD']) dearer.setPrice(name, k);
        const ratios = (world: typeof plain, balances: number) => {
          world.protocol.refresh(0);
          const { healthFactor } = world.protocol.health(world.position, 0);
          const { repaid, seized } = granted(world.take('max'));
          return [healthFactor, seized / repaid, repaid / world.units('USD', 1) / balances];
        };
        const expected = ratios(plain, 1);
        for (const found of [ratios(larger, k), ratios(dearer, 1)]) {
          for (const [i, ratio] of found.entries()) expect(ratio / expected[i]).toBeCloseTo(1, 6);
        }
      }),
      { numRuns: propertyRuns(100, 2000) },
    );
  });
});

describe('the waterfall', () => {
  it('a larger fund never raises the socialised loss, and no fund changes what was short', () => {
    const loan = fc.record({ debt: fc.double({ min: 96, max: 150, noNaN: true }), bonus: fc.double({ min: 0.05, max: 0.2, noNaN: true }) });
    fc.assert(
      fc.property(loan, fc.double({ min: 0, max: 60, noNaN: true }), fc.double({ min: 0, max: 60, noNaN: true }), (terms, fund, more) => {
        const losses = (tokens: number) => {
          const world = aLoan({ collateral: 100, threshold: 0.9, ...terms }, { fund: { USD: tokens } });
          granted(world.take('max'));
          const sum = (kind: string) => world.facts.filter((fact) => fact.kind === kind).reduce((usd, { numbers }) => usd + numbers[0], 0);
          return { short: sum('shortfall'), socialised: sum('socialise'), fund: sum('insurance-fund') };
        };
        const small = losses(fund);
        const large = losses(fund + more);
        expect(large.short).toBe(small.short);
        expect(large.socialised).toBeLessThanOrEqual(small.socialised);
        expect(large.socialised + large.fund).toBeCloseTo(large.short, 6);
      }),
      { numRuns: propertyRuns(100, 2000) },
    );
  });
});
