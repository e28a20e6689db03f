/**
 * What an agent can see: its own wallet, outside prices, venues, oracles and protocols, all read-only and all as of `at`. The delay between
 * seeing and acting is the agent's latency. Values are live: read them inside a handler, never keep them.
 */
import type { AssetId, Ms, Ratio, Units, Usd, UsdPrice } from '../base/units.ts';
import type { Book } from '../market/book.ts';
import type { FlowView } from '../market/flow.ts';
import type { Ranges } from '../market/ranges.ts';
import type { Venue } from '../market/venue.ts';
import type { Reading } from '../oracle/oracle.ts';
import type { Protocol } from '../protocol/protocol.ts';
import type { Intent } from './intent.ts';

export type VenueView = Pick<
  Venue,
  'name' | 'baseAsset' | 'quoteAsset' | 'fee' | 'price' | 'depth' | 'quote' | 'shares' | 'sharesOf' | 'claimOf'
> & {
  /** Where it is an order book. */
  readonly book?: Omit<Book, 'place' | 'cancel'>;
  /** Where liquidity lies between two prices. */
  readonly ranges?: Omit<Ranges, 'add' | 'remove'>;
};

export type ProtocolView = Pick<
  Protocol,
  | 'name'
  | 'markets'
  | 'marketOf'
  | 'positionOf'
  | 'ownerOf'
  | 'positions'
  | 'health'
  | 'liquidatable'
  | 'quoteLiquidation'
  | 'startable'
  | 'quoteStart'
  | 'auctions'
  | 'callDeadline'
  | 'contracts'
  | 'settle'
  | 'subOf'
  | 'quoteContract'
  | 'contractMark'
  | 'contractDelta'
  | 'sizeOf'
  | 'quoteOf'
  | 'entryOf'
  | 'skewOf'
  | 'openInterest'
  | 'houseEquity'
  | 'providedOf'
  | 'gainOf'
  | 'healthInitial'
  | 'version'
  | 'pendingChanges'
  | 'borrowable'
  | 'withdrawable'
  | 'available'
  | 'collateralOf'
  | 'debtOf'
  | 'suppliedOf'
  | 'oracleUsd'
>;

export interface OracleView {
  readonly name: string;
  readonly asset: AssetId;
  /** The venue it reads, or −1 for the outside. */
  readonly venue: number;
  /** In USD per token. */
  read(): Reading;
  nextUpdate(): Ms;
}

export interface View {
  readonly at: Ms;
  readonly block: number;
  readonly nextBlockAt: Ms;
  readonly blockTime: Ms;
  /** End of the run. */
  readonly horizon: Ms;
  /** The asset that gas is paid in, −1 where gas is free. */
  readonly gasAsset: AssetId;
  /** Units of `asset` in its own wallet. */
  wallet(asset: AssetId): Units;
  /** Outside price, USD per token. */
  fair(asset: AssetId): UsdPrice;
  /** Worth of units at the outside price. */
  usd(asset: AssetId, units: Units): Usd;
  /** Units worth so many dollars at the outside price, rounded down. */
  unitsFor(asset: AssetId, usd: Usd): Units;
  venue(id: number): VenueView;
  readonly venues: number;
  /** What the trades of a venue tell of it: order flow, impact, spreads. */
  flow(venue: number): FlowView;
  oracle(id: number): OracleView;
  readonly oracles: number;
  protocol(id: number): ProtocolView;
  readonly protocols: number;
  /** What the bundle's gas would cost now, in USD and in units of the gas asset. */
  gasUsd(intent: Intent): Usd;
  gasUnits(intent: Intent): Units;
  /** Base fee of the next block, units of the gas asset per gas; 0 where gas is free. */
  readonly baseFee: number;
  /** Whether its own group makes that block: it may then place bundles in it. False too where that is not known yet. */
  proposes(block: number): boolean;
  /** What can be borrowed for the length of a bundle, and at which fee. */
  flashAvailable(asset: AssetId): Units;
  readonly flashFee: Ratio;
  /** What an `outside-trade` loses against the outside price. */
  readonly outsideSpread: Ratio;
  /** Ask to be woken (`onHealth`) when its own position's health is below `below`; 0 stops it. */
  watchHealth(protocol: number, below: Ratio): void;
}
