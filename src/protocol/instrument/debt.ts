/**
 * Shares of a pool of assets: what lenders own of a market's supply and borrowers owe of its debt. Interest changes the pool and so
 * everybody's part at once, without a loop. Rounding is in each name; callers choose the one that is against the user.
 *
 * After morpho-org/morpho-blue SharesMathLib.sol, without its virtual shares: donations do not enter these pools, so nobody can inflate a
 * share, and a factor of 10^6 would not fit below 2^53.
 */
import { mulDivDown, mulDivUp } from '../../base/exact.ts';
import type { Units } from '../../base/units.ts';
import type { AccountsView } from '../accounts-view.ts';

/** Shares for `assets`, rounded down: ⌊assets · totalShares / totalAssets⌋; one for one in an empty pool. */
export function toSharesDown(assets: Units, totalAssets: Units, totalShares: Units): Units {
  return totalShares === 0 ? assets : mulDivDown(assets, totalShares, totalAssets);
}

/** Shares for `assets`, rounded up. */
export function toSharesUp(assets: Units, totalAssets: Units, totalShares: Units): Units {
  return totalShares === 0 ? assets : mulDivUp(assets, totalShares, totalAssets);
}

/** Assets for `shares`, rounded down: ⌊shares · totalAssets / totalShares⌋; 0 in an empty pool. */
export function toAssetsDown(shares: Units, totalAssets: Units, totalShares: Units): Units {
  return totalShares === 0 ? 0 : mulDivDown(shares, totalAssets, totalShares);
}

/** Assets for `shares`, rounded up. */
export function toAssetsUp(shares: Units, totalAssets: Units, totalShares: Units): Units {
  return totalShares === 0 ? 0 : mulDivUp(shares, totalAssets, totalShares);
}

/** Debt shares that a repayment of at most the debt burns: all for all of it, else rounded down. */
export function burntShares(accounts: AccountsView, position: number, market: number, repaid: Units): Units {
  const shares = accounts.debtShares(position, market);
  if (repaid === accounts.debt(position, market)) return shares;
  return Math.min(shares, toSharesDown(repaid, accounts.totalDebt(market), accounts.totalDebtShares(market)));
}
