/**
 * What rounding took from a product: T. J. Dekker, "A floating-point technique for extending the available precision", Numerische
 * Mathematik 18 (1971).
 */

/** 2^27 + 1: splits a 53-bit significand into two of 26 bits. */
const SPLITTER = 134217729;

/** a·b − `high`, exactly, where `high` is the rounded a·b and nothing overflows. */
export function productError(a: number, b: number, high: number): number {
  const sa = a * SPLITTER;
  const ah = sa - (sa - a);
  const al = a - ah;
  const sb = b * SPLITTER;
  const bh = sb - (sb - b);
  const bl = b - bh;
  return al * bl - (high - ah * bh - al * bh - ah * bl);
}
