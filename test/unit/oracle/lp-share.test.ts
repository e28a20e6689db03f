import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lpShare } from '../../../src/oracle/lp-share.ts';
import { NO_READING } from '../../../src/oracle/no-reading.ts';
import type { PoolState, Reading } from '../../../src/oracle/oracle.ts';
import { sourceAlone } from '../../../src/oracle/source-alone.ts';

const reading = (price: number, observedAt = 10, publishedAt = 20): Reading => ({ price, observedAt, publishedAt, valid: true });

/** A share of a constant-product pool with these reserves, by oracles of its assets that say this. */
function worth(value: 'naive' | 'fair', state: Omit<PoolState, 'settledUsd'>, readings: readonly Reading[] = [reading(2_000), reading(1)]) {
  const oracle = (id: number) => ({ read: () => readings[id], nextUpdate: () => 100 + id });
  const settledUsd = (p: number, q: number) => 2 * Math.sqrt(state.base * p * state.quote * q);
  const needs = { ...sourceAlone(() => Number.NaN), oracle, pool: () => ({ ...state, settledUsd }) };
  return lpShare.create({ pool: 0, base: 0, quote: 1, value }, needs);
}

describe('the share of a pool', () => {
  it('is worth its part of the reserves, either way, where the pool agrees with the oracles', () => {
    for (const value of ['naive', 'fair'] as const) {
      expect(worth(value, { base: 50, quote: 100_000, shares: 1_000 }).read(30)).toEqual({
        ...reading(200),
        observedAt: 10,
        publishedAt: 20,
      });
    }
  });

  it('stays fairly, and rises naively by (√u + 1/√u)/2, wherever on its curve the pool is pushed', () => {
    const push = fc.double({ min: -5, max: 5, noNaN: true }).map(Math.exp);
    fc.assert(
      fc.property(push, (by) => {
        const state = { base: 50 / by, quote: 100_000 * by, shares: 1_000 };
        expect(worth('fair', state).read(30).price).toBeCloseTo(200, 6);
        // u = Q·q/(R·p) = by².
        expect(worth('naive', state).read(30).price / (100 * (by + 1 / by))).toBeCloseTo(1, 9);
      }),
    );
  });

  it('is as old as the older of what it is made from, and readable when both are', () => {
    const { observedAt, publishedAt } = worth('fair', { base: 1, quote: 1, shares: 1 }, [reading(1, 5, 6), reading(1, 3, 9)]).read(30);
    expect([observedAt, publishedAt]).toEqual([3, 9]);
    expect(worth('fair', { base: 1, quote: 1, shares: 1 }).nextUpdate(0)).toBe(100);
  });

  it('says nothing without one of the two, or of an empty pool', () => {
    const full = { base: 1, quote: 1, shares: 1 };
    expect(worth('fair', full, [NO_READING, reading(1)]).read(30)).toEqual(NO_READING);
    expect(worth('naive', full, [reading(1), NO_READING]).read(30)).toEqual(NO_READING);
    expect(worth('naive', { base: 0, quote: 0, shares: 0 }).read(30)).toEqual(NO_READING);
  });
});
