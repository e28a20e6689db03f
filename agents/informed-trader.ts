/**
 * What it is
 * Somebody who knows what others do not yet: he sees the outside price, and trades with those who quote from the venue's own. He is why
 * makers need a spread, and by his trades the venue learns.
 *
 * How it decides
 * Every `every` he compares the venue's price p with the outside price F, and trades what takes p the part `part` of the way to F, in
 * logarithms, at most `size` and what he has. He leaves gaps below `least` alone, which the fee would eat. One half is what Kyle's
 * monopolist does who trades against linear impact: more would cost more by impact than it gains.
 *
 * What to notice
 * He keeps what he buys. His gain is the makers' and the noise traders' loss, and it is larger the more of the latter hide him.
 *
 * What to try
 * A book whose makers have `reference: book`, with and without him: compare the makers' profit and the realised spread (`record.probes`).
 *
 * Sources
 * A. S. Kyle, "Continuous auctions and insider trading", Econometrica 53 (1985) 1315-1335; L. Glosten, P. Milgrom, J. Financial
 * Economics 14 (1985) 71-100.
 */
import type { Agent, Reply } from '../src/agent/index.ts';
import { defineAgent, pow } from '../src/agent/index.ts';

const YEAR_MS = 365 * 86_400_000;

export default defineAgent({
  name: 'informed-trader',
  role: 'informed-trader',
  summary: 'Knows the outside price and takes the venue a part of the way there.',
  sources: ['A. S. Kyle, Econometrica 53 (1985) 1315-1335'],
  params: {
    venue: { kind: 'venue', doc: 'where it trades' },
    part: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0.5, doc: 'how much of the way to the outside price it takes at once' },
    least: { kind: 'number', unit: 'ratio', range: [0, 10], default: 0.005, doc: 'gap, as a part of the price, that it leaves alone' },
    size: { kind: 'number', unit: 'usd', range: [0, 1e12], default: 100_000, doc: 'most that it trades at once' },
    every: { kind: 'duration', range: [1, YEAR_MS], default: 60_000, doc: 'how often it looks' },
  },
  create({ venue, part, least, size, every }): Agent {
    return {
      onWake(view): Reply {
        const { baseAsset, quoteAsset, price, depth } = view.venue(venue);
        const wakeAt = view.at + every;
        const now = price();
        const gap = view.fair(baseAsset) / view.fair(quoteAsset) / now;
        if (!(Math.abs(gap - 1) > least)) return { wakeAt };
        const sell = gap > 1 ? quoteAsset : baseAsset;
        const amount = Math.min(depth(sell, now * pow(gap, part)), view.unitsFor(sell, size), view.wallet(sell));
        return amount > 0 ? { intents: [{ actions: [{ do: 'swap', venue, sell, amount }] }], wakeAt } : { wakeAt };
      },
    };
  },
});
