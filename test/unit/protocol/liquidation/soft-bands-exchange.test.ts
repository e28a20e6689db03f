import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Journal } from '../../../../src/ledger/journal.ts';
import type { SetCell } from '../../../../src/protocol/liquidation/set-cell.ts';
import {
  collateralIn,
  createSoftBands,
  placeBands,
  type SoftBands,
  stableDownOf,
  stableIn,
} from '../../../../src/protocol/liquidation/soft-bands.ts';
import type { Bought } from '../../../../src/protocol/liquidation/soft-bands-amounts.ts';
import { upperEdge } from '../../../../src/protocol/liquidation/soft-bands-curve.ts';
import { type BandFill, exchangeBands, quoteBands } from '../../../../src/protocol/liquidation/soft-bands-exchange.ts';
import { priceNow } from '../../../support/band-price.ts';
import { propertyRuns } from '../../../support/property-runs.ts';

const runs = { numRuns: propertyRuns(100, 5000) };
const PURSE = 2 ** 52;
const set: SetCell = (column, index, value) => {
  column.data[index] = value;
};

interface Loan {
  amplification: number;
  feeMillionths: number;
  count: number;
  basePrice: number;
  collateral: number;
}

function aPosition({ amplification, feeMillionths, count, basePrice, collateral }: Loan): SoftBands {
  const bands = createSoftBands({ amplification, feeMillionths, width: 50 });
  placeBands(bands, 0, { first: 0, count, basePrice }, collateral, set);
  return bands;
}

/** Trades until the price of the bands is the oracle's, whichever way that is: an arbitrageur that does not mind the fee. */
function arbitrage(bands: SoftBands, oracle: number): BandFill {
  const bought: Bought = priceNow(bands, 0, oracle) < oracle ? 'collateral' : 'stable';
  return exchangeBands(bands, { position: 0, bought, oracle, purse: PURSE, limit: oracle }, set);
}

const loans = fc.record({
  amplification: fc.constantFrom(10, 50, 100, 200),
  feeMillionths: fc.constantFrom(0, 1, 6000, 30_000),
  count: fc.integer({ min: 4, max: 12 }),
  basePrice: fc.oneof(fc.constant(1), fc.double({ min: 1e-3, max: 1e3, noNaN: true })),
  collateral: fc.oneof(fc.integer({ min: 50, max: 5000 }), fc.integer({ min: 50, max: 1e12 })),
});
/** Where the oracle stands: 0 at the lower end of the bands, 1 at the upper; beyond both. */
const places = fc.double({ min: -0.5, max: 1.5, noNaN: true });
const inside = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const orders = fc.record({ bought: fc.constantFrom<Bought>('collateral', 'stable'), part: fc.double({ min: 0, max: 1, noNaN: true }) });

function oracleAt(loan: Loan, place: number): number {
  const end = upperEdge(loan.basePrice, loan.amplification, loan.count);
  return end * (loan.basePrice / end) ** place;
}

/** `part` of what the whole collateral is worth at the oracle, in what is paid: amounts that the bands can take. */
function purseFor(loan: Loan, oracle: number, { bought, part }: { bought: Bought; part: number }): number {
  return Math.max(1, Math.floor(loan.collateral * part * part * (bought === 'collateral' ? oracle : 1)));
}

describe('a trade with the bands of a position', () => {
  it('does what its quote said, moves what it says to the unit, and pays no more than its purse', () => {
    fc.assert(
      fc.property(loans, fc.array(fc.tuple(places, orders), { maxLength: 6 }), (loan, steps) => {
        const bands = aPosition(loan);
        for (const [place, order] of steps) {
          const oracle = oracleAt(loan, place);
          const full = { position: 0, bought: order.bought, oracle, purse: purseFor(loan, oracle, order) };
          const [x, y] = [stableIn(bands, 0), collateralIn(bands, 0)];
          const quote = quoteBands(bands, full);
          expect([stableIn(bands, 0), collateralIn(bands, 0)]).toEqual([x, y]);
          const fill = exchangeBands(bands, full, set);
          expect(fill).toEqual(quote);
          expect(fill.paid).toBeLessThanOrEqual(full.purse);
          expect(fill.given === 0).toBe(fill.paid === 0);
          const [dx, dy] = order.bought === 'collateral' ? [fill.paid, -fill.given] : [-fill.given, fill.paid];
          expect([stableIn(bands, 0), collateralIn(bands, 0)]).toEqual([x + dx, y + dy]);
        }
      }),
      runs,
    );
  });

  it('never gains by going to and fro at one reading', () => {
    fc.assert(
      fc.property(loans, places, places, fc.array(orders, { minLength: 2, maxLength: 8 }), (loan, before, place, steps) => {
        const bands = aPosition(loan);
        arbitrage(bands, oracleAt(loan, before));
        const oracle = oracleAt(loan, place);
        const [x, y] = [stableIn(bands, 0), collateralIn(bands, 0)];
        for (const order of steps) {
          exchangeBands(bands, { position: 0, bought: order.bought, oracle, purse: purseFor(loan, oracle, order) }, set);
          // Whoever has more of one asset than at first has less of the other.
          const [gainX, gainY] = [x - stableIn(bands, 0), y - collateralIn(bands, 0)];
          expect(gainX <= 0 || gainY < 0).toBe(true);
          expect(gainY <= 0 || gainX < 0).toBe(true);
        }
      }),
      { numRuns: propertyRuns(300, 20000) },
    );
  });

  it('gets back less than it paid when it sells at once what it bought', () => {
    fc.assert(
      fc.property(loans, places, places, orders, (loan, before, place, order) => {
        const bands = aPosition(loan);
        arbitrage(bands, oracleAt(loan, before));
        const oracle = oracleAt(loan, place);
        const there = exchangeBands(bands, { position: 0, bought: order.bought, oracle, purse: purseFor(loan, oracle, order) }, set);
        const other: Bought = order.bought === 'collateral' ? 'stable' : 'collateral';
        const back = exchangeBands(bands, { position: 0, bought: other, oracle, purse: there.given }, set);
        expect(back.given).toBeLessThanOrEqual(there.paid);
        expect(back.paid).toBeLessThanOrEqual(there.given);
      }),
      runs,
    );
  });

  it('gets no less for more', () => {
    fc.assert(
      fc.property(loans, places, places, orders, fc.integer({ min: 1, max: 1000 }), (loan, before, place, order, more) => {
        const bands = aPosition(loan);
        arbitrage(bands, oracleAt(loan, before));
        const oracle = oracleAt(loan, place);
        const purse = purseFor(loan, oracle, order);
        const less = quoteBands(bands, { position: 0, bought: order.bought, oracle, purse });
        expect(quoteBands(bands, { position: 0, bought: order.bought, oracle, purse: purse + more }).given).toBeGreaterThanOrEqual(
          less.given,
        );
      }),
      runs,
    );
  });

  it('LIQ-3 split at one instant never gets more', () => {
    fc.assert(
      fc.property(
        loans,
        places,
        places,
        orders,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 }),
        (loan, before, place, order, cuts) => {
          const bands = aPosition(loan);
          arbitrage(bands, oracleAt(loan, before));
          const oracle = oracleAt(loan, place);
          const purse = purseFor(loan, oracle, order);
          const whole = quoteBands(bands, { position: 0, bought: order.bought, oracle, purse });
          let left = purse;
          let given = 0;
          for (const cut of [...cuts, 1]) {
            const part = exchangeBands(bands, { position: 0, bought: order.bought, oracle, purse: Math.floor(left * cut) }, set);
            left -= part.paid;
            given += part.given;
          }
          expect(given).toBeLessThanOrEqual(whole.given);
        },
      ),
      { numRuns: propertyRuns(300, 20000) },
    );
  });

  it('is taken back with its bundle', () => {
    const bands = aPosition({ amplification: 100, feeMillionths: 6000, count: 10, basePrice: 1, collateral: 1e9 });
    const journal = new Journal();
    const write: SetCell = (column, index, value) => journal.set(column, index, value);
    const before = [Array.from(bands.x.data), Array.from(bands.y.data)];
    journal.begin();
    const fill = exchangeBands(bands, { position: 0, bought: 'collateral', oracle: 0.95, purse: PURSE, limit: 0.95 }, write);
    expect(fill.given).toBeGreaterThan(1e8);
    journal.undo();
    expect([Array.from(bands.x.data), Array.from(bands.y.data)]).toEqual(before);
  });

  it('finds nothing where there are no bands', () => {
    const bands = createSoftBands({ amplification: 100, feeMillionths: 0, width: 50 });
    expect(quoteBands(bands, { position: 5, bought: 'stable', oracle: 1, purse: 100 })).toEqual({ paid: 0, given: 0 });
  });
});

describe('arbitrage to the oracle', () => {
  it('leaves all stable below the lowest band and all collateral above the highest', () => {
    fc.assert(
      fc.property(loans, fc.array(places, { minLength: 1, maxLength: 5 }), (loan, path) => {
        const bands = aPosition(loan);
        for (const place of path) {
          arbitrage(bands, oracleAt(loan, place));
          if (place <= 0) expect(collateralIn(bands, 0)).toBe(0);
          if (place >= 1) expect(stableIn(bands, 0)).toBe(0);
          expect(stableIn(bands, 0) + collateralIn(bands, 0)).toBeGreaterThan(0);
        }
      }),
      runs,
    );
  });

  it('brings their price to the oracle, but for a fee’s overshoot, and has then nothing left to do', () => {
    fc.assert(
      fc.property(
        loans.map((loan) => ({ ...loan, basePrice: 1, collateral: loan.collateral + 1e10 })),
        places,
        inside,
        (loan, before, place) => {
          const bands = aPosition(loan);
          arbitrage(bands, oracleAt(loan, before));
          const oracle = oracleAt(loan, place);
          arbitrage(bands, oracle);
          // A band's prices span (A/(A−1))²; of what was traded in it the fee came on top.
          const band = 2 / (loan.amplification - 1);
          const slack = (2 * band * loan.feeMillionths) / 1e6 + 1e-5;
          expect(Math.abs(priceNow(bands, 0, oracle) / oracle - 1)).toBeLessThan(slack);
        },
      ),
      runs,
    );
    const bands = aPosition({ amplification: 100, feeMillionths: 6000, count: 10, basePrice: 1, collateral: 1e9 });
    const order = { position: 0, bought: 'collateral', oracle: 0.953, purse: PURSE, limit: 0.953 } as const;
    expect(exchangeBands(bands, order, set).paid).toBeGreaterThan(0);
    expect(exchangeBands(bands, order, set)).toEqual({ paid: 0, given: 0 });
  });
});

describe('a slow fall through the bands and back', () => {
  const LOAN = { amplification: 100, feeMillionths: 0, count: 10, basePrice: 1, collateral: 1e12 };

  /** Steps the oracle by `step`, arbitraged at each, from `from` to beyond `to`. */
  const walkTo = (bands: SoftBands, from: number, to: number, step: number) => {
    let oracle = from;
    while (to < from ? oracle > to : oracle < to) {
      oracle *= to < from ? 1 - step : 1 / (1 - step);
      arbitrage(bands, oracle);
    }
    return oracle;
  };

  it('loses 3/2 of a step going down and as much coming back, without fee', () => {
    for (const step of [0.01, 0.001, 0.0001]) {
      const bands = aPosition(LOAN);
      const cover = stableDownOf(bands, 0, 1.02);
      const low = walkTo(bands, 1.02, 0.88, step);
      const down = 1 - stableIn(bands, 0) / cover;
      // Between readings the bands' price falls by three steps, the oracle's by one: sold at one step below it on average, where slow
      // trade would have sold half a step above.
      expect(down / step).toBeGreaterThan(1.48);
      expect(down / step).toBeLessThan(1.5);
      walkTo(bands, low, 1.03, step);
      const both = 1 - collateralIn(bands, 0) / LOAN.collateral;
      expect(both / step).toBeGreaterThan(2.96);
      expect(both / step).toBeLessThan(3);
    }
  });

  it('never loses more than three steps each way, nor gains', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(10, 50, 100, 200),
        fc.integer({ min: 4, max: 12 }),
        fc.double({ min: 0.002, max: 0.2, noNaN: true }),
        (amplification, count, step) => {
          const loan = { ...LOAN, amplification, count };
          const bands = aPosition(loan);
          const cover = stableDownOf(bands, 0, 1.5);
          const low = walkTo(bands, 1.0001, upperEdge(1, amplification, count), step);
          // A unit of rounding for each trade in each band.
          const units = 1e4;
          expect(stableIn(bands, 0)).toBeLessThan(cover);
          expect(stableIn(bands, 0)).toBeGreaterThan(cover * (1 - step) ** 3 - units);
          walkTo(bands, low, 1, step);
          expect(collateralIn(bands, 0)).toBeLessThan(loan.collateral);
          expect(collateralIn(bands, 0)).toBeGreaterThan(loan.collateral * (1 - step) ** 6 - units);
        },
      ),
      { numRuns: propertyRuns(30, 1000) },
    );
  });

  it('earns the position the fee: with one, small steps cost less than without', () => {
    const ends = [0, 6000].map((feeMillionths) => {
      const bands = aPosition({ ...LOAN, feeMillionths });
      walkTo(bands, 1.02, 0.88, 0.01);
      return stableIn(bands, 0);
    });
    expect(ends[1]).toBeGreaterThan(ends[0]);
  });

  it('never lowers the cover by a trade, only by the oracle’s move', () => {
    fc.assert(
      fc.property(loans, places, places, orders, (loan, before, place, order) => {
        const bands = aPosition(loan);
        arbitrage(bands, oracleAt(loan, before));
        const oracle = oracleAt(loan, place);
        const cover = stableDownOf(bands, 0, oracle);
        exchangeBands(bands, { position: 0, bought: order.bought, oracle, purse: purseFor(loan, oracle, order) }, set);
        expect(stableDownOf(bands, 0, oracle)).toBeGreaterThanOrEqual(cover * (1 - 1e-11));
      }),
      runs,
    );
  });
});
