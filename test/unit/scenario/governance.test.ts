/** What a file may say of governance, and what it is told. */
import { describe, expect, it } from 'vitest';
import { isProblems, loadExperiment } from '../../../src/scenario/load.ts';
import { formatProblem, type Problem } from '../../../src/scenario/problem.ts';
import { smallExperiment } from '../../support/small-experiment.ts';
import { builtIn } from '../../support/small-world.ts';

function load(governance: string) {
  const text = smallExperiment().replace('\nagents:', `\n      governance:\n${governance}\nagents:`);
  const warnings: Problem[] = [];
  const answer = loadExperiment(text, 'a.yaml', [], { registry: builtIn, readText: () => undefined, warn: (one) => warnings.push(one) });
  const problems = isProblems(answer) ? answer.map(formatProblem) : [];
  const scenario = isProblems(answer) ? undefined : answer.resolve([]);
  return {
    problems,
    warnings: [...new Set(warnings.map(formatProblem))],
    scenario: scenario === undefined || isProblems(scenario) ? undefined : scenario,
  };
}

describe('governance in a file', () => {
  it('has limits by default and numbers by market', () => {
    const { problems, scenario } = load(
      '        { stepMax: 0.0025, changes: [{ at: 1 h, markets: { ETH: { ltv: 0.7, borrowCap: 5 } } }] }',
    );
    expect(problems).toEqual([]);
    expect(scenario?.world.protocols.lend.governance).toMatchObject({
      timeLock: 0,
      stepMax: 0.0025,
      stepEvery: 3 * 86_400_000,
      changes: [{ at: 3_600_000, markets: { ETH: { ltv: 0.7, borrowCap: 5 } }, contracts: {} }],
    });
  });

  it('is refused where a change would leave an LTV above its threshold, at the place of the change', () => {
    const { problems } = load(`        changes:
          - { at: 2 h, markets: { ETH: { ltv: 0.75 } } }
          - { at: 1 h, markets: { ETH: { liquidationThreshold: 0.7, ltv: 0.6 } } }
          - { at: 3 h, markets: { ETH: { liquidationThreshold: 0.65 } } }`);
    const path = 'world.protocols.lend.governance.changes';
    expect(problems.map((line) => line.replace(/^a.yaml:\d+:/, ''))).toEqual([
      `47 ${path}.0.markets.ETH.ltv: found 0.75, expected at most liquidationThreshold, 0.7`,
      `40 ${path}.2.markets.ETH: found ltv 0.75, as it was before, expected at most liquidationThreshold, 0.65`,
    ]);
  });

  it('is warned of where a change passes the toxic frontier', () => {
    const { problems, warnings } = load('        { changes: [{ at: 1 h, markets: { ETH: { bonus: 0.2 } } }] }');
    expect(problems).toEqual([]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/changes\.0\.markets\.ETH: found liquidationThreshold 0\.85, as it was before, expected below the toxic/);
  });

  it('is warned of where a change would have been announced before the run begins', () => {
    const change = (timeLock: string) => load(`        { timeLock: ${timeLock}, changes: [{ at: 6 h, markets: { ETH: { ltv: 0.7 } } }] }`);
    const { problems, warnings } = change('300 d');
    expect(problems).toEqual([]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/governance\.changes\.0\.at: found 6 h, expected at least timeLock, 300 d: .* before the run begins/);
    // What is announced as it begins is announced within it.
    expect(change('6 h').warnings).toEqual([]);
  });

  it('knows no market, contract, parameter or engine that is not there', () => {
    const { problems } = load(`        changes:
          - { at: 1 h, markets: { BTC: { ltv: 0 } }, contracts: { PERP: { initial: 0.1 } } }`);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toMatch(/markets\.BTC: found "BTC", expected an asset with a market of this protocol: one of ETH, USDC/);
    expect(problems[1]).toMatch(/contracts\.PERP: found "PERP", expected the name of a contract of this protocol/);
    expect(load('        { changes: [{ at: 1 h, markets: { ETH: { borrowable: false } } }] }').problems[0]).toMatch(
      /unknown key borrowable/,
    );
    expect(load('        { changes: [{ at: 1 h, risk: { use: nobody } }] }').problems[0]).toMatch(/risk.*nobody/);
    expect(load('        { changes: [{ at: 1 h, markets: { ETH: { ltv: 1.2 } } }] }').problems[0]).toMatch(/a number in \[0, 1\]/);
  });
});
