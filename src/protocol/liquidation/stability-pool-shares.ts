/**
 * The books of a stability pool: deposits of the debt's asset that cancel the debt of liquidated positions, all in proportion, and receive
 * their collateral in the same proportion, without a loop over depositors. Moves no money; payouts are whole units rounded down, and what
 * rounding leaves stays in the pool.
 *
 * Liquity keeps a product P of what each offset left and a sum S of what it gave, with a scale and an epoch. In float64 P would lose an
 * ulp at each offset for good. Here deposits are shares of a whole total, as lenders' are of supply, so that an offset only lowers the
 * total and nothing drifts; collateral per share is an index in three whole numbers: units, parts of 2^-52, and parts of those. Where the
 * pool is emptied (Liquity's epoch) or shares become too many to count (its scale), an *era* ends: its index is kept, and shares are cut
 * to nothing or halved so often that they fit.
 *
 *   deposit of a holder   ⌊shares·deposits/all shares⌋           a share is never worth more than a unit
 *   gain of a holder      Σ over eras ⌊shares·(index at the end − index when entered)⌋
 *
 * Source: liquity/dev packages/contracts/contracts/StabilityPool.sol; R. Pardoe, Scaling Liquity's Stability Pool (liquity.org, 2020).
 */
import { type Column, column, growColumn } from '../../base/columns.ts';
import { mulDivDown, mulDivUp } from '../../base/exact.ts';
import { mulMod } from '../../base/exact-remainder.ts';
import { fault } from '../../base/fault.ts';
import { type Rejection, reject } from '../../base/rejection.ts';
import type { Units } from '../../base/units.ts';
import type { SetCell } from './set-cell.ts';

/** Parts of a unit of an index, and of such a part. */
const PARTS = 2 ** 52;
/** Whole numbers of an index. */
const LIMBS = 3;
/**
 * A gain so near below a whole unit counts as whole: that is what rounding took from the index, at most 2^-52 of a unit at each offset for
 * all shares together. What is paid too much in this way is less than a unit in 2^32 settlings, so payouts, being whole, never exceed what
 * is held.
 */
const NEAR = 2 ** -32;
/** Most shares. */
const SHARES_MAX = 2 ** 52;
/** Most units deposited: leaves room for halved shares to be no fewer than units. */
const DEPOSITS_MAX = 2 ** 51;

/** Cells of `totals`. */
const DEPOSITS = 0;
const SHARES = 1;
const ERA = 2;
/** The index at the beginning of an era. */
const ZERO = column(LIMBS);

/** One pool; holders and collateral markets are dense numbers. */
export interface StabilityPool {
  /** Collateral markets. */
  readonly markets: number;
  /** Units deposited, shares of them, number of the era. */
  readonly totals: Column;
  /** By market: collateral the pool holds. */
  readonly held: Column;
  /** By 3·market: collateral per share in this era. */
  readonly index: Column;
  /** By holder. */
  readonly sharesOf: Column;
  readonly eraOf: Column;
  /** By 3·(holder·markets + market): the index when the holder last settled. */
  readonly enteredOf: Column;
  /** By holder·markets + market: gains settled and not claimed. */
  readonly gainOf: Column;
  /** By era·(1 + 3·markets): what its end left of each share, and its last index. */
  readonly ended: Column;
}

/**
 * An empty pool. What it keeps over what it owes: of n holders, halving cuts off fewer than n shares an era, which are nobody's from then
 * on; they cancel debt and receive collateral like others, and stay. So with e eras begun by halving, deposits exceed the sum of all
 * holders' by less than n·(1 + e) units; and a collateral exceeds the sum of all gains by what is nobody's and less than a unit for each
 * settling of a holder and each era it passed. It never falls short.
 */
export function createStabilityPool(markets: number): StabilityPool {
  return {
    markets,
    totals: column(3),
    held: column(markets),
    index: column(LIMBS * markets),
    sharesOf: column(0),
    eraOf: column(0),
    enteredOf: column(0),
    gainOf: column(0),
    ended: column(0),
  };
}

/** All units deposited. */
export function poolDeposits(pool: StabilityPool): Units {
  return pool.totals.data[DEPOSITS];
}

/** What offsets have left of a holder's deposits, rounded down. */
export function depositDown(pool: StabilityPool, holder: number): Units {
  const shares = sharesNow(pool, holder);
  return shares === 0 ? 0 : mulDivDown(shares, pool.totals.data[DEPOSITS], pool.totals.data[SHARES]);
}

/** Collateral of `market` that a holder has gained and not claimed, rounded down. */
export function gainDown(pool: StabilityPool, holder: number, market: number): Units {
  if (!isKnown(pool, holder)) return 0;
  const cell = holder * pool.markets + market;
  const width = eraWidth(pool);
  let gain = pool.gainOf.data[cell];
  let shares = pool.sharesOf.data[holder];
  let entered = pool.enteredOf;
  let from = LIMBS * cell;
  for (let era = pool.eraOf.data[holder]; shares > 0 && era < pool.totals.data[ERA]; era++) {
    gain += portionDown(shares, pool.ended, era * width + 1 + LIMBS * market, entered, from);
    shares = Math.floor(shares * pool.ended.data[era * width]);
    entered = ZERO;
    from = 0;
  }
  return gain + portionDown(shares, pool.index, LIMBS * market, entered, from);
}

/** Adds to a holder's deposit. AMOUNT where it is no positive whole number, POOL_FULL beyond 2^51 units in all. */
export function addDeposit(pool: StabilityPool, holder: number, units: Units, set: SetCell): Rejection | undefined {
  const { totals } = pool;
  if (!(units > 0 && Number.isSafeInteger(units))) return reject('AMOUNT', { amount: units });
  const deposits = totals.data[DEPOSITS];
  if (deposits + units > DEPOSITS_MAX) return reject('POOL_FULL', { room: DEPOSITS_MAX - deposits });
  growHolder(pool, holder);
  halveShares(pool, units, set);
  settle(pool, holder, set);
  const shares = totals.data[SHARES];
  const minted = deposits === 0 ? units : mulDivDown(units, shares, deposits);
  set(totals, DEPOSITS, deposits + units);
  set(totals, SHARES, shares + minted);
  set(pool.sharesOf, holder, pool.sharesOf.data[holder] + minted);
  return undefined;
}

/** Takes `units` of a holder's deposit, 'max' for all; answers how many. AMOUNT, DEPOSIT_NONE, DEPOSIT_SHORT. */
export function takeDeposit(pool: StabilityPool, holder: number, units: Units | 'max', set: SetCell): Units | Rejection {
  const { totals } = pool;
  const deposit = depositDown(pool, holder);
  if (deposit === 0) return reject('DEPOSIT_NONE');
  const taken = units === 'max' ? deposit : units;
  if (!(taken > 0 && Number.isSafeInteger(taken))) return reject('AMOUNT', { amount: taken });
  if (taken > deposit) return reject('DEPOSIT_SHORT', { deposit, amount: taken });
  settle(pool, holder, set);
  const deposits = totals.data[DEPOSITS];
  const shares = totals.data[SHARES];
  const own = pool.sharesOf.data[holder];
  // Whoever takes all leaves the fraction of a unit that is over to the others.
  const burnt = taken === deposit ? own : mulDivUp(taken, shares, deposits);
  set(totals, DEPOSITS, deposits - taken);
  set(totals, SHARES, shares - burnt);
  set(pool.sharesOf, holder, own - burnt);
  return taken;
}

/** Pays a holder's gain in one collateral; answers how many units, 0 for none. */
export function claimGain(pool: StabilityPool, holder: number, market: number, set: SetCell): Units {
  const gain = gainDown(pool, holder, market);
  if (gain === 0) return 0;
  settle(pool, holder, set);
  set(pool.gainOf, holder * pool.markets + market, 0);
  set(pool.held, market, pool.held.data[market] - gain);
  return gain;
}

/**
 * Cancels `debt` against the deposits, as far as they go, and takes over the collateral for it: ⌊collateral·cancelled/debt⌋ of each
 * market. Answers the debt cancelled; `taken` receives the collateral. What an empty pool leaves is redistributed or written off by others.
 *
 * @throws  STABILITY_INDEX  collateral per share has grown beyond 2^53 units
 */
export function offsetDebt(
  pool: StabilityPool,
  debt: Units,
  collaterals: ArrayLike<Units>,
  taken: { [market: number]: Units },
  set: SetCell,
): Units {
  const { totals, markets } = pool;
  const deposits = totals.data[DEPOSITS];
  const cancelled = Math.min(debt, deposits);
  for (let market = 0; market < markets; market++) {
    const units = cancelled === 0 ? 0 : mulDivDown(collaterals[market], cancelled, debt);
    taken[market] = units;
    if (units > 0) addCollateral(pool, market, units, set);
  }
  if (cancelled === 0) return 0;
  set(totals, DEPOSITS, deposits - cancelled);
  if (cancelled === deposits) {
    endEra(pool, 0, set);
    set(totals, SHARES, 0);
  }
  return cancelled;
}

/** Raises the index by units ÷ shares, rounded down to its last parts. */
function addCollateral(pool: StabilityPool, market: number, units: Units, set: SetCell): void {
  const { index, held, totals } = pool;
  const shares = totals.data[SHARES];
  const start = LIMBS * market;
  const each = Math.floor(units / shares);
  const over = units - each * shares;
  const fine = index.data[start + 2] + mulDivDown(mulMod(over, PARTS, shares), PARTS, shares);
  const parts = index.data[start + 1] + mulDivDown(over, PARTS, shares) + (fine >= PARTS ? 1 : 0);
  const whole = index.data[start] + each + (parts >= PARTS ? 1 : 0);
  if (!Number.isSafeInteger(whole)) fault('STABILITY_INDEX', { market, units, shares });
  set(index, start, whole);
  set(index, start + 1, parts >= PARTS ? parts - PARTS : parts);
  set(index, start + 2, fine >= PARTS ? fine - PARTS : fine);
  set(held, market, held.data[market] + units);
}

/** Halves all shares as often as it takes for a deposit of `units` to be countable. */
function halveShares(pool: StabilityPool, units: Units, set: SetCell): void {
  const { totals } = pool;
  const deposits = totals.data[DEPOSITS];
  if (deposits === 0) return;
  const shares = totals.data[SHARES];
  const after = (deposits + units) * (shares / deposits);
  if (after <= SHARES_MAX) return;
  let part = 0.5;
  while (after * part > SHARES_MAX) part /= 2;
  endEra(pool, part, set);
  // No fewer than what halving leaves of all holders' shares, and no fewer than units.
  set(totals, SHARES, Math.floor(shares * part));
}

/** Ends the era: of each share `part` is left. */
function endEra(pool: StabilityPool, part: number, set: SetCell): void {
  const { totals, index, ended, markets } = pool;
  const era = totals.data[ERA];
  const start = era * eraWidth(pool);
  growColumn(ended, start + eraWidth(pool));
  set(ended, start, part);
  for (let cell = 0; cell < LIMBS * markets; cell++) {
    set(ended, start + 1 + cell, index.data[cell]);
    set(index, cell, 0);
  }
  set(totals, ERA, era + 1);
}

/** Brings a holder to this era and index, gains whole. */
function settle(pool: StabilityPool, holder: number, set: SetCell): void {
  const { markets, index } = pool;
  for (let market = 0; market < markets; market++) set(pool.gainOf, holder * markets + market, gainDown(pool, holder, market));
  const shares = sharesNow(pool, holder);
  for (let cell = 0; cell < LIMBS * markets; cell++) set(pool.enteredOf, LIMBS * holder * markets + cell, index.data[cell]);
  set(pool.sharesOf, holder, shares);
  set(pool.eraOf, holder, pool.totals.data[ERA]);
}

/** A holder's shares, as ended eras have left them. */
function sharesNow(pool: StabilityPool, holder: number): Units {
  if (!isKnown(pool, holder)) return 0;
  const width = eraWidth(pool);
  let shares = pool.sharesOf.data[holder];
  for (let era = pool.eraOf.data[holder]; shares > 0 && era < pool.totals.data[ERA]; era++) {
    shares = Math.floor(shares * pool.ended.data[era * width]);
  }
  return shares;
}

/** ⌊shares · (index − entered)⌋, where `NEAR` counts as whole; `at` and `from` are where the two begin in their columns. */
function portionDown(shares: Units, index: Column, at: number, entered: Column, from: number): Units {
  if (shares === 0) return 0;
  let whole = index.data[at] - entered.data[from];
  let parts = index.data[at + 1] - entered.data[from + 1];
  let fine = index.data[at + 2] - entered.data[from + 2];
  if (fine < 0) {
    fine += PARTS;
    parts -= 1;
  }
  if (parts < 0) {
    parts += PARTS;
    whole -= 1;
  }
  const fraction = (mulMod(shares, parts, PARTS) + (shares * fine) / PARTS) / PARTS;
  return shares * whole + mulDivDown(shares, parts, PARTS) + Math.floor(fraction + NEAR);
}

/** Cells of an era in `ended`. */
function eraWidth({ markets }: StabilityPool): number {
  return 1 + LIMBS * markets;
}

/** Whether there is room for a holder; one without has never deposited. */
function isKnown({ markets, sharesOf, enteredOf, gainOf }: StabilityPool, holder: number): boolean {
  const cells = (holder + 1) * markets;
  return holder < sharesOf.data.length && LIMBS * cells <= enteredOf.data.length && cells <= gainOf.data.length;
}

function growHolder(pool: StabilityPool, holder: number): void {
  growColumn(pool.sharesOf, holder + 1);
  growColumn(pool.eraOf, holder + 1);
  growColumn(pool.enteredOf, LIMBS * (holder + 1) * pool.markets);
  growColumn(pool.gainOf, (holder + 1) * pool.markets);
}
