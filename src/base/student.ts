/**
 * Student's t distribution: density, distribution function and quantile for any real degrees of freedom ≥ 1, the latter two from the
 * incomplete beta function. For intervals of means and heavy tails; drawing from it is in `distributions.ts`.
 */
import { exp, log, log1p } from './elementary.ts';
import { fault } from './fault.ts';
import { normalQuantile } from './normal.ts';

const PI = 3.141592653589793;
/** ½·ln(2π). */
const HALF_LN_TWO_PI = 0.9189385332046728;

/** ln Γ(x), x > 0: Stirling's series after shifting x above 16 (Abramowitz & Stegun 6.1.41). Absolute error about 10^-14. */
function logGamma(x: number): number {
  let shifted = x;
  let product = 1;
  for (; shifted < 16; shifted += 1) product *= shifted;
  const z = 1 / (shifted * shifted);
  const series = (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z * (1 / 1188))))) / shifted;
  return (shifted - 0.5) * log(shifted) - shifted + HALF_LN_TWO_PI + series - log(product);
}

/** Regularised incomplete beta I_x(a, b) for x < (a+1)/(a+b+2), by Lentz's continued fraction (Abramowitz & Stegun 26.5.8). */
function betaFraction(x: number, y: number, a: number, b: number): number {
  const front = exp(a * log(x) + b * log(y) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < 10_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return front * value;
}

/**
 * P(T > t) for t ≥ 0: half of I_x(ν/2, ½) at x = ν/(ν + t²). Relative error about 10^-12.
 *
 * @param degrees  ν ≥ 1
 */
export function studentUpperTail(t: number, degrees: number): number {
  const x = degrees / (degrees + t * t);
  const y = (t * t) / (degrees + t * t);
  if (y === 0) return 0.5;
  const a = degrees / 2;
  if (x < (a + 1) / (a + 2.5)) return 0.5 * betaFraction(x, y, a, 0.5);
  return 0.5 - 0.5 * betaFraction(y, x, 0.5, a);
}

/** Density of T at t: Γ((ν+1)/2)/(Γ(ν/2)·√(νπ))·(1 + t²/ν)^(−(ν+1)/2). Relative error about 10^-13 for ν up to 100. */
export function studentDensity(t: number, degrees: number): number {
  const half = (degrees + 1) / 2;
  return exp(logGamma(half) - logGamma(degrees / 2) - half * log1p((t * t) / degrees)) / Math.sqrt(degrees * PI);
}

/** P(T ≤ t). */
export function studentCdf(t: number, degrees: number): number {
  const tail = studentUpperTail(Math.abs(t), degrees);
  return t > 0 ? 1 - tail : tail;
}

/**
 * The t with P(T ≤ t) = p: bisection between bounds that are doubled first from the normal quantile.
 * Relative error about 10^-11.
 *
 * @throws  STATISTICS_DOMAIN  p outside (0, 1) or degrees < 1
 */
export function studentQuantile(p: number, degrees: number): number {
  if (!(p > 0 && p < 1 && degrees >= 1)) fault('STATISTICS_DOMAIN', { p, degrees });
  if (p === 0.5) return 0;
  const tail = p < 0.5 ? p : 1 - p;
  if (degrees === Infinity) return normalQuantile(p);
  let low = 0;
  let high = Math.max(1, -normalQuantile(tail));
  while (studentUpperTail(high, degrees) > tail) {
    low = high;
    high *= 2;
  }
  for (let i = 0; i < 200; i += 1) {
    const middle = low + (high - low) / 2;
    if (middle === low || middle === high) break;
    if (studentUpperTail(middle, degrees) > tail) low = middle;
    else high = middle;
  }
  return p < 0.5 ? -high : high;
}
