/** Oracles that read oracles, and markets with a policy for readings, in a running world. */
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../../src/agent/index.ts';
import { isProblems, loadExperiment } from '../../../src/scenario/load.ts';
import { formatProblem } from '../../../src/scenario/problem.ts';
import { builtIn, countOf, runSmall, type SmallWorld, smallExperiment, withAgents } from '../../support/small-world.ts';

const FALL = { use: 'shock', with: { start: 10, at: '60 s', factor: 0.5 } };
const outside = (use: string, more: object = {}) => ({ asset: 'TKN', source: 'outside', use, with: more });

/** What an oracle says at each block, `none` where it is not valid. */
function saidBy(name: string, world: Omit<SmallWorld, 'agents'>): (number | 'none')[] {
  const said: (number | 'none')[] = [];
  const listener: Agent = {
    onBlock(view) {
      for (let id = 0; id < view.oracles; id++) {
        const oracle = view.oracle(id);
        const { valid, price } = oracle.read();
        if (oracle.name === name) said.push(valid ? price : 'none');
      }
      return undefined;
    },
  };
  runSmall({ horizon: '3 min', tkn: FALL, ...world, agents: [{ use: 'listener' }], registry: withAgents({ listener: () => listener }) });
  return said;
}

/** What is wrong with a small world. */
function problemsOf(world: Omit<SmallWorld, 'agents'>): readonly string[] {
  const text = JSON.stringify(smallExperiment({ agents: [{ use: 'lender', params: { protocol: 'lend', asset: 'USD' } }], ...world }));
  const answer = loadExperiment(text, 'a.json', [], { registry: builtIn, readText: () => undefined });
  return isProblems(answer) ? answer.map(formatProblem).map((line) => line.slice(line.indexOf('world.'))) : [];
}

describe('an oracle of an oracle', () => {
  it('reads what the other says, whichever stands first in the file', () => {
    const halved = { asset: 'TKN', source: 'push', use: 'faulty', with: { fault: 'scale', factor: 0.1 } };
    const push = outside('push-feed', { latency: '24 s', heartbeat: '1 d' });
    const ten = (price: number) => Array.from({ length: price === 1 ? 6 : 9 }, () => price);
    expect(saidBy('halved', { oracles: { halved, push } })).toEqual([...ten(1), ...ten(0.5)]);
    expect(saidBy('halved', { oracles: { push, halved } })).toEqual([...ten(1), ...ten(0.5)]);
  });

  it('is shown what the other says when that changes by time alone, and remembers it', () => {
    const push = outside('push-feed', { latency: '20 s', heartbeat: '1 d' });
    const slow = { asset: 'TKN', source: 'push', use: 'twap', with: { window: '48 s' } };
    const said = saidBy('slow', { oracles: { slow, push } });
    // The push arrives at 80 s, between two ends of blocks: of the 48 s up to 84 s, 4 s are at 5.
    expect(said.slice(5, 11).map((price) => Number(price).toFixed(4))).toEqual([
      '10.0000',
      '9.5833',
      '8.3333',
      '7.0833',
      '5.8333',
      '5.0000',
    ]);
  });

  it('may be a median of several, of which one fails', () => {
    const oracles = {
      middle: { asset: 'TKN', use: 'median', with: { oracles: ['fair', 'stuck', 'silent'] } },
      fair: outside('spot'),
      stuck: outside('faulty', { fault: 'stuck', from: '30 s' }),
      silent: outside('faulty', { fault: 'outage', from: '30 s' }),
    };
    const said = saidBy('middle', { oracles });
    expect([said[0], said.at(-1)]).toEqual([10, 7.5]);
  });

  it('leaves out the price of the quote asset where it is told to, and takes it from an oracle where that is named', () => {
    const prices = { USD: { use: 'constant', with: { start: 0.5 } } };
    const usd = { asset: 'USD', source: 'outside', use: 'faulty', with: { fault: 'scale', factor: 3 } };
    const of = (quote?: string) => ({ asset: 'TKN', source: 'pool', use: 'spot', ...(quote === undefined ? {} : { quote }) });
    const oracles = { triple: usd, whole: of(), bare: of('none'), by: of('triple') };
    const first = (name: string) => saidBy(name, { oracles, prices })[0];
    expect(['whole', 'bare', 'by'].map(first)).toEqual([5, 10, 15]);
  });

  it('is refused in a circle, on itself, and on what is not there', () => {
    const of = (source: string, asset = 'TKN') => ({ asset, source, use: 'spot' });
    expect(problemsOf({ oracles: { a: of('b'), b: of('c'), c: of('a') } }).join()).toContain(
      'world.oracles.a: found a reads b reads c reads a, expected oracles that do not read each other',
    );
    expect(problemsOf({ oracles: { a: of('a') } }).join()).toContain('a reads a');
    expect(problemsOf({ oracles: { a: of('pol') } }).join()).toContain('outside, a venue or another oracle: one of');
    expect(problemsOf({ oracles: { a: outside('median', { oracles: ['nobody'] }) } }).join()).toContain('the name of an oracle');
    expect(problemsOf({ oracles: { a: outside('median', { oracles: ['tkn', 'usd'] }) } }).join()).toContain(
      'oracles of TKN (this one is of USD)',
    );
    expect(problemsOf({ oracles: { a: of('usd') } }).join()).toContain('an oracle of TKN (this one is of USD)');
    expect(problemsOf({ oracles: { a: outside('vwap') } }).join()).toContain('a venue: one of pool');
    expect(problemsOf({ oracles: { a: { ...of('pool'), quote: 'tkn' } } }).join()).toContain('outside, none, or an oracle of USD');
    expect(problemsOf({ oracles: { a: { ...of('outside'), quote: 'usd' } } }).join()).toContain('only a venue has a quote asset');
  });
});

describe('a volume-weighted price', () => {
  it('is that of the trades: none before the first', () => {
    const seller: Agent = {
      onWake: (view) =>
        view.at === 0 ? { wakeAt: 60_000 } : { intents: [{ actions: [{ do: 'swap', venue: 0, sell: 1, amount: 1_000_000_000 }] }] },
    };
    const vwap = { asset: 'TKN', source: 'pool', use: 'vwap', with: { window: '60 s' } };
    const said: unknown[] = [];
    const listener: Agent = {
      onBlock(view) {
        const { valid, price } = view.oracle(3).read();
        said.push(valid ? price : 'none');
        return undefined;
      },
    };
    runSmall({
      horizon: '3 min',
      oracles: { vwap },
      agents: [{ use: 'listener' }, { use: 'seller', wallet: { TKN: 10_000 } }],
      registry: withAgents({ listener: () => listener, seller: () => seller }),
    });
    expect(said.slice(0, 4)).toEqual(['none', 'none', 'none', 'none']);
    // 1,000 TKN into 100,000 against 1,000,000 USD at 0.3 %.
    expect(said[5]).toBeCloseTo(((1_000_000 * 997) / 100_997) * 1e-3, 6);
    expect(said.slice(10, 12)).toEqual(['none', 'none']);
  });
});

describe('a market without an acceptable reading', () => {
  const oracles = { tknOut: outside('faulty', { fault: 'outage', from: '30 s', to: '20 min' }) };
  const FURTHER = { use: 'shock', with: { start: 10, at: '60 s', factor: 0.5 } };
  const agents = [
    { use: 'lender', params: { protocol: 'lend', asset: 'USD' }, wallet: { USD: 100_000 } },
    { use: 'borrower', params: { protocol: 'lend', collateral: 'TKN', debt: 'USD', health: 1.3 }, wallet: { TKN: 1_000 } },
    { use: 'liquidator', params: { protocol: 'lend' }, wallet: { USD: 100_000 } },
  ];
  /** The price halves while the oracle is silent; until it speaks again, twenty minutes later. */
  const run = (reading: object | undefined, horizon = '10 min') => {
    const market = { oracle: 'tknOut', ...(reading === undefined ? {} : { reading }) };
    return runSmall({ tkn: FURTHER, oracles, market, agents, horizon });
  };

  it('stands still by itself, and liquidates when the oracle is back', () => {
    expect(countOf(run(undefined), 'liquidation')).toBe(0);
    expect(countOf(run(undefined, '30 min'), 'liquidation')).toBeGreaterThan(0);
  });

  it('liquidates by another oracle where there is one', () => {
    const policy = { onInvalid: 'fallback', fallback: 'tknFair' };
    const market = { oracle: 'tknOut', reading: policy };
    const outcome = runSmall({ tkn: FURTHER, oracles: { ...oracles, tknFair: outside('spot') }, market, agents, horizon: '10 min' });
    expect(countOf(outcome, 'liquidation')).toBeGreaterThan(0);
  });

  it('goes by the last reading where it may, which does not know of the fall', () => {
    expect(countOf(run({ onInvalid: 'last' }), 'liquidation')).toBe(0);
    expect(run({ onInvalid: 'last' }).metrics.refusal_count).toBe(0);
  });

  it.each([
    ['halt-borrowing', ['ORACLE_INVALID', 'HEALTH_INITIAL']],
    ['halt-liquidation', ['HEALTH_INITIAL']],
    ['last', ['HEALTH_INITIAL']],
    ['halt', ['ORACLE_INVALID', 'HEALTH_INITIAL']],
  ] as const)('%s: what asking for more debt is refused for, during and after', (onInvalid, codes) => {
    const refusals: string[] = [];
    /** Asks again and again for more than its collateral allows. */
    const greedy: Agent = {
      onWake(view) {
        if (view.at === 0)
          return { intents: [{ actions: [{ do: 'deposit', protocol: 0, asset: 1, amount: 1_000_000_000 }] }], wakeAt: 60_000 };
        return { intents: [{ actions: [{ do: 'borrow', protocol: 0, asset: 0, amount: 9_000_000_000 }] }], wakeAt: view.at + 60_000 };
      },
      onFill(_view, { refusal }) {
        if (refusal !== undefined && refusals.at(-1) !== refusal.rejected) refusals.push(refusal.rejected);
        return undefined;
      },
    };
    const lender = { use: 'lender', params: { protocol: 'lend', asset: 'USD' }, wallet: { USD: 100_000 } };
    runSmall({
      oracles,
      market: { oracle: 'tknOut', reading: { onInvalid } },
      agents: [lender, { use: 'greedy', wallet: { TKN: 1_000 } }],
      registry: withAgents({ greedy: () => greedy }),
      horizon: '30 min',
    });
    expect(refusals).toEqual(codes);
  });

  it('does not liquidate while it halts liquidation, though the last price allows it', () => {
    // The oracle sees the fall at 60 s, and is silent from 66 s on, before a liquidator can act in the block after.
    const silent = { tknOut: outside('faulty', { fault: 'outage', from: '66 s', to: '20 min' }) };
    const of = (onInvalid: string, horizon: string) => {
      const market = { oracle: 'tknOut', reading: { onInvalid } };
      return countOf(runSmall({ tkn: FURTHER, oracles: silent, market, agents, horizon }), 'liquidation');
    };
    expect(of('halt-liquidation', '10 min')).toBe(0);
    expect(of('halt-liquidation', '30 min')).toBeGreaterThan(0);
    expect(of('last', '10 min')).toBeGreaterThan(0);
    expect(of('halt-borrowing', '10 min')).toBeGreaterThan(0);
  });

  it('is refused with a fallback of another asset, or one that nobody asks', () => {
    const of = (reading: object) => problemsOf({ oracles, market: { reading } }).join();
    expect(of({ onInvalid: 'fallback' })).toContain('world.protocols.lend.markets.TKN.reading.fallback');
    expect(of({ onInvalid: 'fallback', fallback: 'usd' })).toContain('an oracle of TKN');
    expect(of({ onInvalid: 'last', fallback: 'tknOut' })).toContain('fallback, where one is named');
    expect(of({ onInvalid: 'guess' })).toContain('onInvalid');
  });
});
