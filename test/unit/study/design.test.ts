/** How an experiment spreads out into points and seeds. */
import { describe, expect, it } from 'vitest';
import { expandDesign } from '../../../src/study/design.ts';
import { seedOf } from '../../../src/study/seeds.ts';
import { specHash } from '../../../src/study/spec-hash.ts';

const WINDOW = 'world.oracles.inv.with.window';
const DEPTH = 'world.venues.pool.with.depth';
const axes = { [WINDOW]: ['10 min', '1 h'], [DEPTH]: [1, 2, 3] };
const none = { design: 'grid', axes: {} } as const;

describe('the design of an experiment', () => {
  it('without cases and axes is one point, the base world', () => {
    expect(expandDesign({ cases: {}, sweep: none })).toEqual([{ index: 0, label: '', params: {}, overrides: [] }]);
  });

  it('spreads a grid with the last axis fastest', () => {
    const points = expandDesign({ cases: {}, sweep: { design: 'grid', axes } });
    expect(points.map(({ params }) => [params[WINDOW], params[DEPTH]])).toEqual([
      ['10 min', 1],
      ['10 min', 2],
      ['10 min', 3],
      ['1 h', 1],
      ['1 h', 2],
      ['1 h', 3],
    ]);
    expect(points.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(points[4].label).toBe('window=1 h, depth=2');
    expect(points[4].overrides).toEqual([
      { path: WINDOW, value: '1 h', origin: ['sweep', 'axes', WINDOW, 1] },
      { path: DEPTH, value: 2, origin: ['sweep', 'axes', DEPTH, 1] },
    ]);
  });

  it('moves the axes of a zip together and refuses axes of different lengths', () => {
    const points = expandDesign({ cases: {}, sweep: { design: 'zip', axes: { a: [1, 2], b: ['x', 'y'] } } });
    expect(points.map(({ params }) => params)).toEqual([
      { a: 1, b: 'x' },
      { a: 2, b: 'y' },
    ]);
    expect(() => expandDesign({ cases: {}, sweep: { design: 'zip', axes } })).toThrow(/DESIGN_ZIP.*=2.*=3/);
    expect(expandDesign({ cases: {}, sweep: { design: 'zip', axes: {} } })).toHaveLength(1);
  });

  it('lets a labelled value set several paths under one name', () => {
    const deep = { label: 'deep', set: { [DEPTH]: 9, 'agents.0.count': 3 } };
    const [point] = expandDesign({ cases: {}, sweep: { design: 'grid', axes: { market: [deep] } } });
    expect(point.params).toEqual({ market: 'deep' });
    expect(point.label).toBe('market=deep');
    expect(point.overrides).toEqual([
      { path: DEPTH, value: 9, origin: ['sweep', 'axes', 'market', 0, 'set', DEPTH] },
      { path: 'agents.0.count', value: 3, origin: ['sweep', 'axes', 'market', 0, 'set', 'agents.0.count'] },
    ]);
  });

  it('runs every case at every point of the sweep, the case before the axes', () => {
    const cases = { spot: {}, twap: { 'world.oracles.inv.use': 'twap' } };
    const points = expandDesign({ cases, sweep: { design: 'grid', axes: { [DEPTH]: [1, 2] } } });
    expect(points.map(({ label }) => label)).toEqual(['spot, depth=1', 'spot, depth=2', 'twap, depth=1', 'twap, depth=2']);
    expect(points[3].params).toEqual({ case: 'twap', [DEPTH]: 2 });
    expect(points[3].overrides.map(({ path }) => path)).toEqual(['world.oracles.inv.use', DEPTH]);
    expect(points[3].overrides[0].origin).toEqual(['cases', 'twap', 'world.oracles.inv.use']);
  });
});

describe('the seeds of an experiment', () => {
  it('begin with its own, follow from it alone, and do not meet those of the next experiment', () => {
    const seeds = Array.from({ length: 1_000 }, (_, r) => seedOf(7, r));
    expect(seeds[0]).toBe(7);
    expect(seeds).toEqual(Array.from({ length: 1_000 }, (_, r) => seedOf(7, r)));
    const next = Array.from({ length: 1_000 }, (_, r) => seedOf(8, r));
    expect(new Set([...seeds, ...next]).size).toBe(2_000);
    expect(seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0)).toBe(true);
  });
});

describe('the fingerprint of a spec', () => {
  it('does not depend on the order of keys, and does on everything else', () => {
    const spec = { name: 'x', axes: [1, 2], world: { a: 1, b: { c: null } } };
    expect(specHash({ world: { b: { c: null }, a: 1 }, axes: [1, 2], name: 'x', model: undefined })).toBe(specHash(spec));
    expect(specHash({ ...spec, axes: [2, 1] })).not.toBe(specHash(spec));
    expect(specHash({ ...spec, world: { a: '1', b: { c: null } } })).not.toBe(specHash(spec));
    expect(specHash([['a'], 'b'])).not.toBe(specHash([['a', 'b']]));
  });
});
