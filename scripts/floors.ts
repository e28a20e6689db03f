/**
 * The floors of the house, the ground floor first: a folder of `src/` imports only from itself and from those named before it.
 * Said once, here; `.dependency-cruiser.mjs` enforces it and the house tests read it.
 */

export const FLOORS = [
  'base',
  'kernel',
  'ledger',
  'formula',
  'game',
  'search',
  'record',
  'market',
  'price',
  'chain',
  'oracle',
  'protocol',
  'agent',
  'scenario',
  'run',
  'fleet',
  'study',
  'report',
  'lab',
  'cli',
] as const;

/** The floors on which a run is simulated: no clock, no waiting, no Node; the same bits everywhere. */
export const SIMULATED: readonly string[] = FLOORS.slice(0, FLOORS.indexOf('fleet'));
