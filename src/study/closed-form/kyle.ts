/**
 * One round of trading between one who knows the value, others who trade for reasons of their own, and a maker who sets the price from
 * their sum.
 *
 *   value ~ N(p₀, σ_v²), noise ~ N(0, σ_u²):  price = p₀ + λ·(x + u),  x = β·(v − p₀)
 *
 * @source  A. S. Kyle, "Continuous auctions and insider trading", Econometrica 53 (1985) 1315-1335
 */
import { fault } from '../../base/fault.ts';

export interface KyleRound {
  /** λ: price per unit of order flow. */
  readonly impact: number;
  /** β: units that the informed trades per unit of mispricing. */
  readonly aggressiveness: number;
  /** Of the informed, before he knows. */
  readonly expectedProfit: number;
  /** Variance of the value left after the price is known. */
  readonly residualVariance: number;
}

/** λ = σ_v/(2σ_u), β = σ_u/σ_v, profit σ_v·σ_u/2, residual variance σ_v²/2. @throws KYLE_DOMAIN */
export function kyleRound(valueSd: number, noiseSd: number): KyleRound {
  if (!(valueSd > 0 && noiseSd > 0)) fault('KYLE_DOMAIN', { valueSd, noiseSd });
  return {
    impact: valueSd / (2 * noiseSd),
    aggressiveness: noiseSd / valueSd,
    expectedProfit: (valueSd * noiseSd) / 2,
    residualVariance: (valueSd * valueSd) / 2,
  };
}
