/** What a pool of two reserves opens with: what it says, or as much base as makes its price the outside price. */
import { fault } from '../base/fault.ts';
import type { Opening, OpeningSite, PartProblem } from '../base/params.ts';
import { isRejection } from '../base/rejection.ts';
import { toUnitsDown } from '../base/units.ts';
import { OUTSIDE } from '../ledger/ledger.ts';
import type { Venue, VenueNeeds } from './venue.ts';

/** Tokens; what a reserve may be in a scenario. The ledger refuses what does not fit its units. */
const RESERVE_MAX = 1e15;

/** Parameters of every pool of two reserves. */
export const reserveParams = {
  base: { kind: 'asset', doc: 'asset that is priced' },
  quote: { kind: 'asset', doc: 'asset that prices are counted in' },
  baseReserve: {
    kind: 'number',
    unit: 'token',
    range: [0, RESERVE_MAX],
    optional: true,
    doc: 'base tokens in the pool at the start; left out: as many as make its price the outside price',
  },
  quoteReserve: { kind: 'number', unit: 'token', range: [0, RESERVE_MAX], doc: 'quote tokens in the pool at the start' },
} as const;

export interface Reserves {
  readonly base: string;
  readonly quote: string;
  readonly baseReserve?: number;
  readonly quoteReserve: number;
}

export function openingOfPool(
  { base, quote, baseReserve, quoteReserve }: Reserves,
  { start }: OpeningSite,
): Opening | readonly PartProblem[] {
  if (baseReserve !== undefined && baseReserve > 0 !== quoteReserve > 0) {
    return [{ param: 'baseReserve', found: String(baseReserve), expected: 'tokens of both assets, or of none' }];
  }
  return { base: baseReserve ?? (quoteReserve * start(quote)) / start(base), quote: quoteReserve };
}

/**
 * Brings the first reserves in, from outside by way of a provider of the pool's own, `lp:<name>`, who holds the first shares.
 * @throws  VENUE_RESERVES  only one of them is positive, or the shares do not come to one
 */
export function fundPool(
  venue: Venue,
  { baseReserve: given, quoteReserve }: { readonly baseReserve: number | undefined; readonly quoteReserve: number },
  { name, ledger, startPrice }: VenueNeeds,
): void {
  const baseReserve = given ?? (quoteReserve * startPrice(venue.quoteAsset)) / startPrice(venue.baseAsset);
  const base = toUnitsDown(baseReserve, ledger.assets.decimals[venue.baseAsset]);
  const quote = toUnitsDown(quoteReserve, ledger.assets.decimals[venue.quoteAsset]);
  if (base === 0 && quote === 0) return;
  const provider = ledger.open(`lp:${name}`, 'liquidity-provider');
  ledger.transfer(OUTSIDE, provider, venue.baseAsset, base);
  ledger.transfer(OUTSIDE, provider, venue.quoteAsset, quote);
  if (isRejection(venue.addLiquidity(provider, base, quote))) fault('VENUE_RESERVES', { name, baseReserve, quoteReserve });
}
