/**
 * How far prices and debts have moved against everybody, at worst, since the start: a reading that only grows. A position whose health is H
 * when the reading is V₀ cannot have a health below h before the reading is V₀ + ln(H/h), whatever it consists of: so nobody needs to look
 * at it until then.
 *
 *   V += ln(largest fall of a mark · largest rise of mark · debt index)          at each update
 *
 * Contracts whose value is in proportion to their mark count as marks of their own, and the funding that a unit of size has paid, as part
 * of its value, as their index. Sums of worst moves are never less than the worst move of the sum, so prices that go and come back only
 * bring the next look nearer.
 */
import { log } from '../../base/elementary.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import type { Contract } from '../instrument/contract.ts';

/** Added at each update, log units: more than the rounding of a sum below RESTART (half an ulp of 2^15 is 3.6e-12). */
const SLACK = 1e-11;
const RESTART = 2 ** 15;

export interface Odometer {
  readonly reading: number;
  /** The last valid mark of each market, which the reading is relative to. */
  readonly marks: Marks;
  /**
   * Takes in where marks and indexes stand. Answers `same` when nothing differs from the last time, `moved`, or `restarted`: the reading
   * began again at 0, and every bound derived from it is void (also when a mark became valid for the first time, or was 0). Where nobody
   * waits for it (`waiting` false) the reading stands still, and the price of a logarithm is saved.
   */
  advance(accounts: AccountsView, marks: Marks, waiting: boolean): 'same' | 'moved' | 'restarted';
}

export function createOdometer(markets: number, contracts: readonly Contract[] = []): Odometer {
  const width = markets + contracts.length;
  const reference = new Float64Array(width).fill(Number.NaN);
  const seen = new Float64Array(width).fill(Number.NaN);
  const indexes = new Float64Array(width).fill(1);
  let reading = 0;
  /** Of the update in progress: the worst factors. */
  let fall = 1;
  let rise = 1;

  /** Follows one market; answers whether bounds against its old mark still mean something. */
  const follow = (market: number, mark: number, index: number, waiting: boolean): boolean => {
    const before = reference[market];
    const growth = waiting ? index / indexes[market] : 1;
    seen[market] = mark;
    indexes[market] = index;
    // No valid mark: nobody can be judged by it now; the last valid one stays the reference.
    const now = Number.isNaN(mark) ? before : mark;
    reference[market] = now;
    if (now === before || (Number.isNaN(now) && Number.isNaN(before))) {
      rise = Math.max(rise, growth);
      return true;
    }
    if (waiting) {
      fall = Math.max(fall, before / now);
      rise = Math.max(rise, (now / before) * growth);
    }
    return before > 0 && now > 0;
  };

  /** How funding has grown as part of a contract's value, never falling: what it was, and the step. */
  const paid = new Float64Array(contracts.length);
  const contractIndex = (accounts: AccountsView, contract: number, mark: number, settleMark: number): number => {
    const index = accounts.fundingIndexOf(contract);
    const step = (Math.abs(index - paid[contract]) * settleMark) / mark;
    const before = indexes[markets + contract];
    if (!(step > 0)) return before;
    paid[contract] = index;
    return before * (1 + step);
  };

  return {
    get reading() {
      return reading;
    },
    marks: reference,
    advance(accounts, marks, waiting) {
      fall = 1;
      rise = 1;
      let moved = false;
      let sound = true;
      for (let market = 0; market < width; market++) {
        const contract = market - markets;
        if (contract >= 0 && !contracts[contract].linear) continue;
        const mark = marks[market];
        const index = contract < 0 ? accounts.debtIndex(market) : contractIndex(accounts, contract, mark, marks[accounts.settle]);
        if (mark === seen[market] && index === indexes[market]) continue;
        if (Number.isNaN(mark) && Number.isNaN(seen[market]) && index === indexes[market]) continue;
        moved = true;
        sound = follow(market, mark, index, waiting) && sound;
      }
      if (!moved) return 'same';
      if (sound && reading < RESTART) {
        if (waiting && (fall > 1 || rise > 1)) reading += log(fall * rise) + SLACK;
        return 'moved';
      }
      reading = 0;
      return 'restarted';
    },
  };
}
