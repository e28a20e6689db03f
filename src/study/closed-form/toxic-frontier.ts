/**
 * The toxic frontier of a lending market: the loan-to-value beyond which a liquidation makes the account worse. For a fixed bonus, for a
 * bonus that grows as health falls (Euler), for Morpho's incentive factor, and when the seized collateral must be sold into a thin pool.
 * The frontier says nothing about whether a liquidator would act.
 */
import { fault } from '../../base/fault.ts';
import type { Ratio, Usd } from '../../base/units.ts';

/**
 * LTV beyond which repaying d and seizing (1 + i)·d raises the LTV: 1/(1 + i). A liquidation threshold must lie below it.
 *
 * @param bonus  i ≥ 0; 0.05 is a bonus of five per cent
 * @throws       FRONTIER_DOMAIN
 * @source       Warmuz, Chaudhary, Pinna, Toxic liquidation spirals, arXiv 2212.07306
 */
export function toxicFrontier(bonus: Ratio): Ratio {
  if (!(bonus >= 0)) fault('FRONTIER_DOMAIN', { bonus });
  return 1 / (1 + bonus);
}

/**
 * LTV after a liquidation of `repaid` at the mark price: (D − d)/(C − (1 + i)·d). Falls with d below the frontier, rises above it.
 *
 * @param repaid  0 ≤ d ≤ D, USD; what it seizes must leave some collateral
 * @throws        FRONTIER_DOMAIN
 */
export function ltvAfterRepay(collateral: Usd, debt: Usd, repaid: Usd, bonus: Ratio): Ratio {
  const left = collateral - (1 + bonus) * repaid;
  if (!(bonus >= 0 && repaid >= 0 && repaid <= debt && left > 0)) fault('FRONTIER_DOMAIN', { collateral, debt, repaid, bonus });
  return (debt - repaid) / left;
}

/**
 * Debt that remains once all collateral has been seized: D − C/(1 + i), and 0 below the frontier.
 *
 * @returns  USD of bad debt
 * @throws   FRONTIER_DOMAIN
 * @source   arXiv 2212.07306
 */
export function lossWhenFullySeized(collateral: Usd, debt: Usd, bonus: Ratio): Usd {
  if (!(collateral >= 0 && debt >= 0)) fault('FRONTIER_DOMAIN', { collateral, debt });
  return Math.max(0, debt - collateral * toxicFrontier(bonus));
}

/**
 * The frontier when selling what was seized lowers the mark of what is left: 1/((1 + i)·λ).
 *
 * @param slippage  λ ≥ 1: relative fall of the mark value of the whole position per collateral sold; 1 means no impact
 * @throws          FRONTIER_DOMAIN
 * @source          McFarlane, arXiv 2510.10171
 */
export function slippageAwareFrontier(bonus: Ratio, slippage: Ratio): Ratio {
  if (!(slippage >= 1)) fault('FRONTIER_DOMAIN', { slippage });
  return toxicFrontier(bonus) / slippage;
}

/**
 * λ of a constant-product pool that sets the mark, to first order in what is sold: 1 + 2·c/Y. Selling value v lowers the price by 2v/Y, and
 * with it the value of all the collateral that remains.
 *
 * @param collateral    c ≥ 0, value of the collateral that remains
 * @param quoteReserve  Y > 0, same unit as c
 * @throws              FRONTIER_DOMAIN
 * @source              derived
 */
export function constantProductSlippage(collateral: Usd, quoteReserve: Usd): Ratio {
  if (!(collateral >= 0 && quoteReserve > 0)) fault('FRONTIER_DOMAIN', { collateral, quoteReserve });
  return 1 + (2 * collateral) / quoteReserve;
}

/**
 * The frontier of a bonus that grows as health falls, 1 + i = 1/HF = l/LLTV: √LLTV. Where the discount 1 − HF is capped before that, the
 * bonus stays at 1/(1 − cap) and the frontier is 1 − cap; the larger of the two holds.
 *
 * @param liquidationLtv  0 < LLTV < 1
 * @param discountMax     0 ≤ cap < 1; 1 − HF never exceeds it. Left out: no cap
 * @throws                FRONTIER_DOMAIN
 * @source                euler-xyz/euler-vault-kit modules/Liquidation.sol (the rule); frontier derived
 */
export function healthLinkedFrontier(liquidationLtv: Ratio, discountMax: Ratio = 1): Ratio {
  if (!(liquidationLtv > 0 && liquidationLtv < 1 && discountMax >= 0 && discountMax <= 1)) {
    fault('FRONTIER_DOMAIN', { liquidationLtv, discountMax });
  }
  return Math.max(Math.sqrt(liquidationLtv), 1 - discountMax);
}

/** How fast Morpho Blue's incentive grows with 1 − LLTV, and where it stops. @source morpho-org/morpho-blue ConstantsLib.sol */
const LIQUIDATION_CURSOR = 0.3;
const INCENTIVE_FACTOR_MAX = 1.15;

/**
 * Morpho Blue's liquidation incentive factor, LIF = min(1.15, 1/(1 − 0.3·(1 − LLTV))). LLTV·LIF < 1 for every LLTV < 1: a market is never
 * toxic at the moment it becomes liquidatable.
 *
 * @param liquidationLtv  0 < LLTV < 1
 * @throws                FRONTIER_DOMAIN
 * @source                morpho-org/morpho-blue Morpho.sol, ConstantsLib.sol
 */
export function liquidationIncentiveFactor(liquidationLtv: Ratio): Ratio {
  if (!(liquidationLtv > 0 && liquidationLtv < 1)) fault('FRONTIER_DOMAIN', { liquidationLtv });
  return Math.min(INCENTIVE_FACTOR_MAX, 1 / (1 - LIQUIDATION_CURSOR * (1 - liquidationLtv)));
}
