/**
 * The hall of a margin protocol, where the rooms meet: verbs decide (lending, trading), settlement applies, the recorder is told;
 * liquidation, losses and governance are carried out beside it. No rule is in this file, only the order of things: bring the books up to
 * date, decide, apply, report.
 */

import { assert, fault } from '../base/fault.ts';
import { isRejection, reject } from '../base/rejection.ts';
import type { AccountId, AssetId, Ms } from '../base/units.ts';
import { OUTSIDE } from '../ledger/ledger.ts';
import type { EventKind } from '../record/recorder.ts';
import { Accounts } from './accounts.ts';
import type { Market, Marks } from './accounts-view.ts';
import { createContractDesk, markContracts } from './contract-desk.ts';
import { createFacts } from './facts.ts';
import { createFairAccount } from './fair-account.ts';
import { createTally } from './governance/tally.ts';
import { createGoverning } from './governing.ts';
import type { Hall } from './hall.ts';
import { createHalting } from './halting.ts';
import type { ContractState } from './instrument/contract.ts';
import * as lending from './lending.ts';
import { createLiquidating } from './liquidating.ts';
import { createWatches } from './liquidation/watches.ts';
import { createLoss } from './loss.ts';
import { planMarginTrade } from './margin-trade.ts';
import { createMeans } from './means.ts';
import { move, type Plan, quoteLeg } from './plan.ts';
import type { Protocol, ProtocolNeeds, ProtocolOptions, WalletVerb } from './protocol-contract.ts';
import { createProviding } from './providing.ts';
import { createQuestions } from './questions.ts';
import { createAdmission, type ExitPrice } from './risk/admission.ts';
import { blankHealth, type RiskEngine } from './risk/risk-engine.ts';
import { createSales } from './sales.ts';
import { charge } from './settlement/funding.ts';
import { accrue } from './settlement/interest.ts';
import { createSettlement } from './settlement/settlement.ts';

export { DUST_USD } from './loss.ts';
export type { Inspection, Protocol, ProtocolNeeds, ProtocolOptions } from './protocol-contract.ts';

/** Faults: PROTOCOL_MARKETS (an asset twice), BACKSTOP_TWICE, PROTOCOL_SETTLE (no market for the settlement asset). */
export function createProtocol(options: ProtocolOptions, needs: ProtocolNeeds): Protocol {
  const { name, backstop } = options;
  const { ledger, report } = needs;
  const venues = needs.venues ?? [];
  const { assets, journal } = ledger;
  const markets = options.markets.map(({ asset, params }, index): Market => {
    return { index, asset, name: assets.names[asset], decimals: assets.decimals[asset], scale: assets.scale[asset], params };
  });
  assert(new Set(markets.map(({ asset }) => asset)).size === markets.length, 'PROTOCOL_MARKETS', { name });
  assert(new Set(backstop.map((layer) => layer.name)).size === backstop.length, 'BACKSTOP_TWICE', { name });
  const marketByAsset = new Map(markets.map(({ asset, index }) => [asset, index]));
  const marketOf = (asset: AssetId) => marketByAsset.get(asset) ?? -1;
  const contracts = options.contracts?.list ?? [];
  const settle = options.contracts === undefined ? -1 : marketOf(options.contracts.settle);
  assert(options.contracts === undefined || settle >= 0, 'PROTOCOL_SETTLE', { name });

  const custody = ledger.open(`${name}/custody`, 'protocol');
  const fund = ledger.open(`${name}/fund`, 'insurance-fund');
  const escrow = ledger.open(`${name}/escrow`, 'protocol');
  const accounts = new Accounts(markets, journal, contracts, settle);
  const settlement = createSettlement(ledger, accounts, custody);
  const marks: Marks = new Float64Array(markets.length + contracts.length).fill(Number.NaN);
  const fairMarks: Marks = new Float64Array(markets.length + contracts.length);
  const states = contracts.map((): ContractState => ({ at: 0, index: Number.NaN, skew: 0, longs: 0, shorts: 0 }));
  const sales = createSales(venues, markets, marks, (venue) => needs.flow?.(venue));
  const riskNeeds = {
    markets,
    contracts,
    settle,
    proceedsUsd: sales.proceedsUsd,
    purchasedUnits: sales.purchasedUnits,
    flow: sales.flow,
    collateralTotal: (market: number) => accounts.collateralTotal.data[market],
    debtTotal: (market: number) => accounts.totalDebt(market),
    debtIndex: (market: number) => accounts.debtIndex(market),
    stateOf: (contract: number) => states[contract],
  };
  let risk: RiskEngine = options.risk(riskNeeds);

  const fair = () => {
    for (const { index, asset, scale } of markets) fairMarks[index] = needs.fairUsd(asset) / scale;
    markContracts(accounts, states, fairMarks);
    return fairMarks;
  };
  const exit: ExitPrice = (contract, size, traded) => {
    const state = states[contract];
    return contracts[contract].fill({ ...state, skew: state.skew + traded }, -size);
  };
  const admission = createAdmission(accounts, () => risk, exit);
  const receipts = markets.flatMap(({ index, params }) => (params.receipt === undefined ? [] : [{ asset: params.receipt, market: index }]));
  const issuer = receipts.length === 0 ? -1 : accounts.open(ledger.open(`${name}/receipts`, 'protocol'));
  const wallet = (account: AccountId, asset: AssetId) => ledger.balance(account, asset);
  const desk: lending.Desk = { accounts, marks, admission, custody, wallet, issuer };
  const facts = createFacts({
    accounts,
    risk: () => risk,
    scaleUsd: (asset) => needs.fairUsd(asset) / assets.scale[asset],
    custody,
    fund,
    escrow,
    marks,
    fair,
    report,
  });

  const remark = (at: Ms) => {
    for (let contract = 0; contract < contracts.length; contract++) {
      const longs = accounts.longTotal.data[contract];
      const shorts = accounts.shortTotal.data[contract];
      states[contract] = { at, index: marks[contracts[contract].market], skew: longs - shorts, longs, shorts };
    }
    markContracts(accounts, states, marks);
  };

  const refresh = (at: Ms) => {
    for (const { index, scale } of markets) {
      accrue(accounts, index, at);
      marks[index] = needs.oracleUsd(index, at) / scale;
    }
    if (contracts.length === 0) return;
    remark(at);
    for (let contract = 0; contract < contracts.length; contract++) charge(accounts, contract, states[contract], marks[settle]);
  };

  const apply = (plan: Plan) => {
    settlement.apply(plan);
    for (const leg of plan) {
      if (!('position' in leg) || leg.kind === 'supply') continue;
      liquidating.touch(leg.position);
      watches.touch(leg.position);
    }
  };

  const hall: Hall = {
    ledger,
    accounts,
    markets,
    marks,
    custody,
    fund,
    escrow,
    venues,
    facts,
    admission,
    tally: createTally((column, index, value) => journal.set(column, index, value)),
    risk: () => risk,
    states,
    refresh,
    apply,
    remark,
    balance: (account, market) => ledger.balance(account, markets[market].asset),
    marketOf,
  };
  const means = createMeans(hall);
  const loss = createLoss(hall, backstop, means);
  const contractDesk = createContractDesk(hall);
  const mechanism = options.liquidation({
    markets,
    custody,
    fund,
    escrow,
    set: (column, index, value) => journal.set(column, index, value),
    openLot: (position) => accounts.openLot(accounts.owners[position]),
    quoteSale: sales.quoteSale,
    balance: hall.balance,
  });
  const closeout = options.contracts?.closeout({
    custody,
    fund,
    vault: () => accounts.house,
    fill: contractDesk.quote,
    legs: contractDesk.legs,
    cash: () => accounts.quoteTotal.data[0],
    set: (column, index, value) => journal.set(column, index, value),
  });
  const timed = options.governance?.controller !== undefined;
  const liquidating = createLiquidating(hall, { mechanism, closeout, loss, call: options.marginCall, timed });
  const watches = createWatches(accounts, risk, () => journal.open);
  const fairAccount = createFairAccount({
    accounts,
    custody,
    escrow,
    layers: backstop,
    fair,
    means,
    mechanism,
    issuer,
    parts: contractDesk.parts,
  });

  const governing = createGoverning(hall, options.governance, riskNeeds, {
    take: hall.tally.take,
    waiting: liquidating.waiting,
    below: liquidating.near,
    rejudge(engine) {
      risk = engine ?? risk;
      liquidating.reset(risk);
      watches.reset(risk);
    },
  });

  const refuseHalted = createHalting(accounts, needs.halted);
  const health = (position: number) => risk.assess(accounts, position, marks, 'maintenance', blankHealth());
  const healthAtFair = (position: number) => risk.assess(accounts, position, fair(), 'maintenance', blankHealth());

  /** One verb of lending: `opens` makes a position for who has none. */
  const verb = (kind: EventKind, decide: typeof lending.planSupply, opens: boolean): WalletVerb => {
    return (actor, asset, amount, at, sub = 0) => {
      const market = marketOf(asset);
      if (market < 0) return reject('MARKET_NONE', { asset: assets.names[asset] ?? asset });
      const position = opens ? accounts.open(actor, sub) : accounts.positionOf(actor, sub);
      if (position < 0) return reject('POSITION_NONE');
      refresh(at);
      const halt = kind === 'borrow' || kind === 'withdraw' ? refuseHalted('borrowing', position, at, market) : undefined;
      if (halt !== undefined) return halt;
      const order = decide(desk, { actor, position, market: markets[market] }, amount);
      if (isRejection(order)) return order;
      const refused = mechanism.refuses?.(position, order.plan, liquidating.loans, marks);
      if (refused !== undefined) return refused;
      apply(order.plan);
      mechanism.changed?.(position, liquidating.loans, marks, at, kind === 'borrow' || kind === 'withdraw');
      facts.verb(kind, actor, position, market, order.units);
      return order.units;
    };
  };

  if (options.fund !== undefined) settlement.apply(options.fund.map(({ asset, units }) => move(OUTSIDE, fund, asset, units)));
  if (options.contracts !== undefined) {
    const owner = ledger.open(`${name}/house`, 'house');
    accounts.house = accounts.open(owner);
    const { house } = options.contracts;
    if (house > 0) {
      settlement.apply([move(OUTSIDE, custody, markets[settle].asset, house), quoteLeg(accounts.house, house)]);
      contractDesk.found(owner, house);
    }
  }

  return {
    ...createQuestions(hall, desk),
    ...createProviding(hall, mechanism, contractDesk, liquidating),
    name,
    custody,
    fund,
    markets,
    contracts,
    settle,
    marketOf,
    positionOf: (owner, sub) => accounts.positionOf(owner, sub),
    ownerOf: (position) => accounts.owners[position],
    subOf: (position) => accounts.subs[position],
    get positions() {
      return accounts.positions;
    },

    supply: verb('supply', lending.planSupply, true),
    redeem: verb('redeem', lending.planRedeem, false),
    deposit: verb('deposit', lending.planDeposit, true),
    withdraw: verb('withdraw', lending.planWithdraw, false),
    borrow: verb('borrow', lending.planBorrow, false),
    repay: verb('repay', lending.planRepay, false),

    liquidate: (liquidator, position, debt, collateral, amount, at) =>
      refuseHalted('liquidation', position, at) ?? liquidating.take(liquidator, position, debt, collateral, amount, at),
    startLiquidation: (keeper, position, at) => refuseHalted('liquidation', position, at) ?? liquidating.start(keeper, position, at),
    bid: (bidder, position, amount, lot, at) =>
      refuseHalted('liquidation', position, at) ?? liquidating.bid(bidder, position, amount, lot, at),
    quoteLiquidation: (position, debt, collateral, at, taker) =>
      refuseHalted('liquidation', position, at) ?? liquidating.quoteTake(position, debt, collateral, at, taker),
    quoteStart: (position, keeper, at) => refuseHalted('liquidation', position, at) ?? liquidating.quoteStart(position, keeper, at),

    marginTrade(actor, venue, sell, margin, borrowed, at) {
      const market = marketOf(sell);
      const bought = marketOf(venue.baseAsset === sell ? venue.quoteAsset : venue.baseAsset);
      if (market < 0 || bought < 0) return reject('MARKET_NONE');
      refresh(at);
      const position = accounts.open(actor);
      const halt = refuseHalted('borrowing', position, at, market) ?? refuseHalted('borrowing', position, at, bought);
      if (halt !== undefined) return halt;
      const terms = { venue, bought: markets[bought], margin, borrowed, checked: options.marginTradeCheck !== false };
      const trade = planMarginTrade(desk, { actor, position, market: markets[market] }, terms);
      if (isRejection(trade)) return trade;
      const refused = mechanism.refuses?.(position, [...trade.before, ...trade.after(trade.expected)], liquidating.loans, marks);
      if (refused !== undefined) return refused;
      apply(trade.before);
      const fill = venue.execute(trade.order, actor);
      if (isRejection(fill)) return fault('MARGIN_TRADE_QUOTE', { venue: venue.name, rejected: fill.rejected });
      apply(trade.after(fill));
      refresh(at);
      mechanism.changed?.(position, liquidating.loans, marks, at, terms.checked);
      facts.marginTrade(actor, position, market, borrowed, fill);
      return fill;
    },

    tradeContract: (actor, contract, size, at, sub = 0) =>
      refuseHalted('borrowing', accounts.positionOf(actor, sub), at, contracts[contract]?.market) ??
      contractDesk.trade(actor, sub, contract, size, at),
    quoteContract: contractDesk.quote,

    health,
    healthInitial: (position) => risk.assess(accounts, position, marks, 'initial', blankHealth()),
    healthAtFair,
    liquidatable: liquidating.liquidatable,
    startable: liquidating.startable,
    auctions: liquidating.auctions,
    dueCalls: liquidating.dueCalls,
    callDeadline: liquidating.callDeadline,
    watch: watches.watch,
    unwatch: (position) => watches.watch(position, 0),
    dueWatches: () => watches.due(marks),
    receipts,
    receiptsUsd(visit) {
      if (receipts.length === 0) return;
      const lendersUsd = fairAccount.lendersUsd();
      for (const { asset: receipt, market } of receipts) {
        const shares = accounts.supplyShares.data[market];
        const { asset, scale } = markets[market];
        visit(receipt, shares === 0 ? needs.fairUsd(asset) : (lendersUsd[market] / shares) * scale);
      }
    },

    houseEquity: contractDesk.houseEquity,
    get version() {
      return governing.version;
    },
    pendingChanges: governing.pending,

    oracleUsd: needs.oracleUsd,
    refresh,
    endBlock(at) {
      refresh(at);
      risk.observe?.(marks, at, states);
      governing.observe(at);
      governing.run(at);
      if (contracts.length > 0) contractDesk.expire(at, loss);
      liquidating.settleDue(at);
      liquidating.look(at);
    },
    claims: (visit) => fairAccount.claims(visit),
    solvency: () => fairAccount.solvency(),
    lenderShortfallUsd: () => fairAccount.lenderShortfallUsd(),
    reportOpenShortfalls: () => fairAccount.underwater(facts.openShortfall),

    inspection: {
      ledger,
      accounts,
      get lastFall() {
        return loss.lastFall;
      },
      get lastLiquidatedHealth() {
        return liquidating.lastHealth;
      },
      get lastLiquidatedLevel() {
        return liquidating.lastLevel;
      },
      near: liquidating.near,
      level: liquidating.level,
      get looks() {
        return liquidating.looks;
      },
      get questions() {
        return liquidating.questions;
      },
    },
  };
}
