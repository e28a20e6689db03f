/**
 * How large a fixed-bonus liquidation is: what brings an account back to a health, what pays its liquidator best, what a pool can clear,
 * and what is too small to be worth the gas. Prices stand still here; the mechanisms of protocol/liquidation decide what a run does.
 */
import { fault } from '../../base/fault.ts';
import type { Ratio, Tokens, Usd, UsdPrice } from '../../base/units.ts';

/** One loan against one collateral, with the terms of its liquidation. */
export interface Loan {
  /** C > 0, value. */
  readonly collateral: Usd;
  /** D > 0. */
  readonly debt: Usd;
  /** LT, 0 < LT < 1: health factor = LT·C/D, liquidatable below 1. */
  readonly threshold: Ratio;
  /** i ≥ 0: a repayment of 1 seizes 1 + i. */
  readonly bonus: Ratio;
}

/**
 * Repayment that brings the health factor to h.
 *
 *   d = (h·D − LT·C)/(h − LT·(1 + i))          0 where the health is h or more already
 *
 * @param health  h > 0
 * @returns       USD, ≤ D
 * @throws        LIQUIDATION_DOMAIN
 * @throws        LIQUIDATION_HEALTH_OUT_OF_REACH  the collateral runs out first, C < (1 + i)·D: beyond the toxic frontier
 * @example       C = 100, D = 82, LT = 0.8, i = 0.05, h = 1  →  12.5
 * @source        derived
 */
export function repayToReachHealth(loan: Loan, health: Ratio): Usd {
  checkLoan(loan);
  const { collateral, debt, threshold, bonus } = loan;
  const missing = health * debt - threshold * collateral;
  if (missing <= 0) return 0;
  // A covered loan that lacks health has h·D > LT·C ≥ LT·(1 + i)·D, so the divisor is positive.
  if (collateral < (1 + bonus) * debt) fault('LIQUIDATION_HEALTH_OUT_OF_REACH', { ...loan, health });
  return missing / (health - threshold * (1 + bonus));
}

/** Profit of one liquidation at the close factor k: i·k·D, in USD, before gas and slippage. */
export function singleStepProfit(loan: Loan, closeFactor: Ratio): Usd {
  checkClose(loan, closeFactor);
  return loan.bonus * closeFactor * loan.debt;
}

/** Two liquidations in a row, and what they earn together before gas and slippage. */
export interface TwoStepLiquidation {
  readonly first: Usd;
  readonly second: Usd;
  readonly profit: Usd;
}

/**
 * The best pair of liquidations under a close factor k: first as much as leaves the account just liquidatable, then k of what is left.
 *
 *   first = min(k·D, repayment to health 1)     second = k·(D − first)     profit = i·(first + second)
 *
 * A supremum: at health exactly 1 an account is not liquidatable, so the first repayment stays one base unit short of `first`.
 *
 * @param closeFactor  0 < k ≤ 1
 * @throws             LIQUIDATION_DOMAIN  also when the collateral does not cover (1 + i)·D
 * @example            C = 100, D = 82, LT = 0.8, i = 0.05, k = 0.5  →  12.5, 34.75, 2.3625 (one step: 2.05)
 * @source             Qin, Zhou, Gamito, Jovanovic, Gervais, arXiv 2106.06389
 */
export function twoStepLiquidation(loan: Loan, closeFactor: Ratio): TwoStepLiquidation {
  checkClose(loan, closeFactor);
  const first = Math.min(closeFactor * loan.debt, repayToReachHealth(loan, 1));
  const second = closeFactor * (loan.debt - first);
  return { first, second, profit: loan.bonus * (first + second) };
}

/**
 * Largest repayment whose seized collateral, sold into a constant-product pool at the oracle's price, still returns the repayment.
 *
 *   d_max = Y·(g − 1)/g,   g = (1 + i)·(1 − fee)          without fee: Y·i/(1 + i);   0 where the fee eats the bonus
 *
 * @param quoteReserve  Y > 0, in the debt's unit
 * @param fee           0 ≤ fee < 1
 * @throws              LIQUIDATION_DOMAIN
 * @example             Y = 1000, i = 0.05  →  47.619
 * @source              derived
 */
export function largestClearable(quoteReserve: Usd, bonus: Ratio, fee: Ratio = 0): Usd {
  if (!(quoteReserve > 0 && bonus >= 0 && fee >= 0 && fee < 1)) fault('LIQUIDATION_DOMAIN', { quoteReserve, bonus, fee });
  const factor = (1 + bonus) * (1 - fee);
  return quoteReserve * Math.max(0, 1 - 1 / factor);
}

/**
 * Smallest debt whose bonus pays for the gas of liquidating it: gas·gasPrice·ethPrice/i.
 *
 * @param gas       gas units of one liquidation (Aave v3: 340,429–349,519)
 * @param gasPrice  ETH per gas unit; 100 gwei = 1e-7
 * @param ethPrice  USD per ETH
 * @param bonus     i > 0
 * @returns         USD
 * @throws          LIQUIDATION_DOMAIN
 * @example         350,000 gas, 100 gwei, $3,000, 5 %  →  $2,100
 * @source          gas reports of aave-dao/aave-v3-origin
 */
export function gasFloor(gas: number, gasPrice: Tokens, ethPrice: UsdPrice, bonus: Ratio): Usd {
  if (!(gas >= 0 && gasPrice >= 0 && ethPrice >= 0 && bonus > 0)) fault('LIQUIDATION_DOMAIN', { gas, gasPrice, ethPrice, bonus });
  return (gas * gasPrice * ethPrice) / bonus;
}

function checkLoan(loan: Loan): void {
  const { collateral, debt, threshold, bonus } = loan;
  if (!(collateral > 0 && debt > 0 && threshold > 0 && threshold < 1 && bonus >= 0)) fault('LIQUIDATION_DOMAIN', { ...loan });
}

function checkClose(loan: Loan, closeFactor: Ratio): void {
  checkLoan(loan);
  const covered = loan.collateral >= (1 + loan.bonus) * loan.debt;
  if (!(closeFactor > 0 && closeFactor <= 1 && covered)) fault('LIQUIDATION_DOMAIN', { ...loan, closeFactor });
}
