/**
 * Log-returns of all marks over the same interval, once an interval: what a portfolio's risk is estimated from. A market whose mark was not
 * valid then or now has none; when it is back, and where blocks are longer than the interval, one return for the whole time is scaled to an
 * interval by the root of time.
 */
import { log } from '../../../base/elementary.ts';
import type { Ms } from '../../../base/units.ts';
import type { Marks } from '../../accounts-view.ts';

export interface JointReturns {
  /** By market; 0 where it has none this time. */
  readonly returns: Float64Array;
  /** By market: 1 where it has one. */
  readonly known: Uint8Array;
  /** Takes in marks, once a block. Answers whether an interval is over and some return is new. */
  observe(marks: Marks, at: Ms): boolean;
}

export function createJointReturns(markets: number, interval: Ms): JointReturns {
  const returns = new Float64Array(markets);
  const known = new Uint8Array(markets);
  /** Last valid look at each market; 0 before the first. */
  const seen = new Float64Array(markets);
  const seenAt = new Float64Array(markets);
  let nextLook = Number.NEGATIVE_INFINITY;

  return {
    returns,
    known,
    observe(marks, at) {
      if (at < nextLook) return false;
      nextLook = at + interval;
      let any = false;
      for (let market = 0; market < markets; market++) {
        const mark = marks[market];
        const isValid = mark > 0 && mark < Number.POSITIVE_INFINITY;
        const isKnown = isValid && seen[market] > 0;
        known[market] = isKnown ? 1 : 0;
        returns[market] = isKnown ? log(mark / seen[market]) * Math.sqrt(interval / (at - seenAt[market])) : 0;
        if (isKnown) any = true;
        if (!isValid) continue;
        seen[market] = mark;
        seenAt[market] = at;
      }
      return any;
    },
  };
}
