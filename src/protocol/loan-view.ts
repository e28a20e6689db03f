/**
 * What a liquidation mechanism sees of the accounts: loans and what secures them. Cash in the settlement asset is collateral of its market
 * there, so that a loan secured by cash can be liquidated like any other; sizes of contracts are not seen, since closeout comes first.
 */
import type { AccountsView } from './accounts-view.ts';
import { NO_CONTRACTS } from './accounts-view.ts';

/** @param cash  Sum of everybody's cash: no more than that can be seized, whatever one account is owed. */
export function createLoanView(accounts: AccountsView, cash: () => number): AccountsView {
  const { settle, markets } = accounts;
  if (settle < 0) return accounts;
  return {
    ...NO_CONTRACTS,
    markets,
    get positions() {
      return accounts.positions;
    },
    collateral: (position, market) => {
      const posted = accounts.collateral(position, market);
      return market === settle ? posted + Math.max(0, Math.min(accounts.quote(position), cash())) : posted;
    },
    debt: (position, market) => accounts.debt(position, market),
    debtShares: (position, market) => accounts.debtShares(position, market),
    totalDebt: (market) => accounts.totalDebt(market),
    totalDebtShares: (market) => accounts.totalDebtShares(market),
    debtIndex: (market) => accounts.debtIndex(market),
  };
}
