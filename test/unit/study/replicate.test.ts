/** What replications say: means with intervals, differences on the same seeds, and axes that moved nothing. */
import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../../src/study/compare.ts';
import { judgeAxes } from '../../../src/study/inert.ts';
import { type Measured, summarise, summarisePoints } from '../../../src/study/replicate.ts';

const done = (metrics: Record<string, number>): Measured => ({ status: 'done', metrics });
const failed: Measured = { status: 'failed', metrics: {} };
/** Student's t, 97.5 %: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2. */
const T_2 = 4.303;

describe('replications of a point', () => {
  it('give mean, standard deviation and the 95 % interval of Student', () => {
    const { bad_debt_usd: summary } = summarise([done({ bad_debt_usd: 1 }), done({ bad_debt_usd: 2 }), done({ bad_debt_usd: 3 })]).metrics;
    expect(summary).toMatchObject({ n: 3, mean: 2, sd: 1, undefined: 0 });
    expect(summary.hi).toBeCloseTo(2 + T_2 / Math.sqrt(3), 3);
    expect(summary.lo).toBeCloseTo(2 - T_2 / Math.sqrt(3), 3);
  });

  it('count a metric that is missing or not a number apart, and never as zero', () => {
    const runs = [done({ roi: 0.5 }), done({}), done({ roi: Number.NaN }), done({ roi: 1.5 }), done({ roi: Number.POSITIVE_INFINITY })];
    const { metrics } = summarise(runs);
    expect(metrics.roi).toMatchObject({ n: 2, mean: 1, undefined: 3 });
    expect(summarise([done({ roi: Number.NaN })]).metrics.roi).toMatchObject({ n: 0, mean: Number.NaN, undefined: 1 });
  });

  it('count failed runs, and take nothing from them', () => {
    const summary = summarise([done({ x: 4 }), failed, { status: 'failed', metrics: { x: 1_000 } }]);
    expect(summary).toMatchObject({ runs: 3, failed: 2 });
    expect(summary.metrics.x).toEqual({ n: 1, mean: 4, sd: Number.NaN, lo: -Infinity, hi: Infinity, undefined: 0 });
  });

  it('say the same whoever finished first', () => {
    const runs = Array.from({ length: 60 }, (_, i) => ({ point: i % 2, seed: i, ...done({ x: 0.1 * i, y: 1e16 * (i % 7) }) }));
    const backwards = [...runs].reverse();
    expect([...summarisePoints(backwards)]).toEqual([...summarisePoints(runs)]);
    expect(summarisePoints(runs).get(1)?.runs).toBe(30);
  });
});

describe('two designs on the same seeds', () => {
  const noise = [5, -40, 22, 9, -13, 31, -2, 17];
  const left = noise.map((x, seed) => ({ seed, ...done({ loss: 100 + x + (seed % 2) / 10, flat: 1 }) }));
  const right = noise.map((x, seed) => ({ seed, ...done({ loss: 98 + x, flat: 1 }) }));

  it('show a difference far smaller than their noise', () => {
    const { metrics, seeds } = compareRuns(left, right);
    expect(seeds).toBe(8);
    expect(metrics.loss.difference.mean).toBeCloseTo(2.05, 10);
    expect(metrics.loss.distinct).toBe(true);
    expect(metrics.loss.difference.hi - metrics.loss.difference.lo).toBeLessThan(0.2);
    expect(metrics.loss.left - metrics.loss.right).toBeCloseTo(2.05, 10);
    expect(metrics.flat).toMatchObject({ distinct: false, unpaired: 0, difference: { mean: 0, lo: 0, hi: 0 } });
  });

  it('are paired by seed and not by order', () => {
    expect(compareRuns([...left].reverse(), right)).toEqual(compareRuns(left, right));
  });

  it('leave out what has no partner', () => {
    const lame = right.map((run, i) => (i === 0 ? { seed: 0, ...failed } : i === 1 ? { ...run, metrics: { flat: 1 } } : run));
    const compared = compareRuns([...left, { seed: 99, ...done({ loss: 1e9 }) }], lame);
    expect(compared).toMatchObject({ seeds: 7, onlyLeft: 2, onlyRight: 0 });
    expect(compared.metrics.loss).toMatchObject({ unpaired: 1, difference: { n: 6 } });
    expect(compared.metrics.flat.unpaired).toBe(0);
  });

  it('do not differ by what rounding leaves: less than a cent of money, the last digits of anything else', () => {
    const twice = (metrics: Record<string, number>) => [1, 2].map((seed) => ({ seed, ...done(metrics) }));
    const rounding = { loss_usd: 3e-9, fee_usd: 0.009, part_ratio: 0.2 + 1e-12, gain_usd: 0.02, odds_ratio: 1e-4 };
    const { metrics } = compareRuns(twice(rounding), twice({ loss_usd: 0, fee_usd: 0, part_ratio: 0.2, gain_usd: 0, odds_ratio: 0 }));
    const distinct = Object.entries(metrics).filter(([, one]) => one.distinct);
    expect(distinct.map(([name]) => name)).toEqual(['gain_usd', 'odds_ratio']);
  });

  it('say nothing from one pair', () => {
    const { loss } = compareRuns(left.slice(0, 1), right).metrics;
    expect(loss).toMatchObject({ distinct: false, difference: { n: 1, lo: -Infinity, hi: Infinity } });
  });
});

describe('an axis', () => {
  const points = [
    { index: 0, params: { window: 1, colour: 'red', fixed: 5 } },
    { index: 1, params: { window: 1, colour: 'blue', fixed: 5 } },
    { index: 2, params: { window: 2, colour: 'red', fixed: 5 } },
    { index: 3, params: { window: 2, colour: 'blue', fixed: 5 } },
  ];
  const run = (point: number, seed: number, loss: number) => ({ point, seed, ...done({ loss, roi: Number.NaN }) });
  const runs = points.flatMap(({ index, params }) => [1, 2].map((seed) => run(index, seed, params.window * 10 + seed)));

  it('that moved no metric by a bit is inert; one that did is not; one that was not varied is not judged', () => {
    expect(judgeAxes(points, runs)).toEqual([
      { axis: 'window', pairs: 4, verdict: 'moved' },
      { axis: 'colour', pairs: 4, verdict: 'inert' },
    ]);
  });

  it('has moved something with the last bit of one run', () => {
    const nudged = runs.map((one) => (one.point === 3 && one.seed === 2 ? run(3, 2, 22 + 2 ** -48) : one));
    expect(judgeAxes(points, nudged)[1].verdict).toBe('moved');
  });

  it('is judged over runs that were done: failed ones are no samples, and one that fails alone is no sign of nothing', () => {
    const broken = runs.map((one) => ({ ...one, ...failed }));
    expect(judgeAxes(points, broken).map(({ verdict }) => verdict)).toEqual(['untested', 'untested']);
    const half = runs.map((one) => (one.seed === 2 ? { ...one, ...failed } : one));
    expect(judgeAxes(points, half)[1]).toEqual({ axis: 'colour', pairs: 2, verdict: 'inert' });
    const alone = runs.map((one) => (one.point === 1 && one.seed === 2 ? { ...one, ...failed } : one));
    expect(judgeAxes(points, alone)[1]).toEqual({ axis: 'colour', pairs: 3, verdict: 'untested' });
  });

  it('has moved something when a metric comes to be', () => {
    const richer = runs.map((one) => (one.point === 1 ? { ...one, metrics: { ...one.metrics, gas_usd: 0 } } : one));
    expect(judgeAxes(points, richer)[1].verdict).toBe('moved');
  });

  it('is untested without points that differ in it alone and share a seed', () => {
    const zipped = [points[0], points[3]];
    expect(judgeAxes(zipped, runs).map(({ verdict }) => verdict)).toEqual(['untested', 'untested']);
    const strangers = runs.map((one) => ({ ...one, seed: one.seed + 10 * one.point }));
    expect(judgeAxes(points, strangers).map(({ verdict }) => verdict)).toEqual(['untested', 'untested']);
  });
});
