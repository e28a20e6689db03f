/**
 * What a liquidation that comes late is expected to lose when it goes badly: expected shortfall, at a level, of the debt that a sale leaves
 * unpaid, for a price that is lognormal without drift until the sale. Prices that jump or have fat tails are not known here; whoever fears
 * them takes a wider spread.
 *
 * With tail p = 1 − level, spread s = σ√τ and X = e^(sZ − s²/2), the mean over the worst p of all outcomes:
 *
 *   long    L = (1 − k·X)⁺    ES = (Φ(z) − k·Φ(z − s))/p       z = min(Φ⁻¹(p), (s²/2 − ln k)/s)
 *   short   L = (X − k)⁺      ES = (Φ(z + s) − k·Φ(z))/p       z = min(Φ⁻¹(p), (−ln k − s²/2)/s)
 *
 * Where nothing is lost in part of the tail, z is where the loss begins; at level 0 both are the value of an option: a put that lenders
 * have written, a call that whoever stands behind shorts has.
 *
 * @source  the expectation: R. C. Merton, "On the pricing of corporate debt", Journal of Finance 29 (1974) 449-470; expected shortfall:
 *          C. Acerbi, D. Tasche, "On the coherence of expected shortfall", Journal of Banking & Finance 26 (2002);
 *          the rest derived
 */
import { log } from '../../base/elementary.ts';
import { fault } from '../../base/fault.ts';
import { normalCdf, normalQuantile } from '../../base/normal.ts';
import type { Ratio } from '../../base/units.ts';

/**
 * Part of a debt that is lost.
 *
 * @param cover   k ≥ 0: what the sale brings at the price of now, per debt
 * @param spread  s ≥ 0: standard deviation of the price's logarithm until the sale
 * @param level   0 ≤ level < 1
 * @throws        SHORTFALL_DOMAIN
 */
export function lateShortfall(cover: Ratio, spread: Ratio, level: Ratio): Ratio {
  check(cover, spread, level);
  if (spread === 0 || cover === 0) return Math.max(0, 1 - cover);
  const tail = 1 - level;
  const z = Math.min(normalQuantile(tail), (spread * spread * 0.5 - log(cover)) / spread);
  return Math.max(0, (normalCdf(z) - cover * normalCdf(z - spread)) / tail);
}

/** Loss on something that is owed, per its value of now; `cover` is what there is to buy it back with, per that value. */
export function squeezeShortfall(cover: Ratio, spread: Ratio, level: Ratio): Ratio {
  check(cover, spread, level);
  if (spread === 0) return Math.max(0, 1 - cover);
  const tail = 1 - level;
  const z = Math.min(normalQuantile(tail), cover === 0 ? Number.POSITIVE_INFINITY : -(log(cover) + spread * spread * 0.5) / spread);
  return Math.max(0, (normalCdf(z + spread) - cover * normalCdf(z)) / tail);
}

function check(cover: Ratio, spread: Ratio, level: Ratio): void {
  if (!(cover >= 0 && spread >= 0 && level >= 0 && level < 1)) fault('SHORTFALL_DOMAIN', { cover, spread, level });
}

/** Halvings: an interval of 1 to 2^-50. */
const STEPS = 50;

/**
 * The least x in [low, high] at which a loss that falls with x is within its budget, to 2^-50 of the interval and never below; `high`
 * where it is at none.
 */
export function leastWithin(budget: Ratio, loss: (x: Ratio) => Ratio, low: Ratio, high: Ratio): Ratio {
  if (loss(low) <= budget) return low;
  let over = low;
  let within = high;
  for (let step = 0; step < STEPS; step++) {
    const middle = over + (within - over) / 2;
    if (loss(middle) <= budget) within = middle;
    else over = middle;
  }
  return within;
}
