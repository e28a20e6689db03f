/**
 * The chain of a scenario: who bids for room in its blocks, and who makes them. Streams: `chain` for lots, proposers and luck,
 * `chain/demand` for what others would pay.
 */
import type { Random } from '../base/random.ts';
import type { AccountId, Units } from '../base/units.ts';
import type { ChainOptions } from '../chain/block-chain.ts';
import { ELASTICITY } from '../chain/fee-market.ts';
import { needsAlone, type PriceProcess, type ProcessNeeds } from '../price/process.ts';
import { shockedProcess } from '../price/shocks.ts';
import type { PriceUse, WorldSpec } from './scenario.ts';

export interface ChainSite {
  readonly ids: { get(kind: 'asset', name: string): number; toUnits(asset: string, tokens: number): Units };
  readonly random: Random;
  /** Accounts of the agents of a group. */
  accountsOf(group: string): readonly AccountId[];
  price(use: PriceUse, needs: ProcessNeeds): PriceProcess;
}

/** The chain's parameters as a file has them, names and all. */
type ChainParams = Omit<ChainOptions, 'flash' | 'gasAsset' | 'demand' | 'proposers'> & { readonly gasAsset?: string };

export function buildChain({ flash, demand, proposers, ...rest }: WorldSpec['chain'], site: ChainSite): ChainOptions {
  const { ids } = site;
  const { gasAsset, ...params } = rest as unknown as ChainParams;
  const random = site.random.split('chain');
  const funds = Object.entries(flash.funds).map(([asset, tokens]) => ({
    asset: ids.get('asset', asset),
    units: ids.toUnits(asset, tokens),
  }));

  const bidders = (): ChainOptions['demand'] => {
    if (demand === undefined) return undefined;
    const needs = needsAlone(random.split('demand'), params.blockTime);
    const bids = shockedProcess(site.price(demand.price, needs), demand.price.shocks);
    return { gas: (demand.gas * params.gasLimit) / ELASTICITY, spread: demand.spread, median: (at) => bids.next(at) };
  };
  return {
    ...params,
    gasAsset: gasAsset === undefined ? undefined : ids.get('asset', gasAsset),
    flash: { fee: flash.fee, funds },
    demand: bidders(),
    proposers: Object.entries(proposers).map(([group, share]) => ({ accounts: new Set(site.accountsOf(group)), share })),
    random,
  };
}
