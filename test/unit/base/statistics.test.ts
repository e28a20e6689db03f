import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../src/base/random.ts';
import {
  createAccumulator,
  mean,
  pairedInterval,
  quantile,
  standardDeviation,
  studentInterval,
  wilsonInterval,
  zTest,
} from '../../../src/base/statistics.ts';
import { studentCdf, studentDensity, studentQuantile } from '../../../src/base/student.ts';

describe('Student’s t', () => {
  it('has the percentage points of the printed tables', () => {
    // Two-sided 95 % and 99 %, one-sided 95 %: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2.
    const table: [number, number, number, number][] = [
      [1, 12.706, 63.657, 6.314],
      [2, 4.303, 9.925, 2.92],
      [3, 3.182, 5.841, 2.353],
      [4, 2.776, 4.604, 2.132],
      [5, 2.571, 4.032, 2.015],
      [7, 2.365, 3.499, 1.895],
      [10, 2.228, 3.169, 1.812],
      [15, 2.131, 2.947, 1.753],
      [20, 2.086, 2.845, 1.725],
      [30, 2.042, 2.75, 1.697],
      [60, 2.0, 2.66, 1.671],
      [100, 1.984, 2.626, 1.66],
    ];
    for (const [degrees, t975, t995, t95] of table) {
      expect(studentQuantile(0.975, degrees), `${degrees}`).toBeCloseTo(t975, 3);
      expect(studentQuantile(0.995, degrees), `${degrees}`).toBeCloseTo(t995, 3);
      expect(studentQuantile(0.95, degrees), `${degrees}`).toBeCloseTo(t95, 3);
    }
    expect(studentQuantile(0.975, Infinity)).toBeCloseTo(1.959963984540054, 12);
    expect(Math.abs(studentQuantile(0.975, 1e7) - 1.959963984540054)).toBeLessThan(1e-6);
  });
  it('has the closed forms of one and two degrees of freedom', () => {
    for (const p of [0.6, 0.9, 0.975, 0.9999, 0.01]) {
      expect(studentQuantile(p, 1) / Math.tan(Math.PI * (p - 0.5))).toBeCloseTo(1, 10);
      expect(studentQuantile(p, 2) / ((2 * p - 1) / Math.sqrt(2 * p * (1 - p)))).toBeCloseTo(1, 10);
    }
  });
  it('has the density that its distribution function grows by', () => {
    // Γ(5/2)/(Γ(2)·√(4π)) = 3/8, and (1 + 9/16)^(−5/2) = 0.32768 of it; the others derived with mpmath, 40 digits.
    const density: [number, number, number][] = [
      [0, 4, 0.375],
      [1.5, 4, 0.12288],
      [3, 2.5, 0.0250410669313930996],
      [-2, 100, 0.05490864329540969],
    ];
    for (const [t, degrees, expected] of density) expect(studentDensity(t, degrees) / expected).toBeCloseTo(1, 12);
    for (const t of [-3, 0.7, 2]) {
      const slope = (studentCdf(t + 1e-4, 4) - studentCdf(t - 1e-4, 4)) / 2e-4;
      expect(slope / studentDensity(t, 4)).toBeCloseTo(1, 7);
    }
  });
  it('is inverted by its quantile', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), fc.double({ min: 1, max: 500, noNaN: true }), (p, degrees) => {
        expect(Math.abs(studentCdf(studentQuantile(p, degrees), degrees) / p - 1)).toBeLessThan(1e-9);
      }),
    );
    expect(() => studentQuantile(0, 3)).toThrow('STATISTICS_DOMAIN');
    expect(() => studentQuantile(0.5, 0.5)).toThrow('STATISTICS_DOMAIN');
  });
});

describe('intervals', () => {
  it('give the textbook interval of a small sample', () => {
    // Mean 5, sd √(10/4), n 5: 5 ± 2.776·1.5811/√5 = 5 ± 1.963.
    const { n, mean: average, sd, lo, hi } = studentInterval([3, 4, 5, 6, 7]);
    expect([n, average]).toEqual([5, 5]);
    expect(sd).toBeCloseTo(1.5811388300841898, 14);
    expect(hi - 5).toBeCloseTo(1.9632432, 6);
    expect(5 - lo).toBeCloseTo(1.9632432, 6);
  });
  it('say that one sample tells nothing, and that equal samples tell everything', () => {
    expect(studentInterval([4])).toEqual({ n: 1, mean: 4, sd: NaN, lo: -Infinity, hi: Infinity });
    expect(studentInterval([2, 2, 2])).toEqual({ n: 3, mean: 2, sd: 0, lo: 2, hi: 2 });
    expect(studentInterval([]).mean).toBeNaN();
  });
  it('cover the truth as often as they promise', () => {
    const random = randomFrom(21, 'coverage');
    for (const level of [0.8, 0.95]) {
      let covered = 0;
      const trials = 4000;
      for (let i = 0; i < trials; i += 1) {
        const { lo, hi } = studentInterval(
          Array.from({ length: 4 }, () => 3 + 2 * random.normal()),
          level,
        );
        if (lo <= 3 && 3 <= hi) covered += 1;
      }
      expect(Math.abs(zTest(covered / trials, level, Math.sqrt((level * (1 - level)) / trials)).z)).toBeLessThan(3.3);
    }
  });
  it('of paired differences ignore what the pairs share', () => {
    const random = randomFrom(22);
    const shared = Array.from({ length: 20 }, () => 1000 * random.normal());
    const left = shared.map((x) => x + 1 + 0.1 * random.normal());
    const { lo, hi } = pairedInterval(left, shared);
    expect(lo).toBeGreaterThan(0.8);
    expect(hi).toBeLessThan(1.2);
    expect(() => pairedInterval([1], [1, 2])).toThrow('STATISTICS_UNPAIRED');
  });
  it('of a probability are Wilson’s, also at the ends', () => {
    // 7 of 10 at 95 %: z² = 3.8415, so by hand: centre 0.6444, half-width 0.2477.
    const { lo, hi } = wilsonInterval(7, 10);
    expect((lo + hi) / 2).toBeCloseTo(0.6444, 3);
    expect((hi - lo) / 2).toBeCloseTo(0.2477, 3);
    expect(wilsonInterval(0, 10).lo).toBe(0);
    expect(wilsonInterval(0, 10).hi).toBeCloseTo(3.8414588 / (10 + 3.8414588), 6);
    expect(wilsonInterval(10, 10).hi).toBe(1);
    expect(wilsonInterval(0, 0)).toEqual({ lo: 0, hi: 1 });
  });
});

describe('summaries', () => {
  const samples = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 50 });
  it('run along a stream as they do over an array', () => {
    fc.assert(
      fc.property(samples, (values) => {
        const accumulator = createAccumulator();
        for (const value of values) accumulator.add(value);
        expect(accumulator.n).toBe(values.length);
        expect(Math.abs(accumulator.mean - mean(values))).toBeLessThan(1e-9);
        expect(Math.abs(Math.sqrt(accumulator.variance) - standardDeviation(values))).toBeLessThan(1e-6);
        expect([accumulator.min, accumulator.max]).toEqual([Math.min(...values), Math.max(...values)]);
        expect(Math.abs(accumulator.interval().lo - studentInterval(values).lo)).toBeLessThan(1e-4);
      }),
    );
    const empty = createAccumulator();
    expect([empty.n, empty.mean, empty.variance]).toEqual([0, NaN, NaN]);
  });
  it('keep the variance of small differences between large numbers', () => {
    const accumulator = createAccumulator();
    for (const x of [4, 7, 13, 16]) accumulator.add(1e9 + x);
    expect(accumulator.variance).toBe(30);
  });
  it('have quantiles between ranks, as R and numpy do by default', () => {
    expect([0, 0.25, 0.5, 1].map((p) => quantile([4, 1, 3, 2], p))).toEqual([1, 1.75, 2.5, 4]);
    expect(quantile([], 0.5)).toBeNaN();
    expect(() => quantile([1], 2)).toThrow('STATISTICS_DOMAIN');
  });
  it('test against a known mean with the two-sided normal tail', () => {
    expect(zTest(1.959963984540054, 0, 1).p).toBeCloseTo(0.05, 12);
    expect(zTest(3, 3, 1)).toEqual({ z: 0, p: 1 });
  });
});
