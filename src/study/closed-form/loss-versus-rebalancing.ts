/**
 * What a pool's providers lose to those who know the price better: a constant-product pool against an arbitrageur, per unit of its value.
 *
 * @source  J. Milionis, C. Moallemi, T. Roughgarden, A. L. Zhang, arXiv 2208.06046 (rate); J. Milionis, C. Moallemi, T. Roughgarden,
 *          arXiv 2305.14604 (with fees and blocks)
 */
import { fault } from '../../base/fault.ts';
import type { Ratio } from '../../base/units.ts';

/** Loss per unit of pool value and time without fee, continuously arbitraged: σ²/8. @param volatility  per root of time */
export function lossRate(volatility: number): number {
  return (volatility * volatility) / 8;
}

/**
 * Share of blocks in which there is something to take, with blocks at Poisson times: 1/(1 + g·√(2λ)/σ).
 *
 * @param fee     g: half of the logarithmic width of the band without arbitrage, −ln(1 − fee)
 * @param blocks  λ per time, in the time of σ
 * @throws        LVR_DOMAIN
 */
export function tradeProbability(fee: Ratio, blocks: number, volatility: number): Ratio {
  if (!(fee >= 0 && blocks > 0 && volatility > 0)) fault('LVR_DOMAIN', { fee, blocks, volatility });
  return 1 / (1 + (fee * Math.sqrt(2 * blocks)) / volatility);
}

/** What arbitrageurs keep of it, in the limit of small fees and fast blocks: the rate times that share. */
export function arbitrageRate(fee: Ratio, blocks: number, volatility: number): number {
  return lossRate(volatility) * tradeProbability(fee, blocks, volatility);
}
