import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRejection } from '../../../../src/base/rejection.ts';
import { Journal } from '../../../../src/ledger/journal.ts';
import type { SetCell } from '../../../../src/protocol/liquidation/set-cell.ts';
import {
  addDeposit,
  claimGain,
  createStabilityPool,
  depositDown,
  gainDown,
  offsetDebt,
  poolDeposits,
  type StabilityPool,
  takeDeposit,
} from '../../../../src/protocol/liquidation/stability-pool-shares.ts';
import { propertyRuns } from '../../../support/property-runs.ts';

const HOLDERS = 4;
const MARKETS = 2;
const ALBERT = 0;
const BETTY = 1;
const set: SetCell = (column, index, value) => {
  column.data[index] = value;
};

function offset(pool: StabilityPool, debt: number, collaterals: readonly number[], write = set) {
  const taken: number[] = [];
  return { cancelled: offsetDebt(pool, debt, collaterals, taken, write), taken };
}

const ONE = 1n << 200n;

/** Every deposit and gain as a fixed-point number of 200 fraction bits, changed one by one: the ledger that the pool spares. */
class LoopedPool {
  readonly deposits = new Array<bigint>(HOLDERS).fill(0n);
  readonly gains = Array.from({ length: HOLDERS }, () => new Array<bigint>(MARKETS).fill(0n));

  get total(): bigint {
    return this.deposits.reduce((sum, deposit) => sum + deposit, 0n);
  }

  offset(debt: number, collaterals: readonly number[]): void {
    const total = this.total;
    for (let holder = 0; holder < HOLDERS; holder++) {
      const deposit = this.deposits[holder];
      for (let market = 0; market < MARKETS; market++) {
        this.gains[holder][market] += (BigInt(collaterals[market]) * ONE * deposit) / total;
      }
      this.deposits[holder] -= (BigInt(debt) * ONE * deposit) / total;
    }
  }

  /** All of it: what is over a whole unit goes to the others. */
  leave(holder: number, units: number): void {
    const over = this.deposits[holder] - BigInt(units) * ONE;
    this.deposits[holder] = 0n;
    const others = this.total;
    if (others > 0n) for (let other = 0; other < HOLDERS; other++) this.deposits[other] += (over * this.deposits[other]) / others;
  }
}

const holder = fc.integer({ min: 0, max: HOLDERS - 1 });
const amount = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 2 ** 48 }));
const collateral = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 2 ** 44 }));
/** Part of the deposits that is cancelled: little, much, all but a unit, all, more than there is. */
const part = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0.999999, 1, 1.5));
const events = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('add' as const), holder, amount }),
    fc.record({ kind: fc.constant('take' as const), holder, part: fc.double({ min: 0, max: 1.2, noNaN: true }) }),
    fc.record({ kind: fc.constant('claim' as const), holder, market: fc.integer({ min: 0, max: MARKETS - 1 }) }),
    fc.record({ kind: fc.constant('offset' as const), part, collaterals: fc.tuple(collateral, collateral) }),
  ),
  { minLength: 1, maxLength: 40 },
);
type Happening = typeof events extends fc.Arbitrary<(infer E)[]> ? E : never;

/** A pool beside the ledger that loops, what has come in and gone out, and how much rounding may have shifted. */
function bothPools() {
  const pool = createStabilityPool(MARKETS);
  const looped = new LoopedPool();
  const came = new Array<number>(MARKETS).fill(0);
  const paid = new Array<number>(MARKETS).fill(0);
  /** Units of a deposit, and of a gain by market, that the two may differ by. */
  let shifted = 1;
  const gainShifted = new Array<number>(MARKETS).fill(1);
  let units = 0;

  const apply = (event: Happening) => {
    shifted += 1 + HOLDERS;
    for (let market = 0; market < MARKETS; market++) gainShifted[market] += 1 + HOLDERS;
    if (event.kind === 'add') {
      if (isRejection(addDeposit(pool, event.holder, event.amount, set))) return;
      looped.deposits[event.holder] += BigInt(event.amount) * ONE;
      units += event.amount;
    } else if (event.kind === 'take') {
      const deposit = depositDown(pool, event.holder);
      const asked = event.part >= 1 ? ('max' as const) : Math.max(1, Math.floor(deposit * event.part));
      const taken = takeDeposit(pool, event.holder, asked, set);
      if (isRejection(taken)) return;
      if (taken === deposit) looped.leave(event.holder, taken);
      else looped.deposits[event.holder] -= BigInt(taken) * ONE;
      units -= taken;
    } else if (event.kind === 'claim') {
      const gain = claimGain(pool, event.holder, event.market, set);
      paid[event.market] += gain;
      looped.gains[event.holder][event.market] -= BigInt(gain) * ONE;
    } else {
      const debt = Math.max(1, Math.floor(units * event.part));
      const { cancelled, taken } = offset(pool, debt, event.collaterals);
      expect(cancelled).toBe(Math.min(debt, units));
      if (cancelled === 0) return;
      for (let market = 0; market < MARKETS; market++) {
        came[market] += taken[market];
        gainShifted[market] += (taken[market] * shifted) / units;
      }
      looped.offset(cancelled, taken);
      units -= cancelled;
      if (units === 0) shifted = 1;
    }
  };
  return { pool, looped, came, paid, apply, shifted: () => shifted, gainShifted, units: () => units };
}

const holders = Array.from({ length: HOLDERS }, (_, i) => i);
const sum = (of: (holder: number) => number) => holders.reduce((total, each) => total + of(each), 0);

describe('a stability pool', () => {
  it('spreads losses and gains as a loop over all depositors would, but for roundings', () => {
    fc.assert(
      fc.property(events, (happenings) => {
        const both = bothPools();
        for (const event of happenings) {
          both.apply(event);
          for (const each of holders) {
            const exact = Number(both.looped.deposits[each] >> 180n) / 2 ** 20;
            expect(Math.abs(depositDown(both.pool, each) - exact)).toBeLessThanOrEqual(both.shifted());
            for (let market = 0; market < MARKETS; market++) {
              const gain = Number(both.looped.gains[each][market] >> 180n) / 2 ** 20;
              expect(Math.abs(gainDown(both.pool, each, market) - gain)).toBeLessThanOrEqual(both.gainShifted[market]);
            }
          }
        }
      }),
      { numRuns: propertyRuns(200, 10000) },
    );
  });

  it('owes its depositors no more than it holds, ever, and keeps no more than the roundings', () => {
    fc.assert(
      fc.property(events, (happenings) => {
        const both = bothPools();
        const { pool, came, paid } = both;
        let counted = 0;
        for (const event of happenings) {
          both.apply(event);
          counted += 1 + HOLDERS;
          expect(poolDeposits(pool)).toBe(both.units());
          const left = poolDeposits(pool) - sum((each) => depositDown(pool, each));
          const halvings = Array.from({ length: pool.totals.data[2] }, (_, era) => pool.ended.data[era * (1 + 3 * MARKETS)]).filter(
            (kept) => kept > 0,
          ).length;
          expect(left).toBeGreaterThanOrEqual(0);
          expect(left).toBeLessThan(HOLDERS * (1 + halvings));
          for (let market = 0; market < MARKETS; market++) {
            expect(pool.held.data[market]).toBe(came[market] - paid[market]);
            const dust = pool.held.data[market] - sum((each) => gainDown(pool, each, market));
            expect(dust).toBeGreaterThanOrEqual(0);
            if (halvings === 0) expect(dust).toBeLessThanOrEqual(counted);
          }
        }
      }),
      { numRuns: propertyRuns(200, 10000) },
    );
  });

  it('lets nobody gain by coming or going, nor anybody lose by it', () => {
    let [left, stayed] = [0, 0];
    fc.assert(
      fc.property(events, holder, amount, fc.double({ min: 0, max: 1, noNaN: true }), (happenings, who, units, share) => {
        const both = bothPools();
        for (const event of happenings) both.apply(event);
        const { pool } = both;
        const halved = pool.totals.data[2];
        const own = depositDown(pool, who);
        const others = holders.filter((each) => each !== who);
        const before = others.map((each) => depositDown(pool, each));
        if (isRejection(addDeposit(pool, who, units, set))) return;
        expect(depositDown(pool, who)).toBeLessThanOrEqual(own + units + 1);
        const taken = takeDeposit(pool, who, Math.ceil(units * share) || 1, set);
        if (!isRejection(taken)) {
          left++;
          expect(depositDown(pool, who)).toBeLessThanOrEqual(own + units + 1 - taken);
        }
        takeDeposit(pool, who, 'max', set);
        if (pool.totals.data[2] > halved) return;
        if (before.some((deposit) => deposit > 0)) stayed++;
        others.forEach((each, i) => {
          expect(depositDown(pool, each)).toBeGreaterThanOrEqual(before[i]);
        });
      }),
      { numRuns: propertyRuns(300, 20000) },
    );
    expect(left).toBeGreaterThan(50);
    expect(stayed).toBeGreaterThan(50);
  });

  it('lowers the worth of a share by offsets alone', () => {
    fc.assert(
      fc.property(events, (happenings) => {
        const both = bothPools();
        const [totals, index] = [both.pool.totals, [0, 1, 2] as const];
        for (const event of happenings) {
          const [deposits, shares, era] = index.map((cell) => totals.data[cell]);
          both.apply(event);
          const [now, sharesNow, eraNow] = index.map((cell) => totals.data[cell]);
          expect(sharesNow).toBeGreaterThanOrEqual(now);
          if (event.kind === 'offset' || eraNow > era || shares === 0 || sharesNow === 0) continue;
          expect(BigInt(now) * BigInt(shares) >= BigInt(deposits) * BigInt(sharesNow)).toBe(true);
        }
      }),
      { numRuns: propertyRuns(200, 10000) },
    );
  });

  it('pays a sole depositor every unit of collateral, however many offsets there were', () => {
    const pool = createStabilityPool(1);
    addDeposit(pool, ALBERT, 1_234_567_890_123_457, set);
    let came = 0;
    for (let i = 1; i <= 5000; i++) {
      offset(pool, 1, [i]);
      came += i;
      expect(gainDown(pool, ALBERT, 0)).toBe(came);
    }
  });

  it('pays everybody out to nothing but roundings', () => {
    fc.assert(
      fc.property(events, (happenings) => {
        const both = bothPools();
        for (const event of happenings) both.apply(event);
        for (const each of holders) {
          for (let market = 0; market < MARKETS; market++) {
            const due = gainDown(both.pool, each, market);
            expect(claimGain(both.pool, each, market, set)).toBe(due);
            expect(gainDown(both.pool, each, market)).toBe(0);
          }
          takeDeposit(both.pool, each, 'max', set);
          expect(depositDown(both.pool, each)).toBe(0);
        }
        expect(poolDeposits(both.pool)).toBeLessThanOrEqual(happenings.length * (HOLDERS + 1));
        for (const held of both.pool.held.data) expect(held).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: propertyRuns(100, 5000) },
    );
  });

  it('gives 109 % of collateral less gas compensation for the debt it cancels, B19: a return of 8.455 %', () => {
    const pool = createStabilityPool(1);
    addDeposit(pool, ALBERT, 30_000_000, set);
    addDeposit(pool, BETTY, 10_000_000, set);
    // A debt of 10 at a collateral ratio of 109 %, of which 0.5 % pays for gas; one unit of collateral is worth one of debt.
    const { cancelled, taken } = offset(pool, 10_000_000, [10_900_000 * 0.995]);
    expect([cancelled, taken]).toEqual([10_000_000, [10_845_500]]);
    expect([depositDown(pool, ALBERT), depositDown(pool, BETTY)]).toEqual([22_500_000, 7_500_000]);
    expect([gainDown(pool, ALBERT, 0), gainDown(pool, BETTY, 0)]).toEqual([8_134_125, 2_711_375]);
    expect((8_134_125 + 2_711_375) / 10_000_000 - 1).toBeCloseTo(0.08455, 12);
  });

  it('gives those who come later nothing of what came before', () => {
    const pool = createStabilityPool(2);
    addDeposit(pool, ALBERT, 1000, set);
    offset(pool, 500, [70, 0]);
    addDeposit(pool, BETTY, 500, set);
    offset(pool, 500, [0, 40]);
    expect([depositDown(pool, ALBERT), depositDown(pool, BETTY)]).toEqual([250, 250]);
    expect([gainDown(pool, ALBERT, 0), gainDown(pool, BETTY, 0)]).toEqual([70, 0]);
    expect([gainDown(pool, ALBERT, 1), gainDown(pool, BETTY, 1)]).toEqual([20, 20]);
  });

  it('cancels what it can of a larger debt, for as much of the collateral', () => {
    const pool = createStabilityPool(2);
    addDeposit(pool, ALBERT, 300, set);
    expect(offset(pool, 1000, [100, 7])).toEqual({ cancelled: 300, taken: [30, 2] });
    expect([poolDeposits(pool), depositDown(pool, ALBERT)]).toEqual([0, 0]);
    expect(offset(pool, 700, [70, 5])).toEqual({ cancelled: 0, taken: [0, 0] });
    expect([gainDown(pool, ALBERT, 0), gainDown(pool, ALBERT, 1)]).toEqual([30, 2]);
  });

  it('begins again when it was emptied, and remembers what is due from before', () => {
    const pool = createStabilityPool(1);
    addDeposit(pool, ALBERT, 100, set);
    offset(pool, 100, [9]);
    addDeposit(pool, BETTY, 50, set);
    expect([depositDown(pool, ALBERT), depositDown(pool, BETTY)]).toEqual([0, 50]);
    offset(pool, 50, [4]);
    addDeposit(pool, ALBERT, 10, set);
    offset(pool, 5, [3]);
    expect([depositDown(pool, ALBERT), depositDown(pool, BETTY)]).toEqual([5, 0]);
    expect([gainDown(pool, ALBERT, 0), gainDown(pool, BETTY, 0)]).toEqual([12, 4]);
    expect([claimGain(pool, ALBERT, 0, set), claimGain(pool, BETTY, 0, set), pool.held.data[0]]).toEqual([12, 4, 0]);
    expect(takeDeposit(pool, ALBERT, 'max', set)).toBe(5);
    expect(takeDeposit(pool, ALBERT, 'max', set)).toMatchObject({ rejected: 'DEPOSIT_NONE' });
  });

  it('lives through being all but emptied and filled again, time after time', () => {
    const pool = createStabilityPool(1);
    addDeposit(pool, ALBERT, 2 ** 50, set);
    for (let round = 0; round < 30; round++) {
      offset(pool, poolDeposits(pool) - 1, [1000]);
      expect(poolDeposits(pool)).toBe(1);
      expect(addDeposit(pool, BETTY, 2 ** 50, set)).toBeUndefined();
      expect(depositDown(pool, BETTY)).toBeGreaterThanOrEqual(2 ** 50 - 1);
      expect(depositDown(pool, ALBERT)).toBeLessThanOrEqual(1);
    }
    // Albert has a 2^50th of the pool after the first round.
    expect(gainDown(pool, ALBERT, 0)).toBe(1000);
    const betty = gainDown(pool, BETTY, 0);
    expect(betty).toBeLessThanOrEqual(29_000);
    expect(betty).toBeGreaterThan(29_000 - 2 * 30);
  });

  it('keeps a remainder of one unit for those it belongs to', () => {
    const pool = createStabilityPool(1);
    addDeposit(pool, ALBERT, 3, set);
    addDeposit(pool, BETTY, 3, set);
    offset(pool, 5, [5]);
    expect([poolDeposits(pool), depositDown(pool, ALBERT), depositDown(pool, BETTY)]).toEqual([1, 0, 0]);
    expect([gainDown(pool, ALBERT, 0), gainDown(pool, BETTY, 0)]).toEqual([2, 2]);
    addDeposit(pool, ALBERT, 3, set);
    expect([depositDown(pool, ALBERT), depositDown(pool, BETTY)]).toEqual([3, 0]);
    offset(pool, 4, [8]);
    // Half a unit of Betty's cancelled as much debt.
    expect([gainDown(pool, ALBERT, 0), gainDown(pool, BETTY, 0), pool.held.data[0]]).toEqual([9, 3, 13]);
  });

  it('refuses what is no amount, more than is there, and more than can be counted', () => {
    const pool = createStabilityPool(1);
    for (const bad of [0, -1, 1.5, Number.NaN]) expect(addDeposit(pool, ALBERT, bad, set)).toMatchObject({ rejected: 'AMOUNT' });
    expect(addDeposit(pool, ALBERT, 2 ** 51, set)).toBeUndefined();
    expect(addDeposit(pool, BETTY, 1, set)).toMatchObject({ rejected: 'POOL_FULL', detail: { room: 0 } });
    expect(takeDeposit(pool, ALBERT, 2 ** 51 + 1, set)).toMatchObject({ rejected: 'DEPOSIT_SHORT' });
    expect(takeDeposit(pool, ALBERT, 0, set)).toMatchObject({ rejected: 'AMOUNT' });
    expect(takeDeposit(pool, BETTY, 1, set)).toMatchObject({ rejected: 'DEPOSIT_NONE' });
    expect([depositDown(pool, 99), gainDown(pool, 99, 0), claimGain(pool, 99, 0, set)]).toEqual([0, 0, 0]);
  });

  it('is taken back with the bundle that changed it, ended eras included', () => {
    const emptied = createStabilityPool(2);
    addDeposit(emptied, ALBERT, 100, set);
    offset(emptied, 50, [7, 0]);
    const undone = new Journal();
    undone.begin();
    offset(emptied, 50, [0, 0], (column, index, value) => undone.set(column, index, value));
    expect(depositDown(emptied, ALBERT)).toBe(0);
    undone.undo();
    expect([depositDown(emptied, ALBERT), gainDown(emptied, ALBERT, 0)]).toEqual([50, 7]);
    fc.assert(
      fc.property(events, events, (before, after) => {
        const both = bothPools();
        for (const event of before) both.apply(event);
        const { pool } = both;
        const seen = () => [
          poolDeposits(pool),
          pool.totals.data[2],
          ...holders.flatMap((each) => [depositDown(pool, each), gainDown(pool, each, 0), gainDown(pool, each, 1)]),
          ...pool.held.data,
        ];
        const then = seen();
        const journal = new Journal();
        const write: SetCell = (column, index, value) => journal.set(column, index, value);
        journal.begin();
        for (const event of after) {
          if (event.kind === 'add') addDeposit(pool, event.holder, event.amount, write);
          if (event.kind === 'take') takeDeposit(pool, event.holder, 'max', write);
          if (event.kind === 'claim') claimGain(pool, event.holder, event.market, write);
          if (event.kind === 'offset') offset(pool, Math.max(1, Math.floor(poolDeposits(pool) * event.part)), event.collaterals, write);
        }
        journal.undo();
        expect(seen()).toEqual(then);
      }),
      { numRuns: propertyRuns(50, 2000) },
    );
  });
});
