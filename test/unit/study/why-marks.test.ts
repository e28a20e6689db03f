/** What moved a position between its owner's last act and its liquidation, from looks and facts made by hand. */
import { describe, expect, it } from 'vitest';
import { marketParams } from '../../../src/protocol/market-params.ts';
import type { RecordedEvent } from '../../../src/record/recorder.ts';
import type { Outcome } from '../../../src/run/outcome.ts';
import type { Look } from '../../../src/run/witness.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { readTrace } from '../../../src/study/trace-reading.ts';
import { explainAccount } from '../../../src/study/why-account.ts';
import { explainMarks, wentWithMarks } from '../../../src/study/why-marks.ts';
import { stubOutcome } from '../../support/stub-outcome.ts';

const MIN = 60_000;
const BLOCK = 12_000;

function fact(
  seq: number,
  at: number,
  kind: RecordedEvent['kind'],
  subject: number,
  [a = 0, b = 0, c = 0, d = 0]: number[],
): RecordedEvent {
  return { seq, at, cause: 0, kind, actor: 1, subject, a, b, c, d };
}

/** Ten ETH of collateral, 14,000 USDC of debt, threshold 0.8. */
function look(at: number, when: Look['when'], eth: number, usdc = 1): Look {
  const holdings = [
    { name: 'ETH', amount: 10, mark: eth },
    { name: 'USDC', amount: -14_000, mark: usdc },
  ];
  const owed = 14_000 * usdc;
  return { at, when, healthFactor: (8 * eth) / owed, equity: 10 * eth - owed, required: 2 * eth, holdings };
}

const DEEDS = [fact(1, BLOCK, 'deposit', 0, [10e9, 20_000, 20_000]), fact(2, BLOCK, 'borrow', 1, [14_000e6])];
const TAKEN = fact(9, 30 * MIN, 'liquidation', 0, [7_000, 7_350, (8 * 1_720) / 14_000, 0.9]);
const OPENED = look(BLOCK, 'borrow', 2_000);

function traced(looks: readonly Look[], events: readonly RecordedEvent[] = [...DEEDS, TAKEN]) {
  const stub = stubOutcome(0, { seed: 1, trace: 'none', checkEvery: 0 });
  const outcome: Outcome = {
    ...stub,
    events,
    names: {
      ...stub.names,
      accounts: ['outside', 'bob'],
      assets: ['ETH', 'USDC'],
      decimals: [9, 6],
      markets: ['lend/ETH', 'lend/USDC', 'lend/WBTC'],
      positions: ['lend/bob'],
    },
  };
  const markets = { ETH: { oracle: 'eth' }, USDC: { oracle: 'usdc' }, WBTC: { oracle: 'wbtc' } };
  const changes = [10, 40].map((minutes, i) => ({ at: minutes * MIN, risk: { use: ['scenario-scan', 'formula'][i] } }));
  const lend = { markets, risk: { use: 'cross' }, governance: { changes } };
  const world = { protocols: { lend }, chain: { blockTime: BLOCK } };
  return readTrace(outcome, { world } as unknown as Scenario, new Map([[0, looks]]));
}

const said = (looks: readonly Look[], event = TAKEN) => explainMarks(traced(looks), event).map(({ text }) => text);

describe('the marks behind a liquidation', () => {
  it('are told from the last act of the owner to the moment that allowed it, with what was asked and what was there', () => {
    const looks = [look(BLOCK, 'deposit', 2_100), OPENED, look(30 * MIN, 'liquidation', 1_720)];
    expect(said(looks)).toEqual([
      'Between 0:00:12 and 0:30:00 the mark of ETH went from $2,000 to $1,720 (−14.0 %). ' +
        'The equity of bob went from $6,000 to $3,200; it needed $3,440, and $4,000 at first.',
    ]);
  });

  it('name a debt that rose, the costlier move first, and no move that helped', () => {
    const both = { ...look(30 * MIN, 'liquidation', 1_950, 1.2), healthFactor: TAKEN.c };
    expect(said([OPENED, both])[0]).toContain(
      'the mark of USDC went from $1.00 to $1.20 (+20.0 %) and the mark of ETH went from $2,000 to $1,950 (−2.5 %)',
    );
    const helped = { ...look(30 * MIN, 'liquidation', 2_050, 1.2), healthFactor: TAKEN.c };
    expect(said([OPENED, helped])[0]).not.toContain('ETH');
    const none = { ...look(30 * MIN, 'liquidation', 2_000), healthFactor: TAKEN.c };
    expect(said([OPENED, none])[0]).toContain('no mark moved against it');
  });

  it('say since when it could have been liquidated, if that is longer than a block', () => {
    const looks = (...blocks: Look[]) => [OPENED, ...blocks, look(30 * MIN, 'liquidation', 1_720)];
    const [early, back, late] = [look(10 * MIN, 'block', 1_700), look(20 * MIN, 'block', 1_800), look(25 * MIN, 'block', 1_740)];
    expect(said(looks(early, back, late))[1]).toBe('By the marks it had been liquidatable since 0:25:00, 0:05:00 before.');
    expect(said(looks(early, back, look(30 * MIN - BLOCK, 'block', 1_740)))).toHaveLength(1);
  });

  it('are told with what others did to it, where that weighs as much', () => {
    const left = look(30 * MIN, 'liquidation', 1_720);
    const holdings = [left.holdings[0], { name: 'USDC', amount: -14_500, mark: 1 }];
    expect(said([OPENED, { ...left, holdings }])[0]).toContain(
      '(−14.0 %), and without an act of its owner what it owed went from 14,000 USDC to 14,500 USDC. ',
    );
    expect(said([OPENED, { ...left, holdings: [holdings[0], { name: 'USDC', amount: -14_001, mark: 1 }] }])[0]).not.toContain('owner');
  });

  it('reach back past what its owner did at the very moment, which is told apart', () => {
    const [early, taken] = [look(20 * MIN, 'block', 1_900), look(30 * MIN, 'liquidation', 1_720)];
    const repaid = { ...look(30 * MIN, 'repay', 1_720), holdings: [taken.holdings[0], { name: 'USDC', amount: -13_000, mark: 1 }] };
    const now = { ...taken, holdings: repaid.holdings, equity: 4_200 };
    const late = fact(8, 30 * MIN, 'repay', 1, [1_000e6]);
    const [reason] = explainMarks(traced([OPENED, early, repaid, now], [...DEEDS, late, TAKEN]), TAKEN);
    expect(reason.text).toBe(
      'Between 0:00:12 and 0:30:00 the mark of ETH went from $2,000 to $1,720 (−14.0 %). At 0:30:00, before that, bob repaid 1,000 USDC. ' +
        'The equity of bob went from $6,000 to $4,200; it needed $3,440, and $4,000 at first.',
    );
    expect(reason.facts).toEqual([8, 9]);
  });

  it('say why it was liquidated though it had enough: a margin call that was over, or the mechanism', () => {
    const taken = { ...TAKEN, c: 1.02 };
    const looks = [OPENED, { ...look(30 * MIN, 'liquidation', 1_785), healthFactor: 1.02 }];
    const ending = (deadline: number) => {
      const call = fact(5, 10 * MIN, 'margin-call', 0, [1.04, deadline]);
      return explainMarks(traced(looks, [...DEEDS, call, taken]), taken)[0].text.replace(/.* first\. /, '');
    };
    expect(ending(20 * MIN)).toBe('That was enough for maintenance: the time of its margin call was over.');
    expect(ending(40 * MIN)).toBe('That was enough for maintenance: its mechanism acts at a level of its own.');
  });

  it('say of what was left open how long it could have been liquidated, and nothing of marks that did not move', () => {
    const open = fact(11, 60 * MIN, 'open-shortfall', 0, [400, 13_600, 14_000]);
    const [opened, ended] = [look(BLOCK, 'borrow', 1_360), look(60 * MIN, 'block', 1_360)];
    const texts = explainMarks(traced([opened, look(2 * BLOCK, 'block', 1_360), ended], [...DEEDS, open]), open).map(({ text }) => text);
    expect(texts).toEqual(['By the marks it was liquidatable from 0:00:12 on, and nobody liquidated it.']);
  });

  it('tell whether the health went with them alone', () => {
    const left = look(30 * MIN, 'liquidation', 1_720);
    const [early, asked] = [look(BLOCK, 'block', 2_000), { ...look(BLOCK, 'block', 2_000), healthFactor: 1.3 }];
    const verdicts = [[early, left], [asked, left], []].map((looks) => wentWithMarks(traced(looks), TAKEN, BLOCK));
    expect(verdicts).toEqual([true, false, true]);
  });

  it('are not told where nobody looked, or where what was seen is not what the fact says', () => {
    expect(said([])).toEqual([]);
    expect(said([OPENED, look(30 * MIN, 'liquidation', 1_721)])).toEqual([]);
  });
});

describe('a change of governance', () => {
  const [before, after] = [look(10 * MIN - BLOCK, 'block', 1_900), { ...look(10 * MIN, 'block', 1_900), required: 5_200 }];
  const engine = fact(5, 10 * MIN, 'risk-engine', 0, [1, 0, 0, 1]);
  const told = (looks: readonly Look[], ...changes: readonly RecordedEvent[]) =>
    explainMarks(traced([OPENED, ...looks, look(30 * MIN, 'liquidation', 1_720)], [...DEEDS, ...changes, TAKEN]), TAKEN).slice(1);

  it('is told with what the position needed before and after it, and whether it made it liquidatable', () => {
    const [reason, ...more] = told([before, after], engine, fact(6, 10 * MIN, 'reassessed', 0, [0.96, 1]));
    expect(reason.text).toBe(
      'At 0:10:00 governance of lend replaced cross by scenario-scan. In that block what it needed went from $3,800 to $5,200: ' +
        'the change made it liquidatable, at a health factor of 0.96.',
    );
    expect([reason.at, reason.facts, more]).toEqual([10 * MIN, [5, 6], []]);
  });

  it('names numbers by market, and the engine that the one before had put in place', () => {
    const number = fact(6, 10 * MIN, 'parameter', 0, [0.7, 0.8, Object.keys(marketParams).indexOf('liquidationThreshold'), 2]);
    expect(told([before, after], engine, number)[0].text).toBe(
      'At 0:10:00 governance of lend replaced cross by scenario-scan and changed liquidationThreshold of ETH from 0.8 to 0.7. ' +
        'In that block what it needed went from $3,800 to $5,200.',
    );
    // Of dollars, which it owes; of WBTC, which it does not, nothing is said.
    const cap = (market: number) => fact(7, 10 * MIN, 'parameter', market, [0.1, 0.2, 0, 3]);
    expect(told([before, after], number, cap(2))[0].text).toContain(
      'governance of lend changed liquidationThreshold of ETH from 0.8 to 0.7. ',
    );
    expect(told([before, after], number, cap(1))[0].text).toContain(
      ` and changed ${Object.keys(marketParams)[0]} of USDC from 0.2 to 0.1. `,
    );
    const trace = traced([], [engine]);
    expect([undefined, 10 * MIN, 39 * MIN, 40 * MIN].map((at) => trace.engine('lend', at))).toEqual([
      'cross',
      'scenario-scan',
      'scenario-scan',
      'formula',
    ]);
  });

  it('is not told where it asked for no other amount, where nobody looked, or before an act of the owner that it did not force', () => {
    expect(told([before, { ...after, required: 3_801 }], engine)).toEqual([]);
    expect(told([], engine)).toEqual([]);
    const again = { ...look(20 * MIN, 'borrow', 1_900), required: 5_200 };
    expect(told([before, after, again], engine, fact(7, 20 * MIN, 'borrow', 1, [1]))).toEqual([]);
    const reassessed = fact(6, 10 * MIN, 'reassessed', 0, [0.96, 1]);
    expect(told([before, after, again], engine, reassessed, fact(7, 20 * MIN, 'borrow', 1, [1]))).toHaveLength(1);
  });
});

describe('an account', () => {
  it('is told its acts, the marks, each liquidation, and what it was left owing', () => {
    const short = fact(10, 30 * MIN, 'shortfall', 0, [50, 1, 50e6]);
    const trace = traced([OPENED, look(30 * MIN, 'liquidation', 1_720)], [...DEEDS, TAKEN, short]);
    const texts = explainAccount(trace, 'bob')?.map(({ text }) => text);
    expect(texts?.map((text) => text.split(' ').slice(0, 3).join(' '))).toEqual([
      'bob posted 10',
      'Between 0:00:12 and',
      'bob liquidated bob',
      'bob had no',
      'No layer of',
    ]);
    expect(texts?.[3]).toBe('bob had no collateral left at lend and still owed $50.00: bad debt.');
  });

  it('to which nothing happened is said so, and one that is not there is none', () => {
    const texts = (account: string) => explainAccount(traced([], DEEDS), account)?.map(({ text }) => text);
    expect(texts('bob')).toEqual(['bob had a position at lend, was never liquidated or closed there, and left no bad debt.']);
    expect(texts('outside')).toEqual(['outside never had a position at a protocol.']);
    expect(texts('eve')).toBeUndefined();
  });
});
