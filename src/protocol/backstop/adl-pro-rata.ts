/**
 * Auto-deleveraging in proportion: every winner pays the same part of his profit, so that neither splitting an account nor merging two
 * changes what anybody pays.
 *
 *   taken_j = D · profit_j ÷ Σ profit          in whole units, by largest remainders
 *
 * Where `reduce` is set that part of each size is closed too, against the vault at the mark: what is taken is then profit that was
 * realised.
 */
import { mulDivUp } from '../../base/exact.ts';
import { definePart } from '../../base/params.ts';
import type { Leg } from '../plan.ts';
import type { Backstop, BackstopNeeds, Deleveraged } from './backstop.ts';
import { closingLegs, gainOf, sideParam, winnersOf } from './deleveraging.ts';
import { proRata } from './pro-rata.ts';

export const adlProRata = definePart<BackstopNeeds, Backstop>()({
  name: 'adl-pro-rata',
  summary: 'Takes the same part of every winner’s profit, and closes that part of their sizes.',
  sources: ['arXiv 2512.01112 (pro-rata haircuts)'],
  params: {
    side: sideParam,
    reduce: { kind: 'flag', default: true, doc: 'whether sizes are closed in the proportion in which profit is taken' },
  },
  create: ({ side, reduce }) => ({
    name: 'adl-pro-rata',
    bearer: 'winners',
    absorb(shortfall, means) {
      const winners = winnersOf(shortfall, means, side);
      const parts = proRata(
        shortfall.units,
        winners.map(({ profit }) => profit),
      );
      const plan: Leg[] = [];
      const deleveraged: Deleveraged[] = [];
      let paid = 0;
      for (const [i, winner] of winners.entries()) {
        const taken = parts[i];
        if (taken === 0) continue;
        const { position, contract, size, profit } = winner;
        // Rounded up: nobody pays from cash what his size has won.
        const closed = reduce ? Math.sign(size) * mulDivUp(Math.abs(size), taken, profit) : 0;
        plan.push(...closingLegs(winner, closed, taken, means.vaultPosition));
        const overshoot = closed === 0 ? 0 : Math.max(0, gainOf(winner, closed) - taken);
        deleveraged.push({ position, contract, taken, closed, overshoot });
        paid += taken;
      }
      return { plan, paid, deleveraged };
    },
  }),
});
