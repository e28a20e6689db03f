/**
 * What it costs to know who can be liquidated: a check that finds nobody must not depend on how many positions there are; a check with hits
 * costs by the hits; a changed position costs its place in the index. The full scan of columns runs beside it.
 */
import { randomFrom } from '../../src/base/random.ts';
import { Journal } from '../../src/ledger/journal.ts';
import { Accounts } from '../../src/protocol/accounts.ts';
import type { Market } from '../../src/protocol/accounts-view.ts';
import { createNear, type Near } from '../../src/protocol/liquidation/near.ts';
import { blankHealth } from '../../src/protocol/risk/risk-engine.ts';
import { staticRisk } from '../../src/protocol/risk/static.ts';
import { PLAIN_MARKET } from '../../src/study/validate/lending-world.ts';
import { atLeast, atMost, type BenchRow, fasterRow, interleave, type Timing, timeRow } from './harness.ts';

const ETH = 0;
const USD = 1;
/** A round of a tenth of a second or so: of five thousandths, one interruption is a large part. */
const CHECKS = 3_000_000;
const UPDATES = 500_000;
/** Of the positions, found by the check with hits. */
const HIT_SHARE = 0.001;

const MARKETS: readonly Market[] = [0.8, 0].map((liquidationThreshold, index) => ({
  index,
  asset: index,
  name: index === ETH ? 'ETH' : 'USD',
  decimals: 6,
  scale: 1e6,
  params: { ...PLAIN_MARKET, liquidationThreshold },
}));

interface Crowd {
  readonly accounts: Accounts;
  readonly near: Near;
  readonly marks: Float64Array;
  /** A price of ETH at which HIT_SHARE of the positions can be liquidated. */
  readonly hitMark: number;
}

/** `count` loans of USD against ETH with healths from 1.001 to 2 at a price of 1. */
function crowd(count: number): Crowd {
  const accounts = new Accounts(MARKETS, new Journal());
  const random = randomFrom(count);
  const near = createNear(
    accounts,
    staticRisk.create({}, undefined),
    () => 1,
    () => false,
  );
  const healths: number[] = [];
  for (let owner = 1; owner <= count; owner++) {
    const position = accounts.open(owner);
    const health = 1.001 + 0.999 * random.uniform();
    healths.push(health);
    const debt = Math.floor(800_000 / health);
    accounts.addCollateral(position, ETH, 1_000_000);
    accounts.addDebtShares(position, USD, debt);
    accounts.addTotal(accounts.debtTotal, USD, debt);
    accounts.addTotal(accounts.debtSharesTotal, USD, debt);
    near.touch(position);
  }
  const marks = new Float64Array([1e-6, 1e-6]);
  near.find(marks);
  const nth = healths.sort((a, b) => a - b)[Math.max(1, Math.floor(count * HIT_SHARE))];
  return { accounts, near, marks, hitMark: 1e-6 / nth };
}

/** Prices wander, nobody comes near. */
function checkWithoutHits({ near, marks }: Crowd): number {
  let found = 0;
  for (let i = 0; i < CHECKS; i++) {
    marks[ETH] = 1e-6 + (i % 7) * 1e-12;
    found += near.find(marks).length;
  }
  if (found > 0) throw new Error(`${found} found where nobody is near`);
  return CHECKS;
}

function checkWithHits({ near, marks, hitMark }: Crowd, checks: number): number {
  let found = 0;
  for (let i = 0; i < checks; i++) {
    marks[ETH] = hitMark * (1 - (i % 7) * 1e-9);
    found += near.find(marks).length;
  }
  if (found === 0) throw new Error('nobody found');
  marks[ETH] = 1e-6;
  return checks;
}

/** What the check would be without an index: the risk engine asked about everybody. */
function assessAll({ accounts, hitMark }: Crowd, scans: number): number {
  const risk = staticRisk.create({}, undefined);
  const marks = new Float64Array([hitMark, 1e-6]);
  const health = blankHealth();
  let found = 0;
  for (let i = 0; i < scans; i++) {
    for (let position = 0; position < accounts.positions; position++) {
      if (risk.assess(accounts, position, marks, 'maintenance', health).liquidatable) found++;
    }
  }
  if (found === 0) throw new Error('nobody found');
  return scans;
}

/** The fastest scan there is: one product and one comparison a position, for one pair of markets, no engine. */
function scan({ accounts, hitMark }: Crowd, scans: number): number {
  const { holdings } = accounts;
  const index = accounts.debtIndex(USD);
  let found = 0;
  for (let i = 0; i < scans; i++) {
    const counted = hitMark * 0.8;
    for (let position = 0; position < accounts.positions; position++) {
      if (holdings.data[position * 4 + 2 * ETH] * counted < holdings.data[position * 4 + 2 * USD + 1] * index * 1e-6) found++;
    }
  }
  if (found === 0) throw new Error('nobody found');
  return scans;
}

/** A position changes its collateral and is placed anew. */
function update({ accounts, near, marks }: Crowd): number {
  for (let i = 0; i < UPDATES; i++) {
    const position = (i * 7919) % accounts.positions;
    accounts.addCollateral(position, ETH, i % 2 === 0 ? 10_000 : 5_000);
    near.touch(position);
    near.find(marks);
  }
  return UPDATES;
}

const per = (name: string, timing: Timing, note?: string) => timeRow(name, 'ns', 1, timing, note);
const ratio = (name: string, large: Timing, small: Timing) => fasterRow(name, '×', small, large);

export function liquidationCheckBench(): BenchRow[] {
  const crowds = { thousand: crowd(1e3), tenThousand: crowd(1e4), hundredThousand: crowd(1e5), million: crowd(1e6) };
  const quiet = interleave({
    thousand: () => checkWithoutHits(crowds.thousand),
    tenThousand: () => checkWithoutHits(crowds.tenThousand),
    hundredThousand: () => checkWithoutHits(crowds.hundredThousand),
    million: () => checkWithoutHits(crowds.million),
  });
  const busy = interleave({
    check: () => checkWithHits(crowds.hundredThousand, 2_000),
    scan: () => scan(crowds.hundredThousand, 50),
    assessAll: () => assessAll(crowds.hundredThousand, 5),
  });
  const updates = interleave({ tenThousand: () => update(crowds.tenThousand), hundredThousand: () => update(crowds.hundredThousand) });
  return [
    per('check, nobody near, 10³ positions', quiet.thousand),
    per('check, nobody near, 10⁴ positions', quiet.tenThousand),
    per('check, nobody near, 10⁵ positions', quiet.hundredThousand),
    atMost(per('check, nobody near, 10⁶ positions', quiet.million), 100),
    atMost(ratio('check, nobody near: 10⁶ against 10³', quiet.million, quiet.thousand), 1.5),
    per('check, 100 of 10⁵ found', busy.check, 'each confirmed by the risk engine'),
    per('risk engine asked about all 10⁵', busy.assessAll),
    atLeast(fasterRow('check with hits against asking about all', '×', busy.check, busy.assessAll), 30),
    per('bare scan of columns, 10⁵ positions', busy.scan, 'finds the same, for this pair of markets alone'),
    fasterRow('check with hits against the bare scan', '×', busy.check, busy.scan),
    atMost(per('position update and check, 10⁵ positions', updates.hundredThousand), 300),
    atMost(ratio('position update: 10⁵ against 10⁴', updates.hundredThousand, updates.tenThousand), 2),
  ];
}
