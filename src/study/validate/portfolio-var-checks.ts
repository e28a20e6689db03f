/**
 * Portfolio margin over simulated days (B27): how often a day loses more than the engine asked for the day before, told of nothing but
 * marks by `observe`. Expected is what a separate program derived for the method and estimator (`value-at-risk-derived.ts`); a portfolio of
 * two assets whose covariance has the same weights as their volatilities is one asset whose return is the sum's: the same holds for it.
 */
import { exp } from '../../base/elementary.ts';
import { fault } from '../../base/fault.ts';
import { normalQuantile } from '../../base/normal.ts';
import { type Random, randomFrom } from '../../base/random.ts';
import { type AccountsView, type Market, NO_CONTRACTS } from '../../protocol/accounts-view.ts';
import { type PortfolioVarTerms, portfolioVar } from '../../protocol/risk/portfolio-var.ts';
import { blankHealth } from '../../protocol/risk/risk-engine.ts';
import { type Check, SAMPLE_LEVEL } from './check.ts';
import { PLAIN_MARKET } from './lending-world.ts';
import { plainNeeds } from './plain-needs.ts';
import { garchReturns, gaussianReturns, type Returns, studentReturns } from './simulated-returns.ts';
import { BACKTEST_DAYS, BACKTEST_SEED, type DataKind, type EstimatorKind, LEAD_DAYS, type MethodKind } from './value-at-risk-backtest.ts';
import { DERIVED_HISTORIES, type Derived, derivedBacktests } from './value-at-risk-derived.ts';

const DAY = 86_400_000;
const HISTORIES = 3;
/** Half-width of a 99.9 % interval, in standard errors. */
const HALF = normalQuantile((1 + SAMPLE_LEVEL) / 2);
/** Deviation of a day's log-return: so small that e^r − 1 is r to the fourth digit, and a derived count of log-returns holds for prices. */
const SCALE = 1e-4;

/** What of an engine's terms the derivation fixes: a day, 99 %, the last 499 days, an EWMA at 0.94. */
export const BACKTEST_TERMS: PortfolioVarTerms = {
  method: 'historical',
  measure: 'value-at-risk',
  confidence: 0.99,
  horizon: DAY,
  interval: DAY,
  estimator: 'ewma',
  lambda: 0.94,
  window: 500,
  mode: 'dynamic',
  prior: 0.01,
  priors: {},
  floor: 0,
  stressedWeight: 0,
  stress: 2,
  correlation: undefined,
  correlationLambda: 0.94,
  scenarios: 499,
  degrees: undefined,
  valuation: undefined,
  minimum: 0,
  initialFactor: 1,
  draw: 1,
};

/** Units of each asset, those that are owed negative. */
type Book = readonly number[];

function marketsOf(book: Book): readonly Market[] {
  return book.map((_, index) => ({
    index,
    asset: index,
    name: `asset ${index}`,
    decimals: 0,
    scale: 1,
    params: { ...PLAIN_MARKET, ltv: 1, liquidationThreshold: 1 },
  }));
}

function accountOf(book: Book, markets: readonly Market[]): AccountsView {
  const owed = (market: number) => Math.max(0, -book[market]);
  return {
    ...NO_CONTRACTS,
    markets,
    positions: 1,
    collateral: (_, market) => Math.max(0, book[market]),
    debt: (_, market) => owed(market),
    debtShares: (_, market) => owed(market),
    totalDebt: owed,
    totalDebtShares: owed,
    debtIndex: () => 1,
  };
}

/**
 * Days of the last BACKTEST_DAYS on which the book lost more than was asked of it the day before.
 *
 * @param draw  log-returns of the next day, one for each asset, in deviations
 */
export function engineExceedances(terms: PortfolioVarTerms, book: Book, draw: () => readonly number[]): number {
  const markets = marketsOf(book);
  const account = accountOf(book, markets);
  const engine = portfolioVar.create(terms, plainNeeds(markets, { stateOf: (contract) => fault('BACKTEST_CONTRACT', { contract }) }));
  const marks = new Float64Array(book.length).fill(1);
  const health = blankHealth();
  let count = 0;
  for (let day = 0; day < LEAD_DAYS + BACKTEST_DAYS; day++) {
    engine.observe?.(marks, day * DAY, []);
    const { equity, required } = engine.assess(account, 0, marks, 'maintenance', health);
    const before = equity;
    const moves = draw();
    for (let asset = 0; asset < marks.length; asset++) marks[asset] *= exp(SCALE * moves[asset]);
    const after = engine.assess(account, 0, marks, 'maintenance', health).equity;
    if (day >= LEAD_DAYS && before - after > required) count += 1;
  }
  return count;
}

interface Backtest {
  readonly id: string;
  readonly words: string;
  readonly method: PortfolioVarTerms['method'];
  readonly derived: Derived;
  readonly book: Book;
  readonly draw: (random: Random) => () => readonly number[];
}

function derivedOf(data: DataKind, method: MethodKind, estimator?: EstimatorKind): Derived {
  const row = derivedBacktests.find((other) => other.data === data && other.method === method && other.estimator === estimator);
  return row ?? fault('BACKTEST_DERIVED', { data, method, estimator });
}

const one = (returns: (random: Random) => Returns) => (random: Random) => {
  const next = returns(random);
  return () => [next()];
};
/** Two normal returns of correlation 0.6. */
const pair = (random: Random) => () => {
  const shared = random.normal();
  return [shared, 0.6 * shared + 0.8 * random.normal()];
};

/** Units of a collateral or debt: so many that rounding to whole ones means nothing. */
const MANY = 1e9;
const backtests: readonly Backtest[] = [
  {
    id: 'delta-normal',
    words: 'a collateral with normal returns, delta-normal',
    method: 'delta-normal',
    derived: derivedOf('gaussian', 'delta-normal', 'ewma-94'),
    book: [MANY],
    draw: one(gaussianReturns),
  },
  {
    id: 'portfolio',
    words: 'a collateral and a debt with normal returns of correlation 0.6, delta-normal',
    method: 'delta-normal',
    derived: derivedOf('gaussian', 'delta-normal', 'ewma-94'),
    book: [MANY, -0.8 * MANY],
    draw: pair,
  },
  {
    id: 'historical',
    words: 'a debt with t returns, historical',
    method: 'historical',
    derived: derivedOf('t4', 'historical'),
    book: [-MANY],
    draw: one((random) => studentReturns(random, 4)),
  },
  {
    id: 'filtered-historical',
    words: 'a collateral with GARCH returns, filtered historical',
    method: 'filtered-historical',
    derived: derivedOf('garch-data', 'filtered', 'ewma-94'),
    book: [MANY],
    draw: one((random) => garchReturns(random, 0.08, 0.9)),
  },
];

function checkOf({ id, words, method, derived: { mean, sd }, book, draw }: Backtest): Check {
  const half = HALF * sd * Math.sqrt(1 / HISTORIES + 1 / DERIVED_HISTORIES);
  return {
    id: `B27.engine-${id}`,
    tier: 'monte-carlo',
    claim: `of ${BACKTEST_DAYS} days ${mean} lose more than 99 % portfolio margin asked the day before: ${words}`,
    source: `derived: ${DERIVED_HISTORIES} histories of a separate program`,
    tolerance: `±${half.toFixed(1)} in the mean of ${HISTORIES} histories`,
    run() {
      const counts = Array.from({ length: HISTORIES }, (_, history) =>
        engineExceedances({ ...BACKTEST_TERMS, method }, book, draw(randomFrom(BACKTEST_SEED + history, `engine/${id}`))),
      );
      const got = counts.reduce((sum, count) => sum + count, 0) / HISTORIES;
      return { expected: mean, got: `${got.toFixed(1)} (${counts.join(' ')})`, pass: Math.abs(got - mean) <= half };
    },
  };
}

/** Backtests of the engine. */
export const portfolioVarChecks: readonly Check[] = backtests.map(checkOf);
