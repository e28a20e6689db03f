/**
 * The integer pool of market/ against the closed forms of its field: what a swap pays (B1), and what it costs to move the price for one
 * block when arbitrage then undoes the move (B2). Exact: the pool may differ from real numbers by its roundings to whole base units alone.
 */
import type { Price, Ratio, Tokens } from '../../base/units.ts';
import { constantProductOutput, manipulationCapital, manipulationLoss } from '../closed-form/constant-product-attack.ts';
import { geometricPriceNeeded } from '../closed-form/twap-attack.ts';
import { type Check, numberCheck } from './check.ts';
import { aPoolWorld, BASE, type PoolWorld, QUOTE } from './pool-world.ts';
import { roundedDown, unitsWithin } from './tolerance.ts';

const FORMULA = 'Uniswap/v2-core UniswapV2Pair.sol; reserves of';
const INVERSE = `${FORMULA} Inverse Finance, 2 Apr 2022`;
const BZX = `${FORMULA} bZx, 14 Feb 2020`;
const EULER = 'euler-xyz/uni-v3-twap-manipulation cost-of-attack.tex; no fee';

/** The pool of bZx-1 in WBTC (base, 8 decimals) and ETH (quote, 9), and its fee. */
const bzx = { base: 77.08611101, baseDecimals: 8, quote: 2817.77159307, fee: 0.003 } as const;
const FIRST_TRADE = 5637.623762; // ETH
const SECOND_TRADE = 112; // WBTC

function bzxAfterFirstTrade(): PoolWorld {
  const world = aPoolWorld(bzx);
  world.sell(world.mallory, QUOTE, FIRST_TRADE);
  return world;
}

/** What the formula answers for the second trade, from the reserves that the pool then has. */
function secondTradeExpected(): Tokens {
  const { pool, holds } = bzxAfterFirstTrade();
  return constantProductOutput(SECOND_TRADE, holds(pool.account, BASE), holds(pool.account, QUOTE), bzx.fee);
}

const output: readonly Check[] = [
  numberCheck({
    id: 'B1.pool-inverse',
    tier: 'exact',
    claim: 'the pool sells 374.4167 INV for 300 ETH from 46 ETH / 432 INV at 0.3 %',
    source: INVERSE,
    expected: constantProductOutput(300, 46, 432, 0.003),
    tolerance: roundedDown(9),
    got: () => {
      const { sell, mallory } = aPoolWorld({ base: 432, quote: 46, fee: 0.003 });
      return sell(mallory, QUOTE, 300);
    },
  }),
  numberCheck({
    id: 'B1.pool-bzx-first',
    tier: 'exact',
    claim: 'the pool sells 51.345576 WBTC for 5,637.623762 ETH',
    source: BZX,
    expected: constantProductOutput(FIRST_TRADE, bzx.quote, bzx.base, bzx.fee),
    tolerance: roundedDown(bzx.baseDecimals),
    got: () => {
      const { sell, mallory } = aPoolWorld(bzx);
      return sell(mallory, QUOTE, FIRST_TRADE);
    },
  }),
  numberCheck({
    id: 'B1.pool-bzx-second',
    tier: 'exact',
    claim: 'and then 6,871.41 ETH for 112 WBTC',
    source: BZX,
    expected: secondTradeExpected(),
    tolerance: roundedDown(9),
    got: () => {
      const { sell, mallory } = bzxAfterFirstTrade();
      return sell(mallory, BASE, SECOND_TRADE);
    },
  }),
];

/** Half a USD for a token, so that prices and amounts cannot be taken for each other. */
const DEPTH = { base: 100_000, quote: 50_000 } as const;
const FAIR: Price = DEPTH.quote / DEPTH.base;

/** The moves of one block: the one that lifts a geometric average of 144 blocks by 35 % from 10 of them, and two of a fifth. */
const MOVES: readonly (readonly [name: string, says: string, move: Ratio])[] = [
  ['euler', 'to 75.30 times its price', geometricPriceNeeded(1.35, 144, 10) - 1],
  ['up', 'up by 20 %', 0.2],
  ['down', 'down by 20 %', -0.2],
];

function moved(move: Ratio): PoolWorld & { readonly capital: Tokens } {
  const world = aPoolWorld(DEPTH);
  const paid = world.moveTo(FAIR * (1 + move), world.mallory);
  return { ...world, capital: move > 0 ? paid : paid * FAIR };
}

/** Amounts paid in are whole units, found by a root in float64: one unit each; what is bought is rounded once more. */
const ROUNDINGS = { capital: unitsWithin(2, 9), loss: unitsWithin(3, 9), gain: unitsWithin(5, 9) } as const;

const manipulation: readonly Check[] = MOVES.flatMap(([name, says, move]) => [
  numberCheck({
    id: `B2.pool-capital-${name}`,
    tier: 'exact',
    claim: `moving a pool of 50,000 USD ${says} takes what Y·|√(1+e) − 1| says, at the fair price`,
    source: EULER,
    expected: manipulationCapital(DEPTH.quote, move),
    tolerance: ROUNDINGS.capital,
    got: () => moved(move).capital,
  }),
  numberCheck({
    id: `B2.pool-loss-${name}`,
    tier: 'exact',
    claim: `and loses C1(e) at the fair price, moved ${says}`,
    source: EULER,
    expected: manipulationLoss(DEPTH.quote, move),
    tolerance: ROUNDINGS.loss,
    got: () => {
      const { gain, mallory } = moved(move);
      return -gain(mallory, FAIR);
    },
  }),
  numberCheck({
    id: `B2.pool-arbitrage-${name}`,
    tier: 'exact',
    claim: `which whoever brings it back gains, moved ${says}`,
    source: EULER,
    expected: manipulationLoss(DEPTH.quote, move),
    tolerance: ROUNDINGS.gain,
    got: () => {
      const { moveTo, gain, arthur } = moved(move);
      moveTo(FAIR, arthur);
      return gain(arthur, FAIR);
    },
  }),
]);

/** Swaps and one-block manipulation through the real pool. */
export const simulatedPoolChecks: readonly Check[] = [...output, ...manipulation];
