/**
 * What it is
 * A passive depositor: it lends its wallet of one asset to a protocol at the start and, if told so, asks for it back at one moment. It is
 * the party that pays when a protocol's losses are shared, so it has to be in the room.
 *
 * How it decides
 * It supplies `share` of its wallet as soon as it wakes. From `withdrawAt` on it redeems the most that the protocol can pay, and as long as
 * something is owed to it, it comes back every `retryEvery`: what was lent out cannot be redeemed before somebody repays.
 *
 * What to notice
 * Withdrawals stop at utilisation 1: the claim is still there, the money is not. With a shared loss the claim itself has shrunk, and the
 * first to redeem after the loss is written off is no better off than the last.
 *
 * What to try
 * Many lenders with different `withdrawAt` around an attack: who comes before it gets all, who comes after shares the loss.
 *
 * Sources
 * Deposits that are redeemable only out of what is not lent: Compound whitepaper (R. Leshner, G. Hayes, 2019); aave.com/docs.
 */
import type { Action, Agent, Intent, Units, View } from '../src/agent/index.ts';
import { defineAgent } from '../src/agent/index.ts';

export default defineAgent({
  name: 'lender',
  role: 'lender',
  summary: 'Lends its wallet of one asset to a protocol at the start, and may take it back later.',
  sources: ['R. Leshner, G. Hayes, Compound: The Money Market Protocol, 2019', 'aave.com/docs'],
  params: {
    protocol: { kind: 'protocol', doc: 'where it lends' },
    asset: { kind: 'asset', doc: 'what it lends' },
    share: { kind: 'number', unit: 'ratio', range: [0, 1], default: 1, doc: 'part of its wallet that it lends' },
    withdrawAt: { kind: 'duration', range: [0, 31_536_000_000], optional: true, doc: 'when it asks for its money back; never if left out' },
    retryEvery: {
      kind: 'duration',
      range: [1, 86_400_000],
      default: 300_000,
      doc: 'how often it asks again for what could not be paid',
    },
    tip: { kind: 'number', unit: 'unit/gas', range: [0, 1e6], default: 0, doc: 'tip that it always pays' },
  },
  create({ protocol, asset, share, withdrawAt, retryEvery, tip }, self): Agent {
    let supplied = false;

    return {
      onWake(view) {
        if (!supplied) {
          supplied = true;
          const amount = supplyOf(view);
          const intents = amount > 0 ? [intentOf({ do: 'supply', protocol, asset, amount })] : [];
          return withdrawAt === undefined ? { intents } : { intents, wakeAt: Math.max(withdrawAt, view.at + 1) };
        }
        const market = view.protocol(protocol);
        const position = market.positionOf(self.account);
        if (!(position >= 0) || market.suppliedOf(position, asset) <= 0) return undefined;
        const intents = market.available(asset) > 0 ? [intentOf({ do: 'redeem', protocol, asset, amount: 'max' })] : [];
        return { intents, wakeAt: view.at + retryEvery };
      },
    };

    function supplyOf(view: View): Units {
      const wallet = view.wallet(asset);
      const part = Math.floor(wallet * share);
      if (asset !== view.gasAsset) return part;
      // It pays for this supply and a later redemption, at twice the present fee.
      const gas = 4 * view.gasUnits(intentOf({ do: 'supply', protocol, asset, amount: part }));
      return Math.max(0, Math.min(part, wallet - gas));
    }

    function intentOf(action: Action): Intent {
      return { actions: [action], tip };
    }
  },
});
