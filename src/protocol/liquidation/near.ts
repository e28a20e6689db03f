/**
 * The index of who is near liquidation, or near any level of health: finds everybody below it without looking at the others. It only
 * narrows down: nobody is found whom the risk engine does not find below, and nobody is passed over who could be.
 *
 * Where the engine only takes a share off each collateral (`weight`), a position with one collateral c, one debt d and nothing else is
 * below level h when collateral · weight ÷ (debtShares · h) < index_d · mark_d ÷ mark_c. Neither prices nor interest are on the left, so
 * the order of positions never changes by them: one heap for each pair of markets, and a check that finds nobody is a look at its top. All
 * others leave triggers at the prices up to which the engine's cushion holds, and are looked at when one is reached; those without a
 * cushion are looked at every time.
 *
 * Changed positions are only noted, and placed anew from the books at the next question: a bundle that is undone needs nothing done here.
 * Whoever became safer stays on the heap where it was, which is too near, until it is listed there and found not to be below.
 */
import type { Ratio } from '../../base/units.ts';
import { type AccountsView, holdsSize, type Marks } from '../accounts-view.ts';
import { blankHealth, type RiskEngine } from '../risk/risk-engine.ts';
import { PositionHeap } from './position-heap.ts';
import { NOWHERE, Seats } from './seats.ts';
import { createTriggers } from './triggers.ts';

/** Relative rounding that the heaps allow for: keys and limits are products of a handful of floats, each 1.1e-16 off. */
const LIMIT_SLACK = 1 + 1e-12;

/** Where a position is that is on no pair's heap but somewhere: with those that are looked at every time, or waiting for its triggers. */
const WATCHED = -2;
const WAITING = -3;

/** Of a cushion, what is kept for funding: it is slow, and moves of prices are not. */
const FUNDING_PART = 1 / 8;

/** Two markets, and who has nothing but the one and owes nothing but the other. */
interface Pair {
  readonly heap: PositionHeap;
  readonly collateral: number;
  readonly debt: number;
}

export interface Near {
  /** Notes that a position, or its level, has changed. */
  touch(position: number): void;
  /** Another engine, or other parameters: everybody is placed anew at the next question. */
  reset(risk: RiskEngine): void;
  /** Positions that were looked at since the start, and questions asked: what the index spares. */
  readonly looks: number;
  readonly questions: number;
  /** Positions with collateral and debt whose health factor is below their level at these marks, ascending. Valid until the next call. */
  find(marks: Marks): readonly number[];
}

/**
 * @param level      health below which a position is found; 0: never
 * @param undoable   whether what has changed may yet be undone (a bundle is under way): changes then stay noted
 * @param levelMax   the most that a level can be until its position is noted or all are placed anew; `level` where it stands still
 */
export function createNear(
  accounts: AccountsView,
  engine: RiskEngine,
  level: (position: number) => Ratio,
  undoable: () => boolean,
  levelMax = level,
): Near {
  const width = accounts.markets.length;
  const triggers = createTriggers(width, accounts.contracts, accounts.settle);
  const curved = accounts.contracts.some(({ linear }) => !linear);
  let risk = engine;
  let epoch = risk.epoch();
  let looks = 0;
  let questions = 0;
  /** The pair of each position, or where else it is; its slot on the pair's heap or among the watched. */
  const seats = new Seats();
  /** By collateral market · width + debt market, made when first needed; `pairs` lists those that exist. */
  const pairHeaps: (PositionHeap | undefined)[] = Array.from({ length: width * width }, () => undefined);
  const pairs: Pair[] = [];
  const watched: number[] = [];
  /** Those that have changed. The first `changes` of them count. */
  const changed: number[] = [];
  let changes = 0;
  const scratch: number[] = [];
  const found: number[] = [];
  /** Whether `found` is of the last time that the triggers were advanced, and nobody has changed since. */
  let current = true;
  const health = blankHealth();
  const allowed = { fall: 0, rise: 0, funding: 0 };

  const heapOf = (pair: number): PositionHeap => {
    let heap = pairHeaps[pair];
    if (heap === undefined) {
      heap = new PositionHeap(seats);
      pairHeaps[pair] = heap;
      pairs.push({ heap, collateral: Math.floor(pair / width), debt: pair % width });
    }
    return heap;
  };

  const leave = (position: number) => {
    const home = seats.homeOf(position);
    if (home >= 0) heapOf(home).remove(position);
    else if (home === WAITING) triggers.clear(position);
    else if (home === WATCHED) {
      const slot = seats.slotOf(position);
      const last = watched.pop() as number;
      if (last !== position) {
        watched[slot] = last;
        seats.setSlot(last, slot);
      }
      seats.setSlot(position, -1);
    }
    seats.setHome(position, NOWHERE);
  };

  const watch = (position: number) => {
    if (seats.homeOf(position) === WATCHED) return;
    leave(position);
    seats.setHome(position, WATCHED);
    seats.setSlot(position, watched.push(position) - 1);
  };

  /** Key of a position by the one market it has something in and the one it owes in. */
  const keyOf = (position: number, collateral: number, debt: number, height: number): number => {
    const weight = (risk.weight as NonNullable<RiskEngine['weight']>)(accounts.markets[collateral], accounts.markets[debt]);
    return (accounts.collateral(position, collateral) * weight) / ((accounts.debtShares(position, debt) + 1) * height);
  };

  const putOn = (collateral: number, debt: number, position: number, height: number) => {
    const pair = collateral * width + debt;
    if (seats.homeOf(position) !== pair) {
      leave(position);
      seats.setHome(position, pair);
    }
    heapOf(pair).put(position, keyOf(position, collateral, debt, height));
  };

  const holdsCurved = (position: number): boolean => {
    for (let contract = 0; contract < accounts.contracts.length; contract++) {
      if (accounts.size(position, contract) !== 0 && !accounts.contracts[contract].linear) return true;
    }
    return false;
  };

  /** Whether cash or size decide how it stands, and not collateral and debt alone. */
  const isMargined = (position: number, collaterals: number, debts: number): boolean => {
    if (accounts.settle < 0) return false;
    const quote = accounts.quote(position);
    return (quote > 0 && debts > 0) || (quote < 0 && collaterals > 0) || holdsSize(accounts, position);
  };

  const place = (position: number) => {
    let collaterals = 0;
    let debts = 0;
    let collateralMarket = -1;
    let debtMarket = -1;
    for (let market = 0; market < width; market++) {
      if (accounts.collateral(position, market) > 0) {
        collaterals++;
        collateralMarket = market;
      }
      if (accounts.debtShares(position, market) > 0) {
        debts++;
        debtMarket = market;
      }
    }
    const height = levelMax(position);
    const margined = isMargined(position, collaterals, debts);
    if (!(height > 0) || (!margined && (collaterals === 0 || debts === 0))) leave(position);
    else if (margined || collaterals > 1 || debts > 1 || risk.weight === undefined) watch(position);
    else putOn(collateralMarket, debtMarket, position, height);
  };

  const placeChanged = () => {
    for (let at = 0; at < changes; at++) place(changed[at]);
    if (undoable()) return;
    for (let at = 0; at < changes; at++) seats.unnote(changed[at]);
    changes = 0;
  };

  /** No cushion of before means anything. */
  const watchEverybody = () => {
    for (let position = 0; position < seats.length; position++) if (seats.homeOf(position) === WAITING) watch(position);
  };

  const watchFired = () => {
    clear(scratch);
    triggers.fire(scratch);
    for (const position of scratch) watch(position);
  };

  /** Whether a position has a cushion, and so may wait for its triggers. */
  const waits = (position: number): boolean => {
    // What has a value that is not in proportion to a mark has none: time alone may ruin it.
    if (curved && holdsCurved(position)) return false;
    const height = levelMax(position);
    const cushion = risk.cushion(accounts, position, triggers.marks, height);
    if (!(cushion > 0)) return false;
    // Of loans the worst fall and the worst rise count together; with cash or size, every move by itself and what funding costs.
    const margined = isMargined(position, 1, 1);
    allowed.fall = margined ? cushion * (1 - FUNDING_PART) : cushion / 2;
    allowed.rise = allowed.fall;
    allowed.funding = cushion * FUNDING_PART;
    if (!triggers.set(accounts, position, allowed, height)) return false;
    leave(position);
    seats.setHome(position, WAITING);
    return true;
  };

  /** Answers whether it is found. */
  const judge = (position: number, marks: Marks): boolean => {
    risk.assess(accounts, position, marks, 'maintenance', health);
    if (!(health.healthFactor < level(position))) return false;
    found.push(position);
    return true;
  };

  const judgeWatched = (marks: Marks) => {
    looks += watched.length;
    // From the end: whoever leaves is replaced by one that was looked at already.
    for (let slot = watched.length - 1; slot >= 0; slot--) if (!waits(watched[slot])) judge(watched[slot], marks);
  };

  /** Value of a share of a pair's debt, which its smallest key times the mark of the collateral must exceed. */
  const owedOn = ({ debt }: Pair, marks: Marks) => accounts.debtIndex(debt) * marks[debt] * LIMIT_SLACK;

  /** Whether a look at the tops of the heaps says that nobody on them is below. */
  const nobodyOnPairs = (marks: Marks): boolean => {
    for (let at = 0; at < pairs.length; at++) {
      if (pairs[at].heap.keyMin * marks[pairs[at].collateral] <= owedOn(pairs[at], marks)) return false;
    }
    return true;
  };

  const judgePairs = (marks: Marks) => {
    for (let at = 0; at < pairs.length; at++) {
      const limit = owedOn(pairs[at], marks) / marks[pairs[at].collateral];
      if (pairs[at].heap.keyMin <= limit) judgeListed(pairs[at], limit, marks);
    }
  };

  const judgeListed = ({ heap, collateral, debt }: Pair, limit: number, marks: Marks) => {
    clear(scratch);
    heap.collect(limit, scratch);
    looks += scratch.length;
    for (let at = 0; at < scratch.length; at++) {
      const position = scratch[at];
      if (judge(position, marks)) continue;
      // Whoever became safer has stayed where it was until now. A level of 0 says nothing of when there will be another.
      const height = levelMax(position);
      if (height > 0) heap.settle(position, keyOf(position, collateral, debt, height));
    }
  };

  const note = (position: number) => {
    if (seats.note(position)) changed[changes++] = position;
  };

  return {
    touch(position) {
      seats.reach(position);
      note(position);
    },
    reset(other) {
      risk = other;
      for (let position = 0; position < seats.length; position++) {
        if (seats.homeOf(position) !== NOWHERE) note(position);
      }
    },
    get looks() {
      return looks;
    },
    get questions() {
      return questions;
    },
    find(marks) {
      questions++;
      if (!curved && !triggers.used) {
        // There are pairs only, unless somebody who has changed is watched now.
        if (changes > 0) {
          placeChanged();
          current = false;
        }
        if (watched.length === 0 && nobodyOnPairs(marks)) {
          current = false;
          clear(found);
          return found;
        }
      }
      const step = triggers.advance(accounts, marks);
      const voided = risk.epoch() !== epoch;
      if (step === 'same' && current && !voided && changes === 0 && !curved) return found;
      current = true;
      if (step === 'voided' || voided) watchEverybody();
      epoch = risk.epoch();
      if (step === 'moved') watchFired();
      if (changes > 0) placeChanged();
      clear(found);
      if (pairs.length > 0) judgePairs(marks);
      if (watched.length > 0) judgeWatched(marks);
      if (found.length > 1) found.sort((a, b) => a - b);
      return found;
    },
  };
}

/** Setting a length costs more than asking for it. */
function clear(list: number[]): void {
  if (list.length > 0) list.length = 0;
}
