/**
 * The closed forms of the field as checks, one for each published or derived vector. Where a source prints digits, those are expected as
 * printed; derived values were computed apart from this code, with 40 digits, and must agree to 1e-9.
 */
import {
  constantProductOutput,
  constantProductPrice,
  manipulationCapital,
  manipulationLoss,
} from '../closed-form/constant-product-attack.ts';
import {
  blockSampledDeviation,
  errorExceedance,
  meanAbsoluteError,
  meanTimeBetweenUpdates,
  meanTimeBlockSampled,
  meanTimeWithHeartbeat,
} from '../closed-form/deviation-feed.ts';
import { firstPassageProbability, monitoredPassageProbability } from '../closed-form/first-passage.ts';
import {
  gasFloor,
  type Loan,
  largestClearable,
  repayToReachHealth,
  singleStepProfit,
  twoStepLiquidation,
} from '../closed-form/liquidation-size.ts';
import {
  constantProductSlippage,
  healthLinkedFrontier,
  liquidationIncentiveFactor,
  lossWhenFullySeized,
  ltvAfterRepay,
  slippageAwareFrontier,
  toxicFrontier,
} from '../closed-form/toxic-frontier.ts';
import { consecutiveSlotsWait, geometricAttackCostMax, geometricPriceNeeded, singleBlockCrossover } from '../closed-form/twap-attack.ts';
import { type Check, numberCheck } from './check.ts';
import { absoluteWithin, asPrinted, exactly, relativeWithin, type Tolerance } from './tolerance.ts';

const DIGITS: Tolerance = relativeWithin(1e-9);
const DAYS = 365;
const BLOCK_YEARS = 12 / (DAYS * 86_400); // a slot of 12 s
const HOUR_YEARS = 1 / (DAYS * 24);

const EULER = 'euler-xyz/uni-v3-twap-manipulation cost-of-attack.tex';
const BZX = 'bZx, 14 Feb 2020: quantstamp.com/blog/market-dynamics-of-the-1st-bzx-hack-part-1';
const INVERSE = 'Inverse Finance, 2 Apr 2022: www.certik.com/resources/blog/inverse-finance-02-april-2022';
const TWAP_PAPER = 'question of eprint 2022/445; value derived from the loss of cost-of-attack.tex';
const FRONTIER_PAPER = 'arXiv 2212.07306';
const SLIPPAGE_PAPER = 'arXiv 2510.10171; vector derived';
const MORPHO = 'morpho-org/morpho-blue ConstantsLib.sol; product derived';
const EXIT_TIME = 'exit time of Brownian motion; derived with 40 digits';
const PASSAGE = 'first passage of geometric Brownian motion; derived with 40 digits';
const MONITORED = 'Broadie, Glasserman, Kou (1997); derived with 40 digits';

function closedForm(id: string, claim: string, source: string, expected: number, tolerance: Tolerance, got: () => number): Check {
  return numberCheck({ id, tier: 'closed-form', claim, source, expected, tolerance, got });
}

/** The pool of bZx-1 after the first trade: 5,637.623762 ETH in at 0.3 %. */
function bzxAfterFirstTrade(): { bought: number; eth: number; wbtc: number } {
  const sold = 5637.623762;
  const eth = 2817.77159307;
  const wbtc = 77.08611101;
  const bought = constantProductOutput(sold, eth, wbtc, 0.003);
  return { bought, eth: eth + sold, wbtc: wbtc - bought };
}

const output: readonly Check[] = [
  closedForm(
    'B1.inverse',
    '300 ETH buy 374.4167 INV from 46 ETH / 432 INV at 0.3 %',
    `derived with 40 digits; ${INVERSE}`,
    374.416690814256737,
    DIGITS,
    () => constantProductOutput(300, 46, 432, 0.003),
  ),
  closedForm(
    'B1.bzx-first',
    '5,637.623762 ETH buy 51.345576 WBTC',
    BZX,
    51.345576,
    absoluteWithin(1e-4),
    () => bzxAfterFirstTrade().bought,
  ),
  closedForm('B1.bzx-spot', 'after that the pool prices WBTC at 328 ETH', `derived; ${BZX}`, 328, asPrinted(0), () => {
    const { eth, wbtc } = bzxAfterFirstTrade();
    return constantProductPrice(eth, wbtc);
  }),
  closedForm('B1.bzx-second', '112 WBTC then buy 6,871.41 ETH', BZX, 6871.41, absoluteWithin(0.1), () => {
    const { eth, wbtc } = bzxAfterFirstTrade();
    return constantProductOutput(112, wbtc, eth, 0.003);
  }),
];

const EULER_POOL = 50_000; // quote reserve of the paper's example
const eulerMove = (): number => geometricPriceNeeded(1.35, 144, 10) - 1; // 75.30 times the price

const manipulation: readonly Check[] = [
  closedForm(
    'B2.capital',
    'moving a pool of 50,000 quote tokens to 75.30 times its price takes 383,884',
    EULER,
    383_884,
    asPrinted(0),
    () => manipulationCapital(EULER_POOL, eulerMove()),
  ),
  closedForm('B2.loss', 'and loses 339,645 each block', EULER, 339_645, asPrinted(0), () => manipulationLoss(EULER_POOL, eulerMove())),
  closedForm('B2.loss-digits', 'and loses 339,645.418 each block', 'derived with 40 digits', 339_645.418000586272, DIGITS, () =>
    manipulationLoss(EULER_POOL, eulerMove()),
  ),
];

const CROSSOVERS = [
  ['0.2', 0.2, 2405],
  ['third', 1 / 3, 579],
  ['0.5', 0.5, 194],
  ['1', 1, 33],
  ['2', 2, 7],
] as const;
const twap: readonly Check[] = [
  ...CROSSOVERS.map(([name, distortion, blocks]) =>
    closedForm(
      `B3.crossover-${name}`,
      `a distortion of ${name} is cheaper in one block than in all from a window of ${blocks} blocks on`,
      TWAP_PAPER,
      blocks,
      exactly,
      () => singleBlockCrossover(distortion),
    ),
  ),
  closedForm('B3.crossover-capital', 'with capital as cost, one block is cheaper from two blocks on', TWAP_PAPER, 2, exactly, () =>
    singleBlockCrossover(0.2, 'capital'),
  ),
  closedForm('B3.wait', 'a proposer with 10 % of the stake waits 110 slots for two in a row', 'derived', 110, DIGITS, () =>
    consecutiveSlotsWait(0.1),
  ),
  closedForm(
    'B4.price-1',
    '35 % up over 144 blocks from 1 block takes 5.862e18 times the price',
    EULER,
    5.862e18,
    absoluteWithin(0.0005e18),
    () => geometricPriceNeeded(1.35, 144, 1),
  ),
  closedForm('B4.price-10', 'from 10 blocks 75.30 times', EULER, 75.3, asPrinted(2), () => geometricPriceNeeded(1.35, 144, 10)),
  closedForm('B4.price-20', 'from 20 blocks 8.68 times', EULER, 8.68, asPrinted(2), () => geometricPriceNeeded(1.35, 144, 20)),
  closedForm('B4.price-72', 'from 72 blocks 1.8225 times', EULER, 1.8225, DIGITS, () => geometricPriceNeeded(1.35, 144, 72)),
  closedForm('B4.cost-10', 'and 10 blocks of a pool of 50,000 lose at most 3,396,454', EULER, 3_396_454, asPrinted(0), () =>
    geometricAttackCostMax(EULER_POOL, 1.35, 144, 10),
  ),
];

const FEED = { deviation: 0.005, volatility: 0.8 };
const perDay = (years: number): number => 1 / (years * DAYS);
const feed: readonly Check[] = [
  closedForm(
    'B6.updates',
    'a 0.5 % feed at 80 % volatility updates 70.137 times a day, watched continuously',
    EXIT_TIME,
    70.136986301369863,
    DIGITS,
    () => perDay(meanTimeBetweenUpdates(FEED.deviation, FEED.volatility)),
  ),
  closedForm(
    'B6.updates-corrected',
    'and 62.717 times with the threshold corrected for 12 s blocks',
    MONITORED,
    62.7170320985446749,
    DIGITS,
    () => perDay(meanTimeBetweenUpdates(blockSampledDeviation(FEED.deviation, FEED.volatility, BLOCK_YEARS), FEED.volatility)),
  ),
  closedForm(
    'B6.updates-sampled',
    'and 62.5808 times by the renewal equation of a path seen every 12 s',
    'derived: renewal equation by Gauss-Legendre quadrature, 400 nodes',
    62.580751577,
    relativeWithin(1e-9),
    () => perDay(meanTimeBlockSampled(FEED.deviation, FEED.volatility, BLOCK_YEARS)),
  ),
  closedForm('B6.error', 'its mean error is a third of the threshold', 'derived', 0.005 / 3, DIGITS, () =>
    meanAbsoluteError(FEED.deviation),
  ),
  closedForm('B6.exceedance', 'its error exceeds half the threshold a quarter of the time', 'derived', 0.25, DIGITS, () =>
    errorExceedance(0.0025, FEED.deviation),
  ),
  closedForm(
    'B6.heartbeat',
    'a heartbeat as long as the mean time between updates shortens it to 0.699455 of itself',
    'derived with 40 digits from the image series of the exit time',
    0.69945452957387427,
    DIGITS,
    () => meanTimeWithHeartbeat(1, 1, 1),
  ),
];

const EULER_FRONTIERS = [
  ['0.77', 0.77, 0.877496438739212206],
  ['0.86', 0.86, 0.927361849549570375],
] as const;
const MORPHO_PRODUCTS = [
  ['0.77', 0.77, 0.827067669172932331],
  ['0.86', 0.86, 0.897703549060542797],
  ['0.945', 0.945, 0.960854092526690391],
  ['0.98', 0.98, 0.985915492957746479],
] as const;
const frontier: readonly Check[] = [
  closedForm('B9.frontier', 'with a bonus of 5 % liquidation turns toxic at an LTV of 0.95238', FRONTIER_PAPER, 1 / 1.05, DIGITS, () =>
    toxicFrontier(0.05),
  ),
  closedForm('B9.falls', 'below it, at 0.90, a repayment of 1 lowers the LTV to 0.89944', FRONTIER_PAPER, 89 / 98.95, DIGITS, () =>
    ltvAfterRepay(100, 90, 1, 0.05),
  ),
  closedForm('B9.rises', 'above it, at 0.96, a repayment of 1 raises the LTV to 0.96008', FRONTIER_PAPER, 95 / 98.95, DIGITS, () =>
    ltvAfterRepay(100, 96, 1, 0.05),
  ),
  closedForm(
    'B9.loss',
    'at 0.96 a full seizure leaves 0.76 % of the collateral value as bad debt',
    FRONTIER_PAPER,
    0.96 - 1 / 1.05,
    DIGITS,
    () => lossWhenFullySeized(1, 0.96, 0.05),
  ),
  closedForm(
    'B9.slippage',
    '100 of collateral marked by a pool of 1,000 brings the frontier to 0.79365',
    SLIPPAGE_PAPER,
    1 / 1.26,
    DIGITS,
    () => slippageAwareFrontier(0.05, constantProductSlippage(100, 1000)),
  ),
  ...EULER_FRONTIERS.map(([name, lltv, value]) =>
    closedForm(
      `B9.health-linked-${name}`,
      `a bonus of 1/health turns toxic at √LLTV, LLTV ${name}`,
      'euler-xyz/euler-vault-kit; derived',
      value,
      DIGITS,
      () => healthLinkedFrontier(lltv),
    ),
  ),
  ...MORPHO_PRODUCTS.map(([name, lltv, value]) =>
    closedForm(
      `B9.morpho-${name}`,
      `LLTV·LIF at LLTV ${name} stays below 1`,
      MORPHO,
      value,
      DIGITS,
      () => lltv * liquidationIncentiveFactor(lltv),
    ),
  ),
];

const LOAN: Loan = { collateral: 100, debt: 82, threshold: 0.8, bonus: 0.05 };
const size: readonly Check[] = [
  closedForm('B10.repay', 'a debt of 82 on 100 at threshold 0.8 and bonus 5 % is healthy again after 12.5', 'derived', 12.5, DIGITS, () =>
    repayToReachHealth(LOAN, 1),
  ),
  closedForm('B11.one-step', 'one liquidation at close factor 0.5 earns 2.05', 'arXiv 2106.06389; vector derived', 2.05, DIGITS, () =>
    singleStepProfit(LOAN, 0.5),
  ),
  closedForm(
    'B11.two-step',
    'two liquidations earn 2.3625',
    'arXiv 2106.06389; vector derived',
    2.3625,
    DIGITS,
    () => twoStepLiquidation(LOAN, 0.5).profit,
  ),
  closedForm('B12.clearable', 'a pool of 1,000 clears at most 47.619 at a bonus of 5 %', 'derived', 1000 / 21, DIGITS, () =>
    largestClearable(1000, 0.05),
  ),
  closedForm(
    'B13.gas-floor',
    '350,000 gas at 100 gwei and $3,000 needs a debt of $2,100 at 5 %',
    'derived; gas of aave-dao/aave-v3-origin',
    2100,
    DIGITS,
    () => gasFloor(350_000, 100e-9, 3000, 0.05),
  ),
];

/** [name, B/S, σ, days, continuous, seen hourly] */
const PASSAGES = [
  ['0.8-7d', 0.8, 0.8, 7, 0.049130125543349922, 0.0442042259585787047],
  ['0.8-30d', 0.8, 0.8, 30, 0.368358564076293461, 0.357332665173228748],
  ['0.9-1d', 0.9, 1, 1, 0.0464989854478681736, 0.0349061923589997522],
  ['0.8-10d', 0.8, 0.9, 10, 0.149715811669011411, 0.139501545553219308],
] as const;
const passage: readonly Check[] = PASSAGES.flatMap(([name, barrier, volatility, days, continuous, hourly]) => {
  const path = { price: 1, barrier, side: 'below', volatility, drift: 0, years: days / DAYS } as const;
  const touches = `a price at 1 with volatility ${volatility} touches ${barrier} within ${days} days`;
  return [
    closedForm(`B14.continuous-${name}`, touches, PASSAGE, continuous, DIGITS, () => firstPassageProbability(path)),
    closedForm(`B14.hourly-${name}`, `${touches}, looked at every hour`, MONITORED, hourly, DIGITS, () =>
      monitoredPassageProbability(path, HOUR_YEARS),
    ),
  ];
});

/** Every closed form of the field that Breakwater answers for, in the order of their numbers. */
export const closedFormChecks: readonly Check[] = [...output, ...manipulation, ...twap, ...feed, ...frontier, ...size, ...passage];
