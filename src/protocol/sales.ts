/**
 * What the protocol could sell on the venues of its world, and for how much: asked by risk engines, mechanisms and governance. Reads only.
 */
import { isRejection } from '../base/rejection.ts';
import type { AssetId, Units, Usd } from '../base/units.ts';
import type { Venue } from '../market/venue.ts';
import type { Market, Marks } from './accounts-view.ts';
import type { Sale } from './liquidation/mechanism.ts';

export interface Sales {
  /** The best sale of so many units of one market's asset for another's; undefined where no venue trades the two. */
  quoteSale(sellMarket: number, buyMarket: number, units: Units): Sale | undefined;
  /** USD at the marks that selling so many units of a market's asset brings on the best venue, for whatever it is traded for. */
  proceedsUsd(market: number, units: Units): Usd;
}

export function createSales(venues: readonly Venue[], markets: readonly Market[], marks: Marks): Sales {
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

  return {
    quoteSale,
    proceedsUsd(market, units) {
      if (units === 0) return 0;
      const { asset } = markets[market];
      let best = Number.NaN;
      for (const { baseAsset, quoteAsset } of venues) {
        const other = marketByAsset.get(baseAsset === asset ? quoteAsset : quoteAsset === asset ? baseAsset : -1);
        if (other === undefined) continue;
        const usd = (quoteSale(market, other, units)?.brings ?? 0) * marks[other];
        if (!(usd <= best)) best = usd;
      }
      return best;
    },
  };
}
