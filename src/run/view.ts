/**
 * What agents see. There is one view for all: handlers run one at a time, and before each the view is shown to its agent (`showTo`), with
 * the time and whose wallet it is. It reads the live world and moves nothing. A view for each agent would be four cache lines of a thousand
 * agents' wake-ups, and a getter on it a search.
 */
import type { Action } from '../agent/action.ts';
import type { Intent } from '../agent/intent.ts';
import type { OracleView, View } from '../agent/view.ts';
import type { AccountId, Ms, UsdPrice } from '../base/units.ts';
import type { Chain } from '../chain/chain.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { FlowView } from '../market/flow.ts';
import type { Venue } from '../market/venue.ts';
import type { Protocol } from '../protocol/protocol.ts';
import type { PlacedOracle } from '../scenario/build-oracles.ts';

export interface ViewSite {
  readonly ledger: Ledger;
  readonly venues: readonly Venue[];
  /** By venue. */
  readonly flows: readonly FlowView[];
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

/** The view, and who looks through it. */
export interface Window {
  /** Turns the view to an agent's account, at a time and after a block. */
  showTo(account: AccountId, at: Ms, block: number): View;
}

type Clock = 'at' | 'block' | 'nextBlockAt' | 'baseFee';

export function createWindow(site: ViewSite): Window {
  const { ledger, protocols, chain } = site;
  const { blockTime } = chain;
  let viewer: AccountId = -1;
  const view: Omit<View, Clock> & Record<Clock, number> = {
    at: 0,
    block: 0,
    nextBlockAt: blockTime,
    baseFee: chain.baseFee,
    ...createCommonView(site),
    wallet: (asset) => ledger.balance(viewer, asset),
    proposes: (block) => chain.proposes(viewer, block),
    watchHealth(id, below) {
      const protocol = protocols[id];
      const position = protocol.positionOf(viewer);
      if (position < 0) return;
      if (below > 0) protocol.watch(position, below);
      else protocol.unwatch(position);
    },
  };
  return {
    showTo(account, at, block) {
      viewer = account;
      view.at = at;
      view.block = block;
      view.baseFee = chain.baseFee;
      view.nextBlockAt = (block + 1) * blockTime;
      return view;
    },
  };
}

/** What does not depend on who looks, or when. */
type Common = Omit<View, Clock | 'wallet' | 'proposes' | 'watchHealth'>;

function createCommonView(site: ViewSite): Common {
  const { ledger, venues, flows, oracles, protocols, chain, fair, gasAsset } = site;
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
    flow: (id) => flows[id],
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
