import { describe, expect, it } from 'vitest';
import { targetHealth } from '../../../../src/protocol/liquidation/target-health.ts';
import { repayToReachHealth } from '../../../../src/study/closed-form/liquidation-size.ts';
import { termsOf } from '../../../../src/study/validate/default-terms.ts';
import { aLendingWorld, aLoan, granted, refusal } from '../../../../src/study/validate/lending-world.ts';

type Terms = Parameters<typeof targetHealth.create>[0];

const B10 = { collateral: 100, debt: 82, threshold: 0.8, bonus: 0.05 };
const liquidation = (terms: Partial<Terms>) => () => targetHealth.create(termsOf(targetHealth, terms), undefined);
const lent = (terms: Partial<Terms> = {}, loan: Partial<typeof B10> = {}) =>
  aLoan({ ...B10, ...loan }, { liquidation: liquidation(terms) });

describe('a liquidation to a target health', () => {
  it.each([1, 1.05, 1.25])('B10: repays what brings health to %d and no more', (target) => {
    const loan = lent({ target });
    const needed = repayToReachHealth(B10, target);
    expect(refusal(loan.take(Math.ceil(needed * 1e9) + 10))).toBe('OVER_CLOSE_FACTOR');
    expect(granted(loan.take('max')).repaid / 1e9).toBeCloseTo(needed, 8);
    const { healthFactor } = loan.protocol.health(loan.position, 0);
    expect(healthFactor).toBeCloseTo(target, 7);
    expect(healthFactor).toBeGreaterThanOrEqual(1);
  });

  it('repays all where each repayment costs more health than it brings', () => {
    // Beyond 1/(1 + i) = 0.952 the position only gets worse: nothing less than all of its collateral is taken.
    const loan = lent({}, { debt: 97 });
    expect(granted(loan.take('max')).seized).toBe(100e9);
  });

  it('repays all where little would be left', () => {
    expect(granted(lent({ fullCloseUsd: 52 }).take('max')).repaid / 1e9).toBeCloseTo(repayToReachHealth(B10, 1.05), 8);
    expect(granted(lent({ fullCloseUsd: 53 }).take('max')).repaid).toBe(82e9);
  });

  it('raises the bonus by the slope for each point that health lacks, up to the largest', () => {
    const health = 80 / 82;
    const rate = (terms: Partial<Terms>) => {
      const { seized, repaid } = granted(lent(terms).take(1e9));
      return seized / repaid;
    };
    expect(rate({ bonusSlope: 2 })).toBeCloseTo(1.05 + 2 * (1 - health), 8);
    expect(rate({ bonusSlope: 20, bonusMax: 0.12 })).toBeCloseTo(1.12, 8);
    // A largest bonus below the market's own does not lower it.
    expect(rate({ bonusSlope: 20, bonusMax: 0.01 })).toBeCloseTo(1.05, 8);
  });

  it('gives a share of the bonus to the fund', () => {
    const loan = lent({ fundShare: 0.5 });
    const { repaid, seized } = granted(loan.take(10e9));
    expect(seized / repaid).toBeCloseTo(1.025, 8);
    expect(loan.ledger.balance(loan.protocol.fund, loan.asset('ETH')) / 1e9).toBeCloseTo(0.25, 8);
  });

  it('reaches the target within a category by the category’s threshold', () => {
    const market = { decimals: 9, category: 1, categoryLtv: 0.9, categoryThreshold: 0.95, bonus: 0.01 };
    const world = aLendingWorld({
      markets: { STETH: { usd: 1.1, ltv: 0.5, liquidationThreshold: 0.6, ...market }, ETH: { usd: 1, ...market } },
      liquidation: liquidation({ target: 1.02 }),
    });
    const { protocol, asset, units } = world;
    const lender = world.person('lender', { ETH: 1000 });
    const betty = world.person('borrower', { STETH: 100 });
    const kate = world.person('liquidator', { ETH: 1000 });
    granted(protocol.supply(lender, asset('ETH'), 'max', 0));
    granted(protocol.deposit(betty, asset('STETH'), 'max', 0));
    granted(protocol.borrow(betty, asset('ETH'), units('ETH', 96), 0));
    world.setPrice('STETH', 1);
    const position = protocol.positionOf(betty);
    granted(protocol.liquidate(kate, position, asset('ETH'), asset('STETH'), 'max', 0));
    expect(protocol.health(position, 0).healthFactor).toBeCloseTo(1.02, 7);
  });
});
