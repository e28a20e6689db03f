/** Where the profit of an account of contracts came from: from runs that were looked at, against what they must have brought. */
import { describe, expect, it } from 'vitest';
import { witness } from '../../../src/run/witness.ts';
import { readTrace, type Trace } from '../../../src/study/trace-reading.ts';
import { explain } from '../../../src/study/why.ts';
import { positionsToWatch } from '../../../src/study/why-marks.ts';
import { contractsOf, FAIR } from '../../support/contract-scenario.ts';
import { builtIn, runSmall, type SmallWorld, smallScenario } from '../../support/small-world.ts';

const on = { protocol: 'lend' } as const;
const trade = (at: string, contract: string, size: number) => ({ at, actions: [{ do: 'trade-contract', ...on, contract, size }] });
const deposit = (at: string, amount: number) => ({ at, actions: [{ do: 'deposit', ...on, asset: 'USD', amount }] });

/** TKN goes from 10 to 12 after an hour; options expire after two. */
function world(script: readonly object[], wallet: object = { USD: 5_000 }): SmallWorld {
  const perp = { fee: 0.001, depth: 1000, fundingSensitivity: 0.2, fundingCap: 1 };
  return {
    horizon: '3 h',
    trace: 'full',
    tkn: { use: 'shock', with: { start: 10, at: '1 h', factor: 1.2, over: 0, hold: '9 h', recover: 0 } },
    oracle: FAIR,
    contracts: contractsOf({ perp, call: { fee: 0 } }),
    agents: [{ use: 'scripted', name: 'ann', role: 'trader', params: { script }, wallet }],
  };
}

function watched(of: SmallWorld): Trace {
  const scenario = smallScenario(of);
  const outcome = runSmall(of);
  const watch = positionsToWatch(readTrace(outcome, scenario), explain(readTrace(outcome, scenario), 'ann/0')?.reasons ?? []);
  return readTrace(outcome, scenario, witness(scenario, builtIn, 1, watch));
}
const told = (trace: Trace) => (explain(trace, 'ann/0')?.reasons ?? []).map(({ text }) => text).slice(1, -1);
const profit = ({ outcome: { parties } }: Trace) => parties.find(({ account }) => account === 'ann/0')?.profitUsd ?? Number.NaN;

const falling = { use: 'shock', with: { start: 1, at: '1 h', factor: 0.99, over: 0, hold: '9 h', recover: 0 } };
const OPENED = [deposit('10 s', 2_000), trade('20 s', 'perp', 100)];
const HELD = [...OPENED, trade('90 min', 'perp', -60), trade('95 min', 'call', 10)];

describe('the profit of an account of contracts', () => {
  it('is told in parts that make up the whole', () => {
    const trace = watched(world(HELD));
    // The perpetual: bought at 10.5, 60 sold at 12.84, 40 left at a mark of 12.48. The call pays 2. Funding is a fifth of skew per depth.
    const perp = -100 * 10.5 + 60 * 12.84 + 40 * 12.48;
    const hours = (from: number, to: number) => (to - from) / 3600;
    const funding = 20 * hours(24, 3588) + 24 * hours(3588, 5412) + 0.2 * 0.04 * 40 * 12 * hours(5412, 10_800);
    const fees = 0.001 * (100 * 10.5 + 60 * 12.84);
    expect(told(trace)).toEqual([
      'ann/0 did nothing but trade contracts: −$0.40 by call (paid 20.4 USD in premiums); +$219.60 by perp, open at the end; ' +
        '−$37.71 of funding; −$1.82 in fees.',
    ]);
    expect([perp, funding, fees].map((usd) => usd.toFixed(2))).toEqual(['219.60', '37.71', '1.82']);
    expect(profit(trace)).toBeCloseTo(perp - 0.4 - funding - fees, 3);
  });

  it('leaves nothing over where nothing is open: the parts are then known one by one', () => {
    const written = [trade('95 min', 'call', -10), deposit('100 min', 300), trade('150 min', 'perp', -40)];
    const trace = watched(world([...OPENED, trade('90 min', 'perp', -60), ...written]));
    const [text] = told(trace);
    expect(text).toMatch(/^ann\/0 did nothing but trade contracts: \S+ by perp; −\$0\.\d\d by call \(received 19\.\d+ USD in premiums\); /);
    const parts = [...text.matchAll(/([+−])\$([\d.]+)/g)].map(([, sign, usd]) => (sign === '−' ? -Number(usd) : Number(usd)));
    expect(parts).toHaveLength(4);
    expect(Math.abs(parts.reduce((sum, usd) => sum + usd, 0) - profit(trace))).toBeLessThan(0.02);
  });

  it.each([
    ['did something else as well', world([...HELD, { at: '1 h', actions: [{ do: 'supply', ...on, asset: 'USD', amount: 5 }] }])],
    ['holds something else', world(HELD, { USD: 5_000, TKN: 1 })],
    ['counts in money whose price moves', { ...world(HELD), prices: { USD: falling } }],
    ['traded nothing', world([deposit('10 s', 5)])],
  ])('is not told of one that %s', (_, other) => {
    expect(told(watched(other))).toEqual([]);
  });

  it('is not told of one that nobody looked at, whose money a venue prices, or that paid for something else', () => {
    const trace = watched(world(HELD));
    expect(told({ ...trace, looks: () => [] })).toEqual([]);
    expect(told({ ...trace, oracleOf: (market) => ({ ...trace.oracleOf(market), source: 'pool' }) })).toEqual([]);
    const position = trace.outcome.names.positions.indexOf('lend/ann/0');
    const paid = { ...trace.facts[0], kind: 'deleverage', subject: position } as const;
    expect(told({ ...trace, facts: [...trace.facts, paid] })).toEqual([]);
    const refused = { ...trace.facts[0], kind: 'refusal', actor: trace.outcome.names.accounts.indexOf('ann/0'), b: 5 } as const;
    expect(told({ ...trace, facts: [...trace.facts, refused] })).toEqual([]);
    expect(told({ ...trace, facts: [...trace.facts, { ...refused, b: 0 }] })).toHaveLength(1);
    const open = { ...paid, kind: 'open-shortfall', subject: trace.outcome.names.positions.indexOf('lend/lend/house') } as const;
    expect(told({ ...trace, facts: [...trace.facts, open] })).toEqual([]);
  });
});
