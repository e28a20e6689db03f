/** Presets in experiments: what they fill in, what may be put over them, and who is told what when something in them is wrong. */
import { describe, expect, it } from 'vitest';
import { type Experiment, isProblems, loadExperiment, type Override } from '../../../src/scenario/load.ts';
import { formatProblem, type Problem } from '../../../src/scenario/problem.ts';
import type { Scenario, WorldSpec } from '../../../src/scenario/scenario.ts';
import { builtIn, smallExperiment } from '../../support/small-world.ts';

/** A preset file. Its block begins in line 7, or in the line after its needs. */
const file = (name: string, kind: string, block: string, needs = '') => `name: ${name}
title: A preset of a test
kind: ${kind}
source: [none]
date: 2026-11-25
${needs === '' ? '' : `needs: { ${needs} }\n`}block:
${block.replace(/^/gm, '  ')}
`;

const PRESETS: Readonly<Record<string, string>> = {
  tight: file('tight', 'market', 'ltv: 0.4\nliquidationThreshold: 0.45\nbonus: 0.02', 'oracle: the oracle that prices it'),
  loose: file('loose', 'market', 'ltv: 0.7\nliquidationThreshold: 0.75\nborrowable: false', 'oracle: the oracle that prices it'),
  half: file('half', 'liquidation', 'use: fixed-bonus\nwith: { closeFactor: 0.4, fullCloseBelow: 0.9 }'),
  bank: file(
    'bank',
    'protocol',
    `markets:
  $money: { oracle: $moneyOracle }
  $token: { use: preset/tight, oracle: $tokenOracle, bonus: 0.03 }
liquidation: { use: preset/half, with: { fullCloseUsd: 5 } }
backstop: [{ use: insurance-fund }, { use: socialise }]
fund: { $money: 7 }`,
    'money: what is lent, moneyOracle: its oracle, token: the collateral, tokenOracle: its oracle',
  ),
  typo: file('typo', 'market', 'bonus: 0.02\nliquidationTreshold: 0.45', 'oracle: the oracle that prices it'),
  broken: 'name: broken\ntitle: [\n',
  circle: file('circle', 'liquidation', 'use: preset/round'),
  round: file('round', 'liquidation', 'use: preset/circle'),
};

const shelf = {
  names: Object.keys(PRESETS),
  read: (name: string) => (PRESETS[name] === undefined ? undefined : { file: `presets/${name}.yaml`, text: PRESETS[name] }),
};
const context = { registry: builtIn, readText: () => undefined, presets: shelf };

/** The small world with another protocol, or other parts of its own; one key a line. */
function textWith(change: (world: Record<string, Record<string, object>>) => void, more: object = {}): string {
  const experiment = smallExperiment({ agents: [] });
  change(experiment.world as never);
  return JSON.stringify({ ...experiment, ...more }, undefined, 1);
}

function load(text: string, sets: readonly Override[] = []): Experiment | readonly Problem[] {
  return loadExperiment(text, 'x.yaml', sets, context);
}

function sound<T>(answer: T | readonly Problem[]): T {
  if (isProblems(answer)) throw new Error(answer.map(formatProblem).join('\n'));
  return answer as T;
}

const told = (answer: unknown) => (isProblems(answer) ? answer.map(formatProblem) : []);
const worldOf = (text: string, overrides: readonly Override[] = []): WorldSpec =>
  sound<Scenario>(sound<Experiment>(load(text)).resolve(overrides)).world;
const set = (path: string, value: unknown): Override => ({ path, value });

const market = textWith(({ protocols }) => {
  Object.assign((protocols.lend as { markets: object }).markets, { TKN: { use: 'preset/tight', oracle: 'tkn' } });
});
const bank = textWith(({ protocols }) => {
  protocols.lend = { use: 'preset/bank', money: 'USD', moneyOracle: 'usd', token: 'TKN', tokenOracle: 'tkn' };
});

describe('a preset', () => {
  it('fills in its block, and leaves no trace of itself in the scenario', () => {
    const { lend } = worldOf(market).protocols;
    expect(lend.markets.TKN).toMatchObject({ oracle: 'tkn', ltv: 0.4, liquidationThreshold: 0.45, bonus: 0.02, borrowable: true });
    expect(JSON.stringify(worldOf(market))).not.toContain('preset');
  });

  it('gives way to what stands in the experiment, key by key', () => {
    const text = textWith(({ protocols }) => {
      protocols.lend = {
        ...protocols.lend,
        markets: { TKN: { use: 'preset/tight', oracle: 'tkn', ltv: 0.3 }, USD: { oracle: 'usd' } },
        liquidation: { use: 'preset/half', with: { closeFactor: 1 } },
      };
    });
    const { markets, liquidation } = worldOf(text).protocols.lend;
    expect(markets.TKN).toMatchObject({ ltv: 0.3, liquidationThreshold: 0.45 });
    expect(liquidation).toMatchObject({ use: 'fixed-bonus', with: { closeFactor: 1, fullCloseBelow: 0.9 } });
  });

  it('may name what is asked of it, as keys and as values, and use other presets', () => {
    const { lend } = worldOf(bank).protocols;
    expect(Object.keys(lend.markets)).toEqual(['USD', 'TKN']);
    expect(lend.markets.TKN).toMatchObject({ oracle: 'tkn', ltv: 0.4, bonus: 0.03 });
    expect(lend.liquidation.with).toMatchObject({ closeFactor: 0.4, fullCloseUsd: 5 });
    expect(lend.fund).toEqual({ USD: 7 });
  });

  it('takes lists from the experiment whole', () => {
    const text = bank.replace('"use": "preset/bank"', '"use": "preset/bank", "backstop": [{ "use": "socialise" }]');
    expect(worldOf(text).protocols.lend.backstop.map(({ use }) => use)).toEqual(['socialise']);
  });

  it('loses the parameters of a part that the experiment replaces', () => {
    const text = bank.replace('"use": "preset/bank"', '"use": "preset/bank", "liquidation": { "use": "fixed-bonus" }');
    expect(worldOf(text).protocols.lend.liquidation.with).toMatchObject({ closeFactor: 0.5, fullCloseUsd: 0 });
  });
});

describe('overrides of a block that a preset fills in', () => {
  const tkn = 'world.protocols.lend.markets.TKN';

  it('set its values', () => {
    expect(worldOf(market, [set(`${tkn}.ltv`, 0.44)]).protocols.lend.markets.TKN).toMatchObject({ ltv: 0.44, bonus: 0.02 });
    expect(worldOf(bank, [set(`${tkn}.ltv`, 0.44)]).protocols.lend.markets.TKN).toMatchObject({ ltv: 0.44, bonus: 0.03 });
    const other = worldOf(bank, [set('world.protocols.lend.liquidation.with.closeFactor', 0.6)]).protocols.lend.liquidation;
    expect(other.with).toMatchObject({ closeFactor: 0.6, fullCloseBelow: 0.9 });
  });

  it('swap the preset and keep what was put over it', () => {
    const { TKN } = worldOf(market, [set(`${tkn}.bonus`, 0.01), set(`${tkn}.use`, 'preset/loose')]).protocols.lend.markets;
    expect(TKN).toMatchObject({ oracle: 'tkn', ltv: 0.7, borrowable: false, bonus: 0.01 });
    const nested = worldOf(bank, [set(`${tkn}.use`, 'preset/loose')]).protocols.lend.markets.TKN;
    expect(nested).toMatchObject({ ltv: 0.7, bonus: 0.03 });
  });

  it('give other names to what it needs', () => {
    expect(worldOf(bank, [set('world.protocols.lend.tokenOracle', 'tkn')]).protocols.lend.markets.TKN.oracle).toBe('tkn');
    const wrong = sound<Experiment>(load(bank)).resolve([set('world.protocols.lend.tokenOracle', 'usd')]);
    expect(told(wrong)).toEqual([
      expect.stringMatching(/^--set world\.protocols\.lend\.tokenOracle world\S+TKN\.oracle: found "usd", expected an oracle of TKN/),
    ]);
  });

  it('reach members of a list that only the preset has', () => {
    const { backstop } = worldOf(bank, [set('world.protocols.lend.backstop.socialise.use', 'reserve')]).protocols.lend;
    expect(backstop.map(({ use }) => use)).toEqual(['insurance-fund', 'reserve']);
    const nobody = sound<Experiment>(load(bank)).resolve([set('world.protocols.lend.backstop.nobody.use', 'reserve')]);
    expect(told(nobody)[0]).toContain('after world.protocols.lend.backstop comes one of insurance-fund, socialise');
  });
});

describe('what is wrong', () => {
  it.each([
    [
      'a preset that is not there',
      'preset/tihgt',
      /^x\.yaml:\d+:\d+ \S+TKN\.use: found "preset\/tihgt", expected a market: one of preset\/tight, .*\(did you mean preset\/tight\?\)$/,
    ],
    [
      'a preset of another kind',
      'preset/half',
      /TKN\.use: found "preset\/half" \(a liquidation\), expected a market: one of preset\/tight/,
    ],
  ])('%s is told where it is asked for, with those that there are', (_, use, expected) => {
    const found = told(load(market.replace('preset/tight', use)));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  it('is a preset where none can be filled in', () => {
    const text = market.replace('"step": "12 s"', '"step": "12 s", "outside": { "use": "preset/tight" }');
    expect(told(load(text))[0]).toMatch(
      /world\.outside\.use: found "preset\/tight", expected a preset only where it can fill a chain, price/,
    );
  });

  it('in a preset is told with its file and line, and with the path in the experiment', () => {
    expect(told(load(market.replace('preset/tight', 'preset/typo')))).toEqual([
      expect.stringMatching(
        /^presets\/typo\.yaml:9:3 world\.protocols\.lend\.markets\.TKN\.liquidationTreshold: found unknown key liquidationTreshold/,
      ),
    ]);
    expect(told(load(market.replace('preset/tight', 'preset/broken')))[0]).toMatch(/^presets\/broken\.yaml:\d+:\d+: found/);
  });

  it('through values of the experiment is told there, and through both where the refused value stands', () => {
    const over = (value: string) => told(load(market.replace('"use": "preset/tight"', `"use": "preset/tight", ${value}`)));
    expect(over('"ltv": 2')[0]).toMatch(/^x\.yaml:\d+:\d+ \S+TKN\.ltv: found 2/);
    expect(over('"liquidationThreshold": 0.3')).toEqual([
      'presets/tight.yaml:8:8 world.protocols.lend.markets.TKN.ltv: found 0.4, expected at most liquidationThreshold, 0.3',
    ]);
    const typed = sound<Experiment>(load(market)).resolve([set('world.protocols.lend.markets.TKN.ltv', 'much')]);
    expect(told(typed)[0]).toMatch(/^--set world\.protocols\.lend\.markets\.TKN\.ltv: found "much"/);
  });

  it('is what it needs and was not given, once', () => {
    expect(told(load(market.replace(/"use": "preset\/tight",\s+"oracle": "tkn"/, '"use": "preset/tight"')))).toEqual([
      expect.stringMatching(
        /^x\.yaml:\d+:\d+ \S+TKN\.oracle: found nothing, expected the oracle that prices it, which preset\/tight needs$/,
      ),
    ]);
    expect(told(load(bank.replace(/"token": "TKN",\s+/, '')))).toEqual([
      expect.stringMatching(
        /^x\.yaml:\d+:\d+ world\.protocols\.lend\.token: found nothing, expected the collateral, which preset\/bank needs$/,
      ),
    ]);
  });

  it('is a misspelt name of what it needs, beside what it was not given', () => {
    expect(told(load(market.replace(/("use": "preset\/tight",\s+)"oracle"/, '$1"oracl"')))).toEqual([
      expect.stringMatching(/^x\.yaml:\d+:\d+ \S+TKN\.oracle: found nothing, expected the oracle that prices it/),
      expect.stringMatching(/^x\.yaml:\d+:\d+ \S+TKN\.oracl: found unknown key oracl, expected one of .*\(did you mean oracle\?\)$/),
    ]);
  });

  it('is a name that was given for a need, at the place where it was given', () => {
    const line = (word: string, text: string) => text.split('\n').findIndex((one) => one.includes(word)) + 1;
    const strange = bank.replace('"TKN",\n    "tokenOracle"', '"TNK",\n    "tokenOracle"');
    expect(told(load(strange)).find((one) => one.includes('markets.TNK: '))).toMatch(new RegExp(`^x\\.yaml:${line('"TNK"', strange)}:`));
    const twice = bank.replace('"token": "TKN"', '"token": "USD"');
    expect(told(load(twice))).toEqual([
      expect.stringContaining('lend.token: found "USD", expected a name that nothing else of this preset has'),
    ]);
  });

  it('is a circle of presets', () => {
    const text = textWith(({ protocols }) => Object.assign(protocols.lend, { liquidation: { use: 'preset/circle' } }));
    expect(told(load(text))).toEqual([
      expect.stringContaining('found "preset/circle", expected a preset that is not made of itself (circle → round → circle)'),
    ]);
    expect(told(load(text))[0]).toMatch(/^presets\/round\.yaml:7:8 /);
  });

  it('beside a preset that cannot be used is told as well', () => {
    const found = told(load(market.replace('preset/tight', 'preset/none').replace('"oracle": "usd"', '"oracle": "udc"')));
    expect(found.map((one) => /\S+\.(use|oracle): /.exec(one)?.[1])).toEqual(['use', 'oracle']);
  });
});
