/** One run from beginning to end: how it stops, and what becomes of a law that is broken. */
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../../src/agent/index.ts';
import { isFault } from '../../../src/base/fault.ts';
import { autocorrelation, kurtosis, logReturns, tailIndex } from '../../../src/base/return-series.ts';
import { OUTSIDE } from '../../../src/ledger/ledger.ts';
import type { Protocol } from '../../../src/protocol/protocol.ts';
import { createMemoryRecorder } from '../../../src/record/memory.ts';
import { checkLaws, LAWS } from '../../../src/run/laws.ts';
import { createWorld, type World } from '../../../src/run/world.ts';
import { builtIn, outcomeOf, runSmall, smallScenario, withAgents } from '../../support/small-world.ts';

const PEOPLE = [
  { use: 'lender', params: { protocol: 'lend', asset: 'USD' }, wallet: { USD: 100_000 } },
  { use: 'borrower', params: { protocol: 'lend', collateral: 'TKN', debt: 'USD' }, wallet: { TKN: 100 } },
];

/** A world with people in it, run for ten blocks. */
function aWorldThatRan(): World {
  const scenario = smallScenario({ agents: PEOPLE, horizon: '2 min' });
  const recorder = createMemoryRecorder();
  const world = createWorld(scenario, builtIn, { seed: 1, trace: 'none', recorder, checkEvery: 0, check: () => undefined });
  world.run();
  return world;
}

/** The law that a world breaks, and its numbers. */
function broken(world: World): { code: string; detail: object } | undefined {
  try {
    checkLaws(world);
    return undefined;
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return { code: thrown.code, detail: thrown.detail };
  }
}

describe('a run', () => {
  it('ends at its horizon, even one between two blocks, and says so', () => {
    for (const horizon of ['2 min', '100 s', '5 s']) {
      const outcome = runSmall({ agents: PEOPLE, horizon });
      expect(outcome).toMatchObject({
        status: 'done',
        stop: 'horizon',
        endMs: { '2 min': 120_000, '100 s': 100_000, '5 s': 5_000 }[horizon],
      });
    }
  });

  it('has samples from its end backwards to its first, one a probe', () => {
    const { samples } = runSmall({ agents: PEOPLE, horizon: '1 h' });
    const debt = samples.filter(({ probe }) => probe === 'debt_usd');
    expect(debt).toHaveLength(200);
    expect([debt[0].at, debt[199].at]).toEqual([18_000, 3_600_000]);
    const probes = new Set(samples.map(({ probe }) => probe));
    const assets = ['USD', 'TKN', 'GAS'].map((asset) => `fair_usd/${asset}`);
    const oracles = ['tkn', 'usd', 'gas'].map((oracle) => `oracle_usd/${oracle}`);
    expect([...probes].sort()).toEqual(['solvency_ratio', 'debt_usd', 'shortfall_usd', ...assets, ...oracles, 'venue_usd/pool'].sort());
  });

  it('samples depth and flow of its venues where it is asked to, and is the same run', () => {
    const people = [...PEOPLE, { use: 'noise-trader', params: { venue: 'pool', size: 500 }, wallet: { USD: 50_000, TKN: 5_000 } }];
    const plain = runSmall({ agents: people });
    const probed = runSmall({ agents: people, probes: ['depth', 'flow'] });
    expect(probed.traceHash).toBe(plain.traceHash);
    const last = (probe: string) => probed.samples.findLast((sample) => sample.probe === `${probe}/pool`)?.value ?? Number.NaN;
    // Pool of a million USD a side: a fall by x takes Y·(1/√(1 − x) − 1) of base, the fee of 0.3 % aside.
    for (const [percent, usd] of [
      [1, 5_038],
      [2, 10_153],
      [5, 25_978],
    ]) {
      expect(last(`depth_sell_${percent}_usd`) / usd).toBeCloseTo(1, 1);
    }
    expect(Math.abs(last('imbalance_ratio'))).toBeLessThanOrEqual(1);
    // Small trades pay the fee and their own impact; the slope of returns in flows is 2/Y of a constant product, Y a million.
    expect(last('effective_spread_ratio')).toBeGreaterThan(0.006);
    expect(last('impact_per_musd')).toBeCloseTo(2, 1);
    expect(last('illiquidity_per_musd')).toBeGreaterThan(0);
    expect(last('realised_spread_ratio')).not.toBeNaN();
  });

  it('tells what the returns of its first venue looked like where it is asked to, and is the same run', () => {
    const params = { venue: 'pool', size: 500, rate: 600 };
    const people = [...PEOPLE, { use: 'noise-trader', params, wallet: { USD: 500_000, TKN: 50_000 } }];
    const plain = runSmall({ agents: people, horizon: '3 h' });
    const { traceHash, metrics, samples } = runSmall({ agents: people, horizon: '3 h', probes: ['returns'] });
    expect(traceHash).toBe(plain.traceHash);
    expect(plain.metrics).not.toHaveProperty('return_kurtosis_ratio');
    const prices = samples.filter(({ probe }) => probe === 'venue_usd/pool').map(({ value }) => value);
    const returns = logReturns(prices);
    expect(prices).toHaveLength(200);
    expect(metrics.return_kurtosis_ratio).toBeCloseTo(kurtosis(returns), 6);
    expect(metrics.return_tail_index_ratio).toBeCloseTo(tailIndex(returns, 0.05), 6);
    expect(metrics.return_autocorrelation_ratio).toBeCloseTo(autocorrelation(returns, 1), 6);
    const sizes = returns.map(Math.abs);
    const memory = Array.from({ length: 10 }, (_, lag) => autocorrelation(sizes, lag + 1)).reduce((sum, x) => sum + x / 10, 0);
    expect(metrics.return_size_autocorrelation_ratio).toBeCloseTo(memory, 6);
    // Small trades against a constant product move it by 2·size/reserve: linear.
    expect(metrics.impact_exponent_ratio).toBeCloseTo(1, 2);
  });

  it('gives every row of its trace a number of its own, also where prices move together', () => {
    const prices = { GAS: { use: 'gbm', with: { start: 2_000, volatility: 1 } } };
    const tkn = { use: 'gbm', with: { start: 10, volatility: 1 } };
    const { events, traceHash } = runSmall({ agents: PEOPLE, tkn, prices, horizon: '5 min', trace: 'full' });
    const moves = events.filter(({ kind }) => kind === 'price');
    expect(moves).toHaveLength(50);
    expect(new Set(events.map(({ seq }) => seq)).size).toBe(events.length);
    for (const { seq, cause } of events) expect(cause).toBeLessThan(seq);
    expect(runSmall({ agents: PEOPLE, tkn, prices, horizon: '5 min', trace: 'none' }).traceHash).toBe(traceHash);
  });

  it('has margin calls that cause what their owners do, and not one another', () => {
    const called = { protocol: 'lend', collateral: 'TKN', debt: 'USD', health: 1.5, defendTo: 1.6, answersCalls: true };
    const { events } = runSmall({
      agents: [PEOPLE[0], { use: 'borrower', count: 3, params: called, wallet: { TKN: 100 } }],
      tkn: { use: 'shock', with: { start: 10, at: '2 min', factor: 0.8, over: 0, hold: '1 h', recover: 0 } },
      oracle: { use: 'spot', source: 'outside' },
      marginCall: { level: 1.3, time: '10 min' },
      horizon: '5 min',
    });
    const calls = events.filter(({ kind }) => kind === 'margin-call');
    const answers = events.filter(({ kind, at }) => kind === 'repay' && at > 120_000);
    expect(calls.map(({ cause }) => cause)).toEqual([0, 0, 0]);
    expect(answers.map(({ cause }) => cause)).toEqual(calls.map(({ seq }) => seq));
  });

  it('names what its facts speak of by number', () => {
    const { names, events } = runSmall({ agents: PEOPLE });
    expect(names).toMatchObject({
      assets: ['USD', 'TKN', 'GAS'],
      decimals: [6, 6, 9],
      venues: ['pool'],
      oracles: ['tkn', 'usd', 'gas'],
      agents: ['lender/0', 'borrower/0'],
      markets: ['lend/TKN', 'lend/USD', 'lend/GAS'],
      positions: ['lend/lender/0', 'lend/borrower/0'],
    });
    const borrow = events.find(({ kind }) => kind === 'borrow');
    expect([names.accounts[borrow?.actor ?? -1], names.markets[borrow?.subject ?? -1]]).toEqual(['borrower/0', 'lend/USD']);
  });

  it('is plain data that could cross to another thread', () => {
    const outcome = runSmall({ agents: PEOPLE });
    expect(structuredClone(outcome)).toEqual(outcome);
  });
});

describe('a law that is broken', () => {
  /** An agent with a way in that the contract does not give it: at 30 s it takes a unit from the protocol behind everybody's back. */
  const thief: Agent = {
    onWake(view) {
      if (view.at < 30_000) return { wakeAt: 30_000 };
      const { custody, inspection } = view.protocol(0) as Protocol;
      inspection.ledger.transfer(custody, OUTSIDE, 0, 1);
      return undefined;
    },
  };
  const rob = (checkEvery: number) =>
    outcomeOf({
      agents: [...PEOPLE, { use: 'thief' }],
      registry: withAgents({ thief: () => thief }),
      horizon: '1 min',
      seed: 3,
      checkEvery,
    });

  it('ends the run at the next check and is told with its name, the numbers, the seed, the event and the time', () => {
    const { status, stop, error, metrics, parties } = rob(1);
    expect({ status, stop, metrics, parties }).toEqual({ status: 'failed', stop: 'fault', metrics: {}, parties: [] });
    expect(error).toMatchObject({ code: 'LAW CUSTODY-1', atMs: 30_000, seed: 3 });
    expect(error?.message).toMatch(/^LAW CUSTODY-1: protocol=lend market=USD balance=\d+ books=\d+$/);
    expect(error?.event).toBeGreaterThan(0);
  });

  it('is found at the end where checks are rare, and not at all where there are none', () => {
    expect(rob(1e9).error).toMatchObject({ code: 'LAW CUSTODY-1', atMs: 60_000 });
    expect(rob(0).status).toBe('done');
  });

  it.each<[string, (world: World) => void]>([
    ['LEDGER-1', ({ parts: { ledger } }) => Object.assign(ledger, { total: () => 1 })],
    ['LEDGER-2', ({ parts: { ledger } }) => Object.assign(ledger, { balance: (account: number) => (account === 0 ? 0 : -1) })],
    [
      'ORA-1',
      ({ parts: { oracles } }) =>
        Object.assign(oracles[0].oracle, { read: (now: number) => ({ price: 1, observedAt: now + 1, publishedAt: now + 1, valid: true }) }),
    ],
    [
      'ORA-1',
      ({ parts: { oracles } }) =>
        Object.assign(oracles[0].oracle, { read: (now: number) => ({ price: 1, observedAt: now, publishedAt: now - 1, valid: true }) }),
    ],
    ['CUSTODY-1', ({ parts: { ledger, protocols } }) => ledger.transfer(OUTSIDE, protocols[0].custody, 0, 1)],
  ])('%s is found out', (id, breakIt) => {
    const world = aWorldThatRan();
    expect(broken(world)).toBeUndefined();
    breakIt(world);
    expect(broken(world)?.code).toBe(`LAW ${id}`);
  });

  it('is one of a list in which every law has a name and a sentence', () => {
    for (const { id, sentence } of LAWS) {
      expect(id).toMatch(/^[A-Z]+-\d$/);
      expect(sentence).toMatch(/^[A-Z].*\.$/);
    }
    expect(LAWS.length).toBeGreaterThan(8);
  });

  it('is not looked for where nobody asked for checks', () => {
    expect(outcomeOf({ agents: PEOPLE, checkEvery: 0 }).traceHash).toBe(outcomeOf({ agents: PEOPLE, checkEvery: 1 }).traceHash);
  });
});
