/**
 * What it is
 * Somebody who buys what has risen and sells what has fallen. He pays no heed to what a thing is worth; enough of him, and a price goes on
 * because it went.
 *
 * How it decides
 * Every `every` he looks at the venue's price and keeps two exponential means of its logarithm, one of half-life `fast`, one of `slow`.
 * With d their difference he wants the part
 *
 *   1/2 + d·strength/2          brought between 0 and 1
 *
 * of his wealth in base, and trades towards it, at most `size` at a time and nothing below a twentieth of that.
 *
 * What to notice
 * Alone he loses the spread and the impact of his own trades; in a crowd he is paid by those who come after him, until none does.
 *
 * What to try
 * Trend followers against value traders in one pool: the returns of the pool's price become correlated, and its tails fat.
 *
 * Sources
 * C. Chiarella, "The dynamics of speculative behaviour", Annals of Operations Research 37 (1992) 101-123; W. Brock, C. Hommes,
 * Journal of Economic Dynamics and Control 22 (1998) 1235-1274.
 */
import type { Agent, Reply } from '../src/agent/index.ts';
import { defineAgent, exp, log, towardShare } from '../src/agent/index.ts';

const YEAR_MS = 365 * 86_400_000;
/** Of `size`: less is not worth a trade. */
const LEAST = 0.05;

export default defineAgent({
  name: 'trend-follower',
  role: 'trader',
  summary: 'Buys what has risen and sells what has fallen, by two moving averages.',
  sources: ['C. Chiarella, Annals of Operations Research 37 (1992) 101-123'],
  params: {
    venue: { kind: 'venue', doc: 'where it looks and trades' },
    fast: { kind: 'duration', range: [1, YEAR_MS], default: 300_000, doc: 'half-life of the shorter mean' },
    slow: { kind: 'duration', range: [1, YEAR_MS], default: 3_600_000, doc: 'half-life of the longer mean' },
    strength: {
      kind: 'number',
      unit: '1',
      range: [0, 1e6],
      default: 50,
      doc: 'how much of its wealth it moves for a difference of the means: all at 1/strength, in logarithms',
    },
    size: { kind: 'number', unit: 'usd', range: [0, 1e12], default: 10_000, doc: 'most that it trades at once' },
    every: { kind: 'duration', range: [1, YEAR_MS], default: 60_000, doc: 'how often it looks' },
  },
  create({ venue, fast, slow, strength, size, every }): Agent {
    let lastAt = Number.NaN;
    /** Means of the log-price. */
    let [short, long] = [Number.NaN, Number.NaN];

    return {
      onWake(view): Reply {
        const wakeAt = view.at + every;
        const price = log(view.venue(venue).price());
        if (!Number.isFinite(price)) return { wakeAt };
        if (Number.isNaN(lastAt)) [short, long] = [price, price];
        else {
          short = toward(short, price, view.at - lastAt, fast);
          long = toward(long, price, view.at - lastAt, slow);
        }
        lastAt = view.at;
        return { intents: towardShare(view, venue, (1 + strength * (short - long)) / 2, LEAST * size, size), wakeAt };
      },
    };
  },
});

/** An exponential mean a while later. */
function toward(mean: number, value: number, passed: number, halfLife: number): number {
  const keep = exp((-Math.LN2 * passed) / halfLife);
  return keep * mean + (1 - keep) * value;
}
