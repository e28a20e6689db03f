/**
 * What it is
 * The trader who keeps a venue's price near the outside price, for the difference. Whoever pumps a price pays him; how fast and how far he
 * acts decides what a manipulated price costs to hold.
 *
 * How it decides
 * A trade in a pool with fee f pays up to the point at which its marginal price, fee included, is the outside price F (in quote per base).
 * A buyer of base pays p/(1 − f) at pool price p, a seller gets p·(1 − f); so there is nothing to gain within the band
 *
 *   F·(1 − f)·(1 − c)  ≤  p  ≤  F / ((1 − f)·(1 − c))        c = what the trade on the other side costs (0 without a hedge)
 *
 * and outside it he trades to its nearer edge: `depth` to that price, at most `sizeMax` and what his wallet holds. (A constant-product
 * pool keeps the fee, so its price moves a little more than the marginal trade says, and he stops a little early: of second order in
 * profit.) He acts only if the quote, valued outside, less gas exceeds `profitMin`, and `require` makes a trade fail whose price somebody
 * else has taken. With `hedge` both legs are one bundle and he begins and ends in quote; without, he keeps what he bought. He may offer
 * `tipShare` of the expected profit to go first.
 *
 * What to notice
 * The price follows the outside only to the edge of the band; he leaves the rest. His profit is the providers' loss-versus-rebalancing.
 *
 * What to try
 * Raise the fee or the gas, lower his capital, or delay him by some blocks: the same pump holds longer and costs less.
 *
 * Sources
 * G. Angeris et al., "An analysis of Uniswap markets", arXiv 1911.03380 (no-arbitrage band); J. Milionis et al., arXiv 2208.06046 and
 * 2305.14604 (loss-versus-rebalancing, with fees).
 */
import type { Agent, Intent, Reply, Units, Usd, View } from '../src/agent/index.ts';
import { defineAgent, isRejection } from '../src/agent/index.ts';

/** Blocks that he waits for word of a trade before he takes it for lost. */
const PATIENCE = 3;
/** The same for its own latency, whose longest draws are some times the usual one. */
const LATENCIES = 3;

export default defineAgent({
  name: 'arbitrageur',
  role: 'arbitrageur',
  summary: 'Trades a venue back towards the outside price when that pays after fee and gas.',
  sources: ['arXiv 1911.03380', 'arXiv 2208.06046', 'arXiv 2305.14604'],
  params: {
    venue: { kind: 'venue', doc: 'the venue that he keeps in line' },
    hedge: { kind: 'flag', default: true, doc: 'closes each trade at the outside price, in the same bundle' },
    outsideCost: {
      kind: 'number',
      unit: 'ratio',
      range: [0, 0.5],
      default: 0.001,
      doc: 'what he reckons the outside leg costs; the spread of the outside',
    },
    profitMin: { kind: 'number', unit: 'usd', range: [0, 1e9], default: 1, doc: 'least expected profit after gas' },
    sizeMax: { kind: 'number', unit: 'usd', range: [0, 1e15], default: 1e15, doc: 'largest single trade' },
    every: { kind: 'duration', range: [1, 31_536_000_000], optional: true, doc: 'how often he looks; after every block if left out' },
    tip: { kind: 'number', unit: 'unit/gas', range: [0, 1e6], default: 0, doc: 'tip that he always pays' },
    tipShare: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0, doc: 'part of the expected profit that he adds to the tip' },
  },
  create({ venue, hedge, outsideCost, profitMin, sizeMax, every, tip, tipShare }, self): Agent {
    const kept = hedge ? 1 - outsideCost : 1;
    /** Until when a trade is on its way. */
    let pendingUntil = -1;

    function look(view: View): readonly Intent[] {
      if (view.at <= pendingUntil) return [];
      const intent = opportunity(view);
      if (intent === undefined) return [];
      pendingUntil = intent.until ?? view.at;
      return [intent];
    }

    const onFill = (): undefined => {
      pendingUntil = -1;
    };
    if (every === undefined) return { onBlock: (view): Reply => ({ intents: look(view) }), onFill };
    return { onWake: (view): Reply => ({ intents: look(view), wakeAt: view.at + every }), onFill };

    function opportunity(view: View): Intent | undefined {
      const { baseAsset, quoteAsset, fee, depth, price } = view.venue(venue);
      const fair = view.fair(baseAsset) / view.fair(quoteAsset);
      const band = kept * (1 - fee);
      const now = price();
      const dear = now > fair / band;
      if (!dear && !(now < fair * band)) return undefined;
      const sell = dear ? baseAsset : quoteAsset;
      const amount = Math.min(depth(sell, dear ? fair / band : fair * band), affordable(view, sell));
      return amount > 0 ? worthwhile(view, sell, amount) : undefined;
    }

    /** The most that he can and may sell. Hedged, all is paid in quote: base that he sells is bought outside first. */
    function affordable(view: View, sell: number): Units {
      const { baseAsset, quoteAsset } = view.venue(venue);
      const paid = hedge ? quoteAsset : sell;
      const gas = paid === view.gasAsset ? 2 * view.gasUnits({ actions: bundle(view, sell, 1), tip }) : 0;
      const wallet = Math.max(0, view.wallet(paid) - gas);
      const limit = view.unitsFor(sell, sizeMax);
      // One unit is left over for the rounding of the outside leg.
      return Math.min(limit, hedge && sell === baseAsset ? view.unitsFor(sell, view.usd(paid, Math.max(0, wallet - 1)) * kept) : wallet);
    }

    /** Buying base: swap, then sell it outside. Selling base: buy it outside, then swap. Unhedged: only the swap. */
    function bundle(view: View, sell: number, amount: Units): Intent['actions'] {
      const { baseAsset, quoteAsset } = view.venue(venue);
      if (!hedge) return [{ do: 'swap', venue, sell, amount }];
      if (sell === quoteAsset) {
        return [
          { do: 'swap', venue, sell, amount },
          { do: 'outside-trade', sell: baseAsset, buy: quoteAsset, amount: 'received' },
        ];
      }
      const spent = view.unitsFor(quoteAsset, view.usd(baseAsset, amount) / kept) + 1;
      return [
        { do: 'outside-trade', sell: quoteAsset, buy: baseAsset, amount: spent },
        { do: 'swap', venue, sell, amount: 'received' },
      ];
    }

    function worthwhile(view: View, sell: number, amount: Units): Intent | undefined {
      const { baseAsset, quoteAsset, quote } = view.venue(venue);
      const fill = quote({ sell, amount });
      if (isRejection(fill)) return undefined;
      const buy = sell === baseAsset ? quoteAsset : baseAsset;
      // The outside leg costs the buyer of base on what he sells there, the seller on what he buys there.
      const spent = view.usd(sell, amount) / (sell === baseAsset ? kept : 1);
      const earned = view.usd(buy, fill.bought) * (buy === baseAsset ? kept : 1);
      const plain: Intent = { actions: bundle(view, sell, amount), tip };
      const profit = earned - spent - view.gasUsd(plain);
      if (!(profit > profitMin)) return undefined;
      const bid: Intent = { ...plain, tip: tip + tipFor(view, plain, profit * tipShare) };
      const least = view.gasUsd(bid) + profitMin;
      return {
        ...bid,
        require: hedge ? gain(view, quoteAsset, least) : gain(view, buy, spent + least),
        until: view.nextBlockAt + LATENCIES * self.latency + PATIENCE * view.blockTime,
      };
    }
  },
});

function gain(view: View, asset: number, usd: Usd): { asset: number; gainMin: Units } {
  return { asset, gainMin: view.unitsFor(asset, usd) };
}

/** The tip, in units per gas, that spends `usd` on the bundle. The bundle's gas is what a tip of 1 adds to its price. */
function tipFor(view: View, intent: Intent, usd: Usd): number {
  if (view.gasAsset < 0 || !(usd > 0)) return 0;
  const gas = view.gasUnits({ ...intent, tip: 1 }) - view.gasUnits({ ...intent, tip: 0 });
  return gas > 0 ? view.unitsFor(view.gasAsset, usd) / gas : 0;
}
