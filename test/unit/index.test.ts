/** The door for code: an agent of one's own in a world of one's own, run and read, in a few lines; and mistakes told as to any user. */
import { describe, expect, it } from 'vitest';
import { defineAgent, loadExperiment } from '../../src/index.ts';
import { smallExperiment } from '../support/small-experiment.ts';

const dumper = defineAgent({
  name: 'dumper',
  role: 'trader',
  summary: 'Sells all it has, once.',
  sources: [],
  params: { venue: { kind: 'venue', doc: 'where' } },
  create: ({ venue }) => ({
    onWake(view) {
      return { intents: [{ actions: [{ do: 'swap', venue, sell: view.venue(venue).baseAsset, amount: 'all' }] }] };
    },
  }),
});

const TEXT = smallExperiment({ more: 'replications: 2\nsweep: { axes: { world.venues.pool.with.fee: [0, 0.03] } }\n' });
const join = [{ use: 'dumper', params: { venue: 'pool' }, wallet: { ETH: 100 } }];

describe('the door for code', () => {
  it('runs an experiment with an agent of one’s own, who trades', async () => {
    const experiment = await loadExperiment(TEXT, { agents: [dumper], join });
    expect(experiment.labels).toEqual(['fee=0', 'fee=0.03']);
    const outcome = experiment.runOne('fee=0.03', 5, 'facts');
    expect(outcome.metrics.trade_count).toBe(1);
    expect(outcome.events.some(({ kind }) => kind === 'trade')).toBe(true);
    const ends = ['fee=0', 'fee=0.03'].map((label) =>
      experiment.runOne(label).parties.find(({ role, asset }) => role === 'trader' && asset === 'USDC'),
    );
    expect(ends[0]?.endUnits).toBeGreaterThan(ends[1]?.endUnits ?? Number.POSITIVE_INFINITY);
  });

  it('summarises all points over the same seeds, and the same call gives the same bits', async () => {
    const experiment = await loadExperiment(TEXT, { agents: [dumper], join, seed: 9, set: { horizon: '2 min' } });
    const [first, second] = experiment.runAll();
    expect(first.summary.metrics.trade_count).toMatchObject({ mean: 1, n: 2 });
    expect(second.outcomes.map(({ traceHash }) => traceHash)).toEqual(experiment.seeds.map((seed) => experiment.runOne(1, seed).traceHash));
  });

  it('throws all mistakes of an experiment in one error, and names the points there are', async () => {
    const wrong = loadExperiment(TEXT.replace('horizon: 10 min', 'horizon: soon'), { set: { 'world.step': -1 } });
    await expect(wrong).rejects.toThrow(/--set world\.step[^\n]*found -1[\s\S]*horizon: found "soon"|horizon: found "soon"[\s\S]*found -1/);
    const experiment = await loadExperiment(TEXT);
    expect(() => experiment.runOne('fee=1')).toThrow('no point "fee=1"; there are ["fee=0","fee=0.03"]');
  });
});
