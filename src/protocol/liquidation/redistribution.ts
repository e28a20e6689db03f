/**
 * What becomes of a liquidated position where nobody buys it: its debt and its collateral go to all other borrowers of the same pair of
 * markets, in proportion to their collateral. Says who gets what, as a plan; moves nothing.
 *
 * Liquity does this lazily, by L_coll and L_debt per unit of stake. Here it is done at once, O(positions): pending claims would have to be
 * in every health and in the index that finds who is near, and whole claims by index would not sum to the debt, which must stay owed to the
 * unit. Liquity corrects its stakes so that pending collateral counts as collateral, hence the split is the same.
 *
 *   part of i = collateral_i ÷ Σ collateral          debt in shares, so that the market's total stands; both by largest remainders
 *
 * Source: liquity/dev packages/contracts/contracts/TroveManager.sol (_redistributeDebtAndColl, _computeNewStake).
 */
import { largestRemainder } from '../../base/largest-remainder.ts';
import { type Rejection, reject } from '../../base/rejection.ts';
import type { Units } from '../../base/units.ts';
import type { AccountsView } from '../accounts-view.ts';
import { collateralLeg, debtLeg, type Leg, type Plan } from '../plan.ts';

/** What is to be spread: shares of debt in one market, and units of collateral in one market. */
export interface Burden {
  readonly debtMarket: number;
  readonly debtShares: Units;
  readonly collateralMarket: number;
  readonly collateral: Units;
}

/**
 * The legs that spread so much of what `position` owes and holds over everybody else who has both this debt and this collateral. No leg
 * changes a total, and both kinds sum to nothing.
 *
 * @returns  a Plan, or DEBT_NONE where there is no debt, NOBODY_LEFT where nobody else borrows against this collateral
 */
export function redistribute(accounts: AccountsView, position: number, burden: Burden): Plan | Rejection {
  const { debtMarket, debtShares, collateralMarket, collateral } = burden;
  if (debtShares === 0) return reject('DEBT_NONE');
  const others: number[] = [];
  const weights: number[] = [];
  for (let other = 0; other < accounts.positions; other++) {
    if (!takesPart(accounts, position, other, burden)) continue;
    others.push(other);
    weights.push(accounts.collateral(other, collateralMarket));
  }
  if (others.length === 0) return reject('NOBODY_LEFT');
  const debtParts = new Float64Array(others.length);
  const collateralParts = new Float64Array(others.length);
  largestRemainder(debtShares, weights, debtParts);
  largestRemainder(collateral, weights, collateralParts);
  const plan: Leg[] = [debtLeg(position, debtMarket, 0, -debtShares)];
  if (collateral > 0) plan.push(collateralLeg(position, collateralMarket, -collateral));
  for (let i = 0; i < others.length; i++) {
    if (debtParts[i] > 0) plan.push(debtLeg(others[i], debtMarket, 0, debtParts[i]));
    if (collateralParts[i] > 0) plan.push(collateralLeg(others[i], collateralMarket, collateralParts[i]));
  }
  return plan;
}

/** Whether there is anybody to take over what `position` owes against this collateral. */
export function isAnybodyLeft(accounts: AccountsView, position: number, pair: Pick<Burden, 'debtMarket' | 'collateralMarket'>): boolean {
  for (let other = 0; other < accounts.positions; other++) if (takesPart(accounts, position, other, pair)) return true;
  return false;
}

function takesPart(
  accounts: AccountsView,
  position: number,
  other: number,
  { debtMarket, collateralMarket }: Pick<Burden, 'debtMarket' | 'collateralMarket'>,
): boolean {
  return other !== position && accounts.collateral(other, collateralMarket) > 0 && accounts.debtShares(other, debtMarket) > 0;
}
