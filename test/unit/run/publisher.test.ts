/** Oracles in time: when a reading is told, to whom, and how often. */
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../../src/agent/index.ts';
import { countOf, runSmall, type SmallWorld, withAgents } from '../../support/small-world.ts';

/** What an agent hears of the oracle of TKN: time and price. */
function heardOf(world: Omit<SmallWorld, 'agents'>, others: readonly object[] = []) {
  const heard: [at: number, price: number][] = [];
  const listener: Agent = {
    onOracle(view, oracle) {
      if (view.oracle(oracle).name === 'tkn') heard.push([view.at, view.oracle(oracle).read().price]);
      return undefined;
    },
  };
  const agents = [{ use: 'listener' }, ...others];
  const outcome = runSmall({ horizon: '5 min', ...world, agents, registry: withAgents({ listener: () => listener }) });
  return { heard, outcome };
}

const FALL = { use: 'shock', with: { start: 10, at: '60 s', factor: 0.9 } };
const push = (latency: string) => ({ use: 'push-feed', source: 'outside', with: { latency, heartbeat: '1 d' } });

describe('a push feed', () => {
  it.each([
    ['0 s', 60_000],
    ['7 s', 67_000],
    ['12 s', 72_000],
    ['100 s', 160_000],
  ])('with a latency of %s is heard of at %d ms, a fall observed at 60 s', (latency, at) => {
    const { heard } = heardOf({ tkn: FALL, oracle: push(latency) });
    expect(heard).toEqual([
      [12_000, 10],
      [at, 9],
    ]);
  });

  it.each([
    ['0 s', 61_000],
    ['7 s', 68_000],
  ])('with a latency of %s is heard of between blocks too', (latency, at) => {
    // Prices move every second; blocks come every 60.
    const tkn = { use: 'shock', with: { start: 10, at: '61 s', factor: 0.9 } };
    const { heard } = heardOf({ tkn, oracle: push(latency), step: '1 s', chain: { blockTime: '60 s' } });
    expect(heard.at(-1)).toEqual([at, 9]);
  });

  it('with two rounds on their way is heard of twice, each at its time', () => {
    const tkn = { use: 'shock', with: { start: 10, at: '60 s', factor: 0.9, hold: '12 s', recover: 0 } };
    const { heard } = heardOf({ tkn, oracle: push('31 s') });
    expect(heard.slice(1)).toEqual([
      [91_000, 9],
      [103_000, 10],
    ]);
  });
});

describe('a reading', () => {
  it('is told once, however many blocks follow', () => {
    const { heard, outcome } = heardOf({ oracle: { use: 'spot' } });
    expect(heard).toEqual([[12_000, 10]]);
    expect(countOf(outcome, 'oracle')).toBe(3);
  });

  it('of a venue is told at the end of the block that moved it', () => {
    const swap = { at: '20 s', actions: [{ do: 'swap', venue: 'pool', sell: 'USD', amount: 100_000 }] };
    const { heard, outcome } = heardOf({}, [{ use: 'scripted', params: { script: [swap] }, wallet: { USD: 100_000 } }]);
    const [trade] = outcome.events.filter(({ kind }) => kind === 'trade');
    expect(heard).toEqual([
      [12_000, 10],
      [24_000, trade.d],
    ]);
    const fact = outcome.events.findLast(({ kind }) => kind === 'oracle');
    expect(fact).toMatchObject({ at: 24_000, cause: 0, actor: -1, subject: 0, a: trade.d, b: 10, c: 10, d: 24_000 });
  });

  it('that moved by less than one per cent is heard of, and no fact', () => {
    const tkn = { use: 'shock', with: { start: 10, at: '60 s', factor: 0.995 } };
    const { heard, outcome } = heardOf({ tkn, oracle: { use: 'spot', source: 'outside' } });
    expect(heard.map(([at]) => at)).toEqual([12_000, 60_000]);
    expect(outcome.events.filter(({ kind, subject }) => kind === 'oracle' && subject === 0)).toHaveLength(1);
  });

  it('is the cause of what its followers send', () => {
    const follower: Agent = {
      onOracle: (view, oracle) =>
        oracle === 0 && view.at > 30_000 ? { intents: [{ actions: [{ do: 'swap', venue: 0, sell: 0, amount: 1e6 }] }] } : undefined,
    };
    const { events } = runSmall({
      agents: [{ use: 'follower', wallet: { USD: 10 } }],
      registry: withAgents({ follower: () => follower }),
      tkn: FALL,
      oracle: push('7 s'),
      horizon: '2 min',
    });
    const told = events.findLast(({ kind, subject }) => kind === 'oracle' && subject === 0);
    expect(events.find(({ kind }) => kind === 'trade')).toMatchObject({ at: 72_000, cause: told?.seq });
  });
});
