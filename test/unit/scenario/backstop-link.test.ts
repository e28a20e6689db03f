/** What a layer of the waterfall sells needs a buyer: that is said before anything runs. */
import { describe, expect, it } from 'vitest';
import { isProblems, loadExperiment } from '../../../src/scenario/load.ts';
import { formatProblem, type Problem } from '../../../src/scenario/problem.ts';
import { builtIn, type SmallWorld, smallExperiment } from '../../support/small-world.ts';

const GOV = { use: 'constant', with: { start: 20 } };

/** Mistakes and warnings of a small world with a token GOV, of which the pool `gov` trades some against `quote`. */
function said(backstop: readonly object[], quote = 'USD', more: Partial<SmallWorld> = {}) {
  const file = smallExperiment({
    agents: [],
    backstop,
    prices: { GOV },
    venues: { gov: { use: 'constant-product', with: { base: 'GOV', quote, quoteReserve: 1000 } } },
    ...more,
  });
  const warnings: Problem[] = [];
  const context = { registry: builtIn, readText: () => undefined, warn: (warning: Problem) => warnings.push(warning) };
  const world = { ...file.world, assets: { ...file.world.assets, GOV: { decimals: 6 } } };
  const loaded = loadExperiment(JSON.stringify({ ...file, world }), 'small.json', [], context);
  const scenario = isProblems(loaded) ? loaded : loaded.resolve([]);
  return { mistakes: isProblems(scenario) ? scenario.map(formatProblem) : [], warnings: warnings.map(formatProblem) };
}

const flop = { use: 'recapitalise', with: { token: 'GOV', mintMax: 100 } };

describe('a layer that sells', () => {
  it('is refused where no venue trades its token against anything that may be short', () => {
    const { mistakes } = said([flop], 'TKN');
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toContain('world.protocols.lend.backstop.0.with.token: found "GOV", expected an asset that a venue trades against');
    expect(mistakes[0]).toMatch(/USD, GAS$/);
  });

  it('is warned about where a venue trades it against some of that, and let be where it trades it against all', () => {
    const some = said([flop]);
    expect(some.mistakes).toEqual([]);
    expect(some.warnings.some((text) => /backstop\.0\.with\.token: found "GOV", .* against GAS as well/.test(text))).toBe(true);
    const both = { gas: { use: 'constant-product', with: { base: 'GAS', quote: 'GOV', quoteReserve: 10 } } };
    const gov = { gov: { use: 'constant-product', with: { base: 'GOV', quote: 'USD', quoteReserve: 1000 } } };
    expect(said([flop], 'USD', { venues: { ...gov, ...both } }).warnings.filter((text) => text.includes('backstop'))).toEqual([]);
  });

  it('is asked the same of each asset in a list, and of none where it sells whatever there is', () => {
    expect(said([{ use: 'treasury', with: { assets: ['TKN', 'GOV'] } }], 'TKN').mistakes).toHaveLength(1);
    expect(said([{ use: 'treasury' }], 'TKN').mistakes).toEqual([]);
  });

  it('names assets that there are', () => {
    expect(said([{ use: 'recapitalise', with: { token: 'MKR', mintMax: 1 } }]).mistakes[0]).toContain('the name of an asset');
  });
});
