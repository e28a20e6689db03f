/**
 * How much collateral a repayment seizes, as an exact fraction, so that its rounding is known: seized down, repaid up. With floats a split
 * take could win a unit by rounding; with a fraction ⌊a·r⌋ + ⌊b·r⌋ ≤ ⌊(a+b)·r⌋ (LIQ-3).
 */
import { mulDivDown, mulDivUp } from '../../base/exact.ts';
import { fault } from '../../base/fault.ts';
import type { Ratio, Units } from '../../base/units.ts';

/** seized ÷ repaid = above ÷ below, both whole and below 2^53. */
export interface SeizureRate {
  readonly above: number;
  readonly below: number;
}

/**
 * The fraction nearest below r = debtMark · (1 + bonus) ÷ collateralMark: one side is a power of two, the other has 52 bits.
 *
 * @param debtMark collateralMark  USD per unit, > 0
 * @throws                         SEIZURE_RATE  r is not a positive number between 2^-52 and 2^52
 */
export function seizureRate(debtMark: number, collateralMark: number, bonus: Ratio): SeizureRate {
  const rate = (debtMark * (1 + bonus)) / collateralMark;
  if (!(rate > 2 ** -52 && rate < 2 ** 52)) fault('SEIZURE_RATE', { debtMark, collateralMark, bonus });
  const large = rate >= 1 ? rate : 1 / rate;
  let power = 1;
  while (large * power < 2 ** 52) power *= 2;
  return rate >= 1 ? { above: Math.floor(large * power), below: power } : { above: power, below: Math.ceil(large * power) };
}

/** Collateral that `repaid` seizes, rounded down, at most `collateral`. */
export function seizedDown(repaid: Units, rate: SeizureRate, collateral: Units): Units {
  // The float comparison keeps quotients beyond 2^53 away from exact arithmetic; near the limit the exact value decides.
  if ((repaid * rate.above) / rate.below > collateral * 1.01 + 1) return collateral;
  return Math.min(collateral, mulDivDown(repaid, rate.above, rate.below));
}

/** Repayment that seizes all of `collateral`, rounded up, at most `debt`. */
export function repaidUp(collateral: Units, rate: SeizureRate, debt: Units): Units {
  if ((collateral * rate.below) / rate.above > debt * 1.01 + 1) return debt;
  return Math.min(debt, mulDivUp(collateral, rate.below, rate.above));
}
