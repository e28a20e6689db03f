/**
 * What it is
 * Somebody who trades with himself, so that a market looks busier than it is. Nobody's price moves; only volume does.
 *
 * How it decides
 * Every `every` he buys base for `size` USD and sells what he got, in one bundle, so that no one comes between. He stops when he has less
 * than that in quote left: each round costs him the venue's fee twice, and gas.
 *
 * What to notice
 * Measures by volume believe him, the illiquidity of a market and a price weighted by volume among them; measures of what was bought less
 * what was sold do not hear him. Whoever earns the fees may be himself.
 *
 * What to try
 * A lender who goes by illiquidity, with and without him (`experiments/margin-by-flow.yaml`).
 *
 * Sources
 * L. W. Cong, X. Li, K. Tang, Y. Yang, "Crypto wash trading", Management Science 69 (2023) 6427-6454.
 */
import type { Agent, Reply } from '../src/agent/index.ts';
import { defineAgent } from '../src/agent/index.ts';

const YEAR_MS = 365 * 86_400_000;

export default defineAgent({
  name: 'wash-trader',
  role: 'wash-trader',
  summary: 'Buys and sells the same at once, for the volume.',
  sources: ['L. W. Cong et al., Management Science 69 (2023) 6427-6454'],
  params: {
    venue: { kind: 'venue', doc: 'whose volume it makes' },
    size: { kind: 'number', unit: 'usd', range: [0, 1e12], default: 10_000, doc: 'bought, and sold again, each time' },
    every: { kind: 'duration', range: [1, YEAR_MS], default: 60_000, doc: 'how often' },
  },
  create({ venue, size, every }): Agent {
    return {
      onWake(view): Reply {
        const { baseAsset, quoteAsset } = view.venue(venue);
        const amount = view.unitsFor(quoteAsset, size);
        if (!(amount > 0 && amount <= view.wallet(quoteAsset))) return {};
        const round = [
          { do: 'swap', venue, sell: quoteAsset, amount },
          { do: 'swap', venue, sell: baseAsset, amount: 'received' },
        ] as const;
        return { intents: [{ actions: round }], wakeAt: view.at + every };
      },
    };
  },
});
