/**
 * exp, ln, Φ to about 60 digits in BigInt fixed point: the exact values against which `base/elementary.ts` and `base/normal.ts` are
 * measured.
 * Slow and simple on purpose; for tests only.
 */

/** Fraction bits of the fixed point. */
const BITS = 256n;
const ONE = 1n << BITS;

/** A float64 as an exact fixed-point number (truncated below 2^-256). */
export function fixed(x: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 2047n;
  const fraction = bits & ((1n << 52n) - 1n);
  const significand = exponent === 0n ? fraction : fraction | (1n << 52n);
  const shift = (exponent === 0n ? 1n : exponent) - 1075n + BITS;
  const size = shift >= 0n ? significand << shift : significand >> -shift;
  return x < 0 ? -size : size;
}

export const times = (a: bigint, b: bigint) => (a * b) >> BITS;
export const over = (a: bigint, b: bigint) => (a << BITS) / b;
export const one = ONE;

/** 2·atanh(z), |z| ≤ 1/3. */
function twiceAtanh(z: bigint): bigint {
  const square = times(z, z);
  let term = z;
  let sum = 0n;
  for (let n = 1n; term !== 0n && term !== -1n; n += 2n) {
    sum += term / n;
    term = times(term, square);
  }
  return 2n * sum;
}

export const LN2 = twiceAtanh(ONE / 3n);

/** ln of a positive fixed-point number. */
export function exactLog(x: bigint): bigint {
  let k = 0n;
  let m = x;
  for (; m >= 2n * ONE; k += 1n) m >>= 1n;
  for (; m < ONE; k -= 1n) m <<= 1n;
  return k * LN2 + twiceAtanh(over(m - ONE, m + ONE));
}

/** e^x as significand · 2^k, so that nothing is lost for very small results. */
export function exactExp(x: bigint): { value: bigint; k: number } {
  let k = x / LN2;
  let r = x - k * LN2;
  if (r < 0n) {
    r += LN2;
    k -= 1n;
  }
  let sum = ONE;
  let term = ONE;
  for (let n = 1n; term !== 0n; n += 1n) {
    term = times(term, r) / n;
    sum += term;
  }
  return { value: sum, k: Number(k) };
}

/** P(Z > x) for x ≥ 0 as significand · 2^k: Laplace's continued fraction beyond 3, the Taylor series around 0 below. */
export function exactUpperTail(x: number): { value: bigint; k: number } {
  const z = fixed(x);
  const gauss = exactExp(-times(z, z) / 2n);
  const rootTwoPi = sqrtFixed(exactPi() * 2n);
  if (x > 3) {
    let fraction = z;
    for (let n = 3000n; n > 0n; n -= 1n) fraction = z + over(n * ONE, fraction);
    return { value: over(over(gauss.value, fraction), rootTwoPi), k: gauss.k };
  }
  // Φ(x) − ½ = φ(x)·Σ x^(2n+1)/(2n+1)!!
  let term = z;
  let sum = z;
  for (let n = 3n; term !== 0n; n += 2n) {
    term = times(times(term, z), z) / n;
    sum += term;
  }
  const density = over(gauss.value, rootTwoPi) >> BigInt(-gauss.k);
  return { value: ONE / 2n - times(density, sum), k: 0 };
}

function exactPi(): bigint {
  const arctan = (inverse: bigint) => {
    let term = ONE / inverse;
    let sum = 0n;
    for (let n = 1n, sign = 1n; term !== 0n; n += 2n, sign = -sign) {
      sum += (sign * term) / n;
      term /= inverse * inverse;
    }
    return sum;
  };
  return 16n * arctan(5n) - 4n * arctan(239n);
}

export function sqrtFixed(x: bigint): bigint {
  const target = x << BITS;
  let root = 1n << BigInt(Math.ceil(target.toString(2).length / 2));
  for (;;) {
    const next = (root + target / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** |got − value·2^k| in units in the last place of `got`. */
export function ulps(got: number, value: bigint, k = 0): number {
  if (got === 0) return Infinity;
  // Scale both by 2^-k, so that `got` is near 1; exact powers of two.
  let scaled = got;
  let left = -k;
  while (left !== 0) {
    const step = Math.max(-1000, Math.min(1000, left));
    scaled *= 2 ** step;
    left -= step;
  }
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, scaled);
  const exponent = Number((view.getBigUint64(0) >> 52n) & 2047n) - 1075;
  const difference = fixed(scaled) - value;
  const size = difference < 0n ? -difference : difference;
  return Number((size * 4096n) >> (BITS + BigInt(exponent))) / 4096;
}
