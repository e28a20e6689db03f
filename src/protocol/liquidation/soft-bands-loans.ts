/**
 * The loans that stand in bands: which position has which collateral and debt, where its bands are put and when anew, from which price on
 * it is offered, and whether it may be closed for good. Exchanges are decided in `soft-bands-mechanism`; what bands hold is in
 * `soft-bands`.
 *
 * All positions of a pair share one grid, as in one AMM: its base price is the oracle's when the first of them borrowed, and grows with the
 * debt, so that interest moves the bands and not the health.
 *
 *   health       (1 − liquidation discount)·x_down/debt  (+ (p − p_up(n1))·y/debt above the bands, untouched)       below 1: closed
 *   offered      with stable in the bands, always; untouched, below p* = p_up(n1) + max(0, debt − (1 − discount)·x_down)/y
 *
 * In terms of the health of the engine `static`, y·p·threshold/debt, the last is a level that neither prices nor interest move.
 *
 * Source: curvefi/curve-stablecoin contracts/Controller.vy (_add_collateral_borrow, repay, _health), AMM.vy (_rate_mul, get_p_base).
 */
import { column, growColumn } from '../../base/columns.ts';
import { isRejection, type Rejection, reject } from '../../base/rejection.ts';
import type { Ratio, Units } from '../../base/units.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import type { Plan } from '../plan.ts';
import type { SetCell } from './set-cell.ts';
import {
  bandCount,
  bandHealth,
  blankBand,
  clearBands,
  collateralIn,
  createSoftBands,
  firstBand,
  placeBands,
  readBand,
  type SoftBands,
  setBasePrice,
  stableDownOf,
  stableIn,
  takeFromBands,
} from './soft-bands.ts';
import type { BandPrice } from './soft-bands-curve.ts';

export interface BandLoanTerms {
  /** A. */
  readonly amplification: number;
  readonly feeMillionths: number;
  /** N, of every loan. */
  readonly count: number;
  readonly loanDiscount: Ratio;
  readonly liquidationDiscount: Ratio;
}

/** A loan as it stands now. */
export interface BandLoan {
  readonly collateralMarket: number;
  readonly debtMarket: number;
  readonly debt: Units;
  /** Stable and collateral in its bands. */
  readonly x: Units;
  readonly y: Units;
}

export interface BandLoans {
  /** With base prices as of the last `find`. */
  readonly bands: SoftBands;
  /** The loan of a position with bands; undefined for any other. */
  find(accounts: AccountsView, position: number): BandLoan | undefined;
  /** Health of the engine `static` below which it is offered; Infinity: always. */
  level(accounts: AccountsView, position: number): Ratio;
  /** Health of the loan at a price, see above. */
  health(position: number, loan: BandLoan, price: BandPrice): Ratio;
  /** Why no bands can be put as a plan would leave the position: SOFT_LIQUIDATION, BANDS_PAIR, DEBT_TOO_HIGH, AMOUNT. */
  refuses(position: number, plan: Plan, accounts: AccountsView, marks: Marks): Rejection | undefined;
  /** Puts bands where collateral and debt now call for them, unless they have begun to be sold; takes them away from who owes nothing. */
  follow(position: number, accounts: AccountsView, marks: Marks): void;
  /** A part of the loan is closed: so much leaves its bands, and so many debt shares are left. */
  takeOut(position: number, stable: Units, collateral: Units, sharesLeft: Units): void;
  /** The loan is closed. */
  release(position: number): void;
}

export function createBandLoans(terms: BandLoanTerms, width: number, set: SetCell): BandLoans {
  const { amplification, feeMillionths, count } = terms;
  const bands = createSoftBands({ amplification, feeMillionths, width: count });
  /** By position: 1 + collateral market · width + debt market; 0 for who has no bands. */
  const pairOf = column(64);
  /** By position: the debt shares that its bands were put for. */
  const sharesOf = column(64);
  /** By pair: base price at a debt index of 1; 0 before the first loan. */
  const gridOf = column(width * width);
  const afterCollateral = new Float64Array(width);
  const afterDebt = new Float64Array(width);

  const basePrice = (accounts: AccountsView, pair: number, price: BandPrice): BandPrice => {
    const grid = gridOf.data[pair];
    return grid === 0 ? price : grid * accounts.debtIndex(pair % width);
  };

  /** What is derived from books and grid is brought up to them before each use, and need not be undone with a bundle. */
  const refreshed: SetCell = (cells, index, value) => {
    cells.data[index] = value;
  };

  const find = (accounts: AccountsView, position: number): BandLoan | undefined => {
    const pair = (position < pairOf.data.length ? pairOf.data[position] : 0) - 1;
    if (pair < 0) return undefined;
    const debtMarket = pair % width;
    setBasePrice(bands, position, basePrice(accounts, pair, 0), refreshed);
    return {
      collateralMarket: (pair - debtMarket) / width,
      debtMarket,
      debt: accounts.debt(position, debtMarket),
      x: stableIn(bands, position),
      y: collateralIn(bands, position),
    };
  };

  /** p_up(n1). */
  const upperOf = (position: number): BandPrice => readBand(bands, position, 0, blankBand(bands, 1)).upper;

  /** The debt that its cover leaves open above the bands. */
  const uncovered = (position: number, debt: Units, upper: BandPrice): Units =>
    debt - (1 - terms.liquidationDiscount) * stableDownOf(bands, position, upper);

  const level = (accounts: AccountsView, position: number): Ratio => {
    const loan = find(accounts, position);
    if (loan === undefined) return 1;
    if (loan.x > 0) return Number.POSITIVE_INFINITY;
    const upper = upperOf(position);
    const from = upper + Math.max(0, uncovered(position, loan.debt, upper)) / loan.y;
    return (loan.y * from * accounts.markets[loan.collateralMarket].params.liquidationThreshold) / loan.debt;
  };

  const health = (position: number, { debt, x, y }: BandLoan, price: BandPrice): Ratio => {
    const covered = bandHealth(stableDownOf(bands, position, price), debt, terms.liquidationDiscount);
    const above = price - upperOf(position);
    return x === 0 && above > 0 ? covered + (above * y) / debt : covered;
  };

  /** The pair of a position with one debt and one other collateral; −1 for any other. */
  const pairIn = (collateralAt: (market: number) => Units, debtAt: (market: number) => Units): number => {
    let collateral = -1;
    let debt = -1;
    for (let market = 0; market < width; market++) {
      if (collateralAt(market) > 0) {
        if (collateral >= 0) return -1;
        collateral = market;
      }
      if (debtAt(market) > 0) {
        if (debt >= 0) return -1;
        debt = market;
      }
    }
    return collateral < 0 || debt < 0 || collateral === debt ? -1 : collateral * width + debt;
  };

  const seek = (accounts: AccountsView, pair: number, collateral: Units, debt: Units, price: BandPrice): number | Rejection => {
    if (!(price > 0 && price < Number.POSITIVE_INFINITY)) return reject('ORACLE_INVALID');
    if (collateral < count) return reject('AMOUNT', { amount: collateral, least: count });
    return firstBand(bands.terms, { collateral, debt, count, discount: terms.loanDiscount }, basePrice(accounts, pair, price), price);
  };
  const release = (position: number) => {
    if (bandCount(bands, position) > 0) clearBands(bands, position, set);
    if (position < pairOf.data.length && pairOf.data[position] !== 0) set(pairOf, position, 0);
  };
  const priceOf = (marks: Marks, pair: number): BandPrice => marks[(pair - (pair % width)) / width] / marks[pair % width];

  return {
    bands,
    find,
    level,
    health,

    refuses(position, plan, accounts, marks) {
      let grows = false;
      let owes = false;
      for (let market = 0; market < width; market++) {
        afterCollateral[market] = accounts.collateral(position, market);
        afterDebt[market] = accounts.debt(position, market);
      }
      for (const leg of plan) {
        if ((leg.kind !== 'collateral' && leg.kind !== 'debt') || leg.position !== position) continue;
        (leg.kind === 'debt' ? afterDebt : afterCollateral)[leg.market] += leg.units;
        grows ||= leg.kind === 'collateral' || leg.units > 0;
      }
      for (let market = 0; market < width; market++) owes ||= afterDebt[market] > 0;
      // Whoever only repays is never refused.
      if (!grows || !owes) return undefined;
      if (stableIn(bands, position) > 0) return reject('SOFT_LIQUIDATION', { stable: stableIn(bands, position) });
      const pair = pairIn(
        (market) => afterCollateral[market],
        (market) => afterDebt[market],
      );
      if (pair < 0) return reject('BANDS_PAIR');
      const collateral = afterCollateral[(pair - (pair % width)) / width];
      // A unit more than is owed: debts are rounded up.
      const n = seek(accounts, pair, collateral, afterDebt[pair % width] + 1, priceOf(marks, pair));
      return isRejection(n) ? n : undefined;
    },

    follow(position, accounts, marks) {
      growColumn(pairOf, position + 1);
      growColumn(sharesOf, position + 1);
      const before = pairOf.data[position] - 1;
      const inBands = before >= 0 ? accounts.debtShares(position, before % width) : 0;
      if (before >= 0 && inBands === 0) release(position);
      else if (stableIn(bands, position) > 0) return;
      const pair = pairIn(
        (market) => accounts.collateral(position, market),
        (market) => accounts.debtShares(position, market),
      );
      if (pair < 0) return;
      const debtMarket = pair % width;
      const collateral = accounts.collateral(position, (pair - debtMarket) / width);
      const shares = accounts.debtShares(position, debtMarket);
      if (pair === before && shares === sharesOf.data[position] && collateral === collateralIn(bands, position)) return;
      const price = priceOf(marks, pair);
      const n = seek(accounts, pair, collateral, accounts.debt(position, debtMarket), price);
      // After a repayment within the bands there may be no higher place: they stay where they are.
      if (isRejection(n)) return;
      const base = basePrice(accounts, pair, price);
      placeBands(bands, position, { first: n, count, basePrice: base }, collateral, set);
      if (gridOf.data[pair] === 0) set(gridOf, pair, base / accounts.debtIndex(debtMarket));
      set(pairOf, position, pair + 1);
      set(sharesOf, position, shares);
    },

    takeOut(position, stable, collateral, sharesLeft) {
      if (bandCount(bands, position) === 0) return;
      takeFromBands(bands, position, stable, collateral, set);
      set(sharesOf, position, sharesLeft);
    },
    release,
  };
}
