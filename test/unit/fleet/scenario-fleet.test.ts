/** SIM-3 on a real experiment: the rows that end up in the record do not depend on who ran them. */
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Fleet, Job, JobResult } from '../../../src/fleet/fleet.ts';
import { createInlineFleet } from '../../../src/fleet/inline.ts';
import { OWN_AGENTS } from '../../../src/fleet/load-agents.ts';
import { createRunner, type RunnerData, scenarioTask } from '../../../src/fleet/scenario-runner.ts';
import { createThreadFleet } from '../../../src/fleet/threads.ts';
import { openStore } from '../../../src/record/sqlite.ts';
import { isStoreProblem } from '../../../src/record/store.ts';
import { seedOf } from '../../../src/study/seeds.ts';
import { realPoints } from '../../support/real-points.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const threePoints = async () => (await realPoints('attack-cost-by-oracle')).points.slice(0, 3);

const JOBS: readonly Job[] = Array.from({ length: 12 }, (_, id) => ({
  ...{ id, point: id % 3, replication: Math.floor(id / 3), seed: seedOf(1, Math.floor(id / 3)) },
  trace: id === 5 ? 'full' : 'none',
  checkEvery: 0,
}));

async function collect(fleet: Fleet): Promise<JobResult[]> {
  onTestFinished(() => fleet.close());
  const results: JobResult[] = [];
  for await (const result of fleet.run(JOBS)) results.push(result);
  return results.sort((a, b) => a.job.id - b.job.id);
}

/** What the record holds after these results, but for what is measured by a clock. */
function recorded(results: readonly JobResult[]): unknown {
  const store = openStore(join(tempFolder(), 'runs.db'));
  if (isStoreProblem(store)) throw new Error(store.message);
  onTestFinished(() => store.close());
  const experiment = {
    name: 'x',
    question: 'x?',
    spec: {},
    specHash: 's',
    codeHash: 'c',
    nodeVersion: 'v',
    createdAt: '2026-01-01T00:00:00.000Z',
  };
  const id = store.saveExperiment(experiment) as number;
  const points = [0, 1, 2].map((position) => store.savePoint(id, { position, label: '', params: {} }) as number);
  return results.map(({ job: { point, seed, replication, trace }, outcome }) => {
    const saved = store.saveRun({ point: points[point], seed, replication, trace, wallMs: 0, outcome });
    return isStoreProblem(saved) ? saved : store.readRun(saved.run);
  });
}

it('SIM-3 one worker, two workers and this thread leave the same rows', async () => {
  const data: RunnerData = { points: await threePoints(), agentFolders: [OWN_AGENTS] };
  const here = await collect(createInlineFleet(await createRunner(data)));
  expect(here.map(({ outcome }) => outcome.status)).toEqual(JOBS.map(() => 'done'));
  expect(here[5].outcome.events.length).toBeGreaterThan(100);
  const rows = recorded(here);
  for (const workers of [1, 2]) {
    const there = await collect(createThreadFleet({ task: scenarioTask(data), workers }));
    expect(there.map(({ outcome }) => outcome.traceHash)).toEqual(here.map(({ outcome }) => outcome.traceHash));
    expect(recorded(there)).toEqual(rows);
  }
});

it('a fleet that keeps summaries hands over no samples, but a trace where one was asked for', async () => {
  const data: RunnerData = { points: await threePoints(), agentFolders: [OWN_AGENTS], keep: 'summary' };
  const results = await collect(createThreadFleet({ task: scenarioTask(data), workers: 1 }));
  const traced = results.filter(({ outcome }) => outcome.samples.length > 0);
  expect(traced.map(({ job }) => job.id)).toEqual([5]);
  expect(results[0].outcome.parties.every(({ account }) => account.endsWith('/*'))).toBe(true);
  const sum = results[0].outcome.parties.reduce((total, { profitUsd }) => total + profitUsd, 0);
  const gross = results[0].outcome.parties.reduce((total, { profitUsd }) => total + Math.abs(profitUsd), 0);
  expect(gross).toBeGreaterThan(0);
  expect(Math.abs(sum)).toBeLessThan(gross * 1e-9);
});
