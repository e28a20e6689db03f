/** Shares of a pool that are an asset: in a whole world, checked against the laws at every event; and what a file may not say of them. */
import { describe, expect, it } from 'vitest';
import { runScenario } from '../../../src/run/run.ts';
import { isProblems, loadExperiment } from '../../../src/scenario/load.ts';
import { formatProblem } from '../../../src/scenario/problem.ts';
import { realPoints } from '../../support/real-points.ts';
import { builtIn, smallExperiment } from '../../support/small-world.ts';

describe('a world in which shares of a pool are lent against', async () => {
  const { registry, points, labels } = await realPoints('lp-share-oracle');
  const run = (label: string) => runScenario(points[labels.indexOf(label)], registry, { seed: 1, trace: 'facts', checkEvery: 1 });

  it('keeps its laws, and its shares are worth what is in the pool', () => {
    const { status, error, samples, parties } = run('naive, what=attack');
    expect([status, error]).toEqual(['done', undefined]);
    const last = (probe: string) => samples.findLast((sample) => sample.probe === probe)?.value ?? Number.NaN;
    const units = parties
      .filter(({ asset, account }) => asset === 'LP' && account !== 'outside')
      .reduce((sum, { endUnits }) => sum + endUnits, 0);
    const inPool = parties.filter(({ account }) => account === 'pool');
    // The pool keeps nothing for itself: what it has belongs to whoever holds shares.
    for (const { profitUsd } of inPool) expect(Math.abs(profitUsd)).toBeLessThan(1e-6);
    expect(units * last('fair_usd/LP')).toBeGreaterThan(1e13);
    expect(parties.find(({ asset, account }) => asset === 'LP' && account === 'outside')?.endUnits).toBe(-units);
  });

  it('makes no market outside in what the pool alone makes', () => {
    const point = points[labels.indexOf('fair, what=fall')];
    const [provider] = point.agents.filter(({ name }) => name === 'provider');
    const sale = { at: 60_000, actions: [{ do: 'outside-trade', sell: 'LP', buy: 'USDC', amount: 'all' }] };
    const script = [(provider.params.script as object[])[0], sale];
    const agents = [{ ...provider, count: 1, params: { ...provider.params, script } }];
    const { events, names } = runScenario({ ...point, agents, horizon: 120_000 }, registry, { seed: 1, trace: 'facts', checkEvery: 1 });
    expect(events.filter(({ kind }) => kind === 'refusal').map(({ a }) => names.refusals[a])).toEqual(['NOT_OUTSIDE']);
  });

  it('is robbed by a push within a bundle where shares are priced naively, and not where fairly', () => {
    expect(run('naive, what=attack').metrics.attack_profit_usd).toBeGreaterThan(2e6);
    expect(Math.abs(run('fair, what=attack').metrics.attack_profit_usd)).toBeLessThan(1e3);
  });
});

describe('a share in a file', () => {
  const pool = { use: 'constant-product', with: { base: 'TKN', quote: 'USD', quoteReserve: 1_000, share: 'LP' } };
  const oracle = (more: object = {}) => ({ asset: 'LP', use: 'lp-share', with: { pool: 'shared', base: 'tkn', quote: 'usd', ...more } });
  function mistakes({ terms = {}, venues = {}, lp = oracle(), wallet = {}, prices = {} } = {}): readonly string[] {
    const person = { use: 'scripted', params: { script: [] }, wallet };
    const file = smallExperiment({
      agents: [person],
      venues: { shared: { ...pool, with: { ...pool.with, ...terms } }, ...venues },
      oracles: { lp },
      prices,
    }) as { world: { assets: object } };
    file.world.assets = { ...file.world.assets, LP: { decimals: 6 } };
    const loaded = loadExperiment(JSON.stringify(file), 'a.json', [], { registry: builtIn, readText: () => undefined });
    return isProblems(loaded) ? loaded.map((problem) => formatProblem(problem).replace(/^\S+ /, '')) : [];
  }

  it('may be one of one pool, and priced by an oracle of it', () => {
    expect(mistakes()).toEqual([]);
  });

  it.each([
    ['an asset of the pool', { terms: { share: 'TKN' } }, 'world.venues.shared.with.share: found "TKN", expected an asset other than'],
    ['a share of two pools', { venues: { other: pool } }, 'world.venues.shared.with.share: found "LP", expected a share of one pool only'],
    [
      'with a price of its own',
      { prices: { LP: { use: 'constant', with: { start: 1 } } } },
      'world.prices.LP: found "LP", expected no price',
    ],
    ['in a wallet at the start', { wallet: { LP: 1 } }, 'agents.0.wallet.LP: found 1 of LP, expected none at the start'],
    [
      'priced by another pool',
      { lp: oracle({ pool: 'pool' }) },
      'world.oracles.lp.with.pool: found "pool", expected a pool whose share is LP',
    ],
    [
      'priced by the wrong asset',
      { lp: oracle({ base: 'usd' }) },
      'world.oracles.lp.with.base: found "usd", expected an oracle of TKN (this',
    ],
  ])('is refused where it is %s', (_name, change, start) => {
    expect(mistakes(change).some((line) => line.startsWith(start))).toBe(true);
  });
});
