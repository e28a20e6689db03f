/**
 * The units that every number of Breakwater carries, as type aliases, and the two crossings between whole tokens and base units.
 *
 * Money inside the machine is always `Units`: whole base units in float64, exact below 2^53. `Tokens` (1.5 ETH) exist only where a person
 * reads or writes. The aliases do not stop a wrong assignment; they say in each signature what the number is.
 */

/** Whole milliseconds since the start of the run. */
export type Ms = number;
/** Whole base units of an asset: an integer, |u| < 2^53. */
export type Units = number;
/** Whole tokens, possibly fractional: units / 10^decimals. For people, never for the ledger. */
export type Tokens = number;
/** US dollars. */
export type Usd = number;
/** A pure number; 0.05 is five per cent. */
export type Ratio = number;
/** USD per token. */
export type UsdPrice = number;
/** Quote tokens per base token of a venue. */
export type Price = number;
/** Dense id of a ledger account, 0 ≤ id < ledger.accounts. */
export type AccountId = number;
/** Dense id of an asset, 0 ≤ id < assets.count. */
export type AssetId = number;

/** 2^53 − 1: the largest balance the ledger can hold exactly. */
export const UNITS_MAX: Units = Number.MAX_SAFE_INTEGER;

/**
 * Tokens to base units, rounding towards zero: what somebody receives.
 * A decimal literal such as 0.29 is not exact in binary, so a product within 2^-50 of the next integer counts as that integer: 0.29 at
 * 2 decimals is 29 units, not 28.
 */
export function toUnitsDown(tokens: Tokens, decimals: number): Units {
  const exact = tokens * 10 ** decimals;
  const near = Math.round(exact);
  return Math.abs(exact - near) <= Math.abs(near) * 2 ** -50 ? near : Math.floor(exact);
}

/** Tokens to base units, rounding up: what somebody owes. Same tolerance as `toUnitsDown`. */
export function toUnitsUp(tokens: Tokens, decimals: number): Units {
  const exact = tokens * 10 ** decimals;
  const near = Math.round(exact);
  return Math.abs(exact - near) <= Math.abs(near) * 2 ** -50 ? near : Math.ceil(exact);
}

/** Base units to tokens, for people. */
export function toTokens(units: Units, decimals: number): Tokens {
  return units / 10 ** decimals;
}
