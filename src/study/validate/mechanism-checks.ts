/**
 * The liquidation mechanisms of the real protocol against their closed forms: the frontier of a discount by health (B9), the repayment to a
 * target health (B10), what an order at the bankruptcy price clears of a pool (B12), the clock of Maker's Dutch auction (B17), and what
 * arithmetic alone says of Euler's largest liquidation (S3) and of a lone bidder (S6). Exact but for roundings to whole base units.
 */
import type { Ratio, Usd } from '../../base/units.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { constantProduct } from '../../market/constant-product.ts';
import { dutchAuction } from '../../protocol/liquidation/dutch-auction.ts';
import { englishAuction } from '../../protocol/liquidation/english-auction.ts';
import { healthDiscount } from '../../protocol/liquidation/health-discount.ts';
import { targetHealth } from '../../protocol/liquidation/target-health.ts';
import { venueOrder } from '../../protocol/liquidation/venue-order.ts';
import { auctionPrice, type StairstepAuction, secondsToPrice, secondsToReset } from '../closed-form/dutch-auction.ts';
import { type Loan, largestClearable, repayToReachHealth } from '../closed-form/liquidation-size.ts';
import { healthLinkedFrontier } from '../closed-form/toxic-frontier.ts';
import { type Check, numberCheck } from './check.ts';
import { termsOf } from './default-terms.ts';
import { aLoan, granted, type LendingOptions, refusal } from './lending-world.ts';
import { absoluteWithin, asPrinted, exactly, type Tolerance, unitsWithin } from './tolerance.ts';

const DECIMALS = 9;
const TOKEN = 10 ** DECIMALS;
const CLIP = 'makerdao/dss src/clip.sol, src/abaci.sol';
const EULER = 'euler-xyz/euler-vault-kit src/EVault/modules/Liquidation.sol; frontier derived';
const DIGITS = absoluteWithin(1e-9);

type Liquidation = NonNullable<LendingOptions['liquidation']>;
type Lent = ReturnType<typeof aLoan>;

function exact(id: string, claim: string, source: string, expected: number, tolerance: Tolerance, got: () => number): Check {
  return numberCheck({ id, tier: 'exact', claim, source, expected, tolerance, got });
}

/** A loan of `debt` against 100 worth 100. */
function lent(debt: Usd, threshold: Ratio, liquidation: Liquidation, more: Partial<LendingOptions> = {}): Lent {
  return aLoan({ collateral: 100, debt, threshold, bonus: 0.05 }, { ...more, liquidation });
}

function ltvOf({ protocol, position }: Lent): Ratio {
  const { debtUsd, collateralUsd } = protocol.health(position, 0);
  return debtUsd / collateralUsd;
}

/** The loan-to-value up to which a repayment of one lowers it, by forty halvings between the threshold and 1. */
function frontierOf(threshold: Ratio, liquidation: Liquidation): Ratio {
  let [low, high] = [threshold, 1];
  for (let halving = 0; halving < 40; halving += 1) {
    const middle = (low + high) / 2;
    const loan = lent(100 * middle, threshold, liquidation);
    const before = ltvOf(loan);
    const healthy = refusal(loan.take(TOKEN)) === 'NOT_LIQUIDATABLE';
    if (healthy || ltvOf(loan) < before) low = middle;
    else high = middle;
  }
  return low;
}

const byHealth =
  (discountMax: Ratio): Liquidation =>
  (needs) =>
    healthDiscount.create(termsOf(healthDiscount, { discountMax }), needs);

/** A repayment of one that leaves the ratio as it was to rounding may go either way. */
const FRONTIER = absoluteWithin(1e-8);

const frontier: readonly Check[] = [
  ...[0.77, 0.86].map((threshold) =>
    exact(
      `B9.sim-health-discount-${threshold}`,
      `a discount by health is toxic from a loan-to-value of √${threshold} on`,
      EULER,
      healthLinkedFrontier(threshold),
      FRONTIER,
      () => frontierOf(threshold, byHealth(0.5)),
    ),
  ),
  exact(
    'B9.sim-health-discount-cap',
    'and capped at 0.1 from 0.9 on, where that comes later',
    EULER,
    healthLinkedFrontier(0.77, 0.1),
    FRONTIER,
    () => frontierOf(0.77, byHealth(0.1)),
  ),
];

/** Euler v1 on 13 March 2023, DAI: 310.93 million eDAI at 1.02203 against 390 million owed, after a donation; in millions. */
function eulerOf(): { readonly repaid: number; readonly left: number } {
  const loan = aLoan({ collateral: 310.93, debt: 390, threshold: 0.9, bonus: 0 }, { liquidation: byHealth(0.2), backstop: [] });
  loan.setPrice('ETH', 1.02203);
  const { repaid } = granted(loan.take('max'));
  return { repaid: repaid / TOKEN, left: loan.protocol.debtOf(loan.position, loan.asset('USD')) / TOKEN };
}

const EULER_2023 = 'blocksec.com Euler Finance analysis; SunWeb3Sec/DeFiHackLabs src/test/2023-03/Euler_exp.sol';
const euler: readonly Check[] = [
  exact(
    'S3.sim-repay',
    'all 310.93 million eDAI cost 254.2 million at the largest discount of 0.2',
    EULER_2023,
    254.2,
    asPrinted(1),
    () => eulerOf().repaid,
  ),
  exact('S3.sim-residual', 'and leave 135.8 million of a debt of 390 million', EULER_2023, 135.8, asPrinted(1), () => eulerOf().left),
];

const B10: Loan = { collateral: 100, debt: 82, threshold: 0.8, bonus: 0.05 };

function toTarget(target: Ratio): Lent {
  return lent(B10.debt, B10.threshold, () => targetHealth.create(termsOf(targetHealth, { target }), undefined));
}

const target: readonly Check[] = [1, 1.05, 1.25].flatMap((health) => [
  exact(
    `B10.sim-repay-${health}`,
    `100 against 82 is repaid by (h·D − LT·C)/(h − LT·(1 + i)) to a target health of ${health}`,
    'derived; the same in aave/aave-v4 src/spoke/libraries/LiquidationLogic.sol',
    repayToReachHealth(B10, health),
    unitsWithin(1, DECIMALS),
    () => granted(toTarget(health).take('max')).repaid / TOKEN,
  ),
  exact(`B10.sim-health-${health}`, `and then has a health of ${health}`, 'derived', health, DIGITS, () => {
    const loan = toTarget(health);
    granted(loan.take('max'));
    return loan.protocol.health(loan.position, 0).healthFactor;
  }),
]);

const POOL_QUOTE = 100;

/** What an order brings at the bankruptcy price of a debt against 100, from a pool of 100 by 100 without a fee. */
function orderedOf(debt: Usd): Usd {
  const venues = (ledger: Ledger) => [
    constantProduct.create(
      { share: undefined, base: 0, quote: 1, fee: 0, baseReserve: POOL_QUOTE, quoteReserve: POOL_QUOTE },
      { name: 'pool', ledger, startPrice: () => 1 },
    ),
  ];
  const loan = lent(debt, 0.8, (needs) => venueOrder.create(termsOf(venueOrder, { takeoverBelow: 0 }), needs), { venues });
  granted(loan.protocol.startLiquidation(loan.kate, loan.position, 0));
  return debt - loan.protocol.debtOf(loan.position, loan.asset('USD')) / TOKEN;
}

const order: readonly Check[] = [90, 95].map((debt) =>
  exact(
    `B12.sim-order-${debt}`,
    `an order at the bankruptcy price of ${debt} against 100 clears what a bonus of 100/${debt} − 1 would of a pool of 100`,
    'derived: Y·i/(1 + i) with i = C/D − 1',
    largestClearable(POOL_QUOTE, 100 / debt - 1),
    // Where an order just brings β = D/C a unit, a unit that rounding takes moves what it brings by 1/(1 − β) units.
    unitsWithin(Math.round(100 / (100 - debt)), DECIMALS),
    () => orderedOf(debt),
  ),
);

/** Maker's terms for ETH-A at the start of Liquidations 2.0, and a market that stands still at 1. */
const MAKER: StairstepAuction = { buffer: 1.3, reference: 1, cut: 0.99, stepSeconds: 90 };
const TAIL_SECONDS = 8400;

interface Clipped {
  /** Price of the lot after so many seconds; undefined where it is no longer sold. */
  priceAt(seconds: number): number | undefined;
}

function clip(cusp: Ratio = 0.4): Clipped {
  const loan = lent(70, 0.66, (needs) => dutchAuction.create(termsOf(dutchAuction, { cusp, chop: 0 }), needs));
  const { protocol, kate, position, asset } = loan;
  granted(protocol.startLiquidation(kate, position, 0));
  const [lot] = protocol.liquidatable(0);
  return {
    priceAt(seconds) {
      const quote = protocol.quoteLiquidation(lot, asset('USD'), asset('ETH'), seconds * 1000);
      return 'rejected' in quote ? undefined : quote.repay / quote.seize;
    },
  };
}

/** The first whole second at which something holds of a lot's price. */
function firstSecond({ priceAt }: Clipped, holds: (price: number | undefined) => boolean): number {
  let seconds = 0;
  while (!holds(priceAt(seconds))) seconds += 1;
  return seconds;
}

/** A price is a quotient of whole units, the dearer side rounded up. */
const QUOTIENT = 1e-9;
const reaches = (part: Ratio) => firstSecond(clip(), (price) => price !== undefined && price <= part * (1 + QUOTIENT));
const resets = (cusp: Ratio) => firstSecond(clip(cusp), (price) => price === undefined);

const auction: readonly Check[] = [
  exact(
    'B17.sim-market',
    'a lot of the real protocol costs the market price after 27 steps, 2,430 s',
    CLIP,
    secondsToPrice(MAKER, 1),
    exactly,
    () => reaches(1),
  ),
  exact('B17.sim-market-95', '95 % of it after 2,880 s', CLIP, secondsToPrice(MAKER, 0.95), exactly, () => reaches(0.95)),
  exact('B17.sim-market-90', '90 % of it after 3,330 s', CLIP, secondsToPrice(MAKER, 0.9), exactly, () => reaches(0.9)),
  exact(
    'B17.sim-cusp',
    'and is not sold from 8,280 s on, by the cusp of 0.40',
    CLIP,
    secondsToReset(MAKER, TAIL_SECONDS, 0.4).seconds,
    exactly,
    () => resets(0.4),
  ),
  exact(
    'B17.sim-tail',
    'nor from 8,401 s on, by the tail, with a cusp of 0.35',
    CLIP,
    secondsToReset(MAKER, TAIL_SECONDS, 0.35).seconds,
    exactly,
    () => resets(0.35),
  ),
  exact('B17.sim-price', 'its price is buf·oracle·cut^⌊t/step⌋ all the way, at most so far off', CLIP, 0, DIGITS, () => {
    const lot = clip();
    let worst = 0;
    for (let seconds = 0; seconds < 8280; seconds += 45) {
      worst = Math.max(worst, Math.abs((lot.priceAt(seconds) ?? Number.NaN) / auctionPrice(MAKER, seconds) - 1));
    }
    return worst;
  }),
];

/** A lone bidder's single unit for a lot of 50 ETH: what is written off. */
function loneBid(): Usd {
  const ttl = 600_000;
  const loan = lent(70, 0.66, (needs) => englishAuction.create(termsOf(englishAuction, { lotMax: 50, ttl }), needs));
  const { protocol, kate, position } = loan;
  granted(protocol.startLiquidation(kate, position, 0));
  const [{ position: lot, lotMax }] = protocol.auctions(0);
  granted(protocol.bid(kate, lot, 1, lotMax, 0));
  protocol.endBlock(ttl);
  return loan.facts.find(({ kind }) => kind === 'shortfall')?.numbers[0] ?? Number.NaN;
}

const lone: readonly Check[] = [
  exact(
    'S6.sim-lone-bid',
    'a bid of one unit wins a lot of 50 of 100 if nobody else comes, and all of its debt of 35 but that unit is written off',
    'makerdao/dss src/flip.sol',
    35 - 1 / TOKEN,
    DIGITS,
    loneBid,
  ),
];

/** What the mechanisms are to obey, in the order of the claims' numbers. */
export const mechanismChecks: readonly Check[] = [...frontier, ...target, ...order, ...auction, ...euler, ...lone];
