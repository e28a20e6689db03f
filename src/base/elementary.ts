/**
 * exp, log and their kin from + − × ÷ √ and bit views only, so that the same run gives the same bits on every engine: ECMAScript leaves
 * `Math.exp` and the rest to the implementation. The normal distribution is in `normal.ts`.
 *
 * Reduction of the argument as in fdlibm (Sun Microsystems 1993, e_exp.c and e_log.c describe it); the polynomials are not fitted but the
 * plain series: Bernoulli numbers for exp, odd reciprocals for log. Errors are stated against exact values and tested.
 */
import { productError } from './product-error.ts';

/** ln 2 in two parts; the high one has 32 trailing zero bits, so that k·LN2_HIGH is exact for |k| < 2^20. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const INVERSE_LN2 = 1.4426950408889634;
/** ln of the largest float64; beyond it exp is Infinity. */
const EXP_MAX = 709.782712893384;
/** Below ln 2^-1075 exp rounds to 0. */
const EXP_MIN = -745.1332191019412;
/** ln 2 / 2. */
const HALF_LN2 = 0.34657359027997264;

/** POWERS[k + 1074] = 2^k for −1074 ≤ k ≤ 1023, by exact doubling. */
const POWERS = new Float64Array(2098);
POWERS[0] = 5e-324;
for (let i = 1; i < POWERS.length; i += 1) POWERS[i] = POWERS[i - 1] * 2;

const view = new Float64Array(1);
const words = new Int32Array(view.buffer);
view[0] = 1;
/** Index of the word that holds sign, exponent and the leading 20 bits. */
const HIGH = words[1] === 0 ? 0 : 1;

/**
 * r·coth(r/2) − 2 = Σ_{n≥1} 2·B_2n·r^2n/(2n)!  for |r| ≤ ln 2 / 2; the first term left out is below 10^-17 of exp.
 * Then e^r − 1 = 2r / (r·coth(r/2) − r).
 */
function cothTail(r: number): number {
  const z = r * r;
  const w = z * z;
  const low = 1 / 6 - z * (1 / 360);
  const middle = 1 / 15120 - z * (1 / 604800);
  const high = 1 / 23950080 - z * (691 / 653837184000);
  return z * (low + w * (middle + w * (high + w * (1 / 37362124800))));
}

/** e^x. Error below 1 ulp (subnormal results: 1.5 ulp). NaN for NaN. */
export function exp(x: number): number {
  if (!(x <= EXP_MAX)) return x > 0 ? Infinity : x;
  if (x < EXP_MIN) return 0;
  const k = Math.floor(x * INVERSE_LN2 + 0.5);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  // 1 + 2r/(R − r) with R = 2 + t, arranged so that the leading r is exact: 1 + high − (low − r·c/(2 − c)), c = r − t.
  const c = r - cothTail(r);
  const y = 1 - (low - (r * c) / (2 - c) - high);
  if (k >= -1021 && k <= 1023) return y * POWERS[k + 1074];
  return k > 1023 ? y * 2 * POWERS[k + 1073] : y * POWERS[k + 1174] * POWERS[974];
}

/** e^x − 1 without cancellation near 0. Error below 3 ulp. */
export function expm1(x: number): number {
  const size = Math.abs(x);
  if (size <= HALF_LN2) {
    const c = x - cothTail(x);
    return size < 1e-17 ? x : x + (x * c) / (2 - c);
  }
  if (size <= 2 * HALF_LN2) {
    const half = expm1(x / 2);
    return half * (half + 2);
  }
  return exp(x) - 1;
}

/** 2·(s²/3 + s⁴/5 + s⁶/7 + …) for |s| ≤ 3 − 2√2: what follows the first term of ln((1+s)/(1−s))/s. */
function atanhTail(s: number): number {
  const z = s * s;
  const w = z * z;
  const even = 2 / 5 + w * (2 / 9 + w * (2 / 13 + w * (2 / 17 + w * (2 / 21))));
  const odd = 2 / 3 + w * (2 / 7 + w * (2 / 11 + w * (2 / 15 + w * (2 / 19 + w * (2 / 23)))));
  return z * odd + w * even;
}

/** Natural logarithm. Error below 1 ulp. −Infinity at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  let k = 0;
  let normal = x;
  if (x < 2.2250738585072014e-308) {
    normal = x * 18014398509481984;
    k = -54;
  }
  view[0] = normal;
  // 0x95f62 = 0x3ff00000 − the high word of √½: carries into the exponent where the significand exceeds √2.
  const exponent = ((words[HIGH] + 0x95f62) >> 20) - 1023;
  k += exponent;
  const f = normal * POWERS[1074 - exponent] - 1;
  const s = f / (2 + f);
  const half = 0.5 * f * f;
  // ln(1+f) = f − (f²/2 − s·(f²/2 + tail)), the form in which only the small part is rounded.
  return k * LN2_HIGH - (half - (s * (half + atanhTail(s)) + k * LN2_LOW) - f);
}

/** ln(1 + x) without cancellation near 0. Error below 2 ulp. */
export function log1p(x: number): number {
  const u = 1 + x;
  if (!(u > 0) || u === Infinity || x === 0) return x === 0 ? x : log(u);
  // What rounding took from 1 + x, to first order.
  const lost = x >= 1 ? 1 - (u - x) : x - (u - 1);
  return log(u) + lost / u;
}

/**
 * x^y. Error below 1.5 ulp + |y·ln x|·2^-57 relative (2 ulp while the result lies within e^±16), since the logarithm is carried in two
 * parts.
 * Whole y is allowed for negative x. Special cases as `Math.pow`.
 */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (y === 1 || x !== x) return x;
  if (y === 2) return x * x;
  if (y === -1) return 1 / x;
  if (y === 0.5 && x >= 0) return Math.sqrt(x) + 0;
  if (!(Math.abs(x) < Infinity && Math.abs(y) < Infinity) || x === 0) return powAtEdge(x, y);
  if (x > 0) return powPositive(x, y);
  if (Math.floor(y) !== y) return NaN;
  return isOdd(y) ? -powPositive(-x, y) : powPositive(-x, y);
}

function isOdd(y: number): boolean {
  return Math.floor(y) === y && Math.abs(y) <= Number.MAX_SAFE_INTEGER && y - 2 * Math.floor(y / 2) === 1;
}

/** x or y is infinite, y is NaN, or x is 0. */
function powAtEdge(x: number, y: number): number {
  if (y !== y) return NaN;
  const size = Math.abs(x);
  if (Math.abs(y) === Infinity) {
    if (size === 1) return NaN;
    return size > 1 === y > 0 ? Infinity : 0;
  }
  const big = (size === Infinity) === y > 0 ? Infinity : 0;
  const negative = (x < 0 || Object.is(x, -0)) && isOdd(y);
  return negative ? -big : big;
}

function powPositive(x: number, y: number): number {
  if (x === 1) return 1;
  // Far outside, and where the error-free product would overflow.
  const rough = y * log(x);
  if (!(Math.abs(rough) < 750)) return rough > 0 ? Infinity : 0;
  if (Math.abs(rough) < 1e-20) return 1;
  let k = 0;
  let normal = x;
  if (x < 2.2250738585072014e-308) {
    normal = x * 18014398509481984;
    k = -54;
  }
  view[0] = normal;
  const exponent = ((words[HIGH] + 0x95f62) >> 20) - 1023;
  k += exponent;
  const f = normal * POWERS[1074 - exponent] - 1;
  // s = f/(2+f) in two parts: the second is what the division, and the sum below it, rounded away.
  const below = 2 + f;
  const belowLow = f - (below - 2);
  const s = f / below;
  const back = s * below;
  const sLow = (f - back - productError(s, below, back) - s * belowLow) / below;
  // ln x = k·ln2 + 2s + 2·sLow + s·tail, summed largest first with the rounding kept.
  const lead = k * LN2_HIGH;
  const twice = 2 * s;
  const sum = lead + twice;
  const shadow = sum - lead;
  const sumLow = lead - (sum - shadow) + (twice - shadow);
  const rest = s * atanhTail(s) + (sumLow + 2 * sLow + k * LN2_LOW);
  const high = sum + rest;
  const low = sum - high + rest;
  const product = y * high;
  const value = exp(product);
  const correction = productError(y, high, product) + y * low;
  return value === Infinity || value === 0 ? value : value + value * correction;
}
