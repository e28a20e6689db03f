/**
 * One scripted move and nothing else: the price stands, slides by a factor in a straight line of its logarithm, stays there, and may slide
 * back. For lessons and for experiments in which the fall itself is the parameter. Draws nothing.
 *
 *   p(t) = start · factor^w        w: 0 until `at`, then up to 1 within `over`, 1 for `hold`, down to 0 within `recover` (if given)
 */
import { pow } from '../base/elementary.ts';
import { definePart } from '../base/params.ts';
import type { Ms, Ratio } from '../base/units.ts';
import type { PriceProcess, ProcessNeeds } from './process.ts';

/** Ten years: longer than any run. */
const LONG_MS = 10 * 365 * 86_400_000;

export const shock = definePart<ProcessNeeds, PriceProcess>()({
  name: 'shock',
  summary: 'Stands still, moves once by a factor, and may come back.',
  sources: [],
  params: {
    start: { kind: 'number', unit: 'usd/token', range: [1e-12, 1e12], doc: 'price before the shock' },
    at: { kind: 'duration', range: [0, LONG_MS], doc: 'when the move begins' },
    factor: { kind: 'number', unit: 'ratio', range: [1e-6, 1e6], doc: 'multiplies the price: 0.6 is a fall by 40 %' },
    over: { kind: 'duration', range: [0, LONG_MS], default: 0, doc: 'length of the slide; 0 is at once' },
    hold: { kind: 'duration', range: [0, LONG_MS], default: 0, doc: 'how long it stays there before it recovers' },
    recover: {
      kind: 'duration',
      range: [0, LONG_MS],
      optional: true,
      doc: 'length of the way back to the start; left out, it never recovers',
    },
  },
  create({ start, at, factor, over, hold, recover }) {
    const bottom = at + over;
    const turn = bottom + hold;
    const priceAt = (now: Ms): number => {
      const fallen = risen(now, at, bottom);
      return start * power(factor, recover === undefined || now < turn ? fallen : 1 - risen(now, turn, turn + recover));
    };
    return { start: priceAt(0), next: priceAt };
  },
});

/** 0 before `from`, 1 from `to` on, linear in between; at once where they are equal. */
function risen(now: Ms, from: Ms, to: Ms): Ratio {
  if (now >= to) return 1;
  return now <= from ? 0 : (now - from) / (to - from);
}

/** factor^weight, exact at both ends. */
function power(factor: Ratio, weight: Ratio): Ratio {
  if (weight === 0) return 1;
  return weight === 1 ? factor : pow(factor, weight);
}
