import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../src/base/random.ts';
import type { AccountsView } from '../../../src/protocol/accounts-view.ts';
import { createNear } from '../../../src/protocol/liquidation/near.ts';
import { PositionHeap } from '../../../src/protocol/liquidation/position-heap.ts';
import { NOWHERE, Seats } from '../../../src/protocol/liquidation/seats.ts';
import type { Health, RiskEngine } from '../../../src/protocol/risk/risk-engine.ts';
import { staticRisk } from '../../../src/protocol/risk/static.ts';
import { nearContract } from '../../contract/near.ts';
import { aHandMadeBook, HAND_OPTIONS, HAND_PERPETUALS } from '../../support/hand-made-books.ts';

/** The static engine, counting how often it is asked. */
function countingRisk(): RiskEngine & { asked: number } {
  const risk = staticRisk.create({}, undefined);
  return {
    asked: 0,
    weight: risk.weight as NonNullable<RiskEngine['weight']>,
    epoch: risk.epoch,
    cushion(accounts, position, marks, level) {
      this.asked++;
      return risk.cushion(accounts, position, marks, level);
    },
    assess(accounts, position, marks, need, into): Health {
      this.asked++;
      return risk.assess(accounts, position, marks, need, into);
    },
  };
}

/** The index of those below a health of 1. */
const nearAtOne = (view: AccountsView, risk: RiskEngine, undoable = () => false) => createNear(view, risk, () => 1, undoable);

nearContract('static, loans', [], () => staticRisk.create({}, undefined));
nearContract('static, perpetuals', HAND_PERPETUALS, () => staticRisk.create({}, undefined));
nearContract('static, options', [...HAND_PERPETUALS, ...HAND_OPTIONS], () => staticRisk.create({}, undefined));

describe('the index of who is near', () => {
  /** 1000 positions, every second with one collateral and one debt, the others with two collaterals; healths from 1.05 to 2. */
  function aCrowd() {
    const { set, view } = aHandMadeBook();
    const random = randomFrom(1);
    const risk = countingRisk();
    const near = nearAtOne(view, risk);
    for (let position = 0; position < 1000; position++) {
      const health = 1.05 + 0.95 * random.uniform();
      const single = position % 2 === 0;
      set(position, {
        collateral: single ? [1_000_000, 0, 0] : [500_000, 500_000, 0],
        debt: [0, 0, Math.floor((single ? 850_000 : 750_000) / health)],
      });
      near.touch(position);
    }
    return { near, risk };
  }

  it('looks at nobody while nothing has come near', () => {
    const { near, risk } = aCrowd();
    const marks = new Float64Array([1, 1, 1]);
    near.find(marks);
    risk.asked = 0;
    for (let step = 0; step < 40; step++) {
      marks[0] = 1 - 0.0005 * step;
      marks[1] = 1 + 0.0001 * step;
      expect(near.find(marks)).toEqual([]);
    }
    expect(risk.asked).toBe(0);
  });

  it('looks at few as prices wander, where a scan would look at everybody each time', () => {
    const { near, risk } = aCrowd();
    // A walk that goes 5 % down and 5 % up.
    const random = randomFrom(3);
    const marks = new Float64Array([1, 1, 1]);
    near.find(marks);
    risk.asked = 0;
    let found = 0;
    for (let step = 0; step < 1000; step++) {
      marks[0] *= 1 + 0.002 * random.normal();
      found += near.find(marks).length;
    }
    // A scan: a million. Of 500 portfolios those that half of their cushion does not save from a fall of 5 %, a twelfth, are looked at as
    // they come nearer, some of them ten times. Each look asks twice where it finds, and once where it does not.
    expect(risk.asked - 2 * found).toBeLessThan(1000);
    expect(risk.asked).toBeGreaterThan(0);
  });

  it('looks once at whoever became safer, and then no more', () => {
    const { set, view } = aHandMadeBook();
    const risk = countingRisk();
    const near = nearAtOne(view, risk);
    const marks = new Float64Array([1, 1, 1]);
    set(0, { collateral: [100, 0, 0], debt: [0, 0, 70] });
    near.touch(0);
    near.find(marks);
    set(0, { collateral: [200, 0, 0], debt: [0, 0, 70] });
    near.touch(0);
    const asked: number[] = [];
    for (const price of [0.8, 0.79, 0.78, 0.4]) {
      risk.asked = 0;
      marks[0] = price;
      expect([...near.find(marks)]).toEqual(price === 0.4 ? [0] : []);
      asked.push(risk.asked);
    }
    expect(asked).toEqual([1, 0, 0, 1]);
  });

  it('finds again at the prices at which it found before, and nobody in between', () => {
    const { set, view } = aHandMadeBook();
    const near = nearAtOne(view, staticRisk.create({}, undefined));
    set(0, { collateral: [100, 0, 0], debt: [0, 0, 70] });
    // A portfolio that waits for a price keeps the triggers in use; without it the tops of the heaps are all there is.
    for (const watched of [false, true]) {
      if (watched) set(1, { collateral: [100, 100, 0], debt: [0, 0, 10] });
      for (let position = 0; position <= Number(watched); position++) near.touch(position);
      for (const [price, found] of [
        [1, []],
        [0.5, [0]],
        [1, []],
        [0.5, [0]],
        [0.5, [0]],
      ] as const) {
        expect([...near.find(new Float64Array([price, 1, 1]))]).toEqual(found);
      }
    }
  });

  it('finds whoever was below while its level was 0, once it has one again', () => {
    const { set, view } = aHandMadeBook();
    let level = 1;
    const near = createNear(
      view,
      staticRisk.create({}, undefined),
      () => level,
      () => false,
    );
    const marks = new Float64Array([0.5, 1, 1]);
    set(0, { collateral: [100, 0, 0], debt: [0, 0, 70] });
    near.touch(0);
    expect([...near.find(marks)]).toEqual([0]);
    for (const [now, found] of [
      [0, []],
      [1, [0]],
    ] as const) {
      level = now;
      marks[0] -= 0.01;
      expect([...near.find(marks)]).toEqual(found);
    }
  });

  it('remembers that a position is noted, wherever it goes', () => {
    const seats = new Seats();
    seats.reach(3);
    expect([seats.note(3), seats.note(3)]).toEqual([true, false]);
    seats.setHome(3, 7);
    expect([seats.homeOf(3), seats.note(3)]).toEqual([7, false]);
    seats.unnote(3);
    expect([seats.homeOf(3), seats.note(3), seats.homeOf(2)]).toEqual([7, true, NOWHERE]);
  });

  it('keeps what a bundle changed until it is known whether it stays', () => {
    const { set, view } = aHandMadeBook();
    set(0, { collateral: [100, 0, 0], debt: [0, 0, 40] });
    let open = true;
    const near = nearAtOne(view, staticRisk.create({}, undefined), () => open);
    const marks = new Float64Array([1, 1, 1]);
    set(0, { collateral: [100, 0, 0], debt: [0, 0, 90] });
    near.touch(0);
    expect([...near.find(marks)]).toEqual([0]);
    set(0, { collateral: [100, 0, 0], debt: [0, 0, 40] });
    open = false;
    expect([...near.find(marks)]).toEqual([]);
  });
});

describe('a heap of positions', () => {
  const hundredths = fc.integer({ min: 0, max: 100 }).map((n) => n / 100);

  /** A heap for positions up to 40, and what a sorted list would hold. */
  function heapAndModel() {
    const seats = new Seats();
    seats.reach(40);
    return { heap: new PositionHeap(seats), model: new Map<number, number>() };
  }

  const listed = (heap: PositionHeap, limit: number): number[] => {
    const out: number[] = [];
    heap.collect(limit, out);
    return out.sort((a, b) => a - b);
  };

  const upTo = (model: ReadonlyMap<number, number>, limit: number): number[] =>
    [...model]
      .filter(([, key]) => key <= limit)
      .map(([position]) => position)
      .sort((a, b) => a - b);

  const command = fc.record({ position: fc.nat(40), key: hundredths, how: fc.constantFrom('put', 'settle', 'remove') });

  it('lists exactly those up to a limit, as a sorted list would, where each is settled at its key', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 200 }), hundredths, (commands, limit) => {
        const { heap, model } = heapAndModel();
        for (const { position, key, how } of commands) {
          if (how === 'remove') {
            if (model.delete(position)) heap.remove(position);
            continue;
          }
          heap.put(position, key);
          heap.settle(position, key);
          model.set(position, key);
        }
        expect(listed(heap, limit)).toEqual(upTo(model, limit));
        expect(heap.keyMin).toBe(Math.min(Number.POSITIVE_INFINITY, ...model.values()));
        expect(heap.size).toBe(model.size);
      }),
    );
  });

  it('keeps whoever is put at a larger key where it is until it is settled', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 200 }), hundredths, (commands, limit) => {
        const { heap, model } = heapAndModel();
        for (const { position, key, how } of commands) {
          const kept = model.get(position);
          if (how === 'put') {
            heap.put(position, key);
            model.set(position, Math.min(key, kept ?? key));
          } else if (kept !== undefined && how === 'settle') {
            heap.settle(position, key);
            model.set(position, key);
          } else if (model.delete(position)) heap.remove(position);
        }
        expect(listed(heap, limit)).toEqual(upTo(model, limit));
      }),
    );
  });
});
