/**
 * What it costs to move a time-weighted average price that a constant-product pool feeds: many blocks by a little or one block by much,
 * arithmetic (Uniswap v2) or geometric (v3). Assumes that arbitrage restores the pool after each block and that there is no fee; whether
 * the gain is worth it is not judged here.
 */
import { pow } from '../../base/elementary.ts';
import { fault } from '../../base/fault.ts';
import type { Ratio, Tokens } from '../../base/units.ts';
import { manipulationCapital, manipulationLoss } from './constant-product-attack.ts';

/** What an attacker counts as cost: the loss once arbitrage has undone the move, or all capital put in. */
export type CostConvention = 'loss' | 'capital';

const COST_OF_ONE_BLOCK = { loss: manipulationLoss, capital: manipulationCapital };

/**
 * Cost to raise an arithmetic average over `blocks` blocks by the fraction e by holding e in every one of them: L·C1(e).
 *
 * @param quoteReserve  Y > 0, quote tokens in the pool
 * @param distortion    e > 0, of the average
 * @param blocks        L ≥ 1, whole: the window
 * @returns             quote tokens; with 'capital', the sum over blocks (no reuse of what arbitrage returned)
 * @throws              TWAP_DOMAIN
 * @source              Mackinga, Nadahalli, Wattenhofer, eprint 2022/445
 */
export function multiBlockCost(quoteReserve: Tokens, distortion: Ratio, blocks: number, convention: CostConvention = 'loss'): Tokens {
  checkWindow(distortion, blocks);
  return blocks * COST_OF_ONE_BLOCK[convention](quoteReserve, distortion);
}

/**
 * Cost to reach the same average by moving one block alone, to (1 + L·e)·p: C1(L·e).
 *
 * @returns  quote tokens
 * @throws   TWAP_DOMAIN
 * @source   eprint 2022/445, as described in infect3d.xyz/blog/twap-oracle-weakness
 */
export function singleBlockCost(quoteReserve: Tokens, distortion: Ratio, blocks: number, convention: CostConvention = 'loss'): Tokens {
  checkWindow(distortion, blocks);
  return COST_OF_ONE_BLOCK[convention](quoteReserve, blocks * distortion);
}

/**
 * The shortest window L ≥ 2 at which moving one block costs less than moving all of them: C1(L·e) < L·C1(e). It does not depend on the
 * reserve.
 *
 * With cost as loss, C1 is first convex and then concave, so the answer is unique and every longer window favours the single block too; it
 * grows like 16/e³. With cost as capital, √ is concave throughout and the answer is always 2: "one block is cheaper" depends on the
 * convention.
 *
 * @param distortion  e ≥ 1e-4 (below, the answer nears 2^53)
 * @returns           whole blocks
 * @throws            TWAP_DOMAIN
 * @example           e = 0.2, 1/3, 0.5, 1, 2  →  2405, 579, 194, 33, 7
 * @source            derived from the loss of cost-of-attack.tex; the question is that of eprint 2022/445
 */
export function singleBlockCrossover(distortion: Ratio, convention: CostConvention = 'loss'): number {
  if (!(distortion >= 1e-4 && distortion < Infinity)) fault('TWAP_DOMAIN', { distortion });
  const singleIsCheaper = (blocks: number): boolean =>
    singleBlockCost(1, distortion, blocks, convention) < multiBlockCost(1, distortion, blocks, convention);
  let dearer = 1;
  let cheaper = 2;
  while (!singleIsCheaper(cheaper)) {
    dearer = cheaper;
    cheaper *= 2;
  }
  while (cheaper - dearer > 1) {
    const middle = Math.floor((dearer + cheaper) / 2);
    if (singleIsCheaper(middle)) cheaper = middle;
    else dearer = middle;
  }
  return cheaper;
}

/**
 * Expected number of slots until a proposer has been drawn for two in a row, the second included: (1 + s)/s². With two in a row the
 * attacker undoes its own move before arbitrage can, and only swap fees remain of the cost.
 *
 * @param stakeShare  0 < s ≤ 1, the chance of each slot, independent
 * @returns           slots (12 s each on Ethereum: s = 10 % → 110 slots = 22 min)
 * @throws            TWAP_DOMAIN
 * @source            derived (first run of two successes)
 */
export function consecutiveSlotsWait(stakeShare: Ratio): number {
  if (!(stakeShare > 0 && stakeShare <= 1)) fault('TWAP_DOMAIN', { stakeShare });
  return (1 + stakeShare) / (stakeShare * stakeShare);
}

/**
 * Price, over the fair price, at which m of n blocks must be held for a geometric average to stand at `target` times the fair price.
 *
 *   TWAP = (p^(n−m)·q^m)^(1/n)   ⇒   q/p = target^(n/m)
 *
 * @param target       > 0, average over fair price; 1.35 is 35 % up
 * @param window       n ≥ m blocks, whole
 * @param manipulated  m ≥ 1 blocks, whole
 * @returns            q/p
 * @throws             TWAP_DOMAIN
 * @example            1.35, 144, 10  →  75.30
 * @source             euler-xyz/uni-v3-twap-manipulation cost-of-attack.tex
 */
export function geometricPriceNeeded(target: Ratio, window: number, manipulated: number): Ratio {
  checkManipulated(target, window, manipulated);
  return pow(target, window / manipulated);
}

/** The geometric average over the fair price when m of n blocks stand at `held` times it: held^(m/n). Inverse of `geometricPriceNeeded`. */
export function geometricAverage(held: Ratio, window: number, manipulated: number): Ratio {
  checkManipulated(held, window, manipulated);
  return pow(held, manipulated / window);
}

/**
 * Upper bound of the cost to bring a geometric average to `target` by holding m of n blocks: m·C1(q/p − 1). A bound, because it lets
 * arbitrage restore the pool after every block; an attacker who keeps consecutive blocks pays less.
 *
 * @returns  quote tokens
 * @throws   TWAP_DOMAIN
 * @source   euler-xyz/uni-v3-twap-manipulation cost-of-attack.tex
 */
export function geometricAttackCostMax(quoteReserve: Tokens, target: Ratio, window: number, manipulated: number): Tokens {
  return manipulated * manipulationLoss(quoteReserve, geometricPriceNeeded(target, window, manipulated) - 1);
}

function checkWindow(distortion: Ratio, blocks: number): void {
  if (!(distortion > 0 && Number.isSafeInteger(blocks) && blocks >= 1)) fault('TWAP_DOMAIN', { distortion, blocks });
}

function checkManipulated(ratio: Ratio, window: number, manipulated: number): void {
  const whole = Number.isSafeInteger(window) && Number.isSafeInteger(manipulated);
  if (!(ratio > 0 && whole && manipulated >= 1 && manipulated <= window)) fault('TWAP_DOMAIN', { ratio, window, manipulated });
}
