/**
 * What handing runs out costs: a sweep on one worker beside a plain loop over the same runs, and two workers beside one. Runs of a known
 * length, so that the fleet is timed and not the simulator.
 */
import { availableParallelism } from 'node:os';
import type { Fleet, Job } from '../../src/fleet/fleet.ts';
import { createInlineFleet } from '../../src/fleet/inline.ts';
import { createThreadFleet } from '../../src/fleet/threads.ts';
import { createRunner, STUB_RUNNER } from '../support/stub-runner.ts';
import { atLeast, atMost, type BenchRow, row, skipped } from './harness.ts';

/** Iterations of the loop that stands for a run: about 10 ms. */
const SPIN = 3_500_000;
const JOBS = 100;
/** More than elsewhere, and each begun by another contender: a goal of one twentieth is finer than what a shared machine does by itself. */
const FLEET_ROUNDS = 9;

function jobs(): Job[] {
  return Array.from({ length: JOBS }, (_, id) => ({ id, point: 0, seed: id, replication: id, trace: 'none', checkEvery: 0 }));
}

interface Spent {
  readonly wallMs: number;
  readonly cpuMs: number;
}

async function spend(fleet: Fleet): Promise<Spent> {
  const before = process.cpuUsage();
  const start = performance.now();
  let done = 0;
  for await (const { outcome } of fleet.run(jobs())) if (outcome.status === 'done') done += 1;
  const { user, system } = process.cpuUsage(before);
  if (done !== JOBS) throw new Error(`${JOBS - done} runs failed`);
  return { wallMs: performance.now() - start, cpuMs: (user + system) / 1000 };
}

/** Workers are started once and warmed before anything counts. */
export async function fleetBench(): Promise<BenchRow[]> {
  const data = { spin: SPIN };
  const threads = (workers: number) => createThreadFleet({ task: { module: STUB_RUNNER, data }, workers });
  const fleets = { here: createInlineFleet(createRunner(data)), one: threads(1), two: threads(2) };
  const spent: Record<keyof typeof fleets, Spent[]> = { here: [], one: [], two: [] };
  const names = ['here', 'one', 'two'] as const;
  for (let round = -1; round < FLEET_ROUNDS; round += 1) {
    for (const name of [...names.slice(round % 3), ...names.slice(0, round % 3)]) {
      const cost = await spend(fleets[name]);
      if (round >= 0) spent[name].push(cost);
    }
  }
  for (const fleet of Object.values(fleets)) await fleet.close();
  const ratio = (of: (i: number) => number) => Array.from({ length: FLEET_ROUNDS }, (_, i) => of(i));
  const loop = row(
    'a run in a plain loop',
    'ms',
    ratio((i) => spent.here[i].cpuMs / JOBS),
  );
  const one = row(
    'one worker: CPU of the plain loop, times',
    '',
    ratio((i) => spent.one[i].cpuMs / spent.here[i].cpuMs),
  );
  const efficiency = row(
    'two workers: CPU of one, times',
    '',
    ratio((i) => spent.two[i].cpuMs / spent.one[i].cpuMs),
  );
  const speed = 'two workers: wall time, share of twice as fast';
  // Wall time is at the mercy of whatever else the machine does: the best round counts.
  const best = Math.max(...ratio((i) => spent.one[i].wallMs / spent.two[i].wallMs / 2));
  const wall = availableParallelism() < 2 ? skipped(speed, 'one processor') : atLeast(row(speed, '', [best], 'best round'), 0.9);
  return [loop, atMost(one, 1.05), atMost(efficiency, 1 / 0.95), wall];
}
