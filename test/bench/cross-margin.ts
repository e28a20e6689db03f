/**
 * Cross margin at size: 10⁵ accounts with four perpetuals each behind one pot of cash, while prices wander as in a quiet hour. An account
 * is looked at when a price has used up its cushion, so a tick costs by those few and not by all. Asking everybody runs beside it.
 */
import { type Random, randomFrom } from '../../src/base/random.ts';
import { Journal } from '../../src/ledger/journal.ts';
import { Accounts } from '../../src/protocol/accounts.ts';
import type { Market } from '../../src/protocol/accounts-view.ts';
import { perpetual } from '../../src/protocol/instrument/perpetual.ts';
import { createNear, type Near } from '../../src/protocol/liquidation/near.ts';
import { createCross, crossParams } from '../../src/protocol/risk/cross.ts';
import { blankHealth, type RiskEngine } from '../../src/protocol/risk/risk-engine.ts';
import { PLAIN_PERPETUAL } from '../../src/study/validate/contract-world.ts';
import { PLAIN_MARKET } from '../../src/study/validate/lending-world.ts';
import { plainNeeds } from '../../src/study/validate/plain-needs.ts';
import { defaultsOf } from '../support/part-defaults.ts';
import { atLeast, type BenchRow, fasterRow, figureRow, interleave, timeRow } from './harness.ts';

const ACCOUNTS = 100_000;
const CONTRACTS = 4;
const SETTLE = CONTRACTS;
/** Log-return of a tick: 12 s at a volatility of 0.8 a year. */
const TICK_DEVIATION = 0.8 * Math.sqrt(12 / (365 * 86_400));
const QUIET_TICKS = 500;

const MARKETS: readonly Market[] = Array.from({ length: CONTRACTS + 1 }, (_, index) => ({
  index,
  asset: index,
  name: index === SETTLE ? 'USD' : `asset ${index}`,
  decimals: 6,
  scale: 1e6,
  params: { ...PLAIN_MARKET, liquidationThreshold: 0 },
}));

const PERPETUAL = { ...PLAIN_PERPETUAL, initial: 0.1, maintenance: 0.05 };
const BOOKS = MARKETS.slice(0, CONTRACTS).map(({ name, index }) =>
  perpetual.create(PERPETUAL, { name, market: index, decimals: 6, surface: { volatility: () => 0.8 } }),
);

interface Crowd {
  readonly accounts: Accounts;
  readonly near: Near;
  readonly risk: RiskEngine;
  readonly marks: Float64Array;
  /** Log-distance of each price from where it began. */
  readonly away: number[];
  readonly random: Random;
}

/** Longs and shorts of up to 10,000 tokens at a price of 1, at leverages from 1 to 10, the most that the initial margin allows. */
function crowd(): Crowd {
  const accounts = new Accounts(MARKETS, new Journal(), BOOKS, SETTLE);
  const random = randomFrom(7);
  const risk = createCross(defaultsOf(crossParams), plainNeeds(MARKETS, { contracts: BOOKS, settle: SETTLE }));
  const near = createNear(
    accounts,
    risk,
    () => 1,
    () => false,
  );
  for (let owner = 1; owner <= ACCOUNTS; owner++) {
    const position = accounts.open(owner);
    let gross = 0;
    let paid = 0;
    for (let contract = 0; contract < CONTRACTS; contract++) {
      const size = Math.round((2 * random.uniform() - 1) * 1e10) || 1;
      accounts.sizeOf.data[position * CONTRACTS + contract] = size;
      accounts.entryOf.data[position * CONTRACTS + contract] = size;
      gross += Math.abs(size);
      paid += size;
    }
    accounts.quoteOf.data[position] = Math.round(gross / (1 + 9 * random.uniform())) - paid;
    near.touch(position);
  }
  const marks = new Float64Array(MARKETS.length + CONTRACTS).fill(1e-6);
  near.find(marks);
  return { accounts, near, risk, marks, away: Array.from({ length: CONTRACTS }, () => 0), random };
}

function move({ marks, away, random }: Crowd): void {
  for (let market = 0; market < CONTRACTS; market++) {
    away[market] += TICK_DEVIATION * random.normal();
    marks[market] = 1e-6 * Math.exp(away[market]);
    marks[MARKETS.length + market] = marks[market];
  }
}

function byIndex(all: Crowd): number {
  for (let tick = 0; tick < QUIET_TICKS; tick++) {
    move(all);
    all.near.find(all.marks);
  }
  return QUIET_TICKS;
}

function byScan(all: Crowd): number {
  const { accounts, risk, marks } = all;
  const health = blankHealth();
  let below = 0;
  for (let position = 0; position < accounts.positions; position++) {
    if (risk.assess(accounts, position, marks, 'maintenance', health).healthFactor < 1) below++;
  }
  // The index finds the same.
  const found = all.near.find(marks).length;
  if (below !== found) throw new Error(`${below} by the scan, ${found} by the index`);
  return 1;
}

export function crossMarginBench(): BenchRow[] {
  const all = crowd();
  const before = { looks: all.near.looks, questions: all.near.questions };
  const timed = interleave({ index: () => byIndex(all), scan: () => byScan(all) });
  const looks = all.near.looks - before.looks;
  const questions = all.near.questions - before.questions;
  return [
    timeRow('quiet tick, 10⁵ accounts of 4 positions', 'ns', 1, timed.index, 'the four prices move, all marks'),
    timeRow('all 10⁵ accounts assessed', 'ns', 1, timed.scan),
    atLeast(fasterRow('index against assessing all, quiet tick', '×', timed.index, timed.scan), 30),
    figureRow('accounts looked at in a tick', '%', (100 * looks) / questions / ACCOUNTS, 'their cushion was used up'),
  ];
}
