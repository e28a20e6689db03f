/**
 * The remainder of a·b/c where the product does not fit below 2^53, exactly: what `mulDivDown` leaves over.
 */
import { mulDivDown } from './exact.ts';
import { productError } from './product-error.ts';

/**
 * a·b − ⌊a·b/c⌋·c. With q = ⌊a·b/c⌋ ≥ 1 the products a·b and q·c are within a factor of two, so the difference of their high parts is
 * exact; their low parts are whole and at most 2^52; and what comes of both is a whole number below c.
 *
 * @param a b c  integers, 0 ≤ a, b < 2^53, 0 < c < 2^53
 * @throws       as `mulDivDown`
 */
export function mulMod(a: number, b: number, c: number): number {
  const q = mulDivDown(a, b, c);
  const product = a * b;
  const multiple = q * c;
  return product - multiple + (productError(a, b, product) - productError(q, c, multiple));
}
