/**
 * The curve of one band of soft liquidation (LLAMMA): where its edges and the ends of its prices are, and what its holdings become if the
 * price falls slowly. Inside a band the price moves against the oracle, three times as fast, so that arbitrage turns collateral into the
 * stable asset as the oracle falls and back as it rises. In float64; whole amounts are decided in soft-bands-amounts.ts.
 *
 *   edges      p_up(n) = p_base·((A−1)/A)^n          p_down(n) = p_up(n+1)
 *   curve      (f + x)·(g + y) = p·A²·y0²            f = A·y0·p²/p_up          g = (A−1)·y0·p_up/p
 *   y0         p·A·y0² − y0·(p_up/p·(A−1)·x + p²/p_up·A·y) − x·y = 0
 *   ends       p³/p_up² where all is collateral      p³/p_down² where all is stable
 *
 * Source: M. Egorov, Curve stablecoin design (2022); curvefi/curve-stablecoin contracts/AMM.vy (_get_y0, _get_p, get_xy_up).
 */
import { pow } from '../../base/elementary.ts';
import type { Units } from '../../base/units.ts';

/** Debt units per collateral unit: mark of the collateral ÷ mark of the debt. */
export type BandPrice = number;

/** One band at one reading of the oracle. */
export interface Band {
  /** Stable, that is, units of the debt's asset. */
  x: Units;
  /** Collateral units. */
  y: Units;
  /** p_up: the reading at which, in rest, the band begins to be sold. */
  upper: BandPrice;
  /** p_down. */
  lower: BandPrice;
  /** p: the reading now. */
  oracle: BandPrice;
  /** A: a band is 1/A of its upper edge wide; a whole number, at least 2. */
  readonly amplification: number;
}

/** p_up(n), the upper edge of band n. */
export function upperEdge(basePrice: BandPrice, amplification: number, n: number): BandPrice {
  return basePrice * pow((amplification - 1) / amplification, n);
}

/**
 * y0: the collateral that the band would hold if it had no stable and oracle, price and upper edge were one. All terms are positive, so
 * its relative error is a few ulp.
 */
export function amplitude({ x, y, upper, oracle, amplification }: Band): Units {
  const b = (upper / oracle) * (amplification - 1) * x + ((oracle * oracle) / upper) * amplification * y;
  return (b + Math.sqrt(b * b + 4 * amplification * oracle * x * y)) / (2 * amplification * oracle);
}

/** f, the stable that the curve has beyond what the band holds. */
export function virtualStable({ upper, oracle, amplification }: Band, y0: Units): Units {
  return (amplification * y0 * oracle * oracle) / upper;
}

/** g, the collateral that the curve has beyond what the band holds. */
export function virtualCollateral({ upper, oracle, amplification }: Band, y0: Units): Units {
  return ((amplification - 1) * y0 * upper) / oracle;
}

/** The price at which all collateral of a band is sold, p³/p_down²: the upper end of its prices at this reading. */
export function priceWhenStable({ oracle, lower }: Band): BandPrice {
  return oracle * (oracle / lower) * (oracle / lower);
}

/** The price at which all stable of a band is sold, p³/p_up²: the lower end. */
export function priceWhenCollateral({ oracle, upper }: Band): BandPrice {
  return oracle * (oracle / upper) * (oracle / upper);
}

/**
 * Stable that the band becomes if arbitrage first moves its price to the oracle's and then follows the oracle down without end and without
 * fee: x + y·√(p·p_down) from within, y·√(p_up·p_down) from above, x from below, in each case after the trade at this reading. Not rounded.
 */
export function stableDown(band: Band): Units {
  const { x, y, upper, lower, oracle } = band;
  if (x === 0 && y === 0) return 0;
  const y0 = amplitude(band);
  const f = virtualStable(band, y0);
  const g = virtualCollateral(band, y0);
  if (oracle >= upper) return (y + ((g + y) * x) / f) * Math.sqrt(upper * lower);
  if (oracle <= lower) return x + ((f + x) * y) / g;
  const invariant = (f + x) * (g + y);
  const rest = Math.max(0, Math.sqrt(invariant / oracle) - g);
  return Math.max(0, invariant / (g + rest) - f) + rest * Math.sqrt(oracle * lower);
}
