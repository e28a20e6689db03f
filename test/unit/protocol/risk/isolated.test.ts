/** Isolated margin: what pays for what. */
import { describe, expect, it } from 'vitest';
import { createCross, crossParams } from '../../../../src/protocol/risk/cross.ts';
import { isolate, isolated } from '../../../../src/protocol/risk/isolated.ts';
import { blankHealth, type RiskEngine } from '../../../../src/protocol/risk/risk-engine.ts';
import { aContractWorld, PERP } from '../../../../src/study/validate/contract-world.ts';
import { termsOf } from '../../../../src/study/validate/default-terms.ts';
import { granted, refusal } from '../../../../src/study/validate/lending-world.ts';
import { aHandMadeBook, HAND_PERPETUALS, handMarks, handNeeds, type Row } from '../../../support/hand-made-books.ts';
import { defaultsOf } from '../../../support/part-defaults.ts';

const NEEDS = handNeeds(HAND_PERPETUALS);
const CROSS = createCross(defaultsOf(crossParams), NEEDS);
const SHARED = isolate(CROSS, NEEDS);
const DIVIDED = isolate(CROSS, NEEDS, false);
const NOTHING = [0, 0, 0];

/** Ten of each bought at 100 with so much cash beside; 5 % and 10 % of the notional are asked for. */
const longs = (cash: number): Row => ({ collateral: NOTHING, debt: NOTHING, sizes: [10, 10], entries: [1000, 1000], quote: cash - 2000 });

function assess(engine: RiskEngine, row: Row, prices: readonly number[]) {
  const { set, view } = aHandMadeBook(HAND_PERPETUALS);
  set(0, row);
  return engine.assess(view, 0, handMarks(prices, HAND_PERPETUALS), 'maintenance', blankHealth());
}

describe('isolated margin', () => {
  it('asks for the same as cross margin while nothing has gained more than it is asked for', () => {
    for (const prices of [
      [100, 100, 1],
      [104, 90, 1],
      [70, 80, 2],
    ]) {
      expect(assess(SHARED, longs(500), prices).required).toBeCloseTo(assess(CROSS, longs(500), prices).required, 9);
    }
  });

  it('lets no gain pay for a loss elsewhere, which cross margin does', () => {
    // One has gained 400 and asks for 70, the other lost 400 and asks for 60: 460 are needed in cash.
    const prices = [140, 60, 1];
    expect(assess(CROSS, longs(300), prices)).toMatchObject({ equity: 300, liquidatable: false });
    expect(assess(SHARED, longs(300), prices)).toMatchObject({ equity: 300, liquidatable: true });
    expect(assess(SHARED, longs(459), prices).liquidatable).toBe(true);
    expect(assess(SHARED, longs(461), prices).liquidatable).toBe(false);
    expect(assess(SHARED, longs(461), prices).required).toBeCloseTo(400 + 60, 9);
  });

  it('lets a gain pay once it is realised', () => {
    const realised: Row = { collateral: NOTHING, debt: NOTHING, sizes: [0, 10], entries: [0, 1000], quote: 300 + 400 - 1000 };
    expect(assess(SHARED, realised, [140, 60, 1]).liquidatable).toBe(false);
  });

  it('gives each underlying a share of the cash by what it cost, where cash is not shared', () => {
    const prices = [100, 75, 1];
    // The second has lost 250 and asks for 75: 325, of which half of the cash is to pay.
    expect(assess(SHARED, longs(400), prices).liquidatable).toBe(false);
    expect(assess(DIVIDED, longs(400), prices).liquidatable).toBe(true);
    expect(assess(DIVIDED, longs(649), prices).liquidatable).toBe(true);
    expect(assess(DIVIDED, longs(652), prices).liquidatable).toBe(false);
  });

  it('lets somebody open with what it asks for, who has gained nothing yet', () => {
    const { protocol, trader, size } = aContractWorld({ risk: (needs) => isolated.create(termsOf(isolated), needs) });
    const albert = trader('albert', { USD: 1000 });
    // 5 % to open at 2,000, and fills are rounded against the trader.
    expect(refusal(protocol.tradeContract(albert, PERP, size(10.01), 0))).toBe('HEALTH_INITIAL');
    granted(protocol.tradeContract(albert, PERP, size(9.99), 0));
  });

  it('judges loans as the engine does that it is made of', () => {
    const loan: Row = { collateral: [10, 0, 0], debt: [0, 5, 0], sizes: [0, 0], quote: 0 };
    expect(assess(SHARED, loan, [100, 100, 1])).toEqual(assess(CROSS, loan, [100, 100, 1]));
  });
});
