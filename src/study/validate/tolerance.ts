/**
 * How near is near enough, said before the run and in words that the record can print. One value per kind of evidence: exact arithmetic,
 * digits that somebody printed, a band around a historical figure, an interval for a simulated mean.
 */
import { fault } from '../../base/fault.ts';

export interface Tolerance {
  /** As printed in the record: `1e-9 relative`. */
  readonly text: string;
  /** False for a `got` that is not a number. */
  holds(expected: number, got: number): boolean;
}

/** What float64 may have lost of a number after a few operations, relative. */
const FLOAT_LEFT = 2 ** -50;

/** Nothing but the same number. */
export const exactly: Tolerance = { text: 'exact', holds: (expected, got) => got === expected };

/** |got − expected| ≤ bound·|expected|. */
export function relativeWithin(bound: number): Tolerance {
  checkBound(bound);
  return { text: `${bound} relative`, holds: (expected, got) => Math.abs(got - expected) <= bound * Math.abs(expected) };
}

/** |got − expected| ≤ bound, in the unit of `expected`. */
export function absoluteWithin(bound: number): Tolerance {
  checkBound(bound);
  return { text: `±${bound}`, holds: (expected, got) => Math.abs(got - expected) <= bound };
}

/** expected − 1 < got ≤ expected in base units of 10^−decimals tokens, both in tokens: one rounding, in the direction that is owed. */
export function roundedDown(decimals: number): Tolerance {
  if (!(Number.isInteger(decimals) && decimals >= 0)) fault('TOLERANCE_DOMAIN', { decimals });
  const unit = 10 ** -decimals;
  return {
    text: `rounded down to base units of ${unit}`,
    holds: (expected, got) => got > expected - unit - FLOAT_LEFT * Math.abs(expected) && got <= expected + FLOAT_LEFT * Math.abs(expected),
  };
}

/** |got − expected| ≤ `count` whole base units of 10^−decimals tokens, both in tokens: exact arithmetic that was rounded so many times. */
export function unitsWithin(count: number, decimals: number): Tolerance {
  if (!(Number.isInteger(decimals) && decimals >= 0)) fault('TOLERANCE_DOMAIN', { decimals });
  checkBound(count);
  const bound = count / 10 ** decimals;
  const text = `rounding: ±${count} base unit${count === 1 ? '' : 's'} of ${10 ** -decimals}`;
  return { text, holds: (expected, got) => Math.abs(got - expected) <= bound + FLOAT_LEFT * Math.abs(expected) };
}

/** Agrees with a figure printed to `digits` decimals: half a unit of the last, and 1e-9 of that for its binary form. */
export function asPrinted(digits: number): Tolerance {
  if (!(Number.isInteger(digits) && digits >= 0)) fault('TOLERANCE_DOMAIN', { digits });
  const half = 0.5 * 10 ** -digits * (1 + 1e-9);
  return { text: `as printed to ${digits} decimals`, holds: (expected, got) => Math.abs(got - expected) <= half };
}

/** low·expected ≤ got ≤ high·expected: the band of an incident whose figures are themselves uncertain. For `expected` > 0. */
export function factorBetween(low: number, high: number): Tolerance {
  if (!(low > 0 && high >= low)) fault('TOLERANCE_DOMAIN', { low, high });
  return { text: `×${low} … ×${high}`, holds: (expected, got) => got >= low * expected && got <= high * expected };
}

function checkBound(bound: number): void {
  if (!(bound >= 0 && bound < Infinity)) fault('TOLERANCE_DOMAIN', { bound });
}
