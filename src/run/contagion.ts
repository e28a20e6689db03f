/**
 * How a failure spreads between the protocols of a world: which could not pay its claims first, which followed, and what their lenders lost
 * by distance from the first. A protocol stands on another when it takes that one's receipt as collateral or lends it; the distance is
 * counted in such steps. Watches at samples; nothing in the world sees it.
 */
import type { Ms, Ratio, Usd } from '../base/units.ts';
import type { Protocol } from '../protocol/protocol.ts';
import { standsOn } from './receipts.ts';

/** Assets below claims by less than this part is a loss of rounding, not insolvency. */
export const ROUNDING = 1e-6;
/** Distances that losses are told apart by: 0 is the first to fail, the last gathers what is farther or unconnected. */
const HOPS = 3;

export interface Contagion {
  /** Takes in how one protocol stands at a sample. */
  note(protocol: number, solvency: Ratio, at: Ms): void;
  /** Of the whole run; absent numbers where nothing failed. @param lossUsd  what the lenders of each protocol lost */
  close(lossUsd: readonly Usd[]): Record<string, number>;
}

/** @param onFailure  told of each protocol's first failure */
export function createContagion(
  protocols: readonly Protocol[],
  onFailure: (protocol: number, solvency: Ratio, hop: number) => void,
): Contagion {
  const failedAt: (Ms | undefined)[] = protocols.map(() => undefined);
  let first = -1;
  let hops: readonly number[] = [];

  return {
    note(protocol, solvency, at) {
      if (failedAt[protocol] !== undefined || !(solvency < 1 - ROUNDING)) return;
      failedAt[protocol] = at;
      if (first < 0) {
        first = protocol;
        hops = distances(protocols, first);
      }
      onFailure(protocol, solvency, hops[protocol]);
    },
    close(lossUsd) {
      const failures = failedAt.filter((at) => at !== undefined);
      const losses = Array.from({ length: HOPS }, () => 0);
      for (const [protocol, usd] of lossUsd.entries()) losses[first < 0 ? 0 : Math.min(HOPS - 1, hops[protocol])] += usd;
      return {
        failed_protocol_count: failures.length,
        ...(failures.length > 0 ? { first_failure_ms: Math.min(...failures), last_failure_ms: Math.max(...failures) } : {}),
        ...Object.fromEntries(losses.map((usd, hop) => [`lender_loss_hop_${hop}_usd`, usd])),
      };
    },
  };
}

/** Steps from `origin` to each protocol, along receipts; Infinity where none lead there. */
function distances(protocols: readonly Protocol[], origin: number): readonly number[] {
  const steps = protocols.map((_, protocol) => (protocol === origin ? 0 : Number.POSITIVE_INFINITY));
  for (let round = 1; round < protocols.length; round++) {
    for (const [protocol, upper] of protocols.entries()) {
      for (const [other, lower] of protocols.entries()) {
        if (standsOn(upper, lower) && steps[other] + 1 < steps[protocol]) steps[protocol] = steps[other] + 1;
      }
    }
  }
  return steps;
}
