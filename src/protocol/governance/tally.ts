/**
 * What has happened since the controller last looked. Part of it happens in bundles, and is taken back with a bundle that fails: all is
 * written through the journal.
 */
import { type Column, column } from '../../base/columns.ts';
import type { Ms, Usd } from '../../base/units.ts';

/** What a controller is told of the time since its last look; see ControllerView. */
export interface Tallied {
  readonly liquidatedUsd: Usd;
  /** Σ debt · time it was liquidatable before it was liquidated. */
  readonly waitedUsdMs: number;
  readonly shortfallUsd: Usd;
}

export interface Tally {
  liquidated(usd: Usd, waited: Ms): void;
  lost(usd: Usd): void;
  /** All of it, and begins anew. */
  take(): Tallied;
}

const LIQUIDATED = 0;
const WAITED = 1;
const LOST = 2;

/** @param set  writes a number so that a failed bundle takes it back */
export function createTally(set: (column: Column, index: number, value: number) => void): Tally {
  const sums = column(3);
  const add = (sum: number, value: number) => set(sums, sum, sums.data[sum] + value);
  return {
    liquidated(usd, waited) {
      add(LIQUIDATED, usd);
      add(WAITED, usd * waited);
    },
    lost: (usd) => add(LOST, usd),
    take() {
      const [liquidatedUsd, waitedUsdMs, shortfallUsd] = sums.data;
      for (const sum of [LIQUIDATED, WAITED, LOST]) set(sums, sum, 0);
      return { liquidatedUsd, waitedUsdMs, shortfallUsd };
    },
  };
}
