/**
 * Recovery mode of a protocol as a whole: while all borrowers of one debt together have less collateral per debt than the critical ratio,
 * each of them may be liquidated up to that common ratio. Says up to which health; starts nothing. A look at all positions each time.
 *
 *   TCR = Σ collateral ÷ Σ debt, at the marks, over the positions that owe the debt          recovery: TCR < critical ratio
 *   ratio of a position < TCR   ⇔   health < TCR · (counted ÷ collateral)                     counted: at the thresholds of the collateral
 *
 * Source: liquity/dev packages/contracts/contracts/Dependencies/LiquityBase.sol (_getTCR, _checkRecoveryMode).
 */
import type { Ratio } from '../../base/units.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';

export interface CollateralRatios {
  /**
   * Adds up everybody who owes: `total` and `recovery` stay as of now until the next time. The marks are kept, not copied, and what is
   * asked of one position is answered at what they then are.
   */
  observe(accounts: AccountsView, marks: Marks): void;
  readonly recovery: boolean;
  /** TCR; Infinity where nobody owes, NaN where a mark is missing, and always 0 where there is no recovery mode. */
  readonly total: Ratio;
  /** Health below which a position is offered: 1, or more in recovery mode. */
  level(accounts: AccountsView, position: number): Ratio;
  /** What that cannot exceed while recovery lasts. */
  levelMax(accounts: AccountsView, position: number): Ratio;
  /** Whether a position is below the minimum ratio: what counts of its collateral is less than it owes. */
  isBelowMinimum(accounts: AccountsView, position: number): boolean;
}

/** @param criticalRatio  0: no recovery mode */
export function createCollateralRatios(debtMarket: number, criticalRatio: Ratio): CollateralRatios {
  let seen: Marks = new Float64Array(0);
  let total: Ratio = 0;
  let recovery = false;
  const sum = { collateral: 0, counted: 0, debt: 0, threshold: 0 };

  /** Adds up one position at the marks seen last. */
  const add = (accounts: AccountsView, position: number) => {
    for (const { index, params } of accounts.markets) {
      const units = accounts.collateral(position, index);
      if (units > 0) {
        sum.collateral += units * seen[index];
        sum.counted += units * seen[index] * params.liquidationThreshold;
        sum.threshold = Math.max(sum.threshold, params.liquidationThreshold);
      }
      if (accounts.debtShares(position, index) > 0) sum.debt += accounts.debt(position, index) * seen[index];
    }
    return sum;
  };
  const clear = () => {
    sum.collateral = 0;
    sum.counted = 0;
    sum.debt = 0;
    sum.threshold = 0;
  };
  const of = (accounts: AccountsView, position: number) => {
    clear();
    return add(accounts, position);
  };

  return {
    observe(accounts, marks) {
      seen = marks;
      if (criticalRatio === 0) return;
      clear();
      for (let position = 0; position < accounts.positions; position++) {
        if (accounts.debtShares(position, debtMarket) > 0) add(accounts, position);
      }
      total = sum.debt === 0 ? Number.POSITIVE_INFINITY : sum.collateral / sum.debt;
      recovery = total < criticalRatio;
    },
    get recovery() {
      return recovery;
    },
    get total() {
      return total;
    },
    level(accounts, position) {
      if (!recovery) return 1;
      const { collateral, counted } = of(accounts, position);
      return collateral > 0 ? Math.max(1, total * (counted / collateral)) : 1;
    },
    levelMax: (accounts, position) => (recovery ? Math.max(1, criticalRatio * of(accounts, position).threshold) : 1),
    isBelowMinimum(accounts, position) {
      const { counted, debt } = of(accounts, position);
      return counted < debt;
    },
  };
}
