/**
 * What one band gives and takes in whole units, exactly: the most that leaves y0 of the band no smaller than it was. A float64 estimate
 * answers wherever its error cannot matter; where it comes too near a whole number, the sign is found in BigInt. So every trade leaves y0
 * as large or larger, and nobody gains by going to and fro or by splitting, to the unit.
 *
 * That a holding (x', y') lies on the curve of (x, y) or beyond, with b = α·x + β·y, α = (A−1)·p_up/p, β = A·p²/p_up:
 *
 *   y0' ≥ y0   ⇔   (b' − b)·y0 + x'·y' − x·y ≥ 0          2·A·p·y0 = b + √(b² + 4·A·p·x·y)
 */
import { UNITS_MAX, type Units } from '../../base/units.ts';
import { amplitude, type Band, virtualCollateral, virtualStable } from './soft-bands-curve.ts';

/** Fees are kept in millionths, as in `market/constant-product`. */
export const FEE_DENOMINATOR = 1_000_000;

/** What a taker of the band buys: `collateral`, paying stable, as the oracle falls; `stable`, paying collateral, as it rises. */
export type Bought = 'collateral' | 'stable';

/** Far above the relative error of the estimates: 16 roundings of 2^-53 in y0 and a dozen after it. */
const ESTIMATE_BOUND = 2 ** -46;

/** Units paid in that buy all of what is asked for, rounded up; Infinity where no ledger holds as much. The fee stays in the band. */
export function drainUp(band: Band, bought: Bought, feeMillionths: number): Units {
  const { reserveIn, out, virtualOut } = sides(band, bought);
  const paid = ((reserveIn * out) / virtualOut) * (FEE_DENOMINATOR / (FEE_DENOMINATOR - feeMillionths));
  if (!(paid < UNITS_MAX / 2)) return Number.POSITIVE_INFINITY;
  let enough = Math.ceil(paid * (1 + ESTIMATE_BOUND));
  let short = Math.max(1, Math.ceil(paid * (1 - ESTIMATE_BOUND))) - 1;
  while (enough - short > 1) {
    const middle = Math.floor((enough + short) / 2);
    if (staysOnCurve(band, bought, middle, out, feeMillionths)) enough = middle;
    else short = middle;
  }
  return enough;
}

/** Units given for `paid` units, rounded down, at most what the band has. */
export function givenDown(band: Band, bought: Bought, paid: Units, feeMillionths: number): Units {
  const { reserveIn, out, virtualOut } = sides(band, bought);
  const net = paid * ((FEE_DENOMINATOR - feeMillionths) / FEE_DENOMINATOR);
  const given = ((virtualOut + out) * net) / (reserveIn + net);
  let most = Math.min(out, Math.floor(given * (1 + ESTIMATE_BOUND)));
  let least = Math.min(out, Math.floor(given * (1 - ESTIMATE_BOUND)));
  while (most > least) {
    const middle = Math.ceil((most + least) / 2);
    if (staysOnCurve(band, bought, paid, middle, feeMillionths)) least = middle;
    else most = middle - 1;
  }
  return least;
}

/**
 * Most units that may be paid before the marginal price passes `limit`, rounded down; the price meant is that of the trade itself, before
 * its fee is left in the band. 0 where the price is there already. In float64: the limit holds to some 10^-12 of the curve's reserves.
 */
export function paidUntil(band: Band, bought: Bought, limit: number, feeMillionths: number): Units {
  const { reserveIn, out, virtualOut } = sides(band, bought);
  const invariant = reserveIn * (virtualOut + out);
  const target = Math.sqrt(bought === 'collateral' ? invariant * limit : invariant / limit);
  const paid = Math.floor((target - reserveIn) * (FEE_DENOMINATOR / (FEE_DENOMINATOR - feeMillionths)));
  return Math.max(0, paid);
}

/** The curve as a constant product of `reserveIn` and `virtualOut + out`, in the direction of the trade. */
function sides(band: Band, bought: Bought): { reserveIn: number; out: Units; virtualOut: number } {
  const y0 = amplitude(band);
  const f = virtualStable(band, y0);
  const g = virtualCollateral(band, y0);
  return bought === 'collateral'
    ? { reserveIn: f + band.x, out: band.y, virtualOut: g }
    : { reserveIn: g + band.y, out: band.x, virtualOut: f };
}

/**
 * Whether y0 is no smaller after `paid` less the fee has come in and `given` has gone out, exactly. With p = P/T, p_up = U/T in whole
 * numbers, B = T·U²·(A−1)·x + P³·A·y and M = T·U²·P³, the condition above is ΔB·B + 2·A·M·Δ(xy) + ΔB·√(B² + 4·A·M·xy) ≥ 0.
 */
function staysOnCurve(band: Band, bought: Bought, paid: Units, given: Units, feeMillionths: number): boolean {
  const [oracle, upper, scale] = commonFraction(band.oracle, band.upper);
  const amplification = BigInt(band.amplification);
  const ofStable = scale * upper * upper * (amplification - 1n);
  const ofCollateral = oracle * oracle * oracle * amplification;
  const double = 2n * amplification * scale * upper * upper * oracle * oracle * oracle;
  const parts = BigInt(FEE_DENOMINATOR);
  const net = BigInt(paid) * (parts - BigInt(feeMillionths));
  const out = -BigInt(given) * parts;
  const x = BigInt(band.x);
  const y = BigInt(band.y);
  // Changes in millionths of a unit.
  const dx = bought === 'collateral' ? net : out;
  const dy = bought === 'collateral' ? out : net;
  const b = ofStable * x + ofCollateral * y;
  const db = ofStable * dx + ofCollateral * dy;
  const dxy = ((parts * x + dx) * (parts * y + dy)) / parts - parts * x * y;
  const plain = db * b + double * dxy;
  const square = b * b + 2n * double * x * y;
  if (plain >= 0n === db >= 0n) return plain >= 0n;
  return plain >= 0n ? plain * plain >= db * db * square : db * db * square >= plain * plain;
}

/** Two prices as whole numbers over one power of two. */
function commonFraction(a: number, b: number): readonly [bigint, bigint, bigint] {
  let power = 1;
  while (!(Number.isInteger(a * power) && Number.isInteger(b * power))) power *= 2;
  return [BigInt(a * power), BigInt(b * power), BigInt(power)];
}
