/**
 * What it is
 * Somebody who lives on the spread of an order book. He offers to buy below and to sell above, and what he holds too much of he offers
 * dearer to buy and cheaper to sell. When the market moves faster than he can bear, or he has lost enough, he takes his orders away; that
 * is when a book is empty that was deep an hour before.
 *
 * How it decides
 * At every `every` he cancels all and quotes anew. With s the reference price, q what he holds of base beyond half of his wealth, in
 * orders of `size`, σ the volatility, τ his horizon, γ his aversion to risk and κ how fast orders thin out with distance (all relative to
 * the price):
 *
 *   reservation price  r = s·(1 − q·γ·σ²·τ)          half of the spread  h = (γ·σ²·τ + (2/γ)·ln(1 + γ/κ))/2
 *
 * The first bid is at r − h·s, the first ask at r + h·s, further ones `step` apart, never beyond the other side of the book. σ is
 * `volatility`, or an exponential estimate from the outside price. Above `leaveAt` he quotes nothing, and comes back when it has been below
 * for `returnAfter`; after a loss of `lossMax` he leaves for good.
 *
 * What to notice
 * The spread he needs grows with the variance; his inventory leans against the last trades, so prices revert a little.
 *
 * What to try
 * Set `leaveAt` to the volatility of the first hour of a crash and compare the depth at its bottom with a maker who stays.
 *
 * Sources
 * M. Avellaneda, S. Stoikov, "High-frequency trading in a limit order book", Quantitative Finance 8 (2008) 217-224; the flash crash of
 * 6 May 2010 (A. Kirilenko et al., Journal of Finance 72 (2017) 967-998) for makers who leave.
 */
import type { Agent, AssetId, Intent, Price, Reply, View } from '../src/agent/index.ts';
import { createDecayedVariance, defineAgent, log } from '../src/agent/index.ts';

const YEAR_MS = 365 * 86_400_000;
/** A lowest price he offers to pay, as a part of the reference: below, his reservation price has gone mad. */
const BID_MIN = 0.05;

export default defineAgent({
  name: 'market-maker',
  role: 'market-maker',
  summary: 'Quotes both sides of an order book, leaning against its inventory; leaves when it gets too wild.',
  sources: ['M. Avellaneda, S. Stoikov, Quantitative Finance 8 (2008) 217-224'],
  params: {
    venue: { kind: 'venue', doc: 'the order book' },
    size: { kind: 'number', unit: 'usd', range: [0, 1e12], default: 10_000, doc: 'size of each order' },
    levels: { kind: 'integer', unit: 'orders', range: [1, 100], default: 5, doc: 'orders on each side' },
    step: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0.001, doc: 'distance from one order to the next, of the price' },
    gamma: { kind: 'number', unit: '1', range: [1e-6, 1e6], default: 0.1, doc: 'aversion to risk' },
    kappa: { kind: 'number', unit: '1', range: [1e-6, 1e9], default: 1_000, doc: 'how fast orders thin out with relative distance' },
    horizon: { kind: 'duration', range: [1, YEAR_MS], default: 3_600_000, doc: 'how far ahead he counts the risk of what he holds' },
    volatility: {
      kind: 'number',
      unit: '1/sqrt(year)',
      range: [0, 100],
      optional: true,
      doc: 'what he takes it for; estimated if left out',
    },
    halfLife: { kind: 'duration', range: [1, YEAR_MS], default: 1_800_000, doc: 'of his estimate' },
    every: { kind: 'duration', range: [1, YEAR_MS], default: 12_000, doc: 'how often he quotes anew' },
    reference: { kind: 'choice', options: ['outside', 'book'], default: 'outside', doc: 'the price he quotes around' },
    leaveAt: {
      kind: 'number',
      unit: '1/sqrt(year)',
      range: [0, 100],
      optional: true,
      doc: 'volatility above which he leaves; never if left out',
    },
    returnAfter: { kind: 'duration', range: [0, YEAR_MS], default: 1_800_000, doc: 'how long it must have been below before he is back' },
    lossMax: { kind: 'number', unit: 'usd', range: [0, 1e12], optional: true, doc: 'loss after which he leaves for good' },
  },
  create(params, self): Agent {
    const { venue, size, levels, step, gamma, kappa, horizon, halfLife, every, leaveAt, returnAfter, lossMax } = params;
    const variance = createDecayedVariance(halfLife);
    /** Until when he stays away. */
    let awayUntil = -1;
    let worthAtStart = Number.NaN;

    return {
      onWake(view): Reply {
        const { baseAsset, quoteAsset } = view.venue(venue);
        variance.observe(view.at, view.fair(baseAsset) / view.fair(quoteAsset));
        return { intents: quotes(view), wakeAt: view.at + every };
      },
    };

    function quotes(view: View): readonly Intent[] {
      const { baseAsset, quoteAsset } = view.venue(venue);
      const held = holdings(view);
      const worth = view.usd(baseAsset, held.base) + view.usd(quoteAsset, held.quote);
      if (Number.isNaN(worthAtStart)) worthAtStart = worth;
      const cancel: Intent = { actions: [{ do: 'cancel-order', venue, order: 'all' }] };
      const seen = Number.isNaN(variance.perYear) ? 0 : variance.perYear;
      const sigma2 = params.volatility === undefined ? seen : params.volatility ** 2;
      if (leaveAt !== undefined && sigma2 > leaveAt * leaveAt) awayUntil = view.at + returnAfter;
      // A loss against holding half and half is what the market did to him, and not only what he did.
      if (lossMax !== undefined && worthAtStart - worth > lossMax) awayUntil = Number.POSITIVE_INFINITY;
      if (view.at < awayUntil) return held.orders > 0 ? [cancel] : [];
      const around = reference(view);
      if (!(around > 0)) return [];
      const inventory = (view.usd(baseAsset, held.base) - worth / 2) / size;
      const risk = gamma * sigma2 * (horizon / YEAR_MS);
      const middle = around * (1 - inventory * risk);
      const half = (around * (risk + (2 / gamma) * log(1 + gamma / kappa))) / 2;
      return [
        cancel,
        ...side(view, baseAsset, middle + half, step * around, held.base),
        ...side(view, quoteAsset, middle - half, -step * around, held.quote),
      ];
    }

    /** What he has, in his wallet and in his orders. */
    function holdings(view: View): { base: number; quote: number; orders: number } {
      const { baseAsset, quoteAsset, book } = view.venue(venue);
      let [base, quote, orders] = [view.wallet(baseAsset), view.wallet(quoteAsset), 0];
      const ratio = 10 ** (self.assets.decimals[quoteAsset] - self.assets.decimals[baseAsset]);
      book?.ordersOf(self.account, (_, direction, price, units) => {
        orders += 1;
        if (direction < 0) base += units;
        else quote += Math.floor(units * price * ratio);
      });
      return { base, quote, orders };
    }

    function reference(view: View): Price {
      const { baseAsset, quoteAsset, price } = view.venue(venue);
      const fair = view.fair(baseAsset) / view.fair(quoteAsset);
      const own = params.reference === 'book' ? price() : fair;
      return own > 0 ? own : fair;
    }

    /** Orders of one side from its first price on, as far as the money goes. */
    function side(view: View, sell: AssetId, first: Price, apart: Price, money: number): Intent[] {
      const { book, baseAsset } = view.venue(venue);
      if (book === undefined) return [];
      const [bid, ask] = [book.bestBid(), book.bestAsk()];
      const floor = BID_MIN * Math.abs(first);
      const intents: Intent[] = [];
      let left = money;
      for (let level = 0; level < levels; level++) {
        const wanted = first + level * apart;
        // Not across the book as he sees it: who is across pays the taker's fee.
        const price =
          sell === baseAsset
            ? Math.max(wanted, bid >= 0 ? bid + book.tick : wanted)
            : Math.min(wanted, ask >= 0 ? ask - book.tick : wanted);
        const amount = Math.min(left, view.unitsFor(sell, size));
        if (!(price > floor && amount > 0)) break;
        intents.push({ actions: [{ do: 'place-order', venue, sell, amount, price, kind: 'post-only' }] });
        left -= amount;
      }
      return intents;
    }
  },
});
