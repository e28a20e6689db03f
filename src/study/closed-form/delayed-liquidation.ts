/**
 * Bad debt of a liquidation that comes late and sells badly: the collateral goes on moving until it is sold, at less than its price. A
 * liquidator that shows up in time, an auction that waits, and jumps (`jump-gap.ts`) are not known here.
 */
import { log } from '../../base/elementary.ts';
import { fault } from '../../base/fault.ts';
import { normalCdf } from '../../base/normal.ts';
import type { Ratio, Usd } from '../../base/units.ts';
import { optionValue, PUT } from '../../protocol/instrument/black-scholes.ts';

/** A loan at the moment at which it should be liquidated, and how it will be. */
export interface DelayedLiquidation {
  /** C > 0, value now. */
  readonly collateral: Usd;
  /** D > 0; it does not grow meanwhile. */
  readonly debt: Usd;
  /** h, 0 ≤ h < 1: the sale brings 1 − h of the value. */
  readonly slippage: Ratio;
  /** σ ≥ 0 per √year of the collateral's price, without drift. */
  readonly volatility: Ratio;
  /** τ ≥ 0, years until the sale. */
  readonly delayYears: number;
}

/**
 * Debt that the sale is expected to leave unpaid: a put that lenders have written, struck at the debt.
 *
 *   E[(D − C·(1 − h)·X)⁺] = put(spot C·(1 − h), strike D, σ, τ)        X lognormal with mean 1
 *
 * @returns  USD
 * @throws   LIQUIDATION_DOMAIN
 * @example  C = 100, D = 80, h = 0.15, σ = 1, τ = 6 h  →  0.00753
 * @source   a lender's risk as a put: R. C. Merton, "On the pricing of corporate debt", Journal of Finance 29 (1974) 449-470
 */
export function expectedBadDebt(loan: DelayedLiquidation): Usd {
  checkLoan(loan);
  const { collateral, debt, slippage, volatility, delayYears } = loan;
  return optionValue({ kind: PUT, spot: collateral * (1 - slippage), strike: debt, years: delayYears, volatility });
}

/**
 * Probability that the sale leaves any debt: Φ(−d₂) of the same put. At τ = 0 or σ = 0 it is 1 where C·(1 − h) < D and 0 elsewhere.
 *
 * @throws  LIQUIDATION_DOMAIN
 */
export function badDebtProbability(loan: DelayedLiquidation): Ratio {
  checkLoan(loan);
  const { collateral, debt, slippage, volatility, delayYears } = loan;
  const proceeds = collateral * (1 - slippage);
  const spread = volatility * Math.sqrt(delayYears);
  if (spread === 0) return proceeds < debt ? 1 : 0;
  return normalCdf(log(debt / proceeds) / spread + spread / 2);
}

function checkLoan(loan: DelayedLiquidation): void {
  const { collateral, debt, slippage, volatility, delayYears } = loan;
  if (!(collateral > 0 && debt > 0 && slippage >= 0 && slippage < 1 && volatility >= 0 && delayYears >= 0)) {
    fault('LIQUIDATION_DOMAIN', { ...loan });
  }
}
