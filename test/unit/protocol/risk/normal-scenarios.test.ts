import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../../src/base/random.ts';
import { bendNormals, evenNormals, latinNormals } from '../../../../src/protocol/risk/normal-scenarios.ts';
import { createScenarios } from '../../../../src/protocol/risk/scenarios.ts';
import { blankTail, historicalTail, tailRank } from '../../../../src/protocol/risk/value-at-risk.ts';
import { normalExpectedShortfall, normalValueAtRisk } from '../../../../src/study/closed-form/value-at-risk.ts';

const tailOf = (column: Float64Array, level: number) =>
  historicalTail(column, column.length, level, new Float64Array(tailRank(column.length, level)), blankTail());

describe('even normals', () => {
  it('have the value at risk of a normal exactly, where (n + 1)·(1 − level) is whole', () => {
    for (const [count, level] of [
      [499, 0.99],
      [999, 0.99],
      [199, 0.975],
    ] as const) {
      expect(tailOf(evenNormals(count, 'quantiles'), level).valueAtRisk).toBeCloseTo(normalValueAtRisk(level), 9);
    }
  });

  it('have its expected shortfall exactly as means of strata, where n·(1 − level) is whole', () => {
    for (const [count, level] of [
      [500, 0.99],
      [40, 0.975],
    ] as const) {
      expect(tailOf(evenNormals(count, 'means'), level).expectedShortfall).toBeCloseTo(normalExpectedShortfall(level), 9);
    }
  });

  it('are the same values in each column, in orders that have nothing to do with each other', () => {
    const columns = latinNormals(3, 999, 'quantiles', randomFrom(1));
    const values = evenNormals(999, 'quantiles');
    for (const column of columns) expect(column.slice().sort()).toEqual(values);
    const product = (a: number, b: number) => columns[a].reduce((sum, x, s) => sum + x * columns[b][s], 0) / 999;
    // Four standard errors of a correlation of 0 in 999 pairs.
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ])
      expect(Math.abs(product(a, b))).toBeLessThan(4 / Math.sqrt(999));
  });

  it('are bent to a covariance, a singular one too', () => {
    const normals = latinNormals(2, 999, 'quantiles', randomFrom(2));
    const scenarios = createScenarios(2, 999);
    bendNormals(normals, Float64Array.of(4, -2, -2, 1), scenarios);
    expect(scenarios.count).toBe(999);
    for (let s = 0; s < 999; s++) {
      expect(scenarios.columns[0][s]).toBeCloseTo(2 * normals[0][s], 12);
      expect(scenarios.columns[1][s]).toBeCloseTo(-normals[0][s], 12);
    }
    expect(() => bendNormals(normals, Float64Array.of(1, 2, 2, 1), scenarios)).toThrow('SCENARIOS_COVARIANCE');
  });
});
