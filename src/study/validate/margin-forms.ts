/**
 * The closed forms of margin and liquidation as checks, one for each published or derived vector: late sales, jumps, auctions, bands,
 * stability pools, SPAN, perpetuals and auto-deleveraging. Digits are expected as printed where a source prints them; derived values were
 * computed apart from this code, with 40 digits, and must agree to 1e-9. The sampled ones are in `sampled-gaps.ts`.
 */
import { years } from '../../base/params.ts';
import { CALL } from '../../protocol/instrument/black-scholes.ts';
import { haircutConcentration, haircutOvershoot, proRataHaircuts, queueHaircuts } from '../closed-form/auto-deleverage.ts';
import { badDebtProbability, expectedBadDebt } from '../closed-form/delayed-liquidation.ts';
import { auctionPrice, type StairstepAuction, secondsToPrice, secondsToReset } from '../closed-form/dutch-auction.ts';
import { annualGapLoss, expectedGapLoss, gapProbability, jumpDiffusionPut } from '../closed-form/jump-gap.ts';
import { bankruptcyPrice, closingBankruptcyPrice, effectiveInitialMargin, liquidationPrice } from '../closed-form/perpetual-margin.ts';
import { bandLowerEdge, bandPrices, bandSpan, bandUpperEdge } from '../closed-form/soft-bands.ts';
import { futureRiskArray, linearScanRisk, optionRiskArray, portfolioRiskArray, scanRisk, spanRequirement } from '../closed-form/span.ts';
import { depositorBreakEven, depositorOutcome, depositorReturn } from '../closed-form/stability-pool.ts';
import { type Check, numberCheck } from './check.ts';
import { JUMPS, lateLoan, sampledGapChecks } from './sampled-gaps.ts';
import { exactly, relativeWithin, type Tolerance } from './tolerance.ts';

const DIGITS: Tolerance = relativeWithin(1e-9);
const DAY_MS = 86_400_000;

const LATE = 'put of Black and Scholes; derived with 40 digits';
const MERTON = 'R. C. Merton (1976); derived with 40 digits, and for the put by Fourier inversion too';
const CLIP = 'makerdao/dss abaci.sol, clip.sol; parameters of makerdao/spells-mainnet, 2021; derived';
const LLAMMA = 'curvefi/curve-stablecoin AMM.vy; vector derived';
const LIQUITY = 'liquity/dev StabilityPool.sol; vector derived';
const YETI = 'techdocs.yeti.finance/how-does-yeti-finance-work/stability-pool-and-liquidations';
const CME =
  'CME Group, Span Methodology (2019): long 1 MAR 2019 SP future at 2,790, price scan range $30,000 or 120 points; losses derived';
const MCMILLAN = 'L. G. McMillan, Options as a Strategic Investment, chapter 34, SPAN margin';
const ISOLATED = 'derived: equity at the liquidation price is the maintenance margin';
const DYDX_TIER = 'dydxprotocol/v4-chain x/perpetuals/types/liquidity_tier.go';
const DYDX_TEST = 'dydxprotocol/v4-chain x/clob/keeper/liquidations_test.go';
const CHITRA = 'arXiv 2512.01112; vector derived';

function closedForm(id: string, claim: string, source: string, expected: number, tolerance: Tolerance, got: () => number): Check {
  return numberCheck({ id, tier: 'closed-form', claim, source, expected, tolerance, got });
}

/** [hours, slippage in %, expected bad debt] */
const LATE_SALES = [
  [6, 10, 1.5378709032796125775e-6],
  [6, 15, 0.0075288051651181190487],
  [24, 0, 0.000010089903211827418939],
  [24, 10, 0.018789157965880996077],
  [24, 15, 0.263581323203685095],
] as const;
const late: readonly Check[] = [
  ...LATE_SALES.map(([hours, slippage, value]) =>
    closedForm(
      `B15.bad-debt-${hours}h-${slippage}`,
      `a loan of 80 on 100 sold ${hours} h late at volatility 1 and ${slippage} % slippage leaves ${value.toPrecision(4)} unpaid`,
      LATE,
      value,
      DIGITS,
      () => expectedBadDebt(lateLoan(hours, slippage / 100)),
    ),
  ),
  closedForm('B15.probability', 'the last one leaves something unpaid in 12.88 % of cases', LATE, 0.12880448370032831837, DIGITS, () =>
    badDebtProbability(lateLoan(24, 0.15)),
  ),
];

const WEEK = years(7 * DAY_MS);
const gap: readonly Check[] = [
  closedForm(
    'B16.probability',
    'a jump of N(−0.08, 0.1) makes a loan of 0.8 insolvent once in 13',
    MERTON,
    0.076152718233994470697,
    DIGITS,
    () => gapProbability(0.8, JUMPS),
  ),
  closedForm('B16.loss', 'and leaves 0.26312 % of the collateral as bad debt', MERTON, 0.002631219734975223064, DIGITS, () =>
    expectedGapLoss(0.8, JUMPS),
  ),
  closedForm('B16.annual', 'five such jumps a year leave 1.316 %', MERTON, 0.01315609867487611532, DIGITS, () =>
    annualGapLoss(0.8, JUMPS, 5),
  ),
  closedForm(
    'B16.put',
    'a put at 80 on 100 for a week, with jumps and volatility 0.8, is worth 0.163266',
    MERTON,
    0.16326594426224329764,
    DIGITS,
    () => jumpDiffusionPut(100, 80, WEEK, JUMPS),
  ),
  closedForm('B16.put-without-jumps', 'and 0.080901 without jumps', MERTON, 0.080901230073230311373, DIGITS, () =>
    jumpDiffusionPut(100, 80, WEEK, { ...JUMPS, rate: 0 }),
  ),
];

const CLIP_AUCTION: StairstepAuction = { buffer: 1.3, reference: 1, cut: 0.99, stepSeconds: 90 };
const auction: readonly Check[] = [
  closedForm('B17.market', 'an auction from 1.30 down by 1 % every 90 s meets the market after 2,430 s', CLIP, 2430, exactly, () =>
    secondsToPrice(CLIP_AUCTION, 1),
  ),
  closedForm('B17.market-95', '95 % of it after 2,880 s', CLIP, 2880, exactly, () => secondsToPrice(CLIP_AUCTION, 0.95)),
  closedForm('B17.market-90', '90 % of it after 3,330 s', CLIP, 3330, exactly, () => secondsToPrice(CLIP_AUCTION, 0.9)),
  closedForm(
    'B17.cusp',
    'and must start anew after 8,280 s, by the cusp of 0.40',
    CLIP,
    8280,
    exactly,
    () => secondsToReset(CLIP_AUCTION, 8400, 0.4).seconds,
  ),
  closedForm(
    'B17.tail',
    'at the tail of 8,400 s its price would be 0.3927 of its start',
    CLIP,
    0.3927110283578051843615749,
    DIGITS,
    () => auctionPrice(CLIP_AUCTION, 8400) / auctionPrice(CLIP_AUCTION, 0),
  ),
];

const GRID = { basePrice: 2000, amplification: 70 };
const bands: readonly Check[] = [
  closedForm('B18.width', 'bands are 1 % wide at A = 100', LLAMMA, 0.01, DIGITS, () => {
    const grid = { ...GRID, amplification: 100 };
    return 1 - bandLowerEdge(grid, 7) / bandUpperEdge(grid, 7);
  }),
  closedForm('B18.span', 'ten of them span 9.56 %', LLAMMA, 0.09561792499119550998999999, DIGITS, () => bandSpan(100, 10)),
  closedForm('B18.edge', 'band 5 begins at 1,861.17 where band 0 begins at 2,000, A = 70', LLAMMA, 1861.166596061164990777652, DIGITS, () =>
    bandUpperEdge(GRID, 5),
  ),
  closedForm(
    'B18.price',
    'a band trades at the oracle price where the oracle is at its upper edge',
    LLAMMA,
    2000,
    DIGITS,
    () => bandPrices(GRID, 0, 2000).low,
  ),
];

const pool: readonly Check[] = [
  closedForm(
    'B19.return',
    'depositors gain 8.455 % at a collateral ratio of 1.09, gas compensated with 0.5 %',
    LIQUITY,
    0.08455,
    DIGITS,
    () => depositorReturn(1.09, 0.005),
  ),
  closedForm('B19.break-even', 'and lose below a ratio of 1.005025', LIQUITY, 200 / 199, DIGITS, () => depositorBreakEven(0.005)),
  closedForm(
    'B19.example',
    '10 % of a pool gain $1,800 from 400 tokens at $545 for a debt of 200,000, without compensation',
    YETI,
    1800,
    exactly,
    () => {
      const { spent, received } = depositorOutcome(100_000, 1_000_000, { collateral: 400 * 545, debt: 200_000 }, 0);
      return received - spent;
    },
  ),
];

/** Long 1 future, and long 1 call: the published losses in SPAN's order. An extreme move is 14 points where the range is 20: 2 × 35 %. */
const PUBLISHED_FUTURE = [0, 0, -3330, -3330, 3330, 3330, -6670, -6670, 6670, 6670, -10_000, -10_000, 10_000, 10_000, -7000, 7000];
const PUBLISHED_CALL = [-460, 610, -2640, -1730, 1270, 2340, -5210, -4540, 2540, 3430, -8060, -7640, 3380, 3990, -3130, 1500];
const SCAN = { price: 120, volatility: 0.35 };
const SP_MULTIPLIER = 250;
/** The publication leaves open the days left, how far SPAN looks ahead, and whether 35 % are relative: here 15, one, and yes. */
const SP_CALL = { kind: CALL, spot: 2790, strike: 2825, years: years(15 * DAY_MS), volatility: 0.16 } as const;
const coveredCall = () => [
  { quantity: 1, array: futureRiskArray(SCAN, SP_MULTIPLIER) },
  { quantity: -1, array: optionRiskArray(SP_CALL, SCAN, years(DAY_MS), SP_MULTIPLIER) },
];
const span: readonly Check[] = [
  closedForm(
    'B28.future-third',
    'a future rises by $10,000 in a third of the scan range',
    CME,
    -10_000,
    DIGITS,
    () => futureRiskArray(SCAN, SP_MULTIPLIER)[2],
  ),
  closedForm('B28.future-whole', 'and loses $30,000 in a whole range down, its maintenance margin', CME, 30_000, DIGITS, () =>
    scanRisk([{ quantity: 1, array: futureRiskArray(SCAN, SP_MULTIPLIER) }]),
  ),
  closedForm('B28.linear', 'a linear position asks for |delta| times the range: the extremes count 0.99 of it', CME, 30_000, DIGITS, () =>
    linearScanRisk(-SP_MULTIPLIER, SCAN.price),
  ),
  closedForm('B28.long-call', 'a long call with the published array requires $3,990', MCMILLAN, 3990, exactly, () =>
    scanRisk([{ quantity: 1, array: PUBLISHED_CALL }]),
  ),
  closedForm('B28.covered-write', 'a long future and a short call with the published arrays require $6,620', MCMILLAN, 6620, exactly, () =>
    scanRisk([
      { quantity: 1, array: PUBLISHED_FUTURE },
      { quantity: -1, array: PUBLISHED_CALL },
    ]),
  ),
  closedForm(
    'B28.covered-call-down',
    'long future, short 2,825 call at 16 %, 15 days: a whole range down with volatility down loses $24,642',
    `${CME}; days and look-ahead ours; derived with 40 digits`,
    24642.3690539974075,
    DIGITS,
    () => portfolioRiskArray(coveredCall())[13],
  ),
  closedForm(
    'B28.covered-call',
    'and requires $27,928 in the extreme fall, of which the call’s premium is covered to 33 % only',
    `${CME}; days and look-ahead ours; derived with 40 digits`,
    27928.1063744193592,
    DIGITS,
    () => scanRisk(coveredCall()),
  ),
  closedForm('B28.short-minimum', 'ten worthless short options require their minimum', 'derived', 500, exactly, () =>
    spanRequirement(0, 10, 50),
  ),
];

/** [leverage, maintenance, side, liquidation price at an entry of 1] */
const LIQUIDATIONS = [
  [20, 0.0125, 'long', 0.962025316455696202531646],
  [20, 0.0125, 'short', 1.037037037037037037037037],
  [50, 0.01, 'long', 0.98989898989898989898989899],
] as const;
/** [name, claim, DNNV, DMMR, TNC, TMMR, printed] of accounts at a maintenance of 10 %: 0.1 BTC is $5,000, 0.1 ETH $300, 0.004 BTC $200. */
const CLOSES = [
  ['long', 'selling a long of $5,000 that owes 4,501 takes at least $4,501', -5000, -500, 499, 500, 4501],
  ['short', 'buying back a short of $5,000 that holds 5,499 takes at most $5,499', 5000, -500, 499, 500, -5499],
  ['half', 'half a bankrupt long of $5,000 takes at least $2,500', -2500, -250, 0, 500, 2500],
  ['two-longs', 'selling $300 of two longs with equity 10 takes at least $294', -300, -30, 10, 50, 294],
  ['long-and-short', 'buying back $300 beside a long of $200 with equity 10 takes at most $306', 300, -30, 10, 50, -306],
] as const;
const perpetual: readonly Check[] = [
  ...LIQUIDATIONS.map(([leverage, maintenance, side, price]) =>
    closedForm(
      `B29.${side}-${leverage}`,
      `a ${side} at 1 with leverage ${leverage} is liquidated at ${price.toFixed(6)}, maintenance ${maintenance}`,
      ISOLATED,
      price,
      DIGITS,
      () => liquidationPrice({ side, entry: 1, leverage }, maintenance),
    ),
  ),
  closedForm('B29.bankrupt-20', 'and is bankrupt at 0.95 with leverage 20', ISOLATED, 0.95, DIGITS, () =>
    bankruptcyPrice({ side: 'long', entry: 1, leverage: 20 }),
  ),
  closedForm('B29.bankrupt-50', 'and at 0.98 with leverage 50', ISOLATED, 0.98, DIGITS, () =>
    bankruptcyPrice({ side: 'long', entry: 1, leverage: 50 }),
  ),
  closedForm(
    'B29.dydx-tier',
    'a base of 10 % and caps of 20M and 50M make 55 % at 35M of open interest',
    `${DYDX_TIER}; vector derived`,
    0.55,
    DIGITS,
    () => effectiveInitialMargin({ base: 0.1, lowerCap: 20e6, upperCap: 50e6 }, 35e6),
  ),
  closedForm(
    'B29.dydx-tier-test',
    'a base of 20 % and caps of 1M and 2M make 38.76536 % at 1,234,567',
    `${DYDX_TIER}, its test`,
    0.3876536,
    DIGITS,
    () => effectiveInitialMargin({ base: 0.2, lowerCap: 1e6, upperCap: 2e6 }, 1_234_567),
  ),
  ...CLOSES.map(([name, claim, notionalChange, maintenanceChange, netCollateral, maintenance, printed]) =>
    closedForm(`B29.dydx-close-${name}`, claim, DYDX_TEST, printed, DIGITS, () =>
      closingBankruptcyPrice({ notionalChange, maintenanceChange, netCollateral, maintenance }),
    ),
  ),
];

const PROFITS = [100, 60, 40];
/** The same winners for a queue: all entered alike, so that profit decides. */
const WINNERS = PROFITS.map((profit) => ({ profit, profitRatio: profit / 1000, leverage: 10 }));
const deleverage: readonly Check[] = [
  ...[25, 15, 10].map((haircut, i) =>
    closedForm(
      `B30.pro-rata-${i + 1}`,
      `a deficit of 50 takes ${haircut} of a profit of ${PROFITS[i]} among 100, 60, 40`,
      CHITRA,
      haircut,
      DIGITS,
      () => proRataHaircuts(50, PROFITS)[i],
    ),
  ),
  closedForm('B30.pro-rata-overshoot', 'no more than the deficit', CHITRA, 0, exactly, () =>
    haircutOvershoot(proRataHaircuts(50, PROFITS), 50),
  ),
  closedForm('B30.queue-overshoot', 'the queue takes 50 more than the deficit', CHITRA, 50, exactly, () =>
    haircutOvershoot(queueHaircuts(50, WINNERS), 50),
  ),
  closedForm('B30.queue-concentration', 'all of it from the top winner', CHITRA, 1, exactly, () =>
    haircutConcentration(queueHaircuts(50, WINNERS)),
  ),
  closedForm('B30.pro-rata-concentration', 'who bears half of it in proportion', CHITRA, 0.5, DIGITS, () =>
    haircutConcentration(proRataHaircuts(50, PROFITS)),
  ),
];

/** Every closed form of margin and liquidation that Breakwater answers for, in the order of their numbers; then the sampled ones. */
export const marginFormChecks: readonly Check[] = [
  ...late,
  ...gap,
  ...auction,
  ...bands,
  ...pool,
  ...span,
  ...perpetual,
  ...deleverage,
  ...sampledGapChecks,
];
