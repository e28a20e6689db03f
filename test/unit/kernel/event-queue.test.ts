import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../src/base/random.ts';
import { EventQueue, SEQUENCE_LIMIT } from '../../../src/kernel/event-queue.ts';

interface Entry {
  readonly id: number;
  readonly time: number;
  readonly priority: number;
  readonly sequence: number;
}
const before = (a: Entry, b: Entry) => a.time - b.time || a.priority - b.priority || a.sequence - b.sequence;

/** The queue beside a sorted array: each step is done to both. */
function pair() {
  const queue = new EventQueue(1);
  let model: Entry[] = [];
  const issued: Entry[] = [];
  let numbered = 0;
  return {
    queue,
    issued,
    push(time: number, priority: number) {
      numbered += 1;
      const slot = queue.push(time, priority, numbered);
      const entry = { id: queue.idOf(slot), time, priority, sequence: numbered };
      model.push(entry);
      issued.push(entry);
    },
    pop(until = Infinity) {
      model.sort(before);
      const due = model.length > 0 && model[0].time <= until ? model.shift() : undefined;
      const slot = queue.pop(until);
      if (due === undefined) expect(slot).toBe(-1);
      else expect([queue.time, queue.priority, queue.sequence]).toEqual([due.time, due.priority, due.sequence]);
    },
    cancel(entry: Entry) {
      const waiting = model.includes(entry);
      model = model.filter((other) => other !== entry);
      expect(queue.cancel(entry.id)).toBe(waiting);
    },
    check() {
      expect(queue.pending).toBe(model.length);
    },
    peek() {
      expect(queue.nextTime()).toBe(model.reduce((least, entry) => Math.min(least, entry.time), Infinity));
    },
    drain() {
      while (model.length > 0) this.pop();
      this.pop();
    },
  };
}

describe('event queue', () => {
  it('equals a sorted array under any mixture of pushes, pops, bounded pops, peeks and cancellations, ties included', () => {
    const action = fc.oneof(
      { weight: 5, arbitrary: fc.record({ do: fc.constant('push' as const), time: fc.nat(6), priority: fc.constantFrom(0, 10, 40, 255) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('pop' as const) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('popUntil' as const), time: fc.nat(6) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.nat() }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('peek' as const) }) },
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 300, size: 'max' }), (actions) => {
        const both = pair();
        for (const step of actions) {
          if (step.do === 'push') both.push(step.time, step.priority);
          else if (step.do === 'pop') both.pop();
          else if (step.do === 'popUntil') both.pop(step.time);
          else if (step.do === 'peek') both.peek();
          else if (both.issued.length > 0) both.cancel(both.issued[step.which % both.issued.length]);
          both.check();
        }
        both.drain();
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the order through thousands of entries, growth and mass cancellation', () => {
    const random = randomFrom(1, 'queue');
    const both = pair();
    for (let round = 0; round < 6; round += 1) {
      for (let i = 0; i < 400; i += 1) both.push(random.integer(50) + round * 20, random.integer(3));
      for (const entry of both.issued.filter(() => random.uniform() < 0.7)) both.cancel(entry);
      for (let i = 0; i < 60; i += 1) both.pop();
      both.check();
    }
    both.drain();
  });

  it('returns entries of one instant by priority, then in the order in which they came', () => {
    const queue = new EventQueue();
    [
      [5, 40],
      [5, 0],
      [5, 40],
      [3, 255],
      [5, 0],
    ].forEach(([time, priority], i) => {
      queue.push(time, priority, i + 1);
    });
    const order = [1, 2, 3, 4, 5].map(() => {
      queue.pop();
      return queue.sequence;
    });
    expect(order).toEqual([4, 2, 5, 1, 3]);
  });

  it('cancels only what is pending, once, and never the later entry of a reused slot', () => {
    const queue = new EventQueue();
    const first = queue.idOf(queue.push(1, 0, 1));
    expect(queue.cancel(first)).toBe(true);
    expect(queue.cancel(first)).toBe(false);
    expect(queue.pop()).toBe(-1);
    const second = queue.idOf(queue.push(2, 0, 2));
    expect(queue.cancel(first)).toBe(false);
    expect(queue.pop()).toBeGreaterThanOrEqual(0);
    expect(queue.cancel(second)).toBe(false);
    const third = queue.push(3, 0, 3);
    const old = queue.idOf(third);
    queue.pop();
    expect(queue.push(4, 0, 4)).toBe(third);
    expect(queue.cancel(old)).toBe(false);
    expect(queue.pending).toBe(1);
    for (const id of [-1, 0.5, 2 ** 40, NaN, Infinity]) expect(queue.cancel(id)).toBe(false);
  });

  it('does not grow while entries are only replaced or cancelled', () => {
    const queue = new EventQueue();
    let sequence = 0;
    for (let i = 0; i < 100; i += 1) queue.push(i, 0, ++sequence);
    for (let i = 0; i < 20_000; i += 1) {
      if (i % 2 === 0) queue.pop();
      else queue.cancel(queue.idOf(queue.push(1e6 + i, 0, ++sequence)));
      if (i % 2 === 0) queue.push(queue.time + 100, 0, ++sequence);
    }
    expect(queue.pending).toBe(100);
    expect(queue.slotsUsed).toBeLessThan(300);
  });

  it('orders the largest keys exactly and refuses larger ones', () => {
    const queue = new EventQueue();
    queue.push(1, 255, SEQUENCE_LIMIT - 1);
    queue.push(1, 255, SEQUENCE_LIMIT - 2);
    queue.push(1, 254, SEQUENCE_LIMIT - 3);
    queue.pop();
    expect([queue.priority, queue.sequence]).toEqual([254, SEQUENCE_LIMIT - 3]);
    queue.pop();
    expect([queue.priority, queue.sequence]).toEqual([255, SEQUENCE_LIMIT - 2]);
    for (const [priority, sequence] of [
      [256, 1],
      [-1, 1],
      [NaN, 1],
      [0, SEQUENCE_LIMIT],
    ]) {
      expect(() => queue.push(1, priority, sequence)).toThrow('QUEUE_KEY');
    }
    for (const time of [NaN, Infinity]) expect(() => queue.push(time, 0, 1)).toThrow('QUEUE_KEY');
  });
});
