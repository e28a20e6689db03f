/** Preparing a study: points, paired seeds, a fingerprint of what is asked, and every mistake with the place where it was written. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Registry } from '../../../src/agent/registry.ts';
import { loadAgents } from '../../../src/fleet/load-agents.ts';
import { isProblems } from '../../../src/scenario/load.ts';
import type { Problem } from '../../../src/scenario/problem.ts';
import { prepareStudy, type Study, type StudyInput } from '../../../src/study/prepare.ts';
import { jobsOf } from '../../../src/study/run-study.ts';
import { smallExperiment } from '../../support/small-experiment.ts';

let registry: Registry;
beforeAll(async () => {
  const loaded = await loadAgents();
  if (isProblems(loaded)) throw new Error('agents');
  registry = loaded;
});

function prepared(more: string, input: Partial<StudyInput> = {}): Promise<Study | readonly Problem[]> {
  return prepareStudy({ text: smallExperiment({ more }), file: 'x.yaml', registry, readText: () => undefined, ...input });
}

async function sound(more: string, input: Partial<StudyInput> = {}): Promise<Study> {
  const study = await prepared(more, input);
  if (isProblems(study)) throw new Error(JSON.stringify(study));
  return study;
}

const CASES = `cases: { calm: {}, wild: { world.prices.ETH.with.volatility: 3 } }
sweep:
  axes:
    world.venues.pool.with.fee: [0.003, 0.03]
    depth:
      - { label: deep, set: { world.venues.pool.with.quoteReserve: 9000000, horizon: 5 min } }
      - { label: thin, set: { world.venues.pool.with.quoteReserve: 90000 } }
`;

describe('a study', () => {
  it('has every case at every point of the axes, with what a labelled value sets', async () => {
    const { points, runs } = await sound(`${CASES}replications: 3\n`);
    expect(points.map(({ label }) => label).slice(0, 3)).toEqual([
      'calm, fee=0.003, depth=deep',
      'calm, fee=0.003, depth=thin',
      'calm, fee=0.03, depth=deep',
    ]);
    expect([points.length, runs]).toEqual([8, 24]);
    const last = points[6].scenario;
    expect([last.world.venues.pool.with.fee, last.world.prices.ETH.with.volatility, last.horizon]).toEqual([0.03, 3, 300_000]);
  });

  it('warns of a threshold beyond the toxic frontier, with its place, and runs all the same', async () => {
    const path = 'world.protocols.lend.markets.ETH.liquidationThreshold';
    const { warnings, runs } = await sound('', { sets: [{ path, value: 0.97 }] });
    expect(runs).toBe(1);
    expect(warnings).toEqual([
      { file: `--set ${path}`, line: 0, column: 0, path, found: '0.97', expected: 'below the toxic frontier 1/(1 + bonus) = 0.9524' },
    ]);
    expect((await sound('')).warnings).toEqual([]);
  });

  it('warns of a value of the command line that a case or an axis sets again, with both places', async () => {
    const fee = 'world.venues.pool.with.fee';
    const { warnings } = await sound(CASES, {
      sets: [
        { path: fee, value: 0.01 },
        { path: 'seed', value: 3 },
      ],
    });
    const line =
      smallExperiment({ more: CASES })
        .split('\n')
        .findIndex((one) => one.includes(`${fee}: [`)) + 1;
    expect(warnings.map(({ file, found }) => [file, found])).toEqual([
      [`--set ${fee}`, `a value that does nothing at every point, where sweep.axes.${fee}.0 (x.yaml:${line}:34) sets it again`],
    ]);
    const some = await sound(CASES, { sets: [{ path: 'world.prices.ETH.with', value: { start: 9, volatility: 1 } }] });
    expect(some.warnings).toEqual([]);
    const all = await sound('cases: { a: { agents.1.params.health: 2 }, b: {} }\n', {
      sets: [{ path: 'agents.borrower.params.health', value: 3 }],
    });
    expect(all.warnings[0].found).toMatch(
      /^a value that does nothing at 1 of 2 points, where cases\.a\.agents\.1\.params\.health \(x\.yaml:/,
    );
  });

  it('pairs its seeds over points, the first being the experiment’s own', async () => {
    const study = await sound(`${CASES}replications: 3\n`, { seed: 42 });
    const jobs = [...jobsOf(study, { trace: 'none', checkEvery: 0 }, () => false)];
    const seedsAt = (point: number) => jobs.filter((job) => job.point === point).map(({ seed }) => seed);
    expect(seedsAt(0)[0]).toBe(42);
    expect(new Set(seedsAt(0)).size).toBe(3);
    for (let point = 1; point < 8; point++) expect(seedsAt(point)).toEqual(seedsAt(0));
  });

  it('runs only what is not done, under the numbers that it would have had', async () => {
    const study = await sound('replications: 4\n');
    const all = [...jobsOf(study, { trace: 'none', checkEvery: 0 }, () => false)];
    const rest = [...jobsOf(study, { trace: 'none', checkEvery: 0 }, (_, seed) => seed === study.seeds[1])];
    expect(rest).toEqual(all.filter(({ seed }) => seed !== study.seeds[1]));
  });

  it('has a fingerprint of what is asked, not of how it is written or how often it is run', async () => {
    const plain = await sound('replications: 2\n');
    const [more, worded, other, set] = await Promise.all([
      sound('replications: 9\n'),
      sound('replications: 2\nassert: [trade_count >= 0]\n'),
      sound('replications: 2\nsweep: { axes: { world.venues.pool.with.fee: [0.01] } }\n'),
      sound('replications: 2\n', { sets: [{ path: 'horizon', value: '9 min' }] }),
    ]);
    expect([more.specHash, worded.specHash]).toEqual([plain.specHash, plain.specHash]);
    expect(new Set([plain.specHash, other.specHash, set.specHash]).size).toBe(3);
  });

  it('keeps the texts of the files that it read, so that it can be made again without them', async () => {
    const sets = [
      { path: 'world.prices.ETH.use', value: 'replay' },
      { path: 'world.prices.ETH.with.file', value: 'eth.csv' },
    ];
    const csv = 'time,open,high,low,close\n0,2000,2010,1900,1950\n3600000,1950,1960,1890,1930\n';
    const study = await sound('', { sets, readText: (path) => (path === 'eth.csv' ? csv : undefined) });
    expect(study.files).toEqual({ 'eth.csv': csv });
    const again = await prepareStudy({ text: JSON.stringify(study.raw), file: 'x.yaml', registry, readText: (path) => study.files[path] });
    expect(isProblems(again) ? again : again.specHash).toBe(study.specHash);
    const changed = await sound('', { sets, readText: () => csv.replace('1930', '1940') });
    expect(changed.specHash).not.toBe(study.specHash);
  });
});

describe('the profit of a role', () => {
  const group = 'agents.borrower.role: dip-buyer';
  const swept = `cases: { plain: {}, own: { ${group} } }\n`;

  it('may be measured and asserted where some point has the role', async () => {
    const { head } = await sound(
      `${swept}measure: [dip_buyer_profit_usd]\nassert: ['dip_buyer_profit_usd["own"] < lender_profit_usd["own"]']\n`,
    );
    expect(head.measure).toEqual(['dip_buyer_profit_usd']);
  });

  it('is refused where nobody has it, and those that there are are named', async () => {
    const answer = await prepared("measure: [dip_buyer_profit_usd, profit]\nassert: ['dip_buyer_profit_usd > 0']\n");
    const roles = await prepared("measure: [dip_buyer_profit_usd]\nassert: ['dip_buyer_profit_usd > 0']\n");
    if (!isProblems(answer) || !isProblems(roles)) throw new Error('sound');
    expect(answer.map(({ path, expected }) => [path, expected.includes('as in dip_buyer_profit_usd')])).toEqual([['measure.1', true]]);
    expect(roles.map(({ path }) => path)).toEqual(['measure.0', 'assert.0']);
    for (const { expected } of roles) expect(expected).toMatch(/; or the profit of a role here: borrower_profit_usd, .*lender_profit_usd/);
  });

  it('is suggested with underscores where a role was written with its hyphen', async () => {
    const measured = await prepared(`${swept}measure: [dip-buyer_profit_usd]\n`);
    const asserted = await prepared(`${swept}assert: ['dip-buyer_profit_usd["own"] > 0']\n`);
    if (!isProblems(measured) || !isProblems(asserted)) throw new Error('sound');
    for (const [{ expected }] of [measured, asserted]) expect(expected).toContain('(did you mean dip_buyer_profit_usd?)');
  });
});

describe('problems of a study', () => {
  it('are told once for all values and points of an axis whose path leads nowhere, with the path that was meant', async () => {
    const answer = await prepared(`sweep:
  axes:
    agents.borower.count: [1, 2, 3]
    world.venues.pool.with.fe:
      - 0.1
      - 0.2
`);
    const wrong = await prepared('sweep: { axes: { world.venues.pool.with.fe: [0.1, 0.2] } }\n');
    const lines = await prepared('sweep:\n  axes:\n    world.venues.pool.with.fe:\n      - 0.1\n      - 0.2\n      - 0.3\n');
    if (!isProblems(answer) || !isProblems(wrong) || !isProblems(lines)) throw new Error('sound');
    expect(answer.map(({ path, found, expected, column }) => [path, found, expected, column])).toEqual([
      [
        'agents.borower.count',
        'a path that leads nowhere',
        'a path of this experiment: after agents comes one of lender, borrower (did you mean borrower?)',
        5,
      ],
    ]);
    expect(wrong.map(({ found }) => found)).toEqual(['unknown key fe']);
    expect(lines.map(({ found }) => found)).toEqual([expect.stringMatching(/^unknown key fe \(and in lines \d+, \d+\)$/)]);
  });

  it('are told once, at the value that brought them, for all points and assertions', async () => {
    const more = `sweep:
  axes:
    world.venues.pool.with.fee: [0.003, 7]
    agents.borrower.count: [1, -1]
assert:
  - solvency_ratio_min["fee=0.003, count=1"] > 0 and trades > 1
  - 'traded > 1'
  - >
    solvency_ratio_min > > 1
`;
    const answer = await prepared(more);
    const column = (found: string) => Math.max(...more.split('\n').map((line) => line.indexOf(found))) + 1;
    if (!isProblems(answer)) throw new Error('sound');
    expect(answer.map(({ path, found, column: at }) => [path, found.slice(0, 14), at])).toEqual([
      ['world.venues.pool.with.fee', '7', column('7]')],
      ['agents.1.count', '-1', column('-1]')],
      ['assert.0', 'trades', column('trades')],
      ['assert.1', 'traded', column('traded')],
      ['assert.2', 'a syntax error', 5],
    ]);
    expect(new Set(answer.map(({ line }) => line)).size).toBe(5);
  });
});
