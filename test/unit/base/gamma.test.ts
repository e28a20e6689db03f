/** Gamma draws against distribution functions that are known in closed form, by Kolmogorov's test. */
import { describe, expect, it } from 'vitest';
import { drawGamma } from '../../../src/base/distributions.ts';
import { exp } from '../../../src/base/elementary.ts';
import { normalCdf } from '../../../src/base/normal.ts';
import { randomFrom } from '../../../src/base/random.ts';

/** √n·D beyond this has probability 0.001. */
const KOLMOGOROV = 1.95;
const N = 50_000;

const CASES: readonly (readonly [shape: number, cdf: (x: number) => number])[] = [
  // χ² of one degree is twice a gamma of shape ½; of two and six, exponential and Erlang.
  [0.5, (x) => 1 - 2 * normalCdf(-Math.sqrt(2 * x))],
  [1, (x) => 1 - exp(-x)],
  [3, (x) => 1 - exp(-x) * (1 + x + (x * x) / 2)],
];

describe('a gamma draw', () => {
  it.each(CASES)('of shape %d has its distribution', (shape, cdf) => {
    const stream = randomFrom(21, `gamma/${shape}`);
    const drawn = Float64Array.from({ length: N }, () => drawGamma(stream, shape)).sort((a, b) => a - b);
    const distance = drawn.reduce((most, x, i) => Math.max(most, Math.abs(cdf(x) - (i + 0.5) / N)), 0);
    expect(distance * Math.sqrt(N)).toBeLessThan(KOLMOGOROV);
  });

  it('has its shape for mean and variance, whatever the shape', () => {
    for (const shape of [0.2, 2.75, 40]) {
      const stream = randomFrom(22, `gamma/${shape}`);
      let sum = 0;
      let squares = 0;
      for (let i = 0; i < N; i++) {
        const off = drawGamma(stream, shape) - shape;
        sum += off;
        squares += off * off;
      }
      expect(Math.abs(sum) / Math.sqrt(N * shape)).toBeLessThan(3.3);
      // Fourth central moment 3k² + 6k, so that (x − k)² has variance 2k² + 6k.
      expect(Math.abs(squares - N * shape) / Math.sqrt(N * (2 * shape * shape + 6 * shape))).toBeLessThan(3.3);
    }
  });

  it('of no shape is a fault', () => {
    expect(() => drawGamma(randomFrom(1), 0)).toThrow('DISTRIBUTION_EMPTY');
  });
});
