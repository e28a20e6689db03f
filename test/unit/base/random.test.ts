import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawLognormal, drawPareto, drawPoisson, drawStudentT, drawTruncatedNormal, drawUniform } from '../../../src/base/distributions.ts';
import { exp } from '../../../src/base/elementary.ts';
import { normalCdf } from '../../../src/base/normal.ts';
import { type Random, randomFrom } from '../../../src/base/random.ts';
import { studentCdf } from '../../../src/base/student.ts';

const take = <T>(n: number, draw: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => draw(i));

/**
 * Largest distance between the empirical distribution function and the claimed one, times √n (Kolmogorov). 1.95 is exceeded with
 * probability 0.001 (N. Smirnov 1948); seeds are fixed, so the test either always passes or never.
 */
function kolmogorov(samples: readonly number[], cdf: (x: number) => number): number {
  const sorted = Float64Array.from(samples).sort();
  const n = sorted.length;
  return sorted.reduce((most, x, i) => Math.max(most, (i + 1) / n - cdf(x), cdf(x) - i / n), 0) * Math.sqrt(n);
}
const KOLMOGOROV = 1.95;

describe('a stream', () => {
  it('repeats itself from the same seed and label, and differs from any other', () => {
    const a = randomFrom(7, 'agent/3');
    const b = randomFrom(7).split('agent/3');
    expect(take(20, () => a.uniform())).toEqual(take(20, () => b.uniform()));
    const starts = new Set<number>();
    for (const seed of [0, 1, -1, 2, 0.5, 2 ** 32, 2 ** 52 + 1, 7]) {
      for (const label of ['', 'a', 'b', 'ab', 'ba', 'a/b', 'agent/1', 'agent/2', 'agent/10', 'agent/01'])
        starts.add(randomFrom(seed, label).uniform());
    }
    expect(starts.size).toBe(80);
    expect(randomFrom(1).split('a').split('b').uniform()).not.toBe(randomFrom(1).split('ab').uniform());
    expect(randomFrom(-0).uniform()).toBe(randomFrom(0).uniform());
    expect(randomFrom(7, 'x').path).toBe('7/x');
  });

  it('SIM-2 gives its children draws that depend on labels alone, not on what was drawn before', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.string(), fc.nat(50), (seed, label, drawn) => {
        const quiet = randomFrom(seed);
        const busy = randomFrom(seed);
        for (let i = 0; i < drawn; i += 1) busy.normal();
        busy.split('somebody else').uniform();
        expect(busy.split(label).uniform()).toBe(quiet.split(label).uniform());
      }),
    );
  });

  it('has unrelated children: labels and seeds that differ a little give draws without correlation', () => {
    const n = 20_000;
    const pairs = (of: (i: number) => Random) => {
      const xs = take(n, (i) => of(i).uniform() - 0.5);
      let sum = 0;
      for (let i = 1; i < n; i += 1) sum += xs[i] * xs[i - 1];
      // Each product has mean 0 and variance 1/144.
      return (sum * 12) / Math.sqrt(n);
    };
    const root = randomFrom(1);
    expect(Math.abs(pairs((i) => root.split(`agent/${i}`)))).toBeLessThan(3.3);
    expect(Math.abs(pairs((i) => randomFrom(i)))).toBeLessThan(3.3);
    expect(
      kolmogorov(
        take(n, (i) => root.split(`agent/${i}`).uniform()),
        (x) => x,
      ),
    ).toBeLessThan(KOLMOGOROV);
    expect(
      kolmogorov(
        take(n, (i) => randomFrom(i).uniform()),
        (x) => x,
      ),
    ).toBeLessThan(KOLMOGOROV);
  });

  it('changes half of its first words when one bit of the seed or one letter changes', () => {
    let flipped = 0;
    const trials = 2000;
    for (let i = 0; i < trials; i += 1) {
      const a = randomFrom(i, 'x').state();
      const b = randomFrom(i ^ (1 << (i % 20)), 'x').state();
      const c = randomFrom(i, 'y').state();
      for (let w = 0; w < 4; w += 1) flipped += ones(a[w] ^ b[w]) + ones(a[w] ^ c[w]);
    }
    const bits = trials * 256;
    expect(Math.abs(flipped - bits / 2) / Math.sqrt(bits / 4)).toBeLessThan(3.3);
  });

  it('goes on exactly from a saved state', () => {
    const stream = randomFrom(3, 'saved');
    for (let i = 0; i < 1000; i += 1) stream.normal();
    const saved = JSON.parse(JSON.stringify(stream.state()));
    const draw = (from: Random) => take(50, () => [from.uniform(), from.normal(), from.exponential(), from.integer(10)]);
    const expected = draw(stream);
    const other = randomFrom(99);
    other.restore(saved);
    expect(draw(other)).toEqual(expected);
    expect(() => other.restore([1, 2])).toThrow('RANDOM_STATE');
  });

  it('refuses a seed that is no number and a bound that is no positive integer', () => {
    expect(() => randomFrom(NaN)).toThrow('RANDOM_SEED');
    for (const bound of [0, -1, 1.5, NaN, 2 ** 53]) expect(() => randomFrom(1).integer(bound)).toThrow('RANDOM_BOUND');
  });
});

const ones = (word: number) => {
  let count = 0;
  for (let w = word >>> 0; w !== 0; w &= w - 1) count += 1;
  return count;
};

describe('the distributions of a stream', () => {
  const n = 100_000;
  it('uniform has 53 bits in [0, 1)', () => {
    const stream = randomFrom(11, 'uniform');
    const samples = take(n, () => stream.uniform());
    expect(kolmogorov(samples, (x) => x)).toBeLessThan(KOLMOGOROV);
    expect(samples.every((x) => x >= 0 && x < 1 && Number.isInteger(x * 2 ** 53))).toBe(true);
    expect(samples.some((x) => !Number.isInteger(x * 2 ** 52))).toBe(true);
  });
  it('integer takes every value equally often, also where the bound is no power of two', () => {
    const stream = randomFrom(12);
    for (const bound of [1, 2, 3, 10, 1000]) {
      const counts = new Float64Array(bound);
      for (let i = 0; i < n; i += 1) counts[stream.integer(bound)] += 1;
      const chiSquare = counts.reduce((sum, count) => sum + (count - n / bound) ** 2 / (n / bound), 0);
      // Chi-square with k degrees: mean k, variance 2k.
      expect(chiSquare).toBeLessThan(bound - 1 + 3.5 * Math.sqrt(2 * bound) + 4);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(n);
    }
    expect(take(1000, () => stream.integer(Number.MAX_SAFE_INTEGER)).every(Number.isSafeInteger)).toBe(true);
    // A quarter of all 53-bit words lies beyond 3·2^51 and must be drawn again, not folded onto some value.
    const large = 3 * 2 ** 51;
    expect(
      kolmogorov(
        take(n, () => stream.integer(large) / large),
        (x) => x,
      ),
    ).toBeLessThan(KOLMOGOROV);
  });
  it('normal is standard normal, in the middle and far out', () => {
    const stream = randomFrom(13, 'normal');
    expect(
      kolmogorov(
        take(n, () => stream.normal()),
        normalCdf,
      ),
    ).toBeLessThan(KOLMOGOROV);
    // Beyond the ziggurat's last strip (3.44) and within it: counts against the exact tail, 3.3 standard errors.
    const edges = [1, 2, 3, 3.3, 3.442619855899, 3.6, 3.8, 4, 4.5];
    const counts = new Float64Array(2 * edges.length);
    const draws = 60 * n;
    for (let i = 0; i < draws; i += 1) {
      const x = stream.normal();
      const size = Math.abs(x);
      for (let e = 0; e < edges.length && size > edges[e]; e += 1) counts[x < 0 ? e : e + edges.length] += 1;
    }
    counts.forEach((count, i) => {
      const expected = draws * normalCdf(-edges[i % edges.length]);
      expect(Math.abs(count - expected), `${i}`).toBeLessThan(3.3 * Math.sqrt(expected) + 1);
    });
  });
  /** Chi-square of a histogram with cells of 0.02 from `from` on, in standard deviations above its mean. */
  const roughness = (draw: () => number, from: number, mass: (left: number, right: number) => number) => {
    const width = 0.02;
    const counts = new Float64Array(400);
    for (let i = 0; i < 10 * n; i += 1) {
      const at = Math.floor((draw() - from) / width);
      if (at >= 0 && at < 400) counts[at] += 1;
    }
    let chiSquare = 0;
    let cells = 0;
    counts.forEach((count, i) => {
      const expected = 10 * n * mass(from + i * width, from + (i + 1) * width);
      if (expected < 20) return;
      cells += 1;
      chiSquare += (count - expected) ** 2 / expected;
    });
    expect(cells).toBeGreaterThan(300);
    return (chiSquare - cells) / Math.sqrt(2 * cells);
  };
  it('normal and exponential have no seam between strips: a fine histogram follows the density', () => {
    const stream = randomFrom(14, 'strips');
    expect(
      roughness(
        () => stream.normal(),
        -4,
        (left, right) => (left < 0 ? normalCdf(right) - normalCdf(left) : normalCdf(-left) - normalCdf(-right)),
      ),
    ).toBeLessThan(3.3);
    expect(
      roughness(
        () => stream.exponential(),
        0,
        (left, right) => exp(-left) - exp(-right),
      ),
    ).toBeLessThan(3.3);
  });
  it('exponential has its tail beyond the last strip, at 7.697', () => {
    const stream = randomFrom(17, 'tail');
    const samples = take(10 * n, () => stream.exponential());
    for (const edge of [7, 7.69711747, 8, 9, 10]) {
      const expected = 10 * n * exp(-edge);
      expect(Math.abs(samples.filter((x) => x > edge).length - expected), `${edge}`).toBeLessThan(3.3 * Math.sqrt(expected) + 1);
    }
    expect(samples.every((x) => x >= 0)).toBe(true);
  });
  it('exponential, lognormal, Pareto, Student t, truncated normal and uniform follow their distribution functions', () => {
    const stream = randomFrom(15, 'others');
    expect(
      kolmogorov(
        take(n, () => stream.exponential()),
        (x) => 1 - exp(-x),
      ),
    ).toBeLessThan(KOLMOGOROV);
    expect(
      kolmogorov(
        take(n, () => drawLognormal(stream, 20, 0.7)),
        (x) => normalCdf(Math.log(x / 20) / 0.7),
      ),
    ).toBeLessThan(KOLMOGOROV);
    expect(
      kolmogorov(
        take(n, () => drawPareto(stream, 3, 1.5)),
        (x) => 1 - (3 / x) ** 1.5,
      ),
    ).toBeLessThan(KOLMOGOROV);
    expect(
      kolmogorov(
        take(10_000, () => drawStudentT(stream, 3.5)),
        (x) => studentCdf(x, 3.5),
      ),
    ).toBeLessThan(KOLMOGOROV);
    const slice = normalCdf(2) - normalCdf(-0.5);
    expect(
      kolmogorov(
        take(n, () => drawTruncatedNormal(stream, 10, 2, 9, 14)),
        (x) => (normalCdf((x - 10) / 2) - normalCdf(-0.5)) / slice,
      ),
    ).toBeLessThan(KOLMOGOROV);
    expect(
      kolmogorov(
        take(n, () => drawUniform(stream, -3, 5)),
        (x) => (x + 3) / 8,
      ),
    ).toBeLessThan(KOLMOGOROV);
    const counts = take(n, () => drawPoisson(stream, 4));
    expect(Math.abs(counts.reduce((sum, k) => sum + k, 0) / n - 4)).toBeLessThan(3.3 * Math.sqrt(4 / n));
    expect(Math.abs(counts.filter((k) => k === 0).length - n * exp(-4))).toBeLessThan(3.3 * Math.sqrt(n * exp(-4)));
  });
  it('a truncated normal far in the tail stays inside and keeps its shape', () => {
    const stream = randomFrom(16);
    const samples = take(n, () => drawTruncatedNormal(stream, 0, 1, 10, 12));
    expect(samples.every((x) => x >= 10 && x <= 12)).toBe(true);
    expect(kolmogorov(samples, (x) => 1 - normalCdf(-x) / normalCdf(-10))).toBeLessThan(KOLMOGOROV);
    expect(() => drawTruncatedNormal(stream, 0, 1, 2, 2)).toThrow('DISTRIBUTION_EMPTY');
  });
});
