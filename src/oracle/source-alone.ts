/** What an oracle needs that reads a price and nothing else: no other oracle, no trades. */
import { fault } from '../base/fault.ts';
import { type Random, randomFrom } from '../base/random.ts';
import type { Price } from '../base/units.ts';
import { isPrice, NO_READING } from './no-reading.ts';
import type { OracleNeeds } from './oracle.ts';

/** @param live  the source's price this very moment */
export function sourceAlone(live: () => Price, random: Random = randomFrom(0)): OracleNeeds {
  return {
    live,
    source(now) {
      const price = live();
      return isPrice(price) ? { price, observedAt: now, publishedAt: now, valid: true } : NO_READING;
    },
    oracle: (id) => fault('ORACLE_NONE', { id }),
    pool: (venue) => fault('ORACLE_POOL', { venue }),
    traded: () => fault('ORACLE_TRADED'),
    random,
  };
}
