import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cholesky, eigenOfSymmetric, eigenvaluesSymmetric, SEMIDEFINITE_SLACK, smallestEigenvalue } from '../../../src/base/matrix.ts';
import { propertyRuns } from '../../support/property-runs.ts';

/** Symmetric n·n matrix from rows. */
const of = (...rows: number[][]): Float64Array => Float64Array.from(rows.flat());

/** B·Bᵀ for n rows of `rank` columns: positive semi-definite, of that rank at most. */
function gram(b: readonly number[], n: number, rank: number): Float64Array {
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) for (let k = 0; k < rank; k++) a[i * n + j] += b[i * rank + k] * b[j * rank + k];
  }
  return a;
}

/** Largest difference of L·Lᵀ from A, each entry relative to the roots of its two diagonal entries. */
function factorError(factor: Float64Array, a: Float64Array, n: number): number {
  const product = gram([...factor], n, n);
  let worst = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const size = Math.sqrt(a[i * n + i] * a[j * n + j]);
      const error = Math.abs(product[i * n + j] - a[i * n + j]);
      worst = Math.max(worst, size > 0 ? error / size : error);
    }
  }
  return worst;
}

const semidefinite = fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 })).chain(([n, rank]) =>
  fc
    .tuple(
      fc.array(fc.double({ min: -1, max: 1, noNaN: true, noDefaultInfinity: true }), { minLength: n * rank, maxLength: n * rank }),
      fc.array(fc.integer({ min: -20, max: 20 }), { minLength: n, maxLength: n }),
    )
    .map(([b, scales]) => {
      // Entries below 1e-6 would leave variances that underflow in their products.
      const rows = b.map((entry, at) => (Math.abs(entry) < 1e-6 ? 0 : entry) * 2 ** scales[Math.floor(at / rank)]);
      return { n, a: gram(rows, n, rank) };
    }),
);

describe('Cholesky’s factor', () => {
  it('is the triangle of the textbook', () => {
    const factor = cholesky(of([4, 12, -16], [12, 37, -43], [-16, -43, 98]), 3);
    expect(factor).toEqual(of([2, 0, 0], [6, 1, 0], [-8, 5, 3]));
  });

  it('gives an asset that follows from those before it a column of zeros', () => {
    expect(cholesky(of([1, 1], [1, 1]), 2)).toEqual(of([1, 0], [1, 0]));
    expect(cholesky(of([0, 0], [0, 4]), 2)).toEqual(of([0, 0], [0, 2]));
    expect(cholesky(new Float64Array(9), 3)).toEqual(new Float64Array(9));
    const factor = cholesky(of([1, -1, 0.5], [-1, 1, -0.5], [0.5, -0.5, 1]), 3) as Float64Array;
    expect(factor[1 * 3 + 1]).toBe(0);
    expect(factor[2 * 3 + 1]).toBe(0);
    expect(factor[2 * 3 + 2]).toBeCloseTo(Math.sqrt(0.75), 14);
  });

  it('has no answer for what is no covariance', () => {
    expect(cholesky(of([1, 1.1], [1.1, 1]), 2)).toBeUndefined();
    expect(cholesky(of([-1]), 1)).toBeUndefined();
    expect(cholesky(of([0, 0.1], [0.1, 1]), 2)).toBeUndefined();
    expect(cholesky(of([1, Number.NaN], [Number.NaN, 1]), 2)).toBeUndefined();
    expect(cholesky(of([Infinity]), 1)).toBeUndefined();
    expect(cholesky(of([1, -0.51, -0.51], [-0.51, 1, -0.51], [-0.51, -0.51, 1]), 3)).toBeUndefined();
    expect(() => cholesky(new Float64Array(3), 2)).toThrow('MATRIX_DOMAIN');
  });

  it('takes an asset that has decayed below what products can hold for one that stands still', () => {
    expect(cholesky(of([1e-310, 3e-156], [3e-156, 1]), 2)).toBeDefined();
    expect(cholesky(of([1, 3e-155], [3e-155, 1e-311]), 2)).toEqual(of([1, 0], [0, 0]));
    expect(cholesky(of([1, 1e-140], [1e-140, 0]), 2)).toBeUndefined();
  });

  it('tells rounding from indefiniteness where a small pivot makes a later one ill-defined', () => {
    // The second asset is the first but for 1e-10 of its variance, and that is most of the third: its pivot, 0 in truth, is 1e-16/1e-10
    // as rows alone compute it.
    const b = [1, 0, 1, 1e-5, 0.6, 0.8];
    const a = gram(b, 3, 2);
    const factor = cholesky(a, 3) as Float64Array;
    expect(factorError(factor, a, 3)).toBeLessThan(1e-14);
    expect(factor[8]).toBeLessThan(1e-6);
    expect(
      cholesky(
        a.map((entry, at) => (at % 4 === 0 ? entry - 1e-11 : entry)),
        3,
      ),
    ).toBeUndefined();
  });

  it('multiplies back to any semi-definite matrix, whatever its rank and the scales of its assets', () => {
    fc.assert(
      fc.property(semidefinite, ({ n, a }) => {
        const factor = cholesky(a, n) as Float64Array;
        expect(factor).toBeDefined();
        expect(factorError(factor, a, n)).toBeLessThan(1e-12);
        for (let i = 0; i < n; i++) {
          expect(factor[i * n + i]).toBeGreaterThanOrEqual(0);
          for (let j = i + 1; j < n; j++) expect(factor[i * n + j]).toBe(0);
        }
      }),
      { numRuns: propertyRuns(300, 30_000) },
    );
  });
});

describe('eigenvalues of a symmetric matrix', () => {
  it('are those that are known', () => {
    expect(eigenvaluesSymmetric(of([2, 1], [1, 2]), 2)).toEqual(Float64Array.of(1, 3));
    // n·ρ + (1 − ρ) once and 1 − ρ otherwise, all correlations equal.
    const equal = eigenvaluesSymmetric(of([1, 0.3, 0.3], [0.3, 1, 0.3], [0.3, 0.3, 1]), 3);
    [0.7, 0.7, 1.6].forEach((value, k) => {
      expect(equal[k]).toBeCloseTo(value, 14);
    });
    // Second differences: 2 − 2·cos(kπ/5), k = 1 … 4.
    const chain = eigenvaluesSymmetric(of([2, -1, 0, 0], [-1, 2, -1, 0], [0, -1, 2, -1], [0, 0, -1, 2]), 4);
    [1, 2, 3, 4].forEach((k) => {
      expect(chain[k - 1]).toBeCloseTo(2 - 2 * Math.cos((k * Math.PI) / 5), 14);
    });
    expect(smallestEigenvalue(of([1, 0.9, 0], [0.9, 1, 0.9], [0, 0.9, 1]), 3)).toBeCloseTo(1 - 0.9 * Math.SQRT2, 14);
    expect(smallestEigenvalue(new Float64Array(0), 0)).toBe(Infinity);
    expect(() => eigenvaluesSymmetric(of([Number.NaN]), 1)).toThrow('MATRIX_DOMAIN');
  });

  it('come with vectors that make the matrix again', () => {
    fc.assert(
      fc.property(semidefinite, fc.double({ min: -2, max: 2, noNaN: true }), ({ n, a }, shift) => {
        const shifted = a.map((entry, at) => (at % (n + 1) === 0 ? entry + shift : entry));
        const { values, vectors } = eigenOfSymmetric(shifted, n);
        const size = shifted.reduce((most, entry) => Math.max(most, Math.abs(entry)), 1e-300);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            let entry = 0;
            let dot = 0;
            for (let k = 0; k < n; k++) {
              entry += vectors[i * n + k] * values[k] * vectors[j * n + k];
              dot += vectors[k * n + i] * vectors[k * n + j];
            }
            expect(Math.abs(entry - shifted[i * n + j])).toBeLessThan(1e-13 * n * size);
            expect(Math.abs(dot - (i === j ? 1 : 0))).toBeLessThan(1e-13 * n);
          }
        }
        expect([...values]).toEqual([...values].sort((x, y) => x - y));
        if (shift >= 0) expect(values[0]).toBeGreaterThan(-SEMIDEFINITE_SLACK * n * size);
      }),
      { numRuns: propertyRuns(300, 30_000) },
    );
  });
});
