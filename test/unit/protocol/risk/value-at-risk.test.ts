import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blankTail,
  deltaTail,
  historicalTail,
  normalMultiples,
  portfolioDeviation,
  studentMultiples,
  tailRank,
} from '../../../../src/protocol/risk/value-at-risk.ts';
import {
  normalExpectedShortfall,
  normalValueAtRisk,
  studentExpectedShortfall,
  studentValueAtRisk,
} from '../../../../src/study/closed-form/value-at-risk.ts';
import { propertyRuns } from '../../../support/property-runs.ts';

/** The tail of all of `pnl`, with scratch of the shortest length. */
const tail = (pnl: readonly number[], level: number) =>
  historicalTail(Float64Array.from(pnl), pnl.length, level, new Float64Array(tailRank(pnl.length, level)), blankTail());

describe('historical value at risk', () => {
  it('of 100 scenarios at 95 % is the sixth worst loss, and the shortfall the mean of five', () => {
    // Losses 1 … 100 in no order: 37 is prime to 101.
    const pnl = Array.from({ length: 100 }, (_, i) => -((37 * (i + 1)) % 101));
    expect(tailRank(100, 0.95)).toBe(6);
    expect(tail(pnl, 0.95)).toEqual({ valueAtRisk: 95, expectedShortfall: 98 });
  });

  it('counts the last loss of a broken tail in part', () => {
    // m = 2.5 of 10 at 75 %: (10 + 9 + 8/2)/2.5.
    expect(tail([-1, -2, -3, -4, -5, -6, -7, -8, -9, -10], 0.75)).toEqual({ valueAtRisk: 8, expectedShortfall: 23 / 2.5 });
    // m = 0.1: the worst alone.
    expect(tail([-1, -2, -3, -4, -5, -6, -7, -8, -9, -10], 0.99)).toEqual({ valueAtRisk: 10, expectedShortfall: 10 });
  });

  it.each([
    [10, 0.9, 2],
    [100, 0.99, 2],
    [500, 0.99, 6],
    [499, 0.99, 5],
    [999, 0.99, 10],
    [700, 0.99, 8],
    [1000, 0.975, 26],
    [3, 0, 3],
    [3, 1, 1],
  ])('of %d scenarios at %d is loss number %d', (count, level, rank) => {
    expect(tailRank(count, level)).toBe(rank);
  });

  it('is negative where gain is sure', () => {
    expect(tail([3, 5, 4], 0.5)).toEqual({ valueAtRisk: -4, expectedShortfall: -(3 + 0.5 * 4) / 1.5 });
  });

  const pnls = fc.array(fc.oneof(fc.integer({ min: -9, max: 9 }), fc.double({ min: -1e6, max: 1e6, noNaN: true })), {
    minLength: 1,
    maxLength: 80,
  });
  const levels = fc.oneof(fc.constantFrom(0, 0.5, 0.9, 0.95, 0.975, 0.99, 1), fc.double({ min: 0, max: 1, noNaN: true }));

  it('is that of its definition, by sorting', () => {
    fc.assert(
      fc.property(pnls, levels, (pnl, level) => {
        const losses = pnl.map((x) => -x).sort((a, b) => b - a);
        const rank = tailRank(pnl.length, level);
        const { valueAtRisk, expectedShortfall } = tail(pnl, level);
        expect(valueAtRisk + 0).toBe(losses[rank - 1] + 0);
        // Not exceeded with probability `level`, and the least such loss.
        const exceeding = (loss: number) => losses.filter((other) => other > loss).length;
        const within = 1e-9 * pnl.length;
        expect(exceeding(valueAtRisk)).toBeLessThanOrEqual(pnl.length * (1 - level) + within);
        const less = losses.find((loss) => loss < valueAtRisk);
        if (less !== undefined) expect(exceeding(less)).toBeGreaterThan(pnl.length * (1 - level) - within);
        const size = Math.max(pnl.length * (1 - level), Number.MIN_VALUE);
        const whole = losses.slice(0, rank - 1).reduce((sum, loss) => sum + loss, 0);
        const mean = size < 1 ? losses[0] : (whole + (size - (rank - 1)) * losses[rank - 1]) / size;
        const scale = Math.max(...losses.map(Math.abs), 1);
        expect(Math.abs(expectedShortfall - mean)).toBeLessThan(1e-9 * scale);
        expect(expectedShortfall).toBeGreaterThanOrEqual(valueAtRisk - 1e-9 * scale);
      }),
      { numRuns: propertyRuns(500, 20_000) },
    );
  });

  it('has a coherent shortfall: of two portfolios together no more than of each apart', () => {
    const pair = fc.integer({ min: 1, max: 40 }).chain((length) => {
      const side = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: length, maxLength: length });
      return fc.tuple(side, side);
    });
    fc.assert(
      fc.property(pair, levels, ([one, other], level) => {
        const both = tail(
          one.map((x, i) => x + other[i]),
          level,
        );
        expect(both.expectedShortfall).toBeLessThanOrEqual(
          tail(one, level).expectedShortfall + tail(other, level).expectedShortfall + 1e-9,
        );
      }),
      { numRuns: propertyRuns(300, 10_000) },
    );
  });

  it('is unknown where any P&L is, wherever it stands', () => {
    for (const at of [0, 1, 4, 9]) {
      const pnl = Array.from({ length: 10 }, (_, i) => (i === at ? Number.NaN : i));
      expect(tail(pnl, 0.8)).toEqual({ valueAtRisk: Number.NaN, expectedShortfall: Number.NaN });
    }
  });

  it('looks at the scenarios that count and leaves them as they are', () => {
    const pnl = Float64Array.of(-1, -3, -2, -100);
    expect(historicalTail(pnl, 3, 0.5, new Float64Array(8), blankTail())).toEqual({ valueAtRisk: 2, expectedShortfall: (3 + 1) / 1.5 });
    expect([...pnl]).toEqual([-1, -3, -2, -100]);
  });

  it('refuses what it cannot answer', () => {
    const some = new Float64Array(4);
    expect(() => historicalTail(some, 0, 0.99, some, blankTail())).toThrow('VALUE_AT_RISK_DOMAIN');
    expect(() => historicalTail(some, 5, 0.99, some, blankTail())).toThrow('VALUE_AT_RISK_DOMAIN');
    expect(() => historicalTail(some, 4, 1.01, some, blankTail())).toThrow('VALUE_AT_RISK_DOMAIN');
    expect(() => historicalTail(some, 4, 0.5, new Float64Array(2), blankTail())).toThrow('VALUE_AT_RISK_DOMAIN');
  });
});

describe('value at risk from a covariance', () => {
  it('has the multiples of the closed forms', () => {
    for (const level of [0.9, 0.975, 0.99, 0.9999]) {
      expect(normalMultiples(level).valueAtRisk / normalValueAtRisk(level)).toBeCloseTo(1, 11);
      expect(normalMultiples(level).expectedShortfall / normalExpectedShortfall(level)).toBeCloseTo(1, 11);
      for (const degrees of [2.5, 4, 30]) {
        expect(studentMultiples(level, degrees).valueAtRisk / studentValueAtRisk(level, degrees)).toBeCloseTo(1, 9);
        expect(studentMultiples(level, degrees).expectedShortfall / studentExpectedShortfall(level, degrees)).toBeCloseTo(1, 9);
      }
    }
    expect(() => normalMultiples(1)).toThrow('VALUE_AT_RISK_DOMAIN');
    expect(() => studentMultiples(0.99, 2)).toThrow('VALUE_AT_RISK_DOMAIN');
  });

  it('knows hedges: of 100 against 100 at correlation ρ it is √(2 − 2ρ) of one', () => {
    for (const rho of [-1, 0, 0.5, 1]) {
      const covariance = Float64Array.of(0.0004, 0.0004 * rho, 0.0004 * rho, 0.0004);
      expect(portfolioDeviation(Float64Array.of(100, -100), covariance)).toBeCloseTo(2 * Math.sqrt(2 - 2 * rho), 12);
    }
    expect(portfolioDeviation(Float64Array.of(100, Number.NaN), Float64Array.of(1, 0, 0, 1))).toBeNaN();
    expect(portfolioDeviation(Float64Array.of(1, -1, 0), Float64Array.of(0.1, 0.1, 0, 0.1, 0.1 - 2e-17, 0, 0, 0, 1))).toBe(0);
  });

  it('is the multiple of the deviation', () => {
    const covariance = Float64Array.of(0.0004, 0.0001, 0.0001, 0.0009);
    const deviation = Math.sqrt(1000 ** 2 * 0.0004 - 2 * 1000 * 500 * 0.0001 + 500 ** 2 * 0.0009);
    const { valueAtRisk, expectedShortfall } = deltaTail(Float64Array.of(1000, -500), covariance, normalMultiples(0.99), blankTail());
    expect(valueAtRisk).toBeCloseTo(2.3263478740408411 * deviation, 10);
    expect(expectedShortfall).toBeCloseTo(2.66521422034580481 * deviation, 10);
  });
});
