/**
 * All lenders of the market pay, each in proportion to what is owed to them. Here only the market's total of supply is lowered; the split
 * follows from its shares, in `protocol/accounts.ts`. Losses that are still open when a run ends are split in `protocol/fair-account.ts`.
 */
import { definePart } from '../../base/params.ts';
import type { Backstop } from './backstop.ts';

export const socialise = definePart<unknown, Backstop>()({
  name: 'socialise',
  summary: "Lowers every lender's claim on the market in the same proportion.",
  sources: ['morpho-org/morpho-blue Morpho.sol (liquidate)', 'euler-xyz/euler-vault-kit modules/Liquidation.sol (debt socialisation)'],
  params: {},
  create: () => ({
    name: 'socialise',
    bearer: 'lenders',
    absorb({ market, units }, { supply }) {
      const paid = Math.min(units, supply);
      return { plan: paid > 0 ? [{ kind: 'supply-loss', market, units: -paid }] : [], paid };
    },
  }),
});
