/**
 * The last layer of a lender that has a token of its own: new tokens are made and sold into their market until the shortfall is paid. Their
 * holders bear it, by a price that falls as they are sold and by a smaller part of everything; here the account `outside`, which makes
 * them, stands for all holders. Maker's debt auction, with a venue in the auction's place.
 */
import { definePart } from '../../base/params.ts';
import { UNITS_MAX } from '../../base/units.ts';
import { move } from '../plan.ts';
import type { Backstop, BackstopNeeds } from './backstop.ts';

export const recapitalise = definePart<BackstopNeeds, Backstop>()({
  name: 'recapitalise',
  summary: 'Makes new governance tokens and sells them on a venue to pay.',
  sources: ['makerdao/dss src/flop.sol, src/vow.sol (flop)'],
  params: {
    token: { kind: 'asset', doc: 'what is made and sold; a venue must trade it against what is short' },
    mintMax: { kind: 'number', unit: 'token', range: [0, 1e15], doc: 'the most that is made for one shortfall' },
  },
  create({ token, mintMax }, { scale }) {
    const most = Math.min(UNITS_MAX, Math.floor(mintMax * scale(token)));
    return {
      name: 'recapitalise',
      bearer: 'holders',
      absorb({ units, asset }, means) {
        const sale = means.sale(token, units, { mintMax: most });
        if (sale === undefined) return { plan: [], paid: 0 };
        const paid = Math.min(units, sale.brings);
        return { plan: [move(means.fundAccount, means.custody, asset, paid)], paid, sales: [sale] };
      },
    };
  },
});
