/** What is wrong with an input is said at once, each mistake with its place, and nothing runs: exit code 2. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { breakwater, called } from '../../support/command-line.ts';
import { sharedFolder } from '../../support/shared-folder.ts';
import { smallExperiment } from '../../support/small-experiment.ts';

const tempFolder = sharedFolder();

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = tempFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

describe.concurrent('the command line', () => {
  it('refuses what it does not know with the nearest thing that it does', async () => {
    const folder = tempFolder();
    const [command, option, number, missing] = await Promise.all([
      breakwater(['rnu', 'x.yaml'], folder),
      called(['run', 'x.yaml', '--wrokers', '2']),
      called(['run', 'x.yaml', '--runs', 'two']),
      called(['show']),
    ]);
    expect([command, option, number, missing].map(({ code, stdout }) => [code, stdout])).toEqual(Array(4).fill([2, '']));
    expect(command.stderr).toContain('there is no command "rnu"; did you mean run?');
    expect(option.stderr).toContain('run has no option --wrokers; did you mean --workers?');
    expect(number.stderr).toContain('runs: found NaN, expected a whole number, at least 1');
    expect((await called(['metrics', 'bad_debt_usd'])).stderr).toContain('metrics takes no bad_debt_usd');
  });

  it('shows help and version as data, quickly enough to be asked often', async () => {
    const [help, run, bare, version] = await Promise.all([['--help'], ['run', '--help'], [], ['--version']].map((args) => called(args)));
    expect([help, run, bare, version].map(({ code, stderr }) => [code, stderr])).toEqual(Array(4).fill([0, '']));
    expect(help.stdout).toContain('breakwater why 1');
    expect(run.stdout).toContain('--resume');
    expect(bare.stdout).toBe(help.stdout);
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+ \(Node \d+/);
  });

  it('tells all mistakes of all points at once, each where it was written', async () => {
    const text = smallExperiment({
      agents: ['{ use: lquidator, params: {} }', '{ use: noise-trader, params: { venue: pol }, wallet: { DAI: 3, USDC: 1e13 } }'],
      more: 'replicatoins: 3\n',
    });
    const { code, stdout, stderr } = await called(['run', join(folderWith({ 'x.yaml': text }), 'x.yaml')]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/x\.yaml:\d+:1 replicatoins: found unknown key replicatoins/);
    expect(stderr).toMatch(/x\.yaml:\d+:\d+ agents\.2\.use: found "lquidator", expected .*did you mean liquidator\?/);
  });

  it('tells wrong names and impossible amounts, at the value of the axis that brings them', async () => {
    const more = `sweep:
  axes:
    world.venues.pool.with.fee: [0.003, much, 2]
    fund:
      - { label: none, set: { world.protocols.lend.fund: {} } }
      - { label: endless, set: { world.protocols.lend.fund: { USDC: 1e13 } } }
      - { label: unknown, set: { world.protocols.lend.fund: { DAI: 1 } } }
assert: [bad_debt_usd == 0, 'bad_dept_usd["fee=0.003, fund=none"] > 0', bad_debt_usd]
`;
    const text = smallExperiment({ more });
    const lines = text.split('\n');
    const at = (found: string) => {
      const line = lines.findIndex((one) => one.includes(found));
      return `x.yaml:${line + 1}:${lines[line].indexOf(found) + 1}`;
    };
    const { code, stderr } = await called(['run', join(folderWith({ 'x.yaml': text }), 'x.yaml')]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${at('much')} world.venues.pool.with.fee: found "much"`);
    expect(stderr).toMatch(/units of USDC in all \(6 decimals\), expected at most 2\^53/);
    expect(stderr).toContain('found "DAI", expected the name of an asset');
    expect(stderr).toContain(`${at('bad_dept_usd')} assert.1: found bad_dept_usd, expected a metric: one of`);
    expect(stderr).toContain(`${at('bad_debt_usd]')} assert.2: found a number, expected a condition`);
    // Each once, though the first two are wrong at three points each.
    expect(stderr.match(/found "much"/g)).toHaveLength(1);
  });

  it('refuses zips that do not close, values that stand twice and grids without end', async () => {
    const zip = smallExperiment({ more: 'sweep: { design: zip, axes: { seed: [1, 2], replications: [1, 1, 1] } }\n' });
    const many = Array.from({ length: 400 }, (_, i) => i).join(', ');
    const grid = smallExperiment({ more: `sweep: { axes: { seed: [${many}], horizon: [${many}] } }\n` });
    const folder = folderWith({ 'zip.yaml': zip, 'grid.yaml': grid });
    const [zipped, endless] = await Promise.all(['zip.yaml', 'grid.yaml'].map((file) => called(['run', join(folder, file)])));
    expect(zipped.stderr).toMatch(/found 3 values, expected 2, as many as seed has/);
    expect(zipped.stderr).toMatch(/found 1, expected each value or label of an axis once/);
    expect(endless.stderr).toMatch(/found 160000 points, expected at most 100000/);
    expect([zipped.code, endless.code]).toEqual([2, 2]);
  });

  it('reads YAML as data: no tags, no alias bombs, no giants', async () => {
    const nine = (name: string) => Array(9).fill(name).join(', ');
    const doubled = ['b', 'c', 'd', 'e', 'f'].map((name, i) => `${name}: &${name} [${nine(`*${'abcde'[i]}`)}]`);
    const bomb = [`a: &a [${nine('x')}]`, ...doubled, ''].join('\n');
    const files = {
      'tag.yaml': smallExperiment().replace('horizon: 10 min', 'horizon: !!js/function "() => 1"'),
      'bomb.yaml': bomb,
      'giant.yaml': `# ${'x'.repeat(11 * 2 ** 20)}\n`,
    };
    const folder = folderWith(files);
    const [tag, bombed, giant] = await Promise.all(Object.keys(files).map((file) => called(['run', join(folder, file)])));
    expect([tag, bombed, giant].map(({ code }) => code)).toEqual([2, 2, 2]);
    expect(tag.stderr).toMatch(/tag\.yaml:\d+:\d+: found .*tag/i);
    expect(bombed.stderr).toMatch(/alias/);
    expect(giant.stderr).toMatch(/giant\.yaml: found 11\.0 MB, expected a file of at most 10 MB/);
  });

  it('says what is wrong with a file, a folder of agents and a value of --set', async () => {
    const folder = folderWith({ 'x.yaml': smallExperiment(), 'agents/broken.ts': 'export default { name: "other" };\n' });
    const [file, agents, set] = await Promise.all([
      called(['run', 'bzx-2021']),
      called(['run', join(folder, 'x.yaml')]),
      called(['run', 'bzx-2020', '--set', 'seed', '--set', 'horizon=[1', '--dry-run']),
    ]);
    expect([file, agents, set].map(({ code }) => code)).toEqual([2, 2, 2]);
    expect(file.stderr).toMatch(/bzx-2021: found no such file, expected an experiment: .*did you mean bzx-2020\?/);
    expect(agents.stderr).toMatch(/agents.broken\.ts: found something else, expected a default export made by defineAgent/);
    expect(set.stderr).toMatch(/--set seed: found no =/);
    expect(set.stderr).toMatch(/--set horizon=\[1: found .*, expected a value in YAML/);
  });

  it('says in a sentence what is wrong with the database, and leaves it as it was', async () => {
    const folder = folderWith({ 'x.yaml': smallExperiment(), 'text.db': 'not a database, but long enough to be looked at\n'.repeat(30) });
    const foreign = new Database(join(folder, 'foreign.db'));
    foreign.exec('CREATE TABLE theirs (x)');
    const databases = ['text.db', 'foreign.db', 'nowhere/x.db'];
    const ends = await Promise.all(databases.map((db) => called(['run', join(folder, 'x.yaml'), '--db', join(folder, db)])));
    expect(foreign.prepare('SELECT count(*) AS n FROM sqlite_schema').get()).toEqual({ n: 1 });
    foreign.close();
    expect(ends.map(({ code, stdout }) => [code, stdout])).toEqual(Array(3).fill([2, '']));
    const sentences = [/not an SQLite database/, /another program/, /no such folder/];
    for (const [i, sentence] of sentences.entries()) expect(ends[i].stderr).toMatch(sentence);
    for (const { stderr } of ends) expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
