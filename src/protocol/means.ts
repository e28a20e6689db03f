/** What the waterfall finds to pay with, read from books, fund and venues at the moment it is asked. Reads only. */
import { largestAllowed } from '../base/largest-allowed.ts';
import { isRejection } from '../base/rejection.ts';
import { type AssetId, type Ratio, UNITS_MAX, type Units } from '../base/units.ts';
import { OUTSIDE } from '../ledger/ledger.ts';
import type { Means, SaleLimits, Shortfall, TreasurySale } from './backstop/backstop.ts';
import { createCreditors } from './creditors.ts';
import type { Hall } from './hall.ts';

export interface MeansDesk {
  of(market: number, kind: Shortfall['kind']): Means;
}

export function createMeans(hall: Hall): MeansDesk {
  const { accounts, ledger, markets, marks, fund, custody, venues } = hall;
  const { scale } = ledger.assets;
  const creditors = createCreditors(hall);

  /** The best venue for a sale of all of `amount`, by what it brings, and how far its average price is below the price before. */
  const quote = (sell: AssetId, buy: AssetId, amount: Units): { venue: number; brings: Units; impact: Ratio } | undefined => {
    let best: { venue: number; brings: Units; impact: Ratio } | undefined;
    for (const [venue, { baseAsset, quoteAsset, quote: ask, price }] of venues.entries()) {
      if (!((baseAsset === sell && quoteAsset === buy) || (baseAsset === buy && quoteAsset === sell))) continue;
      const fill = ask({ sell, amount });
      if (isRejection(fill) || fill.bought <= (best?.brings ?? 0)) continue;
      const before = baseAsset === sell ? price() : 1 / price();
      const impact = 1 - fill.bought / scale[buy] / ((amount / scale[sell]) * before);
      best = { venue, brings: fill.bought, impact };
    }
    return best;
  };

  /** The most of `amount` that can be sold without more than the impact; 0 where even a little has more. */
  const mostWithin = (impactMax: Ratio, sell: AssetId, buy: AssetId, amount: Units): Units => {
    return largestAllowed(amount, (units) => (quote(sell, buy, units)?.impact ?? Number.POSITIVE_INFINITY) <= impactMax);
  };

  const sale = (buy: AssetId, sell: AssetId, wanted: Units, { mintMax, impactMax }: SaleLimits): TreasurySale | undefined => {
    const minted = mintMax !== undefined;
    // Of nothing more can be made than the ledger can count.
    const there = minted ? Math.min(mintMax, UNITS_MAX + ledger.balance(OUTSIDE, sell)) : ledger.balance(fund, sell);
    if (!(there > 0 && wanted > 0)) return undefined;
    const most = impactMax === undefined ? there : mostWithin(impactMax, sell, buy, there);
    if (most === 0) return undefined;
    // Selling more brings no less: one unit more than what brings too little is enough, unless all of it is too little.
    const amount = Math.min(most, 1 + largestAllowed(most, (units) => (quote(sell, buy, units)?.brings ?? 0) < wanted));
    const best = quote(sell, buy, amount);
    return best === undefined ? undefined : { venue: best.venue, sell, amount, brings: best.brings, minted };
  };

  /** What the fund holds of an asset at the marks, USD; nothing where it has no market or no valid mark. */
  const heldUsd = (asset: AssetId) => {
    const market = hall.marketOf(asset);
    const usd = market < 0 ? 0 : ledger.balance(fund, asset) * marks[market];
    return usd > 0 ? usd : 0;
  };

  return {
    of(market, kind) {
      const { asset } = markets[market];
      const { house } = accounts;
      const pooled = kind === 'quote';
      const worth = pooled && house >= 0 ? creditors.equity(house) : 0;
      return {
        fund: ledger.balance(fund, asset),
        // Cash of contracts is no loan: lenders have no part in it, and of the reserve only what is not lent out can leave the market.
        reserve: pooled ? Math.min(accounts.reserve.data[market], accounts.cash(market)) : accounts.reserve.data[market],
        supply: pooled ? 0 : accounts.supplyTotal.data[market],
        fundAccount: fund,
        custody,
        mark: marks[market],
        vault: worth > 0 ? worth : 0,
        vaultPosition: house,
        winners: () => (pooled ? creditors.winners() : []),
        creditors: () => (pooled ? creditors.all() : []),
        // Sorted only for who asks: most layers never do.
        get treasury() {
          return ledger.assets.names
            .map((_, id) => id)
            .filter((id) => id !== asset && ledger.balance(fund, id) > 0)
            .sort((a, b) => heldUsd(b) - heldUsd(a) || a - b);
        },
        sale: (sell, wanted, limits = {}) => sale(asset, sell, wanted, limits),
      };
    },
  };
}
