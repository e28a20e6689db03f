/**
 * A loss shared among those who trade contracts, in proportion to what they have, and nobody's size is closed: the clawback of early
 * exchanges for futures. Who has profit pays; or, by `from`, everybody to whom the pool owes anything, cash included.
 */
import { definePart } from '../../base/params.ts';
import type { Units } from '../../base/units.ts';
import { quoteLeg } from '../plan.ts';
import type { Backstop, BackstopNeeds, Means } from './backstop.ts';
import { proRata } from './pro-rata.ts';

export const socialiseProfits = definePart<BackstopNeeds, Backstop>()({
  name: 'socialise-profits',
  summary: 'Takes the same part of what everybody has won, or has, and closes no size.',
  sources: [
    'blocktribune.com/okex-claws-back-unrealized-profits-from-futures-traders-to-stem-massive-bad-bet (August 2018: 18 % of gains)',
    'help.trubit.com/en/articles/6225463 (clawback against auto-deleveraging)',
  ],
  params: {
    from: {
      kind: 'choice',
      options: ['profit', 'cash'],
      default: 'profit',
      doc: 'profit: what open sizes have won; cash: cash and contracts of everybody, at the marks',
    },
  },
  create: ({ from }) => ({
    name: 'socialise-profits',
    bearer: 'winners',
    absorb({ units }, means) {
      const owed = [...(from === 'profit' ? profits(means) : new Map(means.creditors().map(({ position, worth }) => [position, worth])))];
      const parts = proRata(
        units,
        owed.map(([, worth]) => worth),
      );
      const paying = owed.map(([position], i) => ({ position, taken: parts[i] })).filter(({ taken }) => taken > 0);
      return {
        plan: paying.map(({ position, taken }) => quoteLeg(position, -taken)),
        paid: paying.reduce((sum, { taken }) => sum + taken, 0),
        deleveraged: paying.map(({ position, taken }) => ({ position, contract: -1, taken, closed: 0, overshoot: 0 })),
      };
    },
  }),
});

/** Profit by position, all its contracts together. */
function profits(means: Means): ReadonlyMap<number, Units> {
  const sums = new Map<number, Units>();
  for (const { position, profit } of means.winners()) sums.set(position, (sums.get(position) ?? 0) + profit);
  return sums;
}
