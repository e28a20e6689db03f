/**
 * What gas costs: the base fee that moves with demand, and the price of a bundle. Knows no mempool and no ledger. After EIP-1559, whose
 * integers in wei become float64 in units of the gas asset here (1 unit = 1 gwei where it has 9 decimals), so base fees may be fractions of
 * a unit and only what is charged is whole.
 */
import { type Ratio, toUnitsDown, toUnitsUp, type Units } from '../base/units.ts';

/** The gas limit is this many times the target (EIP-1559, ELASTICITY_MULTIPLIER). */
export const ELASTICITY = 2;
/** A block at twice the target raises the base fee by one part in this many (EIP-1559, BASE_FEE_MAX_CHANGE_DENOMINATOR). */
const CHANGE_DENOMINATOR = 8;

/**
 * Base fee of the next block, not rounded:
 *
 *   next = max(minimum, base · (1 + (used − target) / target / 8))
 *
 * @param used     gas of the block, everybody's; at most 2 · target
 * @param minimum  units per gas
 * @source         ethereum/EIPs EIPS/eip-1559.md, validate_block (there floored to a wei)
 */
export function nextBaseFee(base: number, used: number, target: number, minimum: number): number {
  return Math.max(minimum, base * (1 + (used - target) / target / CHANGE_DENOMINATOR));
}

/** Gas of a block that others than this world's agents use: `background` times the target, whole. */
export function backgroundGasDown(background: Ratio, target: number): number {
  return Math.floor(background * target);
}

/** What the proposer gets of the price of `gas`, rounded down; what rounding leaves over is burnt with the base fee. */
export function tipDown(gas: number, perGas: number): Units {
  return toUnitsDown(gas * perGas, 0);
}

/** Price of `gas` at `perGas` units each, rounded up once for the whole bundle. */
export function gasFeeUp(gas: number, perGas: number): Units {
  return toUnitsUp(gas * perGas, 0);
}
