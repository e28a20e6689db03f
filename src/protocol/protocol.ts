/**
 * The hall of a lending protocol, where the rooms meet: verbs decide (lending, liquidation, backstop), settlement applies, the recorder is
 * told. No rule is in this file, only the order of things: bring the books up to date, decide, apply, report.
 */

import { assert, fault } from '../base/fault.ts';
import { isRejection, type Rejection, reject } from '../base/rejection.ts';
import type { AccountId, AssetId, Ms, Ratio, Units, Usd, UsdPrice } from '../base/units.ts';
import { type Ledger, OUTSIDE } from '../ledger/ledger.ts';
import type { Fill, Venue } from '../market/venue.ts';
import type { EventKind } from '../record/recorder.ts';
import { Accounts } from './accounts.ts';
import type { Market } from './accounts-view.ts';
import type { Backstop, Means } from './backstop/backstop.ts';
import type { Fall } from './backstop/waterfall.ts';
import { planWriteOff } from './backstop/write-off.ts';
import { createFacts, type Report } from './facts.ts';
import { createFairAccount, type Solvency, type VisitClaim } from './fair-account.ts';
import * as lending from './lending.ts';
import type { Mechanism, TakeRequest } from './liquidation/mechanism.ts';
import { createNear } from './liquidation/near.ts';
import { createOpenings } from './liquidation/openings.ts';
import { createWatches } from './liquidation/watches.ts';
import { planMarginTrade } from './margin-trade.ts';
import type { MarketParams } from './market-params.ts';
import { move, type Plan } from './plan.ts';
import { createAdmission } from './risk/admission.ts';
import { blankHealth, type Health, type RiskEngine } from './risk/risk-engine.ts';
import { accrue } from './settlement/interest.ts';
import { createSettlement } from './settlement/settlement.ts';

/** A position with less collateral than this, and less than its debt, has none left: not worth anybody's gas. USD at the marks. */
export const DUST_USD = 0.01;

export interface ProtocolOptions {
  readonly name: string;
  readonly markets: readonly { readonly asset: AssetId; readonly params: MarketParams }[];
  readonly risk: RiskEngine;
  readonly liquidation: Mechanism;
  /** In the order in which they pay; each at most once. */
  readonly backstop: readonly Backstop[];
  /** The insurance fund at the start, from outside. */
  readonly fund?: readonly { readonly asset: AssetId; readonly units: Units }[];
  /** Whether a margin trade must meet the initial requirement. Default true. */
  readonly marginTradeCheck?: boolean;
}

export interface ProtocolNeeds {
  readonly ledger: Ledger;
  /** USD per token as this market's oracle reads it now; NaN when it has no valid reading. */
  readonly oracleUsd: (market: number, now: Ms) => UsdPrice;
  /** USD per token outside; only for what is reported, never for decisions. */
  readonly fairUsd: (asset: AssetId) => UsdPrice;
  readonly report: Report;
}

type Verb = (actor: AccountId, asset: AssetId, amount: lending.Wish, at: Ms) => Units | Rejection;

/**
 * Verbs take units or 'max' (the most that is possible and allowed), act at `at` with fresh marks, and answer the units done or why not; a
 * refused verb changes nothing. Questions answer as of the last `refresh`.
 */
export interface Protocol {
  readonly name: string;
  /** The ledger account that holds everything deposited and supplied. */
  readonly custody: AccountId;
  /** The insurance fund's. */
  readonly fund: AccountId;
  readonly markets: readonly Market[];
  /** −1 where there is none. */
  marketOf(asset: AssetId): number;
  positionOf(owner: AccountId): number;
  ownerOf(position: number): AccountId;
  readonly positions: number;

  readonly supply: Verb;
  readonly redeem: Verb;
  readonly deposit: Verb;
  readonly withdraw: Verb;
  readonly borrow: Verb;
  readonly repay: Verb;
  /** Repays debt of a liquidatable position for its collateral. `seized` is what the liquidator receives. */
  liquidate(
    liquidator: AccountId,
    position: number,
    debtAsset: AssetId,
    collateralAsset: AssetId,
    amount: lending.Wish,
    at: Ms,
  ): { readonly repaid: Units; readonly seized: Units } | Rejection;
  /** Borrows `borrowed` of the sold asset, adds `margin` from the wallet, sells all on `venue`, keeps what was bought as collateral. */
  marginTrade(actor: AccountId, venue: Venue, sell: AssetId, margin: Units, borrowed: Units, at: Ms): Fill | Rejection;
  /** What the largest allowed take would cost and bring a liquidator of unlimited means; nothing changes. */
  quoteLiquidation(
    position: number,
    debtAsset: AssetId,
    collateralAsset: AssetId,
    at: Ms,
  ): { readonly repay: Units; readonly seize: Units } | Rejection;

  /** Under maintenance, at the marks. */
  health(position: number, at: Ms): Health;
  healthAtFair(position: number): Health;
  /** Positions that can be liquidated and have collateral, ascending; from the index, valid until the next call. */
  liquidatable(at: Ms): readonly number[];
  /** Ask to find the position in `dueWatches` once its health is below; asking again replaces. */
  watch(position: number, below: Ratio): void;
  unwatch(position: number): void;
  /** Positions whose health fell below what was watched; each is named once. */
  dueWatches(at: Ms): readonly number[];
  borrowable(position: number, asset: AssetId, at: Ms): Units;
  withdrawable(position: number, asset: AssetId, at: Ms): Units;
  /** Cash that can be borrowed or redeemed. */
  available(asset: AssetId): Units;
  collateralOf(position: number, asset: AssetId): Units;
  debtOf(position: number, asset: AssetId): Units;
  suppliedOf(position: number, asset: AssetId): Units;

  /** What the market's oracle reads now, USD per token; NaN where it has no valid reading. */
  oracleUsd(market: number, at: Ms): UsdPrice;
  /** Accrues interest and reads the oracles. Call at each block end; verbs do it themselves. */
  refresh(at: Ms): void;
  /**
   * Claims for the final account, with limited liability at fair prices: an uncovered position is worth 0 to its owner, the waterfall bears
   * what is missing, lenders the rest. Units may be fractional, and negative for who owes. Custody's own claim is what remains.
   */
  claims(visit: VisitClaim): void;
  /** At fair prices; a full scan. */
  solvency(): Solvency;
  /** What lenders would lose at fair prices if all uncovered positions were settled now; what was socialised already is not in it. */
  lenderShortfallUsd(): Usd;
  /** Reports an `open-shortfall` for every position that is underwater at fair prices. */
  reportOpenShortfalls(): void;
  /** For checks of the laws alone. */
  readonly inspection: Inspection;
}

/** What invariants.ts looks at. */
export interface Inspection {
  readonly ledger: Ledger;
  readonly accounts: Accounts;
  /** The last waterfall, and the health before the last liquidation. */
  readonly lastFall: Fall | undefined;
  readonly lastLiquidatedHealth: Ratio | undefined;
}

/** Faults: PROTOCOL_MARKETS (an asset twice), BACKSTOP_TWICE. */
export function createProtocol(options: ProtocolOptions, needs: ProtocolNeeds): Protocol {
  const { name, risk, liquidation, backstop } = options;
  const { ledger, report } = needs;
  const { assets, journal } = ledger;
  const markets = options.markets.map(({ asset, params }, index): Market => {
    return { index, asset, name: assets.names[asset], decimals: assets.decimals[asset], scale: assets.scale[asset], params };
  });
  assert(new Set(markets.map(({ asset }) => asset)).size === markets.length, 'PROTOCOL_MARKETS', { name });
  assert(new Set(backstop.map((layer) => layer.name)).size === backstop.length, 'BACKSTOP_TWICE', { name });
  const custody = ledger.open(`${name}/custody`, 'protocol');
  const fund = ledger.open(`${name}/fund`, 'insurance-fund');
  const accounts = new Accounts(markets, journal);
  const settlement = createSettlement(ledger, accounts, custody);
  const marks = new Float64Array(markets.length).fill(Number.NaN);
  const fairMarks = new Float64Array(markets.length);
  const admission = createAdmission(accounts, risk);
  const desk: lending.Desk = { accounts, marks, admission, custody, wallet: (account, asset) => ledger.balance(account, asset) };
  const near = createNear(
    accounts,
    risk,
    () => 1,
    () => journal.open,
  );
  const watches = createWatches(accounts, risk, () => journal.open);
  const openings = createOpenings(liquidation);
  const marketByAsset = new Map(markets.map(({ asset, index }) => [asset, index]));
  let lastFall: Fall | undefined;
  let lastLiquidatedHealth: Ratio | undefined;
  const scratch = blankHealth();

  const marketOf = (asset: AssetId) => marketByAsset.get(asset) ?? -1;
  const fair = () => {
    for (const { index, asset, scale } of markets) fairMarks[index] = needs.fairUsd(asset) / scale;
    return fairMarks;
  };
  const meansOf = (market: number): Means => ({
    fund: ledger.balance(fund, markets[market].asset),
    reserve: accounts.reserve.data[market],
    supply: accounts.supplyTotal.data[market],
    fundAccount: fund,
    custody,
  });
  const fairAccount = createFairAccount(accounts, custody, backstop, fair, meansOf);
  const facts = createFacts({ accounts, risk, layers: backstop, custody, fund, marks, fair, report });
  const health = (position: number) => risk.assess(accounts, position, marks, 'maintenance', blankHealth());
  const healthAtFair = (position: number) => risk.assess(accounts, position, fair(), 'maintenance', blankHealth());

  const refresh = (at: Ms) => {
    for (const { index, scale } of markets) {
      accrue(accounts, index, at);
      marks[index] = needs.oracleUsd(index, at) / scale;
    }
    if (liquidation.remembers && !journal.open) openings.update(near.find(marks), at);
  };

  const apply = (plan: Plan) => {
    settlement.apply(plan);
    for (const leg of plan) {
      if (leg.kind !== 'collateral' && leg.kind !== 'debt') continue;
      near.touch(leg.position);
      watches.touch(leg.position);
    }
  };

  /** One verb of lending: `opens` makes a position for who has none. */
  const verb = (kind: EventKind, decide: typeof lending.planSupply, opens: boolean): Verb => {
    return (actor, asset, amount, at) => {
      const market = marketOf(asset);
      if (market < 0) return reject('MARKET_NONE', { asset: assets.names[asset] ?? asset });
      const position = opens ? accounts.open(actor) : accounts.positionOf(actor);
      if (position < 0) return reject('POSITION_NONE');
      refresh(at);
      const order = decide(desk, { actor, position, market: markets[market] }, amount);
      if (isRejection(order)) return order;
      apply(order.plan);
      facts.verb(kind, actor, position, market, order.units);
      return order.units;
    };
  };

  /** What a take would do, or why not; `scratch` then holds the health that was judged. */
  const decideTake = (
    asked: Omit<TakeRequest, 'debtMarket' | 'collateralMarket' | 'custody' | 'fund'>,
    debt: AssetId,
    collateral: AssetId,
  ) => {
    const request = { ...asked, debtMarket: marketOf(debt), collateralMarket: marketOf(collateral), custody, fund };
    const { position, amount } = request;
    if (request.debtMarket < 0 || request.collateralMarket < 0) return reject('MARKET_NONE');
    if (!(position >= 0 && position < accounts.positions)) return reject('POSITION_NONE', { position });
    if (amount !== 'max' && !lending.isAmount(amount)) return reject('AMOUNT', { amount });
    const taken = liquidation.take(request, accounts, marks, risk.assess(accounts, position, marks, 'maintenance', scratch));
    return isRejection(taken) ? taken : { request, taken };
  };

  /** Once no collateral is left, what is still owed will not be repaid: the waterfall pays it at once. */
  const coverShortfall = (position: number) => {
    const { collateralUsd, debtUsd } = risk.assess(accounts, position, marks, 'maintenance', scratch);
    if (!(collateralUsd < DUST_USD && collateralUsd < debtUsd)) return;
    for (const { index } of markets) if (accounts.debtShares(position, index) > 0) writeOff(position, index);
  };

  const writeOff = (position: number, market: number) => {
    facts.shortfall(position, market, accounts.debt(position, market));
    const { result, plan } = planWriteOff(accounts, backstop, position, market, meansOf(market));
    lastFall = result;
    apply(plan);
    facts.fall(position, market, result);
  };

  if (options.fund !== undefined) settlement.apply(options.fund.map(({ asset, units }) => move(OUTSIDE, fund, asset, units)));

  return {
    name,
    custody,
    fund,
    markets,
    marketOf,
    positionOf: (owner) => accounts.positionOf(owner),
    ownerOf: (position) => accounts.owners[position],
    get positions() {
      return accounts.positions;
    },

    supply: verb('supply', lending.planSupply, true),
    redeem: verb('redeem', lending.planRedeem, false),
    deposit: verb('deposit', lending.planDeposit, true),
    withdraw: verb('withdraw', lending.planWithdraw, false),
    borrow: verb('borrow', lending.planBorrow, false),
    repay: verb('repay', lending.planRepay, false),

    liquidate(liquidator, position, debtAsset, collateralAsset, amount, at) {
      refresh(at);
      const purse = marketOf(debtAsset) < 0 ? 0 : ledger.balance(liquidator, debtAsset);
      const decided = decideTake({ position, amount, purse, taker: liquidator, at }, debtAsset, collateralAsset);
      if (isRejection(decided)) return decided;
      const { request, taken } = decided;
      lastLiquidatedHealth = scratch.healthFactor;
      facts.liquidation(request, taken, lastLiquidatedHealth);
      apply(taken.plan);
      coverShortfall(position);
      return { repaid: taken.repaid, seized: taken.received };
    },

    marginTrade(actor, venue, sell, margin, borrowed, at) {
      const market = marketOf(sell);
      const bought = marketOf(venue.baseAsset === sell ? venue.quoteAsset : venue.baseAsset);
      if (market < 0 || bought < 0) return reject('MARKET_NONE');
      refresh(at);
      const position = accounts.open(actor);
      const terms = { venue, bought: markets[bought], margin, borrowed, checked: options.marginTradeCheck !== false };
      const trade = planMarginTrade(desk, { actor, position, market: markets[market] }, terms);
      if (isRejection(trade)) return trade;
      apply(trade.before);
      const fill = venue.execute(trade.order, actor);
      if (isRejection(fill)) return fault('MARGIN_TRADE_QUOTE', { venue: venue.name, rejected: fill.rejected });
      apply(trade.after(fill));
      refresh(at);
      facts.marginTrade(actor, position, market, borrowed, fill);
      return fill;
    },

    quoteLiquidation(position, debtAsset, collateralAsset, at) {
      const request = { position, amount: 'max', purse: Number.POSITIVE_INFINITY, taker: custody, at } as const;
      const decided = decideTake(request, debtAsset, collateralAsset);
      return isRejection(decided) ? decided : { repay: decided.taken.repaid, seize: decided.taken.received };
    },

    health,
    healthAtFair,
    liquidatable: () => near.find(marks),
    watch: watches.watch,
    unwatch: (position) => watches.watch(position, 0),
    dueWatches: () => watches.due(marks),
    borrowable(position, asset) {
      const market = markets[marketOf(asset)];
      return market === undefined || position < 0 ? 0 : lending.borrowable(desk, { actor: accounts.owners[position], position, market });
    },
    withdrawable(position, asset) {
      const market = markets[marketOf(asset)];
      return market === undefined || position < 0 ? 0 : lending.withdrawable(desk, { actor: accounts.owners[position], position, market });
    },
    available: (asset) => (marketOf(asset) < 0 ? 0 : accounts.cash(marketOf(asset))),
    collateralOf: (position, asset) => (marketOf(asset) < 0 || position < 0 ? 0 : accounts.collateral(position, marketOf(asset))),
    debtOf: (position, asset) => (marketOf(asset) < 0 || position < 0 ? 0 : accounts.debt(position, marketOf(asset))),
    suppliedOf: (position, asset) => (marketOf(asset) < 0 || position < 0 ? 0 : accounts.supplied(position, marketOf(asset))),

    oracleUsd: needs.oracleUsd,
    refresh,
    claims: (visit) => fairAccount.claims(visit),
    solvency: () => fairAccount.solvency(),
    lenderShortfallUsd: () => fairAccount.lenderShortfallUsd(),
    reportOpenShortfalls: () => fairAccount.underwater(facts.openShortfall),

    inspection: {
      ledger,
      accounts,
      get lastFall() {
        return lastFall;
      },
      get lastLiquidatedHealth() {
        return lastLiquidatedHealth;
      },
    },
  };
}
