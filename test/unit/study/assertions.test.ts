/** Assertions judged by summaries: means and ends of intervals, named points and all points, and what is missing is never a yes. */
import { describe, expect, it } from 'vitest';
import { METRIC_NAMES } from '../../../src/record/metrics.ts';
import { judgeAssertions, readAssertions } from '../../../src/study/assertions.ts';
import { summarise } from '../../../src/study/replicate.ts';

const run = (bad_debt_usd: number, more: Record<string, number> = {}) => ({ status: 'done' as const, metrics: { bad_debt_usd, ...more } });
const POINTS = new Map([
  ['safe', summarise([run(0), run(2), run(1)])],
  ['broken', summarise([run(90, { attack_roi_ratio: 2 }), run(110, { attack_roi_ratio: 2 }), run(100)])],
]);

async function judged(text: string) {
  const place = () => ({ file: 'x.yaml', line: 1, column: 1 });
  const metrics = { names: METRIC_NAMES, profits: [] };
  const read = await readAssertions([text], { labels: [...POINTS.keys()], metrics, place });
  const [first] = judgeAssertions(read as Parameters<typeof judgeAssertions>[0], POINTS);
  return first;
}

describe('an assertion', () => {
  it.each([
    ['bad_debt_usd["broken"] == 100', true],
    ['bad_debt_usd["safe"] <= 0.01 * bad_debt_usd["broken"]', true],
    ['lo(bad_debt_usd["broken"]) > 100', false],
    ['lo(bad_debt_usd["broken"]) > 75 and hi(bad_debt_usd["broken"]) < 125', true],
    ['bad_debt_usd <= bad_debt_usd["broken"]', true],
    ['bad_debt_usd < 100', false],
    ['attack_roi_ratio["safe"] != 1', false],
    ['not (attack_roi_ratio["safe"] > 1)', false],
    ['1 < 2', true],
  ])('%s: %s', async (text, pass) => {
    expect((await judged(text)).pass).toBe(pass);
  });

  it('says where a bare metric failed first, and by which numbers', async () => {
    expect(await judged('bad_debt_usd < 100')).toEqual({
      text: 'bad_debt_usd < 100',
      pass: false,
      at: 'broken',
      values: { bad_debt_usd: 100 },
    });
  });
});
