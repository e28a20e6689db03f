/**
 * The index of who is near liquidation, or near any level of health: finds everybody below it without looking at the others. It only
 * narrows down; whether a position is below its level is always decided by the risk engine, so the answer equals a full scan.
 *
 * Where the engine only takes a share off each collateral (`weight`), a position with one collateral c, one debt d and nothing else is
 * below level h when collateral · weight ÷ (debtShares · h) < index_d · mark_d ÷ mark_c. Neither prices nor interest are on the left, so
 * the order of positions never changes by them: one heap for each pair of markets, and a check that finds nobody is a look at its top. All
 * others wait on the odometer until the cushion that the engine gives them is used up, and are then looked at again.
 *
 * Changed positions are only noted, and placed anew from the books at the next question: a bundle that is undone needs nothing done here.
 */
import type { Ratio } from '../../base/units.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import { blankHealth, type RiskEngine } from '../risk/risk-engine.ts';
import { createOdometer } from './odometer.ts';
import { type Places, PositionHeap } from './position-heap.ts';

/** Relative rounding that the heaps allow for: keys and limits are products of a handful of floats, each 1.1e-16 off. */
const LIMIT_SLACK = 1 + 1e-12;

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
 */
export function createNear(accounts: AccountsView, engine: RiskEngine, level: (position: number) => Ratio, undoable: () => boolean): Near {
  const width = accounts.markets.length;
  const odometer = createOdometer(width, accounts.contracts);
  const curved = accounts.contracts.some(({ linear }) => !linear);
  let risk = engine;
  let epoch = risk.epoch();
  let looks = 0;
  let questions = 0;
  const places: Places = { slot: new Int32Array(64).fill(-1) };
  const onOdometer = new PositionHeap(places);
  /** By collateral market · width + debt market, made when first needed; `pairs` lists those that exist. */
  const pairHeaps: (PositionHeap | undefined)[] = Array.from({ length: width * width }, () => undefined);
  const pairs: number[] = [];
  /** The heap of each position: a pair, `width²` for the odometer, −1 for none. */
  let homes = new Int32Array(64).fill(-1);
  let noted = new Uint8Array(64);
  const changed: number[] = [];
  const candidates: number[] = [];
  const found: number[] = [];
  const health = blankHealth();
  let fresh = false;

  const heapOf = (home: number): PositionHeap => {
    if (home === width * width) return onOdometer;
    let heap = pairHeaps[home];
    if (heap === undefined) {
      heap = new PositionHeap(places);
      pairHeaps[home] = heap;
      pairs.push(home);
    }
    return heap;
  };

  const put = (position: number, home: number, key: number) => {
    const before = homes[position];
    if (before !== home && before >= 0) heapOf(before).remove(position);
    homes[position] = home;
    if (home >= 0) heapOf(home).put(position, key);
  };

  /** What has a value that is not in proportion to a mark has no cushion: time alone may ruin it. */
  const bound = (position: number): number =>
    curved && holdsCurved(position) ? Number.NEGATIVE_INFINITY : risk.cushion(accounts, position, odometer.marks, level(position));

  const holdsCurved = (position: number): boolean => {
    for (let contract = 0; contract < accounts.contracts.length; contract++) {
      if (accounts.size(position, contract) !== 0 && !accounts.contracts[contract].linear) return true;
    }
    return false;
  };

  /** Whether cash or size decide how it stands, and not one collateral and one debt. */
  const isMargined = (position: number, collaterals: number, debts: number): boolean => {
    if (accounts.settle < 0) return false;
    const quote = accounts.quote(position);
    if ((quote > 0 && debts > 0) || (quote < 0 && collaterals > 0)) return true;
    for (let contract = 0; contract < accounts.contracts.length; contract++) if (accounts.size(position, contract) !== 0) return true;
    return false;
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
    const height = level(position);
    const margined = isMargined(position, collaterals, debts);
    if (!(height > 0) || (!margined && (collaterals === 0 || debts === 0))) put(position, -1, 0);
    else if (margined || collaterals > 1 || debts > 1 || risk.weight === undefined) {
      put(position, width * width, odometer.reading + bound(position));
    } else {
      const weight = risk.weight(accounts.markets[collateralMarket], accounts.markets[debtMarket]);
      const weighted = accounts.collateral(position, collateralMarket) * weight;
      put(position, collateralMarket * width + debtMarket, weighted / ((accounts.debtShares(position, debtMarket) + 1) * height));
    }
  };

  const placeChanged = () => {
    for (const position of changed) place(position);
    if (undoable()) return;
    for (const position of changed) noted[position] = 0;
    changed.length = 0;
  };

  const restart = () => {
    for (let position = 0; position < homes.length; position++) {
      if (homes[position] === width * width) onOdometer.put(position, bound(position));
    }
  };

  /** Fills `candidates`: those of pairs first, then those due on the odometer. Answers how many are of pairs. */
  const gather = (marks: Marks): number => {
    candidates.length = 0;
    for (let at = 0; at < pairs.length; at++) {
      const pair = pairs[at];
      const heap = pairHeaps[pair] as PositionHeap;
      const debtMarket = pair % width;
      const limit = (accounts.debtIndex(debtMarket) * marks[debtMarket] * LIMIT_SLACK) / marks[(pair - debtMarket) / width];
      if (heap.keyMin <= limit) heap.collect(limit, candidates);
    }
    const ofPairs = candidates.length;
    if (onOdometer.keyMin <= odometer.reading) onOdometer.collect(odometer.reading, candidates);
    return ofPairs;
  };

  const judge = (marks: Marks, ofPairs: number) => {
    looks += candidates.length;
    for (let at = 0; at < candidates.length; at++) {
      const position = candidates[at];
      risk.assess(accounts, position, marks, 'maintenance', health);
      if (health.healthFactor < level(position)) found.push(position);
      else if (at >= ofPairs) onOdometer.put(position, odometer.reading + bound(position));
    }
    if (found.length > 1) found.sort((a, b) => a - b);
  };

  const makeRoom = (position: number) => {
    if (position < homes.length) return;
    const length = Math.max(position + 1, homes.length * 2);
    const larger = <T extends Int32Array | Uint8Array>(next: T, old: T): T => {
      next.set(old);
      return next;
    };
    homes = larger(new Int32Array(length).fill(-1), homes);
    places.slot = larger(new Int32Array(length).fill(-1), places.slot);
    noted = larger(new Uint8Array(length), noted);
  };

  return {
    touch(position) {
      makeRoom(position);
      fresh = false;
      if (noted[position] === 1) return;
      noted[position] = 1;
      changed.push(position);
    },
    reset(other) {
      risk = other;
      fresh = false;
      for (let position = 0; position < homes.length; position++) {
        if (homes[position] < 0 || noted[position] === 1) continue;
        noted[position] = 1;
        changed.push(position);
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
      const step = odometer.advance(accounts, marks, onOdometer.size > 0);
      const voided = risk.epoch() !== epoch;
      if (step === 'same' && !voided && fresh && changed.length === 0 && !curved) return found;
      if (step === 'restarted' || voided) restart();
      epoch = risk.epoch();
      if (changed.length > 0) placeChanged();
      const ofPairs = gather(marks);
      found.length = 0;
      if (candidates.length > 0) judge(marks, ofPairs);
      fresh = true;
      return found;
    },
  };
}
