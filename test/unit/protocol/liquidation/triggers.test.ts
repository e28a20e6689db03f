/** Triggers: who is called when which price is reached. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TriggerHeap } from '../../../../src/protocol/liquidation/trigger-heap.ts';
import { createTriggers } from '../../../../src/protocol/liquidation/triggers.ts';
import { aHandMadeBook, HAND_PERPETUALS, handMarks, type Row, SETTLE } from '../../../support/hand-made-books.ts';

const NOTHING = [0, 0, 0];
const TENTH = { fall: 0.1, rise: 0.1, funding: 0.1 };

/** One account that waits for moves of a tenth, and whether it is called at other prices. */
function aWaiting(row: Partial<Row>, level = 1) {
  const book = aHandMadeBook(HAND_PERPETUALS);
  book.set(0, { collateral: NOTHING, debt: NOTHING, ...row });
  const triggers = createTriggers(3, HAND_PERPETUALS, SETTLE);
  triggers.advance(book.view, handMarks([100, 100, 1], HAND_PERPETUALS));
  expect(triggers.set(book.view, 0, TENTH, level)).toBe(true);
  const isCalled = (prices: readonly number[]) => {
    const out: number[] = [];
    triggers.advance(book.view, handMarks(prices, HAND_PERPETUALS));
    triggers.fire(out);
    return out.length > 0;
  };
  return { ...book, triggers, isCalled };
}

const UP = Math.exp(0.11);
const DOWN = Math.exp(-0.11);

describe('triggers', () => {
  it('wait for falls of what is held and rises of what is owed', () => {
    for (const [row, up, down] of [
      [{ collateral: [1, 0, 0] }, false, true],
      [{ debt: [1, 0, 0] }, true, false],
      [{ sizes: [1, 0] }, false, true],
      [{ sizes: [-1, 0] }, true, false],
      [{ collateral: [1, 0, 0], debt: [1, 0, 0] }, true, true],
    ] as const) {
      expect(aWaiting(row).isCalled([100 * UP, 100, 1])).toBe(up);
      expect(aWaiting(row).isCalled([100 * DOWN, 100, 1])).toBe(down);
      expect(aWaiting(row).isCalled([100, 200, 1])).toBe(false);
    }
  });

  it('wait for both above a level of 1', () => {
    expect(aWaiting({ sizes: [1, 0] }, 1.5).isCalled([100 * UP, 100, 1])).toBe(true);
    expect(aWaiting({ sizes: [-1, 0] }, 1.5).isCalled([100 * DOWN, 100, 1])).toBe(true);
  });

  it('have prices in the settlement asset: its rise is a fall of everything', () => {
    expect(aWaiting({ sizes: [1, 0] }).isCalled([100, 100, UP])).toBe(true);
    expect(aWaiting({ sizes: [1, 0] }).isCalled([100 * UP, 100, UP])).toBe(false);
  });

  it('are not reached by prices that go and come back', () => {
    const { isCalled } = aWaiting({ sizes: [1, 0] });
    for (let step = 0; step < 100; step++) expect(isCalled([step % 2 === 0 ? 91 : 109, 100, 1])).toBe(false);
  });

  it('count interest as a rise of what is owed, and funding by itself, which no price brings back', () => {
    const loan = aWaiting({ debt: [1, 0, 0] });
    loan.index[0] = UP;
    expect(loan.isCalled([100, 100, 1])).toBe(true);
    const trade = aWaiting({ sizes: [1, 0] });
    trade.funding[0] = 11;
    expect(trade.isCalled([150, 100, 1])).toBe(true);
  });

  it('are void once one was reached, and when others are set', () => {
    const { isCalled, triggers, view } = aWaiting({ collateral: [1, 1, 0] });
    expect(isCalled([80, 80, 1])).toBe(true);
    expect(isCalled([70, 70, 1])).toBe(false);
    expect(triggers.set(view, 0, TENTH, 1)).toBe(true);
    expect(isCalled([66, 66, 1])).toBe(false);
    triggers.clear(0);
    expect(isCalled([10, 10, 1])).toBe(false);
  });

  it('cannot be left where there never was a price, or on a rise from nothing', () => {
    const book = aHandMadeBook();
    book.set(0, { collateral: [1, 0, 0], debt: [0, 1, 0] });
    const triggers = createTriggers(3, [], -1);
    triggers.advance(book.view, Float64Array.from([Number.NaN, 1, 1]));
    expect(triggers.set(book.view, 0, TENTH, 1)).toBe(false);
    triggers.advance(book.view, Float64Array.from([1, 0, 1]));
    expect(triggers.set(book.view, 0, TENTH, 1)).toBe(false);
    triggers.advance(book.view, Float64Array.from([Number.NaN, 1, 1]));
    expect(triggers.set(book.view, 0, TENTH, 1)).toBe(true);
  });

  it('says what is no news, and when funding can no longer be told', () => {
    const { triggers, view, funding } = aWaiting({ sizes: [1, 0] });
    const marks = handMarks([100, 100, 1], HAND_PERPETUALS);
    expect(triggers.advance(view, marks)).toBe('same');
    expect(triggers.advance(view, handMarks([101, 100, 1], HAND_PERPETUALS))).toBe('moved');
    funding[0] = 1000;
    expect(triggers.advance(view, marks)).toBe('voided');
  });
});

describe('a heap of triggers', () => {
  it('fires exactly those of the present stamp up to a limit, each position once, as a list would', () => {
    const command = fc.record({ position: fc.nat(9), key: fc.integer({ min: 0, max: 100 }), void: fc.boolean() });
    fc.assert(
      fc.property(fc.array(command, { maxLength: 300 }), fc.integer({ min: 0, max: 100 }), (commands, limit) => {
        const stamps = { of: new Int32Array(10) };
        const heap = new TriggerHeap(stamps);
        const model = new Map<number, number[]>();
        for (const { position, key, void: voids } of commands) {
          if (voids) {
            stamps.of[position]++;
            model.delete(position);
          } else {
            heap.push(position, key);
            model.set(position, [...(model.get(position) ?? []), key]);
          }
        }
        const fired: number[] = [];
        heap.fire(limit, fired);
        const expected = [...model].filter(([, keys]) => keys.some((key) => key <= limit)).map(([position]) => position);
        expect(fired.sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
        heap.fire(limit, fired);
        expect(fired).toHaveLength(expected.length);
      }),
    );
  });
});
