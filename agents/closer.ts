/**
 * What it is
 * The keeper of accounts of contracts: it calls the closeout of whoever has too little equity, slice after slice. It takes no position and
 * risks no money but gas; whether it comes depends on what a closing pays, or on who runs it.
 *
 * How it decides
 * After every block it asks who can be started. Each one is quoted; a closing is sent, alone in its bundle, if
 *
 *   reward − gas ≥ profitMin,   or always if it is `altruistic` (as a protocol's own keeper is)
 *
 * the best paid first, at most `most` of them a block. An account that refused is left alone for 1, 2, 4 … blocks, at most 64; one that is
 * still pausing between two slices costs nothing, since the quote says so.
 *
 * What to notice
 * Where the penalty is nothing and keepers are not altruistic nobody comes, and accounts go bankrupt that could have been closed.
 *
 * What to try
 * Latency against the pauses between slices; gas against `keeperShare` of the penalty.
 *
 * Sources
 * Keepers that are paid a part of a penalty: Synthetixio/synthetix-v3 perps-market GlobalPerpsMarketConfiguration.sol (keeper rewards); a
 * protocol's own daemon: dydxprotocol/v4-chain protocol/daemons/liquidation.
 */
import type { Agent, Intent, Reply, Usd, View } from '../src/agent/index.ts';
import { defineAgent, isRejection } from '../src/agent/index.ts';

/** Blocks that an account rests after so many refusals in a row: 2^n, at most this. */
const REST_MAX = 64;
/** Blocks that it waits for word of a closing before it takes it for lost. */
const PATIENCE = 3;

interface Target {
  readonly position: number;
  readonly intent: Intent;
  readonly rewardUsd: Usd;
}

export default defineAgent({
  name: 'closer',
  role: 'liquidator',
  summary: 'Calls the closeout of accounts of contracts that have too little equity.',
  sources: ['Synthetixio/synthetix-v3 perps-market', 'dydxprotocol/v4-chain protocol/daemons/liquidation'],
  params: {
    protocol: { kind: 'protocol', doc: 'whose accounts it watches' },
    altruistic: { kind: 'flag', default: true, doc: 'whether it closes whatever that pays' },
    profitMin: { kind: 'number', unit: 'usd', range: [0, 1e9], default: 0, doc: 'least reward beyond gas, where it is not altruistic' },
    most: { kind: 'integer', unit: 'closings', range: [1, 100_000], default: 100, doc: 'closings that it sends after a block' },
    tip: { kind: 'number', unit: 'unit/gas', range: [0, 1e6], default: 0, doc: 'tip that it pays' },
  },
  create({ protocol, altruistic, profitMin, most, tip }, self): Agent {
    /** Block before which an account is left alone, and refusals in a row. */
    const resting = new Map<number, number>();
    const refused = new Map<number, number>();
    const sent = new Map<Intent, number>();

    return {
      onBlock(view): Reply | undefined {
        const targets: Target[] = [];
        for (const position of view.protocol(protocol).startable(view.at)) {
          const target = (resting.get(position) ?? 0) <= view.block ? look(view, position) : undefined;
          if (target !== undefined) targets.push(target);
        }
        if (targets.length === 0) return undefined;
        targets.sort((a, b) => b.rewardUsd - a.rewardUsd || a.position - b.position);
        const intents = targets.slice(0, most).map(({ position, intent }) => {
          sent.set(intent, position);
          resting.set(position, view.block + PATIENCE + Math.ceil(self.latency / view.blockTime));
          return intent;
        });
        return { intents };
      },

      onFill(view, { intent, refusal }) {
        const position = sent.get(intent);
        if (position === undefined) return undefined;
        sent.delete(intent);
        if (refusal === undefined) {
          refused.delete(position);
          resting.delete(position);
          return undefined;
        }
        const times = (refused.get(position) ?? 0) + 1;
        refused.set(position, times);
        resting.set(position, view.block + Math.min(REST_MAX, 2 ** (times - 1)));
        return undefined;
      },
    };

    /** A closing that pays, or that is made for nothing. */
    function look(view: View, position: number): Target | undefined {
      const quote = view.protocol(protocol).quoteStart(position, self.account, view.at);
      if (isRejection(quote)) return undefined;
      const intent: Intent = { actions: [{ do: 'start-liquidation', protocol, position }], tip };
      const { rewardUsd } = quote;
      return altruistic || rewardUsd - view.gasUsd(intent) >= profitMin ? { position, intent, rewardUsd } : undefined;
    }
  },
});
