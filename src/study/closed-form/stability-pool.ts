/**
 * What a depositor of a stability pool earns when the pool takes over an undercollateralised loan, as in Liquity: the deposit pays the debt
 * and receives the collateral, less a part for whoever called the liquidation. What the collateral does afterwards is not known here.
 */
import { fault } from '../../base/fault.ts';
import type { Ratio, Usd } from '../../base/units.ts';

/**
 * Return on the part of the deposit that is used up: CR·(1 − g) − 1.
 *
 * @param collateralRatio  CR ≥ 0 of the loan: value of its collateral over its debt
 * @param gasShare         g, 0 ≤ g ≤ 1: part of the collateral that compensates gas; 0.005 in Liquity
 * @throws                 POOL_DOMAIN
 * @example                CR = 1.09, g = 0.005  →  0.08455
 * @source                 liquity/dev StabilityPool.sol, LiquityBase.sol (PERCENT_DIVISOR)
 */
export function depositorReturn(collateralRatio: Ratio, gasShare: Ratio): Ratio {
  if (!(collateralRatio >= 0 && gasShare >= 0 && gasShare <= 1)) fault('POOL_DOMAIN', { collateralRatio, gasShare });
  return collateralRatio * (1 - gasShare) - 1;
}

/**
 * The collateral ratio below which depositors lose: 1/(1 − g).
 *
 * @param gasShare  0 ≤ g < 1
 * @throws          POOL_DOMAIN
 */
export function depositorBreakEven(gasShare: Ratio): Ratio {
  if (!(gasShare >= 0 && gasShare < 1)) fault('POOL_DOMAIN', { gasShare });
  return 1 / (1 - gasShare);
}

/** A loan that a pool takes over. */
export interface PooledLoan {
  /** Value, ≥ 0. */
  readonly collateral: Usd;
  /** > 0; the part that the pool cannot pay is redistributed elsewhere, with its collateral. */
  readonly debt: Usd;
}

/** What a liquidation does to one depositor. */
export interface DepositorOutcome {
  /** Part of the deposit that is burnt with the debt. */
  readonly spent: Usd;
  /** Value of the collateral that comes in its place. */
  readonly received: Usd;
}

/**
 * One depositor's part in the liquidation of one loan, pro rata: min(debt, pool) of the debt is paid; the collateral comes in proportion.
 *
 * @param deposit  0 ≤ deposit ≤ pool
 * @param pool     sum of all deposits, > 0
 * @throws         POOL_DOMAIN
 * @example        deposit 100,000 of 1,000,000, debt 200,000, collateral 218,000, g = 0  →  spent 20,000, received 21,800
 */
export function depositorOutcome(deposit: Usd, pool: Usd, loan: PooledLoan, gasShare: Ratio): DepositorOutcome {
  const { collateral, debt } = loan;
  if (!(deposit >= 0 && pool > 0 && deposit <= pool && debt > 0 && collateral >= 0)) fault('POOL_DOMAIN', { deposit, pool, ...loan });
  const spent = (Math.min(debt, pool) * deposit) / pool;
  return { spent, received: spent * (1 + depositorReturn(collateral / debt, gasShare)) };
}
