/**
 * What it is
 * Somebody who has an opinion of what a thing is worth, and buys below and sells above it. Enough of him, and a price that was pushed comes
 * back; that is what an attacker who holds a price pays for.
 *
 * How it decides
 * Each holds the worth to be the outside price times e^b, where b is his own error, normal with deviation `disagreement`, for good. Every
 * `every` he looks at the venue's price p. With v his worth he wants the part
 *
 *   1/2 + strength·ln(v/p)/2          brought between 0 and 1
 *
 * of his wealth in base, and trades towards it, at most `size` at a time and nothing below a twentieth of that.
 *
 * What to notice
 * Unlike an arbitrageur he does not close the gap: the farther away the price, the more he holds, and when he has no more to sell the price
 * goes on.
 *
 * What to try
 * The same wealth in value traders of large and of small `strength`: which pushes back harder against a pump of a tenth, which against a
 * doubling?
 *
 * Sources
 * C. Chiarella, "The dynamics of speculative behaviour", Annals of Operations Research 37 (1992) 101-123 (fundamentalists).
 */
import type { Agent, Reply } from '../src/agent/index.ts';
import { defineAgent, log, towardShare } from '../src/agent/index.ts';

const YEAR_MS = 365 * 86_400_000;
/** Of `size`: less is not worth a trade. */
const LEAST = 0.05;

export default defineAgent({
  name: 'value-trader',
  role: 'trader',
  summary: 'Buys below and sells above its own opinion of the worth.',
  sources: ['C. Chiarella, Annals of Operations Research 37 (1992) 101-123'],
  params: {
    venue: { kind: 'venue', doc: 'where it looks and trades' },
    disagreement: {
      kind: 'number',
      unit: 'log',
      range: [0, 5],
      default: 0.02,
      doc: 'standard deviation, among such traders, of the logarithm of what they hold the worth to be',
    },
    strength: {
      kind: 'number',
      unit: '1',
      range: [0, 1e6],
      default: 10,
      doc: 'how much of its wealth it moves for a difference: all at 1/strength, in logarithms',
    },
    size: { kind: 'number', unit: 'usd', range: [0, 1e12], default: 10_000, doc: 'most that it trades at once' },
    every: { kind: 'duration', range: [1, YEAR_MS], default: 60_000, doc: 'how often it looks' },
  },
  create({ venue, disagreement, strength, size, every }, { random }): Agent {
    const error = disagreement * random.normal();

    return {
      onWake(view): Reply {
        const { baseAsset, quoteAsset, price } = view.venue(venue);
        const cheap = error + log(view.fair(baseAsset) / view.fair(quoteAsset) / price());
        const wakeAt = view.at + every;
        if (!Number.isFinite(cheap)) return { wakeAt };
        return { intents: towardShare(view, venue, (1 + strength * cheap) / 2, LEAST * size, size), wakeAt };
      },
    };
  },
});
