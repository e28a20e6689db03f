/** Explanations from traces made by hand: every number in a sentence is one of the facts', and nothing is said that no fact says. */
import { describe, expect, it } from 'vitest';
import type { EventKind, RecordedEvent } from '../../../src/record/recorder.ts';
import type { Outcome } from '../../../src/run/outcome.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { readTrace } from '../../../src/study/trace-reading.ts';
import { explain, whoPaidText } from '../../../src/study/why.ts';
import { stubOutcome } from '../../support/stub-outcome.ts';

const MIN = 60_000;
const [OUTSIDE, BOB, KATE, MALLORY] = [0, 1, 2, 3];
const [ETH, USDC] = [0, 1];

function fact(
  seq: number,
  at: number,
  kind: EventKind,
  actor: number,
  subject: number,
  numbers: readonly number[],
  cause = 0,
): RecordedEvent {
  const [a = 0, b = 0, c = 0, d = 0] = numbers;
  return { seq, at, cause, kind, actor, subject, a, b, c, d };
}

function traced(events: readonly RecordedEvent[], oracle: Record<string, unknown> = { use: 'spot', source: 'outside', with: {} }) {
  const outcome: Outcome = {
    ...stubOutcome(0, { seed: 1, trace: 'none', checkEvery: 0 }),
    events,
    metrics: { attack_cost_usd: 700, attack_gain_usd: 0, attack_profit_usd: -700 },
    samples: [{ probe: 'fair_usd/USDC', at: 0, value: 1 }],
    parties: [
      { account: 'lender/0', role: 'lender', asset: 'USDC', startUnits: 0, endUnits: 0, profitUsd: -500 },
      { account: 'mallory', role: 'attacker', asset: 'USDC', startUnits: 0, endUnits: 0, profitUsd: 499.8 },
      { account: 'proposer', role: 'proposer', asset: 'ETH', startUnits: 0, endUnits: 0, profitUsd: 0.2 },
    ],
    names: {
      ...stubOutcome(0, { seed: 1, trace: 'none', checkEvery: 0 }).names,
      accounts: ['outside', 'bob', 'kate', 'mallory'],
      assets: ['ETH', 'USDC'],
      decimals: [9, 6],
      venues: ['pool'],
      oracles: ['eth', 'usdc'],
      refusals: ['BELOW_REQUIREMENT'],
      markets: ['lend/ETH', 'lend/USDC'],
      positions: ['lend/bob', 'lend/mallory'],
    },
    endMs: 60 * MIN,
  };
  const markets = {
    ETH: { oracle: 'eth', ltv: 0.8, liquidationThreshold: 0.8 },
    USDC: { oracle: 'usdc', ltv: 0, liquidationThreshold: 0 },
  };
  const world = {
    oracles: { eth: oracle, usdc: { use: 'spot', source: 'outside', with: {} } },
    protocols: { lend: { markets, backstop: [] } },
    venues: { pool: { with: { base: 'ETH', quote: 'USDC' } } },
    chain: { blockTime: 12_000, gasAsset: 'ETH' },
  };
  return readTrace(outcome, { world } as unknown as Scenario);
}

const said = (explanation: ReturnType<typeof explain>) => (explanation?.reasons ?? []).map(({ text }) => text);

/** Bob posts 10 ETH at 2,000 and borrows 14,000; the price falls, and Kate liquidates him when the oracle has heard of it. */
function lateLiquidation(oracleHealth: number, fairHealth: number): RecordedEvent[] {
  return [
    fact(1, 0, 'deposit', BOB, 0, [10e9, 20_000, 20_000, Number.NaN]),
    fact(2, 0, 'borrow', BOB, 1, [14_000e6, 20_000, 20_000, 1.142857]),
    fact(3, 10 * MIN, 'price', -1, ETH, [1_760, 2_000]),
    fact(4, 20 * MIN, 'price', -1, ETH, [1_740, 1_760]),
    fact(5, 25 * MIN, 'price', -1, ETH, [1_700, 1_740]),
    fact(6, 32 * MIN, 'liquidation', KATE, 0, [7_000, 7_350, oracleHealth, fairHealth]),
  ];
}

describe('why a liquidation', () => {
  it('came as late as the fair price had called for it', () => {
    // Health at fair prices is 8 · price ÷ 14,000: below 1 from 1,750 on, which the path passes at 20 minutes.
    const reasons = said(explain(traced(lateLiquidation(0.98, (8 * 1_700) / 14_000)), 6));
    expect(reasons[0]).toBe('kate liquidated bob at lend: repaid $7,000 and took collateral worth $7,350 at fair prices, $350.00 more.');
    expect(reasons[1]).toMatch(/^It would have happened at the fair price as well: .* 0\.98 by the oracle and 0\.9714 at fair prices\.$/);
    expect(reasons[2]).toBe('By the fair price it was due at 0:20:00: it came 0:12:00 late.');
  });

  it('counts from the last time the fair price called, not from a dip before', () => {
    const events = lateLiquidation(0.98, (8 * 1_700) / 14_000);
    events.splice(3, 0, fact(9, 12 * MIN, 'price', -1, ETH, [1_740, 1_760]), fact(10, 14 * MIN, 'price', -1, ETH, [1_790, 1_740]));
    expect(said(explain(traced(events), 6))[2]).toContain('due at 0:20:00');
  });

  it('would not have been at the fair price', () => {
    const reasons = said(explain(traced(lateLiquidation(0.98, 1.02)), 6));
    expect(reasons).toHaveLength(2);
    expect(reasons[1]).toMatch(/^It would not have happened at the fair price: .* 1\.02 at fair prices\.$/);
  });
});

/** Mallory pumps the pool, posts ETH at the pumped price and leaves with the dollars. */
function pump(cause: number, actor = MALLORY): RecordedEvent[] {
  return [
    fact(1, 30 * MIN, 'trade', actor, 0, [-5e9, 100_000e6, 2_000, 20_000]),
    fact(2, 30 * MIN, 'bundle', actor, 3, [1, 0], 1),
    fact(3, 31 * MIN, 'deposit', MALLORY, 0, [10e9, 200_000, 20_000, Number.NaN], cause),
    fact(4, 31 * MIN, 'borrow', MALLORY, 1, [120_000e6, 200_000, 20_000, 1.33], 3),
    fact(5, 60 * MIN, 'open-shortfall', MALLORY, 1, [100_000, 20_000, 120_000, 20_000]),
  ];
}

describe('why a bad debt', () => {
  const twap = { use: 'twap', source: 'pool', with: { window: 5 * MIN } };

  it('names the pool whose share was priced by its reserves, and the trade that pushed it, whichever way', () => {
    const share = { use: 'lp-share', source: 'outside', with: { pool: 'pool', base: 'usdc', quote: 'usdc', value: 'naive' } };
    const up = pump(2).map((one) => ({ ...one, at: Math.max(31 * MIN, one.at) }));
    const down = up.map((one) => (one.kind === 'trade' ? { ...one, a: 5e9, b: -100_000e6, c: 20_000, d: 2_000 } : one));
    for (const [events, moved] of [
      [up, '(10 times as high)'],
      [down, '(down by 90 %)'],
    ] as const) {
      const text = said(explain(traced(events, share))).join('\n');
      expect(text).toContain("lend's oracle eth (lp-share, from the reserves of pool) said $20,000 per ETH; the fair price was $2,000.");
      expect(text).toContain('The trade that moved pool most before that: mallory');
      expect(text).toContain(moved);
    }
  });

  it('is walked from the loss to the loan, the belief, the trade and its recorded causes', () => {
    const explanation = explain(traced(pump(2), twap));
    expect(said(explanation)).toEqual([
      'At the end mallory owes lend $120,000 against collateral worth $20,000 at fair prices: $100,000 of bad debt.',
      'mallory posted 10 ETH at lend and borrowed 120,000 USDC, $120,000 at fair prices. ' +
        "By lend's books that left its health factor at 1.33.",
      'lend took the collateral for $200,000 when it was worth $20,000: 10 times its fair worth. ' +
        'At fair prices a loan-to-value limit of 80 % allows $16,000.',
      "lend's oracle eth (twap over 0:05:00, from the price on pool) said $20,000 per ETH; the fair price was $2,000.",
      'The trade that moved pool most before that: mallory sold 100,000 USDC for 5 ETH on pool, ' +
        'whose price went from 2,000 to 20,000 USDC per ETH (10 times as high).',
      'The causes as recorded: deposit 3 ← bundle 2 ← trade 1; nothing that was recorded made mallory trade: the decision was its own.',
      'In the final account that falls on its lenders.',
    ]);
    expect(explanation?.about).toBe('bad-debt');
  });

  it('claims no cause that was not recorded', () => {
    const unlinked = said(explain(traced(pump(0), twap))).at(-2);
    expect(unlinked).toBe("Both were mallory's: the trade 0:01:00 before the loan.");
    const strangers = said(explain(traced(pump(0, BOB), twap))).at(-2);
    expect(strangers).toBe("The trade was bob's, the loan mallory's; no recorded cause leads from one to the other.");
  });

  it('names no trade where the oracle does not read the pool, or the trade was before its window', () => {
    const outside = said(explain(traced(pump(2), { use: 'push-feed', source: 'outside', with: {} })));
    const short = said(explain(traced(pump(2), { use: 'spot', source: 'pool', with: {} })));
    for (const reasons of [outside, short]) expect(reasons.some((text) => text.startsWith('The trade that moved'))).toBe(false);
  });

  it('says who bore a written-off debt', () => {
    const events = [
      fact(1, MIN, 'shortfall', BOB, 0, [90, 1, 90e6]),
      fact(2, MIN, 'insurance-fund', OUTSIDE, 0, [60, 1, 60e6, 30e6]),
      fact(3, MIN, 'socialise', OUTSIDE, 0, [30, 1, 30e6]),
    ];
    expect(said(explain(traced(events))).at(-1)).toBe('Of that the insurance fund paid $60.00 and its lenders lost $30.00.');
  });

  it('is not invented where there is none', () => {
    const explanation = explain(traced([fact(1, MIN, 'borrow', BOB, USDC, [1e6, 10, 10, 2])]));
    expect(explanation?.about).toBe('nothing');
    expect(said(explanation)).toEqual(['No position was left owing more than its collateral is worth: there is no bad debt to explain.']);
    expect(explain(traced([]), 7)).toBeUndefined();
  });

  it('ends with who paid and who has it', () => {
    expect(whoPaidText(explain(traced(pump(2)))?.whoPaid ?? [])).toBe('Who paid: lender −$500.00. Who has it: attacker +$499.80.');
  });
});

describe('a fact that is no loss', () => {
  const events = [
    fact(1, 0, 'wake', MALLORY, 0, []),
    fact(2, MIN, 'trade', MALLORY, 0, [-5e9, 100_000e6, 2_000, 2_200], 1),
    fact(3, MIN, 'deposit', BOB, 0, [10e9, 22_000, 20_000, Number.NaN], 2),
    fact(4, MIN, 'refusal', BOB, 0, [0, 2e7]),
    fact(5, MIN, 'outside', BOB, USDC, [4_000e6, 2e9, ETH]),
  ];
  const because = (event: number) => said(explain(traced(events), event));

  it('is told with its numbers by their names, and its causes likewise', () => {
    expect(because(3)).toEqual([
      'deposit by bob (market lend/ETH): units 10 ETH, oracle_usd $22,000, fair_usd $20,000, health none.',
      'because of: mallory sold 100,000 USDC for 5 ETH on pool, whose price went from 2,000 to 2,200 USDC per ETH.',
      'because of: wake by mallory.',
    ]);
    expect(because(5)).toEqual(['outside by bob (asset USDC): sold_units 4,000 USDC, bought_units 2 ETH, bought_asset ETH.']);
  });

  it('is told with the code of a refusal, and without who paid for the run', () => {
    expect(because(4)).toEqual(['refusal by bob: refusal_code BELOW_REQUIREMENT, gas_paid_units 0.02 ETH.']);
    expect(explain(traced(events), 4)).toMatchObject({ about: 'fact', whoPaid: [] });
    expect(explain(traced(pump(2)), 5)?.whoPaid).toHaveLength(3);
  });
});

describe('an attack without bad debt', () => {
  const events = [
    fact(1, MIN, 'price', -1, USDC, [1, 1]),
    fact(2, MIN, 'trade', MALLORY, 0, [-1e9, 2_000e6, 2_000, 2_010]),
    fact(3, 2 * MIN, 'trade', MALLORY, 0, [-5e9, 100_000e6, 2_010, 20_000]),
    fact(4, 2 * MIN, 'oracle', -1, 0, [4_000, 2_000, 2_000]),
    fact(5, 3 * MIN, 'oracle', -1, 0, [2_500, 4_000, 2_000]),
    fact(6, 3 * MIN, 'deposit', MALLORY, 0, [10e9, 25_000, 20_000, Number.NaN]),
    fact(7, 3 * MIN, 'refusal', MALLORY, 3, [0, 0]),
    fact(8, 4 * MIN, 'refusal', MALLORY, 3, [0, 0]),
    fact(9, 4 * MIN, 'refusal', BOB, 1, [0, 0]),
  ];

  it('is told by its largest trade, what that moved, what was refused, and what it cost', () => {
    const explanation = explain(traced(events, { use: 'spot', source: 'pool', with: {} }));
    expect(explanation?.about).toBe('attack');
    expect(said(explanation)).toEqual([
      'No position was left owing more than its collateral is worth: there is no bad debt to explain.',
      "The largest of the attack's 2 trades was this: mallory sold 100,000 USDC for 5 ETH on pool, " +
        'whose price went from 2,010 to 20,000 USDC per ETH (9.95 times as high).',
      'The oracle eth, which reads pool, was furthest from fair after that when it said $4,000 against a fair $2,000, 2 times that.',
      'Where lend was most wrong about its collateral, it took it for $25,000 when it was worth $20,000: 1.25 times its fair worth.',
      '2 transactions of the attack were refused: BELOW_REQUIREMENT 2 times.',
      'The attack cost $700.00 and gained $0, at fair prices: a loss of $700.00.',
    ]);
    expect(whoPaidText(explanation?.whoPaid ?? [])).toContain('attacker');
  });

  it('claims nothing of an oracle that does not read the venue', () => {
    expect(said(explain(traced(events))).some((text) => text.startsWith('The oracle'))).toBe(false);
  });
});
