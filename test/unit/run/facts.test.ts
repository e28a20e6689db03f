/** Facts on their way to who listens. */
import { describe, expect, it } from 'vitest';
import { createKernel, type Kernel } from '../../../src/kernel/kernel.ts';
import { createFacts, type Facts } from '../../../src/run/facts.ts';
import { countOf, outcomeOf } from '../../support/small-world.ts';

type Told = readonly [kind: string, seq: number, cause: number, subject: number];

/** Runs a body within one event of a kernel and answers what was told, in order. */
function during(body: (facts: Facts, kernel: Kernel<string>, told: readonly Told[]) => void): readonly Told[] {
  const told: Told[] = [];
  const kernel: Kernel<string> = createKernel(() => body(facts, kernel, told));
  const facts = createFacts(kernel, { event: (seq, _at, cause, kind, _actor, subject) => void told.push([kind, seq, cause, subject]) });
  kernel.schedule('event', 5);
  kernel.run(10);
  return told;
}

const report = (facts: Facts, subject: number) => facts.report('supply', 0, subject, 0, 0, 0, 0);

describe('a fact', () => {
  it('is told at once, numbered, and the cause of the next', () => {
    // The event itself took number 1.
    const told = during((facts) => {
      report(facts, 7);
      report(facts, 8);
    });
    expect(told).toEqual([
      ['supply', 2, 1, 7],
      ['supply', 3, 2, 8],
    ]);
  });

  it('of a bundle waits until the bundle held, and is told in order', () => {
    const told = during((facts, _, sofar) => {
      facts.hold();
      report(facts, 1);
      report(facts, 2);
      expect(sofar).toEqual([]);
      facts.release();
      report(facts, 3);
    });
    expect(told.map(([, , , subject]) => subject)).toEqual([1, 2, 3]);
    expect(told.map(([, seq]) => seq)).toEqual([2, 3, 4]);
  });

  it('of a bundle that was undone is never told, not even with the next bundle; its number is not used again', () => {
    const told = during((facts) => {
      facts.hold();
      report(facts, 1);
      report(facts, 2);
      facts.drop();
      facts.hold();
      report(facts, 3);
      facts.release();
    });
    expect(told).toEqual([['supply', 4, 3, 3]]);
  });

  it('waits with however many others, all numbers intact', () => {
    const told = during((facts) => {
      for (const size of [3, 500, 2]) {
        facts.hold();
        for (let i = 0; i < size; i++) report(facts, i);
        facts.release();
      }
    });
    const expected = [3, 500, 2].flatMap((size) => Array.from({ length: size }, (_, i) => i));
    expect(told.map(([, , , subject]) => subject)).toEqual(expected);
    expect(told.map(([, seq]) => seq)).toEqual(expected.map((_, i) => i + 2));
  });
});

describe('facts of a run', () => {
  const world = {
    agents: [
      { use: 'lender', params: { protocol: 'lend', asset: 'USD' }, wallet: { USD: 100_000 } },
      { use: 'noise-trader', params: { venue: 'pool', rate: 120, size: 500 }, wallet: { USD: 50_000, TKN: 5_000 } },
      { use: 'borrower', count: 3, params: { protocol: 'lend', collateral: 'TKN', debt: 'USD' }, wallet: { TKN: 100 } },
    ],
    tkn: { use: 'gbm', with: { start: 10, volatility: 2 } },
  };
  const [none, facts, full] = (['none', 'facts', 'full'] as const).map((trace) => outcomeOf({ ...world, trace }));

  it('have the same numbers whatever is recorded', () => {
    expect(none.events).toEqual([]);
    expect(facts.events.length).toBeGreaterThan(20);
    const money = full.events.filter(({ kind }) => kind !== 'wake' && kind !== 'price' && kind !== 'block');
    expect(money).toEqual(facts.events);
    expect([facts.traceHash, full.traceHash]).toEqual([none.traceHash, none.traceHash]);
    for (const kind of ['wake', 'price', 'block'] as const) expect(countOf(full, kind)).toBeGreaterThan(5);
  });

  it('each come after their cause, and have a number of their own', () => {
    for (const { seq, cause } of full.events) expect(cause).toBeLessThan(seq);
    expect(new Set(facts.events.map(({ seq }) => seq)).size).toBe(facts.events.length);
  });

  it('lead from a loan back to the deposit before it', () => {
    const bySeq = new Map(facts.events.map((event) => [event.seq, event]));
    for (const loan of facts.events.filter(({ kind }) => kind === 'borrow')) {
      const kinds: string[] = [];
      for (let event = bySeq.get(loan.cause); event !== undefined; event = bySeq.get(event.cause)) kinds.push(event.kind);
      expect(kinds).toContain('deposit');
    }
    expect(countOf(facts, 'borrow')).toBeGreaterThanOrEqual(3);
  });
});
