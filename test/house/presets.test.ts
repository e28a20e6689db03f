/** A preset says what it is, from where and from when, and can be used: each is filled into a world that has only what it needs. */
import { describe, expect, it } from 'vitest';
import { OWN_PRESETS, presetsIn } from '../../src/fleet/preset-folders.ts';
import { loadExperiment } from '../../src/scenario/load.ts';
import { type Preset, type PresetKind, parsePreset, presetUse } from '../../src/scenario/preset.ts';
import { formatProblem, isProblems } from '../../src/scenario/problem.ts';
import { builtIn } from '../support/small-world.ts';
import { matching, stem } from './tree.ts';

const files = matching(/^experiments\/presets\/.*\.yaml$/);
const shelf = presetsIn([OWN_PRESETS]);

function presetOf(name: string): Preset {
  const file = shelf.read(name);
  const preset = file === undefined ? [] : parsePreset(name, file);
  if (isProblems(preset)) throw new Error(preset.map(formatProblem).join('\n') || `no preset ${name}`);
  return preset;
}

const ASSETS = ['T0', 'T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7'];
const oracleOf = (asset: string) => `${asset}-oracle`;

/** What is given for needs: assets one after the other; for `xOracle` the oracle of x, for `oracle` that of the first asset. */
function given({ needs }: Preset): Record<string, string> {
  const names = Object.keys(needs);
  const assets = names.filter((need) => !/oracle$/i.test(need));
  const assetOf = (need: string) => ASSETS[Math.max(0, assets.indexOf(need))];
  return Object.fromEntries(
    names.map((need) => [need, assets.includes(need) ? assetOf(need) : oracleOf(assetOf(need.replace(/Oracle$/, '')))]),
  );
}

/** The blocks of a world that a preset of each kind joins. */
const WORLDS: Readonly<Record<PresetKind, (block: object) => object>> = {
  chain: (chain) => ({ chain }),
  price: (price) => ({ prices: { ...prices, T0: price } }),
  venue: (venue) => ({ venues: { venue } }),
  oracle: (oracle) => ({ oracles: { ...oracles, other: { asset: 'T0', source: 'outside', ...oracle } } }),
  protocol: (protocol) => ({ protocols: { protocol } }),
  market: (market) => ({ protocols: { lend: { markets: { T0: market } } } }),
  risk: (risk) => ({ protocols: { lend: { markets: {}, risk } } }),
  liquidation: (liquidation) => ({ protocols: { lend: { markets: {}, liquidation } } }),
  backstop: (backstop) => ({ protocols: { lend: { markets: {}, backstop: [backstop] } } }),
};

const prices = Object.fromEntries(ASSETS.map((asset) => [asset, { use: 'constant', with: { start: 1 } }]));
const oracles = Object.fromEntries(ASSETS.map((asset) => [oracleOf(asset), { asset, source: 'outside', use: 'spot' }]));

/** The smallest experiment in which the preset stands. */
function experimentWith(preset: Preset): string {
  const block = { use: presetUse(preset.name), ...given(preset) };
  return JSON.stringify({
    name: 'presets',
    question: 'Can it be used?',
    model: { what: 'A preset in a world of its own.', notice: ['it'], try: ['another'], sources: ['none'] },
    world: { assets: Object.fromEntries(ASSETS.map((asset) => [asset, {}])), prices, oracles, ...WORLDS[preset.kind](block) },
    agents: [],
    horizon: '1 h',
  });
}

describe('presets', () => {
  it('are there', () => {
    expect(files.length).toBeGreaterThan(4);
    expect(files.map(stem).sort((a, b) => (a < b ? -1 : 1))).toEqual(shelf.names);
  });

  it.each(files.map(stem))('%s is named as its file, has a kind, sources with a repository or paper, and a day', (name) => {
    const preset = presetOf(name);
    expect(preset.name).toBe(name);
    for (const source of preset.source) expect(source).toMatch(/\w+\/[\w.-]+|arXiv|doi/);
    expect(Date.parse(preset.date)).toBeGreaterThan(Date.parse('2016-01-01'));
    expect(new Date(preset.date).toISOString().slice(0, 10)).toBe(preset.date);
  });

  it.each(files.map(stem))('%s loads in an experiment that gives what it needs', (name) => {
    const experiment = loadExperiment(experimentWith(presetOf(name)), `${name} in use`, [], {
      registry: builtIn,
      readText: () => undefined,
      presets: shelf,
    });
    const scenario = isProblems(experiment) ? experiment : experiment.resolve([]);
    expect(isProblems(scenario) ? scenario.map(formatProblem) : []).toEqual([]);
    expect(JSON.stringify(scenario)).not.toContain(presetUse(''));
  });
});
