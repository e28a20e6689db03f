import { describe, expect, it } from 'vitest';
import { portfolioVar } from '../../../../src/protocol/risk/portfolio-var.ts';
import { blankHealth } from '../../../../src/protocol/risk/risk-engine.ts';
import { blankStanding, judge, roundingUsd } from '../../../../src/protocol/risk/standing.ts';
import { aHandMadeBook, HAND_PERPETUALS, handMarks, handNeeds } from '../../../support/hand-made-books.ts';
import { portfolioTerms } from '../../../support/portfolio-var.ts';

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

describe('the rounding that a cushion allows for', () => {
  it('is a unit of each market, as an asset below a level of 1 and as a debt above it', () => {
    const { view, index } = aHandMadeBook();
    index[1] = 1.5;
    const marks = Float64Array.from([10, 100, Number.NaN]);
    expect(roundingUsd(view, marks, 0.01)).toBe(10 + 150);
    expect(roundingUsd(view, marks, 1)).toBe(10 + 150);
    expect(roundingUsd(view, marks, 2)).toBe(2 * (10 + 150));
  });

  it('keeps a unit of cash that funding takes from lowering health below any level', () => {
    // 119 short, and one unit of cash worth more than all else: without it health is 0.
    const { view, set, funding } = aHandMadeBook(HAND_PERPETUALS);
    set(0, { collateral: [0, 0, 0], debt: [0, 0, 0], sizes: [-119, 0], quote: 1 });
    const prices = [0.38, 91, 97];
    const engine = portfolioVar.create(portfolioTerms({ prior: 20, minimum: 0.02 }), handNeeds(HAND_PERPETUALS));
    expect(engine.cushion(view, 0, handMarks(prices, HAND_PERPETUALS), 0.01)).toBeLessThanOrEqual(0);
    funding[0] = -1e-6;
    expect(engine.assess(view, 0, handMarks(prices, HAND_PERPETUALS), 'maintenance', blankHealth()).healthFactor).toBe(0);
  });
});
