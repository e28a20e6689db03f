/** Who failed first, who stands on whom, and what each hop lost. */
import { describe, expect, it } from 'vitest';
import type { Protocol } from '../../../src/protocol/protocol.ts';
import { createContagion } from '../../../src/run/contagion.ts';

/** Protocols as far as contagion looks at them: markets by asset, receipts by asset. */
function chainOf(...protocols: readonly { readonly takes: readonly number[]; readonly issues: readonly number[] }[]) {
  const made = protocols.map(({ takes, issues }) => ({
    markets: takes.map((asset) => ({ asset })),
    receipts: issues.map((asset) => ({ asset, market: 0 })),
  }));
  const failures: number[][] = [];
  const contagion = createContagion(made as unknown as readonly Protocol[], (...told) => failures.push(told));
  return { contagion, failures };
}
const A = { takes: [0, 1], issues: [10] };
const B = { takes: [10, 2], issues: [11] };
const C = { takes: [11, 3], issues: [] };
const APART = { takes: [4], issues: [] };

describe('contagion', () => {
  it('tells each failure once, with its distance along receipts from the first', () => {
    const { contagion, failures } = chainOf(A, B, C);
    contagion.note(0, 0.9, 10);
    contagion.note(0, 0.5, 20);
    contagion.note(2, 0.8, 30);
    contagion.note(1, 1 - 1e-9, 30);
    contagion.note(1, 0.99, 40);
    expect(failures).toEqual([
      [0, 0.9, 0],
      [2, 0.8, 2],
      [1, 0.99, 1],
    ]);
    expect(contagion.close([5, 3, 2])).toEqual({
      failed_protocol_count: 3,
      first_failure_ms: 10,
      last_failure_ms: 40,
      lender_loss_hop_0_usd: 5,
      lender_loss_hop_1_usd: 3,
      lender_loss_hop_2_usd: 2,
    });
  });

  it('counts from whoever failed first, and who is not connected as farthest', () => {
    const { contagion, failures } = chainOf(A, B, C, APART);
    contagion.note(1, 0.5, 7);
    contagion.note(0, 0.9, 8);
    contagion.note(3, 0.9, 8);
    expect(failures.map(([protocol, , hop]) => [protocol, hop])).toEqual([
      [1, 0],
      [0, Number.POSITIVE_INFINITY],
      [3, Number.POSITIVE_INFINITY],
    ]);
    expect(contagion.close([1, 2, 4, 8])).toMatchObject({ lender_loss_hop_0_usd: 2, lender_loss_hop_1_usd: 4, lender_loss_hop_2_usd: 9 });
  });

  it('has no times where nobody failed', () => {
    const { contagion } = chainOf(A, B);
    contagion.note(0, 1, 10);
    expect(contagion.close([0, 0])).not.toHaveProperty('first_failure_ms');
    expect(contagion.close([0, 0]).failed_protocol_count).toBe(0);
  });
});
