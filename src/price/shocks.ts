/**
 * Scripted moves on top of any process: each slides the price by a factor in a straight line of its logarithm, stays there, and may slide
 * back. They multiply, and draw nothing, so that with and without them the path beneath is the same.
 *
 *   p(t) = path(t) · Π factor^w(t)        w: 0 until `at`, up to 1 within `over`, 1 for `hold`, down to 0 within `recover` (if given)
 */
import { pow } from '../base/elementary.ts';
import type { ParamSchema, ParamsOf } from '../base/params.ts';
import type { Ms, Ratio } from '../base/units.ts';
import type { PriceProcess } from './process.ts';

/** Ten years: longer than any run. */
const LONG_MS = 10 * 365 * 86_400_000;

export const shockParams = {
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
} as const satisfies ParamSchema;

export type Shock = ParamsOf<typeof shockParams>;

/** What a shock multiplies the price by at a time. */
export function shockFactor({ at, factor, over, hold, recover }: Shock, now: Ms): Ratio {
  const bottom = at + over;
  const turn = bottom + hold;
  const fallen = risen(now, at, bottom);
  return power(factor, recover === undefined || now < turn ? fallen : 1 - risen(now, turn, turn + recover));
}

/** A process with shocks on it; itself where there are none. */
export function shockedProcess(path: PriceProcess, shocks: readonly Shock[]): PriceProcess {
  if (shocks.length === 0) return path;
  const factorAt = (now: Ms): Ratio => shocks.reduce((product, shock) => product * shockFactor(shock, now), 1);
  return { start: path.start * factorAt(0), next: (now) => path.next(now) * factorAt(now) };
}

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
