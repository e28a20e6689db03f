import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../src/base/random.ts';
import { createKernel, type Kernel } from '../../../src/kernel/kernel.ts';
import { PRIORITY } from '../../../src/kernel/priority.ts';
import { TraceHash } from '../../../src/kernel/trace-hash.ts';

/** A kernel that logs `name@time` and runs what is registered under a name. */
function scripted(actions: Record<string, (kernel: Kernel<string>) => void> = {}) {
  const log: string[] = [];
  const kernel: Kernel<string> = createKernel<string>((event, at) => {
    log.push(`${event}@${at}`);
    actions[event]?.(kernel);
  });
  return { kernel, log };
}

describe('kernel', () => {
  it('executes by time, then priority, then order of scheduling', () => {
    const { kernel, log } = scripted();
    kernel.schedule('agent', 5);
    kernel.schedule('probe', 5, PRIORITY.PROBE);
    kernel.schedule('price', 5, PRIORITY.PRICE);
    kernel.schedule('second agent', 5);
    kernel.schedule('early', 2, PRIORITY.PROBE);
    expect(kernel.run(10)).toBe('drained');
    expect(log).toEqual(['early@2', 'price@5', 'agent@5', 'second agent@5', 'probe@5']);
    expect([kernel.now, kernel.executed, kernel.pending]).toEqual([10, 5, 0]);
  });

  it('orders the named priorities as a millisecond unfolds', () => {
    const { PRICE, ARRIVAL, BLOCK, ORACLE, AGENT, PROBE } = PRIORITY;
    expect([PRICE, ARRIVAL, BLOCK, ORACLE, AGENT, PROBE]).toEqual([0, 10, 20, 30, 40, 50]);
  });

  it('includes events at the horizon, leaves later ones, and goes on from there', () => {
    const { kernel, log } = scripted({ a: (k) => k.schedule('b', 10) });
    kernel.schedule('a', 10);
    kernel.schedule('c', 11);
    expect(kernel.run(10)).toBe('horizon');
    expect(log).toEqual(['a@10', 'b@10']);
    expect([kernel.now, kernel.nextTime()]).toEqual([10, 11]);
    expect(kernel.run(Infinity)).toBe('drained');
    expect(kernel.now).toBe(11);
  });

  it('stops after the event in progress and can be run again', () => {
    const { kernel, log } = scripted({ a: (k) => k.stop() });
    kernel.schedule('a', 1);
    kernel.schedule('b', 1);
    expect(kernel.run(100)).toBe('stopped');
    expect([log.length, kernel.now, kernel.pending]).toEqual([1, 1, 1]);
    expect(kernel.run(100)).toBe('drained');
    expect(log).toEqual(['a@1', 'b@1']);
  });

  it('steps one event at a time', () => {
    const { kernel } = scripted();
    kernel.schedule('a', 3);
    expect([kernel.step(), kernel.now, kernel.step(), kernel.now]).toEqual([true, 3, false, 3]);
  });

  it('cancels an event that waits and none that ran', () => {
    const { kernel, log } = scripted();
    const a = kernel.schedule('a', 1);
    const b = kernel.schedule('b', 2);
    expect([kernel.cancel(b), kernel.cancel(b), kernel.pending]).toEqual([true, false, 1]);
    kernel.run(5);
    expect(log).toEqual(['a@1']);
    expect(kernel.cancel(a)).toBe(false);
  });

  it('faults on the past, on fractions, on times without end, on impossible priorities and on re-entry', () => {
    const { kernel } = scripted({ again: (k) => k.run(50), step: (k) => k.step() });
    kernel.schedule('a', 10);
    kernel.run(20);
    expect(() => kernel.schedule('b', 19)).toThrow('KERNEL_PAST');
    expect(() => kernel.run(19)).toThrow('KERNEL_PAST');
    for (const at of [20.5, NaN, Infinity, 2 ** 53]) expect(() => kernel.schedule('b', at)).toThrow('KERNEL_TIME');
    for (const priority of [-1, 256, NaN]) expect(() => kernel.schedule('b', 30, priority)).toThrow('QUEUE_KEY');
    expect(kernel.pending).toBe(0);
    kernel.schedule('again', 30);
    expect(() => kernel.run(40)).toThrow('KERNEL_REENTRANT');
    kernel.schedule('step', 31);
    expect(() => kernel.run(40)).toThrow('KERNEL_REENTRANT');
  });

  it('leaves the place of a fault readable, and can be used after it', () => {
    const { kernel, log } = scripted({
      bad: () => {
        throw new Error('broken');
      },
    });
    kernel.schedule('bad', 4);
    kernel.schedule('good', 5);
    expect(() => kernel.run(9)).toThrow('broken');
    expect([kernel.now, kernel.current]).toEqual([4, 1]);
    expect(kernel.run(9)).toBe('drained');
    expect(log).toEqual(['bad@4', 'good@5']);
  });
});

describe('cause', () => {
  it('is the event in progress; what it schedules remembers it', () => {
    const seen: Record<string, number[]> = {};
    const note = (name: string, k: Kernel<string>) => {
      seen[name] = [k.current, k.cause, k.origin];
    };
    const { kernel } = scripted({
      parent: (k) => {
        note('parent', k);
        k.schedule('child', 7);
      },
      child: (k) => note('child', k),
    });
    expect([kernel.cause, kernel.origin]).toEqual([0, 0]);
    kernel.schedule('other', 1);
    kernel.schedule('parent', 2);
    kernel.run(10);
    expect(seen).toEqual({ parent: [2, 2, 0], child: [3, 3, 2] });
    expect([kernel.cause, kernel.origin, kernel.current]).toEqual([0, 0, 0]);
  });

  it('can be a fact, numbered in the same sequence as the events', () => {
    const origins: number[] = [];
    const facts: number[] = [];
    const { kernel } = scripted({
      block: (k) => {
        const liquidated = k.fact();
        facts.push(liquidated);
        k.during(liquidated, () => k.schedule('notice', 2));
        k.schedule('next', 3);
        const before = k.setCause(liquidated);
        k.schedule('bot', 4);
        k.setCause(before);
      },
      notice: (k) => origins.push(k.origin),
      next: (k) => origins.push(k.origin),
      bot: (k) => origins.push(k.origin),
    });
    kernel.schedule('block', 1);
    kernel.run(9);
    expect(facts).toEqual([2]);
    expect(origins).toEqual([2, 1, 2]);
    expect(() => kernel.setCause(99)).toThrow('KERNEL_CAUSE');
  });

  it('is set back when the body of `during` throws, and never outlives the event', () => {
    const { kernel } = scripted({
      a: (k) => {
        const fact = k.fact();
        expect(() =>
          k.during(fact, () => {
            throw new Error('inside');
          }),
        ).toThrow('inside');
        expect(k.cause).toBe(k.current);
        k.setCause(fact);
      },
      b: (k) => expect(k.cause).toBe(k.current),
    });
    kernel.schedule('a', 1);
    kernel.schedule('b', 1);
    kernel.run(2);
    expect(kernel.executed).toBe(2);
  });

  it('forms a forest: every chain of causes falls strictly and ends outside', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 5 }), (seed, roots) => {
        const random = randomFrom(seed);
        const causeOf = new Map<number, number>();
        const kernel: Kernel<number> = createKernel<number>((depth, at) => {
          for (let i = random.integer(3); i > 0 && depth < 6; i -= 1) {
            if (random.uniform() < 0.5) kernel.schedule(depth + 1, at + random.integer(4));
            else {
              const fact = kernel.fact();
              causeOf.set(fact, kernel.cause);
              kernel.during(fact, () => kernel.schedule(depth + 1, at + random.integer(4), random.integer(3)));
            }
          }
        });
        kernel.observe((sequence, _, cause) => causeOf.set(sequence, cause));
        for (let i = 0; i < roots; i += 1) kernel.schedule(0, random.integer(3));
        kernel.run(1000);
        for (const start of causeOf.keys()) {
          let at = start;
          while (at !== 0) {
            const up = causeOf.get(at);
            expect(up).toBeDefined();
            expect(up).toBeLessThan(at);
            at = up as number;
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('trace hash', () => {
  const schedule = fc.array(fc.record({ at: fc.nat(100), priority: fc.nat(5), parent: fc.boolean() }), { minLength: 2, maxLength: 20 });
  type Plan = readonly { at: number; priority: number; parent: boolean }[];
  /** Runs a plan: each entry is scheduled from outside, or (`parent`) by the first event to execute. */
  function hashOf(plan: Plan, mixed?: number): string {
    const kernel: Kernel<number> = createKernel<number>((index, at) => {
      if (index !== -1) return;
      for (const entry of plan) if (entry.parent) kernel.schedule(0, at + entry.at, entry.priority);
      if (mixed !== undefined) kernel.mix(mixed);
    });
    kernel.schedule(-1, 0, 0);
    for (const entry of plan) if (!entry.parent) kernel.schedule(0, entry.at, entry.priority);
    kernel.run(1000);
    return kernel.traceHash();
  }

  it('SIM-1 is the same for the same schedule', () => {
    fc.assert(fc.property(schedule, (plan) => hashOf(plan) === hashOf(plan)));
    expect(hashOf([{ at: 3, priority: 1, parent: true }])).toMatch(/^[0-9a-f]{16}$/);
  });

  it('changes with any time, priority or cause, and with one event more', () => {
    fc.assert(
      fc.property(schedule, fc.nat(), (plan, pick) => {
        const at = pick % plan.length;
        const hash = hashOf(plan);
        const changed = (change: Partial<Plan[number]>) => hashOf(plan.map((entry, i) => (i === at ? { ...entry, ...change } : entry)));
        expect(changed({ at: plan[at].at + 1 })).not.toBe(hash);
        expect(changed({ priority: plan[at].priority + 1 })).not.toBe(hash);
        expect(changed({ parent: !plan[at].parent })).not.toBe(hash);
        expect(hashOf([...plan, plan[at]])).not.toBe(hash);
        expect(hashOf(plan.slice(1))).not.toBe(hash);
      }),
    );
  });

  it('changes with every bit of a mixed number, and with a fact that shifts the numbers', () => {
    const plan = [{ at: 3, priority: 1, parent: true }];
    const values = [0, -0, 1, 1 + 2 ** -52, -1, 2 ** 40, 2 ** -1070, 1e300, Infinity, NaN, 0.1, 0.1 + 2 ** -56];
    expect(new Set([hashOf(plan), ...values.map((value) => hashOf(plan, value))]).size).toBe(values.length + 1);
    const numbered = (facts: number) => {
      const kernel: Kernel<number> = createKernel<number>(() => undefined);
      for (let i = 0; i < facts; i += 1) kernel.fact();
      kernel.schedule(0, 1);
      kernel.run(1);
      return kernel.traceHash();
    };
    expect(numbered(0)).not.toBe(numbered(1));
  });

  it('has no collision among a hundred thousand pairs of events of which one cause, number, or time with priority differs', () => {
    const hashes = new Set<string>();
    const add = (time: number, priority: number, sequence: number, cause: number) => {
      const hash = new TraceHash();
      hash.event(time, priority, sequence, cause);
      hash.event(5, 40, 7, 0);
      hashes.add(hash.hex());
    };
    for (let i = 1; i <= 25_000; i += 1) {
      add(5, 40, 2 ** 44, i);
      add(5, 40, i * 2 ** 19, 0);
      add(5, 40, 2 ** 44 + 1, i * 2 ** 19);
      add(i * 2 ** 32, i % 200, 1, 0);
    }
    expect(hashes.size).toBe(100_000);
  });

  it('has no collision among a hundred thousand short runs that differ in one number', () => {
    const hashes = new Set<string>();
    for (let i = 0; i < 100_000; i += 1) {
      const kernel = createKernel<number>(() => undefined);
      kernel.mix(i);
      hashes.add(kernel.traceHash());
    }
    expect(hashes.size).toBe(100_000);
  });

  it('sees what the observer sees, and is not changed by it', () => {
    const run = (observe: boolean) => {
      const seen: [number, number, number][] = [];
      const { kernel } = scripted({ a: (k) => k.schedule('b', 9) });
      if (observe) kernel.observe((sequence, at, cause) => seen.push([sequence, at, cause]));
      kernel.schedule('a', 4);
      kernel.run(10);
      return { seen, hash: kernel.traceHash() };
    };
    expect(run(true)).toEqual({
      seen: [
        [1, 4, 0],
        [2, 9, 1],
      ],
      hash: run(false).hash,
    });
  });

  it('is the one first computed for a reference schedule', () => {
    const random = randomFrom(42, 'golden');
    const kernel: Kernel<number> = createKernel<number>((agent, at) => {
      kernel.mix(random.normal());
      kernel.schedule(agent, at + Math.ceil(1000 * random.exponential()), agent % 3);
    });
    for (let agent = 0; agent < 10; agent += 1) kernel.schedule(agent, agent);
    kernel.run(1_000_000);
    expect([kernel.executed, kernel.traceHash()]).toEqual([EXECUTED, HASH]);
  });
});

/** Changing either means that old runs cannot be replayed: say so in CHANGELOG.md. */
const EXECUTED = 9897;
const HASH = 'ed687da3ca8dfb15';
