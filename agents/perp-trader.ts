/**
 * What it is
 * Somebody who takes a leveraged side of a perpetual and waits: long or short, at a leverage and a moment of his own. A crowd of these,
 * with leverages drawn from a distribution, is the book that a fall closes, one requirement after the other.
 *
 * How it decides
 * He deposits `share` of his wallet of the settlement asset, E dollars, and in the same bundle trades a size worth L·E at the protocol's
 * price, L being his `leverage`; refused for want of margin, he tries nine tenths of it, and so on. Opened, he is called for margin, or
 * told that his health is below `defendBelow`, and then restores the leverage at which he opened, if he defends at all:
 *
 *   margin:  deposits N/L − equity, as far as his wallet goes          reduce:  closes what is more than L·equity        N = notional
 *
 * He closes all of it once profit or loss is `takeProfit` or `stopLoss` of what he put in, or at `closeAt`; he looks every `every`. What is
 * left then goes back to his wallet.
 *
 * What to notice
 * Health is assets over debts and margin, so at a leverage of 20 even a sound account is only a few per cent above 1: levels of calls and
 * of `defendBelow` have to be as near.
 *
 * What to try
 * Longs with leverages from 5 to 40 in a market without depth and in a shallow one, and a fall of a tenth: how many does each slice close?
 *
 * Sources
 * Isolated margin and liquidation prices: docs.dydx.exchange; hyperliquid.gitbook.io. The distribution of leverages is up to the scenario.
 */
import type { Action, Agent, Intent, Reply, Units, Usd, View } from '../src/agent/index.ts';
import { defineAgent } from '../src/agent/index.ts';

/** Refusals in a row after which he gives up. */
const REFUSALS_MAX = 40;
/** What is left of a size after a refusal. */
const SMALLER = 0.9;
/** A defence worth less than this part of the equity is none. */
const NEAR = 1e-4;

type Phase = 'waiting' | 'opening' | 'open' | 'closing' | 'leaving' | 'over';

export default defineAgent({
  name: 'perp-trader',
  role: 'trader',
  summary: 'Opens a long or short of a leverage of its own in a perpetual, and may defend or close it.',
  sources: ['docs.dydx.exchange', 'hyperliquid.gitbook.io'],
  params: {
    protocol: { kind: 'protocol', doc: 'where it trades' },
    contract: { kind: 'contract', doc: 'the perpetual' },
    side: { kind: 'choice', options: ['long', 'short', 'either'], default: 'either', doc: 'which side it takes; either: a coin decides' },
    leverage: { kind: 'number', unit: 'ratio', range: [0.01, 1000], default: 5, doc: 'notional per equity at which it opens' },
    share: { kind: 'number', unit: 'ratio', range: [0, 1], default: 1, doc: 'part of its wallet of the settlement asset that it deposits' },
    openAt: { kind: 'duration', range: [0, 31_536_000_000], default: 0, doc: 'when it opens at the earliest' },
    openWithin: { kind: 'duration', range: [0, 31_536_000_000], default: 0, doc: 'span after that over which its moment is drawn' },
    defence: {
      kind: 'choice',
      options: ['none', 'margin', 'reduce'],
      default: 'none',
      doc: 'what it does when it is called for margin or its health is low',
    },
    defendBelow: { kind: 'number', unit: 'ratio', range: [1, 100], optional: true, doc: 'health below which it defends uncalled' },
    takeProfit: { kind: 'number', unit: 'ratio', range: [0, 1000], optional: true, doc: 'profit per deposit at which it closes' },
    stopLoss: { kind: 'number', unit: 'ratio', range: [0, 1], optional: true, doc: 'loss per deposit at which it closes' },
    closeAt: { kind: 'duration', range: [0, 31_536_000_000], optional: true, doc: 'when it closes; never if left out' },
    every: { kind: 'duration', range: [1, 31_536_000_000], default: 60_000, doc: 'how often it looks at profit and loss' },
  },
  create(params, self): Agent {
    const { protocol, contract, leverage, share, openAt, openWithin, defence, defendBelow = 0, takeProfit, stopLoss, every } = params;
    const { closeAt = Number.POSITIVE_INFINITY } = params;
    // Drawn in any case, so that two sides are compared on the same moments.
    const coin = self.random.uniform() < 0.5 ? 1 : -1;
    const opensAt = openAt + Math.floor(self.random.uniform() * openWithin);
    const sign = params.side === 'either' ? coin : params.side === 'long' ? 1 : -1;
    const looks = takeProfit !== undefined || stopLoss !== undefined;
    let phase: Phase = 'waiting';
    let refusals = 0;
    let part = 1;
    /** What it put in, USD. */
    let stake: Usd = 0;
    let pending: Intent | undefined;

    return {
      onWake(view) {
        if (phase === 'waiting') return view.at < opensAt ? { wakeAt: opensAt } : open(view);
        if (phase === 'opening') return open(view);
        if (phase === 'open') return watch(view);
        return phase === 'closing' ? close(view) : phase === 'leaving' ? leave(view) : undefined;
      },

      onFill(view, { intent, refusal }) {
        if (intent !== pending) return undefined;
        pending = undefined;
        if (refusal === undefined) {
          refusals = 0;
          return done(view);
        }
        refusals += 1;
        if (refusals >= REFUSALS_MAX) {
          phase = 'over';
          return undefined;
        }
        if (phase === 'opening' && refusal.rejected === 'HEALTH_INITIAL') part *= SMALLER;
        return { wakeAt: view.nextBlockAt };
      },

      onCall: (view, which) => (which === protocol ? defend(view) : undefined),
      onHealth: (view, which) => (which === protocol ? defend(view) : undefined),
    };

    /** After a bundle of its own held. */
    function done(view: View): Reply | undefined {
      if (phase === 'opening') {
        phase = 'open';
        stake = equityOf(view);
        return watch(view);
      }
      if (phase === 'closing') return leave(view);
      if (phase === 'leaving') phase = 'over';
      else if (defendBelow > 0) view.watchHealth(protocol, defendBelow);
      return undefined;
    }

    function send(...actions: readonly Action[]): Reply {
      pending = { actions };
      return { intents: [pending] };
    }

    function settleAsset(view: View): number {
      const { markets, settle } = view.protocol(protocol);
      return markets[settle]?.asset ?? -1;
    }

    /** USD per unit of size at the protocol's mark. */
    function markOf(view: View): Usd {
      return view.protocol(protocol).contractMark(contract);
    }
    function positionOf(view: View): number {
      return view.protocol(protocol).positionOf(self.account);
    }
    function equityOf(view: View): Usd {
      return view.protocol(protocol).health(positionOf(view), view.at).equity;
    }
    function sizeOf(view: View): Units {
      return view.protocol(protocol).sizeOf(positionOf(view), contract);
    }

    function open(view: View): Reply | undefined {
      const asset = settleAsset(view);
      const amount = asset < 0 ? 0 : Math.floor(view.wallet(asset) * share);
      const market = view.protocol(protocol).settle;
      const usd = self.toTokens(asset, amount) * view.protocol(protocol).oracleUsd(market, view.at);
      const size = sign * Math.floor((leverage * part * usd) / markOf(view));
      if (amount <= 0 || !(Math.abs(size) >= 1)) {
        // No valid mark yet, perhaps.
        return Number.isNaN(size) ? { wakeAt: view.nextBlockAt } : undefined;
      }
      phase = 'opening';
      return send({ do: 'deposit', protocol, asset, amount }, { do: 'trade-contract', protocol, contract, size });
    }

    /** Whether it is time to close; else when to look again. */
    function watch(view: View): Reply | undefined {
      if (sizeOf(view) === 0) return leave(view);
      if (defendBelow > 0) view.watchHealth(protocol, defendBelow);
      const gained = (equityOf(view) - stake) / stake;
      const enough = gained >= (takeProfit ?? Number.POSITIVE_INFINITY) || -gained >= (stopLoss ?? Number.POSITIVE_INFINITY);
      if (enough || view.at >= closeAt) return close(view);
      const next = Math.min(closeAt, looks ? view.at + every : Number.POSITIVE_INFINITY);
      return next < Number.POSITIVE_INFINITY ? { wakeAt: next } : undefined;
    }

    function close(view: View): Reply | undefined {
      if (sizeOf(view) === 0) return leave(view);
      phase = 'closing';
      return send({ do: 'trade-contract', protocol, contract, size: 'close' });
    }

    /** Takes back what is left; what others owe may not be there yet. */
    function leave(view: View): Reply | undefined {
      const asset = settleAsset(view);
      phase = view.protocol(protocol).withdrawable(positionOf(view), asset, view.at) > 0 ? 'leaving' : 'over';
      return phase === 'over' ? undefined : send({ do: 'withdraw', protocol, asset, amount: 'max' });
    }

    function defend(view: View): Reply | undefined {
      if (phase !== 'open' || pending !== undefined || defence === 'none') return undefined;
      const notional = Math.abs(sizeOf(view)) * markOf(view);
      const equity = equityOf(view);
      if (!(notional > leverage * equity * (1 + NEAR))) return undefined;
      return defence === 'margin' ? addMargin(view, notional / leverage - equity) : reduce(view, notional, equity);
    }

    function addMargin(view: View, missing: Usd): Reply | undefined {
      const asset = settleAsset(view);
      const amount = Math.min(view.unitsFor(asset, missing), view.wallet(asset));
      return amount > 0 ? send({ do: 'deposit', protocol, asset, amount }) : undefined;
    }

    function reduce(view: View, notional: Usd, equity: Usd): Reply | undefined {
      const size = sizeOf(view);
      const kept = Math.max(0, (leverage * equity) / notional);
      const closed = Math.sign(size) * Math.min(Math.abs(size), Math.ceil(Math.abs(size) * (1 - kept)));
      return closed === 0 ? undefined : send({ do: 'trade-contract', protocol, contract, size: -closed });
    }
  },
});
