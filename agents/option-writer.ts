/**
 * What it is
 * Somebody who sells options for their premium and is then short what the market does: a fall makes his puts worth more and asks for more
 * margin. Hedged, he sells into the fall that hurts him, and buys into the rise; a crowd of hedgers is a force of its own.
 *
 * How it decides
 * He deposits `share` of his wallet of the settlement asset, E dollars, and sells each of his `contracts` in equal number, so many that a
 * share `use` of E would meet what opening them asks, by the contracts' own terms: n = use · E ÷ Σ initial · index. Refused for want of
 * margin, he tries nine tenths. Every `hedgeEvery` he adds up how his options move with the underlying,
 *
 *   Δ = Σ size · delta + what he holds against it
 *
 * and if |Δ| is more than `band` of the size that he has written, he trades `hedgeShare` of −Δ: in the perpetual `hedge`, whose mark he
 * moves by its skew, or on the `venue`, whose price an oracle may read. With neither he only waits for the expiry.
 *
 * What to notice
 * Delta changes with the price, so a writer of puts sells more the further it falls, at whatever price there is; near the expiry, and at
 * the strike, most of all.
 *
 * What to try
 * Hedge in a perpetual without depth, in a shallow one, and not at all; widen the `band`.
 *
 * Sources
 * Hedgers that move the market they hedge in: R. Frey, A. Stremme, Mathematical Finance 7 (1997) 351-374; bands: A. E. Whalley, P. Wilmott,
 * Mathematical Finance 7 (1997) 307-324.
 */
import type { Action, Agent, Intent, Ms, Reply, Units, View } from '../src/agent/index.ts';
import { defineAgent } from '../src/agent/index.ts';

/** Refusals in a row after which he gives up selling. */
const REFUSALS_MAX = 40;
/** What is left of the sizes after a refusal. */
const SMALLER = 0.9;

export default defineAgent({
  name: 'option-writer',
  role: 'trader',
  summary: 'Sells options, and may hedge them in a perpetual or on a venue.',
  sources: ['R. Frey, A. Stremme, Mathematical Finance 7 (1997)', 'A. E. Whalley, P. Wilmott, Mathematical Finance 7 (1997)'],
  params: {
    protocol: { kind: 'protocol', doc: 'where it sells' },
    contracts: { kind: 'contracts', doc: 'the options, all of one underlying' },
    share: { kind: 'number', unit: 'ratio', range: [0, 1], default: 1, doc: 'part of its wallet of the settlement asset that it deposits' },
    use: { kind: 'number', unit: 'ratio', range: [0, 10], default: 0.5, doc: 'part of the deposit that the sizes ask for when they open' },
    openAt: { kind: 'duration', range: [0, 31_536_000_000], default: 0, doc: 'when it sells at the earliest' },
    openWithin: { kind: 'duration', range: [0, 31_536_000_000], default: 0, doc: 'span after that over which its moment is drawn' },
    hedge: { kind: 'contract', optional: true, doc: 'perpetual of the same underlying in which it hedges' },
    venue: { kind: 'venue', optional: true, doc: 'venue of the underlying against the settlement asset on which it hedges instead' },
    hedgeEvery: { kind: 'duration', range: [1, 31_536_000_000], default: 3_600_000, doc: 'how often it looks at its delta' },
    band: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0, doc: 'delta per size written that it leaves alone' },
    hedgeShare: { kind: 'number', unit: 'ratio', range: [0, 1], default: 1, doc: 'part of its delta that it takes away' },
  },
  create(params, self): Agent {
    const { protocol, contracts, share, use, openAt, openWithin, hedge, venue, hedgeEvery, band, hedgeShare } = params;
    const opensAt = openAt + Math.floor(self.random.uniform() * openWithin);
    const hedges = hedge !== undefined || venue !== undefined;
    let phase: 'waiting' | 'selling' | 'sold' | 'over' = 'waiting';
    let refusals = 0;
    let part = 1;
    let pending: Intent | undefined;
    /** The underlying that it had in its wallet before it began to hedge on a venue. */
    let before: Units = 0;
    let looksAt: Ms = 0;

    return {
      onWake(view) {
        if (phase === 'waiting' && view.at < opensAt) return { wakeAt: opensAt };
        if (phase === 'sold') return hedgeNow(view);
        return phase === 'over' ? undefined : sell(view);
      },

      onFill(view, { intent, refusal }) {
        if (intent !== pending) return undefined;
        pending = undefined;
        if (phase !== 'selling') return undefined;
        if (refusal === undefined) {
          phase = 'sold';
          before = view.wallet(underlyingOf(view));
          return hedges ? hedgeNow(view) : undefined;
        }
        refusals += 1;
        if (refusal.rejected === 'HEALTH_INITIAL') part *= SMALLER;
        if (refusals >= REFUSALS_MAX) phase = 'over';
        return phase === 'over' ? undefined : { wakeAt: view.nextBlockAt };
      },
    };

    function underlyingOf(view: View): number {
      const { markets, contracts: all } = view.protocol(protocol);
      return markets[all[contracts[0]].market].asset;
    }

    function sell(view: View): Reply | undefined {
      const { markets, settle, contracts: all, oracleUsd } = view.protocol(protocol);
      const { asset } = markets[settle];
      const amount = Math.floor(view.wallet(asset) * share);
      const usd = self.toTokens(asset, amount) * oracleUsd(settle, view.at);
      const asked = contracts.reduce((sum, id) => {
        const { initial, market } = all[id];
        return sum + (initial * oracleUsd(market, view.at)) / markets[market].scale;
      }, 0);
      const size = Math.floor((use * part * usd) / asked);
      if (Number.isNaN(size)) return { wakeAt: view.nextBlockAt };
      if (!(amount > 0 && size > 0)) return undefined;
      phase = 'selling';
      const actions: Action[] = [{ do: 'deposit', protocol, asset, amount }];
      for (const contract of contracts) actions.push({ do: 'trade-contract', protocol, contract, size: -size });
      return send(...actions);
    }

    function send(...actions: readonly Action[]): Reply {
      pending = { actions };
      return { intents: [pending] };
    }

    /** What he trades against his delta now, and when he looks again: never, once there is nothing to hedge. */
    function hedgeNow(view: View): Reply | undefined {
      if (view.at < looksAt) return { wakeAt: looksAt };
      looksAt = view.at + hedgeEvery;
      const wakeAt = looksAt;
      const seen = view.protocol(protocol);
      const position = seen.positionOf(self.account);
      let written = 0;
      let delta = 0;
      for (const contract of contracts) {
        const size = seen.sizeOf(position, contract);
        written += Math.abs(size);
        if (size !== 0) delta += size * seen.contractDelta(contract);
      }
      const held = heldAgainst(view, position);
      const net = delta + held;
      if (Number.isNaN(net)) return { wakeAt };
      if (written === 0 && Math.abs(held) < 1) return undefined;
      if (Math.abs(net) <= band * written) return { wakeAt };
      const action = against(view, -Math.trunc(net * (written === 0 ? 1 : hedgeShare)));
      return action === undefined ? { wakeAt } : { ...send(action), wakeAt };
    }

    /** Units of the underlying that the hedge moves like. */
    function heldAgainst(view: View, position: number): Units {
      if (hedge !== undefined) {
        const size = view.protocol(protocol).sizeOf(position, hedge);
        return size === 0 ? 0 : size * view.protocol(protocol).contractDelta(hedge);
      }
      return venue === undefined ? 0 : view.wallet(underlyingOf(view)) - before;
    }

    /** Buys (size > 0) or sells so much of the underlying. */
    function against(view: View, size: Units): Action | undefined {
      if (size === 0) return undefined;
      if (hedge !== undefined) return { do: 'trade-contract', protocol, contract: hedge, size };
      if (venue === undefined) return undefined;
      const { baseAsset, quoteAsset, price } = view.venue(venue);
      if (size < 0) {
        const amount = Math.min(-size, view.wallet(baseAsset));
        return amount > 0 ? { do: 'swap', venue, sell: baseAsset, amount } : undefined;
      }
      const tokens = self.toTokens(baseAsset, size) * price();
      const amount = Math.min(self.toUnits(quoteAsset, tokens), view.wallet(quoteAsset));
      return amount > 0 ? { do: 'swap', venue, sell: quoteAsset, amount } : undefined;
    }
  },
});
