/** The protocol gives up its own part of the interest before anybody else pays. */
import { definePart } from '../../base/params.ts';
import type { Backstop } from './backstop.ts';

export const reserve = definePart<unknown, Backstop>()({
  name: 'reserve',
  summary: "Pays from the protocol's own part of the interest in the same market.",
  sources: ['compound-finance/compound-protocol CToken.sol (totalReserves)'],
  params: {},
  create: () => ({
    name: 'reserve',
    bearer: 'buffer',
    absorb({ market, units }, means) {
      const paid = Math.min(units, means.reserve);
      return { plan: paid > 0 ? [{ kind: 'reserve', market, units: -paid }] : [], paid };
    },
  }),
});
