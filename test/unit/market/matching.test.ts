/** The matching core against a book on paper, and its promises: price-time priority, no crossed book, nothing lost, undone whole. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Journal } from '../../../src/ledger/journal.ts';
import { BUY, Matching, SELL, type Side, TICKS_MAX } from '../../../src/market/matching.ts';
import { NaiveBook } from '../../support/naive-book.ts';

interface Step {
  readonly kind: 'limit' | 'take' | 'cancel';
  readonly owner: number;
  readonly side: Side;
  readonly tick: number;
  readonly lots: number;
  /** Of the orders placed so far, the one that is cancelled. */
  readonly which: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('limit', 'limit', 'take', 'cancel'),
  owner: fc.nat(3),
  side: fc.constantFrom<Side>(BUY, SELL),
  tick: fc.oneof({ weight: 99, arbitrary: fc.integer({ min: 90, max: 110 }) }, { weight: 1, arbitrary: fc.nat(TICKS_MAX - 1) }),
  lots: fc.integer({ min: 1, max: 20 }),
  which: fc.nat(1_000),
});
const steps = fc.array(step, { minLength: 1, maxLength: 120, size: 'max' });

/** Both books after the same steps, with what takers got of each. */
function both(all: readonly Step[], journal = new Journal()) {
  const book = new Matching(journal);
  const paper = new NaiveBook();
  const ids: [number, number][] = [];
  const heard: string[][] = [[], []];
  /** Lots that were put to rest, and taken back. */
  const lotsOf = { placed: 0, cancelled: 0 };
  const play = ({ kind, owner, side, tick, lots, which }: Step) => {
    const hear = (i: number) => (maker: number, at: number, got: number) => heard[i].push(`${maker} ${at} ${got}`);
    if (kind === 'cancel') {
      if (ids.length > 0) {
        const [id, number] = ids[which % ids.length];
        const back = book.cancel(id);
        expect(back).toBe(paper.cancel(number));
        lotsOf.cancelled += Math.max(0, back);
      }
      return;
    }
    const got = book.take(owner, side, tick, lots, hear(0));
    expect(paper.take(owner, side, tick, lots, hear(1))).toBe(got);
    if (kind === 'limit' && got < lots && !book.crosses(side, tick)) {
      lotsOf.placed += lots - got;
      ids.push([book.place(owner, side, tick, lots - got), paper.place(owner, side, tick, lots - got)]);
    }
  };
  for (const one of all) play(one);
  return { book, paper, heard, ids, lotsOf, play };
}

/** Everything that can be seen of a book. */
function seen(book: Matching): unknown {
  const levels = (side: Side) => {
    const found: [number, number][] = [];
    for (let tick = side === BUY ? book.bestBid : book.bestAsk; tick >= 0; tick = book.beyond(side, tick))
      found.push([tick, book.lotsAt(tick)]);
    return found;
  };
  const own = (owner: number) => {
    const found: unknown[] = [];
    for (let id = book.nextOf(owner, 0); id !== 0; id = book.nextOf(owner, id))
      found.push([id, book.sideOf(id), book.tickOf(id), book.lotsOf(id)]);
    return found;
  };
  return { bids: levels(BUY), asks: levels(SELL), orders: [0, 1, 2, 3].map(own) };
}

describe('a matching core', () => {
  it('fills as a book on paper does: same makers, prices and lots, in the same order', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { book, paper, heard } = both(all);
        expect(heard[0]).toEqual(heard[1]);
        expect([book.bestBid, book.bestAsk]).toEqual([paper.best(BUY), paper.best(SELL)]);
        for (const { tick } of all) expect(book.lotsAt(tick)).toBe(paper.lotsAt(tick));
      }),
      { numRuns: 150 },
    );
  });

  it('lists levels from the best on, and the orders of each owner', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { book, paper } = both(all);
        const { bids, asks, orders } = seen(book) as {
          bids: [number, number][];
          asks: [number, number][];
          orders: [number, Side, number, number][][];
        };
        for (const [side, levels] of [
          [BUY, bids],
          [SELL, asks],
        ] as const) {
          const ticks = [...new Set(paper.side(side).map(({ tick }) => tick))];
          expect(levels).toEqual(ticks.map((tick) => [tick, paper.lotsAt(tick)]));
        }
        for (const [owner, own] of orders.entries()) {
          const expected = paper.orders.filter((order) => order.owner === owner).sort((a, b) => b.number - a.number);
          expect(own.map(([, side, tick, lots]) => [side, tick, lots])).toEqual(expected.map(({ side, tick, lots }) => [side, tick, lots]));
          for (const [id] of own) expect(book.ownerOf(id)).toBe(owner);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('is never crossed, and loses no lot', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { book, heard, ids, lotsOf } = both(all);
        if (book.bestBid >= 0 && book.bestAsk >= 0) expect(book.bestBid).toBeLessThan(book.bestAsk);
        const filled = heard[0].reduce((sum, line) => sum + Number(line.split(' ')[2]), 0);
        const left = ids.reduce((sum, [id]) => sum + Math.max(0, book.cancel(id)), 0);
        expect([book.bestBid, book.bestAsk]).toEqual([-1, -1]);
        expect(filled + lotsOf.cancelled + left).toBe(lotsOf.placed);
      }),
      { numRuns: 100 },
    );
  });

  it('is as it was when a bundle is undone, whatever was done in it', () => {
    fc.assert(
      fc.property(steps, steps, (kept, undone) => {
        const journal = new Journal();
        const { book, play } = both(kept, journal);
        const before = seen(book);
        journal.begin();
        for (const { kind, owner, side, tick, lots } of undone) {
          const got = kind === 'cancel' ? 0 : book.take(owner, side, tick, lots, () => undefined);
          if (kind === 'cancel') book.cancel(book.nextOf(owner, 0));
          else if (got < lots && !book.crosses(side, tick)) book.place(owner, side, tick, lots - got);
        }
        journal.undo();
        expect(seen(book)).toEqual(before);
        // And it goes on from there.
        play({ kind: 'limit', owner: 0, side: BUY, tick: 1, lots: 1, which: 0 });
      }),
      { numRuns: 100 },
    );
  });

  it('does not take an order for a later one in its slot', () => {
    const book = new Matching(new Journal());
    const first = book.place(1, BUY, 10, 5);
    expect(book.cancel(first)).toBe(5);
    const second = book.place(2, BUY, 10, 7);
    expect(second).not.toBe(first);
    expect([book.cancel(first), book.ownerOf(first), book.ownerOf(second), book.cancel(0), book.cancel(-5)]).toEqual([-1, -1, 2, -1, -1]);
  });

  it('stops a taker at its own order', () => {
    const book = new Matching(new Journal());
    book.place(1, SELL, 10, 5);
    book.place(2, SELL, 10, 5);
    book.place(1, SELL, 11, 5);
    expect(book.take(2, BUY, 20, 100, () => undefined)).toBe(5);
    expect([book.bestAsk, book.lotsAt(10)]).toEqual([10, 5]);
  });
});
