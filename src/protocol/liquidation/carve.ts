/**
 * What part of a position is put into one lot, or sold at once: of one collateral and one debt, the largest of each at the marks, as much
 * as each is of the whole, so that what stays is as healthy as before. A position with one collateral and one debt goes wholly. Decides no
 * price and moves nothing.
 *
 *   part = min(value of the collateral ÷ Σ collateral, value of the debt ÷ Σ debts, what the limits allow)
 *
 * Source: makerdao/dss cat.sol (bite), dog.sol (bark): debt in proportion to the collateral that is taken.
 */
import { type Rejection, reject } from '../../base/rejection.ts';
import type { Units, Usd } from '../../base/units.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import { toAssetsUp } from '../instrument/debt.ts';
import { collateralLeg, debtLeg, type Leg } from '../plan.ts';

/** The pair that a position is liquidated in. */
export interface Pair {
  readonly debtMarket: number;
  readonly collateralMarket: number;
  /** Of the pair, and of the whole position; debts of the whole beyond zero, as is everything here. */
  readonly debtUsd: Usd;
  readonly collateralUsd: Usd;
  readonly debtsUsd: Usd;
  readonly collateralsUsd: Usd;
}

/** What is taken out of a position. */
export interface Carving {
  readonly debtMarket: number;
  readonly collateralMarket: number;
  readonly collateral: Units;
  readonly shares: Units;
  /** What the shares owe, rounded up, and its value. */
  readonly debt: Units;
  readonly debtUsd: Usd;
}

export interface CarvingLimits {
  /** Most collateral, units. */
  readonly collateralMax?: Units;
  /** Most debt, USD. */
  readonly debtUsdMax?: Usd;
}

/** The largest debt and collateral at the marks. DEBT_NONE, COLLATERAL_NONE, ORACLE_INVALID (a mark of the position is not positive). */
export function largestPair(accounts: AccountsView, position: number, marks: Marks): Pair | Rejection {
  let debtMarket = -1;
  let collateralMarket = -1;
  let debtUsd = 0;
  let collateralUsd = 0;
  let debtsUsd = 0;
  let collateralsUsd = 0;
  for (let market = 0; market < accounts.markets.length; market++) {
    const held = accounts.collateral(position, market);
    const owes = accounts.debtShares(position, market) > 0;
    if ((held > 0 || owes) && !(marks[market] > 0)) return reject('ORACLE_INVALID', { market });
    const heldUsd = held === 0 ? 0 : held * marks[market];
    const owedUsd = owes ? accounts.debt(position, market) * marks[market] : 0;
    collateralsUsd += heldUsd;
    debtsUsd += owedUsd;
    if (heldUsd > collateralUsd) {
      collateralUsd = heldUsd;
      collateralMarket = market;
    }
    if (owedUsd > debtUsd) {
      debtUsd = owedUsd;
      debtMarket = market;
    }
  }
  if (debtMarket < 0) return reject('DEBT_NONE');
  if (collateralMarket < 0) return reject('COLLATERAL_NONE');
  return { debtMarket, collateralMarket, debtUsd, collateralUsd, debtsUsd, collateralsUsd };
}

/** As much of a pair as the limits allow. AMOUNT where that is less than a unit of collateral or a share of debt. */
export function carve(
  accounts: AccountsView,
  position: number,
  marks: Marks,
  pair: Pair,
  { collateralMax = Number.POSITIVE_INFINITY, debtUsdMax = Number.POSITIVE_INFINITY }: CarvingLimits,
): Carving | Rejection {
  const { debtMarket, collateralMarket, debtUsd, collateralUsd, debtsUsd, collateralsUsd } = pair;
  const held = Math.min(accounts.collateral(position, collateralMarket), Math.floor(collateralMax));
  const part = Math.min((held * marks[collateralMarket]) / collateralsUsd, debtUsd / debtsUsd, debtUsdMax / debtsUsd);
  // Nearest, so that the whole of something stays whole in spite of rounding.
  const collateral = Math.min(held, Math.round((part * collateralsUsd) / marks[collateralMarket]));
  const all = accounts.debtShares(position, debtMarket);
  const shares = Math.min(all, Math.round(all * Math.min(1, (part * debtsUsd) / debtUsd)));
  if (!(collateral > 0 && shares > 0)) return reject('AMOUNT', { collateral, collateralUsd, shares });
  const debt =
    shares === all
      ? accounts.debt(position, debtMarket)
      : toAssetsUp(shares, accounts.totalDebt(debtMarket), accounts.totalDebtShares(debtMarket));
  return { debtMarket, collateralMarket, collateral, shares, debt, debtUsd: debt * marks[debtMarket] };
}

/** Legs that put what was carved out of a position into another; no total changes. */
export function carried(from: number, to: number, { debtMarket, collateralMarket, collateral, shares }: Carving): Leg[] {
  return [
    debtLeg(from, debtMarket, 0, -shares),
    debtLeg(to, debtMarket, 0, shares),
    collateralLeg(from, collateralMarket, -collateral),
    collateralLeg(to, collateralMarket, collateral),
  ];
}
