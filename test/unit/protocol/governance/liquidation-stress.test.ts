import { describe, expect, it } from 'vitest';
import { closedAfterMove, soldAfterFall } from '../../../../src/protocol/governance/liquidation-stress.ts';
import {
  aHandMadeBook,
  type Books,
  HAND_MARKETS,
  HAND_OPTIONS,
  HAND_PERPETUALS,
  handMarks,
  type Row,
} from '../../../support/hand-made-books.ts';

const NOTHING = [0, 0, 0];
const BONUS = 0.05;

/** Accounts of loans, all prices 1. */
function loans(...rows: Row[]): Books {
  const books = aHandMadeBook();
  for (const [position, row] of rows.entries()) books.set(position, row);
  return books;
}

describe('what would be sold after a fall', () => {
  const marks = handMarks([1, 1, 1]);
  const row = (collateral: number, debt: number): Row => ({ collateral: [collateral, 0, 0], debt: [0, debt, 0] });

  it('is, of who would be below the threshold, what pays the debt and the bonus at the fallen mark, and no more than is there', () => {
    // They count 85; after the fall 68.
    const { view } = loans(row(100, 60), row(100, 70), row(100, 84));
    expect(soldAfterFall(view, marks, 0, 0.8)).toBeCloseTo((70 * (1 + BONUS)) / 0.8 + 100, 9);
    expect(soldAfterFall(view, marks, 0, 1)).toBe(0);
  });

  it('leaves alone what the others hold, and whoever owes nothing', () => {
    const { view } = loans({ collateral: [0, 100, 0], debt: [60, 0, 0] }, row(100, 0));
    expect(soldAfterFall(view, marks, 0, 0.01)).toBe(0);
  });

  it('counts the collateral of an account of a category at the threshold of the category, before the fall and in it', () => {
    const markets = HAND_MARKETS.map((market, index) => {
      return { ...market, params: { ...market.params, category: index < 2 ? 1 : 0, categoryThreshold: 0.95 } };
    });
    const { view } = loans(row(100, 80));
    const categorised = { ...view, markets };
    // It counts 95, and 85.5 and 79.8 after the falls: at 0.85 it would be sold by the first, and with the fall at 0.85 not by the second.
    expect(soldAfterFall(categorised, marks, 0, 0.9)).toBe(0);
    expect(soldAfterFall(categorised, marks, 0, 0.84)).toBeCloseTo((80 * (1 + BONUS)) / 0.84, 9);
    // Whoever owes something else is in no category.
    const outside = { ...loans({ collateral: [100, 0, 0], debt: [0, 0, 80] }).view, markets };
    expect(soldAfterFall(outside, marks, 0, 0.9)).toBeCloseTo((80 * (1 + BONUS)) / 0.9, 9);
  });
});

describe('what would be closed after a move', () => {
  const contracts = [...HAND_PERPETUALS, ...HAND_OPTIONS];
  const PERP = 0;
  const marks = handMarks([100, 100, 1], contracts);
  const call = marks[3 + 2];
  /** Holds sizes of the first perpetual and of the call, and owes cash. */
  const account = (perp: number, calls: number, quote: number) => {
    const books = aHandMadeBook(contracts);
    books.set(0, { collateral: NOTHING, debt: NOTHING, sizes: [perp, 0, calls, 0], quote });
    return books.view;
  };

  it('is longs after a fall and shorts after a rise, with a twentieth of the notional as margin', () => {
    const books = aHandMadeBook(contracts);
    // 100 less 60, and 150 less 100: margin is 5, so that the first bears 35 and the second 45.
    books.set(0, { collateral: NOTHING, debt: NOTHING, sizes: [1, 0, 0, 0], quote: -60 });
    books.set(1, { collateral: NOTHING, debt: NOTHING, sizes: [-1, 0, 0, 0], quote: 150 });
    expect(closedAfterMove(books.view, marks, PERP, 0.34)).toEqual({ longs: 0, shorts: 0 });
    expect(closedAfterMove(books.view, marks, PERP, 0.36)).toEqual({ longs: 1, shorts: 0 });
    expect(closedAfterMove(books.view, marks, PERP, 0.46)).toEqual({ longs: 1, shorts: 1 });
    expect(closedAfterMove(books.view, marks, 1, 0.99)).toEqual({ longs: 0, shorts: 0 });
  });

  it('asks no margin for options that were bought, and counts nothing for them', () => {
    const bought = account(1, 10, -60);
    expect(10 * call).toBeGreaterThan(100);
    expect(closedAfterMove(bought, marks, PERP, 0.34)).toEqual({ longs: 0, shorts: 0 });
    expect(closedAfterMove(bought, marks, PERP, 0.36)).toEqual({ longs: 1, shorts: 0 });
  });

  it('asks margin for options that were sold, of the mark of their underlying', () => {
    // 100 less 20 and less the call: margin is 5 and 5.
    const sold = account(1, -1, -20);
    const borne = (100 - 20 - call - 10) / 100;
    expect(closedAfterMove(sold, marks, PERP, borne - 0.01).longs).toBe(0);
    expect(closedAfterMove(sold, marks, PERP, borne + 0.01).longs).toBe(1);
  });
});
