/**
 * Exact integer quotients and roots of numbers below 2^53 whose products do not fit there. A float64 estimate answers whenever its error
 * bound keeps it away from the next integer; otherwise the remainder is computed exactly (error-free products), and BigInt is the last
 * resort. Rounding is in each name. Knows no money: fees are plain fractions here.
 *
 * Writing u = 2^-53, each float64 operation has a relative error of at most u. Error-free product: T. J. Dekker, "A floating-point
 * technique for extending the available precision", Numerische Mathematik 18 (1971).
 */
import { fault } from './fault.ts';
import { productError } from './product-error.ts';

const LIMIT = 2 ** 53;
/** Above 2u(1+u), the error of a·b/c with two roundings, and of √(a·b). */
const PRODUCT_BOUND = 2 ** -51;
/** 8u, above the 5u (to first order) of the swap formulas below: at most three roundings above, two below and the division. */
const SWAP_BOUND = 2 ** -50;

/**
 * ⌊a·b/c⌋, exactly.
 *
 * @param a b c  integers, 0 ≤ a, b < 2^53, 0 < c < 2^53 (that they are whole is the caller's promise; signs and zero are checked)
 * @throws       EXACT_OVERFLOW  the quotient is 2^53 or more · EXACT_DOMAIN  a negative number, NaN, or c = 0
 */
export function mulDivDown(a: number, b: number, c: number): number {
  const p = a * b;
  const q = p / c;
  // Below 2^53 the product is exact, and ⌊p/c⌋ of integers below 2^53 survives rounding: p/c is at least 1/c away from the next integer.
  if (p < LIMIT && a >= 0 && c > 0 && p >= 0) return Math.floor(q);
  const near = Math.round(q);
  if (q < LIMIT / 4 && q >= 1 && c > 0 && a >= 0 && Math.abs(q - near) > q * PRODUCT_BOUND) return Math.floor(q);
  return mulDivSlow(a, b, c, p, near, false);
}

/** ⌈a·b/c⌉, exactly. Arguments and faults as in `mulDivDown`. */
export function mulDivUp(a: number, b: number, c: number): number {
  const p = a * b;
  const q = p / c;
  if (p < LIMIT && a >= 0 && c > 0 && p >= 0) {
    const down = Math.floor(q);
    return down * c === p ? down : down + 1;
  }
  const near = Math.round(q);
  if (q < LIMIT / 4 && q >= 1 && c > 0 && a >= 0 && Math.abs(q - near) > q * PRODUCT_BOUND) return Math.ceil(q);
  return mulDivSlow(a, b, c, p, near, true);
}

/**
 * The quotient lies too near an integer for the estimate. With q < 2^51 and c < 2^52, |a·b − near·c| ≤ 1.5·c < 2^53, so the remainder is a
 * float64: the high parts differ by less than a factor of two (their difference is exact), the low parts are integers of at most 2^52.
 */
function mulDivSlow(a: number, b: number, c: number, p: number, near: number, up: boolean): number {
  if (!(a >= 0 && b >= 0 && c > 0)) fault('EXACT_DOMAIN', { a, b, c });
  if (near < LIMIT / 4 && c < LIMIT / 2) {
    const high = near * c;
    const remainder = p - high + (productError(a, b, p) - productError(near, c, high));
    return near + (up ? Math.ceil(remainder / c) : Math.floor(remainder / c));
  }
  return quotient(BigInt(a) * BigInt(b), BigInt(c), up);
}

/** above / below in BigInt, back as a float64 integer. */
function quotient(above: bigint, below: bigint, up: boolean): number {
  const q = (up ? above + below - 1n : above) / below;
  if (q >= 1n << 53n) fault('EXACT_OVERFLOW', { quotient: q });
  return Number(q);
}

/**
 * What a constant-product pool pays for `amountIn`, rounded down:
 *
 *   out = ⌊in·n·R_out / (R_in·d + in·n)⌋        d = feeDenominator, n = d − feeNumerator
 *
 * @param feeNumerator    fee = feeNumerator / feeDenominator of the input; 3 / 1000 is Uniswap v2's
 * @param feeDenominator  at most 2^20
 * @throws                EXACT_DOMAIN  a negative amount, an empty pool that is paid nothing, or a fee outside [0, 1)
 * @source                Uniswap/v2-periphery UniswapV2Library.sol getAmountOut
 */
export function swapOutDown(amountIn: number, reserveIn: number, reserveOut: number, feeNumerator: number, feeDenominator: number): number {
  const n = feeDenominator - feeNumerator;
  const paid = amountIn * n;
  const below = reserveIn * feeDenominator + paid;
  if (!(amountIn >= 0 && reserveIn >= 0 && reserveOut >= 0 && n > 0 && feeNumerator >= 0 && below > 0)) {
    fault('EXACT_DOMAIN', { amountIn, reserveIn, reserveOut, feeNumerator, feeDenominator });
  }
  // A rounded sum below 2^53 has exact parts.
  if (below < LIMIT) return mulDivDown(paid, reserveOut, below);
  const q = (paid * reserveOut) / below;
  if (Math.abs(q - Math.round(q)) > q * SWAP_BOUND) return Math.floor(q);
  const paidExact = BigInt(amountIn) * BigInt(n);
  return quotient(paidExact * BigInt(reserveOut), BigInt(reserveIn) * BigInt(feeDenominator) + paidExact, false);
}

/**
 * What a constant-product pool asks for `amountOut`, rounded up as Uniswap v2 does (one more than the floor, even where the quotient is
 * whole):
 *
 *   in = ⌊R_in·out·d / ((R_out − out)·n)⌋ + 1
 *
 * @throws   EXACT_DOMAIN  `amountOut` is not below `reserveOut`, or as in `swapOutDown` · EXACT_OVERFLOW  the answer is 2^53 or more
 * @source   Uniswap/v2-periphery UniswapV2Library.sol getAmountIn
 */
export function swapInUp(amountOut: number, reserveIn: number, reserveOut: number, feeNumerator: number, feeDenominator: number): number {
  const n = feeDenominator - feeNumerator;
  const below = (reserveOut - amountOut) * n;
  if (!(amountOut >= 0 && reserveIn >= 0 && n > 0 && feeNumerator >= 0 && below > 0)) {
    fault('EXACT_DOMAIN', { amountOut, reserveIn, reserveOut, feeNumerator, feeDenominator });
  }
  const asked = amountOut * feeDenominator;
  if (below < LIMIT && asked < LIMIT) return plusOne(mulDivDown(reserveIn, asked, below));
  const q = (reserveIn * asked) / below;
  if (q < LIMIT / 8 && Math.abs(q - Math.round(q)) > q * SWAP_BOUND) return Math.floor(q) + 1;
  const above = BigInt(reserveIn) * BigInt(amountOut) * BigInt(feeDenominator);
  return plusOne(quotient(above, BigInt(reserveOut - amountOut) * BigInt(n), false));
}

/** floor + 1, unless that leaves the exact integers. */
function plusOne(floor: number): number {
  if (floor >= LIMIT - 1) fault('EXACT_OVERFLOW', { quotient: floor });
  return floor + 1;
}

/**
 * ⌊√(a·b)⌋, exactly: the first liquidity shares of a pool.
 *
 * @param a b     integers, 0 ≤ a, b < 2^53
 * @throws        EXACT_DOMAIN  a negative number or NaN
 * @source        Uniswap/v2-core UniswapV2Pair.sol mint
 */
export function geometricMeanDown(a: number, b: number): number {
  if (!(a >= 0 && b >= 0)) fault('EXACT_DOMAIN', { a, b });
  const p = a * b;
  const root = Math.sqrt(p);
  let near = Math.round(root);
  if (Math.abs(root - near) > root * PRODUCT_BOUND) return Math.floor(root);
  // The sign of a·b − near² is exact, as in mulDivSlow; the estimate is off by less than two.
  const low = productError(a, b, p);
  while (excess(near, p, low) < 0) near -= 1;
  while (excess(near + 1, p, low) >= 0) near += 1;
  return near;
}

/** (p + low) − root², with the right sign. */
function excess(root: number, p: number, low: number): number {
  const square = root * root;
  return p - square + (low - productError(root, root, square));
}
