/**
 * A simulator that does as its data says, for tests of fleets: it may throw, die or take its time. Loaded by worker threads, so it imports
 * no test library.
 */
import { fault } from '../../src/base/fault.ts';
import type { Runner } from '../../src/fleet/fleet.ts';
import { stubOutcome } from './stub-outcome.ts';

export interface StubRunnerData {
  readonly facts?: number;
  /** Seeds by what happens to them. */
  readonly throwsAt?: readonly number[];
  readonly faultsAt?: readonly number[];
  readonly diesAt?: readonly number[];
  /** Busy for so long, ms. */
  readonly busyMs?: number;
  /** Busy for a minute at these seeds. */
  readonly endlessAt?: readonly number[];
  /** Iterations of a loop of additions; the metric `spun_cpu_us` says what CPU time they took of their thread. */
  readonly spin?: number;
  readonly neverStarts?: boolean;
}

export function createRunner(data: StubRunnerData): Runner {
  if (data.neverStarts) throw new Error('no agents here');
  return (point, options) => {
    const { seed } = options;
    if (data.throwsAt?.includes(seed)) throw new Error(`seed ${seed} throws`);
    if (data.faultsAt?.includes(seed)) fault('LEDGER_NEGATIVE', { seed });
    if (data.diesAt?.includes(seed)) process.exit(3);
    const until = performance.now() + (data.endlessAt?.includes(seed) ? 60_000 : (data.busyMs ?? 0));
    while (performance.now() < until);
    const outcome = stubOutcome(point, options, data.facts);
    return data.spin === undefined ? outcome : { ...outcome, ...spin(data.spin) };
  };
}

function spin(iterations: number): { readonly executed: number; readonly metrics: Readonly<Record<string, number>> } {
  const before = process.threadCpuUsage();
  let sum = 0;
  for (let i = 0; i < iterations; i += 1) sum = (sum + i * 3) % 1_000_003;
  const { user, system } = process.threadCpuUsage(before);
  return { executed: sum, metrics: { spun_cpu_us: user + system } };
}

export const STUB_RUNNER = import.meta.url;
