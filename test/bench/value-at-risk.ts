/**
 * What portfolio margin costs: an account of eight assets assessed on 499 past hours, through the engine and the real books; by method;
 * what an hour's new estimates cost, and everybody's place in the index by them; and how many accounts a quiet block has to look at.
 */
import { years } from '../../src/base/params.ts';
import { randomFrom } from '../../src/base/random.ts';
import { Journal } from '../../src/ledger/journal.ts';
import { Accounts } from '../../src/protocol/accounts.ts';
import { createNear, type Near } from '../../src/protocol/liquidation/near.ts';
import { type PortfolioVarTerms, portfolioVar } from '../../src/protocol/risk/portfolio-var.ts';
import { blankHealth, type RiskEngine } from '../../src/protocol/risk/risk-engine.ts';
import { staticRisk } from '../../src/protocol/risk/static.ts';
import { plainNeeds } from '../../src/study/validate/plain-needs.ts';
import { handMarkets, portfolioTerms } from '../support/portfolio-var.ts';
import { atLeast, type BenchRow, figureRow, interleave, rateRow, type Timing, timeRow } from './harness.ts';

const ASSETS = 8;
const COLLATERALS = 5;
const ACCOUNTS = 1000;
const SWEEPS = 20;
const HOUR = 3_600_000;
const BLOCK = 12_000;
const BLOCKS = 250;
const VOLATILITY = 0.8;
/** Assessments per second, in thousands, that a thousand accounts checked in every block of 20 ms need. */
const GOAL = 50;

const MARKETS = handMarkets(...Array.from({ length: ASSETS }, (_, asset) => `asset ${asset}`));

/** Accounts with five collaterals and debts in the other three markets; their equity is 10 % to 50 % of what they have. */
function crowd(): Accounts {
  const accounts = new Accounts(MARKETS, new Journal());
  const random = randomFrom(1, 'bench/portfolio');
  for (let owner = 1; owner <= ACCOUNTS; owner++) {
    const position = accounts.open(owner);
    const first = random.integer(ASSETS);
    const held = Array.from({ length: COLLATERALS }, () => 100_000 + random.integer(900_000));
    const debt = held.reduce((sum, units) => sum + units, 0) * (0.5 + 0.4 * random.uniform());
    for (let i = 0; i < ASSETS; i++) {
      const market = (first + i) % ASSETS;
      if (i < COLLATERALS) accounts.addCollateral(position, market, held[i]);
      else {
        const owed = Math.floor(debt / (ASSETS - COLLATERALS));
        accounts.addDebtShares(position, market, owed);
        accounts.addTotal(accounts.debtTotal, market, owed);
        accounts.addTotal(accounts.debtSharesTotal, market, owed);
      }
    }
  }
  return accounts;
}

/** An engine that has seen 500 hours of prices that move together, and a way to give it one more. */
function trained(terms: Partial<PortfolioVarTerms>) {
  const engine = portfolioVar.create(portfolioTerms({ prior: VOLATILITY, ...terms }), plainNeeds(MARKETS));
  const random = randomFrom(2, 'bench/prices');
  const marks = new Float64Array(ASSETS).fill(1e-6);
  let at = 0;
  const step = (span: number) => {
    const deviation = VOLATILITY * Math.sqrt(years(span));
    const shared = random.normal();
    for (let asset = 0; asset < ASSETS; asset++) marks[asset] *= Math.exp(deviation * (0.7 * shared + 0.7 * random.normal()));
    at += span;
    engine.observe?.(marks, at, []);
  };
  for (let hour = 0; hour <= 500; hour++) step(HOUR);
  return { engine, marks, step };
}

function assessAll(accounts: Accounts, engine: RiskEngine, marks: Float64Array): number {
  const health = blankHealth();
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let position = 0; position < ACCOUNTS; position++) engine.assess(accounts, position, marks, 'maintenance', health);
  }
  return SWEEPS * ACCOUNTS;
}

const thousands = (name: string, timing: Timing, note?: string) => rateRow(name, 'k/s', 1e3, timing, note);
const micros = (name: string, timing: Timing, note?: string) => timeRow(name, 'µs', 1e3, timing, note);

function nearOf(accounts: Accounts, engine: RiskEngine): Near {
  const near = createNear(
    accounts,
    engine,
    () => 1,
    () => false,
  );
  for (let position = 0; position < ACCOUNTS; position++) near.touch(position);
  return near;
}

/** Share of accounts that a block looks at while estimates stay what they are. */
function touchedShare(accounts: Accounts): number {
  const { engine, marks, step } = trained({ interval: 700 * HOUR });
  const near = nearOf(accounts, engine);
  marks.fill(1e-6);
  near.find(marks);
  const before = near.looks;
  for (let block = 0; block < BLOCKS; block++) {
    step(BLOCK);
    near.find(marks);
  }
  return (near.looks - before) / (BLOCKS * ACCOUNTS);
}

export function valueAtRiskBench(): BenchRow[] {
  const accounts = crowd();
  const past = trained({ method: 'historical' });
  const filtered = trained({});
  const normal = trained({ method: 'delta-normal' });
  const shortfall = trained({ measure: 'expected-shortfall', confidence: 0.975 });
  const marks = new Float64Array(ASSETS).fill(1e-6);
  const at = (engine: RiskEngine) => () => assessAll(accounts, engine, marks);
  const assessed = interleave({
    past: at(past.engine),
    filtered: at(filtered.engine),
    shortfall: at(shortfall.engine),
    normal: at(normal.engine),
    fixed: at(staticRisk.create({}, undefined)),
  });
  const hourly = trained({});
  const near = nearOf(accounts, hourly.engine);
  const placed = interleave({
    anew() {
      hourly.step(HOUR);
      hourly.marks.fill(1e-6);
      near.find(hourly.marks);
      return ACCOUNTS;
    },
  });
  const renewed = interleave({
    past: () => hours(past.step),
    filtered: () => hours(filtered.step),
    normal: () => hours(normal.step),
  });
  return [
    atLeast(thousands('accounts, historical, 8 assets, 499 scenarios', assessed.past), GOAL),
    atLeast(thousands('accounts, filtered historical', assessed.filtered), GOAL),
    thousands('accounts, expected shortfall at 97.5 %', assessed.shortfall),
    thousands('accounts, delta-normal', assessed.normal),
    thousands('accounts, static', assessed.fixed, 'for comparison'),
    micros('estimates of 8 assets renewed, historical', renewed.past, 'once an interval, whatever the number of accounts'),
    micros('estimates renewed, filtered historical', renewed.filtered),
    micros('estimates renewed, delta-normal', renewed.normal),
    micros('an account placed anew in the index', placed.anew, 'once an interval each, estimates included'),
    figureRow(
      'accounts looked at in a quiet block',
      '%',
      100 * touchedShare(accounts),
      'between two estimates; volatility 0.8, blocks of 12 s',
    ),
  ];
}

function hours(step: (span: number) => void): number {
  for (let hour = 0; hour < 50; hour++) step(HOUR);
  return 50;
}
