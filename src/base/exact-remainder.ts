/**
 * The remainder of a·b/c where the product does not fit below 2^53, exactly: what `mulDivDown` leaves over.
 * Error-free product: T. J. Dekker, "A floating-point technique for extending the available precision", Numerische Mathematik 18 (1971).
 */
import { mulDivDown } from './exact.ts';

/** 2^27 + 1: splits a 53-bit significand into two of 26 bits. */
const SPLITTER = 134217729;

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

/** a·b − `high`, exactly, where `high` is the rounded a·b. */
function productError(a: number, b: number, high: number): number {
  const sa = a * SPLITTER;
  const ah = sa - (sa - a);
  const al = a - ah;
  const sb = b * SPLITTER;
  const bh = sb - (sb - b);
  const bl = b - bh;
  return al * bl - (high - ah * bh - al * bh - ah * bl);
}
