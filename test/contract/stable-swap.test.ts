/** The stable pool keeps the contract of venues, and what only such a pool promises. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAssets } from '../../src/ledger/assets.ts';
import { Journal } from '../../src/ledger/journal.ts';
import { Ledger, OUTSIDE } from '../../src/ledger/ledger.ts';
import { constantProduct } from '../../src/market/constant-product.ts';
import { stableD, stablePrice, stableY } from '../../src/market/stable-invariant.ts';
import { stableSwap } from '../../src/market/stable-swap.ts';
import type { Fill } from '../../src/market/venue.ts';
import { type VenueUnderTest, venueContract } from './venue.ts';

interface Setting {
  /** In tokens. */
  readonly base: number;
  readonly quote: number;
  readonly amplification?: number;
  readonly fee?: number;
  readonly decimals?: readonly [number, number];
  readonly share?: number;
}

function pool({ base, quote, amplification = 100, fee = 0.0004, decimals = [0, 0], share }: Setting): VenueUnderTest {
  const assets = createAssets(['USDE', 'USDC', 'INV', 'LP'].map((name, i) => ({ name, decimals: decimals[i] ?? 0 })));
  const ledger = new Ledger(assets, new Journal());
  const needs = { name: 'pool', ledger, startPrice: () => 1 };
  const terms = { base: 0, quote: 1, baseReserve: base, quoteReserve: quote, amplification, fee, share };
  return { ledger, venue: stableSwap.create(terms, needs) };
}

const feeOnOutput = { feeOnOutput: true };
venueContract('stable swap', pool, feeOnOutput);
venueContract('stable swap without fee', (reserves) => pool({ ...reserves, fee: 0 }), feeOnOutput);
venueContract('stable swap whose shares are an asset', (reserves) => pool({ ...reserves, share: 3 }), feeOnOutput);
venueContract('stable swap of hardly any amplification', (reserves) => pool({ ...reserves, amplification: 1 }), feeOnOutput);

describe('the stable invariant', () => {
  const amount = fc.bigInt({ min: 1_000n, max: 10n ** 18n });

  it('holds: the balance that goes with x at D is y again, to a few units', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 10n ** 9n, max: 10n ** 18n }),
        fc.integer({ min: -4, max: 4 }),
        fc.bigInt({ min: 1n, max: 10_000n }),
        (x, skew, ann) => {
          const y = skew < 0 ? x / 10n ** BigInt(-skew) : x * 10n ** BigInt(skew);
          const d = stableD(x, y, ann * 2n);
          const again = stableY(x, d, ann * 2n);
          // D is whole: a unit of it is more than a unit of y where the curve is steep.
          expect(Math.abs(Number(again - y)) / Number(y)).toBeLessThan(1e-4);
        },
      ),
    );
  });

  it('is what it says: 2A(x + y) + D = 2A·D + D³/4xy', () => {
    fc.assert(
      fc.property(amount, amount, fc.integer({ min: 1, max: 5_000 }), (x, y, amplification) => {
        const [a, b, ann] = [Number(x), Number(y), 2 * amplification];
        const d = Number(stableD(x, y, BigInt(ann)));
        const left = ann * (a + b) + d;
        expect((ann * d + (((d / 4 / a) * d) / b) * d) / left).toBeCloseTo(1, 2);
      }),
    );
  });

  it('is the sum at balance, whatever the amplification, and its price there is 1', () => {
    for (const ann of [2n, 200n, 4_000n]) {
      expect(stableD(10n ** 12n, 10n ** 12n, ann)).toBe(2n * 10n ** 12n);
      expect(stablePrice(1e12, 1e12, 2e12, Number(ann))).toBe(1);
    }
  });

  it('has the slope of its own curve', () => {
    const [x, y, ann] = [4n * 10n ** 17n, 10n ** 18n, 200n];
    const d = stableD(x, y, ann);
    const step = 10n ** 12n;
    const slope = Number(y - stableY(x + step, d, ann)) / Number(step);
    expect(stablePrice(Number(x), Number(y), Number(d), Number(ann))).toBeCloseTo(slope, 5);
  });
});

describe('a stable pool', () => {
  const sale = (setting: Setting, amount: number) => {
    const { ledger, venue } = pool(setting);
    const trader = ledger.open('trader', 'trader');
    ledger.transfer(OUTSIDE, trader, 0, amount);
    return (venue.execute({ sell: 0, amount }, trader) as Fill).bought;
  };

  it('slips less the more it is amplified, down to a constant product without', () => {
    const [base, quote, amount] = [1e9, 1e9, 2e8];
    const brings = [1, 10, 100, 1_000].map((amplification) => sale({ base, quote, amplification, fee: 0 }, amount));
    expect([...brings].sort((a, b) => a - b)).toEqual(brings);
    expect(brings[3] / amount).toBeGreaterThan(0.998);
    const assets = createAssets(['A', 'B'].map((name) => ({ name, decimals: 0 })));
    const plain = constantProduct.create(
      { share: undefined, base: 0, quote: 1, baseReserve: base, quoteReserve: quote, fee: 0 },
      { name: 'plain', ledger: new Ledger(assets, new Journal()), startPrice: () => 1 },
    );
    expect(brings[0]).toBeGreaterThan((plain.quote({ sell: 0, amount }) as Fill).bought);
  });

  it('agrees with the integers of the contract, step by step, for a pool out of balance', () => {
    // By hand, from the Vyper source in exact rationals: D of 600,000 and 400,000 at A = 100, and what 50,000 bring, less 0.04 %.
    const [x, y, ann] = [600_000n * 10n ** 6n, 400_000n * 10n ** 6n, 200n];
    const d = stableD(x, y, ann);
    const exact = Number(d) / 1e6;
    // Root of 200·(10⁶) + D = 200·D + D³/(4·6·10¹¹·4)·10⁻⁴ … by bisection in floating point.
    let [low, high] = [900_000, 1_000_000];
    for (let i = 0; i < 100; i++) {
      const middle = (low + high) / 2;
      if (200 * middle + middle ** 3 / (4 * 600_000 * 400_000) > 200 * 1_000_000 + middle) high = middle;
      else low = middle;
    }
    expect(exact).toBeCloseTo(low, 4);
    const left = stableY(x + 50_000n * 10n ** 6n, d, ann);
    const brings = Number(y - left) * 0.9996;
    const { venue } = pool({ base: 600_000, quote: 400_000, decimals: [6, 6] });
    // These integers are whole units here and finer in the pool: two units of rounding, and the one that it keeps.
    expect(Math.abs((venue.quote({ sell: 0, amount: 50_000e6 }) as Fill).bought - brings)).toBeLessThanOrEqual(3);
  });

  it('knows that a token is a token, whatever its decimals', () => {
    const { venue } = pool({ base: 1e6, quote: 1e6, decimals: [9, 6] });
    expect(venue.price()).toBe(1);
    const { bought } = venue.quote({ sell: 0, amount: 1e12 }) as Fill;
    expect(bought / 1e6).toBeGreaterThan(999.4);
    expect(bought / 1e6).toBeLessThan(999.61);
    const lopsided = pool({ base: 2e6, quote: 1e6, decimals: [9, 6] }).venue;
    expect(lopsided.price()).toBeGreaterThan(0.99);
    expect(lopsided.price()).toBeLessThan(1);
  });
});
