/** Correlation in an experiment: what it moves, whom it leaves alone, and what is refused. */
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../src/base/random.ts';
import { Flow } from '../../../src/market/flow.ts';
import { gbm } from '../../../src/price/gbm.ts';
import { needsAlone } from '../../../src/price/process.ts';
import { buildParts } from '../../../src/scenario/build.ts';
import { isProblems, loadExperiment, type Override } from '../../../src/scenario/load.ts';
import { formatProblem } from '../../../src/scenario/problem.ts';
import { builtIn, smallExperiment } from '../../support/small-world.ts';

const STEP = 12_000;
const process = (start: number) => ({ use: 'gbm', with: { start, volatility: 1 } });

/** The small world in which all prices move, with further assets, one key a line. */
function textWith(correlation: object | undefined, more: readonly string[] = []): string {
  const { world, ...rest } = smallExperiment({ agents: [] });
  const assets = { ...world.assets, ...Object.fromEntries(more.map((name) => [name, {}])) };
  const prices = { ...Object.fromEntries(more.map((name) => [name, process(1)])), USD: process(1), TKN: process(10), GAS: process(2_000) };
  return JSON.stringify(
    { ...rest, world: { ...world, assets, prices, ...(correlation === undefined ? {} : { correlation }) } },
    undefined,
    1,
  );
}

const load = (text: string, sets: readonly Override[] = []) =>
  loadExperiment(text, 'x.yaml', sets, { registry: builtIn, readText: () => undefined });

const told = (correlation: object) => {
  const answer = load(textWith(correlation));
  return isProblems(answer) ? answer.map(formatProblem) : [];
};

/** Prices of some steps by asset. */
function paths(text: string): Record<string, number[]> {
  const experiment = load(text);
  const scenario = isProblems(experiment) ? experiment : experiment.resolve([]);
  if (isProblems(scenario)) throw new Error(scenario.map(formatProblem).join('\n'));
  const { assets, prices } = buildParts(scenario, builtIn, 3, {
    fair: () => 1,
    now: () => 0,
    flow: () => new Flow({ halfLife: 1, lag: 1, blockTime: 1 }),
    report: () => 0,
  });
  const found: Record<string, number[]> = Object.fromEntries(assets.names.map((name) => [name, []]));
  for (let step = 1; step <= 40; step++) for (const [i, name] of assets.names.entries()) found[name].push(prices[i].next(step * STEP));
  return found;
}

describe('the prices of a world', () => {
  it('draw from the stream of their own asset where nothing is correlated', () => {
    const tkn = gbm.create({ start: 10, volatility: 1, drift: 0 }, needsAlone(randomFrom(3, 'price/TKN'), STEP));
    expect(paths(textWith(undefined)).TKN).toEqual(Array.from({ length: 40 }, (_, i) => tkn.next((i + 1) * STEP)));
  });

  it('are correlated where the experiment says so, and only there', () => {
    const [plain, tied] = [paths(textWith(undefined)), paths(textWith({ 'GAS,TKN': 0.9 }))];
    // TKN is named first among the assets, so it keeps its own path and GAS follows.
    expect([tied.USD, tied.TKN]).toEqual([plain.USD, plain.TKN]);
    expect(tied.GAS).not.toEqual(plain.GAS);
    expect(paths(textWith({ 'TKN,GAS': 0.9 }))).toEqual(tied);
  });

  it('SIM-2 an asset more, in no pair or in one of its own, changes nobody else', () => {
    const { USD, TKN, GAS } = paths(textWith({ 'TKN,GAS': 0.9 }));
    const more = paths(textWith({ 'TKN,GAS': 0.9 }, ['NEW']));
    expect({ USD: more.USD, TKN: more.TKN, GAS: more.GAS }).toEqual({ USD, TKN, GAS });
    const pair = paths(textWith({ 'TKN,GAS': 0.9, 'NEW,OLD': 0.5, 'NEW,GAS': 0.1 }, ['NEW', 'OLD']));
    expect({ USD: pair.USD, TKN: pair.TKN, GAS: pair.GAS }).toEqual({ USD, TKN, GAS });
  });

  it('may be correlated by --set', () => {
    const set = load(textWith(undefined), [{ path: 'world.correlation.TKN,GAS', value: 0.5 }]);
    expect(isProblems(set) ? set.map(formatProblem) : set.raw).toMatchObject({ world: { correlation: { 'TKN,GAS': 0.5 } } });
  });
});

describe('a correlation that cannot be', () => {
  const line = (correlation: object, word: string) =>
    textWith(correlation)
      .split('\n')
      .findIndex((one) => one.includes(word)) + 1;

  it.each([
    ['of an unknown asset', { 'TKN,ETH': 0.5 }, '"TKN,ETH"', /expected two of USD, TKN, GAS/],
    ['of an asset with itself', { 'TKN,TKN': 1 }, '"TKN,TKN"', /expected two of USD, TKN, GAS/],
    ['of three', { 'TKN,USD,GAS': 0.5 }, '"TKN,USD,GAS"', /expected two of USD, TKN, GAS/],
    ['beyond 1', { 'TKN,GAS': 1.2 }, '"TKN,GAS"', /found 1\.2, expected a number in \[-1, 1\]/],
    ['said twice', { 'TKN,GAS': 0.5, 'GAS,TKN': 0.5 }, '"correlation"', /found "TKN,GAS" and "GAS,TKN", expected each pair once/],
    // Eigenvalues of a matrix with 1 on its diagonal and −0.9 elsewhere: 1 − 2·0.9 = −0.8, and 1.9 twice.
    [
      'of three against each other',
      { 'TKN,GAS': -0.9, 'USD,TKN': -0.9, 'USD,GAS': -0.9 },
      '"correlation"',
      /found smallest eigenvalue -0\.8, expected no negative eigenvalue/,
    ],
  ])('%s is refused at its line', (_, correlation, word, expected) => {
    const found = told(correlation);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^x\\.yaml:${line(correlation, word)}:`));
    expect(found[0]).toMatch(expected);
  });
});

describe('shocks and common jumps in an experiment', () => {
  const withMore = (more: object, prices: object = {}) => {
    const raw = JSON.parse(textWith(undefined));
    return JSON.stringify({ ...raw, world: { ...raw.world, ...more, prices: { ...raw.world.prices, ...prices } } });
  };

  it('lie on top of prices that are what they were', () => {
    const plain = paths(textWith(undefined));
    const shocked = paths(withMore({}, { TKN: { ...process(10), shocks: [{ at: '2 min', factor: 0.5 }] } }));
    expect(shocked.TKN).toEqual(plain.TKN.map((price, step) => ((step + 1) * STEP < 120_000 ? price : price * 0.5)));
    expect(shocked.USD).toEqual(plain.USD);
    const jumping = paths(withMore({ commonJumps: [{ rate: 1e5, mean: -0.1, weights: { TKN: 1 } }] }));
    expect(jumping.USD).toEqual(plain.USD);
    expect(jumping.TKN).not.toEqual(plain.TKN);
  });

  it('are refused where they name what has no price, at the word', () => {
    const answer = load(withMore({ commonJumps: [{ rate: 1, mean: 0, weights: { XYZ: 1 } }] }));
    expect(isProblems(answer) ? answer.map(({ path, found }) => [path, found]) : []).toEqual([
      ['world.commonJumps.0.weights.XYZ', '"XYZ"'],
    ]);
  });
});
