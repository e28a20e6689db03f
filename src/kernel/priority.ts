/**
 * Who goes first among events of the same millisecond. Smaller runs earlier; equal priorities run in the order in which they were
 * scheduled. The gaps leave room; the order of actions *within* a block is not decided here but by the chain's ordering policy.
 */

/** 0 … 255. */
export type Priority = number;

/** Largest priority the queue can order. */
export const PRIORITY_MAX: Priority = 255;

export const PRIORITY = {
  /** Outside prices move first: whatever happens at t happens at the prices of t. */
  PRICE: 0,
  /** Messages that arrive at t are in the mempool before a block of t is built. */
  ARRIVAL: 10,
  /** The block executes what has arrived, at the prices of t. */
  BLOCK: 20,
  /** Oracles read venues after the block has moved them. */
  ORACLE: 30,
  /** Agents wake last of those who act: they see the block and the oracle's update of t, and can only act after t. */
  AGENT: 40,
  /** Probes see what t has become, and nobody acts between a probe and the end of its millisecond. */
  PROBE: 50,
} as const satisfies Record<string, Priority>;
