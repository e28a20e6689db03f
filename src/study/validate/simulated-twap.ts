/**
 * Attacks on a time-weighted average through the real pool and the real oracle: in every block arbitrage first brings the pool back, then
 * the attacker may move it, and the oracle sees the price with which the block ends. Cost and reading are held against B3 (arithmetic) and
 * B4 (geometric).
 */

import type { Price, Ratio, Tokens } from '../../base/units.ts';
import type { Mean } from '../../oracle/cumulative.ts';
import type { Oracle } from '../../oracle/oracle.ts';
import { sourceAlone } from '../../oracle/source-alone.ts';
import { twap } from '../../oracle/twap.ts';
import {
  geometricAttackCostMax,
  geometricPriceNeeded,
  multiBlockCost,
  singleBlockCost,
  singleBlockCrossover,
} from '../closed-form/twap-attack.ts';
import { type Check, numberCheck } from './check.ts';
import { aPoolWorld } from './pool-world.ts';
import { exactly, relativeWithin, unitsWithin } from './tolerance.ts';

/** A slot of Ethereum. */
const BLOCK_MS = 12_000;
const DEPTH = { base: 100_000, quote: 50_000 } as const;
const FAIR: Price = DEPTH.quote / DEPTH.base;
/** Of a reading: reserves of 10^13 units hold a price to about 10^-13; 1e-9 is what exact arithmetic is held to throughout. */
const DIGITS = relativeWithin(1e-9);

const PAPER = 'Mackinga, Nadahalli, Wattenhofer, eprint 2022/445; cost: euler-xyz/uni-v3-twap-manipulation cost-of-attack.tex';
const EULER = 'euler-xyz/uni-v3-twap-manipulation cost-of-attack.tex';

/** An average over `window` blocks, of which the first `held` end at `ratio` times the fair price. */
interface Attack {
  readonly mean: Mean;
  readonly window: number;
  readonly held: number;
  readonly ratio: Ratio;
}

function averageOf({ window, mean }: Attack): Oracle {
  return twap.create(
    { window: window * BLOCK_MS, mean, warm: true },
    sourceAlone(() => Number.NaN),
  );
}

/** The reading, over the fair price, when all blocks have weighed in; and what the attack has cost at the fair price. */
function attack(spec: Attack): { readonly reading: Ratio; readonly loss: Tokens } {
  const { pool, moveTo, gain, mallory, arthur } = aPoolWorld(DEPTH);
  const oracle = averageOf(spec);
  oracle.observe(pool.price(), 0);
  for (let block = 1; block <= spec.window; block += 1) {
    moveTo(FAIR, arthur);
    if (block <= spec.held) moveTo(FAIR * spec.ratio, mallory);
    oracle.observe(pool.price(), block * BLOCK_MS);
  }
  return { reading: oracle.read((spec.window + 1) * BLOCK_MS).price / FAIR, loss: -gain(mallory, FAIR) };
}

/** The reading of an oracle that is shown the prices of an attack, for those that no pool of whole units can reach. */
function readingOfShown(spec: Attack): Ratio {
  const oracle = averageOf(spec);
  oracle.observe(FAIR, 0);
  for (let block = 1; block <= spec.window; block += 1) oracle.observe(FAIR * (block <= spec.held ? spec.ratio : 1), block * BLOCK_MS);
  return oracle.read((spec.window + 1) * BLOCK_MS).price / FAIR;
}

/** Three roundings of the one block that is moved. */
const ROUNDED_ONCE = unitsWithin(3, 9);
/** Each rounding leaves a unit of a reserve of 10^13 in the pool, which makes the following blocks as much dearer: some 10^-13 in all. */
const ROUNDED_OFTEN = relativeWithin(1e-12);

const everyBlock = (window: number, distortion: Ratio): Attack => ({ mean: 'arithmetic', window, held: window, ratio: 1 + distortion });
const oneBlock = (window: number, distortion: Ratio): Attack => ({ mean: 'arithmetic', window, held: 1, ratio: 1 + window * distortion });

const WINDOW = 30;
const DOUBLED = 1;
const arithmetic: readonly Check[] = [
  numberCheck({
    id: 'B3.pool-multi-cost',
    tier: 'exact',
    claim: `holding a pool of 50,000 USD at twice its price for ${WINDOW} blocks loses ${WINDOW}·C1(1)`,
    source: PAPER,
    expected: multiBlockCost(DEPTH.quote, DOUBLED, WINDOW),
    tolerance: ROUNDED_OFTEN,
    got: () => attack(everyBlock(WINDOW, DOUBLED)).loss,
  }),
  numberCheck({
    id: 'B3.pool-multi-reading',
    tier: 'exact',
    claim: `and an arithmetic average over ${WINDOW} blocks then reads twice the price`,
    source: PAPER,
    expected: 1 + DOUBLED,
    tolerance: DIGITS,
    got: () => attack(everyBlock(WINDOW, DOUBLED)).reading,
  }),
  numberCheck({
    id: 'B3.pool-single-cost',
    tier: 'exact',
    claim: `moving it to ${1 + WINDOW} times its price for one block loses C1(${WINDOW})`,
    source: PAPER,
    expected: singleBlockCost(DEPTH.quote, DOUBLED, WINDOW),
    tolerance: ROUNDED_ONCE,
    got: () => attack(oneBlock(WINDOW, DOUBLED)).loss,
  }),
  numberCheck({
    id: 'B3.pool-single-reading',
    tier: 'exact',
    claim: 'and the same average reads twice the price',
    source: PAPER,
    expected: 1 + DOUBLED,
    tolerance: DIGITS,
    got: () => attack(oneBlock(WINDOW, DOUBLED)).reading,
  }),
  ...[0.5, 1, 2].map((distortion) =>
    numberCheck({
      id: `B3.pool-crossover-${distortion}`,
      tier: 'exact',
      claim: `from windows of ${singleBlockCrossover(distortion)} blocks on, one block costs less than all, distortion ${distortion}`,
      source: PAPER,
      expected: singleBlockCrossover(distortion),
      tolerance: exactly,
      got: () => {
        let window = 2;
        while (attack(oneBlock(window, distortion)).loss >= attack(everyBlock(window, distortion)).loss) window += 1;
        return window;
      },
    }),
  ),
];

/** The published example: 35 % up over 144 blocks. */
const TARGET = 1.35;
const BLOCKS = 144;
const ratioOf = (held: number): Ratio => geometricPriceNeeded(TARGET, BLOCKS, held);
const geometricAttack = (held: number): Attack => ({ mean: 'geometric', window: BLOCKS, held, ratio: ratioOf(held) });

const geometric: readonly Check[] = [
  ...[10, 20, 72].map((held) =>
    numberCheck({
      id: `B4.pool-reading-${held}`,
      tier: 'exact',
      claim: `${held} of ${BLOCKS} blocks at ${ratioOf(held).toPrecision(4)} times the price: a geometric average reads 1.35 of it`,
      source: EULER,
      expected: TARGET,
      tolerance: DIGITS,
      got: () => attack(geometricAttack(held)).reading,
    }),
  ),
  numberCheck({
    id: 'B4.oracle-reading-1',
    tier: 'exact',
    claim: `and so it does when it is shown one block at 5.862e18 times the price, more than a pool of whole units can be moved`,
    source: EULER,
    expected: TARGET,
    tolerance: DIGITS,
    got: () => readingOfShown(geometricAttack(1)),
  }),
  numberCheck({
    id: 'B4.pool-cost-10',
    tier: 'exact',
    claim: 'the attack on 10 blocks of a pool of 50,000 USD loses 3,396,454 USD when arbitrage answers each',
    source: EULER,
    expected: geometricAttackCostMax(DEPTH.quote, TARGET, BLOCKS, 10),
    tolerance: ROUNDED_OFTEN,
    got: () => attack(geometricAttack(10)).loss,
  }),
];

/** Attacks on averages through the real pool and oracle. */
export const simulatedTwapChecks: readonly Check[] = [...arithmetic, ...geometric];
