/**
 * A constant-product pool on a real ledger, an attacker who moves it and an arbitrageur who brings it back: what checks against the closed
 * forms of manipulation begin from. No chain and no gas; who trades when is the caller's business.
 */
import { type AccountId, type AssetId, type Price, type Ratio, type Tokens, toTokens, toUnitsDown, type Units } from '../../base/units.ts';
import { createAssets } from '../../ledger/assets.ts';
import { Journal } from '../../ledger/journal.ts';
import { Ledger, OUTSIDE } from '../../ledger/ledger.ts';
import { constantProduct } from '../../market/constant-product.ts';
import type { Fill, Venue } from '../../market/venue.ts';
import { granted } from './lending-world.ts';

export interface PoolSpec {
  readonly base: Tokens;
  readonly quote: Tokens;
  readonly fee?: Ratio;
  /** Default 9 of both. */
  readonly baseDecimals?: number;
  readonly quoteDecimals?: number;
}

export interface PoolWorld {
  readonly pool: Venue;
  readonly mallory: AccountId;
  readonly arthur: AccountId;
  /** Reserves and wallets in tokens. */
  holds(account: AccountId, asset: AssetId): Tokens;
  /** Sells so many tokens to the pool; answers how many of the other were bought. */
  sell(trader: AccountId, asset: AssetId, tokens: Tokens): Tokens;
  /** Sells whichever asset brings the pool to `price`, as much as does not pass it; answers the tokens that were paid in. */
  moveTo(price: Price, trader: AccountId): Tokens;
  /** What an account gained since the beginning, in quote tokens, with the base asset at `price`. */
  gain(account: AccountId, price: Price): Tokens;
}

export const BASE: AssetId = 0;
export const QUOTE: AssetId = 1;
/** Units of each asset in each wallet: above all that an attack here uses, and twice that still fits a ledger. */
const WALLET: Units = 4e15;

/** Units that are left between a price and the nearest one that the pool can have: too few to buy anything. */
const NOTHING: Units = 2;

export function aPoolWorld({ base, quote, fee = 0, baseDecimals = 9, quoteDecimals = 9 }: PoolSpec): PoolWorld {
  const decimals = [baseDecimals, quoteDecimals];
  const assets = createAssets([
    { name: 'TKN', decimals: baseDecimals },
    { name: 'USD', decimals: quoteDecimals },
  ]);
  const ledger = new Ledger(assets, new Journal());
  const pool = constantProduct.create(
    { share: undefined, base: BASE, quote: QUOTE, fee, baseReserve: base, quoteReserve: quote },
    { name: 'pool', ledger, startPrice: () => 1 },
  );
  const [mallory, arthur] = ['attacker', 'arbitrageur'].map((role) => {
    const account = ledger.open(role, role);
    for (const asset of [BASE, QUOTE]) ledger.transfer(OUTSIDE, account, asset, WALLET);
    return account;
  });
  const execute = (trader: AccountId, asset: AssetId, amount: Units): Fill => granted(pool.execute({ sell: asset, amount }, trader));
  const change = (account: AccountId, asset: AssetId): Tokens => toTokens(ledger.balance(account, asset) - WALLET, decimals[asset]);
  return {
    pool,
    mallory,
    arthur,
    holds: (account, asset) => toTokens(ledger.balance(account, asset), decimals[asset]),
    sell: (trader, asset, tokens) =>
      toTokens(execute(trader, asset, toUnitsDown(tokens, decimals[asset])).bought, decimals[asset === BASE ? QUOTE : BASE]),
    moveTo(price, trader) {
      const asset = pool.price() < price ? QUOTE : BASE;
      const amount = pool.depth(asset, price);
      return amount <= NOTHING ? 0 : toTokens(execute(trader, asset, amount).sold, decimals[asset]);
    },
    gain: (account, price) => change(account, QUOTE) + change(account, BASE) * price,
  };
}
