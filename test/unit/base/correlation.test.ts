import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correlationOf, problemOfCorrelation, problemOfPairs } from '../../../src/base/correlation.ts';
import { cholesky } from '../../../src/base/matrix.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const NAMES = ['ETH', 'BTC', 'SOL'];

describe('a correlation matrix', () => {
  it('is accepted when it is one', () => {
    const rows = [
      [1, 0.8, 0.6],
      [0.8, 1, 0.5],
      [0.6, 0.5, 1],
    ];
    expect(problemOfCorrelation(rows, NAMES)).toBeUndefined();
    expect(problemOfCorrelation([], [])).toBeUndefined();
  });

  it.each([
    ['has not a row for each name', [[1]], 'rows of 1', /3 rows of 3/],
    [
      'has a ragged row',
      [
        [1, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      'rows of 2, 3, 3',
      /3 rows of 3/,
    ],
    [
      'has something else on its diagonal',
      [
        [1, 0, 0],
        [0, 2, 0],
        [0, 0, 1],
      ],
      'BTC,BTC: 2',
      /^1/,
    ],
    [
      'has an entry beyond 1',
      [
        [1, 1.2, 0],
        [1.2, 1, 0],
        [0, 0, 1],
      ],
      'ETH,BTC: 1.2',
      /-1 to 1/,
    ],
    [
      'has an entry that is no number',
      [
        [1, NaN, 0],
        [NaN, 1, 0],
        [0, 0, 1],
      ],
      'ETH,BTC: NaN',
      /-1 to 1/,
    ],
    [
      'is not symmetric',
      [
        [1, 0.5, 0],
        [0.4, 1, 0],
        [0, 0, 1],
      ],
      'BTC,ETH: 0.4 but ETH,BTC: 0.5',
      /both ways/,
    ],
    [
      'is not semi-definite',
      [
        [1, 0.9, 0],
        [0.9, 1, 0.9],
        [0, 0.9, 1],
      ],
      'smallest eigenvalue -0.273',
      /semi-definite/,
    ],
  ])('is refused when it %s', (_what, rows, found, expected) => {
    expect(problemOfCorrelation(rows, NAMES)).toEqual({ found, expected: expect.stringMatching(expected) });
  });

  it('may be singular, but not beyond: -1/2 three times is the least, -0.500001 too little', () => {
    const equal = (rho: number) => NAMES.map((_, i) => NAMES.map((_, j) => (i === j ? 1 : rho)));
    expect(problemOfCorrelation(equal(-0.5), NAMES)).toBeUndefined();
    expect(problemOfCorrelation(equal(1), NAMES)).toBeUndefined();
    expect(problemOfCorrelation(equal(-0.500001), NAMES)).toMatchObject({ found: 'smallest eigenvalue -0.000002' });
  });

  it('that is accepted has a factor to draw from, and one that is refused has none', () => {
    const entry = fc.oneof(fc.constantFrom(-1, -0.5, 0, 0.5, 1, 0.999999), fc.double({ min: -1, max: 1, noNaN: true }));
    fc.assert(
      fc.property(fc.tuple(entry, entry, entry), ([a, b, c]) => {
        const rows = [
          [1, a, b],
          [a, 1, c],
          [b, c, 1],
        ];
        const factor = cholesky(Float64Array.from(rows.flat()), 3);
        expect(factor === undefined).toBe(problemOfCorrelation(rows, NAMES) !== undefined);
      }),
      { numRuns: propertyRuns(300, 30_000) },
    );
  });
});

describe('correlations by pair', () => {
  it('are completed with 0, in whichever order they were written', () => {
    expect(correlationOf(NAMES, { 'BTC,ETH': 0.8, 'ETH, SOL': -0.1 })).toEqual([
      [1, 0.8, -0.1],
      [0.8, 1, 0],
      [-0.1, 0, 1],
    ]);
    expect(correlationOf(['ETH'], {})).toEqual([[1]]);
  });

  it.each([
    [{ 'ETH,DOGE': 0.5 }, '"ETH,DOGE"'],
    [{ ETH: 0.5 }, '"ETH"'],
    [{ 'ETH,BTC,SOL': 0.5 }, '"ETH,BTC,SOL"'],
    [{ 'ETH,ETH': 1 }, '"ETH,ETH"'],
    [{ 'ETH,BTC': 0.5, 'BTC,ETH': 0.5 }, '"ETH,BTC" and "BTC,ETH"'],
    [{ 'ETH,BTC': 0.9, 'BTC,SOL': 0.9 }, 'smallest eigenvalue -0.273'],
    [{ 'ETH,BTC': -1.5 }, 'ETH,BTC: -1.5'],
  ])('%o are refused', (pairs, found) => {
    expect(problemOfPairs(NAMES, pairs as Record<string, number>)).toMatchObject({ found });
    expect(() => correlationOf(NAMES, pairs as Record<string, number>)).toThrow('CORRELATION_PAIRS');
  });
});
