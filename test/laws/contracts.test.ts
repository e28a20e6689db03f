/** The laws of accounts of contracts under random traffic. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Counts, contractTraffic, runContractTraffic } from '../support/contract-traffic.ts';
import { propertyRuns } from '../support/property-runs.ts';

describe('the laws of contracts', () => {
  const WATCHED =
    'CUSTODY-1 BOOKS-1 BOOKS-2 QUOTE-1 CONTRACT-1 FUNDING-1 DEBT-1 LEDGER-1 LEDGER-2 BUNDLE-1 RISK-1 LIQ-1 BACK-1 NEAR-1 PNL-1';

  it(`hold under random traffic: ${WATCHED}`, () => {
    const counts: Counts = {};
    fc.assert(
      fc.property(contractTraffic, (events) => runContractTraffic(events, counts)),
      { numRuns: propertyRuns(200, 3000), endOnFailure: true },
    );
    // What the traffic is meant to reach, it reached often enough to mean something.
    const done = [
      'perpetual traded',
      'option traded',
      'expired',
      'provide',
      'unprovide',
      'borrow',
      'withdraw',
      'cash withdrawn beside size',
    ];
    const ended = [
      'called',
      'closed',
      'ordered',
      'taken over',
      'cash taken',
      'shortfall',
      'insurance-fund',
      'bundle kept',
      'bundle undone',
    ];
    const refused = ['HEALTH_INITIAL', 'ORACLE_INVALID', 'CAP_SIZE', 'EXPIRED', 'COOLDOWN', 'LIQUIDITY_SHORT'];
    for (const what of [...done, ...ended, ...refused, 'reduced below initial']) expect(counts[what] ?? 0, what).toBeGreaterThan(8);
  });
});
