/**
 * What an agent can do, as data. Every action is one entry of ACTIONS, which says what its fields are; the TypeScript type for agents, the
 * scripts in scenario files and their validation all follow from it. What an action does is decided by the venue or protocol it names.
 */
import type { AssetId, Price, Units } from '../base/units.ts';
import type { OrderId, OrderKind } from '../market/book.ts';
import type { RangeId } from '../market/ranges.ts';

/**
 * How much: units; or `all` of the wallet's balance of the asset; or what the wallet `received` of it from the preceding action of the same
 * bundle; or `max`, the most that the protocol allows (borrow, withdraw, redeem, repay, liquidate).
 */
export type Amount = Units | 'all' | 'received' | 'max';

/**
 * Kinds of fields: names of things in the scenario, amounts in an asset, positions (by owner, with #n for a sub-account), contracts of the
 * protocol that the action names, signed sizes of them, and numbers of sub-accounts, which may be left out; of orders, prices, kinds and
 * numbers; numbers of ranges.
 */
export type FieldKind =
  | 'asset'
  | 'venue'
  | 'protocol'
  | 'amount'
  | 'position'
  | 'contract'
  | 'size'
  | 'sub'
  | 'price'
  | 'order-kind'
  | 'order'
  | 'range';

/**
 * The fields of each action, the gas it uses (gas units), and what it does. A liquidation's gas is what Aave v3 measures (340,429 to
 * 349,519, aave-dao/aave-v3-origin gas reports); the others are of the order of what such calls cost on Ethereum, from memory, and only
 * matter relative to it.
 */
export const ACTIONS = {
  swap: { fields: { venue: 'venue', sell: 'asset', amount: 'amount' }, gas: 120_000, doc: 'sells on a venue' },
  'outside-trade': {
    fields: { sell: 'asset', buy: 'asset', amount: 'amount' },
    gas: 0,
    doc: 'sells at the outside price less the outside spread',
  },
  'add-liquidity': {
    fields: { venue: 'venue', base: 'amount', quote: 'amount' },
    gas: 180_000,
    doc: 'deposits into a pool at its present ratio',
  },
  'remove-liquidity': { fields: { venue: 'venue', amount: 'amount' }, gas: 160_000, doc: 'burns pool shares' },
  supply: { fields: { protocol: 'protocol', asset: 'asset', amount: 'amount', sub: 'sub' }, gas: 200_000, doc: 'lends to a protocol' },
  redeem: { fields: { protocol: 'protocol', asset: 'asset', amount: 'amount', sub: 'sub' }, gas: 200_000, doc: 'takes back what was lent' },
  deposit: { fields: { protocol: 'protocol', asset: 'asset', amount: 'amount', sub: 'sub' }, gas: 200_000, doc: 'posts collateral' },
  withdraw: { fields: { protocol: 'protocol', asset: 'asset', amount: 'amount', sub: 'sub' }, gas: 220_000, doc: 'takes collateral back' },
  borrow: {
    fields: { protocol: 'protocol', asset: 'asset', amount: 'amount', sub: 'sub' },
    gas: 300_000,
    doc: 'borrows against collateral',
  },
  repay: { fields: { protocol: 'protocol', asset: 'asset', amount: 'amount', sub: 'sub' }, gas: 200_000, doc: 'repays debt' },
  liquidate: {
    fields: { protocol: 'protocol', position: 'position', debt: 'asset', collateral: 'asset', amount: 'amount' },
    gas: 350_000,
    doc: 'repays debt of a liquidatable position for its collateral',
  },
  'start-liquidation': {
    fields: { protocol: 'protocol', position: 'position' },
    gas: 350_000,
    doc: 'begins an auction or absorption of a liquidatable position, or closes some of an account of contracts',
  },
  bid: {
    fields: { protocol: 'protocol', position: 'position', amount: 'amount', lot: 'amount' },
    gas: 150_000,
    doc: 'bids an amount of the debt’s asset for a lot of collateral, or for the right to liquidate',
  },
  provide: {
    fields: { protocol: 'protocol', asset: 'asset', amount: 'amount' },
    gas: 200_000,
    doc: 'pays into the pool that absorbs liquidations, or into the house’s capital',
  },
  unprovide: { fields: { protocol: 'protocol', asset: 'asset', amount: 'amount' }, gas: 220_000, doc: 'takes that back' },
  'trade-contract': {
    fields: { protocol: 'protocol', contract: 'contract', size: 'size', sub: 'sub' },
    gas: 300_000,
    doc: 'buys (size > 0) or sells a perpetual or an option against the house',
  },
  'margin-trade': {
    fields: { protocol: 'protocol', venue: 'venue', sell: 'asset', margin: 'amount', borrowed: 'amount' },
    gas: 500_000,
    doc: 'borrows, adds margin, sells both on a venue, and keeps what was bought as collateral',
  },
  'place-order': {
    fields: { venue: 'venue', sell: 'asset', amount: 'amount', price: 'price', kind: 'order-kind' },
    gas: 150_000,
    doc: 'places an order in an order book: limit, ioc or post-only; the price in quote tokens per base token',
  },
  'cancel-order': { fields: { venue: 'venue', order: 'order' }, gas: 60_000, doc: 'takes an order back, or all of them' },
  'add-range': {
    fields: { venue: 'venue', base: 'amount', quote: 'amount', low: 'price', high: 'price' },
    gas: 350_000,
    doc: 'deposits into a pool with ranges, between two prices, in quote tokens per base token',
  },
  'remove-range': {
    fields: { venue: 'venue', range: 'range' },
    gas: 250_000,
    doc: 'takes such a deposit back with its fees, or all of them',
  },
} as const satisfies Record<string, { fields: Record<string, FieldKind>; gas: number; doc: string }>;

export type Verb = keyof typeof ACTIONS;

interface FieldTypes {
  asset: AssetId;
  venue: number;
  protocol: number;
  /** Dense id, or the name of the account that owns the position. */
  position: number | string;
  amount: Amount;
  /** Number of the contract within its protocol. */
  contract: number;
  /** Units of size, signed; `close` is the opposite of what is held. */
  size: Units | 'close';
  /** Quote tokens per base token. */
  price: Price;
  'order-kind': OrderKind;
  /** Number of a resting order. */
  order: OrderId | 'all';
  /** Number of a deposit between two prices. */
  range: RangeId | 'all';
}
type Fields<V extends Verb> = (typeof ACTIONS)[V]['fields'];

/** One action: `{ do: 'swap', venue, sell, amount }` and so on; fields hold dense ids and units. */
export type Action = {
  [V in Verb]: { readonly do: V } & {
    readonly [F in keyof Fields<V> as Fields<V>[F] extends 'sub' ? never : F]: Fields<V>[F] extends keyof FieldTypes
      ? FieldTypes[Fields<V>[F]]
      : never;
  } & (Fields<V> extends { readonly sub: 'sub' } ? { readonly sub?: number } : unknown);
}[Verb];
