/**
 * The vault, which is the house that takes over what others cannot hold, pays as far as it is worth anything at the marks. How much of its
 * worth it risks for one shortfall, and how many dollars, can be bounded.
 */
import { definePart } from '../../base/params.ts';
import { quoteLeg } from '../plan.ts';
import type { Backstop, BackstopNeeds } from './backstop.ts';

export const vault = definePart<BackstopNeeds, Backstop>()({
  name: 'vault',
  summary: 'Pays from the capital of the house, up to a share of its worth.',
  sources: [
    'hyperliquid.gitbook.io/hyperliquid-docs/trading/liquidations (the liquidator vault)',
    'dydxopsdao/networks dydx-mainnet-1/genesis.json (max_quantums_insurance_lost: 1,000,000 USDC for one account in one block)',
  ],
  params: {
    share: {
      kind: 'number',
      unit: 'ratio',
      range: [0, 1],
      default: 1,
      doc: 'of its worth at the marks, the most that it pays for one shortfall',
    },
    lossMax: {
      kind: 'number',
      unit: 'usd',
      range: [0, Number.POSITIVE_INFINITY],
      optional: true,
      doc: 'the most that it pays for one shortfall; unlimited if left out (dYdX v4 gives 1,000,000 of its insurance fund for one account)',
    },
  },
  create: ({ share, lossMax = Number.POSITIVE_INFINITY }) => ({
    name: 'vault',
    bearer: 'vault',
    absorb({ units }, { vault: worth, vaultPosition, mark }) {
      const paid = Math.min(units, Math.floor(share * worth), Math.floor(lossMax / mark));
      return { plan: paid > 0 ? [quoteLeg(vaultPosition, -paid)] : [], paid };
    },
  }),
});
