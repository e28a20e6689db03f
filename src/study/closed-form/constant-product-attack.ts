/**
 * What it costs to move a constant-product pool for one block: output, capital put in, and the loss once arbitrage has undone the move.
 * Real numbers and no fee in the two costs, so these are bounds to hold the integer pool of market/ against, not a replacement for it.
 * After Bentley's cost-of-attack.tex (euler-xyz/uni-v3-twap-manipulation).
 */
import { fault } from '../../base/fault.ts';
import type { Price, Ratio, Tokens } from '../../base/units.ts';

/**
 * Tokens out of a constant-product pool for `input` tokens in.
 *
 *   out = y·a / (x + a),   a = input·(1 − fee)
 *
 * @param input       ≥ 0, tokens of the side paid in
 * @param reserveIn   x > 0, before the trade
 * @param reserveOut  y > 0, before the trade
 * @param fee         0 ≤ fee < 1, taken from the input
 * @returns           unrounded; a pool in whole base units pays at most this
 * @throws            POOL_DOMAIN
 * @example           300 into 46/432 at 0.3 %  →  374.4167
 * @source            Uniswap/v2-core UniswapV2Pair.sol (the invariant)
 */
export function constantProductOutput(input: Tokens, reserveIn: Tokens, reserveOut: Tokens, fee: Ratio): Tokens {
  if (!(input >= 0 && reserveIn > 0 && reserveOut > 0 && fee >= 0 && fee < 1)) {
    fault('POOL_DOMAIN', { input, reserveIn, reserveOut, fee });
  }
  const paid = input * (1 - fee);
  return (reserveOut * paid) / (reserveIn + paid);
}

/**
 * Spot price of a constant-product pool, quote per base.
 *
 * @throws  POOL_DOMAIN  a reserve is not positive
 */
export function constantProductPrice(quoteReserve: Tokens, baseReserve: Tokens): Price {
  if (!(quoteReserve > 0 && baseReserve > 0)) fault('POOL_DOMAIN', { quoteReserve, baseReserve });
  return quoteReserve / baseReserve;
}

/**
 * Capital that moves the price from p to (1 + e)·p within one block, valued at p in quote tokens.
 *
 *   up:    Y·(√(1+e) − 1)        quote tokens paid in
 *   down:  Y·(1/√(1+e) − 1)      base tokens paid in, at p each
 *
 * So the way to p·r costs the same capital as the way to p/r.
 *
 * @param quoteReserve  Y > 0, before the move
 * @param move          e > −1: 0.35 raises the price by 35 %, −0.2 lowers it by 20 %
 * @throws              MANIPULATION_DOMAIN
 * @source              euler-xyz/uni-v3-twap-manipulation cost-of-attack.tex; no fee
 */
export function manipulationCapital(quoteReserve: Tokens, move: Ratio): Tokens {
  const root = rootOfMove(quoteReserve, move);
  const towardsUp = move / (root + 1); // = root − 1 without cancellation
  return quoteReserve * (move >= 0 ? towardsUp : -towardsUp / root);
}

/**
 * Mark-to-market loss of that move, C1(e), in quote tokens: what was paid minus what was bought, at the undisturbed price p, to which
 * arbitrage returns the pool before the attacker can trade back.
 *
 *   C1(e) = Y·(√(1+e) + 1/√(1+e) − 2)     ≈ Y·e²/4 for small e
 *
 * The same for a move to p·r and to p/r.
 *
 * @param quoteReserve  Y > 0, before the move
 * @param move          e > −1
 * @throws              MANIPULATION_DOMAIN
 * @source              euler-xyz/uni-v3-twap-manipulation cost-of-attack.tex (its c = ΔX_quote − p·ΔX_base); no fee
 */
export function manipulationLoss(quoteReserve: Tokens, move: Ratio): Tokens {
  const root = rootOfMove(quoteReserve, move);
  const towardsUp = move / (root + 1);
  return (quoteReserve * towardsUp * towardsUp) / root;
}

function rootOfMove(quoteReserve: Tokens, move: Ratio): number {
  if (!(quoteReserve > 0 && move > -1)) fault('MANIPULATION_DOMAIN', { quoteReserve, move });
  return Math.sqrt(1 + move);
}
