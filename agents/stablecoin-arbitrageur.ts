/**
 * What it is
 * Somebody who takes a coin for what it promises to be worth. He buys it below and sells it above, and is what holds a peg on a venue,
 * until he no longer believes.
 *
 * How it decides
 * Every `every` he looks at the venue's price p of the coin (its base) in its quote, fee f. With the promise P, `par`, he trades
 *
 *   p < P·(1 − f)·(1 − margin)          buys up to that price
 *   p > P/((1 − f)·(1 − margin))        sells down to that price
 *
 * at most `size` USD at a time and what he has. When the outside price of the coin is below `faith` times P he gives up for good, and from
 * then on sells what he has on the venue, `size` at a time, whatever it brings.
 *
 * What to notice
 * While he believes the pool stays near its peg, and he fills with what others leave. When he gives up he sells all of it at once, so the
 * fall is later and deeper than without him.
 *
 * What to try
 * The same capital with a `faith` of 0.98 and of 0.8: the one is early, the other holds longer and loses more
 * (`experiments/peg-defenders.yaml`).
 *
 * Sources
 * R. Lyons, G. Viswanath-Natraj, "What keeps stablecoins stable?", J. International Money and Finance 131 (2023) 102777 (arbitrage of
 * pegs); D. Diamond, P. Dybvig, J. Political Economy 91 (1983) 401-419 (who is late to run).
 */
import type { Agent, AssetId, Intent, Reply, View } from '../src/agent/index.ts';
import { defineAgent } from '../src/agent/index.ts';

const YEAR_MS = 365 * 86_400_000;

export default defineAgent({
  name: 'stablecoin-arbitrageur',
  role: 'stablecoin-arbitrageur',
  summary: 'Buys a coin below its peg and sells it above, until it no longer believes in it.',
  sources: ['R. Lyons, G. Viswanath-Natraj, J. International Money and Finance 131 (2023) 102777'],
  params: {
    venue: { kind: 'venue', doc: 'where the coin, its base, is traded' },
    par: { kind: 'number', unit: 'quote/base', range: [1e-9, 1e9], default: 1, doc: 'what the coin promises to be worth' },
    margin: { kind: 'number', unit: 'ratio', range: [0, 0.5], default: 0.001, doc: 'gain without which he does not trade, the fee aside' },
    faith: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0.9, doc: 'of par: an outside price below ends his belief' },
    size: { kind: 'number', unit: 'usd', range: [0, 1e12], default: 100_000, doc: 'largest single trade' },
    every: { kind: 'duration', range: [1, YEAR_MS], default: 30_000, doc: 'how often he looks' },
  },
  create({ venue, par, margin, faith, size, every }): Agent {
    let believes = true;

    return {
      onWake(view): Reply {
        const { baseAsset, quoteAsset, price, depth, fee } = view.venue(venue);
        const wakeAt = view.at + every;
        if (view.fair(baseAsset) / view.fair(quoteAsset) < faith * par) believes = false;
        if (!believes) return { intents: swap(view, baseAsset, view.wallet(baseAsset)), wakeAt };
        const kept = (1 - fee) * (1 - margin);
        const now = price();
        if (now < par * kept) return { intents: swap(view, quoteAsset, depth(quoteAsset, par * kept)), wakeAt };
        if (now > par / kept) return { intents: swap(view, baseAsset, depth(baseAsset, par / kept)), wakeAt };
        return { wakeAt };
      },
    };

    /** Of what he would sell, as much as he has and may. */
    function swap(view: View, sell: AssetId, wanted: number): readonly Intent[] {
      const gas = sell === view.gasAsset ? view.gasUnits({ actions: [{ do: 'swap', venue, sell, amount: 1 }] }) : 0;
      const amount = Math.min(wanted, view.wallet(sell) - gas, view.unitsFor(sell, size));
      return amount > 0 ? [{ actions: [{ do: 'swap', venue, sell, amount }] }] : [];
    }
  },
});
