/**
 * The real lending protocol, its ledger and, where collateral is sold, the real pool against the closed forms of liquidation at a fixed
 * bonus: the toxic frontier (B9), how much restores health (B10), the two-step liquidation (B11) and what a pool can clear (B12). Exact:
 * roundings to whole base units of 10^-9 are all that may differ.
 */
import { isRejection } from '../../base/rejection.ts';
import { type Ratio, type Tokens, toTokens, type Units, type Usd } from '../../base/units.ts';
import { constantProduct } from '../../market/constant-product.ts';
import { type Loan, largestClearable, repayToReachHealth, singleStepProfit, twoStepLiquidation } from '../closed-form/liquidation-size.ts';
import {
  constantProductSlippage,
  lossWhenFullySeized,
  ltvAfterRepay,
  slippageAwareFrontier,
  toxicFrontier,
} from '../closed-form/toxic-frontier.ts';
import { type Check, numberCheck } from './check.ts';
import { aLoan, granted, refusal } from './lending-world.ts';
import { absoluteWithin, exactly, relativeWithin, type Tolerance, unitsWithin } from './tolerance.ts';

type Lent = ReturnType<typeof aLoan>;

const DECIMALS = 9;
const FRONTIER_PAPER = 'arXiv 2212.07306';
const SLIPPAGE_PAPER = 'arXiv 2510.10171; first order in what is sold';
const TWO_STEPS = 'arXiv 2106.06389';
const BONUS = 0.05;

function exact(id: string, claim: string, source: string, expected: number, tolerance: Tolerance, got: () => number): Check {
  return numberCheck({ id, tier: 'exact', claim, source, expected, tolerance, got });
}

/** A loan of `debt` against 100 of collateral, and its loan-to-value at the marks. */
const lent = (debt: Usd): Lent => aLoan({ collateral: 100, debt, threshold: 0.75, bonus: BONUS });

function ltvOf({ protocol, position }: Lent): Ratio {
  const { debtUsd, collateralUsd } = protocol.health(position, 0);
  return debtUsd / collateralUsd;
}

function liquidate(loan: Lent, repay: Tokens): { readonly repaid: Units; readonly seized: Units } {
  return granted(loan.take(loan.units('USD', repay)));
}

/** A pool without a fee between the loan's assets, at the price of 1 that the loan has. */
function poolBeside(loan: Lent, quoteReserve: Tokens, fee: Ratio = 0) {
  return constantProduct.create(
    { share: undefined, base: loan.asset('ETH'), quote: loan.asset('USD'), fee, baseReserve: quoteReserve, quoteReserve },
    { name: 'pool', ledger: loan.ledger, startPrice: () => 1 },
  );
}

/** Where `below` ends to hold between two bounds: forty halvings leave a part in 10^12. */
function lastWhere(low: number, high: number, below: (value: number) => boolean): number {
  let [from, to] = [low, high];
  for (let halving = 0; halving < 40; halving += 1) {
    const middle = (from + to) / 2;
    if (below(middle)) from = middle;
    else to = middle;
  }
  return from;
}

/** Whether a liquidation of `repay` lowers the loan-to-value. */
function heals(debt: Usd, repay: Tokens): boolean {
  const loan = lent(debt);
  const before = ltvOf(loan);
  liquidate(loan, repay);
  return ltvOf(loan) < before;
}

/** The same where a pool of so much quote sets the mark, and what was seized is sold into it. */
function healsThrough(debt: Usd, repay: Tokens, quoteReserve: Tokens): boolean {
  const loan = lent(debt);
  const pool = poolBeside(loan, quoteReserve);
  const before = ltvOf(loan);
  const { seized } = liquidate(loan, repay);
  granted(pool.execute({ sell: loan.asset('ETH'), amount: seized }, loan.kate));
  loan.setPrice('ETH', pool.price());
  loan.protocol.refresh(0);
  return ltvOf(loan) < before;
}

const REPAY = 10;
const DIGITS = absoluteWithin(1e-9);

function ltvAfter(debt: Usd): Ratio {
  const loan = lent(debt);
  liquidate(loan, REPAY);
  return ltvOf(loan);
}

const frontier: readonly Check[] = [
  exact(
    'B9.protocol-falls',
    'a liquidation of 10 at an LTV of 0.90 lowers it to (D − d)/(C − (1 + i)·d)',
    FRONTIER_PAPER,
    ltvAfterRepay(100, 90, REPAY, BONUS),
    DIGITS,
    () => ltvAfter(90),
  ),
  exact(
    'B9.protocol-rises',
    'a liquidation of 10 at an LTV of 0.96 raises it to the same',
    FRONTIER_PAPER,
    ltvAfterRepay(100, 96, REPAY, BONUS),
    DIGITS,
    () => ltvAfter(96),
  ),
  exact(
    'B9.protocol-frontier',
    'the LTV up to which liquidations of 10 lower it is 1/(1 + i)',
    FRONTIER_PAPER,
    toxicFrontier(BONUS),
    DIGITS,
    () => lastWhere(90, 96, (debt) => heals(debt, REPAY)) / 100,
  ),
  exact(
    'B9.protocol-loss',
    'at 0.96 a full seizure reports a shortfall of D − C/(1 + i)',
    FRONTIER_PAPER,
    lossWhenFullySeized(100, 96, BONUS),
    unitsWithin(1, DECIMALS),
    () => {
      const loan = lent(96);
      granted(loan.take('max'));
      return loan.facts.find(({ kind }) => kind === 'shortfall')?.numbers[0] ?? Number.NaN;
    },
  ),
  exact(
    'B9.pool-frontier',
    'the frontier is 1/((1 + i)·(1 + 2c/Y)) where a pool of 1,000 marks 100 of collateral and buys the seized (0.001 repaid)',
    SLIPPAGE_PAPER,
    slippageAwareFrontier(BONUS, constantProductSlippage(100, 1000)),
    // The second order is at most 2·s/Y of it, s = 0.00105 sold; and s is rounded by a part in 10^6.
    relativeWithin(3.1e-6),
    () => lastWhere(77, 82, (debt) => healsThrough(debt, 0.001, 1000)) / 100,
  ),
];

const LOAN: Loan = { collateral: 100, debt: 82, threshold: 0.8, bonus: BONUS };
const CLOSE = 0.5;

/** Smallest repayment, in units, after which nothing more can be taken. */
function smallestHealing(): Units {
  let [low, high] = [12e9, 13e9];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const loan = aLoan(LOAN);
    granted(loan.take(middle));
    if (refusal(loan.take('max')) === 'NOT_LIQUIDATABLE') high = middle;
    else low = middle;
  }
  return high;
}

/** What Kate earns by taking so much after so much, all at a price of 1. */
function profitOf(takes: readonly (Units | 'max')[]): Tokens {
  const loan = aLoan(LOAN);
  const worth = () => loan.ledger.balance(loan.kate, loan.asset('ETH')) + loan.ledger.balance(loan.kate, loan.asset('USD'));
  const before = worth();
  for (const amount of takes) granted(loan.take(amount));
  return toTokens(worth() - before, DECIMALS);
}

const { first } = twoStepLiquidation(LOAN, CLOSE);
/** Units by which the first step stays short of health 1: one of rounded collateral is worth LT/(1 − LT·(1 + i)) = 5 of repayment. */
const SHORT: Units = 10;

const size: readonly Check[] = [
  exact(
    'B10.protocol-health',
    'a repayment of 12.5 brings the health of 82 against 100 (threshold 0.8, bonus 5 %) to 1',
    'derived',
    1,
    DIGITS,
    () => {
      const loan = aLoan(LOAN);
      liquidate(loan, repayToReachHealth(LOAN, 1));
      return loan.protocol.health(loan.position, 0).healthFactor;
    },
  ),
  exact(
    'B10.protocol-repay',
    'no smaller repayment ends its liquidation',
    'derived; one unit of collateral more is worth 5 of repayment',
    repayToReachHealth(LOAN, 1),
    unitsWithin(6, DECIMALS),
    () => toTokens(smallestHealing(), DECIMALS),
  ),
  exact(
    'B11.protocol-one-step',
    'one liquidation at close factor 0.5 earns 2.05',
    TWO_STEPS,
    singleStepProfit(LOAN, CLOSE),
    unitsWithin(1, DECIMALS),
    () => profitOf(['max']),
  ),
  exact(
    'B11.protocol-two-step',
    'two liquidations, the first of which leaves the account just liquidatable, earn 2.3625',
    `${TWO_STEPS}; two seizures rounded, the first ${SHORT} units short`,
    twoStepLiquidation(LOAN, CLOSE).profit,
    unitsWithin(3, DECIMALS),
    () => profitOf([Math.round(first * 1e9) - SHORT, 'max']),
  ),
  exact('B11.protocol-refusal', 'and after the whole of the first step there is no second (1 = refused)', TWO_STEPS, 1, exactly, () => {
    const loan = aLoan(LOAN);
    liquidate(loan, first);
    return Number(refusal(loan.take('max')) === 'NOT_LIQUIDATABLE');
  }),
];

const RESERVE = 1000;

/** What the sale of the seized brings beyond the repayment, tokens; everything is undone. */
function saleGain(loan: Lent, pool: ReturnType<typeof poolBeside>, repay: Tokens): Tokens {
  loan.journal.begin();
  const { repaid, seized } = liquidate(loan, repay);
  const sale = pool.execute({ sell: loan.asset('ETH'), amount: seized }, loan.kate);
  loan.journal.undo();
  return isRejection(sale) ? Number.NaN : toTokens(sale.bought - repaid, DECIMALS);
}

const clearing: readonly Check[] = [0, 0.003].flatMap((fee) => {
  const most = largestClearable(RESERVE, BONUS, fee);
  const stage = () => {
    const loan = aLoan({ collateral: 200, debt: 180, threshold: 0.8, bonus: BONUS }, { terms: { closeFactor: 1 } });
    return { loan, pool: poolBeside(loan, RESERVE, fee) };
  };
  const says = `a pool of 1,000 with a fee of ${100 * fee} %, bonus 5 %`;
  // At the largest size the gain falls by 1 − 1/g for each unit of repayment, so a unit of rounding moves that size by g/(g − 1).
  const factor = (1 + BONUS) * (1 - fee);
  const roundings = Math.ceil((3 * factor) / (factor - 1));
  return [
    exact(
      `B12.pool-proceeds-${fee}`,
      `${says}: at a liquidation of ${most.toFixed(3)} the proceeds are the repayment`,
      'derived',
      most,
      unitsWithin(3, DECIMALS),
      () => {
        const { loan, pool } = stage();
        return most + saleGain(loan, pool, most);
      },
    ),
    exact(`B12.pool-clears-${fee}`, `${says}: above it they are less`, 'derived', most, unitsWithin(roundings, DECIMALS), () => {
      const { loan, pool } = stage();
      return lastWhere(1, 100, (repay) => saleGain(loan, pool, repay) >= 0);
    }),
  ];
});

/** Liquidations through the real protocol, ledger and pool. */
export const simulatedLendingChecks: readonly Check[] = [...frontier, ...size, ...clearing];
