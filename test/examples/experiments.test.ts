/**
 * Every experiment that comes with Breakwater loads at all its points and runs for a while without breaking a law, and what it says to try
 * does something.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type OpenedStudy, openStudy } from '../../src/cli/open-study.ts';
import { METRICS, ROLE_PROFIT_NAME } from '../../src/record/metrics.ts';
import { runScenario } from '../../src/run/run.ts';
import { isProblems } from '../../src/scenario/load.ts';
import { formatProblem, type Problem } from '../../src/scenario/problem.ts';
import { experimentNames, realPoints } from '../support/real-points.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Blocks of a short horizon: enough for people to come and to act. */
const BLOCKS = 60;

/** What a shell makes of the overrides that a sentence tells to type: quotes are its own. */
function setsIn(sentence: string): readonly string[] {
  return [...sentence.matchAll(/--set\s+((?:[^\s'"]|'[^']*'|"[^"]*")+)/g)].map(([, typed]) =>
    typed.replace(/[.,;]$/, '').replace(/'([^']*)'|"([^"]*)"/g, '$1$2'),
  );
}

/** What stands where a sentence names YOUR.csv. */
const BARS = 'time,open,high,low,close\n0,100,101,99,100\n3600000,100,100,50,50\n';

const opened = (name: string, set: readonly string[]) =>
  openStudy({ experiment: join(import.meta.dirname, '../../experiments', `${name}.yaml`), set });

/** What is asked at each point, as text. */
function asked(opening: OpenedStudy | readonly Problem[]): readonly string[] {
  if (isProblems(opening)) throw new Error(opening.map(formatProblem).join('\n'));
  const { points, seeds } = opening.study;
  return points.map(({ scenario }) => JSON.stringify({ scenario, seeds }));
}

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

  const tries = ((file.model as Record<string, string[]>).try ?? []).filter((sentence) => sentence.includes('--set'));
  it.each(tries)('does something when told to: %s', async (sentence) => {
    const sets = setsIn(sentence);
    expect(sets.length).toBe(sentence.split('--set').length - 1);
    const csv = join(tempFolder(), 'bars.csv');
    writeFileSync(csv, BARS);
    const typed = sets.map((set) => set.replace('YOUR.csv', csv));
    const all = asked(await opened(name, typed));
    for (const set of typed) {
      const rest = await opened(
        name,
        typed.filter((other) => other !== set),
      );
      // What the rest is refused without is needed; where most points have their own value, hardly anything is shown.
      if (isProblems(rest)) continue;
      const before = asked(rest);
      expect(all.filter((point, i) => point !== before[i]).length, set).toBeGreaterThanOrEqual(all.length / 2);
    }
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
