/** The answer of an oracle that has nothing to say yet: infinitely old, so that whoever asks for its age alone is refused too. */
import type { Reading } from './oracle.ts';

export const NO_READING: Reading = {
  price: Number.NaN,
  observedAt: Number.NEGATIVE_INFINITY,
  publishedAt: Number.NEGATIVE_INFINITY,
  valid: false,
};

/** Whether a source has a price at all; an empty venue has none. */
export function isPrice(price: number): boolean {
  return price > 0 && price < Number.POSITIVE_INFINITY;
}
