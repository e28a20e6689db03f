/**
 * Gap risk: a price that jumps over the liquidation threshold leaves bad debt that no liquidator, however fast, could have prevented. For
 * one lognormal jump, for jumps that arrive at a rate, and for both together with diffusion (Merton). Slippage is in
 * `delayed-liquidation.ts`; what happens after the jump is not known here.
 */
import { exp, log } from '../../base/elementary.ts';
import { fault } from '../../base/fault.ts';
import { normalCdf } from '../../base/normal.ts';
import type { Ratio, UsdPrice } from '../../base/units.ts';
import { optionValue, PUT } from '../../protocol/instrument/black-scholes.ts';

/** A jump multiplies the price by e^J, J normal. */
export interface Jump {
  /** m, mean of J; −0.08 is a fall of about 8 %. */
  readonly mean: number;
  /** d > 0, standard deviation of J. */
  readonly deviation: number;
}

/** Jumps that arrive at a rate on top of geometric Brownian motion, compensated so that the price has no drift. */
export interface JumpDiffusion extends Jump {
  /** λ ≥ 0, jumps per year. */
  readonly rate: number;
  /** σ ≥ 0 per √year between jumps. */
  readonly volatility: Ratio;
}

/**
 * Probability that one jump takes the collateral below the debt: Φ((ln l − m)/d), l = D/C.
 *
 * @param loanToValue  l > 0
 * @throws             JUMP_DOMAIN
 * @example            l = 0.8, m = −0.08, d = 0.1  →  0.07615
 * @source             distribution of R. C. Merton's jumps (1976)
 */
export function gapProbability(loanToValue: Ratio, jump: Jump): Ratio {
  checkJump(loanToValue, jump);
  return normalCdf((log(loanToValue) - jump.mean) / jump.deviation);
}

/**
 * Bad debt that one jump is expected to leave, as a part of the collateral: E[(l − e^J)⁺], the undiscounted put on e^J, whose mean is
 * e^(m + d²/2), struck at l.
 *
 * @param loanToValue  l > 0
 * @throws             JUMP_DOMAIN
 * @example            l = 0.8, m = −0.08, d = 0.1  →  0.0026312
 */
export function expectedGapLoss(loanToValue: Ratio, jump: Jump): Ratio {
  checkJump(loanToValue, jump);
  return optionValue({ kind: PUT, spot: meanFactor(jump), strike: loanToValue, years: 1, volatility: jump.deviation });
}

/**
 * The same per year for a loan that is brought back to l after each jump: λ·E[(l − e^J)⁺].
 *
 * @param loanToValue  l > 0
 * @returns            part of the collateral per year
 * @throws             JUMP_DOMAIN
 * @example            l = 0.8, m = −0.08, d = 0.1, λ = 5  →  0.01316, 1.316 % a year
 */
export function annualGapLoss(loanToValue: Ratio, jump: Jump, rate: number): Ratio {
  if (!(rate >= 0)) fault('JUMP_DOMAIN', { rate });
  return rate * expectedGapLoss(loanToValue, jump);
}

/** Jumps expected within T beyond which the weights e^(−λT) begin to underflow. */
const JUMPS_MAX = 500;

/**
 * European put on a price that diffuses and jumps, at a rate of interest of 0: Merton's series over the number of jumps,
 *
 *   Σₙ e^(−λT)·(λT)ⁿ/n! · put(S·e^(−λκT)·(1 + κ)ⁿ, K, spread √(σ²T + n·d²))      1 + κ = e^(m + d²/2)
 *
 * With K a debt and S its collateral, expected bad debt at T. The series ends where what is left of it cannot be seen in its sum.
 *
 * @param years  T ≥ 0; λ·T ≤ 500
 * @returns      in the unit of spot and strike
 * @throws       JUMP_DOMAIN
 * @example      S = 100, K = 80, σ = 0.8, T = 7/365, λ = 5, m = −0.08, d = 0.1  →  0.163266 (0.080901 without jumps)
 * @source       R. C. Merton, "Option pricing when underlying stock returns are discontinuous", Journal of Financial Economics 3 (1976)
 */
export function jumpDiffusionPut(spot: UsdPrice, strike: UsdPrice, years: number, diffusion: JumpDiffusion): number {
  const { rate, volatility, deviation } = diffusion;
  checkJump(strike / spot, diffusion);
  if (!(spot > 0 && years >= 0 && rate >= 0 && volatility >= 0 && rate * years <= JUMPS_MAX)) {
    fault('JUMP_DOMAIN', { spot, strike, years, ...diffusion });
  }
  const expected = rate * years;
  const growth = meanFactor(diffusion);
  const variance = volatility * volatility * years;
  let weight = exp(-expected);
  let forward = spot * exp(-expected * (growth - 1));
  let sum = 0;
  for (let jumps = 0; ; jumps += 1) {
    const deviations = Math.sqrt(variance + jumps * deviation * deviation);
    sum += weight * optionValue({ kind: PUT, spot: forward, strike, years: 1, volatility: deviations });
    weight *= expected / (jumps + 1);
    forward *= growth;
    // Beyond twice the expected number the weights at least halve, and no put is worth more than its strike.
    if (jumps + 2 >= 2 * expected && 2 * weight * strike <= sum * 2 ** -54) return sum;
    if (weight === 0) return sum;
  }
}

/** e^(m + d²/2) = E[e^J]. */
function meanFactor({ mean, deviation }: Jump): Ratio {
  return exp(mean + (deviation * deviation) / 2);
}

function checkJump(loanToValue: Ratio, { mean, deviation }: Jump): void {
  if (!(loanToValue > 0 && Number.isFinite(mean) && deviation > 0 && deviation < Infinity)) {
    fault('JUMP_DOMAIN', { loanToValue, mean, deviation });
  }
}
