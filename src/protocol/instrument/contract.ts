/**
 * A derivative contract of a protocol: something with a size and a value that owns nothing. Perpetuals and options are both this, so that
 * accounts, risk engines and liquidation never ask which one it is. Every contract has an underlying market, whose mark is its index price,
 * and is paid for in the protocol's settlement asset.
 *
 * Accounts keep a quote balance, as in dydxprotocol/v4-chain: buying size lowers it by what is paid, selling raises it, and equity is quote
 * plus size times value. Nothing else has to be remembered for profit to be exact; what was paid (entry) serves only to rank winners.
 */
import type { Ms, Ratio, Units } from '../../base/units.ts';
import type { VolatilitySurface } from './volatility-surface.ts';

/** Where a contract stands when it is valued or traded. */
export interface ContractState {
  readonly at: Ms;
  /** USD per base unit of the underlying, by its oracle. */
  readonly index: number;
  /** Traders' longs less shorts, units of size. */
  readonly skew: Units;
  /** Traders' size on either side. */
  readonly longs: Units;
  readonly shorts: Units;
}

export interface Contract {
  readonly name: string;
  readonly kind: 'perpetual' | 'call' | 'put';
  /** Market of the underlying. One unit of size is one base unit of it. */
  readonly market: number;
  /**
   * Equity per notional to open, and to be left alone; risk engines may ask for more. These two, the cap and the fee are what governance
   * may change: it writes others in their place, and a reader never keeps them.
   */
  initial: Ratio;
  maintenance: Ratio;
  /** Whether a position's worth is size times value and value moves in proportion to its mark alone: a perpetual, but no option. */
  readonly linear: boolean;
  /** Most size that either side may have, units. */
  sizeCap: Units;
  /** When it is settled at `payoff`; undefined: never. */
  readonly expiry: Ms | undefined;
  /** Part of the notional that a trade pays to the insurance fund. */
  fee: Ratio;

  /** USD per unit of size: the mark. */
  value(state: ContractState): number;
  /** Units of the underlying that a unit of size moves like. */
  delta(state: ContractState): Ratio;
  /** USD per unit of size if the index were moved by `move` (a factor) and volatility by `volatility` (a factor). */
  valueAt(state: ContractState, move: Ratio, volatility: Ratio): number;
  /** USD per unit of size at which the house trades `size` (signed: positive is bought). Two trades at once cost what one of both does. */
  fill(state: ContractState, size: Units): number;
  /** USD per unit of size that longs pay to shorts over `span`, negative when shorts pay. 0 for what has no funding. */
  funding(state: ContractState, span: Ms): number;
  /** USD per unit of size at expiry. */
  payoff(index: number): number;
}

/** What every kind of contract is made from. */
export interface ContractNeeds {
  readonly name: string;
  readonly market: number;
  /** Of the underlying: base units per token are 10^decimals. */
  readonly decimals: number;
  /** Implied volatility by strike and time; for options. */
  readonly surface: VolatilitySurface;
}

/** A trade of a contract that is allowed. */
export interface ContractFill {
  /** Signed. */
  readonly size: Units;
  /** Settlement units that the trader pays (negative: receives), fee left out, and the fee. */
  readonly paid: Units;
  readonly fee: Units;
  /** Size that its side still had room for before. */
  readonly room: Units;
}
