/**
 * The insurance fund sells what else it holds to pay in the asset that is short. Such a fund is worth what its assets fetch when it is
 * needed: one that holds what has just fallen, or a token of its own, shrinks with the event that it insures against. Each asset goes to
 * one venue, against the asset that is short; what a sale brings too much stays in the fund.
 */
import { definePart } from '../../base/params.ts';
import { move } from '../plan.ts';
import type { Backstop, BackstopNeeds, TreasurySale } from './backstop.ts';

export const treasury = definePart<BackstopNeeds, Backstop>()({
  name: 'treasury',
  summary: 'Sells the insurance fund’s other assets on venues, and pays with what they bring.',
  sources: [
    'docs.aave.com/aavenomics/safety-module (locked AAVE is auctioned for what is short)',
    'governance.aave.com/t/temp-check-raising-the-safety-module-s-slashing-percentage/14167 (it falls when it is needed)',
  ],
  params: {
    assets: {
      kind: 'assets',
      optional: true,
      doc: 'what is sold, in this order; left out: all that the fund holds, by worth at the marks',
    },
    impactMax: {
      kind: 'number',
      unit: 'ratio',
      range: [0, 1],
      default: 1,
      doc: 'how far below the venue’s price before it a sale’s average price may be, fee included; 1: any sale',
    },
  },
  create: ({ assets, impactMax }) => ({
    name: 'treasury',
    bearer: 'buffer',
    absorb({ units, asset }, means) {
      const sales: TreasurySale[] = [];
      let left = units;
      for (const held of new Set(assets ?? means.treasury)) {
        const sale = left > 0 ? means.sale(held, left, { impactMax }) : undefined;
        if (sale === undefined) continue;
        sales.push(sale);
        left -= Math.min(left, sale.brings);
      }
      const paid = units - left;
      return { plan: paid > 0 ? [move(means.fundAccount, means.custody, asset, paid)] : [], paid, sales };
    },
  }),
});
