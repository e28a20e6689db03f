/**
 * Quotes of a maker who holds an inventory: the price at which he is indifferent, and the spread around it. Prices are arithmetic: σ is the
 * standard deviation of the price per root of time, and orders arrive at a distance δ with intensity A·e^(−κδ).
 *
 * @source  M. Avellaneda, S. Stoikov, "High-frequency trading in a limit order book", Quantitative Finance 8 (2008) 217-224
 */
import { log1p } from '../../base/elementary.ts';
import { fault } from '../../base/fault.ts';

/** r = s − q·γ·σ²·(T − t). */
export function reservationPrice(price: number, inventory: number, aversion: number, volatility: number, left: number): number {
  return price - inventory * aversion * volatility * volatility * left;
}

/** δ_a + δ_b = γσ²(T − t) + (2/γ)·ln(1 + γ/κ). @throws MAKER_DOMAIN */
export function optimalSpread(aversion: number, volatility: number, left: number, decay: number): number {
  if (!(aversion > 0 && decay > 0)) fault('MAKER_DOMAIN', { aversion, decay });
  return aversion * volatility * volatility * left + (2 / aversion) * log1p(aversion / decay);
}
