/** Who is called when, what becomes of the answers, and what agents hear of their bundles. */
import { describe, expect, it } from 'vitest';
import { ACTIONS } from '../../../src/agent/action.ts';
import type { Action, Agent, Receipt, Self, View } from '../../../src/agent/index.ts';
import type { RecordedEvent } from '../../../src/record/recorder.ts';
import { checkAction } from '../../../src/run/check-action.ts';
import type { Outcome } from '../../../src/run/outcome.ts';
import { outcomeOf, runSmall, type SmallWorld, withAgents } from '../../support/small-world.ts';

const USD = 0;
const TKN = 1;
const SWAP: Action = { do: 'swap', venue: 0, sell: USD, amount: 1_000_000 };

/** Runs one agent of the test, with 1,000 USD, for some blocks of 12 s. */
function runOne(agent: Agent, more: Partial<SmallWorld> & { readonly group?: object } = {}): Outcome {
  const { group = {}, ...world } = more;
  const agents = [{ use: 'tested', wallet: { USD: 1_000, GAS: 1 }, ...group }];
  return runSmall({ horizon: '2 min', ...world, agents, registry: withAgents({ tested: () => agent }) });
}

describe('waking', () => {
  it('begins at time 0 and goes on at the times asked for, never twice at once', () => {
    const woken: number[] = [];
    runOne({
      onWake(view) {
        woken.push(view.at);
        return { wakeAt: view.at + 25_000 };
      },
    });
    expect(woken).toEqual([0, 25_000, 50_000, 75_000, 100_000]);
  });

  it('later replaces an earlier wake-up that has not come yet', () => {
    const woken: number[] = [];
    let blocks = 0;
    runOne({
      onWake(view) {
        woken.push(view.at);
        return view.at === 0 ? { wakeAt: 60_000 } : undefined;
      },
      // At 12 s, sooner; at 24 s, later; nothing comes of 60 s and 30 s.
      onBlock: () => ([{ wakeAt: 30_000 }, { wakeAt: 90_500 }] as const)[blocks++],
    });
    expect(woken).toEqual([0, 90_500]);
  });

  it('in the past, or now, is a millisecond later; a fraction of one is rounded up', () => {
    const woken: number[] = [];
    runOne({
      onWake(view) {
        woken.push(view.at);
        return woken.length > 3 ? undefined : { wakeAt: woken.length === 1 ? -5 : woken.length === 2 ? view.at : view.at + 1.5 };
      },
    });
    expect(woken).toEqual([0, 1, 2, 4]);
  });

  it('is not for those who do not ask for it', () => {
    let called = 0;
    const outcome = runOne({ onFill: () => void called++ });
    expect(called).toBe(0);
    expect(outcome.stop).toBe('horizon');
  });
});

describe('an intent', () => {
  const sendAt = (at: number, then: (view: View, receipt: Receipt) => void): Agent => ({
    onWake: (view) => (view.at < at ? { wakeAt: at } : { intents: [{ actions: [SWAP] }] }),
    onFill: (view, receipt) => void then(view, receipt),
  });

  it.each([
    ['at once', 0, 0, 12_000],
    ['just in time for the next block', 2_000, 10_000, 12_000],
    ['a millisecond too late for it', 2_001, 10_000, 24_000],
    ['a day later, after the end', 86_400_000, 0, undefined],
  ])('with a latency that brings it %s', (_, latency, at, block) => {
    const heard: number[] = [];
    runOne(
      sendAt(at, (view) => heard.push(view.at)),
      { group: { latency } },
    );
    expect(heard).toEqual(block === undefined ? [] : [block]);
  });

  it('arrives after a latency drawn from a stream of its own', () => {
    const trades = (seed: number) => {
      const agent: Agent = { onWake: (view) => ({ intents: [{ actions: [SWAP] }], wakeAt: view.at + 1_000 }) };
      const { events } = runOne(agent, { seed, group: { latency: { uniform: ['1 s', '60 s'] } } });
      return events.filter(({ kind }) => kind === 'trade').map(({ at }) => at);
    };
    expect(trades(1)).toEqual(trades(1));
    expect(trades(1)).not.toEqual(trades(2));
    expect(new Set(trades(1)).size).toBeGreaterThan(4);
  });

  it('draws its latency apart from what its agent draws', () => {
    const draws = (latency: unknown) => {
      const drawn: number[] = [];
      const tested = (self: Self): Agent => ({
        onWake(view) {
          drawn.push(self.random.uniform());
          return { intents: [{ actions: [SWAP] }], wakeAt: view.at + 10_000 };
        },
      });
      runSmall({ agents: [{ use: 'tested', wallet: { USD: 100 }, latency }], registry: withAgents({ tested }), horizon: '2 min' });
      return drawn;
    };
    expect(draws({ uniform: ['1 s', '60 s'] })).toEqual(draws(0));
  });

  it('is answered once, at the end of its block, with the gas and why it was refused', () => {
    const heard: { at: number; receipt: Receipt; wallet: number }[] = [];
    const good = { actions: [SWAP] };
    const bad = { actions: [SWAP, { ...SWAP, amount: 10 ** 12 }] };
    runOne(
      {
        onWake: () => ({ intents: [good, bad] }),
        onFill: (view, receipt) => void heard.push({ at: view.at, receipt, wallet: view.wallet(TKN) }),
      },
      { chain: { gasAsset: 'GAS', baseFee: 1 } },
    );
    expect(heard.map(({ at }) => at)).toEqual([12_000, 12_000]);
    expect(heard[0].receipt).toEqual({ intent: good, gasPaid: 141_000 });
    expect(heard[1].receipt).toEqual({ intent: bad, gasPaid: 261_000, refusal: { rejected: 'WALLET_SHORT', detail: expect.anything() } });
    // The first of the two actions was undone with the second.
    expect(heard[0].wallet).toBe(heard[1].wallet);
  });

  it('is caused by the fact that its agent heard of', () => {
    const agent: Agent = {
      onWake: () => ({ intents: [{ actions: [SWAP] }] }),
      onFill: (view) => (view.at > 12_000 ? undefined : { intents: [{ actions: [{ do: 'swap', venue: 0, sell: TKN, amount: 'all' }] }] }),
    };
    const chained = (events: readonly RecordedEvent[]) => events.filter(({ kind }) => kind === 'trade' || kind === 'bundle');
    const [bought, sold, ...more] = chained(runOne(agent).events);
    expect([bought.at, sold.at, more]).toEqual([12_000, 24_000, []]);
    expect(sold.cause).toBe(bought.seq);
    // Where gas is paid, the bundle that paid it stands between.
    const [first, bundle, second] = chained(runOne(agent, { chain: { gasAsset: 'GAS', baseFee: 1 } }).events);
    expect([bundle.kind, bundle.cause, second.cause]).toEqual(['bundle', first.seq, bundle.seq]);
  });

  it('sent after a wake-up is caused by what had asked for the wake-up', () => {
    const { events } = runOne({
      onWake: (view) => ({ intents: [{ actions: [view.at === 0 ? SWAP : { ...SWAP, sell: TKN, amount: 'all' }] }] }),
      onFill: (view) => (view.at > 12_000 ? undefined : { wakeAt: 40_000 }),
    });
    const [bought, sold] = events.filter(({ kind }) => kind === 'trade');
    expect(sold.at).toBe(48_000);
    expect(sold.cause).toBe(bought.seq);
  });
});

describe('after each block', () => {
  it('first those hear whose bundles were in it, then those whose health fell, then all who follow blocks', () => {
    const heard: string[] = [];
    const deposit: Action = { do: 'deposit', protocol: 0, asset: TKN, amount: 'all' };
    const borrow: Action = { do: 'borrow', protocol: 0, asset: USD, amount: 'max' };
    const agent: Agent = {
      onWake: () => ({ intents: [{ actions: [deposit, borrow] }] }),
      onFill: (view) => {
        heard.push(`fill ${view.at / 12_000}`);
        view.watchHealth(0, 1.1);
        return undefined;
      },
      onHealth: (view, protocol) => {
        heard.push(`health ${view.at / 12_000} of ${protocol}`);
        return view.at > 60_000 ? undefined : { intents: [{ actions: [{ do: 'repay', protocol: 0, asset: USD, amount: 1_000_000 }] }] };
      },
      onBlock: (view) => void heard.push(`block ${view.at / 12_000}`),
    };
    const tkn = { use: 'shock', with: { start: 10, at: '30 s', factor: 0.9 } };
    const lender = { use: 'lender', params: { protocol: 'lend', asset: 'USD' }, wallet: { USD: 100_000 } };
    const agents = [lender, { use: 'tested', wallet: { TKN: 100 } }];
    const oracle = { use: 'spot', source: 'outside' };
    runSmall({ agents, registry: withAgents({ tested: () => agent }), tkn, oracle, horizon: '70 s' });
    // Health is 0.6 / 0.5 = 1.2 until the price falls by a tenth; it is told once until it is watched again.
    expect(heard).toEqual([
      'fill 1',
      'block 1',
      'block 2',
      'health 3 of 0',
      'block 3',
      'fill 4',
      'health 4 of 0',
      'block 4',
      'fill 5',
      'health 5 of 0',
      'block 5',
    ]);
  });
});

describe('an agent that fails', () => {
  const failure = (agent: Agent, more: object = {}) => {
    const agents = [
      { use: 'idle', count: 2 },
      { use: 'tested', count: 1, wallet: { USD: 100 }, ...more },
    ];
    return outcomeOf({ agents, registry: withAgents({ tested: () => agent, idle: () => ({}) }), seed: 7, horizon: '1 min' });
  };

  it('ends the run with its name, the seed, the event and the time', () => {
    const { status, stop, error, metrics, parties, endMs } = failure({
      onBlock: (view) => {
        if (view.at === 24_000) throw new Error('what now?');
        return undefined;
      },
    });
    expect({ status, stop, metrics, parties, endMs }).toEqual({ status: 'failed', stop: 'fault', metrics: {}, parties: [], endMs: 24_000 });
    expect(error).toEqual({ code: 'AGENT_THREW', message: 'tested/0: what now?', seed: 7, atMs: 24_000, event: expect.any(Number) });
    expect(error?.event).toBeGreaterThan(0);
  });

  it.each<[string, Agent, object]>([
    ['a time that is none', { onWake: () => ({ wakeAt: Number.NaN }) }, {}],
    ['a wake-up that never comes', { onWake: () => ({ wakeAt: Number.POSITIVE_INFINITY }) }, {}],
    ['a negative tip', { onWake: () => ({ intents: [{ actions: [], tip: -1 }] }) }, {}],
    [
      'a tip that is none, long before it arrives',
      { onWake: () => ({ intents: [{ actions: [], tip: Number.NaN }] }) },
      { latency: '20 s' },
    ],
    ['no actions', { onWake: () => ({ intents: [{} as never] }) }, {}],
    ['no actions, long before they arrive', { onWake: () => ({ intents: [{} as never] }) }, { latency: '20 s' }],
  ])('by answering with %s is named', (_, agent, more) => {
    const { error } = failure(agent, more);
    expect(error).toMatchObject({ code: 'AGENT_THREW', atMs: 0 });
    expect(error?.message).toMatch(/^tested\/0: /);
  });

  it('while it is made is named too', () => {
    const registry = withAgents({
      tested: () => {
        throw new Error('no such luck');
      },
    });
    expect(() => outcomeOf({ agents: [{ use: 'tested' }], registry })).toThrow('AGENT_CREATE: agent=tested/0 message=no such luck');
  });
});

describe('an action that is none', () => {
  const sent = (action: unknown) => {
    const agent: Agent = { onWake: () => ({ intents: [{ actions: [action as Action] }] }) };
    const agents = [{ use: 'tested', wallet: { USD: 1_000, GAS: 1 }, latency: { constant: '13 s' } }];
    return outcomeOf({ horizon: '2 min', agents, registry: withAgents({ tested: () => agent }), trace: 'none', checkEvery: 0 }).error
      ?.message;
  };

  it('ends the run with the name of the agent, the verb, and the verbs that there are', () => {
    expect(sent({ do: 'swapp' })).toMatch(/^tested\/0: AGENT_ACTION: do='swapp' expected=one of swap, .*\(did you mean swap\?\)$/);
    expect(sent({ do: 'toString' })).toContain("do='toString' expected=one of swap,");
    expect(sent(undefined)).toContain('do=undefined expected=one of swap,');
  });

  it('ends the run with the field that is missing', () => {
    expect(sent({ do: 'swap', sell: USD, amount: 1 })).toBe("tested/0: AGENT_ACTION: do='swap' missing=venue expected=venue, sell, amount");
    expect(sent(SWAP)).toBeUndefined();
  });

  it.each(Object.entries(ACTIONS))('is one of %s that lacks any of its fields, and none that has all', (verb, { fields }) => {
    const names = Object.keys(fields);
    const whole = Object.fromEntries(names.map((name) => [name, 0]));
    expect(() => checkAction({ do: verb, ...whole } as unknown as Action)).not.toThrow();
    for (const name of names) {
      if ((fields as Record<string, string>)[name] === 'sub') continue;
      const lacking = { do: verb, ...whole, [name]: undefined } as unknown as Action;
      expect(() => checkAction(lacking)).toThrow(`missing=${name}`);
    }
  });
});
