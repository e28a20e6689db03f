import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../src/base/random.ts';
import { type AccountsView, type Market, NO_CONTRACTS } from '../../../src/protocol/accounts-view.ts';
import { createNear } from '../../../src/protocol/liquidation/near.ts';
import { createOdometer } from '../../../src/protocol/liquidation/odometer.ts';
import { PositionHeap } from '../../../src/protocol/liquidation/position-heap.ts';
import { blankHealth, type Health, type RiskEngine } from '../../../src/protocol/risk/risk-engine.ts';
import { staticRisk } from '../../../src/protocol/risk/static.ts';
import { PLAIN_MARKET } from '../../../src/study/validate/lending-world.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const WIDTH = 3;
const MARKETS: readonly Market[] = [0.8, 0.7, 0.6].map((liquidationThreshold, index) => ({
  index,
  asset: index,
  name: `asset ${index}`,
  decimals: 0,
  scale: 1,
  params: { ...PLAIN_MARKET, liquidationThreshold },
}));

/** Books that the test writes: rows of collateral and debt shares, and an index of debt by market. */
function books() {
  const collateral: number[][] = [];
  const shares: number[][] = [];
  const index = [1, 1, 1];
  const view: AccountsView = {
    ...NO_CONTRACTS,
    markets: MARKETS,
    get positions() {
      return collateral.length;
    },
    collateral: (position, market) => collateral[position][market],
    debtShares: (position, market) => shares[position][market],
    debt: (position, market) => Math.ceil(shares[position][market] * index[market]),
    totalDebt: () => 0,
    totalDebtShares: () => 0,
    debtIndex: (market) => index[market],
  };
  return { collateral, shares, index, view };
}

/** The static engine, counting how often it is asked. */
function countingRisk(): RiskEngine & { asked: number } {
  const risk = staticRisk.create({}, undefined);
  return {
    asked: 0,
    weight: risk.weight as NonNullable<RiskEngine['weight']>,
    cushion: risk.cushion,
    epoch: risk.epoch,
    assess(accounts, position, marks, need, into): Health {
      this.asked++;
      return risk.assess(accounts, position, marks, need, into);
    },
  };
}

/** A number with two decimals. */
const hundredths = (min: number, max: number) => fc.integer({ min: Math.round(min * 100), max: Math.round(max * 100) }).map((n) => n / 100);
const cell = fc.oneof(fc.constant(0), fc.constant(0), fc.integer({ min: 1, max: 1000 }));
const row = fc.tuple(cell, cell, cell);
const events = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('change' as const), position: fc.nat(29), collateral: row, shares: row }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('move' as const), market: fc.nat(2), factor: hundredths(0.7, 1.4) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('accrue' as const), market: fc.nat(2), factor: hundredths(1, 1.1) }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('set' as const), market: fc.nat(2), mark: fc.constantFrom(0, Number.NaN, 1e-9, 1e9) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('level' as const), position: fc.nat(29), level: hundredths(0, 3) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('ask' as const) }) },
  ),
  { minLength: 200, maxLength: 250, size: 'max' },
);

describe('the index of who is near', () => {
  it('NEAR-1 finds exactly those that a full scan finds, whatever moved, accrued, changed or fell silent', () => {
    let most = 0;
    fc.assert(
      fc.property(events, (happened) => {
        const { collateral, shares, index, view } = books();
        const levels = Array.from({ length: 30 }, () => 1);
        for (let i = 0; i < 30; i++) {
          collateral.push([0, 0, 0]);
          shares.push([0, 0, 0]);
        }
        const risk = staticRisk.create({}, undefined);
        const near = createNear(
          view,
          risk,
          (position) => levels[position],
          () => false,
        );
        const marks = new Float64Array(WIDTH).fill(1);
        const health = blankHealth();
        for (const event of happened) {
          if (event.do === 'move') marks[event.market] = (Number.isNaN(marks[event.market]) ? 1 : marks[event.market]) * event.factor;
          else if (event.do === 'set') marks[event.market] = event.mark;
          else if (event.do === 'accrue') index[event.market] *= event.factor;
          else if (event.do === 'change') {
            collateral[event.position] = [...event.collateral];
            shares[event.position] = [...event.shares];
            near.touch(event.position);
          } else if (event.do === 'level') {
            levels[event.position] = event.level;
            near.touch(event.position);
          } else {
            const scan = levels.flatMap((level, position) => {
              const covered = collateral[position].some((units) => units > 0) && shares[position].some((units) => units > 0);
              const below = risk.assess(view, position, marks, 'maintenance', health).healthFactor < level;
              return covered && below ? [position] : [];
            });
            most = Math.max(most, scan.length);
            expect([...near.find(marks)]).toEqual(scan);
          }
        }
      }),
      { numRuns: propertyRuns(150, 3000) },
    );
    expect(most).toBeGreaterThan(5);
  });

  /** 1000 positions, every second with one collateral and one debt, the others with two collaterals; healths from 1.05 to 2. */
  function aCrowd() {
    const { collateral, shares, view } = books();
    const random = randomFrom(1);
    const risk = countingRisk();
    const near = createNear(
      view,
      risk,
      () => 1,
      () => false,
    );
    for (let position = 0; position < 1000; position++) {
      const health = 1.05 + 0.95 * random.uniform();
      const single = position % 2 === 0;
      collateral.push(single ? [1_000_000, 0, 0] : [500_000, 500_000, 0]);
      shares.push([0, 0, Math.floor((single ? 800_000 : 750_000) / health)]);
      near.touch(position);
    }
    return { near, risk };
  }

  it('looks at nobody while nothing has come near', () => {
    const { near, risk } = aCrowd();
    const marks = new Float64Array([1, 1, 1]);
    for (let step = 0; step < 40; step++) {
      marks[0] = 1 - 0.0005 * step;
      marks[1] = 1 + 0.0001 * step;
      expect(near.find(marks)).toEqual([]);
    }
    expect(risk.asked).toBe(0);
  });

  it('looks at few as prices wander, where a scan would look at everybody each time', () => {
    const { near, risk } = aCrowd();
    const random = randomFrom(2);
    const marks = new Float64Array([1, 1, 1]);
    let found = 0;
    for (let step = 0; step < 1000; step++) {
      marks[0] *= 1 + 0.001 * random.normal();
      found += near.find(marks).length;
    }
    // A scan: a million. The odometer adds about 0.8 (1000 steps of mean 0.0008), and a portfolio is looked at once for every ln H of it,
    // 0.05 to 0.7: on average three times each, or 1500 looks; twice that allows for those that have come nearer.
    expect(risk.asked - found).toBeLessThan(3000);
    expect(risk.asked).toBeGreaterThan(0);
  });

  it('keeps what a bundle changed until it is known whether it stays', () => {
    const { collateral, shares, view } = books();
    collateral.push([100, 0, 0]);
    shares.push([0, 0, 40]);
    let open = true;
    const near = createNear(
      view,
      staticRisk.create({}, undefined),
      () => 1,
      () => open,
    );
    const marks = new Float64Array([1, 1, 1]);
    shares[0][2] = 90;
    near.touch(0);
    expect([...near.find(marks)]).toEqual([0]);
    shares[0][2] = 40;
    open = false;
    expect([...near.find(marks)]).toEqual([]);
  });
});

describe('the odometer', () => {
  it('never reads less than the worst move between two times', () => {
    const path = fc.array(fc.tuple(hundredths(0.5, 2), hundredths(0.5, 2), hundredths(1, 1.2)), { minLength: 2, maxLength: 50 });
    fc.assert(
      fc.property(path, (steps) => {
        const { index, view } = books();
        const odometer = createOdometer(WIDTH);
        const marks = new Float64Array([1, 1, 1]);
        odometer.advance(view, marks, true);
        const start = { reading: odometer.reading, marks: marks.slice(), index: [...index] };
        for (const [first, second, growth] of steps) {
          marks[0] *= first;
          marks[2] *= second;
          index[2] *= growth;
          odometer.advance(view, marks, true);
          const fall = Math.max(1, ...marks.map((mark, market) => start.marks[market] / mark));
          const rise = Math.max(1, ...marks.map((mark, market) => (mark * index[market]) / (start.marks[market] * start.index[market])));
          expect(odometer.reading - start.reading).toBeGreaterThanOrEqual(Math.log(fall) + Math.log(rise) - 1e-9);
        }
      }),
    );
  });

  it('does not move when nothing does', () => {
    const { view } = books();
    const odometer = createOdometer(WIDTH);
    const marks = new Float64Array([1, Number.NaN, 3]);
    odometer.advance(view, marks, true);
    const { reading } = odometer;
    expect(odometer.advance(view, marks, true)).toBe('same');
    expect(odometer.reading).toBe(reading);
  });
});

describe('a heap of positions', () => {
  it('lists exactly those up to a limit, as a sorted list would', () => {
    const command = fc.record({ position: fc.nat(40), key: hundredths(0, 1), out: fc.boolean() });
    fc.assert(
      fc.property(fc.array(command, { maxLength: 200 }), hundredths(0, 1), (commands, limit) => {
        const heap = new PositionHeap({ slot: new Int32Array(64).fill(-1) });
        const model = new Map<number, number>();
        for (const { position, key, out } of commands) {
          if (!out) {
            heap.put(position, key);
            model.set(position, key);
          } else if (model.delete(position)) heap.remove(position);
        }
        const listed: number[] = [];
        heap.collect(limit, listed);
        const expected = [...model].filter(([, key]) => key <= limit).map(([position]) => position);
        expect(listed.sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
        expect(heap.keyMin).toBe(Math.min(Number.POSITIVE_INFINITY, ...model.values()));
        expect(heap.size).toBe(model.size);
      }),
    );
  });
});
