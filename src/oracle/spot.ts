/**
 * Believes its source this very moment, in the middle of a bundle too. It is what a protocol has that asks a pool for its price: one large
 * trade in the same bundle moves it. Not valid while the source has no price.
 */
import { definePart } from '../base/params.ts';
import type { Oracle, OracleNeeds } from './oracle.ts';

export const spot = definePart<OracleNeeds, Oracle>()({
  name: 'spot',
  summary: 'The source’s price of this instant, manipulable within one bundle.',
  sources: ['SunWeb3Sec/DeFiHackLabs (collection of incidents; spot prices as oracles are a recurring cause)'],
  params: {},
  create(_, { source }) {
    return {
      observe() {
        // What it was shown at the end of a block is not what it reads.
      },
      read: source,
      nextUpdate: () => Number.POSITIVE_INFINITY,
    };
  },
});
