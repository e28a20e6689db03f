/** The files of `breakwater init`: a strategy of some twenty lines, and an experiment that asks something about it. */

const AGENT = `/**
 * What it is
 * A trader who sells a fixed part of what it holds whenever the price has fallen by a given share since it last looked: a stop-loss.
 *
 * How it decides
 * It looks at the fair price every so often. If the price is lower than last time by more than \`fall\`, it sells \`part\` of its wallet.
 *
 * What to notice
 * Many of these together turn a small fall into a larger one.
 *
 * What to try
 * Let it buy as well; or let it look at the pool's own price instead of the fair one.
 *
 * Sources
 * None: it is here to be changed.
 */
import { defineAgent } from 'breakwater/agent';

export default defineAgent({
  name: 'panic-seller',
  role: 'trader',
  summary: 'Sells part of its wallet whenever the price fell since it last looked.',
  sources: [],
  params: {
    venue: { kind: 'venue', doc: 'where it sells' },
    fall: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0.01, doc: 'fall that frightens it' },
    part: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0.2, doc: 'part of the wallet that it sells' },
    every: { kind: 'duration', range: [1_000, 86_400_000], default: 600_000, doc: 'how often it looks' },
  },
  create({ venue, fall, part, every }) {
    let seen = Number.NaN;
    return {
      onWake(view) {
        const asset = view.venue(venue).baseAsset;
        const price = view.fair(asset);
        const frightened = price < seen * (1 - fall);
        seen = price;
        const amount = Math.floor(view.wallet(asset) * part);
        const intents = frightened && amount > 0 ? [{ actions: [{ do: 'swap' as const, venue, sell: asset, amount }] }] : [];
        return { intents, wakeAt: view.at + every };
      },
    };
  },
});
`;

const EXPERIMENT = `# One question in one file. Run it: COMMAND
name: my-first-experiment
question: How much deeper does the price of a pool fall when more of its traders panic, and who pays for that?

model:
  what: >
    ETH trades on one pool while its fair price wanders. Traders of your own (agents/panic-seller.ts) sell when it falls; an arbitrageur
    buys from them what is too cheap and sells it outside.
  notice:
    - The largest distance between pool and fair price grows with the number of panic sellers.
    - What the sellers lose to haste, the arbitrageur and the liquidity providers earn.
  try:
    - --set world.venues.pool.with.quoteReserve=20000000 for a deeper pool.
    - --set agents.panic-seller.params.part=0.5 for more panic.
  sources:
    - your own

world:
  assets:
    USDC: { decimals: 6 }
    ETH: { decimals: 9 }
  prices:
    USDC: { use: constant, with: { start: 1 } }
    ETH: { use: gbm, with: { start: 2000, volatility: 1 } } # per square root of a year
  chain: { blockTime: 12 s }
  venues:
    pool: { use: constant-product, with: { base: ETH, quote: USDC, quoteReserve: 2000000, fee: 0.003 } }

agents:
  - { use: panic-seller, params: { venue: pool }, wallet: { ETH: 50 } }
  - { use: arbitrageur, params: { venue: pool, hedge: true }, wallet: { USDC: 10000000, ETH: 5000 } }

horizon: 1 d
seed: 1
replications: 5
sweep:
  axes:
    agents.panic-seller.count: [1, 5, 25]
measure: [price_impact_max_ratio, arbitrageur_profit_usd, liquidity_provider_profit_usd, trade_count]
assert:
  - price_impact_max_ratio["count=25"] > price_impact_max_ratio["count=1"]
`;

/** Path within the folder, and text; `command` is what runs the experiment from where one is. */
export function starterFiles(command: string): Readonly<Record<string, string>> {
  return { 'experiment.yaml': EXPERIMENT.replace('COMMAND', () => command), 'agents/panic-seller.ts': AGENT };
}
