/**
 * What backtests of value at risk must show, derived by a program in C that shares nothing with this code: xoshiro256**, normals of Box and
 * Muller, GARCH fitted by Nelder-Mead from a grid, quantiles by insertion; same data, windows and days as `value-at-risk-backtest.ts`.
 *
 * Some of it is known exactly. On normal data a day exceeds 2.3263 estimated deviations with probability 1.0400 % after 250 realised
 * returns (a t with 250 degrees), 1.3078 % with an EWMA at 0.94 and 1.0500 % at 0.99 (J. P. Imhof’s integral, Biometrika 48, 1961): a
 * deviation that was estimated from little is sometimes small, and that costs more than it gains when it is large. On t data with 4 degrees
 * and a known deviation, 1.5108 %. The fifth worst of 499 independent past days is exceeded with probability 1 %.
 */
import type { Ratio } from '../../base/units.ts';
import type { DataKind, EstimatorKind, MethodKind } from './value-at-risk-backtest.ts';

/** Independent histories that were derived for each row. */
export const DERIVED_HISTORIES = 1000;

/** Exceedances of a 99 % value at risk in 10,000 days. */
export interface Derived {
  readonly data: DataKind;
  readonly method: MethodKind;
  readonly estimator: EstimatorKind | undefined;
  /** Mean and standard deviation of the count. */
  readonly mean: number;
  readonly sd: number;
  /** Shares of histories whose count is inside and above Kupiec’s 99 % band, 76 … 126. */
  readonly inside: Ratio;
  readonly above: Ratio;
}

type Row = readonly [method: MethodKind, estimator: EstimatorKind | undefined, mean: number, sd: number, inside: Ratio, above: Ratio];

const ROWS: Readonly<Record<DataKind, readonly Row[]>> = {
  gaussian: [
    ['delta-normal', 'realised', 103.4, 9.4, 0.985, 0.013],
    ['delta-normal', 'ewma-94', 130.8, 10.5, 0.351, 0.649],
    ['delta-normal', 'ewma-99', 104.6, 9.4, 0.986, 0.014],
    ['delta-normal', 'garch', 101.2, 9.2, 0.996, 0.003],
    ['filtered', 'realised', 99.4, 4.5, 1, 0],
    ['filtered', 'ewma-94', 98.6, 4.5, 1, 0],
    ['filtered', 'ewma-99', 99.2, 4.6, 1, 0],
    ['filtered', 'garch', 100.3, 4.8, 1, 0],
    ['historical', undefined, 100.2, 4.8, 1, 0],
  ],
  t4: [
    ['delta-normal', 'realised', 162.8, 11.0, 0, 1],
    ['delta-normal', 'ewma-94', 204.5, 11.6, 0, 1],
    ['delta-normal', 'ewma-99', 164.3, 11.3, 0, 1],
    ['delta-normal', 'garch', 156.9, 11.3, 0.003, 0.997],
    ['filtered', 'realised', 100.8, 4.7, 1, 0],
    ['filtered', 'ewma-94', 99.3, 4.4, 1, 0],
    ['filtered', 'ewma-99', 100.2, 4.5, 1, 0],
    ['filtered', 'garch', 100.5, 4.8, 1, 0],
    ['historical', undefined, 99.9, 4.8, 1, 0],
    ['delta-t', 'realised', 108.5, 8.7, 0.983, 0.017],
    ['delta-t', 'ewma-94', 139.1, 9.8, 0.098, 0.902],
    ['delta-t', 'ewma-99', 109.5, 8.8, 0.965, 0.035],
    ['delta-t', 'garch', 103.9, 8.9, 0.996, 0.003],
  ],
  'garch-data': [
    ['delta-normal', 'realised', 149.4, 13.9, 0.055, 0.945],
    ['delta-normal', 'ewma-94', 123.0, 9.8, 0.631, 0.369],
    ['delta-normal', 'ewma-99', 124.7, 10.6, 0.561, 0.439],
    ['delta-normal', 'garch', 104.5, 9.7, 0.987, 0.011],
    ['filtered', 'realised', 109.8, 6.8, 0.986, 0.014],
    ['filtered', 'ewma-94', 99.3, 4.4, 1, 0],
    ['filtered', 'ewma-99', 105.7, 6.0, 0.998, 0.002],
    ['filtered', 'garch', 101.0, 4.8, 1, 0],
    ['historical', undefined, 117.1, 8.3, 0.869, 0.131],
  ],
};

/** All rows; Monte Carlo is delta-normal but for what the drawing adds. */
export const derivedBacktests: readonly Derived[] = (Object.keys(ROWS) as DataKind[]).flatMap((data) =>
  ROWS[data].flatMap(([method, estimator, mean, sd, inside, above]) => {
    const row = { data, method, estimator, mean, sd, inside, above };
    return method === 'delta-normal' ? [row, { ...row, method: 'monte-carlo' as const }] : [row];
  }),
);
