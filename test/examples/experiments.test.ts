/** Every experiment that comes with Breakwater loads at all its points and runs for a while without breaking a law. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { METRICS, ROLE_PROFIT_NAME } from '../../src/record/metrics.ts';
import { runScenario } from '../../src/run/run.ts';
import { experimentNames, realPoints } from '../support/real-points.ts';

/** Blocks of a short horizon: enough for people to come and to act. */
const BLOCKS = 60;

describe.each(experimentNames())('%s', async (name) => {
  const { registry, points, labels } = await realPoints(name);
  const file = parse(readFileSync(new URL(`../../experiments/${name}.yaml`, import.meta.url), 'utf8'), { merge: true }) as Record<
    string,
    unknown
  >;

  it('is named as its file, asks a question, and says what it models, what to notice, what to try and where its figures are from', () => {
    expect(file.name).toBe(name.split('/').at(-1));
    expect(file.question).toMatch(/\?$/);
    const { what, notice, try: ideas, sources } = file.model as Record<string, string | string[]>;
    expect(what.length).toBeGreaterThan(100);
    for (const list of [notice, ideas, sources]) expect(list.length).toBeGreaterThan(0);
  });

  it('measures something, and asserts something about what it measures', () => {
    const measure = (file.measure ?? []) as string[];
    expect(measure.filter((metric) => !(metric in METRICS || ROLE_PROFIT_NAME.test(metric)))).toEqual([]);
    expect(measure.length).toBeGreaterThan(0);
    expect((file.assert as string[]).length).toBeGreaterThan(0);
  });

  it('has points that are sound and told apart by their labels', () => {
    expect(points.length).toBeGreaterThan(0);
    expect(new Set(labels).size).toBe(points.length);
  });

  it('runs at each point for a while, with the laws checked', () => {
    for (const [index, point] of points.entries()) {
      const blockTime = Number(point.world.chain.blockTime);
      const horizon = Math.min(point.horizon, BLOCKS * blockTime);
      const outcome = runScenario({ ...point, horizon, sample: horizon }, registry, { seed: 1, trace: 'none', checkEvery: 200 });
      expect(outcome.error, labels[index]).toBeUndefined();
      expect(outcome.endMs).toBe(horizon);
      expect(outcome.executed).toBeGreaterThan(BLOCKS / 2);
    }
  });
});
