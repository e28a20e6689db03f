/**
 * How much collateral a repayment seizes, as an exact fraction, so that its rounding is known: seized down, repaid up. With floats a split
 * take could win a unit by rounding; with a fraction ⌊a·r⌋ + ⌊b·r⌋ ≤ ⌊(a+b)·r⌋ (LIQ-3).
 */
import { mulDivDown, mulDivUp } from '../../base/exact.ts';
import { fault } from '../../base/fault.ts';
import { type Ratio, UNITS_MAX, type Units } from '../../base/units.ts';

/** seized ÷ repaid = above ÷ below, both whole and below 2^53. */
export interface SeizureRate {
  readonly above: number;
  readonly below: number;
}

/** Beyond these a unit of one side is worth more of the other than any position has. */
const RATE_MIN = 2 ** -52;
const RATE_MAX = 2 ** 52;

/**
 * The fraction nearest below r = debtMark · (1 + bonus) ÷ collateralMark: one side is a power of two, the other has 52 bits. r is held
 * within 2^-52 … 2^52, so that no price, however absurd, ends a run.
 *
 * @param debtMark collateralMark  USD per unit, > 0
 * @throws                         SEIZURE_RATE  a mark is not positive, or the bonus is negative
 */
export function seizureRate(debtMark: number, collateralMark: number, bonus: Ratio): SeizureRate {
  if (!(debtMark > 0 && collateralMark > 0 && bonus >= 0)) fault('SEIZURE_RATE', { debtMark, collateralMark, bonus });
  const rate = Math.min(RATE_MAX, Math.max(RATE_MIN, (debtMark * (1 + bonus)) / collateralMark));
  const large = rate >= 1 ? rate : 1 / rate;
  let power = 1;
  while (large * power < 2 ** 52) power *= 2;
  return rate >= 1 ? { above: Math.floor(large * power), below: power } : { above: power, below: Math.ceil(large * power) };
}

/** Collateral that `repaid` seizes, rounded down, at most `collateral`. */
export function seizedDown(repaid: Units, rate: SeizureRate, collateral: Units): Units {
  if (surelyBeyond((repaid * rate.above) / rate.below, collateral)) return collateral;
  return Math.min(collateral, mulDivDown(repaid, rate.above, rate.below));
}

/** Repayment that seizes all of `collateral`, rounded up, at most `debt`. */
export function repaidUp(collateral: Units, rate: SeizureRate, debt: Units): Units {
  if (surelyBeyond((collateral * rate.below) / rate.above, debt)) return debt;
  return Math.min(debt, mulDivUp(collateral, rate.below, rate.above));
}

/**
 * Whether a quotient estimated in floats (off by less than 2^-51 of itself) exceeds `limit` for certain, or is all that a ledger can hold:
 * keeps quotients beyond 2^53 away from exact arithmetic. Near the limit the exact value decides.
 */
function surelyBeyond(estimate: number, limit: Units): boolean {
  return estimate > limit * (1 + 2 ** -50) + 1 || estimate > UNITS_MAX - 8;
}
