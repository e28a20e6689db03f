/**
 * What each agent sees: one object an agent, made once, reading the live world. It moves nothing. The time and the block are plain fields,
 * written by `crowd.ts` before each handler: with getters, every view of every world would be a shape of its own to the engine, and each
 * look at it a search.
 */
import type { Action } from '../agent/action.ts';
import type { Intent } from '../agent/intent.ts';
import type { OracleView, View } from '../agent/view.ts';
import type { AccountId, Ms, UsdPrice } from '../base/units.ts';
import type { Chain } from '../chain/chain.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Venue } from '../market/venue.ts';
import type { Protocol } from '../protocol/protocol.ts';
import type { PlacedOracle } from '../scenario/build.ts';

export interface ViewSite {
  readonly ledger: Ledger;
  readonly venues: readonly Venue[];
  readonly oracles: readonly PlacedOracle[];
  readonly protocols: readonly Protocol[];
  readonly chain: Chain<Action>;
  readonly fair: ArrayLike<UsdPrice>;
  readonly gasAsset: number;
  readonly flashFee: number;
  readonly outsideSpread: number;
  readonly flashAccount: AccountId;
  readonly horizon: Ms;
  now(): Ms;
}

/** A view whose clock somebody keeps right. */
export type LiveView = Omit<View, Clock> & Record<Clock, number>;
type Clock = 'at' | 'block' | 'nextBlockAt';

/** Makes the view of the agent that owns an account. */
export function createViews(site: ViewSite): (account: AccountId) => LiveView {
  const common = createCommonView(site);
  const { ledger, protocols, chain } = site;
  return (account) => ({
    at: 0,
    block: 0,
    nextBlockAt: chain.blockTime,
    ...common,
    wallet: (asset) => ledger.balance(account, asset),
    watchHealth(id, below) {
      const protocol = protocols[id];
      const position = protocol.positionOf(account);
      if (position < 0) return;
      if (below > 0) protocol.watch(position, below);
      else protocol.unwatch(position);
    },
  });
}

/** What is the same for all agents. */
type Common = Omit<View, Clock | 'wallet' | 'watchHealth'>;

function createCommonView(site: ViewSite): Common {
  const { ledger, venues, oracles, protocols, chain, fair, gasAsset } = site;
  const scale = ledger.assets.scale;
  const oracleViews = oracles.map(
    ({ name, asset, venue, oracle }): OracleView => ({
      name,
      asset,
      venue,
      read: () => oracle.read(site.now()),
      nextUpdate: () => oracle.nextUpdate(site.now()),
    }),
  );
  const gasUnits = (intent: Intent) => (gasAsset < 0 ? 0 : Math.ceil(chain.gasOf(intent) * (chain.baseFee + (intent.tip ?? 0))));
  return {
    blockTime: chain.blockTime,
    horizon: site.horizon,
    gasAsset,
    fair: (asset) => fair[asset],
    usd: (asset, units) => (units / scale[asset]) * fair[asset],
    unitsFor: (asset, usd) => Math.floor((usd / fair[asset]) * scale[asset]),
    venue: (id) => venues[id],
    venues: venues.length,
    oracle: (id) => oracleViews[id],
    oracles: oracles.length,
    protocol: (id) => protocols[id],
    protocols: protocols.length,
    gasUnits,
    gasUsd: (intent) => (gasAsset < 0 ? 0 : (gasUnits(intent) / scale[gasAsset]) * fair[gasAsset]),
    flashAvailable: (asset) => ledger.balance(site.flashAccount, asset),
    flashFee: site.flashFee,
    outsideSpread: site.outsideSpread,
  };
}
