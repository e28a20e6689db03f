/** Values by path. */
import { describe, expect, it } from 'vitest';
import { covers, override, positional } from '../../../src/scenario/overrides.ts';

const root = {
  world: { oracles: { inv: { use: 'spot', asset: 'INV', with: { window: 1 } } }, fund: null },
  agents: [
    { use: 'lender', params: { asset: 'USD' } },
    { use: 'lender', name: 'second', params: { asset: 'ETH' } },
    { use: 'second', params: {} },
  ],
};

describe('an override', () => {
  it('sets a value, and leaves what it copied from as it was', () => {
    const before = structuredClone(root);
    const after = override(root, 'world.oracles.inv.with.window', 2) as typeof root;
    expect(after.world.oracles.inv.with.window).toBe(2);
    expect(after.agents).toBe(root.agents);
    expect(root).toEqual(before);
  });

  it('finds members of a list by position, by name, and by use where nobody has the name', () => {
    const asset = (path: string) =>
      (override(root, path, 'X') as typeof root).agents.map(({ params }) => (params as { asset?: string }).asset);
    expect(asset('agents.0.params.asset')).toEqual(['X', 'ETH', undefined]);
    expect(asset('agents.lender.params.asset')).toEqual(['X', 'ETH', undefined]);
    expect(asset('agents.second.params.asset')).toEqual(['USD', 'X', undefined]);
  });

  it('finds rows of a table by position, and by asset where they have one', () => {
    const tables = {
      with: {
        ranges: [
          { asset: 'ETH', range: 0.1 },
          { asset: 'BTC', range: 0.2 },
        ],
      },
    };
    for (const path of ['with.ranges.1.range', 'with.ranges.BTC.range']) {
      expect(override(tables, path, 0.3)).toEqual({
        with: {
          ranges: [
            { asset: 'ETH', range: 0.1 },
            { asset: 'BTC', range: 0.3 },
          ],
        },
      });
    }
  });

  it('clears the parameters of what it replaces, and only then', () => {
    const oracle = (use: string) => (override(root, 'world.oracles.inv.use', use) as typeof root).world.oracles.inv;
    expect(oracle('twap')).toEqual({ use: 'twap', asset: 'INV' });
    expect(oracle('spot')).toEqual(root.world.oracles.inv);
    expect((override(root, 'agents.second.use', 'borrower') as typeof root).agents[1]).toEqual({ use: 'borrower', name: 'second' });
  });

  it('takes away what is there where it is null, and only keys of blocks', () => {
    expect(override({ a: { b: { c: 1 }, d: 2 } }, 'a.b', null)).toEqual({ a: { d: 2 } });
    expect(override(root, 'agents.second.params', null)).toMatchObject({ agents: [{}, { use: 'lender', name: 'second' }, {}] });
    // Nothing is there to be taken away: a null stays, and the schema refuses it.
    expect(override({ a: {} }, 'a.b', null)).toEqual({ a: { b: null } });
    expect(override({ a: [1, 2] }, 'a.0', null)).toEqual({ a: [null, 2] });
  });

  it('makes the blocks on its way, in the place of nothing or of an empty one', () => {
    expect(override({}, 'a.b.c', 1)).toEqual({ a: { b: { c: 1 } } });
    expect(override(root, 'world.fund.USD', 5)).toMatchObject({ world: { fund: { USD: 5 } } });
  });

  it.each([
    ['world.oracles.inv.use.deeper', 'through a text'],
    ['agents.3.count', 'past the end of a list'],
    ['agents.nobody.count', 'to a member that is not there'],
    ['agents.-1.count', 'before the start of a list'],
    ['', 'nowhere'],
    ['world..fund', 'through an empty key'],
    ['__proto__.polluted', 'to the prototype'],
    ['constructor.prototype.polluted', 'to the prototype of all objects'],
    ['world.constructor', 'to a name that every object has'],
    ['world.toString', 'to a method that every object has'],
  ])('%j leads nowhere: %s', (path) => {
    expect(override(root, path, 1)).toBeUndefined();
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('the place of an override', () => {
  it('has one spelling: members of lists by position', () => {
    expect(positional(root, 'agents.second.params.asset')).toBe('agents.1.params.asset');
    expect(positional(root, 'agents.lender.wallet.USD')).toBe('agents.0.wallet.USD');
    expect(positional(root, 'world.venues.pool')).toBe('world.venues.pool');
  });

  it('covers what is below it, and the parameters that a new choice took away', () => {
    expect(covers('a.b', false, 'a.b')).toBe(true);
    expect(covers('a.b', false, 'a.b.c')).toBe(true);
    expect(covers('a.b', true, 'a.bc')).toBe(false);
    expect(covers('a.use', true, 'a.with.x')).toBe(true);
    expect(covers('a.use', true, 'a.params')).toBe(true);
    expect(covers('a.use', false, 'a.with.x')).toBe(false);
    expect(covers('a.use', true, 'a.asset')).toBe(false);
  });
});
