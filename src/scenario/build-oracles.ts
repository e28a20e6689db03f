/** From the oracles of a scenario to oracles in their places, each after those it reads. */
import type { Random } from '../base/random.ts';
import type { AssetId, Ms, Price, UsdPrice } from '../base/units.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Venue } from '../market/venue.ts';
import type { Oracle, OracleNeeds, PoolState, Traded } from '../oracle/oracle.ts';
import { quotedIn } from '../oracle/quoted.ts';
import { sourceAlone } from '../oracle/source-alone.ts';
import { partOf } from './catalog.ts';
import { oracleOrder, oraclesNamed, oraclesRead } from './oracle-order.ts';
import type { OracleUse, WorldSpec } from './scenario.ts';

/** An oracle in its place: what it prices and what it reads. */
export interface PlacedOracle {
  readonly name: string;
  readonly asset: AssetId;
  /** Venue whose trades move it, by way of other oracles too; −1 if none does, or several. */
  readonly venue: number;
  /** Reads in USD per token. Observes in the terms of its source. */
  readonly oracle: Oracle;
  /** Whether its source is a venue or the outside; otherwise it is shown something whenever one that it reads was. */
  readonly source: boolean;
  /** Numbers of the oracles that it reads. */
  readonly reads: readonly number[];
  /** What it is to be shown now. NaN where it has no source but the oracles that it reads. */
  shown(now: Ms): Price;
}

export interface OracleSite {
  readonly ids: { get(kind: 'asset' | 'venue' | 'oracle', name: string): number };
  readonly ledger: Ledger;
  readonly venues: readonly Venue[];
  readonly random: Random;
  fair(asset: AssetId): UsdPrice;
  /** What was exchanged at a venue since the start. */
  traded(venue: number): Traded;
  make(use: OracleUse, needs: OracleNeeds): Oracle;
}

export interface PlacedOracles {
  /** By number, which is the order of the file. */
  readonly oracles: readonly PlacedOracle[];
  /** Numbers, each after those of the oracles that it reads. */
  readonly order: readonly number[];
}

export function buildOracles(world: WorldSpec, site: OracleSite): PlacedOracles {
  const { ids, venues, fair } = site;
  const placed: PlacedOracle[] = [];

  const place = (name: string, use: OracleUse): PlacedOracle => {
    const asset = ids.get('asset', use.asset);
    const reads = oraclesRead(use, world).map((other) => ids.get('oracle', other));
    const random = site.random.split(`oracle/${name}`);
    const oracle = (id: number) => placed[id].oracle;
    const alone = (live: () => Price): OracleNeeds => ({
      ...sourceAlone(live, random),
      oracle,
      pool: (id) => poolState(site.ledger, venues[id]),
    });
    const share = partOf('oracle', use.use).pricesShareOf?.(use.with as never);
    if (share !== undefined) {
      const oracle = site.make(
        use,
        alone(() => Number.NaN),
      );
      return { name, asset, venue: ids.get('venue', share as string), oracle, source: true, reads, shown: (now) => oracle.read(now).price };
    }
    if (world.venues[use.source] !== undefined) {
      const venue = ids.get('venue', use.source);
      const { quoteAsset, price } = venues[venue];
      const own = site.make(use, { ...alone(price), traded: () => site.traded(venue) });
      return { name, asset, venue, oracle: inUsd(own, use, quoteAsset), source: true, reads, shown: price };
    }
    const venue = venueOf(reads);
    if (world.oracles[use.source] !== undefined) {
      const source = placed[ids.get('oracle', use.source)].oracle;
      // The moment is in the reading: what is live of an oracle is what it says now.
      const needs = { ...alone(() => Number.NaN), source: (now: Ms) => source.read(now) };
      return { name, asset, venue, oracle: site.make(use, needs), source: false, reads, shown: (now) => source.read(now).price };
    }
    const source = oraclesNamed(use).length === 0;
    const live = source ? () => fair(asset) : () => Number.NaN;
    return { name, asset, venue: source ? -1 : venue, oracle: site.make(use, alone(live)), source, reads, shown: live };
  };

  const inUsd = (own: Oracle, { quote = 'outside' }: OracleUse, quoteAsset: AssetId): Oracle => {
    if (quote === 'none') return own;
    if (quote === 'outside') return quotedIn(own, () => fair(quoteAsset));
    const { oracle } = placed[ids.get('oracle', quote)];
    return quotedIn(own, (now) => oracle.read(now).price, oracle);
  };

  /** The one that all of these go back to. */
  const venueOf = (reads: readonly number[]): number => {
    const all = new Set(reads.map((id) => placed[id].venue));
    return all.size === 1 ? [...all][0] : -1;
  };

  const { order } = oracleOrder(world);
  for (const name of order) placed[ids.get('oracle', name)] = place(name, world.oracles[name]);
  return { oracles: placed, order: order.map((name) => ids.get('oracle', name)) };
}

/** In tokens; shares that are no asset have none. */
function poolState(
  ledger: Ledger,
  { account, baseAsset, quoteAsset, shareAsset, shares, settledUsd = () => Number.NaN }: Venue,
): PoolState {
  const { scale } = ledger.assets;
  return {
    base: ledger.balance(account, baseAsset) / scale[baseAsset],
    quote: ledger.balance(account, quoteAsset) / scale[quoteAsset],
    settledUsd,
    shares: shareAsset === undefined ? Number.NaN : shares() / scale[shareAsset],
  };
}
