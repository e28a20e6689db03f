/**
 * How a large holding is best sold, when selling fast moves the price and selling slowly bears its risk: linear permanent and temporary
 * impact.
 *
 *   x_j = X·sinh(κ(T − t_j))/sinh(κT)          2(cosh κτ − 1)/τ² = κ̃² = λσ²/(η − γτ/2)
 *
 * @source  R. Almgren, N. Chriss, "Optimal execution of portfolio transactions", Journal of Risk 3 (2001) 5-39
 */
import { exp, log } from '../../base/elementary.ts';
import { fault } from '../../base/fault.ts';

export interface Liquidation {
  /** X: units to sell. */
  readonly units: number;
  /** T and N: time, and slices of equal length τ = T/N. */
  readonly time: number;
  readonly slices: number;
  /** σ: standard deviation of the price per root of time. */
  readonly volatility: number;
  /** η: temporary impact, price per (unit per time). γ: permanent, price per unit. ε: half the spread and fees, price. */
  readonly temporary: number;
  readonly permanent: number;
  readonly fixed: number;
  /** λ: aversion to variance, per money. */
  readonly aversion: number;
}

/** κ, per time; 0 without aversion. @throws ALMGREN_DOMAIN  η ≤ γτ/2, or what is not positive */
export function urgency({ time, slices, volatility, temporary, permanent, aversion }: Liquidation): number {
  const tau = time / slices;
  const eta = temporary - (permanent * tau) / 2;
  if (!(eta > 0 && tau > 0 && aversion >= 0)) fault('ALMGREN_DOMAIN', { eta, tau, aversion });
  const half = (tau * tau * aversion * volatility * volatility) / eta / 2;
  // arcosh(1 + h) = ln(1 + h + √(h² + 2h))
  return log(1 + half + Math.sqrt(half * half + 2 * half)) / tau;
}

/** Units held after each slice, from X at time 0 to 0 at T: N + 1 numbers. Without aversion a straight line. */
export function holdings(terms: Liquidation): readonly number[] {
  const { units, time, slices } = terms;
  const kappa = urgency(terms);
  const sinh = (x: number) => (exp(x) - exp(-x)) / 2;
  return Array.from({ length: slices + 1 }, (_, j) => {
    const left = time - (j * time) / slices;
    return kappa === 0 ? (units * left) / time : (units * sinh(kappa * left)) / sinh(kappa * time);
  });
}

/** Expected shortfall of a schedule: ½γX² + ε·Σ|n| + (η − γτ/2)/τ·Σn². */
export function expectedCost({ units, time, slices, temporary, permanent, fixed }: Liquidation, held: readonly number[]): number {
  const tau = time / slices;
  const sold = held.slice(1).map((after, j) => held[j] - after);
  const squares = sold.reduce((sum, n) => sum + n * n, 0);
  const traded = sold.reduce((sum, n) => sum + Math.abs(n), 0);
  return (permanent * units * units) / 2 + fixed * traded + ((temporary - (permanent * tau) / 2) / tau) * squares;
}

/** Its variance: σ²·τ·Σx². */
export function costVariance({ time, slices, volatility }: Liquidation, held: readonly number[]): number {
  const squares = held.slice(1).reduce((sum, x) => sum + x * x, 0);
  return ((volatility * volatility * time) / slices) * squares;
}
