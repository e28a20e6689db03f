/**
 * What a run returns: numbers and rows, nothing that points into the world, so that a worker can hand it over and a database can
 * hold it.
 */
import type { Ms, Units, Usd } from '../base/units.ts';
import type { RecordedEvent, TraceLevel } from '../record/recorder.ts';

/** One line of the final account: what a party had, has and made, of one asset. */
export interface PartyLine {
  /** Name of the ledger account, e.g. `liquidator/3`. */
  readonly account: string;
  readonly role: string;
  readonly asset: string;
  readonly startUnits: Units;
  /** Wallet plus claims; fractional where a claim is a share of a loss. */
  readonly endUnits: Units;
  /** (end − start) at the fair price of the end of the run; all lines of a run sum to zero (PNL-1). */
  readonly profitUsd: Usd;
}

/** Why a run ended before its horizon. */
export interface RunError {
  readonly code: string;
  readonly message: string;
  /** Number and time of the event in progress. */
  readonly event: number;
  readonly atMs: Ms;
  readonly seed: number;
}

export interface Sample {
  readonly probe: string;
  readonly at: Ms;
  readonly value: number;
}

export interface Outcome {
  readonly status: 'done' | 'failed';
  /** 'horizon', or 'drained' when nothing was left to happen, or 'fault'. */
  readonly stop: 'horizon' | 'drained' | 'fault';
  readonly traceHash: string;
  /** By name, units in the name; see METRICS. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly parties: readonly PartyLine[];
  readonly events: readonly RecordedEvent[];
  readonly samples: readonly Sample[];
  readonly error?: RunError;
  /** Names of the dense ids that events speak of. */
  readonly names: {
    readonly accounts: readonly string[];
    readonly assets: readonly string[];
    readonly decimals: readonly number[];
    readonly venues: readonly string[];
    readonly oracles: readonly string[];
    readonly agents: readonly string[];
    /** `protocol/asset` of each market: markets of all protocols are numbered one after the other. */
    readonly markets: readonly string[];
    /** `protocol/contract` of each contract: likewise. */
    readonly contracts: readonly string[];
    /** `protocol/owner` of each position, `#n` behind it for a sub-account or lot: likewise numbered over all protocols. */
    readonly positions: readonly string[];
    readonly refusals: readonly string[];
  };
  /** Simulated time reached. */
  readonly endMs: Ms;
  /** Kernel events executed. */
  readonly executed: number;
}

export interface RunOptions {
  readonly seed: number;
  readonly trace: TraceLevel;
  /** Check the laws every so many events; 0 never. */
  readonly checkEvery: number;
}
