import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviationOf, minimumVarianceWeights } from '../../../src/base/minimum-variance.ts';

/** C = A·Aᵀ of n rows of small whole numbers: positive semi-definite, often singular. */
const covariance = fc.integer({ min: 1, max: 5 }).chain((n) =>
  fc.array(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 3, maxLength: 3 }), { minLength: n, maxLength: n }).map((rows) => {
    const matrix = Float64Array.from({ length: n * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      return rows[i].reduce((sum, value, k) => sum + value * rows[j][k], 0);
    });
    return { n, matrix };
  }),
);

describe('the weights of least variance', () => {
  it('are weights, and no exchange of two of them lowers the variance: the gradient is least where there is weight', () => {
    fc.assert(
      fc.property(covariance, ({ n, matrix }) => {
        const weights = minimumVarianceWeights(matrix, n);
        expect(weights.every((weight) => weight >= 0)).toBe(true);
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
        const gradient = Array.from({ length: n }, (_, i) => weights.reduce((sum, weight, j) => sum + matrix[i * n + j] * weight, 0));
        const least = Math.min(...gradient);
        for (let i = 0; i < n; i++) if (weights[i] > 1e-6) expect(gradient[i] - least).toBeLessThan(1e-5);
      }),
    );
  });

  it('are equal where nothing moves, and all on what does not move where something does', () => {
    expect([...minimumVarianceWeights(new Float64Array(9), 3)]).toEqual([1 / 3, 1 / 3, 1 / 3]);
    const [still, moving] = minimumVarianceWeights(Float64Array.of(0, 0, 0, 1), 2);
    expect([still, moving]).toEqual([1, 0]);
  });

  it('share what is independent and alike', () => {
    const weights = minimumVarianceWeights(Float64Array.of(2, 0, 0, 0, 2, 0, 0, 0, 2), 3);
    for (const weight of weights) expect(weight).toBeCloseTo(1 / 3, 9);
    expect(deviationOf(Float64Array.of(2, 0, 0, 0, 2, 0, 0, 0, 2), 3, weights)).toBeCloseTo(Math.sqrt(2 / 3), 9);
  });
});
