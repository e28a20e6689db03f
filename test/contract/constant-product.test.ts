/** The constant-product pool keeps the contract of venues, and what only such a pool promises. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rejection } from '../../src/base/rejection.ts';
import type { Units } from '../../src/base/units.ts';
import { createAssets } from '../../src/ledger/assets.ts';
import { Journal } from '../../src/ledger/journal.ts';
import { Ledger, OUTSIDE } from '../../src/ledger/ledger.ts';
import { constantProduct } from '../../src/market/constant-product.ts';
import type { Fill } from '../../src/market/venue.ts';
import { type VenueUnderTest, venueContract } from './venue.ts';

interface Setting {
  /** In tokens. */
  readonly base: number;
  readonly quote: number;
  readonly fee?: number;
  readonly decimals?: readonly [number, number];
  /** Its shares are an asset. */
  readonly asset?: boolean;
}

const LP = 3;

function pool({ base, quote, fee = 0.003, decimals = [0, 0], asset = false }: Setting): VenueUnderTest {
  const assets = createAssets([
    { name: 'ETH', decimals: decimals[0] },
    { name: 'USD', decimals: decimals[1] },
    { name: 'INV', decimals: 0 },
    { name: 'LP', decimals: 0 },
  ]);
  const ledger = new Ledger(assets, new Journal());
  const venue = constantProduct.create(
    { share: asset ? LP : undefined, base: 0, quote: 1, baseReserve: base, quoteReserve: quote, fee },
    { name: 'pool', ledger, startPrice: () => 1 },
  );
  return { ledger, venue };
}

venueContract('constant product', pool);
venueContract('constant product without fee', (reserves) => pool({ ...reserves, fee: 0 }));
venueContract('constant product whose shares are an asset', (reserves) => pool({ ...reserves, asset: true }));
venueContract('constant product with a fee of a tenth', (reserves) => pool({ ...reserves, fee: 0.1 }));

/** Sells from outside, for what it does to the pool. */
function sell({ venue }: VenueUnderTest, asset: number, amount: Units): Fill {
  return venue.execute({ sell: asset, amount }, OUTSIDE) as Fill;
}

describe('shares that are an asset', () => {
  it('are whoever’s who holds them, who may take out what they are of', () => {
    const { ledger, venue } = pool({ base: 1_000, quote: 4_000, asset: true });
    const [lp, heir] = [ledger.names.indexOf('lp:pool'), ledger.open('heir', 'heir')];
    expect([venue.shares(), venue.sharesOf(lp), ledger.balance(lp, LP)]).toEqual([2_000, 2_000, 2_000]);
    ledger.transfer(lp, heir, LP, 500);
    expect([venue.claimOf(heir), venue.claimOf(lp)]).toEqual([
      { base: 250, quote: 1_000 },
      { base: 750, quote: 3_000 },
    ]);
    expect(venue.removeLiquidity(heir, 500)).toBeUndefined();
    expect([ledger.balance(heir, 0), ledger.balance(heir, 1), ledger.balance(heir, LP), venue.shares()]).toEqual([250, 1_000, 0, 1_500]);
    expect(ledger.total(LP)).toBe(0);
  });
});

describe('constant product', () => {
  it('k never falls, and without fee it rises by rounding only', () => {
    const amounts = fc.array(fc.record({ asset: fc.constantFrom(0, 1), amount: fc.integer({ min: 1, max: 1e9 }) }), {
      maxLength: 15,
      size: 'max',
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        fc.integer({ min: 1, max: 1e9 }),
        fc.constantFrom(0, 0.003, 0.1),
        amounts,
        (x, y, fee, steps) => {
          const made = pool({ base: x, quote: y, fee });
          const { ledger, venue } = made;
          const reserves = (): [bigint, bigint] => [BigInt(ledger.balance(venue.account, 0)), BigInt(ledger.balance(venue.account, 1))];
          for (const { asset, amount } of steps) {
            const [b, q] = reserves();
            sell(made, asset, amount);
            const [b2, q2] = reserves();
            expect(b2 * q2 >= b * q).toBe(true);
            // One unit less bought than the whole number allowed: k exceeds the old one by less than the reserve that was sold into.
            if (fee === 0) expect(b2 * q2 - b * q < (asset === 0 ? b2 : q2) + 1n).toBe(true);
          }
        },
      ),
    );
  });

  it('pays what the integers of Uniswap v2 pay: 997 of 1000 of the input work, and the result is rounded down', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e12 }),
        fc.integer({ min: 1, max: 1e12 }),
        fc.integer({ min: 1, max: 1e12 }),
        (x, y, amount) => {
          const worked = BigInt(amount) * 997n;
          const expected = Number((worked * BigInt(y)) / (BigInt(x) * 1000n + worked));
          const answer = pool({ base: x, quote: y }).venue.quote({ sell: 0, amount });
          expect(expected === 0 ? (answer as Rejection).rejected : (answer as Fill).bought).toBe(
            expected === 0 ? 'VENUE_AMOUNT' : expected,
          );
        },
      ),
    );
  });

  it('B1: 300 ETH into 46 ETH / 432 INV buys 374.4167 INV', () => {
    const made = pool({ base: 432, quote: 46, decimals: [9, 9] });
    expect(sell(made, 1, 300e9).bought / 1e9).toBeCloseTo(374.4167, 4);
  });

  it('bZx, February 2020: 5,637.62 ETH buy 51.345576 WBTC, and 112 WBTC then buy 6,871.41 ETH', () => {
    const made = pool({ base: 77.08611101, quote: 2817.77159307, decimals: [8, 8] });
    expect(sell(made, 1, 563_762_376_200).bought / 1e8).toBeCloseTo(51.345576, 4);
    expect(made.venue.price()).toBeCloseTo(328, 0);
    expect(sell(made, 0, 112e8).bought / 1e8).toBeCloseTo(6871.41, 1);
  });

  it('B2: holding the price at 75.30 times in a pool with 50,000 of quote takes 383,884 and loses 339,645 to arbitrage', () => {
    const made = pool({ base: 50_000, quote: 50_000, fee: 0, decimals: [8, 8] });
    const capital = made.venue.depth(1, 75.3);
    const { bought } = sell(made, 1, capital);
    // Published to whole units for a target given to two decimals: the tolerance is the effect of half a unit in its last digit.
    expect(Math.abs(capital / 1e8 - 383_884)).toBeLessThan(0.005 * (50_000 / (2 * Math.sqrt(75.3))) + 1);
    expect(Math.abs((capital - bought) / 1e8 - 339_645)).toBeLessThan(0.005 * (50_000 / (2 * Math.sqrt(75.3))) + 1);
  });

  it('B2: capital Y(√(1+e) − 1) and loss Y(√(1+e) + 1/√(1+e) − 2), up and down', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 100, noNaN: true }), (e) => {
        const Y = 1e13;
        const root = Math.sqrt(1 + e);
        const up = pool({ base: Y, quote: Y, fee: 0 });
        const inUp = up.venue.depth(1, 1 + e);
        expect(inUp / Y).toBeCloseTo(root - 1, 9);
        expect((inUp - sell(up, 1, inUp).bought) / Y).toBeCloseTo(root + 1 / root - 2, 9);
        const down = pool({ base: Y, quote: Y, fee: 0 });
        const inDown = down.venue.depth(0, 1 / (1 + e));
        expect((inDown - sell(down, 0, inDown).bought) / Y).toBeCloseTo(root + 1 / root - 2, 9);
      }),
    );
  });

  it('does not pass the worst price with reserves whose roots a float64 rounds, nor for limits a hair away', () => {
    const reserve = fc.integer({ min: 1e14, max: 4e15 });
    const times = fc.double({ min: 1, max: 1.5, minExcluded: true, noNaN: true });
    fc.assert(
      fc.property(reserve, reserve, fc.constantFrom(0, 0.003, 0.1), times, fc.boolean(), (base, quote, fee, factor, sellsBase) => {
        const made = pool({ base, quote, fee });
        const worst = sellsBase ? made.venue.price() / factor : made.venue.price() * factor;
        const amount = made.venue.depth(sellsBase ? 0 : 1, worst);
        if (amount > 0) sell(made, sellsBase ? 0 : 1, amount);
        expect(sellsBase ? made.venue.price() >= worst : made.venue.price() <= worst).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('prices in tokens, whatever the decimals', () => {
    expect(pool({ base: 2, quote: 4_000, decimals: [9, 6] }).venue.price()).toBe(2_000);
    expect(pool({ base: 2, quote: 4_000, decimals: [0, 8] }).venue.price()).toBe(2_000);
  });

  it('keeps the fee in whole millionths', () => {
    expect(pool({ base: 1, quote: 1, fee: 0.0005 }).venue.fee).toBe(0.0005);
    expect(pool({ base: 1, quote: 1, fee: 0.00000049 }).venue.fee).toBe(0);
  });

  it('is funded from outside through a provider of its own, who holds all shares', () => {
    const { ledger, venue } = pool({ base: 4_000_000, quote: 9_000_000 });
    const provider = ledger.names.indexOf('lp:pool');
    expect(ledger.roles[provider]).toBe('liquidity-provider');
    expect([ledger.balance(OUTSIDE, 0), ledger.balance(OUTSIDE, 1)]).toEqual([-4_000_000, -9_000_000]);
    expect([venue.shares(), venue.sharesOf(provider)]).toEqual([6_000_000, 6_000_000]);
    const claims: unknown[] = [];
    venue.claims((...claim) => claims.push(claim));
    expect(claims).toEqual([
      [provider, 0, 4_000_000],
      [provider, 1, 9_000_000],
    ]);
  });

  it('deposits in the present ratio, rounded up, and makes shares, rounded down', () => {
    const { ledger, venue } = pool({ base: 3_000, quote: 10_000 });
    const betty = ledger.open('betty', 'liquidity-provider');
    ledger.transfer(OUTSIDE, betty, 0, 1_000);
    ledger.transfer(OUTSIDE, betty, 1, 1_000);
    // ⌊√(3000·10000)⌋ = 5477 shares; 100 base ask for ⌈333.3⌉ quote, and make min(⌊182.57⌋, ⌊182.4⌋) shares.
    expect(venue.addLiquidity(betty, 100, 1_000)).toBe(182);
    expect([ledger.balance(betty, 0), ledger.balance(betty, 1)]).toEqual([900, 666]);
    // The other limit binds: 20 quote ask for ⌈5.9996⌉ base.
    expect(venue.addLiquidity(betty, 900, 20)).toBe(10);
    expect([ledger.balance(betty, 0), ledger.balance(betty, 1)]).toEqual([894, 646]);
  });

  it('pays out a part of the reserves, rounded down', () => {
    const { ledger, venue } = pool({ base: 3_000, quote: 10_000 });
    const provider = ledger.names.indexOf('lp:pool');
    // 100 of 5477 shares are 54.77 base and 182.58 quote.
    expect(venue.removeLiquidity(provider, 100)).toBeUndefined();
    expect([ledger.balance(provider, 0), ledger.balance(provider, 1), venue.shares()]).toEqual([54, 182, 5_377]);
  });

  it('a donation belongs to those who hold shares', () => {
    const { ledger, venue } = pool({ base: 1_000, quote: 1_000 });
    ledger.transfer(OUTSIDE, venue.account, 1, 3_000);
    expect(venue.price()).toBe(4);
    const provider = ledger.names.indexOf('lp:pool');
    venue.removeLiquidity(provider, venue.shares());
    expect([ledger.balance(provider, 0), ledger.balance(provider, 1), venue.shares()]).toEqual([1_000, 4_000, 0]);
    expect(venue.price()).toBeNaN();
  });

  it('can be filled again once it is empty, at any ratio', () => {
    const { ledger, venue } = pool({ base: 0, quote: 0 });
    const betty = ledger.open('betty', 'liquidity-provider');
    ledger.transfer(OUTSIDE, betty, 0, 50);
    ledger.transfer(OUTSIDE, betty, 1, 200);
    expect(venue.addLiquidity(betty, 50, 200)).toBe(100);
    expect(venue.price()).toBe(4);
  });

  it('never lets trades or a partial withdrawal empty a reserve', () => {
    const { ledger, venue } = pool({ base: 10, quote: 10, fee: 0 });
    sell({ ledger, venue }, 0, 1e15);
    expect(ledger.balance(venue.account, 1)).toBe(1);
    expect(venue.removeLiquidity(ledger.names.indexOf('lp:pool'), 9)).toMatchObject({ rejected: 'VENUE_AMOUNT' });
  });

  it('faults on a scenario with one reserve only, or with one asset twice', () => {
    expect(() => pool({ base: 1, quote: 0 })).toThrow('VENUE_RESERVES');
    const { ledger } = pool({ base: 1, quote: 1 });
    const same = { share: undefined, base: 1, quote: 1, baseReserve: 1, quoteReserve: 1, fee: 0 };
    expect(() => constantProduct.create(same, { name: 'same', ledger, startPrice: () => 1 })).toThrow('VENUE_ASSETS');
  });

  it('answers lopsided or enormous limits with a refusal, not with a fault', () => {
    const { ledger, venue } = pool({ base: 1, quote: 1e12 });
    const betty = ledger.open('betty', 'liquidity-provider');
    expect(venue.addLiquidity(betty, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)).toMatchObject({ rejected: 'VENUE_AMOUNT' });
    expect(venue.addLiquidity(betty, Number.MAX_SAFE_INTEGER, 1)).toMatchObject({ rejected: 'VENUE_AMOUNT' });
    expect(venue.execute({ sell: 0, amount: Number.MAX_SAFE_INTEGER }, betty)).toMatchObject({ rejected: 'WALLET_SHORT' });
  });
});
