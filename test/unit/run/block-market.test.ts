/** Who gets into a block, and where, in a running world: bidders, proposers, builders. */
import { describe, expect, it } from 'vitest';
import { isProblems, loadExperiment } from '../../../src/scenario/load.ts';
import { formatProblem } from '../../../src/scenario/problem.ts';
import { builtIn, countOf, profitOf, runSmall, type SmallWorld, smallExperiment, withAgents } from '../../support/small-world.ts';

const lender = { use: 'lender', params: { protocol: 'lend', asset: 'USD' }, wallet: { USD: 400_000, GAS: 1 } };
const arbitrageur = { use: 'arbitrageur', params: { venue: 'pool' }, wallet: { USD: 5_000_000 } };

/** Problems of a small world, from the path on. */
function problemsOf(world: Omit<SmallWorld, 'agents'>): string {
  const answer = loadExperiment(JSON.stringify(smallExperiment({ agents: [lender], ...world })), 'a.json', [], {
    registry: builtIn,
    readText: () => undefined,
  });
  return isProblems(answer) ? answer.map(formatProblem).join() : '';
}

describe('two blocks in a row', () => {
  /** The oracle stores the price of each end of a block; an arbitrageur brings it back in the next. */
  const attack = (ownBlocks: boolean, share: number, group = 'attacker') => {
    const params = { protocol: 'lend', collateral: 'TKN', venue: 'pool', capital: 1_000_000, hold: 1, ownBlocks };
    return runSmall({
      horizon: '20 min',
      chain: { proposers: { [group]: share } },
      oracle: { use: 'twap', with: { window: '12 s' } },
      agents: [
        lender,
        arbitrageur,
        {
          use: 'oracle-manipulator',
          name: 'attacker',
          params: { ...params, depositShare: 0.3, exit: 'unwind', startAt: '1 min' },
          wallet: { USD: 1_000_000 },
        },
      ],
    });
  };

  it('let a proposer pump after everybody else and sell before them: the attack pays what it does not otherwise', () => {
    const open = profitOf(attack(false, 0), 'attacker');
    const own = profitOf(attack(true, 1), 'attacker');
    expect(own).toBeGreaterThan(open + 100_000);
    expect(own).toBeGreaterThan(0);
  });

  it('hold against an arbitrageur who tips: he trades neither between the two nor in the gap', () => {
    const params = { protocol: 'lend', collateral: 'TKN', venue: 'pool', capital: 1_000_000, hold: 1, ownBlocks: true };
    const { events } = runSmall({
      horizon: '20 min',
      chain: { gasAsset: 'GAS', proposers: { attacker: 1 } },
      oracle: { use: 'twap', with: { window: '12 s' } },
      agents: [
        lender,
        { use: 'arbitrageur', params: { venue: 'pool', tip: 1_000 }, wallet: { USD: 5_000_000, GAS: 100 } },
        {
          use: 'oracle-manipulator',
          name: 'attacker',
          params: { ...params, depositShare: 0.3, exit: 'unwind', startAt: '1 min' },
          wallet: { USD: 1_000_000, GAS: 100 },
        },
      ],
    });
    const attacker = events.find(({ kind }) => kind === 'deposit')?.actor;
    const [pump, sale] = events.filter(({ kind }) => kind === 'trade');
    expect([pump.actor, sale.actor]).toEqual([attacker, attacker]);
    expect(sale.at - pump.at).toBe(12_000);
    // Nothing of anybody else comes before his in the second block, whatever it tips.
    const rest = events.filter(({ at, kind }) => at === sale.at && (kind === 'bundle' || kind === 'refusal'));
    const [others, own] = [rest.filter(({ actor }) => actor !== pump.actor), rest.filter(({ actor }) => actor === pump.actor)];
    expect(others.length).toBeGreaterThan(0);
    expect(Math.min(...others.map(({ seq }) => seq))).toBeGreaterThan(Math.max(...own.map(({ seq }) => seq)));
  });

  it('are waited for, and do not come to who makes no block', () => {
    expect(countOf(attack(true, 0), 'trade')).toBe(0);
    expect(profitOf(attack(true, 0), 'attacker')).toBe(0);
    expect(countOf(attack(true, 1, 'lender'), 'trade')).toBe(0);
    // A third of the blocks: two in a row come within twenty minutes.
    expect(profitOf(attack(true, 1 / 3), 'attacker')).toBeGreaterThan(0);
  });
});

describe('bidders', () => {
  const crash = { use: 'shock', with: { start: 10, at: '5 min', factor: 0.7 } };
  const gas = { asset: 'GAS', source: 'outside', use: 'spot' };
  const keepers = (tip: number, factor: number) => {
    const rush = [{ at: '5 min', factor, hold: '30 min' }];
    return runSmall({
      horizon: '30 min',
      tkn: crash,
      oracle: { use: 'spot', source: 'outside' },
      oracles: { gas },
      chain: { gasAsset: 'GAS', baseFee: 20, demand: { gas: 4, price: { use: 'constant', with: { start: 10 }, shocks: rush } } },
      agents: [
        lender,
        {
          use: 'borrower',
          count: 5,
          params: { protocol: 'lend', collateral: 'TKN', debt: 'USD', health: 1.2 },
          wallet: { TKN: 1_000, GAS: 1 },
        },
        { use: 'liquidator', params: { protocol: 'lend', tip }, wallet: { USD: 100_000, GAS: 100 } },
      ],
    });
  };
  /** Block time of the first liquidation after the crash. */
  const delay = (outcome: ReturnType<typeof keepers>) =>
    (outcome.events.find(({ kind }) => kind === 'liquidation')?.at ?? Number.NaN) - 300_000;

  it('leave a keeper out who does not outbid them, until the base fee has priced them out', () => {
    const [calm, rush, paying] = [keepers(1, 1), keepers(1, 30), keepers(2_000, 30)];
    expect(delay(calm)).toBeLessThanOrEqual(24_000);
    expect(delay(rush)).toBeGreaterThan(120_000);
    expect(delay(paying)).toBeLessThanOrEqual(24_000);
    expect(rush.metrics.left_out_count).toBeGreaterThan(5);
    expect(calm.metrics.left_out_count ?? 0).toBe(0);
    expect(rush.metrics.base_fee_max_units).toBeGreaterThan(10 * calm.metrics.base_fee_max_units);
  });
});

describe('a label', () => {
  const gas = { chain: { gasAsset: 'GAS', baseFee: 50 }, horizon: '1 min' } as const;
  const tester = { use: 'tester', wallet: { USD: 1_000, GAS: 10 } };

  it('lets an agent send again whatever is refused, once a block and not for ever', () => {
    let heard = 0;
    const stubborn = { actions: [], tip: 1, label: 'a', place: 'last' } as const;
    const registry = withAgents({
      tester: () => ({
        onWake: () => ({ intents: [{ actions: [] }, stubborn] }),
        onFill() {
          if (++heard > 100) throw new Error('no end of it');
          return { intents: [stubborn] };
        },
      }),
    });
    runSmall({ ...gas, registry, agents: [lender, tester] });
    // What is sent first, and then one refusal for each of the other four blocks.
    expect(heard).toBe(5);
  });

  it('leaves the cause of what else its sender does as it was', () => {
    let sent = 0;
    const registry = withAgents({
      tester: () => ({
        onWake: () =>
          sent++ === 0
            ? { intents: [{ actions: [], tip: 1, label: 'a' }], wakeAt: 5_000 }
            : { intents: [{ actions: [], tip: 100, label: 'a' }, { actions: [] }] },
      }),
    });
    const { events } = runSmall({ ...gas, registry, agents: [lender, tester] });
    const [replaced] = events.filter(({ kind, at }) => kind === 'refusal' && at === 5_000);
    const bundles = events.filter(({ kind, at, actor }) => kind === 'bundle' && at === 12_000 && actor === replaced.actor);
    // A wake-up that the agent asked for by itself has no cause.
    expect(bundles.map(({ cause }) => cause)).toEqual([0, 0]);
  });
});

describe('a chain', () => {
  it('is refused with proposers that are nobody, shares above 1, and bids in nothing', () => {
    expect(problemsOf({ chain: { proposers: { nobody: 0.5 } } })).toContain('a group of agents: one of lender');
    expect(problemsOf({ chain: { proposers: { lender: 1.5 } } })).toContain('world.chain.proposers.lender');
    expect(problemsOf({ chain: { demand: { price: { use: 'constant', with: { start: 10 } } } } })).toContain('a gasAsset');
    expect(problemsOf({ chain: { gasAsset: 'GAS', demand: { price: { use: 'constant' } } } })).toContain('world.chain.demand.price');
    const both = { gasAsset: 'GAS', background: 0.5, demand: { price: { use: 'constant', with: { start: 10 } } } };
    expect(problemsOf({ chain: both })).toContain('world.chain.background: found 0.5, expected nothing: demand');
    expect(problemsOf({ chain: { order: 'fastest' } })).toContain('random');
  });
});
