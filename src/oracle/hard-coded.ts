/**
 * A price written into the protocol, which claims at any moment to be of that moment. Safe from every manipulation and wrong whenever the
 * world moves: whoever holds the asset when it falls below this price sells it to the lenders.
 */
import { definePart } from '../base/params.ts';
import type { Oracle, OracleNeeds } from './oracle.ts';

export const hardCoded = definePart<OracleNeeds, Oracle>()({
  name: 'hard-coded',
  summary: 'A price that never changes, whatever the market says.',
  sources: [
    'docs.morpho.org, fixed-rate oracles of stablecoin and wrapped-asset markets',
    'rekt.news/usdx-rekt (hard-coded prices of a stablecoin as collateral, November 2025)',
  ],
  params: { price: { kind: 'number', unit: 'usd/token', range: [1e-12, 1e12], doc: 'what it answers' } },
  create: ({ price }) => ({
    observe() {
      // Nothing that it was shown changes what it says.
    },
    read: (now) => ({ price, observedAt: now, publishedAt: now, valid: true }),
    nextUpdate: () => Number.POSITIVE_INFINITY,
  }),
});
