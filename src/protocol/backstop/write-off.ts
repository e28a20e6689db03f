/**
 * What happens to a debt that no collateral is left for: the waterfall pays it, and the position owes that much less. Decides only; what no
 * layer pays stays owed.
 */
import type { Units } from '../../base/units.ts';
import type { AccountsView } from '../accounts-view.ts';
import { toSharesDown } from '../instrument/debt.ts';
import { debtLeg, type Plan } from '../plan.ts';
import type { Backstop, Means } from './backstop.ts';
import { type Fall, fall } from './waterfall.ts';

export interface WriteOff {
  readonly result: Fall;
  /** Empty where no layer pays anything. */
  readonly plan: Plan;
}

export function planWriteOff(
  accounts: AccountsView,
  layers: readonly Backstop[],
  position: number,
  market: number,
  means: Means,
): WriteOff {
  const units: Units = accounts.debt(position, market);
  const result = fall(layers, { market, asset: accounts.markets[market].asset, units }, means);
  const paid = units - result.left;
  if (paid === 0) return { result, plan: [] };
  const part = toSharesDown(paid, accounts.totalDebt(market), accounts.totalDebtShares(market));
  const shares = result.left === 0 ? accounts.debtShares(position, market) : part;
  return { result, plan: [...result.legs, debtLeg(position, market, -paid, -shares)] };
}
