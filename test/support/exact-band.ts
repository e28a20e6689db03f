/** y0 of a band to some 60 digits, by the quadratic formula in fixed point: what whole amounts of soft liquidation are judged by. */
import type { Units } from '../../src/base/units.ts';
import type { Band } from '../../src/protocol/liquidation/soft-bands-curve.ts';
import { fixed, one, over, sqrtFixed, times } from './high-precision.ts';

/** y0 of `x` stable and `y` collateral in the place of what the band holds, as a fixed-point number of 256 fraction bits. */
export function exactAmplitude(band: Band, x: bigint = BigInt(band.x) * one, y: bigint = BigInt(band.y) * one): bigint {
  const a = BigInt(band.amplification);
  const p = fixed(band.oracle);
  const upper = fixed(band.upper);
  const b = times(over(upper, p), x) * (a - 1n) + times(over(times(p, p), upper), y) * a;
  const root = sqrtFixed(times(b, b) + 4n * a * times(times(p, x), y));
  return over(b + root, 2n * a * p);
}

/** Units left of what is bought when `net` has been paid in (fixed point, fee taken off): on the curve of what the band holds now. */
export function exactLeft(band: Band, bought: 'collateral' | 'stable', net: bigint): bigint {
  const y0 = exactAmplitude(band);
  const a = BigInt(band.amplification);
  const p = fixed(band.oracle);
  const upper = fixed(band.upper);
  const f = a * over(times(y0, times(p, p)), upper);
  const g = (a - 1n) * over(times(y0, upper), p);
  const x = BigInt(band.x) * one;
  const y = BigInt(band.y) * one;
  const invariant = times(f + x, g + y);
  return bought === 'collateral' ? over(invariant, f + x + net) - g : over(invariant, g + y + net) - f;
}

/** `paid` less the fee, in fixed point. */
export function netOf(paid: Units, feeMillionths: number): bigint {
  return (BigInt(paid) * BigInt(1_000_000 - feeMillionths) * one) / 1_000_000n;
}
