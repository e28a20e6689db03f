/**
 * Margin calls: whoever's health falls below a warning level is called, and has some time to bring it back above; then the account may be
 * liquidated as if it were below maintenance. Knows who was called and until when; whoever asks supplies who is below.
 */
import type { Ms, Ratio } from '../../base/units.ts';

export interface MarginCallTerms {
  /** Health below which an account is called; above 1. */
  readonly level: Ratio;
  /** Time to answer. */
  readonly time: Ms;
}

/** An account that was called, and the fact that tells of it: the cause of what its owner does. */
export interface Called {
  readonly position: number;
  readonly fact: number;
}

export interface MarginCalls {
  /** Takes in who is below the level now, ascending; answers who was called for the first time. */
  update(below: readonly number[], at: Ms): readonly number[];
  /** When the time of a called account is over; undefined for who was not called. */
  deadline(position: number): Ms | undefined;
  /** Whether it was called and its time is over. */
  expired(position: number, at: Ms): boolean;
  /** Called accounts whose time is over, ascending. */
  overdue(at: Ms): readonly number[];
}

export function createMarginCalls({ time }: MarginCallTerms): MarginCalls {
  /** Not undone with a bundle: it is never changed within one. */
  const deadlines = new Map<number, Ms>();
  const deadline = (position: number) => deadlines.get(position);
  const expired = (position: number, at: Ms) => (deadlines.get(position) ?? Number.POSITIVE_INFINITY) <= at;
  return {
    update(below, at) {
      const still = new Set(below);
      for (const position of deadlines.keys()) if (!still.has(position)) deadlines.delete(position);
      const called = below.filter((position) => !deadlines.has(position));
      for (const position of called) deadlines.set(position, at + time);
      return called;
    },
    deadline,
    expired,
    overdue: (at) => [...deadlines.keys()].filter((position) => expired(position, at)).sort((a, b) => a - b),
  };
}
