/** The short party table of a sweep: fewer lines, the same sums. */
import { expect, it } from 'vitest';
import { sumPartiesByRole } from '../../../src/record/party-sum.ts';
import { summaryOf } from '../../../src/record/summary.ts';
import { stubOutcome } from '../../support/stub-outcome.ts';

const line = (account: string, asset: string, startUnits: number, endUnits: number, profitUsd: number) => ({
  ...{ account, role: account.replace(/\/.*/, ''), asset, startUnits, endUnits, profitUsd },
});

it('parties are summed by role and asset, and what sums to zero still does', () => {
  const lines = [
    line('lender/0', 'usdc', 100, 90, -10),
    line('lender/1', 'usdc', 50, 45, -5),
    line('lender/1', 'eth', 1, 1, 0),
    line('attacker/0', 'usdc', 0, 15, 15),
  ];
  const sums = sumPartiesByRole(lines);
  expect(sums).toEqual([
    { account: 'lender/*', role: 'lender', asset: 'usdc', startUnits: 150, endUnits: 135, profitUsd: -15 },
    { account: 'lender/*', role: 'lender', asset: 'eth', startUnits: 1, endUnits: 1, profitUsd: 0 },
    { account: 'attacker/*', role: 'attacker', asset: 'usdc', startUnits: 0, endUnits: 15, profitUsd: 15 },
  ]);
  expect(sums.reduce((sum, { profitUsd }) => sum + profitUsd, 0)).toBe(0);
});

it('a summary keeps metrics, hash and error, and drops the rows that grow with the run', () => {
  const outcome = stubOutcome(1, { seed: 5, trace: 'full', checkEvery: 0 });
  const summary = summaryOf(outcome);
  expect(summary).toEqual({ ...outcome, events: [], samples: [], parties: sumPartiesByRole(outcome.parties) });
});
