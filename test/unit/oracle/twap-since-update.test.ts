import { describe, expect, it } from 'vitest';
import { createAssets } from '../../../src/ledger/assets.ts';
import { Journal } from '../../../src/ledger/journal.ts';
import { Ledger, OUTSIDE } from '../../../src/ledger/ledger.ts';
import { constantProduct } from '../../../src/market/constant-product.ts';
import type { Fill } from '../../../src/market/venue.ts';
import type { Oracle } from '../../../src/oracle/oracle.ts';
import { sourceAlone } from '../../../src/oracle/source-alone.ts';
import { twap } from '../../../src/oracle/twap.ts';
import { twapSinceUpdate } from '../../../src/oracle/twap-since-update.ts';

const BLOCK = 12_000;
const PERIOD = 1_800_000;
const needs = sourceAlone(() => Number.NaN);
const make = (mean: 'arithmetic' | 'geometric' = 'arithmetic'): Oracle => twapSinceUpdate.create({ period: PERIOD, mean }, needs);

describe('an average since the last update', () => {
  it('is a true average most of the time', () => {
    const oracle = make();
    oracle.observe(100, 0);
    oracle.observe(130, PERIOD / 3);
    expect(oracle.read((PERIOD * 2) / 3).price).toBeCloseTo(115, 12);
  });

  it('stores at the first end of a block a period after the last store, and says when that is due', () => {
    const oracle = make();
    for (let at = 0; at < PERIOD + 7_000; at += 7_000) {
      oracle.observe(1, at);
      expect(oracle.nextUpdate(at)).toBe(at < PERIOD ? PERIOD : at + PERIOD);
    }
    // The store was at 258 · 7 s, the first multiple of 7 s after the 1800 s.
    expect(oracle.nextUpdate(PERIOD + 7_000)).toBe(258 * 7_000 + PERIOD);
  });

  it('while a store is overdue, knows no time for it', () => {
    const oracle = make();
    oracle.observe(1, 0);
    expect(oracle.nextUpdate(PERIOD)).toBe(Number.POSITIVE_INFINITY);
  });

  it('is the price of one block just after a store, and the whole period’s mean at the store itself', () => {
    const oracle = make();
    for (let at = 0; at < PERIOD; at += BLOCK) oracle.observe(1, at);
    oracle.observe(56, PERIOD);
    expect(oracle.read(PERIOD).price).toBeCloseTo(1, 12);
    expect(oracle.read(PERIOD + 1)).toMatchObject({ price: 56, observedAt: PERIOD });
    expect(oracle.read(PERIOD + BLOCK).price).toBeCloseTo(56, 12);
    oracle.observe(1, PERIOD + BLOCK);
    expect(oracle.read(PERIOD + 2 * BLOCK).price).toBeCloseTo(28.5, 12);
  });

  it('with a geometric mean too', () => {
    const oracle = make('geometric');
    oracle.observe(1, 0);
    oracle.observe(56, PERIOD);
    expect(oracle.read(PERIOD + BLOCK).price).toBeCloseTo(56, 10);
  });

  it('Inverse Finance, April 2022: 300 ETH into 46.03 ETH / 432 INV in the block of a store', () => {
    const assets = createAssets([
      { name: 'INV', decimals: 9 },
      { name: 'ETH', decimals: 9 },
    ]);
    const pool = constantProduct.create(
      { share: undefined, base: 0, quote: 1, baseReserve: 432, quoteReserve: 46.03, fee: 0.003 },
      { name: 'pool', ledger: new Ledger(assets, new Journal()), startPrice: () => 1 },
    );
    const broken = make();
    const sound = twap.create({ window: PERIOD, mean: 'arithmetic', warm: true }, needs);
    const before = pool.price();
    for (let at = 0; at < PERIOD; at += BLOCK) for (const oracle of [broken, sound]) oracle.observe(before, at);

    const { bought } = pool.execute({ sell: 1, amount: 300e9 }, OUTSIDE) as Fill;
    expect(Math.abs(bought / 1e9 - 374.4)).toBeLessThan(0.1);
    expect(pool.price() / before).toBeGreaterThan(55.5);
    expect(pool.price() / before).toBeLessThan(56.5);
    for (const oracle of [broken, sound]) oracle.observe(pool.price(), PERIOD);

    const next = PERIOD + BLOCK;
    expect(broken.read(next).price / pool.price()).toBeCloseTo(1, 12);
    // One block of 150 in the window.
    expect(sound.read(next).price).toBeCloseTo((149 * before + pool.price()) / 150, 12);
  });
});
