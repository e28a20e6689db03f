/**
 * The contract of the chain: it turns what agents want into blocks. A bundle is atomic: all its actions happen, or none and only the gas is
 * gone (BUNDLE-1). The chain knows no protocol and no venue: what an action does is its host's business. An off-chain exchange is the same
 * thing with a short block, order by arrival and no gas.
 */
import type { Rejection } from '../base/rejection.ts';
import type { AccountId, AssetId, Ms, Units } from '../base/units.ts';

/** Money lent for the length of one bundle. 'max' takes all that the lender has. */
export interface FlashLoan {
  readonly asset: AssetId;
  readonly amount: Units | 'max';
}

/** One atomic transaction of an agent. */
export interface Bundle<A> {
  readonly actor: AccountId;
  readonly actions: readonly A[];
  readonly flash?: readonly FlashLoan[] | undefined;
  /** The whole bundle fails unless the actor's wallet gained at least this many units over the bundle, flash loans repaid, before gas. */
  readonly require?: { readonly asset: AssetId; readonly gainMin: Units } | undefined;
  /** Units of the gas asset paid per gas on top of the base fee. */
  readonly tip: number;
  /** Dropped from the mempool, unpaid, once a block is later than this. */
  readonly until?: Ms | undefined;
  /** How it is sent, if otherwise than to everybody's mempool. */
  readonly manner?: Manner | undefined;
  /** Number of the event that sent it. */
  readonly cause: number;
  /** Whatever the host wants back in its calls, e.g. the agent's index. */
  readonly tag: number;
  /** Written by the mempool: gas that it uses, when it arrives, number of its submission. */
  gas?: number;
  arrival?: Ms;
  sequence?: number;
  lot?: number;
}

/** Ways to send a bundle. */
export interface Manner {
  /** One that waits under the same label of the same sender gives way, if this one pays enough more per gas. */
  readonly label?: string;
  /** Only in a block that the sender's group makes: before all others, or after them. */
  readonly place?: 'first' | 'last';
  /** To a builder, and to nobody else: only in blocks that builders make, and if it fails it was never there. */
  readonly private?: boolean;
}

/** What the chain asks of the world around it. */
export interface ChainHost<A> {
  /** Gas that an action uses (gas units); also what a failed bundle pays for. */
  gasOf(action: A): number;
  /** Whether the action either does all of itself or refuses before it has changed anything. Left out: none does for certain. */
  refusesFirst?(action: A): boolean;
  /** Called before the first action; the wallet and flash loans are in place. */
  begin(bundle: Bundle<A>): void;
  /** A flash loan of this bundle was paid out: once for each, after `begin`. `fee` is what will be due on top. */
  lent?(bundle: Bundle<A>, asset: AssetId, units: Units, fee: Units): void;
  /** Performs one action, or refuses. */
  execute(action: A, bundle: Bundle<A>): Rejection | undefined;
  /**
   * Called after the last: `refusal` is undefined when everything was kept; otherwise all has been undone. `gasPaid` in units of the gas
   * asset.
   */
  end(bundle: Bundle<A>, refusal: Rejection | undefined, gasPaid: Units): void;
}

export interface Chain<A> {
  readonly blockTime: Ms;
  /** Number of the last block; block n is at n · blockTime. */
  readonly block: number;
  /** Gas-asset units per gas, of the next block. */
  readonly baseFee: number;
  /** Bundles waiting. */
  readonly waiting: number;
  /** How often a bundle has found no room in a block. */
  readonly leftOut: number;
  /** Whether the account's group makes the block; false too where that is not known yet. */
  proposes(account: AccountId, block: number): boolean;
  /** Puts a bundle into the mempool; `at` is when it arrives there. Order of calls breaks ties. */
  submit(bundle: Bundle<A>, at: Ms): void;
  /** Makes the block of time `at` from what has arrived: ordered, up to the gas limit; the rest waits. Answers how many bundles it held. */
  produce(at: Ms): number;
  /** Gas of a bundle: the fixed part plus its actions'. */
  gasOf(bundle: Pick<Bundle<A>, 'actions' | 'flash'>): number;
}
