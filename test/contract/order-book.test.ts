/** The order book keeps the contract of venues, and what only a book promises. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRejection } from '../../src/base/rejection.ts';
import type { AccountId, Units } from '../../src/base/units.ts';
import { createAssets } from '../../src/ledger/assets.ts';
import { Journal } from '../../src/ledger/journal.ts';
import { Ledger, OUTSIDE } from '../../src/ledger/ledger.ts';
import type { Book, OrderKind, Placed } from '../../src/market/book.ts';
import { orderBook } from '../../src/market/order-book.ts';
import type { Fill } from '../../src/market/venue.ts';
import { type VenueUnderTest, venueContract } from './venue.ts';

const BASE = 0;
const QUOTE = 1;
const LEVELS = 20;

interface Terms {
  readonly tick?: number;
  readonly lot?: number;
  readonly fee?: number;
  readonly makerFee?: number;
}

function empty({ tick = 1, lot = 1, fee = 0, makerFee = 0 }: Terms = {}) {
  const assets = createAssets(['ETH', 'USD', 'INV'].map((asset) => ({ name: asset, decimals: 0 })));
  const ledger = new Ledger(assets, new Journal());
  const met: string[] = [];
  const venue = orderBook.create(
    { base: BASE, quote: QUOTE, tick, lot, fee, makerFee },
    {
      name: 'book',
      ledger,
      startPrice: () => 1,
      filled: (maker, base, quote, price) => met.push(`${ledger.names[maker]} ${base} ${quote} at ${price}`),
    },
  );
  const book = venue.book as Book;
  const open = (name: string, base: Units, quote: Units): AccountId => {
    const account = ledger.open(name, 'trader');
    ledger.transfer(OUTSIDE, account, BASE, base);
    ledger.transfer(OUTSIDE, account, QUOTE, quote);
    return account;
  };
  const place = (owner: AccountId, sell: number, amount: Units, price: number, kind: OrderKind = 'limit') =>
    book.place({ sell, amount, price, kind }, owner);
  return { ledger, venue, book, open, place, met };
}

/** A ladder of twenty orders a side that hold these reserves, around the price that they have to each other. */
function ladder({ base, quote }: { base: Units; quote: Units }, fees: Terms = {}): VenueUnderTest {
  const price = base > 0 ? quote / base : 1;
  // About a thousand ticks to the price, and a whole number of quote units to a lot at the first.
  const lot = Math.max(1, Math.ceil(1_000 / price));
  const step = Math.max(1, Math.round((price * lot) / 1_000));
  const made = empty({ ...fees, lot, tick: step / lot });
  const maker = made.open('maker', base, quote);
  for (let level = 1; base > 0 && level <= LEVELS; level++) {
    made.place(maker, BASE, Math.floor(base / LEVELS), price * (1 + 0.01 * level));
    made.place(maker, QUOTE, Math.floor(quote / LEVELS), price * (1 - 0.01 * level));
  }
  return made;
}

venueContract('order book', ladder, { pool: false });
venueContract('order book with fees', (reserves) => ladder(reserves, { fee: 0.001, makerFee: 0.0005 }), { pool: false });

describe('an order book', () => {
  it('meets the better price first, and at one price who came first, each at the price of the resting order', () => {
    const { open, place, met, venue, ledger } = empty();
    const [anna, bert, carl, mary] = ['anna', 'bert', 'carl', 'mary'].map((name) => open(name, 1_000, 100_000));
    place(anna, BASE, 10, 101);
    place(bert, BASE, 10, 100);
    place(carl, BASE, 10, 100);
    // Two thousand for twenty, and four more for 404: the rest buys no whole one.
    expect(venue.execute({ sell: QUOTE, amount: 2_490 }, mary)).toEqual({ sold: 2_404, bought: 24 } satisfies Fill);
    expect(met).toEqual(['bert -10 1000 at 100', 'carl -10 1000 at 100', 'anna -4 404 at 101']);
    expect(ledger.balance(anna, QUOTE)).toBe(100_404);
  });

  it('lets a limit order take what crosses and rest with the remainder', () => {
    const { open, place, book, venue, ledger } = empty();
    const [anna, bert] = [open('anna', 100, 0), open('bert', 0, 10_000)];
    place(anna, BASE, 5, 90);
    const placed = place(bert, QUOTE, 1_000, 100) as Placed;
    expect(placed.filled).toEqual({ sold: 450, bought: 5 });
    // Ten lots at his limit are worth 1,000; five of them rest.
    expect([book.bestBid(), book.restingAt(100), ledger.balance(bert, QUOTE), ledger.balance(venue.account, QUOTE)]).toEqual([
      100, 5, 9_050, 500,
    ]);
    expect(book.cancel(placed.order, anna)).toMatchObject({ rejected: 'BOOK_NONE' });
    expect(book.cancel(placed.order, bert)).toBe(undefined);
    expect(ledger.balance(bert, QUOTE)).toBe(9_550);
    expect(book.cancel(placed.order, bert)).toMatchObject({ rejected: 'BOOK_NONE' });
  });

  it('cancels what an ioc order has not got, and refuses a post-only one that would be filled', () => {
    const { open, place, book } = empty();
    const [anna, bert] = [open('anna', 100, 0), open('bert', 0, 10_000)];
    place(anna, BASE, 5, 90);
    expect(place(bert, QUOTE, 1_000, 90, 'post-only')).toMatchObject({ rejected: 'BOOK_CROSSES' });
    expect(place(bert, QUOTE, 1_000, 100, 'ioc')).toMatchObject({ filled: { bought: 5 }, order: 0 });
    expect(book.bestBid()).toBeNaN();
    expect(place(bert, QUOTE, 1_000, 89, 'post-only')).toMatchObject({ filled: { bought: 0 } });
    expect(book.bestBid()).toBe(89);
  });

  it('never lets anybody trade with himself', () => {
    const { open, place, venue } = empty();
    const [anna, bert] = [open('anna', 1_000, 100_000), open('bert', 1_000, 100_000)];
    place(bert, BASE, 5, 90);
    place(anna, BASE, 5, 91);
    expect(place(anna, QUOTE, 2_000, 95)).toMatchObject({ rejected: 'BOOK_SELF' });
    expect(venue.execute({ sell: QUOTE, amount: 2_000 }, anna)).toMatchObject({ rejected: 'BOOK_SELF' });
    expect(venue.execute({ sell: QUOTE, amount: 450 }, anna)).toMatchObject({ bought: 5 });
  });

  it('rounds a buyer’s price down to a tick and a seller’s up, and knows a price of the grid', () => {
    const { open, place, book } = empty({ tick: 0.1, lot: 10 });
    const anna = open('anna', 1_000, 100_000);
    place(anna, QUOTE, 1_000, 1.99);
    place(anna, BASE, 10, 2.71);
    expect([book.bestBid(), book.bestAsk()]).toEqual([expect.closeTo(1.9, 12), expect.closeTo(2.8, 12)]);
    place(anna, QUOTE, 1_000, 0.3);
    expect(book.restingAt(0.3)).toBeGreaterThan(0);
    expect(place(anna, QUOTE, 1_000, 0.05)).toMatchObject({ rejected: 'VENUE_PRICE' });
    expect(place(anna, BASE, 10, 1e9)).toMatchObject({ rejected: 'VENUE_PRICE' });
    expect(place(anna, BASE, 9, 3)).toMatchObject({ rejected: 'VENUE_AMOUNT' });
    expect(place(anna, BASE, 5_000, 3)).toMatchObject({ rejected: 'WALLET_SHORT' });
  });

  it('takes fees from what each side receives, rounded up, and keeps them', () => {
    const { open, place, venue, ledger } = empty({ fee: 0.01, makerFee: 0.001 });
    const [anna, mary] = [open('anna', 1_000, 0), open('mary', 0, 100_000)];
    place(anna, BASE, 150, 100);
    venue.execute({ sell: QUOTE, amount: 15_050 }, mary);
    expect([ledger.balance(mary, BASE), ledger.balance(anna, QUOTE)]).toEqual([150 - 2, 15_000 - 15]);
    expect([ledger.balance(venue.account, BASE), ledger.balance(venue.account, QUOTE)]).toEqual([2, 15]);
  });

  it('is priced in the middle, at the last trade with one side only, and not before any', () => {
    const { open, place, venue } = empty();
    const [anna, mary] = [open('anna', 100, 10_000), open('mary', 100, 10_000)];
    expect(venue.price()).toBeNaN();
    place(anna, BASE, 5, 103);
    expect(venue.price()).toBeNaN();
    place(anna, QUOTE, 500, 100);
    expect(venue.price()).toBe(101.5);
    venue.execute({ sell: QUOTE, amount: 515 }, mary);
    expect(venue.price()).toBe(103);
    expect(venue.depth(BASE, 100)).toBe(5);
    expect(venue.depth(BASE, 100.5)).toBe(0);
    expect(venue.depth(QUOTE, 1_000)).toBe(0);
  });

  it('holds exactly what its orders offer, whatever happens', () => {
    const step = fc.record({
      who: fc.nat(2),
      buys: fc.boolean(),
      amount: fc.integer({ min: 1, max: 3_000 }),
      price: fc.integer({ min: 80, max: 120 }),
      what: fc.constantFrom<OrderKind | 'cancel' | 'swap'>('limit', 'limit', 'ioc', 'post-only', 'cancel', 'swap'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const { open, place, book, venue, ledger } = empty();
        const people = ['anna', 'bert', 'carl'].map((name) => open(name, 10_000, 1_000_000));
        for (const { who, buys, amount, price, what } of steps) {
          const sell = buys ? QUOTE : BASE;
          if (what === 'cancel') {
            const own: number[] = [];
            book.ordersOf(people[who], (order) => own.push(order));
            if (own.length > 0) expect(isRejection(book.cancel(own[amount % own.length], people[who]))).toBe(false);
          } else if (what === 'swap') venue.execute({ sell, amount: buys ? amount * 100 : amount }, people[who]);
          else place(people[who], sell, buys ? amount * 100 : amount, price, what);
          const held = [0, 0];
          venue.claims((_, asset, units) => {
            held[asset] += units;
          });
          expect(held).toEqual([ledger.balance(venue.account, BASE), ledger.balance(venue.account, QUOTE)]);
          expect([ledger.total(BASE), ledger.total(QUOTE)]).toEqual([0, 0]);
          if (book.bestBid() >= 0 && book.bestAsk() >= 0) expect(book.bestBid()).toBeLessThan(book.bestAsk());
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is as it was when a bundle is undone', () => {
    const { open, place, book, venue, ledger } = empty();
    const [anna, mary] = [open('anna', 1_000, 100_000), open('mary', 1_000, 100_000)];
    place(anna, BASE, 50, 101);
    place(anna, QUOTE, 5_000, 99);
    const seen = () => {
      const orders: unknown[] = [];
      for (const who of [anna, mary]) book.ordersOf(who, (...order) => orders.push(order));
      return [orders, venue.price(), ledger.balance(anna, QUOTE), ledger.balance(mary, BASE), ledger.balance(venue.account, BASE)];
    };
    const before = seen();
    ledger.journal.begin();
    place(mary, QUOTE, 3_030, 101);
    place(mary, BASE, 10, 120);
    venue.execute({ sell: BASE, amount: 20 }, mary);
    book.ordersOf(anna, (order) => book.cancel(order, anna));
    ledger.journal.undo();
    expect(seen()).toEqual(before);
  });

  it('is no pool, and no book without a grid in units', () => {
    const { venue, open } = empty();
    const anna = open('anna', 10, 10);
    expect(venue.addLiquidity(anna, 1, 1)).toMatchObject({ rejected: 'VENUE_NO_POOL' });
    expect(venue.removeLiquidity(anna, 1)).toMatchObject({ rejected: 'VENUE_NO_POOL' });
    expect(() => empty({ tick: 0.5 })).toThrow(/BOOK_GRID/);
    const site = { start: () => 1, decimals: () => 2 };
    const opening = (over: object) => orderBook.opening?.({ base: 'ETH', quote: 'USD', tick: 0.01, lot: 1, ...over } as never, site);
    expect(opening({})).toEqual({ base: 0, quote: 0 });
    expect(opening({ lot: 0.001 })).toMatchObject([{ param: 'lot' }]);
    expect(opening({ tick: 0.001 })).toMatchObject([{ param: 'tick' }]);
  });
});
