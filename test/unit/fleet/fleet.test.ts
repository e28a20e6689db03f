/** Every fleet gives the same answers to the same jobs, whoever runs them, and survives what a run does to it. */
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Fleet, Job, JobResult } from '../../../src/fleet/fleet.ts';
import { createInlineFleet } from '../../../src/fleet/inline.ts';
import { createThreadFleet } from '../../../src/fleet/threads.ts';
import { createRunner, STUB_RUNNER, type StubRunnerData } from '../../support/stub-runner.ts';

type Open = (data: StubRunnerData, signal?: AbortSignal) => Fleet;

const threads =
  (workers: number): Open =>
  (data, signal) =>
    createThreadFleet({ task: { module: STUB_RUNNER, data }, workers, ...(signal === undefined ? {} : { signal }) });

const FLEETS: Readonly<Record<string, Open>> = {
  'this thread': (data, signal) => createInlineFleet(createRunner(data), signal),
  'one worker': threads(1),
  'two workers': threads(2),
};

function opened(open: Open, data: StubRunnerData, signal?: AbortSignal): Fleet {
  const fleet = open(data, signal);
  onTestFinished(() => fleet.close());
  return fleet;
}

function jobs(count: number): Job[] {
  return Array.from({ length: count }, (_, id) => ({
    ...{ id, point: id % 3, seed: Math.floor(id / 3), replication: Math.floor(id / 3) },
    trace: id % 5 === 0 ? 'full' : 'none',
    checkEvery: 0,
  }));
}

async function collect(results: AsyncIterable<JobResult>): Promise<JobResult[]> {
  const found: JobResult[] = [];
  for await (const result of results) found.push(result);
  return found.sort((a, b) => a.job.id - b.job.id);
}

/** What must not depend on who ran it. */
const rows = (results: readonly JobResult[]) => results.map(({ job, outcome }) => ({ job, outcome }));

describe('SIM-3 one worker, several workers, this thread', () => {
  it('give the same rows', async () => {
    const [here, one, two] = await Promise.all(
      Object.values(FLEETS).map(async (open) => rows(await collect(opened(open, { facts: 50 }).run(jobs(200))))),
    );
    expect(here).toHaveLength(200);
    expect(here[5].outcome.events).toHaveLength(50);
    expect(one).toEqual(here);
    expect(two).toEqual(here);
  });
});

describe.each(Object.entries(FLEETS))('a fleet of %s', (_, open) => {
  it('turns a run that throws into a failed outcome and goes on', async () => {
    const results = await collect(opened(open, { throwsAt: [4], faultsAt: [6] }).run(jobs(30)));
    expect(results).toHaveLength(30);
    const failed = results.filter(({ outcome }) => outcome.status === 'failed');
    expect(failed.map(({ job, outcome }) => [job.seed, outcome.error?.code, outcome.error?.message, outcome.error?.seed])).toEqual([
      ...[0, 1, 2].map(() => [4, 'RUN_THREW', 'seed 4 throws', 4]),
      ...[0, 1, 2].map(() => [6, 'LEDGER_NEGATIVE', 'LEDGER_NEGATIVE: seed=6', 6]),
    ]);
  });

  it('stops when it is told to, and has yielded what was finished', async () => {
    const control = new AbortController();
    const results: JobResult[] = [];
    for await (const result of opened(open, { busyMs: 2 }, control.signal).run(jobs(100_000))) {
      results.push(result);
      if (results.length === 20) control.abort();
    }
    expect(results.length).toBeGreaterThanOrEqual(20);
    expect(results.length).toBeLessThan(1_000);
    expect(results.every(({ outcome }) => outcome.status === 'done')).toBe(true);
  });

  it('does nothing when it was told to stop before it began', async () => {
    expect(await collect(opened(open, {}, AbortSignal.abort()).run(jobs(10)))).toEqual([]);
  });

  it('draws jobs only as it needs them', async () => {
    let drawn = 0;
    let most = 0;
    let done = 0;
    function* source(): Generator<Job> {
      for (const job of jobs(1_500)) {
        drawn += 1;
        yield job;
      }
    }
    for await (const result of opened(open, { busyMs: 0.2 }).run(source())) {
      expect(result.outcome.status).toBe('done');
      done += 1;
      most = Math.max(most, drawn - done);
    }
    expect(done).toBe(1_500);
    // Runs of 0.2 ms make chunks of 100: two for each of two workers, one being filled, and what came back but was not yet taken.
    expect(most).toBeLessThan(1_000);
  });

  it('gives results to a source of jobs that waits for them', async () => {
    const seen: number[] = [];
    let told = Promise.withResolvers<void>();
    async function* source(): AsyncGenerator<Job> {
      for (const job of jobs(6)) {
        yield job;
        if (job.id % 2 === 1) {
          while (seen.length <= job.id) await told.promise;
        }
      }
    }
    const fleet = opened(open, {});
    for await (const { job } of fleet.run(source())) {
      seen.push(job.id);
      told.resolve();
      told = Promise.withResolvers<void>();
    }
    expect(seen.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('may be left early and used again', async () => {
    const fleet = opened(open, { busyMs: 1 });
    for await (const { job } of fleet.run(jobs(1_000))) if (job.id >= 3) break;
    expect(await collect(fleet.run(jobs(5)))).toHaveLength(5);
  });

  it('passes on what the source of jobs throws', async () => {
    const fleet = opened(open, {});
    function* source(): Generator<Job> {
      yield* jobs(2);
      throw new Error('no more seeds');
    }
    await expect(collect(fleet.run(source()))).rejects.toThrow('no more seeds');
  });
});

describe('a fleet of threads', () => {
  it('loses the run that killed its worker, and no other', async () => {
    const fleet = opened(threads(2), { diesAt: [7] });
    const results = await collect(fleet.run(jobs(300)));
    expect(results).toHaveLength(300);
    const lost = results.filter(({ outcome }) => outcome.status === 'failed');
    expect(lost.map(({ job, outcome }) => [job.seed, outcome.error?.code])).toEqual([
      [7, 'WORKER_LOST'],
      [7, 'WORKER_LOST'],
      [7, 'WORKER_LOST'],
    ]);
    expect(lost[0].outcome.error?.message).toContain('exited with code: 3');
  });

  it('says why no run could be made', async () => {
    const results = await collect(opened(threads(1), { neverStarts: true }).run(jobs(3)));
    expect(results.map(({ outcome }) => [outcome.error?.code, outcome.error?.message])).toEqual([
      ...[0, 1, 2].map(() => ['WORKER_UNPREPARED', 'no agents here']),
    ]);
  });

  it('ends what is still under way when it is left early', async () => {
    const fleet = opened(threads(1), { endlessAt: [1] });
    const [first, second] = jobs(2);
    for await (const { job } of fleet.run([first, { ...second, seed: 1 }])) if (job.id === 0) break;
    expect(await collect(fleet.run(jobs(3)))).toHaveLength(3);
  });

  it('drops a run that takes too long when it is told to stop', async () => {
    const control = new AbortController();
    const fleet = opened(threads(2), { busyMs: 60_000 }, control.signal);
    const start = performance.now();
    setTimeout(() => control.abort(), 300);
    expect(await collect(fleet.run(jobs(10)))).toEqual([]);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
