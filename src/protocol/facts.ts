/**
 * What a protocol tells the recorder: one function for each kind of fact, with the numbers that EVENT_KINDS names. Values at fair prices
 * are worked out here and nowhere else, so that no decision can see them.
 */
import type { AccountId, AssetId, Ms, Ratio, Units, Usd } from '../base/units.ts';
import type { Fill, Venue } from '../market/venue.ts';
import type { EventKind } from '../record/recorder.ts';
import type { Accounts } from './accounts.ts';
import type { Marks } from './accounts-view.ts';
import type { Backstop } from './backstop/backstop.ts';
import type { Fall } from './backstop/waterfall.ts';
import type { ContractFill } from './instrument/contract.ts';
import type { Closing } from './liquidation/closeout.ts';
import type { Started, Taken, TakeRequest } from './liquidation/mechanism.ts';
import { blankHealth, type RiskEngine } from './risk/risk-engine.ts';

/** Reports a fact (markets and positions by the protocol's own numbers) and answers its number. */
export type Report = (kind: EventKind, actor: AccountId, subject: number, a: number, b: number, c: number, d: number) => number;

export interface Facts {
  verb(kind: EventKind, actor: AccountId, position: number, market: number, units: Units): void;
  marginTrade(actor: AccountId, position: number, market: number, borrowed: Units, fill: Fill): void;
  /** To be told before the take is settled: health is the health that allowed it. */
  liquidation(request: TakeRequest, taken: Taken, health: Ratio): void;
  shortfall(position: number, market: number, units: Units): void;
  /** Who paid it, layer by layer. */
  fall(position: number, market: number, result: Fall): void;
  treasurySale(asset: AssetId, sold: Units, brought: Units, minted: boolean): void;
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
  marginCall(position: number, health: Ratio, deadline: Ms): void;
  /** `parameter`: its place in the list of a market's parameters. */
  parameter(market: number, parameter: number, value: number, previous: number, version: number): void;
  openShortfall(position: number, collateralUsd: Usd, debtUsd: Usd): void;
}

export interface FactsNeeds {
  readonly accounts: Accounts;
  /** The engine of now. */
  readonly risk: () => RiskEngine;
  readonly scaleUsd: (asset: AssetId) => Usd;
  readonly layers: readonly Backstop[];
  readonly custody: AccountId;
  readonly fund: AccountId;
  readonly escrow: AccountId;
  readonly marks: Marks;
  /** USD per unit outside, now. */
  readonly fair: () => Marks;
  readonly report: Report;
}

/** The fact of each kind of payer but the lenders. */
const PAYING = { buffer: 'insurance-fund', vault: 'vault-loss', winners: 'adl', holders: 'recapitalise' } as const;

export function createFacts({ accounts, risk, scaleUsd, layers, custody, fund, escrow, marks, fair, report }: FactsNeeds): Facts {
  const health = blankHealth();
  const assess = (position: number, prices: Marks) => risk().assess(accounts, position, prices, 'maintenance', health);

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
      // What the debt is lowered by: a penalty is paid too, and is the borrower's loss.
      const lowered = taken.plan.reduce(
        (sum, leg) => (leg.kind === 'debt' && leg.position === position && leg.market === debtMarket ? sum - leg.units : sum),
        0,
      );
      report('liquidation', taker, position, lowered * usd[debtMarket], taken.seized * usd[collateralMarket], before, atFair);
    },
    shortfall(position, market, units) {
      report('shortfall', accounts.owners[position], position, units * fair()[market], market, units, 0);
    },
    fall(position, market, { shortfall, paid }) {
      const usd = fair()[market];
      let left = shortfall;
      for (let layer = 0; layer < layers.length; layer++) {
        const units = paid[layer];
        if (units === 0) continue;
        left -= units;
        const { bearer } = layers[layer];
        if (bearer === 'lenders') report('socialise', custody, position, units * usd, market, units, 0);
        else report(PAYING[bearer], fund, position, units * usd, market, units, left);
      }
    },
    treasurySale(asset, sold, brought, minted) {
      report('treasury-sale', fund, asset, sold, brought, minted ? 1 : 0, sold * scaleUsd(asset));
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
    start(keeper, position, { debtUsd, rewardUsd, done }, before) {
      // Not of a lot, and not twice: what was taken at once has facts of its own.
      const atFair = done !== undefined || accounts.isLot(position) ? Number.NaN : assess(position, fair()).healthFactor;
      report('liquidation-start', keeper, position, debtUsd, rewardUsd, before, atFair);
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
    marginCall(position, at, deadline) {
      report('margin-call', accounts.owners[position], position, at, deadline, 0, 0);
    },
    parameter(market, parameter, value, previous, version) {
      report('parameter', custody, market, value, previous, parameter, version);
    },
    openShortfall(position, collateralUsd, debtUsd) {
      const oracleUsd = assess(position, marks).collateralUsd;
      report('open-shortfall', accounts.owners[position], position, debtUsd - collateralUsd, collateralUsd, debtUsd, oracleUsd);
    },
  };
}
