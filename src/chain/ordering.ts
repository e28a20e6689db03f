/**
 * Who goes first in a block: comparators by name. Each is total (the sequence number is the last word), so that the same bundles in
 * whatever memory order make the same block. A new policy is one more entry here; nothing else asks which policy it is. After
 * simtopia/verbs env/validator.rs, where the order of a block is a plug-in too.
 */
import type { Ms } from '../base/units.ts';

/** What an order may look at. */
export interface Ranked {
  /** Units of the gas asset per gas above the base fee. */
  readonly tip: number;
  /** When it reached the mempool. */
  readonly arrival: Ms;
  /** Number of the submission, unique. */
  readonly sequence: number;
}

/** Negative: `a` goes first. Never 0 for two different bundles. */
export type Ordering = (a: Ranked, b: Ranked) => number;

/** First come, first served. */
function byArrival(a: Ranked, b: Ranked): number {
  return a.arrival - b.arrival || a.sequence - b.sequence;
}

/** The better tip first; equal tips by arrival. The base fee is the same for all, so this is also the order of what the proposer earns. */
function byFee(a: Ranked, b: Ranked): number {
  return b.tip - a.tip || byArrival(a, b);
}

/** The policies that a scenario may name. */
export const orderings = { fee: byFee, arrival: byArrival } as const satisfies Record<string, Ordering>;

export type OrderName = keyof typeof orderings;
