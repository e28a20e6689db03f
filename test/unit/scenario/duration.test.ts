/** Durations as people write them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../../src/scenario/duration.ts';
import { propertyRuns } from '../../support/property-runs.ts';

describe('a duration', () => {
  it('reads back as what was written, for every whole ms', () => {
    const scaled = fc.tuple(fc.nat(100_000), fc.constantFrom(1, 1000, 60_000, 3_600_000, 86_400_000)).map(([n, scale]) => n * scale);
    const ms = fc.oneof(scaled, fc.maxSafeNat());
    fc.assert(
      fc.property(ms, (value) => {
        expect(parseDuration(formatDuration(value))).toBe(value);
      }),
      { numRuns: propertyRuns(500, 20_000) },
    );
  });

  it.each([
    ['250 ms', 250],
    ['12 s', 12_000],
    ['1.5 min', 90_000],
    [' 30min ', 1_800_000],
    ['1 h', 3_600_000],
    ['7 d', 604_800_000],
    [12_000, 12_000],
    [0, 0],
  ])('%j is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '12', '12 m', '-1 s', '1e3 s', '1 h 30 min', 's', '', '9007199254741 h'])(
    '%j is none',
    (value) => {
      expect(parseDuration(value)).toBeUndefined();
    },
  );

  it('is written in the largest unit that is exact, days from two on', () => {
    const written = [90_000, 1_800_000, 86_400_000, 172_800_000, 1001, 0].map(formatDuration);
    expect(written).toEqual(['90 s', '30 min', '24 h', '2 d', '1001 ms', '0 ms']);
    expect(formatDuration(Number.POSITIVE_INFINITY)).toBe('without end');
  });
});
