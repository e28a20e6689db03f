/**
 * The invariant of Curve's stable pools of two coins, in whole numbers of equal value:
 *
 *   2A·(x + y) + D = 2A·D + D³/(4·x·y)          A: amplification as the contracts count it; the paper's is half of that
 *
 * At A → ∞ it is x + y = D, at A → 0 x·y = (D/2)². Solved by Newton's iteration in BigInt, as the contract solves it; each ends within a
 * unit of the root.
 *
 * @source  curvefi/curve-contract contracts/pool-templates/base/SwapTemplateBase.vy (get_D, get_y); M. Egorov, "StableSwap" (2019)
 */
import { fault } from '../base/fault.ts';

/** The contract stops after so many; in earnest it takes a handful. */
const ITERATIONS = 255;

/** D of two balances; 0 of none. @param ann  2A */
export function stableD(x: bigint, y: bigint, ann: bigint): bigint {
  const sum = x + y;
  if (sum === 0n) return 0n;
  let d = sum;
  for (let i = 0; i < ITERATIONS; i++) {
    // In one division: the contract's two lose digits where one balance is most of the pool.
    const product = (d * d * d) / (4n * x * y);
    const before = d;
    d = ((ann * sum + product * 2n) * d) / ((ann - 1n) * d + 3n * product);
    if (d - before <= 1n && before - d <= 1n) return d;
  }
  return fault('STABLE_D', { x, y, ann });
}

/** The balance that goes with `x` at D. @param ann  2A */
export function stableY(x: bigint, d: bigint, ann: bigint): bigint {
  const c = (d * d * d) / (4n * x * ann);
  const b = x + d / ann;
  let y = d;
  for (let i = 0; i < ITERATIONS; i++) {
    const before = y;
    y = (y * y + c) / (2n * y + b - d);
    if (y - before <= 1n && before - y <= 1n) return y;
  }
  return fault('STABLE_Y', { x, d, ann });
}

/**
 * Units of y for one more of x, in floating point: the slope of the invariant.
 *
 *   (2A + D³/(4x²y)) / (2A + D³/(4xy²))
 */
export function stablePrice(x: number, y: number, d: number, ann: number): number {
  const curved = (d / (4 * x)) * (d / y) * d;
  return (ann + curved / x) / (ann + curved / y);
}

/** Halvings of 24 powers of ten that leave nothing of a float64. */
const HALVINGS = 64;

/**
 * Balances [x, y] at D at which one more of x is worth `price` of y, in floating point: what is in a pool once arbitrage has brought it
 * there. By bisection over x, as the price falls with it.
 */
export function stableAtPrice(price: number, d: number, ann: number): readonly [x: number, y: number] {
  let low = d * 1e-12;
  let high = d * 1e12;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = Math.sqrt(low) * Math.sqrt(high);
    if (stablePrice(middle, floatY(middle, d, ann), d, ann) > price) low = middle;
    else high = middle;
  }
  return [low, floatY(low, d, ann)];
}

/** As `stableY`: the positive root of y² + (x + D/2A − D)·y = D³/(8A·x), by whichever form takes no difference of like numbers. */
function floatY(x: number, d: number, ann: number): number {
  const b = x + d / ann - d;
  const c = (d / (4 * x)) * (d / ann) * d;
  const root = Math.sqrt(b * b + 4 * c);
  return b > 0 ? (2 * c) / (b + root) : (root - b) / 2;
}
