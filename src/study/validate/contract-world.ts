/**
 * A protocol that trades contracts, with prices that its maker sets: a perpetual, a call and a put on ETH, settled in USD, against a house
 * with capital. The real protocol, without chain, oracle or agents; what checks of accounts of contracts begin from, and tests of them.
 */
import type { ParamsOf } from '../../base/params.ts';
import type { AccountId, Ms, Tokens } from '../../base/units.ts';
import { option } from '../../protocol/instrument/option.ts';
import { perpetual } from '../../protocol/instrument/perpetual.ts';
import type { VolatilitySurface } from '../../protocol/instrument/volatility-surface.ts';
import { order } from '../../protocol/liquidation/order.ts';
import { aLendingWorld, granted, type LendingOptions, type LendingWorld } from './lending-world.ts';

export type PerpetualTerms = ParamsOf<(typeof perpetual)['params']>;
export type OptionTerms = ParamsOf<(typeof option)['params']>;
export type OrderTerms = ParamsOf<(typeof order)['params']>;

/** Without fee, premium or cap; the margin of a mid tier of dYdX v4. */
export const PLAIN_PERPETUAL: PerpetualTerms = {
  initial: 0.05,
  maintenance: 0.03,
  sizeCap: undefined,
  fee: 0,
  depth: undefined,
  fundingInterval: 3_600_000,
  fundingCap: 0.04,
  fundingSensitivity: 0.125,
};
/** 30 days, at the money of an index of 2,000, without fee or spread. */
export const PLAIN_OPTION: OptionTerms = {
  initial: 0.15,
  maintenance: 0.1,
  sizeCap: undefined,
  fee: 0,
  right: 'call',
  strike: 2000,
  expiry: 30 * 86_400_000,
  spread: 0,
};
/** Hyperliquid's, without penalty. */
export const PLAIN_ORDER: OrderTerms = {
  sliceAboveUsd: 100_000,
  slice: 0.2,
  cooldown: 30_000,
  takeoverBelow: 2 / 3,
  penalty: 0,
  keeperShare: 0,
  collateralDiscount: 0.05,
};

/** Numbers of the contracts. */
export const PERP = 0;
export const CALL = 1;
export const PUT = 2;

export interface ContractWorldOptions extends Omit<LendingOptions, 'markets' | 'contracts'> {
  readonly perpetual?: Partial<PerpetualTerms>;
  /** Of both options; the put has `right: put`. */
  readonly option?: Partial<OptionTerms>;
  readonly closeout?: Partial<OrderTerms>;
  readonly surface?: VolatilitySurface;
  /** USD tokens; default 1,000,000. */
  readonly house?: Tokens;
  /** USD per ETH at the start; default 2,000. */
  readonly index?: number;
  /** Of both assets; default 6. */
  readonly decimals?: number;
  readonly markets?: Partial<LendingOptions['markets']>;
}

export interface ContractWorld extends LendingWorld {
  /** Opens a wallet, and deposits all of it. */
  trader(name: string, tokens: Readonly<Record<string, Tokens>>): AccountId;
  /** Trades a size of so many ETH; it must be granted. */
  trade(trader: AccountId, contract: number, tokens: Tokens, at?: Ms): { readonly paid: Tokens; readonly fee: Tokens };
  /** Units of a size. */
  size(tokens: Tokens): number;
}

/** ETH secures loans at 80 %; USD is what contracts are settled in. */
export function aContractWorld(options: ContractWorldOptions = {}): ContractWorld {
  const { index = 2000, decimals = 6, house = 1_000_000 } = options;
  const { ETH, USD, ...others } = options.markets ?? {};
  const terms = { ...PLAIN_OPTION, ...options.option };
  const world = aLendingWorld({
    ...options,
    markets: {
      ETH: { usd: index, decimals, ltv: 0.8, liquidationThreshold: 0.85, ...ETH },
      USD: { usd: 1, decimals, ...USD },
      ...(others as LendingOptions['markets']),
    },
    contracts: {
      settle: 'USD',
      list: {
        perp: { underlying: 'ETH', create: (needs) => perpetual.create({ ...PLAIN_PERPETUAL, ...options.perpetual }, needs) },
        call: { underlying: 'ETH', create: (needs) => option.create({ ...terms, right: 'call' }, needs) },
        put: { underlying: 'ETH', create: (needs) => option.create({ ...terms, right: 'put' }, needs) },
      },
      closeout: (needs) => order.create({ ...PLAIN_ORDER, ...options.closeout }, needs),
      house,
      surface: options.surface,
    },
  });
  const { protocol, asset, units } = world;
  const size = (tokens: Tokens) => Math.sign(tokens) * units('ETH', Math.abs(tokens));
  return {
    ...world,
    size,
    trader(name, tokens) {
      const account = world.person(name, tokens);
      for (const held of Object.keys(tokens)) granted(protocol.deposit(account, asset(held), 'max', 0));
      return account;
    },
    trade(trader, contract, tokens, at = 0) {
      const { paid, fee } = granted(protocol.tradeContract(trader, contract, size(tokens), at));
      return { paid: paid / units('USD', 1), fee: fee / units('USD', 1) };
    },
  };
}
