/**
 * How often a law is tried: a hundred times in `npm test`, twenty times as often where BREAKWATER_LONG is set (as in CI).
 * A property that names its own number of runs should say `runs(n)`, so that the long suites reach it too.
 */
import fc from 'fast-check';

const LONGER = process.env.BREAKWATER_LONG ? 20 : 1;

/** `usual` runs, or as many more as the long suites ask for. */
export function runs(usual: number): number {
  return usual * LONGER;
}

fc.configureGlobal({ numRuns: runs(100) });
