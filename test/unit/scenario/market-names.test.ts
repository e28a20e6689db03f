/** Parts of a protocol may name assets: of those that the file has, only the ones that this protocol has markets for. */
import { describe, expect, it } from 'vitest';
import { isProblems, loadExperiment } from '../../../src/scenario/load.ts';
import { formatProblem } from '../../../src/scenario/problem.ts';
import { smallExperiment } from '../../support/small-experiment.ts';
import { builtIn } from '../../support/small-world.ts';

/** The small experiment with an asset, BTC, that has a price and no market, and `parts` as the last lines of its protocol. */
function told(parts: string): { readonly problems: readonly string[]; readonly line: (of: string) => number } {
  const text = smallExperiment()
    .replace('\n    ETH: { decimals: 9 }', '\n    ETH: { decimals: 9 }\n    BTC: { decimals: 8 }')
    .replace('\n    ETH: { use: gbm', '\n    BTC: { use: constant, with: { start: 30000 } }\n    ETH: { use: gbm')
    .replace('\nagents:', `\n${parts}\nagents:`);
  const answer = loadExperiment(text, 'a.yaml', [], { registry: builtIn, readText: () => undefined });
  return {
    problems: isProblems(answer) ? answer.map(formatProblem) : [],
    line: (of) => text.split('\n').findIndex((line) => line.includes(of)) + 1,
  };
}

const PLACES: readonly (readonly [what: string, parts: (asset: string) => string, path: string, column: number, expected: string])[] = [
  [
    'a prior of a controller',
    (asset) =>
      `      governance:\n        controller:\n          use: risk-manager\n          with:\n            priors: { ${asset}: 0.5 }`,
    'governance.controller.with.priors.BTC',
    23,
    'one of ETH, USDC',
  ],
  [
    'an asset that a controller sets',
    (asset) => `      governance:\n        controller:\n          use: risk-manager\n          with:\n            assets: [${asset}]`,
    'governance.controller.with.assets.0',
    22,
    'an asset with a market of this protocol: one of ETH, USDC',
  ],
  [
    'a row of the table of cross margin',
    (asset) => `      risk:\n        use: cross\n        with:\n          markets: [{ asset: ETH }, { asset: ${asset} }]`,
    'risk.with.markets.1.asset',
    46,
    'an asset with a market of this protocol: one of ETH, USDC',
  ],
  [
    'what a depth-aware engine counts as cash',
    (asset) => `      risk:\n        use: depth-aware\n        with:\n          cash:\n            - USDC\n            - ${asset}`,
    'risk.with.cash.1',
    15,
    'an asset with a market of this protocol: one of ETH, USDC',
  ],
];

describe('an asset without a market of the protocol', () => {
  it.each(PLACES)('is refused as %s, where it stands', (_, parts, path, column, expected) => {
    const { problems, line } = told(parts('BTC'));
    const last = parts('BTC').split('\n').at(-1) as string;
    expect(problems).toEqual([`a.yaml:${line(last)}:${column} world.protocols.lend.${path}: found "BTC", expected ${expected}`]);
    expect(told(parts('ETH')).problems).toEqual([]);
  });

  it('is told as no asset at all where the file has none of that name', () => {
    const { problems } = told('      risk: { use: depth-aware, with: { cash: [USDX] } }');
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/risk\.with\.cash\.0: found "USDX", expected the name of an asset: .*USDC/);
  });
});
