import { describe, expect, it } from 'vitest';
import { type AccountsView, NO_CONTRACTS } from '../../../src/protocol/accounts-view.ts';
import { perpetual } from '../../../src/protocol/instrument/perpetual.ts';
import { createOdometer } from '../../../src/protocol/liquidation/odometer.ts';
import { PLAIN_PERPETUAL } from '../../../src/study/validate/contract-world.ts';

const PERP = perpetual.create(PLAIN_PERPETUAL, { name: 'perp', market: 0, decimals: 0, surface: { volatility: () => 1 } });
/** Funding that a unit of size has paid. */
let paid = 0;
const books: AccountsView = {
  ...NO_CONTRACTS,
  markets: [],
  contracts: [PERP],
  settle: 1,
  positions: 0,
  collateral: () => 0,
  debt: () => 0,
  debtShares: () => 0,
  totalDebt: () => 0,
  totalDebtShares: () => 0,
  debtIndex: () => 1,
  fundingIndexOf: () => paid,
};

function anOdometer() {
  paid = 0;
  const odometer = createOdometer(2, [PERP]);
  /** Marks of collateral, settlement asset and perpetual. */
  const marks = new Float64Array([1, 1, 1]);
  const read = () => odometer.advance(books, marks, true);
  read();
  return { odometer, marks, read };
}

describe('the odometer of accounts of contracts', () => {
  it('counts what funding takes of a value on top of what the mark takes of it', () => {
    const { odometer, marks, read } = anOdometer();
    const before = odometer.reading;
    marks[2] = 0.8;
    paid = 0.1;
    expect(read()).toBe('moved');
    // A long loses 0.2 of 1, and then an eighth of 0.8.
    expect(odometer.reading - before).toBeGreaterThanOrEqual(Math.log((1 / 0.8) * (1 + 0.1 / 0.8)));
  });

  it('counts funding whoever receives it, and when it is taken back', () => {
    const { odometer, read } = anOdometer();
    for (const next of [-0.1, 0.05, -0.2]) {
      const [before, was] = [odometer.reading, paid];
      paid = next;
      read();
      expect(odometer.reading - before).toBeGreaterThanOrEqual(Math.log(1 + Math.abs(next - was)));
    }
  });

  it('begins anew where a part cannot be told: no bound of before means anything then', () => {
    for (const [market, mark] of [
      [1, Number.NaN],
      [2, Number.NaN],
      [2, 0],
    ]) {
      const { odometer, marks, read } = anOdometer();
      marks[market] = mark;
      read();
      paid = 0.3;
      expect(read()).toBe('restarted');
      expect(odometer.reading).toBe(0);
      // It goes on from there: what was begun anew for is not counted again, and what follows is.
      marks[market] = 1;
      read();
      const before = odometer.reading;
      paid = 0.4;
      expect(read()).toBe('moved');
      expect(odometer.reading - before).toBeGreaterThanOrEqual(Math.log(1.1));
      expect(odometer.reading - before).toBeLessThan(Math.log(1.1) + 1e-9);
    }
  });
});
