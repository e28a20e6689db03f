/**
 * What a protocol tells the recorder: one function for each kind of fact, with the numbers that EVENT_KINDS names. Values at fair prices
 * are worked out here and nowhere else, so that no decision can see them.
 */
import type { AccountId, AssetId, Ms, Ratio, Units, Usd } from '../base/units.ts';
import type { Fill, Venue } from '../market/venue.ts';
import type { EventKind } from '../record/recorder.ts';
import type { Accounts } from './accounts.ts';
import type { Marks } from './accounts-view.ts';
import type { Backstop, Deleveraged, TreasurySale } from './backstop/backstop.ts';
import type { Granted } from './governance/governance.ts';
import { type NumberChange, type Place, parameterNumber } from './governance/settings.ts';
import type { ContractFill } from './instrument/contract.ts';
import type { Closing } from './liquidation/closeout.ts';
import type { Started, Taken, TakeRequest } from './liquidation/mechanism.ts';
import type { Plan } from './plan.ts';
import { blankHealth, type RiskEngine } from './risk/risk-engine.ts';

/** Reports a fact (markets and positions by the protocol's own numbers) and answers its number. */
export type Report = (kind: EventKind, actor: AccountId, subject: number, a: number, b: number, c: number, d: number) => number;

export interface Facts {
  verb(kind: EventKind, actor: AccountId, position: number, market: number, units: Units): void;
  marginTrade(actor: AccountId, position: number, market: number, borrowed: Units, fill: Fill): void;
  /** To be told before the take is settled: health is the health that allowed it. */
  liquidation(request: TakeRequest, taken: Taken, health: Ratio): void;
  shortfall(position: number, market: number, units: Units): void;
  /** A layer of the waterfall paid, and so much is left. */
  paid(layer: Backstop, position: number, market: number, units: Units, left: Units): void;
  /** A sale to pay what is short of `asset`. */
  treasurySale(sale: TreasurySale, asset: AssetId): void;
  /** From a winner it was taken, for a shortfall in the market. */
  deleveraged(taking: Deleveraged, market: number): void;
  contractTrade(actor: AccountId, position: number, contract: number, fill: ContractFill): void;
  expiry(contract: number, payoffUsd: number, settledUsd: Usd): void;
  provide(actor: AccountId, market: number, units: Units): void;
  /** To be told before the plan is settled, like `liquidation`. */
  start(keeper: AccountId, position: number, started: Started, health: Ratio): void;
  /** The protocol sold something out of escrow: a trade like any other. */
  sale(id: number, venue: Venue, fill: Fill, sold: AssetId, before: number): void;
  bid(bidder: AccountId, position: number, units: Units, lot: Units): void;
  /** To be told before the plan is settled. */
  closeout(keeper: AccountId, position: number, closing: Closing, health: Ratio): void;
  /** The number of the fact. */
  marginCall(position: number, health: Ratio, deadline: Ms): number;
  /** What a controller asked for, what it was given of it, and from when. */
  proposal(granted: Granted): void;
  /** `parameter`: its place in the list of a market's, or a contract's, parameters. */
  parameter(change: NumberChange, parameter: number, previous: number, version: number): void;
  /** Another risk engine judges: how many are liquidatable by it, and were by the one before. */
  riskEngine(below: number, before: number, version: number): void;
  /** A change of parameters or engine has made a position liquidatable. */
  reassessed(position: number, health: Ratio, version: number): void;
  openShortfall(position: number, collateralUsd: Usd, debtUsd: Usd): void;
}

export interface FactsNeeds {
  readonly accounts: Accounts;
  /** The engine of now. */
  readonly risk: () => RiskEngine;
  readonly scaleUsd: (asset: AssetId) => Usd;
  readonly custody: AccountId;
  readonly fund: AccountId;
  readonly escrow: AccountId;
  readonly marks: Marks;
  /** USD per unit outside, now. */
  readonly fair: () => Marks;
  readonly report: Report;
}

/** The kind of fact and the number of the market or contract. */
function subjectOf(place: Place, ofMarket: EventKind, ofContract: EventKind): readonly [EventKind, number] {
  return place.kind === 'market' ? [ofMarket, place.market] : [ofContract, place.contract];
}

/** The fact of each kind of payer but the lenders. */
const PAYING = { buffer: 'insurance-fund', vault: 'vault-loss', winners: 'adl', holders: 'recapitalise' } as const;

export function createFacts({ accounts, risk, scaleUsd, custody, fund, escrow, marks, fair, report }: FactsNeeds): Facts {
  const health = blankHealth();
  const assess = (position: number, prices: Marks) => risk().assess(accounts, position, prices, 'maintenance', health);

  /** What a plan takes from a position and lays upon others, if it does. */
  const passedOn = (position: number, plan: Plan) => {
    const usd = fair();
    let debtUsd = 0;
    let collateralUsd = 0;
    const others = new Set<number>();
    for (const leg of plan) {
      if ((leg.kind !== 'debt' && leg.kind !== 'collateral') || leg.position === position || accounts.isLot(leg.position)) continue;
      if (leg.kind === 'debt') debtUsd += leg.shares * accounts.debtIndex(leg.market) * usd[leg.market];
      else collateralUsd += leg.units * usd[leg.market];
      others.add(leg.position);
    }
    if (debtUsd > 0) report('redistribution', custody, position, debtUsd, collateralUsd, others.size, 0);
  };

  return {
    verb(kind, actor, position, market, units) {
      if (kind === 'supply' || kind === 'redeem') return void report(kind, actor, market, units, 0, 0, 0);
      if (kind === 'borrow') {
        const fairUsd = assess(position, fair()).collateralUsd;
        const { collateralUsd, healthFactor } = assess(position, marks);
        return void report(kind, actor, market, units, collateralUsd, fairUsd, healthFactor);
      }
      const { healthFactor } = assess(position, marks);
      return void report(kind, actor, market, units, units * marks[market], units * fair()[market], healthFactor);
    },
    marginTrade(actor, position, market, borrowed, fill) {
      const { collateralUsd, debtUsd } = assess(position, fair());
      report('margin-trade', actor, market, borrowed, fill.bought, collateralUsd, debtUsd);
    },
    liquidation({ taker, position, debtMarket, collateralMarket }, taken, before) {
      const usd = fair();
      // A lot's own health says nothing: whether it was right to make it was told when it was made.
      const atFair = accounts.isLot(position) ? Number.NaN : assess(position, usd).healthFactor;
      // A penalty is paid too, in the same asset and to the fund, but repays nothing: it is the borrower's loss.
      const owed = accounts.markets[debtMarket].asset;
      const penalty = taken.plan.reduce(
        (sum, leg) => (leg.kind === 'move' && leg.to === fund && leg.from !== custody && leg.asset === owed ? sum + leg.units : sum),
        0,
      );
      report(
        'liquidation',
        taker,
        position,
        (taken.repaid - penalty) * usd[debtMarket],
        taken.seized * usd[collateralMarket],
        before,
        atFair,
      );
    },
    shortfall(position, market, units) {
      report('shortfall', accounts.owners[position], position, units * fair()[market], market, units, 0);
    },
    paid({ bearer }, position, market, units, left) {
      const usd = units * fair()[market];
      if (bearer === 'lenders') return void report('socialise', custody, position, usd, market, units, 0);
      report(PAYING[bearer], bearer === 'vault' ? accounts.owners[accounts.house] : fund, position, usd, market, units, left);
    },
    treasurySale({ sell, amount, brings, minted }, asset) {
      report('treasury-sale', fund, sell, amount, brings * scaleUsd(asset), minted ? 1 : 0, amount * scaleUsd(sell));
    },
    deleveraged({ position, contract, taken, closed, overshoot }, market) {
      const usd = fair()[market];
      report('deleverage', accounts.owners[position], position, taken * usd, contract, closed, overshoot * usd);
    },
    contractTrade(actor, position, contract, { size, paid, fee }) {
      report('contract-trade', actor, contract, size, paid, fee, assess(position, marks).healthFactor);
    },
    expiry(contract, payoffUsd, settledUsd) {
      report('expiry', custody, contract, payoffUsd, settledUsd, 0, 0);
    },
    provide(actor, market, units) {
      report('provide', actor, market, units, 0, 0, 0);
    },
    start(keeper, position, { debtUsd, rewardUsd, done, plan }, before) {
      // Not of a lot, and not twice: what was taken at once has facts of its own.
      const atFair = done !== undefined || accounts.isLot(position) ? Number.NaN : assess(position, fair()).healthFactor;
      report('liquidation-start', keeper, position, debtUsd, rewardUsd, before, atFair);
      passedOn(position, plan);
    },
    sale(id, { baseAsset, price }, { sold, bought }, asset, before) {
      const sells = asset === baseAsset;
      report('trade', escrow, id, sells ? sold : -bought, sells ? -bought : sold, before, price());
    },
    bid(bidder, position, units, lot) {
      report('bid', bidder, position, units, lot, 0, 0);
    },
    closeout(keeper, position, { closedUsd, penalty, takenOver }, before) {
      const usd = fair()[accounts.settle];
      report('closeout', keeper, position, closedUsd, penalty * usd, before, takenOver ? 1 : 0);
    },
    marginCall: (position, health, deadline) => report('margin-call', accounts.owners[position], position, health, deadline, 0, 0),
    proposal({ place, asked, value, at }) {
      const [kind, subject] = subjectOf(place, 'proposal', 'contract-proposal');
      report(kind, custody, subject, asked, value, parameterNumber(place), at);
    },
    parameter(change, parameter, previous, version) {
      const [kind, subject] = subjectOf(change, 'parameter', 'contract-parameter');
      report(kind, custody, subject, change.value, previous, parameter, version);
    },
    riskEngine(below, before, version) {
      report('risk-engine', custody, 0, below, before, 0, version);
    },
    reassessed(position, at, version) {
      report('reassessed', accounts.owners[position], position, at, version, 0, 0);
    },
    openShortfall(position, collateralUsd, debtUsd) {
      const oracleUsd = assess(position, marks).collateralUsd;
      report('open-shortfall', accounts.owners[position], position, debtUsd - collateralUsd, collateralUsd, debtUsd, oracleUsd);
    },
  };
}
