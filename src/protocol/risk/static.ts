/**
 * The risk engine of the large lending protocols: each collateral counts with a fixed share of its value, whatever its volatility or depth.
 *
 *   health factor = Σ collateral · threshold ÷ Σ debt          equity required = Σ collateral · (1 − threshold)
 *
 * with the loan-to-value in the threshold's place when the need is initial.
 */
import { definePart } from '../../base/params.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import type { Health, Need, RiskEngine } from './risk-engine.ts';

export const staticRisk = definePart<undefined, RiskEngine>()({
  name: 'static',
  summary: 'Each collateral counts with a fixed share of its value: LTV to borrow, liquidation threshold to be left alone.',
  sources: ['aave-dao/aave-v3-origin GenericLogic.sol (calculateUserAccountData)'],
  params: {},
  create: () => ({ assess, weight: (accounts, market) => accounts.markets[market].params.liquidationThreshold }),
});

function assess(accounts: AccountsView, position: number, marks: Marks, need: Need, into: Health): Health {
  const { markets } = accounts;
  let collateralUsd = 0;
  let counted = 0;
  let debtUsd = 0;
  let indebted = false;
  for (let market = 0; market < markets.length; market++) {
    const collateral = accounts.collateral(position, market);
    if (collateral > 0) {
      const { ltv, liquidationThreshold } = markets[market].params;
      const usd = collateral * marks[market];
      collateralUsd += usd;
      counted += usd * (need === 'initial' ? ltv : liquidationThreshold);
    }
    if (accounts.debtShares(position, market) > 0) {
      indebted = true;
      debtUsd += accounts.debt(position, market) * marks[market];
    }
  }
  into.equity = collateralUsd - debtUsd;
  into.required = collateralUsd - counted;
  into.healthFactor = indebted ? counted / debtUsd : Number.POSITIVE_INFINITY;
  into.liquidatable = into.healthFactor < 1;
  into.collateralUsd = collateralUsd;
  into.debtUsd = debtUsd;
  return into;
}
