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
  /** What it uses. */
  readonly gas: number;
  /** When it reached the mempool. */
  readonly arrival: Ms;
  /** Number of the submission, unique. */
  readonly sequence: number;
  /** A number drawn for it, where the order is random. */
  readonly lot?: number;
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

/** A builder's: what the whole bundle pays above the base fee decides, as he is paid by the bundle and not by its size. */
function byBid(a: Ranked, b: Ranked): number {
  return b.tip * b.gas - a.tip * a.gas || byArrival(a, b);
}

/** By lot, drawn for each as it is submitted: neither money nor speed helps. */
function byLot(a: Ranked, b: Ranked): number {
  return (a.lot ?? 0) - (b.lot ?? 0) || a.sequence - b.sequence;
}

/** The policies that a scenario may name. `arrival` is that of a sequencer. */
export const orderings = { fee: byFee, arrival: byArrival, random: byLot, auction: byBid } as const satisfies Record<string, Ordering>;

export type OrderName = keyof typeof orderings;
