import { describe, expect, it } from 'vitest';
import { normalCdf } from '../../../src/base/normal.ts';
import { Demand } from '../../../src/chain/demand.ts';
import { nextBaseFee } from '../../../src/chain/fee-market.ts';

const TARGET = 15_000_000;

describe('demand for gas', () => {
  const demand = (median: number, spread = 1) => {
    const made = new Demand({ gas: 4 * TARGET, spread, median: () => median });
    made.enter(12_000);
    return made;
  };

  it('is the part of it that would pay as much', () => {
    const made = demand(20);
    expect(made.gasAbove(0)).toBe(4 * TARGET);
    expect(made.gasAbove(20)).toBe(2 * TARGET);
    for (const price of [1, 10, 40, 200]) {
      expect(made.gasAbove(price)).toBe(Math.floor(4 * TARGET * (1 - normalCdf(Math.log(price / 20)))));
      expect(made.gasAbove(price)).toBe(made.gasAbove(price));
    }
  });

  it('is all or nothing where all would pay the same', () => {
    expect([19, 20, 21].map((price) => demand(20, 0).gasAbove(price))).toEqual([4 * TARGET, 4 * TARGET, 0]);
  });

  it('brings the base fee to where half of the limit is asked for: at the quantile of a quarter, with four times the target', () => {
    const made = demand(20);
    let base = 1;
    for (let block = 0; block < 400; block++) base = nextBaseFee(base, Math.min(made.gasAbove(base), 2 * TARGET), TARGET, 0);
    // Φ(0.67449) = 3/4.
    expect(base / (20 * Math.exp(0.6744897501960817))).toBeCloseTo(1, 6);
  });
});
