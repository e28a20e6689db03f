/** What the waterfall finds to pay with, read from books, fund and venues at the moment it is asked. Reads only. */
import { isRejection } from '../base/rejection.ts';
import type { AssetId, Units } from '../base/units.ts';
import type { Means, Shortfall, TreasurySale, Winner } from './backstop/backstop.ts';
import type { Hall } from './hall.ts';
import { blankStanding, standingOf } from './risk/standing.ts';

export interface MeansDesk {
  of(market: number, kind: Shortfall['kind']): Means;
}

/** Steps of the search for the smallest sale that brings enough: to a 2^-40 of what there is. */
const SALE_STEPS = 40;

export function createMeans(hall: Hall): MeansDesk {
  const { accounts, ledger, markets, marks, fund, custody, venues } = hall;

  /** Everybody's profit at the marks: what he would have by closing now beyond what he paid. */
  const winners = (): Winner[] => {
    const found: Winner[] = [];
    const standing = blankStanding();
    const settleMark = marks[accounts.settle];
    for (let position = 0; position < accounts.positions; position++) {
      if (position === accounts.house) continue;
      for (let contract = 0; contract < accounts.contracts.length; contract++) {
        const size = accounts.size(position, contract);
        if (size === 0) continue;
        const value = Math.floor((size * marks[markets.length + contract]) / settleMark);
        const entry = accounts.entry(position, contract);
        const profit = value - entry;
        if (!(profit > 0)) continue;
        const { assetsUsd, debtsUsd } = standingOf(accounts, position, marks, standing);
        const leverage = (Math.abs(value) * settleMark) / Math.max(assetsUsd - debtsUsd, settleMark);
        found.push({ position, contract, size, profit, value, profitRatio: profit / Math.max(1, Math.abs(entry)), leverage });
      }
    }
    return found;
  };

  /** The best venue for a sale of all of `amount`, by what it brings. */
  const quote = (sell: AssetId, buy: AssetId, amount: Units): { venue: number; brings: Units } | undefined => {
    let best: { venue: number; brings: Units } | undefined;
    for (const [venue, { baseAsset, quoteAsset, quote: ask }] of venues.entries()) {
      if (!((baseAsset === sell && quoteAsset === buy) || (baseAsset === buy && quoteAsset === sell))) continue;
      const fill = ask({ sell, amount });
      if (!isRejection(fill) && fill.bought > (best?.brings ?? 0)) best = { venue, brings: fill.bought };
    }
    return best;
  };

  const sale = (buy: AssetId, sell: AssetId, wanted: Units, mintMax?: Units): TreasurySale | undefined => {
    const minted = mintMax !== undefined;
    const most = minted ? mintMax : ledger.balance(fund, sell);
    if (!(most > 0)) return undefined;
    const all = quote(sell, buy, most);
    if (all === undefined) return undefined;
    if (all.brings <= wanted) return { ...all, sell, amount: most, minted };
    let low = 0;
    let high = most;
    for (let step = 0; step < SALE_STEPS && high - low > 1; step++) {
      const middle = low + Math.floor((high - low) / 2);
      if ((quote(sell, buy, middle)?.brings ?? 0) >= wanted) high = middle;
      else low = middle;
    }
    const enough = quote(sell, buy, high);
    return enough === undefined ? undefined : { ...enough, sell, amount: high, minted };
  };

  return {
    of(market, kind) {
      const { asset } = markets[market];
      const { house } = accounts;
      return {
        fund: ledger.balance(fund, asset),
        reserve: accounts.reserve.data[market],
        supply: accounts.supplyTotal.data[market],
        fundAccount: fund,
        custody,
        vault: kind === 'quote' && house >= 0 ? Math.max(0, accounts.quote(house)) : 0,
        vaultPosition: house,
        winners: () => (kind === 'quote' ? winners() : []),
        treasury: ledger.assets.names.map((_, id) => id).filter((id) => id !== asset && ledger.balance(fund, id) > 0),
        sale: (sell, wanted, mintMax) => sale(asset, sell, wanted, mintMax),
      };
    },
  };
}
