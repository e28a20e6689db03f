/**
 * What a stretch of constant liquidity holds and what a sale does to it, in whole numbers, every rounding for the pool. Roots are √price ·
 * 2^96, price being quote units per base unit; L is liquidity, √(base · quote) were the stretch the whole scale.
 *
 *   base between two prices = L · (1/√a − 1/√b)          quote = L · (√b − √a)          a < b
 *
 * @source  Uniswap/v3-core contracts/libraries/SqrtPriceMath.sol, SwapMath.sol; Uniswap/v3-periphery LiquidityAmounts.sol
 */
import { Q96 } from './tick-price.ts';

/** Fees are whole millionths. */
export const FEE_DENOMINATOR = 1_000_000n;

const divUp = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

/** Base units that liquidity has between two roots, a ≤ b. */
export function baseBetween(a: bigint, b: bigint, liquidity: bigint, up: boolean): bigint {
  const product = (liquidity << 96n) * (b - a);
  return up ? divUp(divUp(product, b), a) : product / b / a;
}

/** Quote units likewise. */
export function quoteBetween(a: bigint, b: bigint, liquidity: bigint, up: boolean): bigint {
  const product = liquidity * (b - a);
  return up ? divUp(product, Q96) : product / Q96;
}

/** The liquidity that no more than these amounts pay for between a and b while the price is at `root`. */
export function liquidityFor(root: bigint, a: bigint, b: bigint, base: bigint, quote: bigint): bigint {
  const fromBase = (low: bigint) => (base * ((low * b) / Q96)) / (b - low);
  const fromQuote = (high: bigint) => (quote * Q96) / (high - a);
  if (root <= a) return fromBase(a);
  if (root >= b) return fromQuote(b);
  const [one, other] = [fromBase(root), fromQuote(root)];
  return one < other ? one : other;
}

export interface SwapStep {
  /** Where the price ends. */
  readonly root: bigint;
  /** Units of what is sold, without the fee; units bought; units of the fee. */
  readonly sold: bigint;
  readonly bought: bigint;
  readonly fee: bigint;
}

/**
 * A sale of at most `amount`, fee included, until the price is at `target`: below `root` when base is sold, above it otherwise.
 *
 * @param feeNumerator  millionths of the amount
 */
export function swapStep(
  sellsBase: boolean,
  root: bigint,
  target: bigint,
  liquidity: bigint,
  amount: bigint,
  feeNumerator: bigint,
): SwapStep {
  const kept = FEE_DENOMINATOR - feeNumerator;
  const net = (amount * kept) / FEE_DENOMINATOR;
  const whole = sellsBase ? baseBetween(target, root, liquidity, true) : quoteBetween(root, target, liquidity, true);
  const arrives = net >= whole;
  const end = arrives ? target : sellsBase ? afterBase(root, liquidity, net) : root + (net << 96n) / liquidity;
  const sold = arrives ? whole : sellsBase ? baseBetween(end, root, liquidity, true) : quoteBetween(root, end, liquidity, true);
  const bought = sellsBase ? quoteBetween(end, root, liquidity, false) : baseBetween(root, end, liquidity, false);
  return { root: end, sold, bought, fee: end === target ? divUp(sold * feeNumerator, kept) : amount - sold };
}

/** Where the price is after base is sold, rounded up: L·√p / (L + Δ·√p). */
function afterBase(root: bigint, liquidity: bigint, amount: bigint): bigint {
  const all = liquidity << 96n;
  return divUp(all * root, all + amount * root);
}
