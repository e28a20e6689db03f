import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../../src/agent/registry.ts';
import { isProblems, loadExperiment } from '../../../src/scenario/load.ts';
import type { Problem } from '../../../src/scenario/problem.ts';
import { builtIn, outcomeOf, type SmallWorld, smallExperiment } from '../../support/small-world.ts';

/** An agent that names contracts, and tells what arrived. */
let arrived: unknown;
const named = {
  name: 'named',
  role: 'trader',
  summary: 'Names contracts.',
  sources: [],
  params: {
    protocol: { kind: 'protocol', doc: 'where' },
    contract: { kind: 'contract', doc: 'one' },
    others: { kind: 'contracts', optional: true, doc: 'some' },
  },
  create(params: unknown) {
    arrived = params;
    return {};
  },
};
const registry = new Map([...builtIn, ...createRegistry([{ file: 'named.ts', part: named }])]);

const CONTRACTS = {
  settle: 'USD',
  surface: { use: 'parametric', with: { atm: 0.8 } },
  house: 1_000,
  list: {
    perp: { use: 'perpetual', underlying: 'TKN' },
    call: { use: 'option', underlying: 'TKN', with: { right: 'call', strike: 12, expiry: '1 h' } },
  },
};

type Found = Pick<Problem, 'path' | 'found' | 'expected'>;
const said = ({ path, found, expected }: Found) => `${path}: ${found}; ${expected}`;

/** What is wrong with a world, as path: expectation; into `warned` goes what is only unwise. */
function problemsOf(world: Partial<SmallWorld>, warned: Found[] = []): string[] {
  const context = { registry, readText: () => undefined, warn: (one: Found) => warned.push(one) };
  const loaded = loadExperiment(JSON.stringify(smallExperiment({ agents: [], ...world })), 'x.json', [], context);
  const found = isProblems(loaded) ? loaded : loaded.resolve([]);
  return isProblems(found) ? found.map(said) : [];
}

describe('contracts of a scenario', () => {
  it('are sound with a settlement asset, underlyings that have markets, and a surface where one is needed', () => {
    expect(problemsOf({ contracts: CONTRACTS })).toEqual([]);
    const { perp } = CONTRACTS.list;
    expect(problemsOf({ contracts: { settle: 'USD', list: { perp } } })).toEqual([]);
  });

  it('are refused beside a liquidation whose books they would make wrong', () => {
    const bands = { liquidation: { use: 'soft-bands' } };
    expect(problemsOf(bands)).toEqual([]);
    expect(problemsOf({ ...bands, contracts: CONTRACTS })).toEqual([
      'world.protocols.lend.liquidation.use: "soft-bands"; a liquidation that contracts may stand beside',
    ]);
  });

  it('are refused with what is missing', () => {
    const { surface: _surface, ...bare } = CONTRACTS;
    expect(problemsOf({ contracts: bare })).toEqual([expect.stringMatching(/contracts\.surface: nothing; a surface: call needs one/)]);
    expect(problemsOf({ contracts: { ...CONTRACTS, settle: 'EUR' } })[0]).toMatch(/contracts\.settle: .*the name of an asset/);
    const list = { perp: { use: 'perpetual', underlying: 'BTC' } };
    expect(problemsOf({ contracts: { ...CONTRACTS, list } })[0]).toMatch(/list\.perp\.underlying: .*the name of an asset/);
    expect(problemsOf({ contracts: { ...CONTRACTS, closeout: { use: 'ordr' } } })[0]).toMatch(/closeout/);
  });

  it('are warned of where accounts that may open them are called for margin at once', () => {
    const steep = { use: 'perpetual', underlying: 'TKN', with: { initial: 0.1, maintenance: 0.05 } };
    const contracts = { ...CONTRACTS, list: { ...CONTRACTS.list, steep } };
    const warned = (level: number, more: Partial<SmallWorld> = {}) => {
      const warnings: Found[] = [];
      expect(problemsOf({ contracts, marginCall: { level, time: '1 h' }, ...more }, warnings)).toEqual([]);
      return [...new Set(warnings.map(said))];
    };
    // 1.05/1.03 of perp is below 1.1/1.05 of steep.
    expect(warned(1.2)).toEqual([
      expect.stringMatching(/lend\.marginCall\.level: 1\.2; at most 1\.0194 = \(1 \+ initial 0\.05\) .* short perp/),
    ]);
    expect(warned(1.0195)).toHaveLength(1);
    expect(warned(1.0194)).toEqual([]);
    const options = { ...CONTRACTS, list: { call: CONTRACTS.list.call } };
    expect(warned(1.2, { contracts: options })).toEqual([]);
    // It asks for what it reckons itself, whatever the shares of the contracts.
    expect(warned(1.2, { risk: { use: 'portfolio-var', with: { priors: { TKN: 0.8, USD: 0.1, GAS: 0.8 } } } })).toEqual([]);
  });

  it('are named by agents, and arrive as their numbers in the protocol', () => {
    const agents = [{ use: 'named', params: { protocol: 'lend', contract: 'call', others: ['perp', 'call'] } }];
    expect(problemsOf({ contracts: CONTRACTS, agents })).toEqual([]);
    expect(outcomeOf({ contracts: CONTRACTS, agents, registry, horizon: '24 s' }).error).toBeUndefined();
    expect(arrived).toEqual({ protocol: 0, contract: 1, others: [0, 1] });
    const wrong = [{ use: 'named', params: { protocol: 'lend', contract: 'put', others: ['perp', 'cal'] } }];
    expect(problemsOf({ contracts: CONTRACTS, agents: wrong })).toEqual([
      expect.stringMatching(/agents\.0\.params\.contract: .*put.*; the name of a contract of lend: .*call/),
      expect.stringMatching(/agents\.0\.params\.others\.1: .*cal.*; the name of a contract of lend/),
    ]);
    expect(problemsOf({ agents })[0]).toMatch(/the name of a contract of lend/);
  });

  it('are traded, and closed, by scripts: sizes in tokens, sub-accounts by #', () => {
    const on = { protocol: 'lend' };
    const script = [
      {
        at: '13 s',
        actions: [
          { do: 'deposit', ...on, asset: 'USD', amount: 1_000, sub: 1 },
          { do: 'trade-contract', ...on, contract: 'perp', size: -900.5, sub: 1 },
        ],
      },
    ];
    const keeper = [{ at: '40 s', actions: [{ do: 'start-liquidation', ...on, position: 'mallory/0#1' }] }];
    const outcome = outcomeOf({
      contracts: { ...CONTRACTS, house: 100_000 },
      oracle: { use: 'spot', source: 'outside' },
      tkn: { use: 'shock', with: { start: 10, at: '30 s', factor: 1.09 } },
      horizon: '2 min',
      agents: [
        { use: 'scripted', name: 'mallory', params: { script }, wallet: { USD: 1_000 } },
        { use: 'scripted', name: 'kate', role: 'liquidator', params: { script: keeper } },
      ],
    });
    expect(outcome.error).toBeUndefined();
    const traded = outcome.events.find(({ kind }) => kind === 'contract-trade');
    expect(traded?.a).toBe(-900.5 * 1e6);
    expect(outcome.names.contracts).toEqual(['lend/perp', 'lend/call']);
    const closed = outcome.events.find(({ kind }) => kind === 'closeout');
    expect(outcome.names.positions[closed?.subject ?? -1]).toBe('lend/mallory/0#1');
    expect(problemsOf({ contracts: CONTRACTS, agents: [{ use: 'scripted', params: { script: keeper } }] })[0]).toMatch(/an agent: one of/);
  });
});
