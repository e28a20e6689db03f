/**
 * A world made by hand for one agent: real ledger and pools, and no time but what the test sets. Intents are not executed; tests look at
 * what the agent wants.
 */
import type { Intent, Self, View } from '../../src/agent/index.ts';
import { randomFrom } from '../../src/base/random.ts';
import { toUnitsDown } from '../../src/base/units.ts';
import { createAssets } from '../../src/ledger/assets.ts';
import { Journal } from '../../src/ledger/journal.ts';
import { Ledger, OUTSIDE } from '../../src/ledger/ledger.ts';
import { constantProduct } from '../../src/market/constant-product.ts';
import { Flow } from '../../src/market/flow.ts';
import type { Venue } from '../../src/market/venue.ts';

/** Assets of the hand-made world: USD and ETH with 6 decimals, GAS with 9. */
export const USD = 0;
export const ETH = 1;
export const GAS = 2;
const DECIMALS = [6, 6, 9];

export interface HandMade {
  readonly ledger: Ledger;
  readonly venue: Venue;
  readonly self: Self;
  /** What the agent sees; plain data that tests overwrite. */
  readonly view: { -readonly [K in keyof View]: View[K] };
  /** Outside prices, USD per token. */
  readonly fair: number[];
  /** Gives tokens to the agent. */
  give(asset: number, tokens: number): void;
  /** Moves to the end of block `block`. */
  toBlock(block: number): void;
}

export interface HandMadeOptions {
  /** Reserves in tokens; default 1,000 ETH and 2,000,000 USD. */
  readonly reserves?: readonly [eth: number, usd: number];
  readonly fee?: number;
  /** Units of GAS per transaction; undefined: gas is free. */
  readonly gas?: number;
  readonly seed?: number;
}

/** A block of 12 s, ETH at 2,000 USD outside, a pool that agrees, and an agent with nothing. */
export function aHandMadeWorld({ reserves = [1_000, 2_000_000], fee = 0.003, gas, seed = 1 }: HandMadeOptions = {}): HandMade {
  const assets = createAssets(['USD', 'ETH', 'GAS'].map((name, i) => ({ name, decimals: DECIMALS[i] })));
  const ledger = new Ledger(assets, new Journal());
  const params = { base: ETH, quote: USD, baseReserve: reserves[0], quoteReserve: reserves[1], fee };
  const venue = constantProduct.create(params as never, { name: 'pool', ledger, startPrice: () => 1 });
  const flow = new Flow({ halfLife: 3_600_000, lag: 300_000, blockTime: 12_000 });
  const account = ledger.open('agent/0', 'agent');
  const fair = [1, 2_000, 1];
  const toUnits = (asset: number, tokens: number) => toUnitsDown(tokens, DECIMALS[asset]);
  const gasOf = (intent: Intent) => (gas === undefined ? 0 : Math.ceil(gas * (1 + (intent.tip ?? 0))));
  const view: HandMade['view'] = {
    at: 0,
    block: 0,
    nextBlockAt: 12_000,
    blockTime: 12_000,
    horizon: 1e9,
    gasAsset: gas === undefined ? -1 : GAS,
    baseFee: gas === undefined ? 0 : 1,
    proposes: () => false,
    wallet: (asset) => ledger.balance(account, asset),
    fair: (asset) => fair[asset],
    usd: (asset, units) => (units / 10 ** DECIMALS[asset]) * fair[asset],
    unitsFor: (asset, usd) => Math.floor((usd / fair[asset]) * 10 ** DECIMALS[asset]),
    venue: () => venue,
    venues: 1,
    flow: () => flow,
    oracle: () => {
      throw new Error('this world has no oracle');
    },
    oracles: 0,
    protocol: () => {
      throw new Error('this world has no protocol');
    },
    protocols: 0,
    gasUsd: (intent) => (gasOf(intent) / 10 ** DECIMALS[GAS]) * fair[GAS],
    gasUnits: gasOf,
    flashAvailable: () => 0,
    flashFee: 0,
    outsideSpread: 0.001,
    watchHealth: () => undefined,
  };
  return {
    ledger,
    venue,
    view,
    fair,
    self: {
      name: 'agent/0',
      id: 0,
      index: 0,
      latency: 0,
      account,
      random: randomFrom(seed),
      assets: { names: assets.names, decimals: assets.decimals, find: assets.find },
      toUnits,
      toTokens: (asset, units) => units / 10 ** DECIMALS[asset],
    },
    give: (asset, tokens) => ledger.transfer(OUTSIDE, account, asset, toUnits(asset, tokens)),
    toBlock(block) {
      view.block = block;
      view.at = block * view.blockTime;
      view.nextBlockAt = view.at + view.blockTime;
    },
  };
}
