/** Tables of sales and purchases against the pools they were read from: never better than the venue, and hardly worse. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPurchaseTable } from '../../../../src/protocol/risk/purchase-table.ts';
import { createSaleTable } from '../../../../src/protocol/risk/sale-table.ts';

/** Pools of an asset at 2 USD: units of it and of dollars, whole units in and out. */
interface Pool {
  base: number;
  usd: number;
  fee: number;
}
const MARK = 2;
const pay = ({ base, usd, fee }: Pool, units: number) => Math.floor((usd * units * (1 - fee)) / (base + units * (1 - fee)));
const give = ({ base, usd, fee }: Pool, sum: number) =>
  Math.floor((base * Math.floor(sum) * (1 - fee)) / (usd + Math.floor(sum) * (1 - fee)));

/** A venue that the tables ask, and how often they did. */
function venues(pools: readonly Pool[]) {
  const best = (answers: readonly number[]) => (answers.length === 0 ? Number.NaN : Math.max(...answers));
  const counted = { asked: 0 };
  const needs = {
    proceedsUsd: (_: number, units: number) => {
      counted.asked += 1;
      return best(pools.map((pool) => pay(pool, units)));
    },
    purchasedUnits: (_: number, usd: number) => best(pools.map((pool) => give(pool, usd))),
  };
  return { needs, counted };
}

const base = fc.integer({ min: 1e9, max: 1e12 });
/** Venues at the mark or below it. */
const pool = fc
  .record({ base, price: fc.double({ min: 1, max: MARK, noNaN: true }), fee: fc.constantFrom(0, 0.003, 0.01) })
  .map(({ base: units, price, fee }): Pool => ({ base: units, usd: Math.floor(units * price), fee }));
const units = fc.double({ min: 5, max: 12.5, noNaN: true }).map((digits) => Math.floor(10 ** digits));
/** Roundings to whole units, of the sizes above. */
const DUST = 1e-4;

describe('a table of sales', () => {
  it('says what the pool pays, or at most 0.06 % less', () => {
    fc.assert(
      fc.property(pool, units, (one, size) => {
        const table = createSaleTable(venues([one]).needs, 0);
        table.refresh(MARK);
        const share = table.share(size) * MARK * size;
        const exact = (one.usd * size * (1 - one.fee)) / (one.base + size * (1 - one.fee));
        expect(share).toBeLessThanOrEqual(exact * (1 + 1e-12));
        expect(share).toBeGreaterThanOrEqual(exact * (1 - 6e-4 - DUST));
      }),
    );
  });

  it('with several pools never says more than a sale brings that is split between them', () => {
    fc.assert(
      fc.property(pool, pool, units, (one, other, size) => {
        const table = createSaleTable(venues([one, other]).needs, 0);
        table.refresh(MARK);
        const split = Array.from({ length: 101 }, (_, i) => {
          const first = (size * i) / 100;
          const of = ({ base: reserve, usd, fee }: Pool, sold: number) => (usd * sold * (1 - fee)) / (reserve + sold * (1 - fee));
          return of(one, first) + of(other, size - first);
        });
        // A hundredth of the size is as fine as the split is tried.
        expect(table.share(size) * MARK * size).toBeLessThanOrEqual(Math.max(...split) * (1 + 1e-4));
      }),
    );
  });

  it('brings more for more, and less a unit', () => {
    const table = createSaleTable(venues([{ base: 1e9, usd: 2e9, fee: 0.003 }]).needs, 0);
    table.refresh(MARK);
    fc.assert(
      fc.property(units, units, (a, b) => {
        const [small, large] = [Math.min(a, b), Math.max(a, b)];
        expect(table.share(large) * large).toBeGreaterThanOrEqual(table.share(small) * small * (1 - 1e-12));
        expect(table.share(large)).toBeLessThanOrEqual(table.share(small) * (1 + DUST));
      }),
    );
  });

  it('never counts more than the mark where the venue is above it', () => {
    const table = createSaleTable(venues([{ base: 1e9, usd: 9e9, fee: 0 }]).needs, 0);
    table.refresh(MARK);
    expect(table.share(1e6)).toBe(1);
    expect(table.share(1e9)).toBe(1);
    expect(table.share(8e9)).toBeCloseTo(0.5, 3);
  });

  it('measures depth by what a little brings: x/X = q/(1 − q), whatever the mark', () => {
    for (const mark of [2, 3]) {
      const table = createSaleTable(venues([{ base: 1e9, usd: 2e9, fee: 0 }]).needs, 0);
      table.refresh(mark);
      for (const slippage of [0.02, 0.1, 0.5]) {
        expect(table.depth(slippage) / ((1e9 * slippage) / (1 - slippage))).toBeCloseTo(1, 2);
      }
    }
  });

  it('knows nothing before it looked, and counts nothing where nobody buys', () => {
    const table = createSaleTable(venues([]).needs, 0);
    expect(table.share(1)).toBeNaN();
    expect(table.depth(0.02)).toBeNaN();
    expect(table.moved(MARK, 0.05)).toBe(true);
    table.refresh(Number.NaN);
    expect(table.share(1)).toBeNaN();
    table.refresh(MARK);
    expect([table.share(1), table.depth(0.02)]).toEqual([0, 0]);
    expect(table.moved(MARK, 0.05)).toBe(false);
  });

  it('asks a venue once to know whether it moved, and keeps what it saw while nobody answers', () => {
    const pools = [{ base: 1e9, usd: 2e9, fee: 0 }];
    const { needs, counted } = venues(pools);
    const table = createSaleTable(needs, 0);
    table.refresh(MARK);
    counted.asked = 0;
    expect(table.moved(MARK, 0.05)).toBe(false);
    expect(counted.asked).toBe(1);
    pools[0] = { base: 0.96e9, usd: 1.92e9, fee: 0 };
    expect(table.moved(MARK, 0.05)).toBe(false);
    pools[0] = { base: 0.5e9, usd: 1e9, fee: 0 };
    expect(table.moved(MARK, 0.05)).toBe(true);
    // Both prices alike: as a part of the mark nothing is new.
    pools[0] = { base: 1e9, usd: 4e9, fee: 0 };
    expect(table.moved(2 * MARK, 0.05)).toBe(false);
    const before = table.share(1e8);
    pools.length = 0;
    table.refresh(MARK);
    expect(table.share(1e8)).toBe(before);
  });
});

describe('a table of purchases', () => {
  /** What a pool at the mark or above it asks, a multiple of the value at the mark. */
  const dearer = pool.map((one): Pool => ({ ...one, usd: Math.floor((one.base * MARK * MARK * one.base) / one.usd) }));

  it('says what the pool asks, or at most 0.3 % more up to half of what it has', () => {
    fc.assert(
      fc.property(dearer, fc.double({ min: 1e-4, max: 0.5, noNaN: true }), (one, part) => {
        const table = createPurchaseTable(venues([one]).needs, 0);
        table.refresh(MARK);
        const size = Math.floor(one.base * part);
        const exact = (one.usd * size) / (one.base - size) / (1 - one.fee) / (MARK * size);
        expect(table.factor(size)).toBeGreaterThanOrEqual(exact * (1 - 1e-9));
        expect(table.factor(size)).toBeLessThanOrEqual(exact * (1 + 3e-3 + DUST));
      }),
    );
  });

  it('asks more for more, never less than the mark, and cannot sell what the pool does not have', () => {
    const table = createPurchaseTable(venues([{ base: 1e9, usd: 1e9, fee: 0 }]).needs, 0);
    expect(table.factor(1)).toBeNaN();
    table.refresh(MARK);
    expect(table.factor(1e6)).toBe(1);
    expect(table.factor(0.8e9)).toBeCloseTo(2.5, 2);
    expect(table.factor(0.9e9)).toBeCloseTo(5, 1);
    expect(table.factor(1e9)).toBe(Number.POSITIVE_INFINITY);
    const none = createPurchaseTable(venues([]).needs, 0);
    none.refresh(MARK);
    expect(none.factor(1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('notices that a pool was drained, not that it moved with the mark', () => {
    const pools = [{ base: 1e9, usd: 2e9, fee: 0 }];
    const table = createPurchaseTable(venues(pools).needs, 0);
    expect(table.moved(MARK, 0.05)).toBe(true);
    table.refresh(MARK);
    expect(table.moved(MARK, 0.05)).toBe(false);
    pools[0] = { base: 0.5e9, usd: 1e9, fee: 0 };
    expect(table.moved(MARK, 0.05)).toBe(true);
    const before = table.factor(1e8);
    pools.length = 0;
    table.refresh(MARK);
    expect(table.factor(1e8)).toBe(before);
  });
});
