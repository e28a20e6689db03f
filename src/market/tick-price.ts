/**
 * The scale of prices of a pool with ranges: price 1.0001^tick, kept as its square root times 2^96 in a whole number, as the contracts keep
 * it. Exact on every machine: no floating point enters.
 *
 * @source  Uniswap/v3-core contracts/libraries/TickMath.sol; H. Adams et al., "Uniswap v3 Core" (2021), section 6.1
 */

/** Beyond these the square root leaves 160 bits. */
export const TICK_MIN = -887_272;
export const TICK_MAX = 887_272;
/** √price · 2^96 at the two. */
export const ROOT_MIN = 4_295_128_739n;
export const ROOT_MAX = 1_461_446_703_485_210_103_287_273_052_203_988_822_378_723_970_342n;
export const Q96 = 2n ** 96n;

/** Bits of a tick's number. */
const BITS = 20;
const ONE = 2n ** 128n;
/** Enough digits beyond the 128 for twenty squarings. */
const FINE = 512n;

/** ⌊√n⌋. */
export function rootDown(n: bigint): bigint {
  if (n < 2n) return n;
  let root = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** 2^128 · 1.0001^(−2^i / 2), rounded to the nearest. */
const FACTORS: readonly bigint[] = (() => {
  let exact = rootDown((10_000n << (2n * FINE)) / 10_001n);
  return Array.from({ length: BITS }, () => {
    const factor = ((exact >> (FINE - 129n)) + 1n) >> 1n;
    exact = (exact * exact) >> FINE;
    return factor;
  });
})();

/** √(1.0001^tick) · 2^96, rounded up in its last place as the contracts round it. @param tick  TICK_MIN … TICK_MAX */
export function rootAt(tick: number): bigint {
  let ratio = ONE;
  for (let bit = 0, left = Math.abs(tick); left > 0; bit++, left >>= 1) if ((left & 1) === 1) ratio = (ratio * FACTORS[bit]) >> 128n;
  if (tick > 0) ratio = (2n ** 256n - 1n) / ratio;
  return (ratio + 0xffffffffn) >> 32n;
}

/** The last tick whose price is not above that of `root`. @param root  ROOT_MIN … ROOT_MAX */
export function tickBelow(root: bigint): number {
  let low = TICK_MIN;
  let high = TICK_MAX + 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (rootAt(middle) <= root) low = middle;
    else high = middle;
  }
  return low;
}
