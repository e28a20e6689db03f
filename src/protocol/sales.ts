/**
 * What the protocol could sell on the venues of its world, and for how much: asked by risk engines, mechanisms and governance. Reads only.
 */
import { isRejection } from '../base/rejection.ts';
import type { AssetId, Units, Usd } from '../base/units.ts';
import type { FlowView } from '../market/flow.ts';
import type { Venue } from '../market/venue.ts';
import type { Market, Marks } from './accounts-view.ts';
import type { Sale } from './liquidation/mechanism.ts';
import type { MarketFlow } from './risk/risk-engine.ts';

export interface Sales {
  /** As `MechanismNeeds.quoteSale`. */
  quoteSale(sellMarket: number, buyMarket: number, units: Units): Sale | undefined;
  /** USD at the marks that selling so many units of a market's asset brings on the best venue, for whatever it is traded for. */
  proceedsUsd(market: number, units: Units): Usd;
  /** Units of a market's asset that so many USD, at the marks, of whatever it is traded for buy on the best venue. */
  purchasedUnits(market: number, usd: Usd): Units;
  /** As `RiskNeeds.flow`. */
  flow(market: number): MarketFlow | undefined;
}

/** @param flowOf  what the trades of a venue tell, by its number */
export function createSales(
  venues: readonly Venue[],
  markets: readonly Market[],
  marks: Marks,
  flowOf: (venue: number) => FlowView | undefined,
): Sales {
  const marketByAsset = new Map<AssetId, number>(markets.map(({ asset, index }) => [asset, index]));

  const quoteSale = (sellMarket: number, buyMarket: number, units: Units): Sale | undefined => {
    const sell = markets[sellMarket].asset;
    const buy = markets[buyMarket].asset;
    let best: Sale | undefined;
    for (const [venue, { baseAsset, quoteAsset, quote }] of venues.entries()) {
      if (!((baseAsset === sell && quoteAsset === buy) || (baseAsset === buy && quoteAsset === sell))) continue;
      const fill = quote({ sell, amount: units });
      if (!isRejection(fill) && fill.bought > (best?.brings ?? 0)) best = { venue, sell, amount: units, brings: fill.bought };
    }
    return best;
  };

  /** The best answer over the assets that a market's asset is traded for; NaN where there is none, or none with a valid mark. */
  const best = (market: number, ask: (other: number) => number): number => {
    const { asset } = markets[market];
    let most = Number.NaN;
    for (const { baseAsset, quoteAsset } of venues) {
      const other = marketByAsset.get(baseAsset === asset ? quoteAsset : quoteAsset === asset ? baseAsset : -1);
      if (other === undefined) continue;
      const answer = ask(other);
      if (answer > most || Number.isNaN(most)) most = answer;
    }
    return most;
  };

  const flow = (market: number): MarketFlow | undefined => {
    let most = 0;
    let of: FlowView | undefined;
    let usd = 0;
    for (const [venue, { baseAsset, quoteAsset }] of venues.entries()) {
      const other = marketByAsset.get(quoteAsset);
      const seen = baseAsset === markets[market].asset && other !== undefined ? flowOf(venue) : undefined;
      if (seen === undefined || other === undefined) continue;
      const token = marks[other] * markets[other].scale;
      if (!(seen.volume * token > most)) continue;
      [most, of, usd] = [seen.volume * token, seen, token];
    }
    if (of === undefined) return undefined;
    const { imbalance, illiquidity, impact, realisedSpread } = of;
    return { imbalance, illiquidity: illiquidity / usd, impact: impact / usd, realisedSpread };
  };

  return {
    quoteSale,
    flow,
    proceedsUsd: (market, units) =>
      units === 0 ? 0 : best(market, (other) => (quoteSale(market, other, units)?.brings ?? 0) * marks[other]),
    purchasedUnits(market, usd) {
      return best(market, (other) => {
        const spent = Math.floor(usd / marks[other]);
        return Number.isNaN(spent) ? Number.NaN : (quoteSale(other, market, spent)?.brings ?? 0);
      });
    },
  };
}
