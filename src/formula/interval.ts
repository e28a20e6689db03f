/**
 * Interval arithmetic on doubles. Ends are computed as values are, and + − × ÷ √ round monotonically, so that no value that is computed
 * from inside lies outside; exp, log and powers are widened by more than they can be wrong. Ends are finite: what could pass the largest
 * double, or be no number, has no interval.
 */
import { exp, log, pow } from '../base/elementary.ts';

export type Interval = readonly [low: number, high: number];

/** Far beyond the errors stated in `elementary.ts`: 745 · 2^-57 for a power at the ends of the doubles. */
const RELATIVE_ERROR = 1e-14;
/** Beyond 1.5 of the smallest double, by which a subnormal result may be wrong. */
const ABSOLUTE_ERROR = 1e-322;

/** The interval of values computed at the corners of a box, on which the operation is monotone in each argument. */
function hull(corners: readonly number[]): Interval | undefined {
  const low = Math.min(...corners);
  const high = Math.max(...corners);
  return Number.isFinite(low) && Number.isFinite(high) ? [low, high] : undefined;
}

function corners(a: Interval, b: Interval, combine: (x: number, y: number) => number): Interval | undefined {
  return hull([combine(a[0], b[0]), combine(a[0], b[1]), combine(a[1], b[0]), combine(a[1], b[1])]);
}

/** Room for errors of computed values that are 0 or more, or of any sign. */
function widened(interval: Interval | undefined, least: number): Interval | undefined {
  if (interval === undefined) return undefined;
  const [low, high] = interval;
  return hull([
    Math.max(least, low - Math.abs(low) * RELATIVE_ERROR - ABSOLUTE_ERROR),
    high + Math.abs(high) * RELATIVE_ERROR + ABSOLUTE_ERROR,
  ]);
}

/** Whether the interval holds `value`. */
export function holds([low, high]: Interval, value: number): boolean {
  return low <= value && value <= high;
}

export const add = (a: Interval, b: Interval) => corners(a, b, (x, y) => x + y);
export const subtract = (a: Interval, b: Interval) => corners(a, b, (x, y) => x - y);
export const multiply = (a: Interval, b: Interval) => corners(a, b, (x, y) => x * y);
export const lesser = (a: Interval, b: Interval): Interval => [Math.min(a[0], b[0]), Math.min(a[1], b[1])];
export const greater = (a: Interval, b: Interval): Interval => [Math.max(a[0], b[0]), Math.max(a[1], b[1])];

/** Undefined where the denominator can be 0. */
export function divide(a: Interval, b: Interval): Interval | undefined {
  return holds(b, 0) ? undefined : corners(a, b, (x, y) => x / y);
}

export function negative([low, high]: Interval): Interval {
  return [0 - high, 0 - low];
}

export function absolute(a: Interval): Interval {
  const ends = [Math.abs(a[0]), Math.abs(a[1])];
  return [holds(a, 0) ? 0 : Math.min(...ends), Math.max(...ends)];
}

/** Undefined where the argument can be negative. */
export function squareRoot([low, high]: Interval): Interval | undefined {
  return low < 0 ? undefined : hull([Math.sqrt(low), Math.sqrt(high)]);
}

export function exponential([low, high]: Interval): Interval | undefined {
  return widened(hull([exp(low), exp(high)]), 0);
}

/** Undefined where the argument can be 0 or less. */
export function logarithm([low, high]: Interval): Interval | undefined {
  return low > 0 ? widened(hull([log(low), log(high)]), Number.NEGATIVE_INFINITY) : undefined;
}

/** Why there may be no power: its base can be 0 under a negative exponent, or negative under one that is not whole. */
export type PowerFlaw = 'base can be 0' | 'base can be negative';

/** What is wrong with a power, if anything; overflow apart. */
export function powerFlaw(base: Interval, exponent: Interval): PowerFlaw | undefined {
  const isWhole = exponent[0] === exponent[1] && Number.isInteger(exponent[0]);
  if (base[0] < 0 && !isWhole) return 'base can be negative';
  return holds(base, 0) && exponent[0] < 0 ? 'base can be 0' : undefined;
}

/** Exponents under which `pow` is a product, a quotient or a root, and rounds like one. */
const EXACT: readonly number[] = [-1, 0, 0.5, 1, 2];

/** Undefined where there is a flaw. */
export function power(base: Interval, exponent: Interval): Interval | undefined {
  if (powerFlaw(base, exponent) !== undefined) return undefined;
  const isEven = exponent[0] === exponent[1] && exponent[0] % 2 === 0 && exponent[0] > 0;
  // Monotone in the base but where an even power turns at 0, and in the exponent for every base of 0 or more.
  const turned = isEven ? absolute(base) : base;
  const computed = corners(turned, exponent, pow);
  if (exponent[0] === exponent[1] && EXACT.includes(exponent[0])) return computed;
  return widened(computed, turned[0] >= 0 ? 0 : Number.NEGATIVE_INFINITY);
}

/** The least interval that holds both. */
export function either(a: Interval, b: Interval): Interval {
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}
