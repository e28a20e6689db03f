import { describe, expect, it } from 'vitest';
import { accept, problemsOfPolicy, type ReadingPolicy } from '../../../src/oracle/accepted.ts';
import { NO_READING } from '../../../src/oracle/no-reading.ts';
import type { Reading } from '../../../src/oracle/oracle.ts';

const policyOf = (over: Partial<ReadingPolicy> = {}): ReadingPolicy => ({
  ...{ onInvalid: 'halt' as const, maxAge: undefined, maxConfidence: undefined, fallback: undefined },
  ...over,
});
const at = (price: number, observedAt: number, confidence?: number): Reading => ({
  ...{ price, observedAt, publishedAt: observedAt, valid: true },
  ...(confidence === undefined ? {} : { confidence }),
});

/** A market that saw 100 at time 0, and then a reading that it may not accept. */
function goesBy(policy: Partial<ReadingPolicy>, reading: Reading, other: Reading = NO_READING) {
  let said = at(100, 0);
  const accepted = accept({ read: () => said }, policyOf(policy), { read: () => other });
  accepted.note(0);
  said = reading;
  const now = 1_000;
  return [accepted.usd(now), accepted.halts('borrowing', now), accepted.halts('liquidation', now)];
}

describe('a policy for readings', () => {
  it.each([
    ['halt', Number.NaN, false, false],
    ['last', 100, false, false],
    ['halt-borrowing', 100, true, false],
    ['halt-liquidation', 100, false, true],
  ] as const)('%s: goes by %d without a reading', (onInvalid, price, borrowing, liquidation) => {
    expect(goesBy({ onInvalid }, NO_READING)).toEqual([price, borrowing, liquidation]);
    expect(goesBy({ onInvalid }, at(50, 900))).toEqual([50, false, false]);
  });

  it('accepts no reading that is too old or too uncertain', () => {
    expect(goesBy({ onInvalid: 'last', maxAge: 99 }, at(50, 900))[0]).toBe(100);
    expect(goesBy({ onInvalid: 'last', maxAge: 100 }, at(50, 900))[0]).toBe(50);
    expect(goesBy({ onInvalid: 'last', maxConfidence: 0.01 }, at(50, 900, 0.02))[0]).toBe(100);
    expect(goesBy({ onInvalid: 'last', maxConfidence: 0.02 }, at(50, 900, 0.02))[0]).toBe(50);
    expect(goesBy({ onInvalid: 'last', maxConfidence: 0.02 }, at(50, 900))[0]).toBe(50);
  });

  it('asks another, which must be acceptable too', () => {
    expect(goesBy({ onInvalid: 'fallback', fallback: 1, maxAge: 500 }, NO_READING, at(70, 900))[0]).toBe(70);
    expect(goesBy({ onInvalid: 'fallback', fallback: 1, maxAge: 500 }, NO_READING, at(70, 100))[0]).toBeNaN();
  });

  it('remembers only what was noted, which is at ends of blocks', () => {
    let said = at(100, 0);
    const accepted = accept({ read: () => said }, policyOf({ onInvalid: 'last' }));
    accepted.note(0);
    said = at(10_000, 500);
    expect(accepted.usd(500)).toBe(10_000);
    said = NO_READING;
    expect(accepted.usd(600)).toBe(100);
  });

  it('names a fallback exactly when it asks one', () => {
    expect(problemsOfPolicy({ onInvalid: 'fallback' })[0]?.param).toBe('fallback');
    expect(problemsOfPolicy({ onInvalid: 'halt', fallback: 'other' })[0]?.param).toBe('onInvalid');
    expect(problemsOfPolicy({ onInvalid: 'fallback', fallback: 'other' })).toEqual([]);
  });
});
