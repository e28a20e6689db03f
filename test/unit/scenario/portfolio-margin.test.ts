/** Portfolio margin in an experiment: what it needs to be told, and what cannot be. */
import { describe, expect, it } from 'vitest';
import { isProblems, loadExperiment } from '../../../src/scenario/load.ts';
import { formatProblem } from '../../../src/scenario/problem.ts';
import { builtIn, smallExperiment } from '../../support/small-world.ts';

const text = JSON.stringify(smallExperiment({ agents: [] }));
const risk = (params: object) => ({ use: 'portfolio-var', with: params });

/** What is wrong with the engine's parameters. */
function told(params: object): readonly string[] {
  const sets = [{ path: 'world.protocols.lend.risk', value: risk(params) }];
  const answer = loadExperiment(text, 'x.yaml', sets, { registry: builtIn, readText: () => undefined });
  return isProblems(answer) ? answer.map(formatProblem) : [];
}

describe('portfolio margin', () => {
  it('needs to be told nothing', () => {
    expect(told({})).toEqual([]);
    expect(told({ priors: { TKN: 0.8, USD: 0.01 }, correlation: { 'TKN,GAS': 0.8 }, measure: 'expected-shortfall' })).toEqual([]);
  });

  it.each([
    [
      'correlations that cannot be together, with the smallest eigenvalue',
      { correlation: { 'TKN,GAS': 0.9, 'GAS,USD': 0.9, 'TKN,USD': -0.9 } },
      /risk\.with\.correlation: found smallest eigenvalue -0\.8, expected no negative eigenvalue/,
    ],
    ['a pair of what it has no market for', { correlation: { 'TKN,BTC': 0.5 } }, /found "TKN,BTC", expected two of TKN, USD, GAS/],
    ['a prior of what it has no market for', { priors: { BTC: 0.5 } }, /priors\.BTC: found "BTC", expected one of TKN, USD, GAS/],
    ['degrees without a covariance', { degrees: 4 }, /degrees: found 4, expected none: filtered-historical has scenarios of its own/],
    [
      'scenarios of what has none',
      { method: 'delta-normal', valuation: 'full' },
      /valuation: found full, expected delta: delta-normal has no scenarios/,
    ],
    ['a tail with nobody in it', { confidence: 0.999 }, /scenarios: found 499, expected at least 1000: even the worst/],
  ])('is refused %s', (_, params, found) => {
    const problems = told(params);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(found);
  });

  it('takes as many scenarios as the tail needs', () => {
    expect(told({ confidence: 0.999, scenarios: 1000 })).toEqual([]);
    expect(told({ confidence: 0.99, scenarios: 100 })).toEqual([]);
  });
});
