/**
 * Believes its source this very moment, in the middle of a bundle too. It is what a protocol has that asks a pool for its price: one large
 * trade in the same bundle moves it. Not valid while the source has no price.
 */
import { definePart } from '../base/params.ts';
import { isPrice, NO_READING } from './no-reading.ts';
import type { Oracle, OracleNeeds } from './oracle.ts';

export const spot = definePart<OracleNeeds, Oracle>()({
  name: 'spot',
  summary: 'The source’s price of this instant, manipulable within one bundle.',
  sources: ['SunWeb3Sec/DeFiHackLabs (collection of incidents; spot prices as oracles are a recurring cause)'],
  params: {},
  create(_, { live }) {
    return {
      observe() {
        // What it was shown at the end of a block is not what it reads.
      },
      read(now) {
        const price = live();
        return isPrice(price) ? { price, observedAt: now, publishedAt: now, valid: true } : NO_READING;
      },
      nextUpdate: () => Number.POSITIVE_INFINITY,
    };
  },
});
