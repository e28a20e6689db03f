/** What the recorder in memory promises: it gives back every fact it was told, in order, and nothing else. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryRecorder, EVENT_WIDTH, eventAt, KIND_NAMES } from '../../../src/record/memory.ts';
import type { RecordedEvent } from '../../../src/record/recorder.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const facts = fc.record({
  seq: fc.nat(),
  at: fc.nat(),
  cause: fc.nat(),
  kind: fc.constantFrom(...KIND_NAMES),
  actor: fc.integer({ min: -1, max: 1000 }),
  subject: fc.nat(),
  a: fc.double(),
  b: fc.double(),
  c: fc.double(),
  d: fc.double(),
});

function record(given: readonly RecordedEvent[]) {
  const recorder = createMemoryRecorder();
  for (const { seq, at, cause, kind, actor, subject, a, b, c, d } of given) {
    recorder.event(seq, at, cause, kind, actor, subject, a, b, c, d);
  }
  return recorder;
}

describe('recorder in memory', () => {
  it('gives back every fact as it was told, bit by bit', () => {
    fc.assert(
      fc.property(fc.array(facts, { maxLength: 300 }), (given) => {
        const recorder = record(given);
        expect(recorder.count).toBe(given.length);
        expect(recorder.events()).toEqual(given);
      }),
      { numRuns: propertyRuns(30, 600) },
    );
  });

  it('loses nothing where one block ends and the next begins', () => {
    const given = Array.from({ length: 40_000 }, (_, i) => ({
      ...{ seq: i, at: i, cause: 0, kind: KIND_NAMES[i % KIND_NAMES.length], actor: i, subject: 0, a: i / 3, b: 0, c: 0, d: -i },
    }));
    const recorder = record(given);
    const rows = recorder.rows();
    expect(rows.length).toBe(40_000 * EVENT_WIDTH);
    const events = recorder.events();
    for (let i = 0; i < given.length; i += 997) {
      expect(events[i]).toEqual(given[i]);
      expect(eventAt(rows, i * EVENT_WIDTH)).toEqual(given[i]);
    }
    expect(events.at(-1)).toEqual(given.at(-1));
  });

  it('keeps samples in their order', () => {
    const recorder = createMemoryRecorder();
    recorder.sample('solvency_ratio', 10, 1.5);
    recorder.sample('debt_usd', 10, 7);
    recorder.sample('solvency_ratio', 20, Number.NaN);
    expect(recorder.samples()).toEqual([
      { probe: 'solvency_ratio', at: 10, value: 1.5 },
      { probe: 'debt_usd', at: 10, value: 7 },
      { probe: 'solvency_ratio', at: 20, value: Number.NaN },
    ]);
    expect(recorder.events()).toEqual([]);
  });
});
