import { describe, expect, it } from 'vitest';
import type { Bundle } from '../../../src/chain/chain.ts';
import { Mempool } from '../../../src/chain/mempool.ts';
import { orderings } from '../../../src/chain/ordering.ts';

function aBundle(tag: number, tip = 0): Bundle<never> {
  return { actor: 1, actions: [], tip, cause: 0, tag };
}

/** Drains the pool and says in which order the bundles came; those in `keep` go on waiting. */
function drained(pool: Mempool<never>, at: number, keep: readonly number[] = []): number[] {
  const tags: number[] = [];
  pool.drain(at, (bundle) => {
    tags.push(bundle.tag);
    return !keep.includes(bundle.tag);
  });
  return tags;
}

describe('mempool', () => {
  it('offers what has arrived, and no bundle before its time', () => {
    const pool = new Mempool<never>(orderings.arrival);
    pool.submit(aBundle(1), 0, 12);
    pool.submit(aBundle(2), 0, 5);
    pool.submit(aBundle(3), 0, 13);
    expect(drained(pool, 12)).toEqual([2, 1]);
    expect(pool.size).toBe(1);
    expect(drained(pool, 24)).toEqual([3]);
    expect(pool.size).toBe(0);
  });

  it('puts what still waits and what is new into one order', () => {
    const pool = new Mempool<never>(orderings.fee);
    pool.submit(aBundle(1, 2), 0, 0);
    pool.submit(aBundle(2, 4), 0, 0);
    expect(drained(pool, 0, [1, 2])).toEqual([2, 1]);
    pool.submit(aBundle(3, 3), 0, 1);
    pool.submit(aBundle(4, 5), 0, 1);
    expect(drained(pool, 1, [3])).toEqual([4, 2, 3, 1]);
    expect(drained(pool, 2)).toEqual([3]);
  });

  it('lets a single newcomer with a better tip pass what still waits', () => {
    const pool = new Mempool<never>(orderings.fee);
    pool.submit(aBundle(1, 1), 0, 0);
    drained(pool, 0, [1]);
    pool.submit(aBundle(2, 2), 0, 1);
    expect(drained(pool, 1)).toEqual([2, 1]);
  });

  it('does not mix up bundles when it uses its records again', () => {
    const pool = new Mempool<never>(orderings.fee);
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 4; i++) pool.submit(aBundle(10 * round + i, i % 2), i, round);
      expect(drained(pool, round)).toEqual([10 * round + 1, 10 * round + 3, 10 * round, 10 * round + 2]);
    }
  });

  it('forgets who is gone, however few come after', () => {
    const pool = new Mempool<never>(orderings.fee);
    for (let tag = 1; tag <= 4; tag++) pool.submit(aBundle(tag, 9), 0, 0);
    drained(pool, 0);
    pool.submit(aBundle(5, 1), 0, 1);
    pool.submit(aBundle(6, 2), 0, 1);
    expect(drained(pool, 1)).toEqual([6, 5]);
    expect(drained(pool, 2)).toEqual([]);
  });

  it('leaves for the next block what is submitted while it is drained', () => {
    const pool = new Mempool<never>(orderings.arrival);
    pool.submit(aBundle(1), 0, 0);
    const tags: number[] = [];
    pool.drain(5, (bundle) => {
      tags.push(bundle.tag);
      if (bundle.tag < 3) pool.submit(aBundle(bundle.tag + 1), 0, 0);
      return true;
    });
    expect(tags).toEqual([1]);
    expect(drained(pool, 5)).toEqual([2]);
  });

  it('loses only the bundle at which its reader broke', () => {
    const pool = new Mempool<never>(orderings.arrival);
    for (let tag = 1; tag <= 4; tag++) pool.submit(aBundle(tag), 0, 0);
    const broken = () =>
      pool.drain(0, (bundle) => {
        if (bundle.tag === 3) throw new Error('broken');
        return bundle.tag !== 1;
      });
    expect(broken).toThrow('broken');
    expect(drained(pool, 0)).toEqual([1, 4]);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('is a fault to tip %s', (tip) => {
    const pool = new Mempool<never>(orderings.fee);
    expect(() => pool.submit(aBundle(1, tip), 0, 0)).toThrow('CHAIN_TIP');
    expect(() => pool.submit(aBundle(1, 0), 0, Number.NaN)).toThrow('CHAIN_ARRIVAL');
    expect(pool.size).toBe(0);
  });
});
