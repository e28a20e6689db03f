/**
 * Who bids what for something that one of n wants: auctions in which only the winner pays, in which everybody pays, in which losers pay a
 * part (reverted transactions), and in which a failed try costs a fixed amount and nobody has to try. Symmetric equilibria in mixed
 * strategies.
 */
import { pow } from '../../base/elementary.ts';
import { fault } from '../../base/fault.ts';
import type { Ratio, Usd } from '../../base/units.ts';

/**
 * Bid of value v in a first-price auction of n bidders with independent uniform values: (n − 1)·v/n.
 * @throws  BIDDING_DOMAIN
 * @source  W. Vickrey, Journal of Finance 16 (1961) 8-37
 */
export function firstPriceBid(value: Usd, bidders: number): Usd {
  check(bidders);
  return ((bidders - 1) * value) / bidders;
}

/** Expected revenue of it, values uniform on [0, 1]: (n − 1)/(n + 1). */
export function firstPriceRevenue(bidders: number): Usd {
  check(bidders);
  return (bidders - 1) / (bidders + 1);
}

/**
 * Distribution of bids when all know the value and losers pay the part ρ of their bid:
 *
 *   F(b) = (ρ·b / (v − (1 − ρ)·b))^(1/(n−1)) on [0, v];  ρ = 1: all pay, (b/v)^(1/(n−1))
 *
 * @param revertShare  ρ in (0, 1]
 * @throws             BIDDING_DOMAIN
 * @source             M. R. Baye, D. Kovenock, C. G. de Vries, Economic Theory 8 (1996) 291-305 (all-pay); the rest derived: each bid earns
 * 0
 */
export function bidDistribution(bid: Usd, value: Usd, bidders: number, revertShare: Ratio = 1): Ratio {
  check(bidders);
  if (!(revertShare > 0 && revertShare <= 1 && value > 0)) fault('BIDDING_DOMAIN', { value, revertShare });
  if (bid <= 0) return 0;
  return bid >= value ? 1 : pow((revertShare * bid) / (value - (1 - revertShare) * bid), 1 / (bidders - 1));
}

/** Expected payoff of a bid against n − 1 others who draw from F: v·F^(n−1) − b·(F^(n−1) + ρ·(1 − F^(n−1))). 0 in equilibrium. */
export function bidPayoff(bid: Usd, value: Usd, bidders: number, revertShare: Ratio = 1): Usd {
  const wins = pow(bidDistribution(bid, value, bidders, revertShare), bidders - 1);
  return value * wins - bid * (wins + revertShare * (1 - wins));
}

/** Mean of the highest of n bids where all pay: v·n/(2n − 1); of one bid: v/n. @throws BIDDING_DOMAIN */
export function allPayHighest(value: Usd, bidders: number): Usd {
  check(bidders);
  return (value * bidders) / (2 * bidders - 1);
}

/**
 * Probability that somebody stays away where a failed try costs c and staying away nothing: (c/(v + c))^(1/(n−1)). That nobody comes: its
 * n-th power.
 *
 * @throws  BIDDING_DOMAIN
 * @source  derived: who tries with the least bid wins only if all others stay away, and must be indifferent
 */
export function abstention(value: Usd, cost: Usd, bidders: number): Ratio {
  check(bidders);
  if (!(value > 0 && cost >= 0)) fault('BIDDING_DOMAIN', { value, cost });
  return pow(cost / (value + cost), 1 / (bidders - 1));
}

/** Probability that of N keepers, each there with probability p, none is: (1 − p)^N. */
export function nobodyThere(presence: Ratio, keepers: number): Ratio {
  return pow(1 - presence, keepers);
}

/** That exactly one is, who then bids alone: N·p·(1 − p)^(N−1). */
export function oneAlone(presence: Ratio, keepers: number): Ratio {
  return keepers * presence * pow(1 - presence, keepers - 1);
}

function check(bidders: number): void {
  if (!(Number.isInteger(bidders) && bidders >= 2)) fault('BIDDING_DOMAIN', { bidders });
}
