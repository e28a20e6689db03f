/**
 * What a market makes of its oracle: which readings it accepts, and what it does when there is none. Without such a policy a market takes
 * every valid reading however old, and stands still without one.
 *
 *   accepted: valid, no older than `maxAge`, no less certain than `maxConfidence`
 *
 * Otherwise: `halt` neither lends nor liquidates; `halt-borrowing` goes on liquidating at the last reading accepted, `halt-liquidation`
 * goes on lending at it, and `last` does both; `fallback` asks another oracle, and halts when that has nothing acceptable either.
 */
import type { ParamSchema, ParamsOf, PartProblem } from '../base/params.ts';
import type { Ms, UsdPrice } from '../base/units.ts';
import { NO_READING } from './no-reading.ts';
import type { Oracle, Reading } from './oracle.ts';

const AGE_MAX_MS = 365 * 86_400_000;

export const readingParams = {
  onInvalid: {
    kind: 'choice',
    options: ['halt', 'halt-borrowing', 'halt-liquidation', 'last', 'fallback'],
    default: 'halt',
    doc: 'what the market does without an acceptable reading',
  },
  maxAge: { kind: 'duration', range: [0, AGE_MAX_MS], optional: true, doc: 'older readings are not accepted' },
  maxConfidence: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 1],
    optional: true,
    doc: 'readings whose interval is wider than this to one side, as a part of the price, are not accepted',
  },
  fallback: { kind: 'oracle', optional: true, doc: 'asked instead, of the same asset' },
} as const satisfies ParamSchema;

export type ReadingPolicy = ParamsOf<typeof readingParams>;

/** What of a policy makes no sense together. */
export function problemsOfPolicy({ onInvalid, fallback }: { onInvalid: string; fallback?: unknown }): readonly PartProblem[] {
  if (onInvalid === 'fallback' && fallback === undefined)
    return [{ param: 'fallback', found: 'nothing', expected: 'an oracle of the asset' }];
  if (onInvalid === 'fallback' || fallback === undefined) return [];
  return [{ param: 'onInvalid', found: onInvalid, expected: 'fallback, where one is named' }];
}

export interface Accepted {
  /** USD per token to go by; NaN where the market stands still. */
  usd(now: Ms): UsdPrice;
  /** Whether `what` is refused at `now` although there is a price to go by. */
  halts(what: 'borrowing' | 'liquidation', now: Ms): boolean;
  /** Remembers an acceptable reading: at ends of blocks, since what is read within a bundle may be undone. */
  note(now: Ms): void;
}

/** @param fallback  the oracle of that name, if the policy has one */
export function accept(oracle: Pick<Oracle, 'read'>, policy: ReadingPolicy, fallback?: Pick<Oracle, 'read'>): Accepted {
  const { onInvalid, maxAge, maxConfidence } = policy;
  let last: Reading = NO_READING;

  const acceptable = ({ valid, observedAt, confidence }: Reading, now: Ms): boolean =>
    valid && (maxAge === undefined || now - observedAt <= maxAge) && (maxConfidence === undefined || (confidence ?? 0) <= maxConfidence);

  const instead = (now: Ms): UsdPrice => {
    if (onInvalid === 'halt') return Number.NaN;
    if (onInvalid !== 'fallback') return last.price;
    const reading = fallback?.read(now) ?? NO_READING;
    return acceptable(reading, now) ? reading.price : Number.NaN;
  };
  return {
    usd(now) {
      const reading = oracle.read(now);
      return acceptable(reading, now) ? reading.price : instead(now);
    },
    halts: (what, now) => onInvalid === `halt-${what}` && !acceptable(oracle.read(now), now),
    note(now) {
      const reading = oracle.read(now);
      if (acceptable(reading, now)) last = reading;
    },
  };
}
