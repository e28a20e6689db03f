/** From the text of an experiment to scenarios: everything that can be wrong, where it is wrong, and what is filled in. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Experiment, isProblems, loadExperiment, type Override } from '../../../src/scenario/load.ts';
import { formatProblem, type Problem } from '../../../src/scenario/problem.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { builtIn, smallExperiment } from '../../support/small-world.ts';

const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');

const FILES: Readonly<Record<string, string>> = {
  // An hour is missing after the second bar, and the last has its low above its high.
  'gaps.csv': 'time,open,high,low,close\n1584000000,1,1,1,1\n1584003600,1,1,1,1\n1584010800,1,1,1,1\n1584014400,1,2,3,1\n',
  'hours.csv': 'time,open,high,low,close\n1584000000,1,1,1,1\n1584003600,1,2,1,2\n',
};
const context = { registry: builtIn, readText: (path: string) => FILES[path] };

function lines(answer: Experiment | Scenario | readonly Problem[]): string[] {
  return isProblems(answer) ? answer.map(formatProblem) : [];
}

function sound<T>(answer: T): Exclude<T, readonly Problem[]> {
  if (isProblems(answer)) throw new Error(answer.map(formatProblem).join('\n'));
  return answer as Exclude<T, readonly Problem[]>;
}

describe('a file with every kind of mistake', () => {
  const text = fixture('every-mistake.yaml');
  const found = lines(loadExperiment(text, 'every-mistake.yaml', [], context));

  it('is answered with all of them at once, each with place, path, what was found and what was expected', () => {
    expect([...found].sort()).toEqual(fixture('every-mistake.txt').trim().split('\n').sort());
  });

  it('is told of each mistake at the very word that is wrong', () => {
    const places = found.flatMap((line) => {
      const [, row, column, what] = /^every-mistake\.yaml:(\d+):(\d+) \S+ found (?:unknown key |")?([\w.-]+)/.exec(line) ?? [];
      return row === undefined || what === 'nothing' ? [] : [{ row: Number(row), column: Number(column), what }];
    });
    expect(places.length).toBeGreaterThan(30);
    for (const { row, column, what } of places) {
      const rest = text.split('\n')[row - 1].slice(column - 1);
      if (what !== '9.100e') expect(rest.startsWith(what), `${row}:${column} ${what} in ${rest}`).toBe(true);
    }
  });
});

describe('a file that is no experiment', () => {
  it.each([
    ['nothing', '', 'a.yaml:1:1: found null, expected a block with $schema, name'],
    ['a list', '- 1\n', 'a.yaml:1:1: found [1], expected a block with $schema, name'],
    ['a block without a world', 'name: a\nworld: 5\n', 'a.yaml:2:8 world: found 5, expected a block with assets, prices, correlation'],
  ])('but %s is told so', (_, text, start) => {
    expect(lines(loadExperiment(text, 'a.yaml', [], context)).some((line) => line.startsWith(start))).toBe(true);
  });
});

const lender = { use: 'lender', params: { protocol: 'lend', asset: 'USD' }, wallet: { USD: 1000 } };
const borrower = { use: 'borrower', name: 'second', count: 2, params: { protocol: 'lend', collateral: 'TKN', debt: 'USD' } };

/** The small world as a text whose first lines are a case and an axis. */
function small(more: object = {}, sets: readonly Override[] = [], agents: readonly object[] = [lender, borrower]): Experiment {
  return sound(loadExperiment(JSON.stringify({ ...smallExperiment({ agents }), ...more }, undefined, 1), 'small.json', sets, context));
}

describe('a sound experiment', () => {
  it('has its defaults filled in', () => {
    const experiment = small();
    expect(experiment.head).toMatchObject({
      seed: 1,
      replications: 1,
      record: { trace: 'none', sample: undefined },
      sweep: { design: 'grid', axes: {} },
      cases: {},
      measure: [],
      assert: [],
    });
    const { world, agents, horizon, sample } = sound(experiment.resolve([]));
    expect({ horizon, sample }).toEqual({ horizon: 3_600_000, sample: 18_000 });
    expect(world.step).toBe(12_000);
    expect(world.outside).toEqual({ spread: 0.001 });
    expect(world.chain).toMatchObject({ blockTime: 12_000, order: 'fee', flash: { fee: 0.0009, funds: {} } });
    expect(world.venues.pool.with.fee).toBe(0.003);
    const { risk, liquidation, marginTradeCheck, markets } = world.protocols.lend;
    expect(risk).toEqual({ use: 'static', with: {} });
    expect(liquidation).toMatchObject({ use: 'fixed-bonus', with: { closeFactor: 0.5 } });
    expect(marginTradeCheck).toBe(true);
    expect(markets.USD).toMatchObject({ oracle: 'usd', borrowable: true, ltv: 0 });
    expect(agents.map(({ name, count, latency, wallet }) => ({ name, count, latency, wallet }))).toEqual([
      { name: 'lender', count: 1, latency: { constant: 0 }, wallet: { USD: 1000 } },
      { name: 'second', count: 2, latency: { constant: 0 }, wallet: {} },
    ]);
    expect(agents[1].params).toMatchObject({ health: 1.5, collateralShare: 1, openAt: 0 });
  });

  it('has a fund and a socialised loss behind a protocol that names no backstop', () => {
    const { world, ...rest } = smallExperiment({ agents: [] });
    const { backstop: _, ...protocol } = world.protocols.lend;
    const text = JSON.stringify({ ...rest, world: { ...world, protocols: { lend: protocol } } });
    const scenario = sound(sound(loadExperiment(text, 'a.json', [], context)).resolve([]));
    expect(scenario.world.protocols.lend.backstop.map(({ use }) => use)).toEqual(['insurance-fund', 'socialise']);
  });

  it('holds the text of the files that it names', () => {
    const tkn = { path: 'world.prices.TKN', value: { use: 'replay', with: { file: 'hours.csv' } } };
    const scenario = sound(small().resolve([tkn]));
    expect(scenario.world.prices.TKN.with.file).toEqual({ file: 'hours.csv', text: FILES['hours.csv'] });
    const missing = small().resolve([{ ...tkn, value: { use: 'replay', with: { file: 'none.csv' } } }]);
    expect(lines(missing)[0]).toContain('world.prices.TKN.with.file: found "none.csv", expected a file that can be read');
  });

  it('is plain data: a point survives JSON', () => {
    const scenario = sound(small().resolve([]));
    expect(JSON.parse(JSON.stringify(scenario))).toEqual(scenario);
  });

  it('applies overrides in order, the point over the command line', () => {
    const experiment = small({}, [{ path: 'horizon', value: '2 h' }]);
    expect(experiment.horizon).toBe(7_200_000);
    expect(sound(experiment.resolve([])).horizon).toBe(7_200_000);
    const point = [
      { path: 'horizon', value: '3 h' },
      { path: 'agents.second.count', value: 5 },
    ];
    expect(sound(experiment.resolve(point))).toMatchObject({ horizon: 10_800_000, agents: [{ count: 1 }, { count: 5 }] });
  });
});

describe('a mistake in an override', () => {
  const cases = { cases: { far: { 'agents.second.count': -1 } } };

  it('is told where the command line said it, by the path that was typed', () => {
    const sets = [
      { path: 'agents.second.count', value: -1 },
      { path: 'world.chain.blockTim', value: 1 },
      // What is wrong is what leads to the value, and there is nothing of it in the file.
      { path: 'world.protocols.lend.fnd.USD', value: 1 },
      { path: 'world.venues.pond.with.fee', value: 0.1 },
    ];
    const text = JSON.stringify(smallExperiment({ agents: [lender, borrower] }));
    const found = lines(loadExperiment(text, 'small.json', sets, context)).map((line) => line.replace(/, expected.*/, ''));
    expect(found).toContain('--set agents.second.count agents.1.count: found -1');
    expect(found).toContain('--set world.chain.blockTim: found unknown key blockTim');
    expect(found).toContain('--set world.protocols.lend.fnd.USD world.protocols.lend.fnd: found unknown key fnd');
    expect(found).toContainEqual(expect.stringMatching(/^--set world\.venues\.pond\.with\.fee world\.venues\.pond\.use: found nothing/));
  });

  it('is told where the file wrote it: the case or the value of the axis', () => {
    const experiment = small(cases);
    const text = JSON.stringify({ ...smallExperiment({ agents: [lender, borrower] }), ...cases }, undefined, 1);
    const [line] = lines(experiment.resolve([{ path: 'agents.second.count', value: -1, origin: ['cases', 'far', 'agents.second.count'] }]));
    const row = text.split('\n').findIndex((one) => one.includes('agents.second.count')) + 1;
    expect(line).toMatch(new RegExp(`^small\\.json:${row}:\\d+ agents\\.1\\.count: found -1`));
    expect(text.split('\n')[row - 1].slice(Number(line.split(':')[2].split(' ')[0]) - 1)).toMatch(/^-1/);
  });

  it('that leaves a part without what it needs is told at the choice of the part', () => {
    const [line] = lines(small().resolve([{ path: 'world.prices.TKN.use', value: 'gbm' }]));
    expect(line).toBe('--set world.prices.TKN.use world.prices.TKN.with: found nothing, expected a block with start, volatility, drift');
  });

  it('in a place without one is told at the file', () => {
    const [line] = lines(small().resolve([{ path: 'world.venues', value: {} }]));
    expect(line).toMatch(/^small\.json:\d+:\d+ world\.oracles\.tkn\.source: found "pool", expected outside, a venue or another oracle/);
  });

  it('is told at the last override of a place', () => {
    const point = [
      { path: 'world.chain', value: { blockTime: '1 s' } },
      { path: 'world.chain.blockTime', value: 'soon' },
    ];
    expect(lines(small().resolve(point))[0]).toMatch(/^--set world\.chain\.blockTime: found "soon"/);
  });

  it('that leads nowhere is told, and so is every other', () => {
    const answer = small().resolve([
      { path: 'agents.nobody.count', value: 1 },
      { path: 'name.first', value: 1 },
    ]);
    expect(lines(answer)).toEqual([
      'command line agents.nobody.count: found a path that leads nowhere, expected a path of this experiment: ' +
        'after agents comes one of lender, second',
      'command line name.first: found a path that leads nowhere, expected a path of this experiment: nothing comes after name',
    ]);
  });
});

describe('an average that has to see its whole window first', () => {
  const cold = (warm: boolean, window: string, more: object = {}) =>
    lines(
      loadExperiment(
        JSON.stringify(
          { ...smallExperiment({ agents: [lender], oracle: { use: 'twap', with: { window, warm } }, horizon: '1 h' }), ...more },
          undefined,
          1,
        ),
        'small.json',
        [],
        context,
      ),
    );

  it('is refused a window longer than the horizon, in which it would never speak', () => {
    expect(cold(false, '61 min')).toEqual([
      expect.stringMatching(/^small\.json:\d+:\d+ world\.oracles\.tkn\.with: found silent for 61 min, expected to speak within .* 1 h$/),
    ]);
  });

  it('may have one as long, or any if it was warm; and of a horizon that is none nothing is said', () => {
    expect(cold(false, '1 h')).toEqual([]);
    expect(cold(true, '2 h')).toEqual([]);
    expect(cold(false, '2 h', { horizon: 'long' }).filter((line) => line.includes('silent'))).toEqual([]);
  });
});

describe('amounts', () => {
  const wallets = (...tokens: unknown[]) => tokens.map((USD, i) => ({ ...lender, name: `lender-${i}`, wallet: { USD } }));
  const tryAmounts = (agents: readonly object[], pool?: readonly [number, number]) =>
    lines(loadExperiment(JSON.stringify(smallExperiment({ agents, ...(pool && { pool }) })), 'a.json', [], context));

  it('are counted over everybody, draws at their most, and 2^53 − 1 units are the end', () => {
    // The pool holds 1e12 units of USD.
    const room = (Number.MAX_SAFE_INTEGER - 1e12) / 1e6;
    expect(tryAmounts(wallets(4e9, 5e9))).toEqual([]);
    expect(tryAmounts(wallets(Math.floor(room)))).toEqual([]);
    expect(tryAmounts(wallets(Math.ceil(room)))[0]).toContain('units of USD in all (6 decimals)');
    expect(tryAmounts(wallets(4e9, { uniform: [0, 6e9] }))[0]).toContain('agents.1.wallet.USD');
    expect(tryAmounts(wallets({ lognormal: [1e6, 1] }))[0]).toContain('agents.0.wallet.USD');
    expect(tryAmounts([{ ...lender, count: 10, wallet: { USD: 1e9 } }])[0]).toContain('agents.0.wallet.USD');
  });

  it('of a pool that opens at the outside price are counted too', () => {
    const { world, ...rest } = smallExperiment({ agents: [], tkn: { use: 'constant', with: { start: 1e-6 } } });
    const { baseReserve: _, ...params } = world.venues.pool.with;
    const text = JSON.stringify({ ...rest, world: { ...world, venues: { pool: { use: 'constant-product', with: params } } } });
    expect(lines(loadExperiment(text, 'a.json', [], context))[0]).toContain(
      'world.venues.pool.with.baseReserve: found 1.000e+18 units of TKN',
    );
  });
});

describe('a position in a script', () => {
  const take = (position: string) => ({ do: 'liquidate', protocol: 'lend', position, debt: 'USD', collateral: 'TKN', amount: 'max' });
  const scripted = (position: string) => ({ use: 'scripted', params: { script: [{ at: 0, actions: [take(position)] }] } });
  const found = (position: string) =>
    lines(loadExperiment(JSON.stringify(smallExperiment({ agents: [lender, borrower, scripted(position)] })), 'a.json', [], context));

  it('belongs to an agent that is there', () => {
    expect(found('second/1')).toEqual([]);
    for (const nobody of ['second/2', 'borrower/0']) {
      expect(found(nobody)).toEqual([
        expect.stringContaining(`found "${nobody}", expected an agent: one of lender/0 … 0, second/0 … 1, scripted/0 … 0`),
      ]);
    }
  });
});
