/**
 * What it is
 * Somebody who trades for reasons of his own: a random side, a random size, at random moments. Without such a crowd a pool earns nothing
 * from honest users, and every price move in it would be an attack or its correction.
 *
 * How it decides
 * Waiting times are exponential with `rate` trades an hour. The size is lognormal with median `size` USD. It sells base or quote with equal
 * probability; `pull` moves that towards the side that brings the venue's price back to the outside price: it sells what is dear with
 * probability (1 + pull)/2. It never sells more than it has.
 *
 * What to notice
 * With pull 0 the venue's price wanders away from the outside price, and what keeps it there is somebody else's profit.
 *
 * What to try
 * Raise `rate` in a pool with a high fee and no arbitrageur, and watch how far a spot oracle strays from the outside price.
 *
 * Sources
 * Poisson arrivals of uninformed orders: L. Glosten, P. Milgrom, "Bid, ask and transaction prices in a specialist market", J. Financial
 * Economics 14 (1985) 71-100.
 */
import type { Agent, AssetId, Intent, Units, VenueView, View } from '../src/agent/index.ts';
import { defineAgent, exp } from '../src/agent/index.ts';

const HOUR_MS = 3_600_000;

export default defineAgent({
  name: 'noise-trader',
  role: 'trader',
  summary: 'Trades at random moments, in a random direction and size.',
  sources: ['L. Glosten, P. Milgrom, J. Financial Economics 14 (1985) 71-100'],
  params: {
    venue: { kind: 'venue', doc: 'where it trades' },
    rate: { kind: 'number', unit: '1/hour', range: [0.0001, 100_000], default: 6, doc: 'trades an hour, on average' },
    size: { kind: 'number', unit: 'usd', range: [0, 1e12], default: 1_000, doc: 'median size of a trade' },
    sizeSigma: { kind: 'number', unit: 'log', range: [0, 5], default: 1, doc: 'standard deviation of the logarithm of the size' },
    pull: {
      kind: 'number',
      unit: 'ratio',
      range: [0, 1],
      default: 0,
      doc: 'how much it favours the side that brings the price back; 0 is a coin, 1 is always',
    },
  },
  create({ venue, rate, size, sizeSigma, pull }, { random }): Agent {
    let begun = false;

    return {
      onWake(view) {
        const wakeAt = view.at + Math.max(1, Math.round((random.exponential() * HOUR_MS) / rate));
        if (!begun) {
          begun = true;
          return { wakeAt };
        }
        // As many numbers are drawn whatever it sees, so that two worlds are compared on the same crowd.
        const coin = random.uniform();
        const usd = size * exp(sizeSigma * random.normal());
        const pool = view.venue(venue);
        const sell = coin < (1 + pull * (pull > 0 ? dearness(view, pool) : 0)) / 2 ? pool.baseAsset : pool.quoteAsset;
        const wanted = view.unitsFor(sell, usd);
        const gas = sell === view.gasAsset ? view.gasUnits(swap(venue, sell, wanted)) : 0;
        const amount = Math.min(wanted, view.wallet(sell) - gas);
        return amount > 0 ? { intents: [swap(venue, sell, amount)], wakeAt } : { wakeAt };
      },
    };
  },
});

/** 1 where the venue's price is above the outside's, −1 below, 0 where there is nothing to compare. */
function dearness(view: View, { baseAsset, quoteAsset, price }: VenueView): number {
  return Math.sign(price() - view.fair(baseAsset) / view.fair(quoteAsset)) || 0;
}

function swap(venue: number, sell: AssetId, amount: Units): Intent {
  return { actions: [{ do: 'swap', venue, sell, amount }] };
}
