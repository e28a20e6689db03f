/** The pool with ranges keeps the contract of venues, and agrees with the published formulas and figures of Uniswap v3. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRejection } from '../../src/base/rejection.ts';
import type { AccountId } from '../../src/base/units.ts';
import { createAssets } from '../../src/ledger/assets.ts';
import { Journal } from '../../src/ledger/journal.ts';
import { Ledger, OUTSIDE } from '../../src/ledger/ledger.ts';
import { concentrated } from '../../src/market/concentrated.ts';
import { constantProduct } from '../../src/market/constant-product.ts';
import { swapStep } from '../../src/market/range-swap.ts';
import type { Ranges } from '../../src/market/ranges.ts';
import { Q96, ROOT_MAX, ROOT_MIN, rootAt, rootDown, TICK_MAX, TICK_MIN, tickBelow } from '../../src/market/tick-price.ts';
import { type VenueUnderTest, venueContract } from './venue.ts';

interface Setting {
  /** In tokens. */
  readonly base: number;
  readonly quote: number;
  readonly fee?: number;
  readonly tickSpacing?: number;
  readonly halfWidth?: number;
  readonly decimals?: readonly [number, number];
}

function pool({ base, quote, fee = 0.003, tickSpacing = 60, halfWidth, decimals = [0, 0] }: Setting): VenueUnderTest {
  const assets = createAssets(['ETH', 'USDC', 'INV'].map((name, i) => ({ name, decimals: decimals[i] ?? 0 })));
  const ledger = new Ledger(assets, new Journal());
  const terms = { base: 0, quote: 1, baseReserve: base, quoteReserve: quote, fee, tickSpacing, halfWidth };
  return { ledger, venue: concentrated.create(terms, { name: 'pool', ledger, startPrice: () => 1 }) };
}

const ranges = { pool: false, curve: true };
venueContract('concentrated, the whole scale', pool, ranges);
venueContract('concentrated, without fee', (reserves) => pool({ ...reserves, fee: 0 }), ranges);
venueContract('concentrated, between two prices', (reserves) => pool({ ...reserves, halfWidth: 4, tickSpacing: 1 }), ranges);

describe('the scale of prices', () => {
  it('has the square roots of Uniswap’s own tests', () => {
    // Uniswap/v3-core test/TickMath.spec.ts and TickMath.sol.
    expect([rootAt(TICK_MIN), rootAt(TICK_MAX), rootAt(0)]).toEqual([ROOT_MIN, ROOT_MAX, Q96]);
    expect([rootAt(TICK_MIN + 1), rootAt(TICK_MAX - 1)]).toEqual([
      4_295_343_490n,
      1_461_373_636_630_004_318_706_518_188_784_493_106_690_254_656_249n,
    ]);
    expect([rootAt(50), rootAt(-50), rootAt(100)]).toEqual([
      79_426_470_787_362_580_746_886_972_461n,
      79_030_349_367_926_598_376_800_521_322n,
      79_625_275_426_524_748_796_330_556_128n,
    ]);
  });

  it('finds the tick of a price between two', () => {
    const tick = fc.integer({ min: TICK_MIN + 1, max: TICK_MAX - 1 });
    fc.assert(
      fc.property(tick, (at) => {
        expect([-1n, 0n, 1n].map((more) => tickBelow(rootAt(at) + more))).toEqual([at - 1, at, at]);
      }),
    );
  });
});

describe('a step of a swap', () => {
  const LIQUIDITY = 2n * 10n ** 18n;
  const ratio = (quote: bigint, base: bigint) => rootDown((quote << 192n) / base);

  it('agrees with the figures of Uniswap’s own tests', () => {
    // Uniswap/v3-core test/SwapMath.spec.ts: sold, fee, bought.
    const capped = swapStep(false, ratio(1n, 1n), ratio(101n, 100n), LIQUIDITY, 10n ** 18n, 600n);
    expect(capped).toEqual({
      root: ratio(101n, 100n),
      sold: 9_975_124_224_178_055n,
      fee: 5_988_667_735_148n,
      bought: 9_925_619_580_021_728n,
    });
    const spent = swapStep(false, ratio(1n, 1n), ratio(1_000n, 100n), LIQUIDITY, 10n ** 18n, 600n);
    expect(spent).toMatchObject({ sold: 999_400_000_000_000_000n, fee: 600_000_000_000_000n, bought: 666_399_946_655_997_866n });
    const partial = swapStep(true, 2n, 1n, 1n, 3_915_081_100_057_732_413_702_495_386_755_767n, 1n);
    expect(partial).toEqual({ root: 1n, sold: 39_614_081_257_132_168_796_771_975_168n, fee: 39_614_120_871_253_040_049_813n, bought: 0n });
    expect(swapStep(false, 2_413n, 79_887_613_182_836_312n, 1_985_041_575_832_132_834_610_021_537_970n, 10n, 1_872n)).toEqual({
      ...{ root: 2_413n, sold: 0n, fee: 10n, bought: 0n },
    });
  });

  it('agrees with the pool’s own record: 1 sold into 2 and 2 at 1 % brings 0.662207357859531772', () => {
    // Uniswap/v3-core test/__snapshots__/UniswapV3Pool.swaps.spec.ts.snap, "high fee, 1:1 price, 2e18 max range liquidity".
    for (const sellsBase of [true, false]) {
      const target = sellsBase ? ROOT_MIN + 1n : ROOT_MAX - 1n;
      expect(swapStep(sellsBase, Q96, target, LIQUIDITY, 10n ** 18n, 10_000n).bought).toBe(662_207_357_859_531_772n);
    }
  });
});

describe('a pool with ranges', () => {
  const wallet = ({ ledger }: VenueUnderTest, name: string, units = 1e12): AccountId => {
    const account = ledger.open(name, 'provider');
    for (const asset of [0, 1]) ledger.transfer(OUTSIDE, account, asset, units);
    return account;
  };
  const rangesOf = ({ venue }: VenueUnderTest) => venue.ranges as Ranges;

  it('over the whole scale is a constant-product pool whose fees stand aside', () => {
    const sides = fc.record({ base: fc.integer({ min: 1e6, max: 1e12 }), quote: fc.integer({ min: 1e6, max: 1e12 }) });
    fc.assert(
      fc.property(sides, fc.double({ min: 1e-3, max: 3, noNaN: true }), fc.boolean(), (reserves, part, sellsBase) => {
        const { ledger, venue } = pool(reserves);
        const assets = createAssets(['ETH', 'USDC'].map((name) => ({ name, decimals: 0 })));
        const terms = { share: undefined, base: 0, quote: 1, baseReserve: reserves.base, quoteReserve: reserves.quote, fee: 0.003 };
        const other = constantProduct.create(terms, { name: 'v2', ledger: new Ledger(assets, new Journal()), startPrice: () => 1 });
        const order = { sell: sellsBase ? 0 : 1, amount: Math.ceil((sellsBase ? reserves.base : reserves.quote) * part) };
        const [ours, theirs] = [venue.execute(order, OUTSIDE), other.execute(order, OUTSIDE)];
        if (isRejection(ours) || isRejection(theirs)) throw new Error('refused');
        // Units of rounding: of the reserves into liquidity, and of each side of a step.
        const unit = Math.max(1, sellsBase ? reserves.quote / reserves.base : reserves.base / reserves.quote);
        expect(Math.abs(ours.bought - theirs.bought)).toBeLessThanOrEqual(3 * unit);
        expect(ledger.total(0)).toBe(0);
      }),
    );
  });

  it('has as much more depth as its range is narrower: 1/(1 − 1/√(1 + w)) times that of the whole scale', () => {
    const reserves = { base: 1e12, quote: 1e12, tickSpacing: 1, fee: 0 };
    const whole = pool(reserves).venue.depth(0, 0.999);
    for (const halfWidth of [0.01, 0.1, 1]) {
      const times = pool({ ...reserves, halfWidth }).venue.depth(0, 0.999) / whole;
      // To a tick of the bound: 1.0001 of the price, so 0.00005/(1 − 1/√(1 + w)) of the depth.
      const gain = 1 / (1 - 1 / Math.sqrt(1 + halfWidth));
      expect(Math.abs(times / gain - 1)).toBeLessThanOrEqual(0.000_05 * gain);
    }
  });

  it('pays fees to the ranges that were active, in proportion to their liquidity, and to no other', () => {
    const made = pool({ base: 1e9, quote: 1e9, fee: 0.01, halfWidth: 1, tickSpacing: 1 });
    const { venue, ledger } = made;
    const [near, twice, above] = ['near', 'twice', 'above'].map((name) => wallet(made, name));
    const ranges = rangesOf(made);
    const add = (who: AccountId, low: number, high: number, units: number) => {
      const answer = ranges.add(who, low, high, units, units);
      if (isRejection(answer)) throw new Error(answer.rejected);
      return answer;
    };
    const [one, two, aside] = [add(near, 0.5, 2, 1e8), add(twice, 0.5, 2, 2e8), add(above, 4, 8, 1e8)];
    expect(aside.quote).toBe(0);
    expect(two.liquidity / one.liquidity).toBeCloseTo(2, 6);
    const trader = wallet(made, 'trader');
    const sold = venue.execute({ sell: 1, amount: 1e7 }, trader);
    if (isRejection(sold)) throw new Error(sold.rejected);
    const back = venue.execute({ sell: 0, amount: sold.bought }, trader);
    if (isRejection(back)) throw new Error(back.rejected);
    const taken = [ranges.remove(one.range, near), ranges.remove(two.range, twice), ranges.remove(aside.range, above)];
    const gains = taken.map((amounts, i) => {
      if (isRejection(amounts)) throw new Error(amounts.rejected);
      const put = [one, two, aside][i];
      return amounts.base - put.base + (amounts.quote - put.quote);
    });
    // What the trader lost went to the three that were active: 10 parts in 13 to the first, 1 to near, 2 to twice.
    const lost = 2e12 - ledger.balance(trader, 0) - ledger.balance(trader, 1);
    expect(gains[0] / lost).toBeCloseTo(1 / 13, 2);
    expect(gains[1] / gains[0]).toBeCloseTo(2, 3);
    expect(Math.abs(gains[2])).toBeLessThanOrEqual(1);
  });

  it('lets the price go for nothing beyond its last range, sells no more than there is room for, and comes back', () => {
    const { venue, ledger } = pool({ base: 1e9, quote: 1e9, halfWidth: 0.1, tickSpacing: 1 });
    const room = venue.depth(0, 0.91);
    const fill = venue.execute({ sell: 0, amount: 1e12 }, OUTSIDE);
    if (isRejection(fill)) throw new Error(fill.rejected);
    expect(fill.sold).toBeGreaterThanOrEqual(room);
    expect(fill.sold).toBeLessThan(2.1e9);
    expect(venue.price()).toBeLessThan(1e-30);
    expect(ledger.balance(venue.account, 1)).toBeLessThanOrEqual(1);
    expect(venue.quote({ sell: 0, amount: 1e6 })).toMatchObject({ rejected: expect.stringMatching(/VENUE_EMPTY|VENUE_AMOUNT/) });
    venue.execute({ sell: 1, amount: 1e8 }, OUTSIDE);
    expect(venue.price()).toBeGreaterThan(0.9);
  });

  it('finds liquidity again that it left exactly at its bound, and counts it as above the price until then', () => {
    const made = pool({ base: 1e9, quote: 1.05e9, fee: 0 });
    const { venue } = made;
    const anna = wallet(made, 'anna');
    const put = rangesOf(made).add(anna, 1, 2, 1e9, 1e9);
    expect(isRejection(put)).toBe(false);
    const down = venue.execute({ sell: 0, amount: venue.depth(0, 1) }, OUTSIDE);
    if (isRejection(down)) throw new Error(down.rejected);
    expect(venue.price()).toBe(1);
    const late = rangesOf(made).add(anna, 1, 2, 1e9, 1e9);
    expect(late).toMatchObject({ quote: 0 });
    expect(isRejection(late) || rangesOf(made).remove(late.range, anna)).toMatchObject({ quote: 0 });
    // Up again costs what it brought on the way down, to a unit of each side's rounding.
    expect(Math.abs(venue.depth(1, 1.05) - down.bought)).toBeLessThanOrEqual(3);
  });

  /** What anybody may do, in millionths of the wallet and of the way between a tenth and ten times the price. */
  const part = fc.integer({ min: 1, max: 1_000_000 });
  const move = fc.record({
    kind: fc.constantFrom('sell-base', 'sell-quote', 'add', 'add', 'remove'),
    share: part,
    a: part,
    b: part,
    who: fc.boolean(),
  });
  type Move = typeof move extends fc.Arbitrary<infer M> ? M : never;

  function perform(made: VenueUnderTest, who: AccountId, { kind, share, a, b }: Move): void {
    const { ledger, venue } = made;
    const ranges = rangesOf(made);
    const units = (asset: number) => Math.floor((ledger.balance(who, asset) / 1e6) * share);
    const price = (millionths: number) => 10 ** ((2 * millionths) / 1e6 - 1);
    if (kind === 'add') ranges.add(who, price(Math.min(a, b)), price(Math.max(a, b)), units(0), units(1));
    else if (kind !== 'remove') venue.execute({ sell: kind === 'sell-base' ? 0 : 1, amount: units(kind === 'sell-base' ? 0 : 1) }, who);
    else {
      const own: number[] = [];
      ranges.rangesOf(who, (range) => own.push(range));
      if (own.length > 0) ranges.remove(own[share % own.length], who);
    }
  }

  function seen(made: VenueUnderTest, whose: readonly AccountId[]): unknown {
    const { ledger, venue } = made;
    const own: unknown[] = [];
    for (const who of whose) rangesOf(made).rangesOf(who, (...range) => own.push(range));
    const quotes = [0, 1].map((sell) => venue.quote({ sell, amount: 54_321 }));
    return {
      own,
      quotes,
      price: venue.price(),
      depth: venue.depth(0, 0.2),
      held: whose.map((who) => [0, 1].map((asset) => ledger.balance(who, asset))),
    };
  }

  it('owes its providers no more than it has, gives all of it back, and nobody gains from nothing', () => {
    fc.assert(
      fc.property(fc.array(move, { minLength: 2, maxLength: 40, size: 'max' }), fc.constantFrom(1, 10, 60), (moves, tickSpacing) => {
        const made = pool({ base: 1e9, quote: 1e9, halfWidth: 1, tickSpacing });
        const { ledger, venue } = made;
        const [anna, bert] = [wallet(made, 'anna'), wallet(made, 'bert')];
        for (const step of moves) {
          perform(made, step.who ? anna : bert, step);
          const owed = [0, 0];
          venue.claims((_, asset, units) => {
            owed[asset] += units;
          });
          for (const asset of [0, 1]) expect(owed[asset]).toBeLessThanOrEqual(ledger.balance(venue.account, asset));
        }
        for (const who of [anna, bert]) {
          const own: number[] = [];
          rangesOf(made).rangesOf(who, (range) => own.push(range));
          for (const range of own) expect(isRejection(rangesOf(made).remove(range, who))).toBe(false);
        }
        const gained = [0, 1].map((asset) => ledger.balance(anna, asset) + ledger.balance(bert, asset) - 2e12);
        expect(Math.min(...gained) >= 0 && Math.max(...gained) > 0).toBe(false);
        expect([ledger.total(0), ledger.total(1)]).toEqual([0, 0]);
      }),
    );
  });

  it('BUNDLE-1 undoing a bundle restores ranges, fees, depth and price', () => {
    const moves = (maxLength: number) => fc.array(move, { minLength: 1, maxLength, size: 'max' });
    fc.assert(
      fc.property(moves(12), moves(12), moves(12), (kept, undone, after) => {
        const [made, twin] = [0, 1].map(() => pool({ base: 1e9, quote: 1e9, halfWidth: 1, tickSpacing: 10 }));
        const both = [made, twin].map((one) => [wallet(one, 'anna'), wallet(one, 'bert')]);
        const play = (one: number, step: Move) => perform([made, twin][one], both[one][step.who ? 0 : 1], step);
        for (const step of kept) for (const one of [0, 1]) play(one, step);
        const before = seen(made, both[0]);
        made.ledger.journal.begin();
        for (const step of undone) play(0, step);
        made.ledger.journal.undo();
        expect(seen(made, both[0])).toEqual(before);
        // And goes on as if nothing had been.
        for (const step of after) for (const one of [0, 1]) play(one, step);
        expect(seen(made, both[0])).toEqual(seen(twin, both[1]));
      }),
    );
  });

  it('refuses what is no range, no amount, or nobody’s', () => {
    const made = pool({ base: 1e9, quote: 1e9 });
    const ranges = rangesOf(made);
    const anna = wallet(made, 'anna', 1_000);
    const before = seen(made, [anna]);
    for (const [low, high] of [
      [2, 1],
      [1, 1],
      [0, 1],
      [Number.NaN, 2],
      [1, Number.POSITIVE_INFINITY],
    ]) {
      expect(ranges.add(anna, low, high, 100, 100)).toMatchObject({ rejected: 'VENUE_PRICE' });
    }
    expect(ranges.add(anna, 2, 4, 0, 100)).toMatchObject({ rejected: 'VENUE_AMOUNT' });
    expect(ranges.add(anna, 0.5, 2, 0.5, 100)).toMatchObject({ rejected: 'VENUE_AMOUNT' });
    expect(ranges.add(anna, 0.5, 2, 1e6, 1e6)).toMatchObject({ rejected: 'WALLET_SHORT' });
    for (const range of [0, 1, 2, -1, 0.5, Number.NaN]) expect(ranges.remove(range, anna)).toMatchObject({ rejected: 'RANGE_NONE' });
    expect(seen(made, [anna])).toEqual(before);
  });
});
