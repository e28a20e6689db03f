/** Running: what is recorded, what comes out, and that stopping half-way and going on gives what going through gives. */
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../../src/record/sqlite.ts';
import { isStoreProblem, type MeasuredRun } from '../../../src/record/store.ts';
import { breakwater, type Ended, start } from '../../support/command-line.ts';
import { sharedFolder } from '../../support/shared-folder.ts';
import { agentFile, smallExperiment } from '../../support/small-experiment.ts';

const tempFolder = sharedFolder();

function folderWith(experiment: string, agents: Readonly<Record<string, string>> = {}): string {
  const folder = tempFolder();
  mkdirSync(join(folder, 'agents'));
  writeFileSync(join(folder, 'x.yaml'), experiment);
  for (const [name, body] of Object.entries(agents)) writeFileSync(join(folder, 'agents', `${name}.ts`), agentFile(name, body));
  return folder;
}

/** What a record holds, without numbers that depend on when it was written. */
function rows(file: string): readonly Omit<MeasuredRun, 'id' | 'wallMs'>[] {
  const store = openStore(file, { readonly: true });
  if (isStoreProblem(store)) return [];
  const runs = store.findRuns();
  store.close();
  if (isStoreProblem(runs)) return [];
  return runs.map(({ id: _, wallMs: __, ...row }) => row).sort((a, b) => a.position - b.position || a.replication - b.replication);
}

const TRADER = '{ use: noise-trader, count: 2, params: { venue: pool, rate: 600, size: 5000 }, wallet: { USDC: 100000, ETH: 50 } }';
const SWEPT = smallExperiment({
  agents: [TRADER],
  more: 'replications: 3\nsweep: { axes: { world.venues.pool.with.fee: [0.003, 0.03] } }\n',
});

describe.concurrent('a run', () => {
  it('prints a table to stdout and all else to stderr, without colours where there is no terminal', async () => {
    const folder = folderWith(SWEPT);
    const { code, stdout, stderr } = await breakwater(['run', 'x.yaml'], folder);
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toMatch(/^fee +runs/);
    expect(stdout).not.toContain('\u001b');
    expect(stderr).toContain('Does anything happen');
    expect(stderr).toMatch(/3 seeds from 1.*6 runs/);
    expect(stderr).toContain(`Results go into ${join(realpathSync(folder), 'results', 'breakwater.db')}, which was made just now.`);
    const again = await breakwater(['run', 'x.yaml', '--runs', '1', '--seed', '9', '--set', 'horizon=9 min'], folder);
    expect(again.stderr).not.toContain('Results go into');
    const { stdout: listed } = await breakwater(['list'], folder);
    expect(listed).toMatch(/^ +1 +small +2 +6 of 6 +1 +/m);
    expect(listed).toMatch(/^ +2 +small +2 +2 of 6 +7 +/m);
    expect(rows(join(folder, 'results', 'breakwater.db'))).toHaveLength(8);
  });

  it('counts one run as one', async () => {
    const { stderr } = await breakwater(['run', 'x.yaml'], folderWith(smallExperiment({ agents: [TRADER] })));
    expect(stderr).toMatch(/seed 1; 1 run in /);
  });

  it('says that fewer seeds than the file asks for may be why an assertion failed', async () => {
    const more = "replications: 3\nassert: ['lo(trade_count) > 1e9']\n";
    const folder = folderWith(smallExperiment({ agents: [TRADER], more }));
    const [few, all] = [await breakwater(['run', 'x.yaml', '--runs', '2'], folder), await breakwater(['run', 'x.yaml'], folder)];
    expect(few.stderr).toContain("2 of the file's 3 seeds were run: assertions on intervals may fail for that alone.");
    expect(all.stderr).not.toContain('seeds were run');
    expect([few.code, all.code]).toEqual([1, 1]);
  });

  it('prints one JSON document that is the same from threads as from one thread', async () => {
    const folder = folderWith(SWEPT);
    const ends = await Promise.all(
      ['inline', 'threads'].map((engine) =>
        breakwater(['run', 'x.yaml', '--json', '--engine', engine, '--workers', '2', '--db', `${engine}.db`], folder),
      ),
    );
    const [inline, threads] = ends.map(({ stdout }) => ({
      ...(JSON.parse(stdout) as { points: { label: string; runs: number }[] }),
      wallMs: 0,
    }));
    expect(inline.points.map(({ label, runs }) => [label, runs])).toEqual([
      ['fee=0.003', 3],
      ['fee=0.03', 3],
    ]);
    expect(threads).toEqual(inline);
    expect(rows(join(folder, 'threads.db'))).toEqual(rows(join(folder, 'inline.db')));
  });

  it('takes overrides, and warns of an axis that could not have mattered', async () => {
    const experiment = smallExperiment({ more: 'replications: 2\nsweep: { axes: { world.chain.flash.fee: [0, 0.001] } }\n' });
    const folder = folderWith(experiment);
    const args = ['run', 'x.yaml', '--seed', '7', '--runs', '1', '--set', 'horizon=2 min', '--set', 'world.venues.pool.with.fee=0.01'];
    const { code, stderr } = await breakwater(args, folder);
    expect(code).toBe(0);
    expect(stderr).toMatch(/warning: world\.chain\.flash\.fee could not have mattered: over 1 pair of runs/);
    expect(rows(join(folder, 'results', 'breakwater.db')).map(({ seed }) => seed)).toEqual([7, 7]);
  });

  it('ends with 1 and numbers when an assertion does not hold, and says which', async () => {
    const folder = folderWith(smallExperiment({ more: 'assert: [solvency_ratio_min >= 1, trade_count > 5]\n' }));
    const { code, stdout } = await breakwater(['run', 'x.yaml'], folder);
    expect(code).toBe(1);
    expect(stdout).toMatch(/holds {3}solvency_ratio_min >= 1\nFAILED {2}trade_count > 5\n +trade_count is \d/);
  });

  it('counts its work without recording anything', async () => {
    const folder = folderWith(SWEPT);
    const { code, stdout } = await breakwater(['run', 'x.yaml', '--dry-run'], folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/2 points × 3 seeds = 6 runs of 10 min/);
    expect(existsSync(join(folder, 'results'))).toBe(false);
  });

  it('waits for a database that another process writes, then says so in one sentence and runs nothing', async () => {
    const folder = folderWith(smallExperiment());
    const locked = new Database(join(folder, 'locked.db'));
    locked.exec('PRAGMA journal_mode = DELETE; CREATE TABLE t (x); BEGIN EXCLUSIVE');
    const { code, stdout, stderr } = await breakwater(['run', 'x.yaml', '--db', 'locked.db'], folder);
    locked.close();
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^locked\.db is being written by another process; [^\n]*\n$/);
  });

  it('lets an agent that throws end its own run and no other', async () => {
    const more = 'replications: 2\ncases: { calm: {}, wild: { agents.thrower.count: 1 } }\n';
    const folder = folderWith(smallExperiment({ agents: ['{ use: thrower, count: 0 }'], more }), {
      thrower: "if (view.at > 60_000) throw new Error('no more of this')",
    });
    const { code, stderr } = await breakwater(['run', 'x.yaml'], folder);
    expect(code).toBe(1);
    expect(rows(join(folder, 'results', 'breakwater.db')).map(({ label, status, errorCode }) => [label, status, errorCode])).toEqual([
      ['calm', 'done', undefined],
      ['calm', 'done', undefined],
      ['wild', 'failed', 'AGENT_THREW'],
      ['wild', 'failed', 'AGENT_THREW'],
    ]);
    const run = /run (\d+) \(wild\), seed 1: AGENT_THREW/.exec(stderr)?.[1] ?? '';
    const shown = await breakwater(['show', run], folder);
    expect(shown.stdout).toMatch(/FAILED with AGENT_THREW at 0:01:12, during event \d+, seed 1:\n {2}thrower\/0: no more of this/);
  });
});

describe.concurrent('an interrupted run', () => {
  const slow = { slowpoke: 'let x = 0; for (let i = 0; i < 600_000; i += 1) x += i % 7; if (x < 0) return {}' };
  const experiment = smallExperiment({ agents: [TRADER, '{ use: slowpoke }'], more: 'replications: 40\n' });

  it('keeps what was finished, says how to go on, and resumes to the rows of one that was not interrupted', async () => {
    const folder = folderWith(experiment, slow);
    const db = join(folder, 'stopped.db');
    const through = breakwater(['run', 'x.yaml', '--db', 'through.db', '--engine', 'inline', '--json'], folder);
    const { child, ended } = start(['run', 'x.yaml', '--db', 'stopped.db', '--engine', 'inline'], folder);
    while (rows(db).length === 0 && child.exitCode === null) await wait(20);
    child.kill('SIGINT');
    const stopped = await ended;
    expect(stopped.code).toBe(130);
    const kept = rows(db).length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(40);
    expect(stopped.stderr).toMatch(
      new RegExp(`Interrupted: ${kept} of 40 runs are kept in stopped.db. To go on: .* run x.yaml --db stopped.db --resume`),
    );
    const resumed = await breakwater(['run', 'x.yaml', '--db', 'stopped.db', '--resume', '--json'], folder);
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toContain(`${kept} of 40 runs were there already.`);
    const whole = await through;
    expect(rows(db)).toEqual(rows(join(folder, 'through.db')));
    const document = ({ stdout }: Ended) => ({ ...(JSON.parse(stdout) as object), wallMs: 0 });
    expect(document(resumed)).toEqual(document(whole));
  });
});

describe.concurrent('a folder of one’s own', () => {
  it('is made by init, runs at once from anywhere, and is never overwritten', async () => {
    const folder = tempFolder();
    const made = await breakwater(['init', 'mine'], folder);
    expect(made.code).toBe(0);
    const hint = /Next: (.*)/.exec(made.stderr)?.[1];
    expect(readFileSync(join(folder, 'mine', 'experiment.yaml'), 'utf8').split('\n')[0]).toBe(
      `# One question in one file. Run it: ${hint}`,
    );
    const before = readFileSync(join(folder, 'mine', 'experiment.yaml'), 'utf8');
    const [run, again] = await Promise.all([breakwater(['run', 'mine/experiment.yaml'], folder), breakwater(['init', 'mine'], folder)]);
    expect(run.stderr).toContain('Next:');
    expect([run.code, again.code]).toEqual([0, 2]);
    expect(again.stderr).toMatch(/there already; nothing was written/);
    expect(readFileSync(join(folder, 'mine', 'experiment.yaml'), 'utf8')).toBe(before);
  });
});
