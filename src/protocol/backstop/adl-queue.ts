/**
 * Auto-deleveraging by a queue: winners are ranked by profit ratio times leverage, and the first of them closed wholly, one after the
 * other, until the shortfall is paid. A size is closed against the vault at the mark less what the shortfall needs of its profit; where
 * `forfeit` is set it is closed at its entry, all its profit gone, and the vault keeps what was not needed. The last one in the queue is
 * closed wholly as well, however little was needed: that is the overshoot.
 */
import { definePart } from '../../base/params.ts';
import { type Leg, quoteLeg } from '../plan.ts';
import type { Backstop, BackstopNeeds, Deleveraged } from './backstop.ts';
import { closingLegs, gainOf, sideParam, winnersOf } from './deleveraging.ts';

export const adlQueue = definePart<BackstopNeeds, Backstop>()({
  name: 'adl-queue',
  summary: 'Closes winners wholly, in order of profit % × leverage, until the shortfall is paid.',
  sources: [
    'hyperliquid.gitbook.io/hyperliquid-docs/trading/auto-deleveraging',
    'threadreaderapp.com/thread/1998451762232177041.html (rank by PnL % × leverage, close fully)',
    'arXiv 2512.01112 (overshoot)',
  ],
  params: {
    side: sideParam,
    forfeit: {
      kind: 'flag',
      default: false,
      doc: 'whether a size that is closed loses all its profit, what is not needed going to the vault (the queue of arXiv 2512.01112)',
    },
  },
  create: ({ side, forfeit }) => ({
    name: 'adl-queue',
    bearer: 'winners',
    absorb(shortfall, means) {
      const winners = winnersOf(shortfall, means, side);
      const score = (i: number) => winners[i].profitRatio * winners[i].leverage;
      const queue = winners.map((_, i) => i).sort((a, b) => score(b) - score(a) || a - b);
      const plan: Leg[] = [];
      const deleveraged: Deleveraged[] = [];
      let left = shortfall.units;
      for (const place of queue) {
        if (left === 0) break;
        const winner = winners[place];
        const { position, contract, size, profit } = winner;
        const taken = Math.min(left, profit);
        const kept = forfeit ? profit - taken : 0;
        plan.push(...closingLegs(winner, size, taken + kept, means.vaultPosition));
        if (kept > 0) plan.push(quoteLeg(means.vaultPosition, kept));
        deleveraged.push({ position, contract, taken, closed: size, overshoot: gainOf(winner, size) - taken });
        left -= taken;
      }
      return { plan, paid: shortfall.units - left, deleveraged };
    },
  }),
});
