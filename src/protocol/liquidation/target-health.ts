/**
 * Partial liquidation: no more debt is repaid at a time than brings the position to a target health. The owner keeps what need not be sold;
 * the protocol must come back if the price falls on.
 *
 *   repayment = (h·D − W)/(h − w·(1 + bonus))          D debts, W counted collateral, w what counts of the collateral that is taken, USD
 *   bonus     = collateral's bonus + bonusSlope · (1 − health), at most bonusMax
 *
 * W is what the health factor says of it, health · D. Where the collateral counts by more than its threshold or category say (an engine of
 * another kind), the health reached is not exactly the target. With a slope, a repayment in parts gets more than one at once where repaying
 * makes health worse (LIQ-3 does not hold beyond the toxic frontier).
 */
import { definePart, type ParamsOf } from '../../base/params.ts';
import type { Ratio, Units } from '../../base/units.ts';
import type { Market } from '../accounts-view.ts';
import type { Mechanism } from './mechanism.ts';
import { refusalOf, takeOf } from './repayment.ts';
import { seizureRate } from './seizure.ts';

const params = {
  target: {
    kind: 'number',
    unit: 'health',
    range: [1, 10],
    default: 1.05,
    doc: 'health that a liquidation may bring a position to (Aave v4: one for each spoke; 1.05 is illustrative)',
  },
  fullCloseUsd: {
    kind: 'number',
    unit: 'usd',
    range: [0, Number.POSITIVE_INFINITY],
    default: 0,
    doc: 'a debt that would be left with less than this may be repaid wholly',
  },
  bonusSlope: { kind: 'number', unit: 'ratio', range: [0, 10], default: 0, doc: 'bonus more for each point that health is below 1' },
  bonusMax: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0.2, doc: 'largest bonus where it grows' },
  fundShare: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0, doc: 'share of the bonus that goes to the insurance fund' },
} as const;

export const targetHealth = definePart<unknown, Mechanism>()({
  name: 'target-health',
  summary: 'Repay no more debt than brings the position to a target health, for collateral and a bonus.',
  sources: [
    'derived: health after a repayment, solved for the repayment',
    'aave/aave-v4 src/spoke/libraries/LiquidationLogic.sol (target health factor, bonus that grows as health falls)',
  ],
  params,
  create: (terms) => createTargetHealth(terms),
});

function createTargetHealth({ target, fullCloseUsd, bonusSlope, bonusMax, fundShare }: ParamsOf<typeof params>): Mechanism {
  const bonusOf = (base: Ratio, health: Ratio): Ratio =>
    bonusSlope === 0 ? base : Math.max(base, Math.min(bonusMax, base + bonusSlope * (1 - health)));

  return {
    remembers: false,
    open: () => undefined,
    close: () => undefined,
    take(request, accounts, marks, health) {
      const refused = refusalOf(request, accounts, marks, health);
      if (refused !== undefined) return refused;
      const { position, debtMarket, collateralMarket } = request;
      const collateral = accounts.markets[collateralMarket];
      const bonus = bonusOf(collateral.params.bonus, health.healthFactor);
      const debt = accounts.debt(position, debtMarket);
      const mark = marks[debtMarket];
      const lacking = (target - health.healthFactor) * health.debtUsd;
      const gained = target - countedPart(collateral, accounts.markets[debtMarket]) * (1 + bonus);
      // Where each repayment costs more health than it brings, nothing short of all of it reaches the target.
      let closable: Units = gained > 0 ? Math.min(debt, Math.ceil(lacking / gained / mark)) : debt;
      if ((debt - closable) * mark < fullCloseUsd) closable = debt;
      return takeOf(request, accounts, { rate: seizureRate(mark, marks[collateralMarket], bonus), bonus, fundShare, closable });
    },
  };
}

/** What counts of a collateral's value towards health. */
function countedPart({ params: held }: Market, { params: owed }: Market): Ratio {
  return held.category !== 0 && held.category === owed.category ? held.categoryThreshold : held.liquidationThreshold;
}
