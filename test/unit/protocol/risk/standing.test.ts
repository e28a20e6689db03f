import { describe, expect, it } from 'vitest';
import { blankHealth } from '../../../../src/protocol/risk/risk-engine.ts';
import { blankStanding, judge } from '../../../../src/protocol/risk/standing.ts';

describe('the judgement of a standing', () => {
  const of = (assetsUsd: number, debtsUsd: number, counted: number, margin: number) =>
    judge({ ...blankStanding(), assetsUsd, debtsUsd, exposed: true }, counted, margin, blankHealth());

  it('says the same as health and as equity', () => {
    expect(of(100, 60, 80, 10)).toMatchObject({ equity: 40, required: 30, healthFactor: 80 / 70, liquidatable: false });
    expect(of(100, 75, 80, 10)).toMatchObject({ equity: 25, required: 30, healthFactor: 80 / 85, liquidatable: true });
  });

  it('finds nobody below a health of nothing, whatever rounding has left of what counts', () => {
    expect(of(0.3, 1, 0.3 - (0.1 + 0.2), 0).healthFactor).toBe(0);
    expect(of(1, 1, Number.NaN, 0).healthFactor).toBeNaN();
  });
});
