import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../../src/base/random.ts';
import {
  compoundScenarios,
  createScenarios,
  drawScenarios,
  rescaleScenarios,
  type Scenarios,
  scenarioPnl,
} from '../../../../src/protocol/risk/scenarios.ts';

/** Scenarios from columns, with room for one more that does not count. */
function of(...columns: number[][]): Scenarios {
  const made = createScenarios(columns.length, columns[0].length + 1);
  columns.forEach((column, a) => {
    made.columns[a].set([...column, Number.NaN]);
  });
  made.count = columns[0].length;
  return made;
}

describe('scenarios', () => {
  it('make a P&L that is linear in the returns, whichever assets are held', () => {
    const assets = fc.integer({ min: 1, max: 7 });
    const exposure = fc.oneof(fc.constant(0), fc.double({ min: -1e5, max: 1e5, noNaN: true }));
    fc.assert(
      fc.property(
        assets.chain((n) => fc.array(exposure, { minLength: n, maxLength: n })),
        fc.integer({ min: 1, max: 9 }),
        (exposures, count) => {
          const random = randomFrom(4);
          const scenarios = of(...exposures.map(() => Array.from({ length: count }, () => 0.1 * random.normal())));
          const pnl = new Float64Array(count).fill(7);
          scenarioPnl(scenarios, Float64Array.from(exposures), pnl);
          for (let s = 0; s < count; s++) {
            const parts = exposures.map((held, a) => held * scenarios.columns[a][s]);
            const expected = parts.reduce((sum, part) => sum + part, 0);
            const size = parts.reduce((sum, part) => sum + Math.abs(part), 0);
            expect(Math.abs(pnl[s] - expected)).toBeLessThanOrEqual(1e-13 * size);
          }
        },
      ),
    );
  });

  it('of an unknown exposure have no P&L', () => {
    const pnl = new Float64Array(2);
    scenarioPnl(of([0.1, 0.2], [0.1, 0.2]), Float64Array.of(1, Number.NaN), pnl);
    expect([...pnl]).toEqual([Number.NaN, Number.NaN]);
  });

  it('of the past are brought to today’s volatility, each asset by its own', () => {
    const history = of([0.01, -0.02, 0.03], [0.1, 0.1, 0]);
    const then = of([0.01, 0.01, 0.06], [0.05, 0.2, 0]).columns;
    const filtered = createScenarios(2, 4);
    rescaleScenarios(history, then, Float64Array.of(0.04, 0.1), filtered);
    expect(filtered.count).toBe(3);
    [0.04, -0.08, 0.02].forEach((r, s) => {
      expect(filtered.columns[0][s]).toBeCloseTo(r, 15);
    });
    [0.2, 0.05, 0].forEach((r, s) => {
      expect(filtered.columns[1][s]).toBeCloseTo(r, 15);
    });
    expect(history.columns[0][0]).toBe(0.01);
  });

  it('that are drawn have the covariance they were drawn from', () => {
    const n = 50_000;
    const covariance = Float64Array.of(4, 1.2, -2, 1.2, 1, 0, -2, 0, 9);
    const drawn = createScenarios(3, n);
    drawScenarios(covariance, randomFrom(8, 'scenarios'), drawn);
    expect(drawn.count).toBe(n);
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let s = 0; s < n; s++) sum += drawn.columns[i][s] * drawn.columns[j][s];
        const error = Math.sqrt((covariance[i * 4] * covariance[j * 4] + covariance[i * 3 + j] ** 2) / n);
        expect(Math.abs(sum / n - covariance[i * 3 + j])).toBeLessThan(4 * error);
      }
    }
  });

  it('are drawn alike from the same stream, and of a copy of an asset are copies', () => {
    const covariance = Float64Array.of(1, 1, 0.5, 1, 1, 0.5, 0.5, 0.5, 1);
    const [one, two] = [createScenarios(3, 20), createScenarios(3, 20)];
    drawScenarios(covariance, randomFrom(8), one);
    drawScenarios(covariance, randomFrom(8), two);
    expect(two).toEqual(one);
    for (let s = 0; s < 20; s++) expect(one.columns[1][s]).toBeCloseTo(one.columns[0][s], 12);
  });

  it('compound from log-returns to what a holding gains', () => {
    const scenarios = of([Math.log(1.5), Math.log(0.5), 0]);
    compoundScenarios(scenarios);
    [0.5, -0.5, 0].forEach((r, s) => {
      expect(scenarios.columns[0][s]).toBeCloseTo(r, 15);
    });
  });

  it('refuse what does not fit together', () => {
    const two = createScenarios(2, 3);
    expect(() => createScenarios(0, 3)).toThrow('SCENARIOS_DOMAIN');
    expect(() => scenarioPnl(two, new Float64Array(3), new Float64Array(3))).toThrow('SCENARIOS_DOMAIN');
    expect(() => rescaleScenarios(two, two.columns, new Float64Array(3), two)).toThrow('SCENARIOS_DOMAIN');
    expect(() => drawScenarios(Float64Array.of(1, 2, 2, 1), randomFrom(1), two)).toThrow('SCENARIOS_COVARIANCE');
  });
});
