/**
 * What it is
 * Capital for those who stand on the other side: it pays into the house that trades contracts, or into a pool that absorbs liquidations,
 * and takes its part of what that earns and loses. It may run when it has lost enough.
 *
 * How it decides
 * At `provideAt` it pays in `share` of its wallet. It looks every `every`; from `withdrawAt` on, or once its part is worth less than
 * 1 − `lossMax` of what it paid in, it asks for all of it back, and goes on asking for what could not be paid yet.
 *
 * What to notice
 * What the others leave behind is the same risk on less capital: the first to go is whole, the last bears the rest.
 *
 * What to try
 * Ten providers with a `lossMax` drawn between 2 and 30 per cent, and a fall in which traders win: does the house outlive the run?
 *
 * Sources
 * Vaults as counterparties: hyperliquid.gitbook.io (HLP); pools that absorb: Liquity docs (stability pool). Runs: D. W. Diamond, P. H.
 * Dybvig, Journal of Political Economy 91 (1983) 401-419.
 */
import type { Agent, Intent, Reply, Units, View } from '../src/agent/index.ts';
import { defineAgent } from '../src/agent/index.ts';

export default defineAgent({
  name: 'provider',
  role: 'liquidity-provider',
  summary: 'Pays into the house or a pool that absorbs, and may take it back at a time or after a loss.',
  sources: ['hyperliquid.gitbook.io', 'D. W. Diamond, P. H. Dybvig, Journal of Political Economy 91 (1983) 401-419'],
  params: {
    protocol: { kind: 'protocol', doc: 'whose house or pool' },
    asset: { kind: 'asset', doc: 'what it pays in: the settlement asset, or that of the pool' },
    share: { kind: 'number', unit: 'ratio', range: [0, 1], default: 1, doc: 'part of its wallet that it pays in' },
    provideAt: { kind: 'duration', range: [0, 31_536_000_000], default: 0, doc: 'when it pays in' },
    withdrawAt: { kind: 'duration', range: [0, 31_536_000_000], optional: true, doc: 'when it asks for it back; never if left out' },
    lossMax: {
      kind: 'number',
      unit: 'ratio',
      range: [0, 1],
      optional: true,
      doc: 'loss of its part after which it goes; none if left out',
    },
    every: { kind: 'duration', range: [1, 31_536_000_000], default: 300_000, doc: 'how often it looks, and asks again' },
  },
  create({ protocol, asset, share, provideAt, withdrawAt = Number.POSITIVE_INFINITY, lossMax, every }, self): Agent {
    let paid: Units = 0;
    let phase: 'waiting' | 'in' | 'leaving' = 'waiting';
    let pending: Intent | undefined;

    return {
      onWake(view): Reply | undefined {
        if (phase === 'waiting') return view.at < provideAt ? { wakeAt: provideAt } : provide(view);
        const worth = view.protocol(protocol).providedOf(self.account);
        if (phase === 'in' && (view.at >= withdrawAt || worth < paid * (1 - (lossMax ?? Number.POSITIVE_INFINITY)))) phase = 'leaving';
        if (phase === 'in') return { wakeAt: next(view) };
        // Worth nothing now is not worth nothing for ever.
        return worth > 0 ? { intents: [withdrawal()], wakeAt: view.at + every } : { wakeAt: view.at + every };
      },

      onFill(view, { intent, refusal }) {
        if (intent !== pending) return undefined;
        pending = undefined;
        if (refusal !== undefined) return { wakeAt: view.at + every };
        phase = 'in';
        return lossMax === undefined && withdrawAt === Number.POSITIVE_INFINITY ? undefined : { wakeAt: next(view) };
      },
    };

    function next(view: View): number {
      return lossMax === undefined ? Math.max(withdrawAt, view.at + 1) : view.at + every;
    }

    function provide(view: View): Reply | undefined {
      const wallet = view.wallet(asset);
      const gas = asset === view.gasAsset ? 4 * view.gasUnits(withdrawal()) : 0;
      paid = Math.max(0, Math.min(Math.floor(wallet * share), wallet - gas));
      if (paid === 0) return undefined;
      pending = { actions: [{ do: 'provide', protocol, asset, amount: paid }] };
      return { intents: [pending] };
    }

    function withdrawal(): Intent {
      return { actions: [{ do: 'unprovide', protocol, asset, amount: 'max' }] };
    }
  },
});
