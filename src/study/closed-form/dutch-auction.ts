/**
 * The falling price of a collateral auction in steps, as Maker's: when it meets a price at which somebody buys, and when it must be
 * started anew. The price to beat stands still here. All times are whole seconds since the auction began, as on the chain.
 */
import { log, pow } from '../../base/elementary.ts';
import { fault } from '../../base/fault.ts';
import type { Ratio, UsdPrice } from '../../base/units.ts';

/** How an auction falls. */
export interface StairstepAuction {
  /** `buf` ≥ 1: the start over the reference. */
  readonly buffer: Ratio;
  /** Price of the oracle when it began, > 0. */
  readonly reference: UsdPrice;
  /** `cut`, 0 < cut < 1: each step multiplies the price by it. */
  readonly cut: Ratio;
  /** Seconds of a step, > 0. */
  readonly stepSeconds: number;
}

/**
 * Price after so many seconds: buf·reference·cut^⌊t/step⌋.
 *
 * @param seconds  t ≥ 0
 * @throws         AUCTION_DOMAIN
 * @source         makerdao/dss abaci.sol, StairstepExponentialDecrease; start: clip.sol, kick
 */
export function auctionPrice(auction: StairstepAuction, seconds: number): UsdPrice {
  checkAuction(auction);
  if (!(seconds >= 0)) fault('AUCTION_DOMAIN', { seconds });
  return priceAfter(auction, Math.floor(seconds / auction.stepSeconds));
}

/**
 * Seconds until the auction's price is at or below one at which somebody buys, such as the market less a margin: a whole number of steps.
 *
 * @param price  > 0
 * @throws       AUCTION_DOMAIN
 * @example      buf 1.3, cut 0.99, step 90 s: 2,430 s to the reference, 3,330 s to 90 % of it
 */
export function secondsToPrice(auction: StairstepAuction, price: UsdPrice): number {
  checkAuction(auction);
  if (!(price > 0)) fault('AUCTION_DOMAIN', { price });
  return auction.stepSeconds * firstStep(auction, (now) => now <= price, price / (auction.buffer * auction.reference));
}

/** When an auction must be started anew, and what has run out. */
export interface AuctionReset {
  readonly seconds: number;
  readonly by: 'tail' | 'cusp';
}

/**
 * The first whole second at which an auction can no longer be bought from: later than `tail`, or below `cusp` of its start, whichever comes
 * first.
 *
 * @param tailSeconds  ≥ 0
 * @param cusp         0 < cusp ≤ 1
 * @throws             AUCTION_DOMAIN
 * @example            cut 0.99, step 90 s, tail 8,400 s, cusp 0.4  →  8,280 s, by the cusp; with cusp 0.35  →  8,401 s, by the tail
 * @source             makerdao/dss clip.sol, status
 */
export function secondsToReset(auction: StairstepAuction, tailSeconds: number, cusp: Ratio): AuctionReset {
  checkAuction(auction);
  if (!(tailSeconds >= 0 && cusp > 0 && cusp <= 1)) fault('AUCTION_DOMAIN', { tailSeconds, cusp });
  const start = priceAfter(auction, 0);
  const byCusp = auction.stepSeconds * firstStep(auction, (now) => now / start < cusp, cusp);
  const byTail = Math.floor(tailSeconds) + 1;
  return byCusp <= byTail ? { seconds: byCusp, by: 'cusp' } : { seconds: byTail, by: 'tail' };
}

/**
 * The first step at which the price is low enough. `fraction` of the start is about where; rounding of the logarithm may put it a step off,
 * so the price itself decides.
 */
function firstStep(auction: StairstepAuction, low: (price: UsdPrice) => boolean, fraction: Ratio): number {
  let step = Math.max(0, Math.ceil(log(fraction) / log(auction.cut)));
  while (step > 0 && low(priceAfter(auction, step - 1))) step -= 1;
  while (!low(priceAfter(auction, step))) step += 1;
  return step;
}

function priceAfter({ buffer, reference, cut }: StairstepAuction, steps: number): UsdPrice {
  return buffer * reference * pow(cut, steps);
}

function checkAuction(auction: StairstepAuction): void {
  const { buffer, reference, cut, stepSeconds } = auction;
  if (!(buffer >= 1 && reference > 0 && cut > 0 && cut < 1 && stepSeconds > 0)) fault('AUCTION_DOMAIN', { ...auction });
}
