/**
 * Liquidation carried out: asks the mechanism (or, for accounts of contracts, the closeout) for a plan, has it settled, and lets the
 * waterfall look at what is left. Who is below is said by the index of the near and by margin calls; whether something may be done to whom
 * is decided by those who plan.
 */
import { fault } from '../base/fault.ts';
import { isRejection, type Rejection, reject } from '../base/rejection.ts';
import type { AccountId, AssetId, Ms, Ratio, Units, Usd } from '../base/units.ts';
import { type AccountsView, holdsSize } from './accounts-view.ts';
import type { Hall } from './hall.ts';
import { isAmount, type Wish } from './lending.ts';
import type { Closeout, Closing } from './liquidation/closeout.ts';
import type { Auction, Mechanism, Sale, Started, Taken, TakeRequest } from './liquidation/mechanism.ts';
import { createNear } from './liquidation/near.ts';
import { createOpenings } from './liquidation/openings.ts';
import { createLoanView } from './loan-view.ts';
import type { Loss } from './loss.ts';
import { type Called, createMarginCalls, type MarginCallTerms } from './risk/margin-call.ts';
import { blankHealth, type Health, type RiskEngine } from './risk/risk-engine.ts';

export interface Liquidating {
  take(
    liquidator: AccountId,
    position: number,
    debt: AssetId,
    collateral: AssetId,
    amount: Wish,
    at: Ms,
  ): { readonly repaid: Units; readonly seized: Units } | Rejection;
  quoteTake(
    position: number,
    debt: AssetId,
    collateral: AssetId,
    at: Ms,
    taker?: AccountId,
  ): { readonly repay: Units; readonly seize: Units } | Rejection;
  start(keeper: AccountId, position: number, at: Ms): { readonly rewardUsd: Usd } | Rejection;
  quoteStart(position: number, keeper: AccountId, at: Ms): { readonly rewardUsd: Usd } | Rejection;
  bid(bidder: AccountId, position: number, amount: Units, lot: Units, at: Ms): Units | Rejection;
  liquidatable(at: Ms): readonly number[];
  startable(at: Ms): readonly number[];
  /** Everybody whose health is below his level, ascending, whoever liquidates them and how; valid until the next call. */
  near(): readonly number[];
  auctions(at: Ms): readonly Auction[];
  /** What time alone has ended. */
  settleDue(at: Ms): void;
  /** Tells a mechanism with a memory who is below, and calls those whose health warns. */
  look(at: Ms): void;
  dueCalls(): readonly Called[];
  callDeadline(position: number): Ms | undefined;
  /** The accounts as mechanisms see them. */
  readonly loans: AccountsView;
  touch(position: number): void;
  reset(risk: RiskEngine): void;
  /** For checks of the laws. */
  level(position: number): Ratio;
  readonly looks: number;
  readonly questions: number;
  readonly lastHealth: Ratio | undefined;
  readonly lastLevel: Ratio;
  /** Positions that have been liquidatable for some time and were not liquidated, ascending; nobody where no time is taken. */
  waiting(at: Ms, visit: (position: number, waited: Ms) => void): void;
}

export interface LiquidatingParts {
  readonly mechanism: Mechanism;
  readonly closeout: Closeout | undefined;
  readonly loss: Loss;
  readonly call: MarginCallTerms | undefined;
  /** Whether somebody wants to know how long liquidations take. */
  readonly timed: boolean;
}

export function createLiquidating(hall: Hall, { mechanism, closeout, loss, call, timed }: LiquidatingParts): Liquidating {
  const { accounts, marks, facts, custody, fund, ledger, tally } = hall;
  const { journal } = ledger;
  const loans = createLoanView(accounts, () => accounts.quoteTotal.data[0]);
  const level = (position: number): Ratio => {
    if (position === accounts.house || accounts.isLot(position)) return 0;
    return mechanism.level?.(loans, position) ?? 1;
  };
  const levelMax = (position: number): Ratio => {
    const now = level(position);
    return now > 0 ? (mechanism.levelMax?.(loans, position) ?? now) : 0;
  };
  const near = createNear(accounts, hall.risk(), level, () => journal.open, levelMax);
  const calls = call === undefined ? undefined : createMarginCalls(call);
  const warned =
    call === undefined
      ? undefined
      : createNear(
          accounts,
          hall.risk(),
          (position) => (level(position) > 0 ? call.level : 0),
          () => journal.open,
        );
  const openings = createOpenings(mechanism);
  /** Since when each position has been liquidatable. */
  const since = new Map<number, Ms>();
  const clock = createOpenings({ open: (position, at) => void since.set(position, at), close: (position) => void since.delete(position) });
  const waited = (position: number, at: Ms): Ms => at - (since.get(position) ?? at);
  const scratch = blankHealth();
  let called: Called[] = [];
  let levelEpoch = 0;
  let lastHealth: Ratio | undefined;
  let lastLevel: Ratio = 1;

  /** Lets the mechanism look before it is asked for levels. */
  const bringLevels = () => {
    const epoch = mechanism.levelEpoch?.(loans, marks) ?? 0;
    if (epoch === levelEpoch) return;
    levelEpoch = epoch;
    near.reset(hall.risk());
  };

  /** Everybody below his level, ascending. */
  const findNear = (): readonly number[] => {
    bringLevels();
    return near.find(marks);
  };

  /** Everybody who may be liquidated now, ascending: below the level, or called and out of time. */
  const below = (at: Ms): readonly number[] => {
    const found = findNear();
    const overdue = (calls?.overdue(at) ?? []).filter((position) => isOverdue(position, at));
    if (overdue.length === 0) return found;
    return [...new Set([...found, ...overdue])].sort((a, b) => a - b);
  };

  const assess = (position: number): Health => hall.risk().assess(accounts, position, marks, 'maintenance', scratch);
  /** Whether it was called, is out of time, and is still below the level of the call. `scratch` then holds its health. */
  const isOverdue = (position: number, at: Ms): boolean =>
    call !== undefined && calls?.expired(position, at) === true && assess(position).healthFactor < call.level;
  /** The health that is judged: below maintenance, or called and out of time, is liquidatable. */
  const judged = (position: number, at: Ms): Health => {
    const overdue = isOverdue(position, at);
    const health = assess(position);
    if (overdue) health.liquidatable = true;
    return health;
  };
  /** The level that a position is judged by, as of before anything is decided: what a mechanism writes may change it. */
  let allowed: Ratio = 1;
  const bringAllowed = (position: number, at: Ms) => {
    bringLevels();
    allowed = calls?.expired(position, at) === true && call !== undefined ? Math.max(call.level, level(position)) : level(position);
  };

  /** Accounts of contracts are closed, not taken: those with size, and those that owe cash. */
  const isContractAccount = (position: number): boolean =>
    closeout !== undefined && (holdsSize(accounts, position) || accounts.quote(position) < 0);

  /** A lot is for sale whatever its health: it was judged when it was made. */
  const remember = (position: number) => {
    lastHealth = accounts.isLot(position) ? undefined : scratch.healthFactor;
    lastLevel = allowed;
  };

  /** What a take would do, or why not; `scratch` then holds the health that was judged, and `allowed` the level. */
  const decideTake = (
    asked: Omit<TakeRequest, 'debtMarket' | 'collateralMarket' | 'custody' | 'fund'>,
    debt: AssetId,
    collateral: AssetId,
  ): { readonly request: TakeRequest; readonly taken: Taken } | Rejection => {
    const request = { ...asked, debtMarket: hall.marketOf(debt), collateralMarket: hall.marketOf(collateral), custody, fund };
    const { position, amount } = request;
    if (request.debtMarket < 0 || request.collateralMarket < 0) return reject('MARKET_NONE');
    if (!(position >= 0 && position < accounts.positions)) return reject('POSITION_NONE', { position });
    if (amount !== 'max' && !isAmount(amount)) return reject('AMOUNT', { amount });
    // Sizes come first: what is left of cash and collateral once they are closed is for loans.
    if (isContractAccount(position)) return reject('SIZE_OPEN');
    bringAllowed(position, request.at);
    const taken = mechanism.take(request, loans, marks, judged(position, request.at));
    return isRejection(taken) ? taken : { request, taken };
  };

  const decideStart = (keeper: AccountId, position: number, at: Ms): Started | Closing | Rejection => {
    if (!(position >= 0 && position < accounts.positions)) return reject('POSITION_NONE', { position });
    const isLot = accounts.isLot(position);
    if (position === accounts.house || (isLot && mechanism.restartable === undefined)) return reject('NOT_LIQUIDATABLE');
    bringAllowed(position, at);
    const health = judged(position, at);
    if (closeout !== undefined && !isLot && isContractAccount(position))
      return closeout.close({ position, keeper, at }, accounts, marks, health);
    if (mechanism.start === undefined) return reject('NOT_STARTED', { mechanism: 'takes directly' });
    return mechanism.start({ position, keeper, at }, loans, marks, health);
  };

  /** An answer that leaves nothing behind: what a mechanism writes for it, and lots that it opens, are taken back. */
  const inThought = <T>(decide: () => T): T => {
    const { positions } = accounts;
    const answer = journal.aside(decide);
    accounts.forget(positions);
    return answer;
  };

  const sell = ({ venue: id, sell: asset, amount, brings }: Sale) => {
    const venue = hall.venues[id];
    const before = venue.price();
    const fill = venue.execute({ sell: asset, amount }, hall.escrow);
    if (isRejection(fill)) fault('LIQUIDATION_SALE', { venue: venue.name, rejected: fill.rejected });
    else if (fill.bought !== brings) fault('LIQUIDATION_SALE', { venue: venue.name, expected: brings, brought: fill.bought });
    else facts.sale(id, venue, fill, asset, before);
  };

  /** Who took what at once; before anything moves, so that health is the health that allowed it. */
  const tellDone = (position: number, { done, plan }: Started, at: Ms) => {
    for (const { taker, debtMarket, collateralMarket, repaid, seized } of done ?? []) {
      const request = { position, debtMarket, collateralMarket, amount: repaid, purse: repaid, taker, custody, fund, at };
      facts.liquidation(request, { plan, repaid, seized, received: seized }, scratch.healthFactor);
    }
  };

  return {
    loans,

    take(liquidator, position, debt, collateral, amount, at) {
      hall.refresh(at);
      const market = hall.marketOf(debt);
      const purse = market < 0 ? 0 : ledger.balance(liquidator, debt);
      const decided = decideTake({ position, amount, purse, taker: liquidator, at }, debt, collateral);
      if (isRejection(decided)) return decided;
      const { request, taken } = decided;
      remember(position);
      facts.liquidation(request, taken, scratch.healthFactor);
      // What is in a lot was liquidated when the lot was made.
      if (!accounts.isLot(position)) tally.liquidated(taken.repaid * marks[market], waited(position, at));
      hall.apply(taken.plan);
      loss.cover(position, at);
      return { repaid: taken.repaid, seized: taken.received };
    },

    quoteTake(position, debt, collateral, at, taker = custody) {
      const request = { position, amount: 'max', purse: Number.POSITIVE_INFINITY, taker, at } as const;
      const decided = inThought(() => decideTake(request, debt, collateral));
      return isRejection(decided) ? decided : { repay: decided.taken.repaid, seize: decided.taken.received };
    },

    start(keeper, position, at) {
      hall.refresh(at);
      const started = decideStart(keeper, position, at);
      if (isRejection(started)) return started;
      remember(position);
      if ('takenOver' in started) {
        loss.remember(position);
        facts.closeout(keeper, position, started, scratch.healthFactor);
        tally.liquidated(started.closedUsd, waited(position, at));
        hall.apply(started.plan);
        hall.remark(at);
      } else {
        facts.start(keeper, position, started, scratch.healthFactor);
        tellDone(position, started, at);
        if (!accounts.isLot(position)) tally.liquidated(started.debtUsd, waited(position, at));
        if (started.before !== undefined) hall.apply(started.before);
        started.sales?.forEach(sell);
        hall.apply(started.plan);
        if (started.lot >= 0) loss.cover(started.lot, at);
      }
      loss.cover(position, at);
      return { rewardUsd: started.rewardUsd };
    },

    quoteStart(position, keeper, at) {
      const started = inThought(() => decideStart(keeper, position, at));
      return isRejection(started) ? started : { rewardUsd: started.rewardUsd };
    },

    bid(bidder, position, amount, lot, at) {
      if (mechanism.bid === undefined) return reject('LOT_NONE');
      hall.refresh(at);
      const purse = (market: number) => hall.balance(bidder, market);
      const made = mechanism.bid({ position, amount, lot, purse, bidder, at }, loans, marks);
      if (isRejection(made)) return made;
      hall.apply(made.plan);
      facts.bid(bidder, position, made.units, lot);
      return made.units;
    },

    liquidatable(at) {
      const lots = mechanism.lots?.() ?? [];
      if (mechanism.start !== undefined) return lots;
      const found = closeout === undefined ? below(at) : below(at).filter((position) => !isContractAccount(position));
      return lots.length === 0 ? found : [...found, ...lots].sort((a, b) => a - b);
    },

    startable(at) {
      if (mechanism.start === undefined && closeout === undefined) return [];
      const found = below(at);
      if (mechanism.start === undefined) return found.filter(isContractAccount);
      const again = mechanism.restartable?.(at) ?? [];
      return again.length === 0 ? found : [...found, ...again].sort((a, b) => a - b);
    },

    near: findNear,

    auctions: (at) => mechanism.auctions?.(loans, marks, at, (position) => judged(position, at)) ?? [],

    settleDue(at) {
      if (mechanism.due === undefined) return;
      for (;;) {
        const due = mechanism.due(loans, marks, at);
        if (due === undefined) return;
        const { plan, position, bidder, debtMarket, collateralMarket, repaid, seized } = due;
        if (bidder >= 0) {
          const request = { position, debtMarket, collateralMarket, amount: repaid, purse: repaid, taker: bidder, custody, fund, at };
          facts.liquidation(request, { plan, repaid, seized, received: seized }, Number.NaN);
        }
        hall.apply(plan);
        loss.cover(position, at);
      }
    },

    look(at) {
      if (journal.open) return;
      if (mechanism.remembers) openings.update(below(at), at);
      if (timed) clock.update(below(at), at);
      if (warned === undefined || calls === undefined) return;
      for (const position of calls.update(warned.find(marks), at)) {
        const { healthFactor } = assess(position);
        called.push({ position, fact: facts.marginCall(position, healthFactor, calls.deadline(position) as Ms) });
      }
    },

    dueCalls() {
      const due = called;
      if (due.length > 0) called = [];
      return due;
    },
    callDeadline: (position) => calls?.deadline(position),
    touch(position) {
      near.touch(position);
      warned?.touch(position);
    },
    reset(risk) {
      near.reset(risk);
      warned?.reset(risk);
    },
    level,
    get looks() {
      return near.looks;
    },
    get questions() {
      return near.questions;
    },
    get lastHealth() {
      return lastHealth;
    },
    get lastLevel() {
      return lastLevel;
    },
    waiting(at, visit) {
      for (const [position, from] of [...since].sort((a, b) => a[0] - b[0])) visit(position, at - from);
    },
  };
}
