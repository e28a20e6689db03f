/**
 * What handing runs out costs: what a plain loop, one worker and two spend beside the runs themselves, as a share of what the runs took of
 * their own threads, so that a processor which is slower for one of them touches both sides; and how much two workers gain in wall time.
 */
import { availableParallelism } from 'node:os';
import type { Fleet, Job } from '../../src/fleet/fleet.ts';
import { createInlineFleet } from '../../src/fleet/inline.ts';
import { createThreadFleet } from '../../src/fleet/threads.ts';
import { createRunner, STUB_RUNNER } from '../support/stub-runner.ts';
import { atLeast, atMost, type BenchRow, figureRow, leastRow, skipped } from './harness.ts';

/** Iterations of the loop that stands for a run: about 10 ms. */
const SPIN = 3_500_000;
const JOBS = 100;
const FLEET_ROUNDS = 9;

function jobs(): Job[] {
  return Array.from({ length: JOBS }, (_, id) => ({ id, point: 0, seed: id, replication: id, trace: 'none', checkEvery: 0 }));
}

interface Spent {
  readonly wallMs: number;
  /** Of the whole process. */
  readonly cpuUs: number;
  /** Of the runs, in whichever thread. */
  readonly runsUs: number;
}

async function spend(fleet: Fleet): Promise<Spent> {
  const before = process.cpuUsage();
  const start = performance.now();
  let done = 0;
  let runsUs = 0;
  for await (const { outcome } of fleet.run(jobs())) {
    if (outcome.status !== 'done') continue;
    done += 1;
    runsUs += outcome.metrics.spun_cpu_us;
  }
  const { user, system } = process.cpuUsage(before);
  if (done !== JOBS) throw new Error(`${JOBS - done} runs failed`);
  return { wallMs: performance.now() - start, cpuUs: user + system, runsUs };
}

/** Workers are started once and warmed before anything counts; each round is begun by another contender. */
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
  const beside = (who: string, name: keyof typeof fleets) =>
    leastRow(
      `${who}: CPU beside the runs, share`,
      '',
      spent[name].map(({ cpuUs, runsUs }) => cpuUs / runsUs - 1),
    );
  const speed = 'two workers: wall time, share of twice as fast';
  // Both of one round: the machine must have had two processors to give in it.
  const best = Math.max(...spent.one.map(({ wallMs }, round) => wallMs / spent.two[round].wallMs / 2));
  return [
    leastRow(
      'a run',
      'ms',
      spent.here.map(({ runsUs }) => runsUs / 1000 / JOBS),
    ),
    beside('a plain loop', 'here'),
    atMost(beside('one worker', 'one'), 0.05),
    atMost(beside('two workers', 'two'), 0.05),
    availableParallelism() < 2 ? skipped(speed, 'one processor') : atLeast(figureRow(speed, '', best, 'best round'), 0.9),
  ];
}
