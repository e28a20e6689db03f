/**
 * What a protocol is made from and what it offers: the contract between the protocol floor and everybody above. How it does it is
 * `protocol.ts`.
 */
import type { Rejection } from '../base/rejection.ts';
import type { AccountId, AssetId, Ms, Ratio, Units, Usd, UsdPrice } from '../base/units.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { FlowView } from '../market/flow.ts';
import type { Fill, Venue } from '../market/venue.ts';
import type { Accounts } from './accounts.ts';
import type { Market } from './accounts-view.ts';
import type { Backstop, Fall } from './backstop/backstop.ts';
import type { Report } from './facts.ts';
import type { Solvency, VisitClaim } from './fair-account.ts';
import type { Change, Controller, ControllerNeeds, PendingChange } from './governance/governance.ts';
import type { Halted } from './halting.ts';
import type { Contract, ContractFill } from './instrument/contract.ts';
import type { Wish } from './lending.ts';
import type { Closeout, CloseoutNeeds } from './liquidation/closeout.ts';
import type { Auction, Mechanism, MechanismNeeds } from './liquidation/mechanism.ts';
import type { MarketParams } from './market-params.ts';
import type { Called, MarginCallTerms } from './risk/margin-call.ts';
import type { Health, RiskEngine, RiskNeeds } from './risk/risk-engine.ts';

/** A scheduled change as written: numbers of markets, and perhaps another engine. */
export interface PlannedChange {
  readonly at: Ms;
  readonly changes: readonly Exclude<Change, { kind: 'risk' }>[];
  readonly risk?: { readonly name: string; readonly create: (needs: RiskNeeds) => RiskEngine };
}

/** Limits, schedule and controller; see GovernanceTerms. */
export interface GovernanceOptions {
  readonly timeLock: Ms;
  readonly stepMax: Ratio;
  readonly stepEvery: Ms;
  readonly scheduled: readonly PlannedChange[];
  readonly controller?: (needs: ControllerNeeds) => Controller;
}

export interface ProtocolOptions {
  readonly name: string;
  readonly markets: readonly { readonly asset: AssetId; readonly params: MarketParams }[];
  readonly risk: (needs: RiskNeeds) => RiskEngine;
  readonly liquidation: (needs: MechanismNeeds) => Mechanism;
  /** In the order in which they pay; each at most once. */
  readonly backstop: readonly Backstop[];
  /** The insurance fund at the start, from outside. */
  readonly fund?: readonly { readonly asset: AssetId; readonly units: Units }[];
  /** Whether a margin trade must meet the initial requirement. Default true. */
  readonly marginTradeCheck?: boolean;
  readonly marginCall?: MarginCallTerms;
  /** Contracts, all settled in one asset that has a market here, and the house that trades them. */
  readonly contracts?: {
    readonly settle: AssetId;
    readonly list: readonly Contract[];
    readonly closeout: (needs: CloseoutNeeds) => Closeout;
    /** The house's first capital, from outside, units of the settlement asset. */
    readonly house: Units;
  };
  readonly governance?: GovernanceOptions;
}

export interface ProtocolNeeds {
  readonly ledger: Ledger;
  /** Where the protocol itself may sell; empty where it may not. */
  readonly venues?: readonly Venue[];
  /** What the trades of a venue tell, by its number. Default: nothing is known. */
  flow?(venue: number): FlowView;
  /** USD per token as this market's oracle reads it now; NaN when it has no valid reading. */
  readonly oracleUsd: (market: number, now: Ms) => UsdPrice;
  /** What the oracle of a market stops although there is a price: nothing where it is left out. */
  readonly halted?: Halted;
  /** USD per token outside; only for what is reported, never for decisions. */
  readonly fairUsd: (asset: AssetId) => UsdPrice;
  readonly report: Report;
}

export type WalletVerb = (actor: AccountId, asset: AssetId, amount: Wish, at: Ms, sub?: number) => Units | Rejection;

/**
 * Verbs take units or 'max' (the most that is possible and allowed), act at `at` with fresh marks, and answer the units done or why not; a
 * refused verb changes nothing. Questions answer as of the last `refresh`. `sub` is the number of the owner's sub-account, 0 unless said.
 */
export interface Protocol {
  readonly name: string;
  /** The ledger account that holds everything deposited and supplied. */
  readonly custody: AccountId;
  /** The insurance fund's. */
  readonly fund: AccountId;
  readonly markets: readonly Market[];
  readonly contracts: readonly Contract[];
  /** The market that contracts are settled in; −1 where there are none. */
  readonly settle: number;
  /** −1 where there is none. */
  marketOf(asset: AssetId): number;
  positionOf(owner: AccountId, sub?: number): number;
  ownerOf(position: number): AccountId;
  subOf(position: number): number;
  readonly positions: number;

  readonly supply: WalletVerb;
  readonly redeem: WalletVerb;
  readonly deposit: WalletVerb;
  readonly withdraw: WalletVerb;
  readonly borrow: WalletVerb;
  readonly repay: WalletVerb;
  /** Repays debt of a liquidatable position, or of a lot, for its collateral. `seized` is what the liquidator receives. */
  liquidate(
    liquidator: AccountId,
    position: number,
    debtAsset: AssetId,
    collateralAsset: AssetId,
    amount: Wish,
    at: Ms,
  ): { readonly repaid: Units; readonly seized: Units } | Rejection;
  /** Begins the liquidation of a position (where the mechanism has a beginning), or closes some of an account of contracts. */
  startLiquidation(keeper: AccountId, position: number, at: Ms): { readonly rewardUsd: Usd } | Rejection;
  /** Bids for a lot or a right. */
  bid(bidder: AccountId, position: number, amount: Units, lot: Units, at: Ms): Units | Rejection;
  /** Borrows `borrowed` of the sold asset, adds `margin` from the wallet, sells all on `venue`, keeps what was bought as collateral. */
  marginTrade(actor: AccountId, venue: Venue, sell: AssetId, margin: Units, borrowed: Units, at: Ms): Fill | Rejection;
  /** Buys (size > 0) or sells a contract against the house. */
  tradeContract(actor: AccountId, contract: number, size: Units, at: Ms, sub?: number): ContractFill | Rejection;
  /** Pays into the pool that absorbs (stability pool) or, where there is none, into the house's capital; and takes it back. */
  provide(actor: AccountId, asset: AssetId, amount: Units, at: Ms): Units | Rejection;
  unprovide(actor: AccountId, asset: AssetId, amount: Wish, at: Ms): Units | Rejection;

  /**
   * What the largest allowed take would cost and bring a liquidator of unlimited means; nothing changes. Who it is matters only where a
   * right to liquidate has been sold: `taker` left out is nobody's.
   */
  quoteLiquidation(
    position: number,
    debtAsset: AssetId,
    collateralAsset: AssetId,
    at: Ms,
    taker?: AccountId,
  ): { readonly repay: Units; readonly seize: Units } | Rejection;
  /** What starting would bring the keeper, USD; nothing changes. */
  quoteStart(position: number, keeper: AccountId, at: Ms): { readonly rewardUsd: Usd } | Rejection;
  /** What a trade of a contract would cost. */
  quoteContract(contract: number, size: Units): ContractFill | Rejection;

  /** Under maintenance, at the marks. */
  health(position: number, at: Ms): Health;
  /** Under the initial requirement. */
  healthInitial(position: number): Health;
  healthAtFair(position: number): Health;
  /** Positions and lots that can be taken from, ascending; valid until the next call. */
  liquidatable(at: Ms): readonly number[];
  /** Positions whose liquidation somebody has to start, and accounts of contracts that can be closed, ascending. */
  startable(at: Ms): readonly number[];
  /** What is open for bids. */
  auctions(at: Ms): readonly Auction[];
  /** Ask to find the position in `dueWatches` once its health is below; asking again replaces. */
  watch(position: number, below: Ratio): void;
  unwatch(position: number): void;
  /** Positions whose health fell below what was watched; each is named once. */
  dueWatches(at: Ms): readonly number[];
  /** Who was called for margin since the last question. */
  dueCalls(at: Ms): readonly Called[];
  /** Until when a called account has time; undefined for who is not called. */
  callDeadline(position: number): Ms | undefined;
  borrowable(position: number, asset: AssetId, at: Ms): Units;
  withdrawable(position: number, asset: AssetId, at: Ms): Units;
  /** Cash that can be borrowed or redeemed. */
  available(asset: AssetId): Units;
  /** Collateral; of the settlement asset the cash, 0 where it is owed. */
  collateralOf(position: number, asset: AssetId): Units;
  debtOf(position: number, asset: AssetId): Units;
  suppliedOf(position: number, asset: AssetId): Units;
  /** What a provider's deposit in the pool, or his part of the house's capital, is worth; NaN where a mark of the house's is not valid. */
  providedOf(owner: AccountId): Units;
  /** Units of an asset that his deposit in the pool has earned; paid out with the next `unprovide`, be it of 0 units. */
  gainOf(owner: AccountId, asset: AssetId): Units;
  /** Signed size, cash and entry value of an account of contracts. */
  sizeOf(position: number, contract: number): Units;
  quoteOf(position: number): Units;
  entryOf(position: number, contract: number): Units;
  /** USD per unit of size: the mark of a contract; and its delta. */
  contractMark(contract: number): number;
  contractDelta(contract: number): number;
  /** Traders' longs less shorts, and each side, units of size. */
  skewOf(contract: number): Units;
  openInterest(contract: number): { readonly longs: Units; readonly shorts: Units };
  /** Worth of the house at the marks, units of the settlement asset. */
  houseEquity(): Units;
  /** Changes of parameters in effect so far. */
  readonly version: number;
  /** Changes that were announced and are not wholly in effect: when each moves next, and where it goes. */
  pendingChanges(at: Ms): readonly PendingChange[];

  /** What the market's oracle reads now, USD per token; NaN where it has no valid reading. */
  oracleUsd(market: number, at: Ms): UsdPrice;
  /** Accrues interest and funding and reads the oracles. Verbs do it themselves. */
  refresh(at: Ms): void;
  /** At each block end: what time has brought (auctions that ended, contracts that expired, changes of parameters), then a refresh. */
  endBlock(at: Ms): void;
  /**
   * Claims for the final account, with limited liability at fair prices: an uncovered position is worth 0 to its owner, the waterfall bears
   * what is missing, lenders (of contracts: winners) the rest. Units may be fractional, and negative for who owes. Custody's own claim is
   * what remains.
   */
  claims(visit: VisitClaim): void;
  /** At fair prices; a full scan. */
  solvency(): Solvency;
  /** Receipts that this protocol issues, with the market whose shares they are. */
  readonly receipts: readonly { readonly asset: AssetId; readonly market: number }[];
  /**
   * What a token of each receipt would bring at fair prices, were the protocol wound up now, USD. A full scan, one for all receipts: where
   * the protocol takes some of them itself, they count there at the fair prices of before.
   */
  receiptsUsd(visit: (receipt: AssetId, usd: UsdPrice) => void): void;
  /** What lenders would lose at fair prices if all uncovered positions were settled now; what was socialised already is not in it. */
  lenderShortfallUsd(): Usd;
  /** Reports an `open-shortfall` for every position that is underwater at fair prices. */
  reportOpenShortfalls(): void;
  /** For checks of the laws, and figures about the index, alone. */
  readonly inspection: Inspection;
}

/** What invariants.ts looks at. */
export interface Inspection {
  readonly ledger: Ledger;
  readonly accounts: Accounts;
  /** The last waterfall, and the health before the last liquidation; whether a margin call or the mechanism itself allowed it above 1. */
  readonly lastFall: Fall | undefined;
  readonly lastLiquidatedHealth: Ratio | undefined;
  readonly lastLiquidatedLevel: Ratio;
  /** Everybody below the level at which positions are offered, by the index; and how many were looked at in how many questions. */
  near(): readonly number[];
  readonly looks: number;
  readonly questions: number;
  readonly level: (position: number) => Ratio;
}
