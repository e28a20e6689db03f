/**
 * What it is
 * Somebody who lives on the fees of a pool: he puts both assets in, and others trade against them. In a pool with ranges he chooses between
 * which prices, and moves when the price has gone. When it gets too wild, or he has lost enough, he takes all of it out; that is when the
 * depth that a protocol counted on is gone.
 *
 * How it decides
 * At `provideAt` he deposits `share` of his wallet: into a pool of shares in its ratio, into one with ranges between p/(1 + w) and
 * p·(1 + w), p being its price and w `halfWidth`. Every `every` he looks. Once ln(p'/p) is beyond `recentre` times ln(1 + w) he takes his
 * range out, sells at the outside what he has more than half of, and deposits anew around p'. Above a volatility of `leaveAt`, estimated
 * from the pool's price, he withdraws and comes back when it has been below for `returnAfter`; once what he has is worth `lossMax` less
 * than what he brought would be now, had he kept it, he leaves for good.
 *
 * What to notice
 * The narrower his range, the more of the fees he gets, and the more he loses to whoever knows the outside price better.
 *
 * What to try
 * A sweep of `halfWidth` with an arbitrageur and without noise traders: what he loses is what the arbitrageur gains, and the fee is all
 * that he has.
 *
 * Sources
 * H. Adams et al., "Uniswap v3 Core" (2021); J. Milionis, C. Moallemi, T. Roughgarden, A. Zhang, "Automated market making and
 * loss-versus-rebalancing", arXiv 2208.06046.
 */
import type { Action, Agent, Amount, AssetId, Intent, Reply, Usd, View } from '../src/agent/index.ts';
import { createDecayedVariance, defineAgent, log } from '../src/agent/index.ts';

const YEAR_MS = 365 * 86_400_000;

export default defineAgent({
  name: 'liquidity-provider',
  role: 'liquidity-provider',
  summary: 'Puts liquidity into a pool, between chosen prices if it has ranges; leaves when it gets too wild.',
  sources: ['H. Adams et al., Uniswap v3 Core (2021)', 'arXiv 2208.06046'],
  params: {
    venue: { kind: 'venue', doc: 'the pool' },
    share: {
      kind: 'number',
      unit: 'ratio',
      range: [0, 1],
      default: 1,
      doc: 'part of its wallet that it deposits first; whenever it moves, all that it has',
    },
    provideAt: { kind: 'duration', range: [0, YEAR_MS], default: 0, doc: 'when it first deposits' },
    halfWidth: {
      kind: 'number',
      unit: 'ratio',
      range: [0.0001, 1_000_000],
      default: 0.5,
      doc: 'its range is from p/(1 + w) to p·(1 + w); of no account in a pool without ranges',
    },
    recentre: {
      kind: 'number',
      unit: 'ratio',
      range: [0, 1_000],
      default: 1,
      doc: 'how far, of the way to the end of its range, the price goes before it moves the range; 1: to the end',
    },
    every: { kind: 'duration', range: [1, YEAR_MS], default: 60_000, doc: 'how often it looks' },
    leaveAt: {
      kind: 'number',
      unit: '1/sqrt(year)',
      range: [0, 1_000],
      optional: true,
      doc: 'volatility above which it withdraws; never if left out',
    },
    halfLife: { kind: 'duration', range: [1, YEAR_MS], default: 1_800_000, doc: 'of its estimate of volatility' },
    returnAfter: { kind: 'duration', range: [0, YEAR_MS], default: 1_800_000, doc: 'how long it must have been below before it is back' },
    lossMax: {
      kind: 'number',
      unit: 'ratio',
      range: [0, 1],
      optional: true,
      doc: 'loss against keeping what it brought, after which it leaves for good; none if left out',
    },
  },
  create({ venue, share, provideAt, halfWidth, recentre, every, leaveAt, halfLife, returnAfter, lossMax }, self): Agent {
    const variance = createDecayedVariance(halfLife);
    let awayUntil = -1;
    /** What it brought, units; and the price around which its range lies. */
    let brought: { readonly base: number; readonly quote: number } | undefined;
    let centre = Number.NaN;

    return {
      onWake(view): Reply {
        if (view.at < provideAt) return { wakeAt: provideAt };
        return { intents: decide(view), wakeAt: view.at + every };
      },
    };

    function decide(view: View): readonly Intent[] {
      const pool = view.venue(venue);
      const price = pool.price();
      variance.observe(view.at, price);
      const claim = pool.claimOf(self.account);
      const isIn = claim.base + claim.quote > 0;
      brought ??= { base: view.wallet(pool.baseAsset), quote: view.wallet(pool.quoteAsset) };
      if (leaveAt !== undefined && variance.perYear > leaveAt * leaveAt) awayUntil = view.at + returnAfter;
      if (lossMax !== undefined && loss(view, brought) > lossMax) awayUntil = Number.POSITIVE_INFINITY;
      if (view.at < awayUntil || !(price > 0)) return isIn ? [{ actions: [withdrawal(view)] }] : [];
      const moved = pool.ranges !== undefined && Math.abs(log(price / centre)) > recentre * log(1 + halfWidth);
      if (isIn && !moved) return [];
      centre = price;
      if (isIn) return [{ actions: [withdrawal(view), ...halved(view, claim), addition(view, 'all', 'all')] }];
      const part = (asset: AssetId) => Math.floor(view.wallet(asset) * share);
      return [{ actions: [addition(view, part(pool.baseAsset), part(pool.quoteAsset))] }];
    }

    function addition(view: View, base: Amount, quote: Amount): Action {
      if (view.venue(venue).ranges === undefined) return { do: 'add-liquidity', venue, base, quote };
      return { do: 'add-range', venue, base, quote, low: centre / (1 + halfWidth), high: centre * (1 + halfWidth) };
    }

    /** The trade that makes its two assets worth the same again. */
    function halved(view: View, claim: { readonly base: number; readonly quote: number }): Action[] {
      const { baseAsset, quoteAsset } = view.venue(venue);
      const worths = [view.usd(baseAsset, claim.base), view.usd(quoteAsset, claim.quote)];
      const [sell, buy] = worths[0] > worths[1] ? [baseAsset, quoteAsset] : [quoteAsset, baseAsset];
      const amount = view.unitsFor(sell, Math.abs(worths[0] - worths[1]) / 2);
      return amount > 0 ? [{ do: 'outside-trade', sell, buy, amount }] : [];
    }

    function withdrawal(view: View): Action {
      return view.venue(venue).ranges === undefined
        ? { do: 'remove-liquidity', venue, amount: 'all' }
        : { do: 'remove-range', venue, range: 'all' };
    }

    /** What it has now, against what it brought, at today's outside prices: a part of the latter. */
    function loss(view: View, { base, quote }: { readonly base: number; readonly quote: number }): number {
      const { baseAsset, quoteAsset, claimOf } = view.venue(venue);
      const claim = claimOf(self.account);
      const worth = (bases: number, quotes: number): Usd => view.usd(baseAsset, bases) + view.usd(quoteAsset, quotes);
      const kept = worth(base, quote);
      return kept > 0 ? 1 - worth(view.wallet(baseAsset) + claim.base, view.wallet(quoteAsset) + claim.quote) / kept : 0;
    }
  },
});
