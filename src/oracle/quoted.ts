/**
 * An oracle in another currency: a reading in quote tokens per base token, times USD per quote token, is in USD per base token. The second
 * price is taken at the time of reading, as fresh as it comes; that the two may be of different ages is a property of such compositions.
 * Leaving the second factor out is what cost Moonwell its cbETH market in February 2026.
 */
import type { UsdPrice } from '../base/units.ts';
import { isPrice, NO_READING } from './no-reading.ts';
import type { Oracle } from './oracle.ts';

/** `oracle` in USD. Not valid while either price is not. */
export function quotedIn(oracle: Oracle, usdPerQuote: () => UsdPrice): Oracle {
  return {
    observe: (price, at) => oracle.observe(price, at),
    read(now) {
      const reading = oracle.read(now);
      const factor = usdPerQuote();
      if (!reading.valid || !isPrice(factor)) return NO_READING;
      return { ...reading, price: reading.price * factor };
    },
    nextUpdate: (now) => oracle.nextUpdate(now),
  };
}
