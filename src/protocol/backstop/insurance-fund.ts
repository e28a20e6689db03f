/** The insurance fund pays a shortfall from its balance of the same asset; it buys nothing. */
import { definePart } from '../../base/params.ts';
import { move } from '../plan.ts';
import type { Backstop } from './backstop.ts';

export const insuranceFund = definePart<unknown, Backstop>()({
  name: 'insurance-fund',
  summary: "Pays from the insurance fund's balance of the asset that is missing.",
  sources: ['drift-labs/protocol-v2 math/insurance.rs'],
  params: {},
  create: () => ({
    name: 'insurance-fund',
    bearer: 'buffer',
    absorb({ asset, units }, { fund, fundAccount, custody }) {
      const paid = Math.min(units, fund);
      return { plan: paid > 0 ? [move(fundAccount, custody, asset, paid)] : [], paid };
    },
  }),
});
