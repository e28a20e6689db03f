/**
 * The closed forms of markets as checks: what arbitrage takes from pools, what a lopsided book charges, who bids what for a liquidation,
 * what an informed trade does to a price, and how a whale sells. Derived values were computed apart from this code.
 */
import { costVariance, expectedCost, holdings, type Liquidation, urgency } from '../closed-form/almgren-chriss.ts';
import { optimalSpread, reservationPrice } from '../closed-form/avellaneda-stoikov.ts';
import {
  abstention,
  allPayHighest,
  bidDistribution,
  bidPayoff,
  firstPriceBid,
  firstPriceRevenue,
  nobodyThere,
  oneAlone,
} from '../closed-form/bidding-race.ts';
import { kyleRound } from '../closed-form/kyle.ts';
import { arbitrageRate, lossRate, tradeProbability } from '../closed-form/loss-versus-rebalancing.ts';
import { cappedImpact, skewImpact } from '../closed-form/skew-impact.ts';
import { type Check, numberCheck } from './check.ts';
import { absoluteWithin, exactly, relativeWithin, type Tolerance } from './tolerance.ts';

const DIGITS: Tolerance = relativeWithin(1e-9);
const LVR = 'arXiv 2208.06046; vector derived';
const LVR_FEES = 'arXiv 2305.14604; vector derived';
const GMX = 'gmx-io/gmx-synthetics PricingUtils.sol; base configuration; vector derived';
const FIRST_PRICE = 'W. Vickrey (1961)';
const ALL_PAY = 'M. Baye, D. Kovenock, C. de Vries (1996); vector derived';
const REVERTS = 'derived: every bid of the mixture earns nothing';
const KYLE = 'A. S. Kyle (1985); vector derived';
const ALMGREN = 'R. Almgren, N. Chriss (2001), the example; holdings derived';
const MAKER = 'M. Avellaneda, S. Stoikov (2008); vector derived';

function closedForm(id: string, claim: string, source: string, expected: number, tolerance: Tolerance, got: () => number): Check {
  return numberCheck({ id, tier: 'closed-form', claim, source, expected, tolerance, got });
}

const rebalancing: readonly Check[] = [
  closedForm(
    'B7.rate',
    'a constant-product pool at volatility 0.8 loses 2.1918e-4 of its value a day',
    LVR,
    2.1917808219178083e-4,
    DIGITS,
    () => lossRate(0.8 / Math.sqrt(365)),
  ),
  closedForm(
    'B7.trades',
    'at 5 % a day, 7,200 blocks a day and a fee of 0.3 % it is arbitraged in 12.195 % of blocks',
    LVR_FEES,
    0.1219512195121951,
    DIGITS,
    () => tradeProbability(0.003, 7_200, 0.05),
  ),
  closedForm('B7.arbitrage', 'and loses 3.811e-5 of its value a day to arbitrageurs', LVR_FEES, 3.8109756097560976e-5, DIGITS, () =>
    arbitrageRate(0.003, 7_200, 0.05),
  ),
];

const skew: readonly Check[] = [
  closedForm('B8.skew', 'a million dollars of skew from balance costs $100,000', GMX, -100_000, DIGITS, () => skewImpact(0, 1e6, 1e-7, 2)),
  closedForm('B8.capped', 'and $5,000 with the cap of half a per cent', GMX, -5_000, exactly, () =>
    cappedImpact(skewImpact(0, 1e6, 1e-7, 2), 1e6, 0.005, 0.004),
  ),
];

/** The largest payoff of any bid on a grid: in equilibrium nobody gains by bidding otherwise. */
function bestDeviation(bidders: number, revertShare: number): number {
  const bids = Array.from({ length: 1_000 }, (_, i) => (i + 1) / 1_000);
  return Math.max(...bids.map((bid) => Math.abs(bidPayoff(bid, 1, bidders, revertShare))));
}

/** Expected payments of all n bidders, by the trapezium rule over quantiles of the bids. */
function payments(bidders: number, revertShare: number): number {
  const steps = 200_000;
  let [paid, previous, before] = [0, 0, 0];
  for (let i = 1; i <= steps; i++) {
    // Finer near 0, where the distribution is steep.
    const bid = (i / steps) ** 3;
    const share = bidDistribution(bid, 1, bidders, revertShare);
    const wins = share ** (bidders - 1);
    const cost = bid * (wins + revertShare * (1 - wins));
    paid += ((cost + previous) / 2) * (share - before);
    previous = cost;
    before = share;
  }
  return bidders * paid;
}

const bidding: readonly Check[] = [
  closedForm('B20.bid', 'of five bidders with values up to 1 who values it at 1 bids 0.8', FIRST_PRICE, 0.8, DIGITS, () =>
    firstPriceBid(1, 5),
  ),
  closedForm('B20.revenue-2', 'two of them pay a third', FIRST_PRICE, 1 / 3, DIGITS, () => firstPriceRevenue(2)),
  closedForm('B20.revenue-5', 'five of them pay two thirds', FIRST_PRICE, 2 / 3, DIGITS, () => firstPriceRevenue(5)),
  closedForm('B21.highest-3', 'the highest of three bids that are all paid is 0.6 on average', ALL_PAY, 0.6, DIGITS, () =>
    allPayHighest(1, 3),
  ),
  closedForm('B21.highest-5', 'of five 0.5556', ALL_PAY, 0.5555555555555556, DIGITS, () => allPayHighest(1, 5)),
  closedForm('B21.deviation', 'and no other bid earns anything', ALL_PAY, 0, absoluteWithin(1e-12), () => bestDeviation(3, 1)),
  closedForm('B21.revenue', 'all that is bid is the value', ALL_PAY, 1, relativeWithin(1e-4), () => payments(3, 1)),
  closedForm('B22.deviation', 'nor where reverted bids cost a tenth', REVERTS, 0, absoluteWithin(1e-12), () => bestDeviation(3, 0.1)),
  closedForm('B22.revenue', 'where the whole value is paid, too', REVERTS, 1, relativeWithin(1e-4), () => payments(3, 0.1)),
  closedForm('B23.abstains', 'of three to whom a failure costs 0.05 each stays away with 0.2182', REVERTS, 0.2182178902359924, DIGITS, () =>
    abstention(1, 0.05, 3),
  ),
  closedForm('B23.nobody', 'and nobody comes with 0.0104', REVERTS, 0.010391328106475829, DIGITS, () => abstention(1, 0.05, 3) ** 3),
  closedForm('B24.nobody', 'of five keepers there half of the time none is with 1/32', 'binomial', 1 / 32, DIGITS, () =>
    nobodyThere(0.5, 5),
  ),
  closedForm('B24.alone', 'and one is alone with 5/32', 'binomial', 5 / 32, DIGITS, () => oneAlone(0.5, 5)),
];

const informed: readonly Check[] = [
  closedForm(
    'B25.impact',
    'with deviations of 2 of the value and 5 of the noise a unit moves the price by 0.2',
    KYLE,
    0.2,
    DIGITS,
    () => kyleRound(2, 5).impact,
  ),
  closedForm('B25.profit', 'who knows the value expects 5', KYLE, 5, DIGITS, () => kyleRound(2, 5).expectedProfit),
  closedForm('B25.residual', 'and half of its variance is left', KYLE, 2, DIGITS, () => kyleRound(2, 5).residualVariance),
];

const EXAMPLE: Liquidation = {
  ...{ units: 1e6, time: 5, slices: 5, volatility: 0.95, temporary: 2.5e-6, permanent: 2.5e-7, fixed: 0.0625, aversion: 1e-6 },
};
const HELD = [541_956, 289_854, 147_897, 62_142];
const selling: readonly Check[] = [
  closedForm('B26.urgency', 'a million shares in five days are sold with κ = 0.60708 a day', ALMGREN, 0.60708, absoluteWithin(5e-6), () =>
    urgency(EXAMPLE),
  ),
  ...HELD.map((units, day) =>
    closedForm(
      `B26.held-${day + 1}`,
      `${units} are left after ${day + 1} days`,
      ALMGREN,
      units,
      absoluteWithin(1),
      () => holdings(EXAMPLE)[day + 1],
    ),
  ),
  closedForm('B26.cost', 'which is expected to cost 911,227', ALMGREN, 911_227, absoluteWithin(1), () =>
    expectedCost(EXAMPLE, holdings(EXAMPLE)),
  ),
  closedForm('B26.naive', 'and in equal parts 662,500', ALMGREN, 662_500, absoluteWithin(1), () =>
    expectedCost(EXAMPLE, holdings({ ...EXAMPLE, aversion: 0 })),
  ),
  closedForm(
    'B26.optimal',
    'no shift of a per cent between two days has a lower cost and λ times variance (1 = none)',
    ALMGREN,
    1,
    exactly,
    () => (shifted().every((held) => utility(held) >= utility(holdings(EXAMPLE))) ? 1 : 0),
  ),
];

function utility(held: readonly number[]): number {
  return expectedCost(EXAMPLE, held) + EXAMPLE.aversion * costVariance(EXAMPLE, held);
}

/** The holdings with one of them a per cent of all more or less. */
function shifted(): readonly (readonly number[])[] {
  const held = holdings(EXAMPLE);
  return [1, 2, 3, 4].flatMap((day) => [-1e4, 1e4].map((by) => held.map((units, j) => (j === day ? units + by : units))));
}

const making: readonly Check[] = [
  closedForm(
    'AS.reservation',
    'a maker at 100 who holds 3 of them, γ 0.1, σ 2, with half of the time left, values them at 99.4',
    MAKER,
    99.4,
    DIGITS,
    () => reservationPrice(100, 3, 0.1, 2, 0.5),
  ),
  closedForm('AS.spread', 'and asks for a spread of 1.4908 where orders thin out with 1.5', MAKER, 1.4907704227514236, DIGITS, () =>
    optimalSpread(0.1, 2, 0.5, 1.5),
  ),
];

export const microstructureChecks: readonly Check[] = [...rebalancing, ...skew, ...bidding, ...informed, ...selling, ...making];
