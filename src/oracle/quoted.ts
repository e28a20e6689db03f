/**
 * An oracle in another currency: a reading in quote tokens per base token, times USD per quote token, is in USD per base token. The second
 * price is taken at the time of reading, as fresh as it comes; that the two may be of different ages is a property of such compositions.
 * Leaving the second factor out is what cost Moonwell its cbETH market in February 2026.
 */
import type { Ms, UsdPrice } from '../base/units.ts';
import { isPrice, NO_READING } from './no-reading.ts';
import type { Oracle } from './oracle.ts';

/**
 * `oracle` in USD. Not valid while either price is not.
 *
 * @param quote  the oracle of the second price, if it has one: its changes change the reading
 */
export function quotedIn(oracle: Oracle, usdPerQuote: (now: Ms) => UsdPrice, quote?: Pick<Oracle, 'nextUpdate'>): Oracle {
  return {
    observe: (price, at) => oracle.observe(price, at),
    read(now) {
      const reading = oracle.read(now);
      const factor = usdPerQuote(now);
      if (!reading.valid || !isPrice(factor)) return NO_READING;
      return { ...reading, price: reading.price * factor };
    },
    nextUpdate: (now) => (quote === undefined ? oracle.nextUpdate(now) : Math.min(oracle.nextUpdate(now), quote.nextUpdate(now))),
  };
}
