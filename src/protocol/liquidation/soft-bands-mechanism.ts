/**
 * Soft liquidation, the rule of crvUSD and LlamaLend (LLAMMA): a loan's collateral stands in bands of price below the oracle's. As the
 * oracle falls through them, anybody may buy the collateral with the debt's asset a little below the oracle's price; as it rises, buy it
 * back the other way. Both are takes: `debtMarket` is what comes in, `collateralMarket` what goes out, the other way round on the way up.
 * What comes in stays in the position as collateral of the debt's market, and the debt is not touched. A take ends where the next unit,
 * fee included, would cost more than at the marks. Hence healthy positions are offered: those within their bands (`level`).
 *
 * A loan whose own health is below 1 (`soft-bands-loans`) is also closed for good by a take of its collateral: its stable repays what it
 * can, the taker the rest, and gets all collateral, or part for part. Where that is worth less than the rest, the bands go on being sold.
 * Once all is stable, whoever repays the debt gets the stable: nobody does while it is less, and the loan stays open.
 *
 * It needs the engine `static`, no categories, and markets in which the debt's asset counts in full as collateral (liquidationThreshold
 * 1, ltv 0, bonus 0); the ltv of the collateral must be at most what its bands lend, (1 − loan discount)·y_eff/y·(A−1)/A. A position has
 * one collateral and one debt; once its bands have begun to be sold it can only be repaid. Cash can stand in bands, but no file has it
 * there: contracts may not stand beside it, since what they win or lose would not reach the bands. Left out: bands shared by users,
 * callbacks, the admin fee, the change of A.
 *
 * Source: curvefi/curve-stablecoin contracts/AMM.vy (exchange), Controller.vy (_liquidate); M. Egorov, Curve stablecoin design (2022).
 */
import { mulDivDown } from '../../base/exact.ts';
import { definePart, type ParamsOf } from '../../base/params.ts';
import { type Rejection, reject } from '../../base/rejection.ts';
import type { Units } from '../../base/units.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import { burntShares } from '../instrument/debt.ts';
import { collateralLeg, debtLeg, type Leg, move } from '../plan.ts';
import type { Health } from '../risk/risk-engine.ts';
import type { Mechanism, MechanismNeeds, Taken, TakeRequest } from './mechanism.ts';
import { BANDS_MAX, BANDS_MIN } from './soft-bands.ts';
import { type Bought, FEE_DENOMINATOR } from './soft-bands-amounts.ts';
import type { BandPrice } from './soft-bands-curve.ts';
import { exchangeBands, quoteBands } from './soft-bands-exchange.ts';
import { type BandLoan, createBandLoans } from './soft-bands-loans.ts';

const params = {
  amplification: {
    kind: 'integer',
    unit: 'number',
    range: [2, 10_000],
    default: 100,
    doc: 'A: a band is 1/A wide (crvUSD: 100)',
  },
  bands: { kind: 'integer', unit: 'band', range: [BANDS_MIN, BANDS_MAX], default: 10, doc: 'N, the bands of every loan' },
  fee: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 0.1],
    default: 0.006,
    doc: 'of what is paid into the bands; it stays in them (crvUSD: at most 0.1)',
  },
  loanDiscount: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 0.5],
    default: 0.09,
    doc: 'by which the bands are put to be worth more than the debt',
  },
  liquidationDiscount: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 0.5],
    default: 0.06,
    doc: 'by which they must be worth more than the debt for the loan not to be closed; less than loanDiscount',
  },
} as const;

export const softBands = definePart<MechanismNeeds, Mechanism>()({
  name: 'soft-bands',
  summary: 'Collateral in price bands is sold for the debt’s asset as the oracle falls through them, and bought back as it rises.',
  sources: ['curvefi/curve-stablecoin AMM.vy, Controller.vy', 'M. Egorov, Curve stablecoin design (2022)'],
  params,
  excludes: ['contracts'],
  check({ loanDiscount, liquidationDiscount }) {
    if (loanDiscount > liquidationDiscount) return [];
    const expected = `below loanDiscount, ${loanDiscount}: else a new loan could be closed at once`;
    return [{ param: 'liquidationDiscount', found: String(liquidationDiscount), expected }];
  },
  create: createSoftLiquidation,
});

function createSoftLiquidation(terms: ParamsOf<typeof params>, { markets, set }: MechanismNeeds): Mechanism {
  const feeMillionths = Math.round(terms.fee * FEE_DENOMINATOR);
  const loans = createBandLoans({ ...terms, feeMillionths, count: terms.bands }, markets.length, set);
  const { bands } = loans;
  const kept = 1 - feeMillionths / FEE_DENOMINATOR;

  const take = (request: TakeRequest, accounts: AccountsView, marks: Marks, health: Health): Taken | Rejection => {
    const { position, debtMarket, collateralMarket, amount, purse } = request;
    if (Number.isNaN(health.healthFactor)) return reject('ORACLE_INVALID');
    if (!(health.healthFactor < loans.level(accounts, position))) return reject('NOT_LIQUIDATABLE', { health: health.healthFactor });
    const banded = loans.find(accounts, position);
    const loan = banded ?? plainLoan(request, accounts);
    const price = marks[loan.collateralMarket] / marks[loan.debtMarket];
    if (!(price > 0 && price < Number.POSITIVE_INFINITY)) return reject('ORACLE_INVALID');
    if (amount !== 'max' && amount > purse) return reject('WALLET_SHORT', { balance: purse, amount });
    const most = amount === 'max' ? purse : amount;
    if (collateralMarket === loan.debtMarket && debtMarket === loan.collateralMarket) return exchange(request, loan, price, 'stable', most);
    if (debtMarket !== loan.debtMarket || loan.debt === 0) return reject('DEBT_NONE');
    const sick = banded === undefined ? health.liquidatable : loans.health(position, loan, price) < 1;
    if (collateralMarket === debtMarket) {
      if (!(sick && loan.y === 0)) return reject('COLLATERAL_NONE');
      return close(request, accounts, loan, { market: debtMarket, asked: loan.debt, held: loan.x }, most);
    }
    if (collateralMarket !== loan.collateralMarket || loan.y === 0) return reject('COLLATERAL_NONE');
    // At least a unit: nobody is given anything for nothing.
    const asked = Math.max(1, loan.debt - loan.x);
    if (sick && (banded === undefined || loan.y * price >= asked)) {
      return close(request, accounts, loan, { market: collateralMarket, asked, held: loan.y }, most);
    }
    return exchange(request, loan, price, 'collateral', most);
  };

  /** A trade with the bands, until a unit more would cost more than at the marks. */
  const exchange = (request: TakeRequest, loan: BandLoan, price: BandPrice, bought: Bought, most: Units): Taken | Rejection => {
    const { position, debtMarket, collateralMarket, taker, custody } = request;
    const limit = bought === 'collateral' ? price * kept : price / kept;
    const order = { position, bought, oracle: price, purse: most, limit };
    const { paid, given } = exchangeBands(bands, order, set);
    if (given === 0) {
      const nothing = quoteBands(bands, { ...order, purse: Number.POSITIVE_INFINITY }).given === 0;
      if (nothing) return reject('NOT_LIQUIDATABLE', { price, stable: loan.x, collateral: loan.y });
      return most === 0 ? reject('WALLET_SHORT', { balance: 0 }) : reject('AMOUNT', { amount: most });
    }
    const plan: Leg[] = [
      move(taker, custody, markets[debtMarket].asset, paid),
      collateralLeg(position, debtMarket, paid),
      collateralLeg(position, collateralMarket, -given),
      move(custody, taker, markets[collateralMarket].asset, given),
    ];
    return { plan, repaid: paid, seized: given, received: given };
  };

  /** Closes so much of the loan as `most` is of what is asked for all that is held. The loan's own stable repays the rest of it. */
  const close = (
    request: TakeRequest,
    accounts: AccountsView,
    loan: BandLoan,
    { market, asked, held }: { readonly market: number; readonly asked: Units; readonly held: Units },
    most: Units,
  ): Taken | Rejection => {
    const { position, debtMarket, taker, custody } = request;
    const paid = Math.min(asked, most);
    if (paid === 0) return reject('WALLET_SHORT', { balance: 0 });
    const whole = paid === asked;
    const part = (units: Units) => (whole ? units : mulDivDown(units, paid, asked));
    const own = part(loan.debt - asked);
    const given = part(held);
    const burnt = burntShares(accounts, position, debtMarket, paid + own);
    if (given === 0 || burnt === 0) return reject('AMOUNT', { amount: paid });
    const plan: Leg[] = [
      move(taker, custody, markets[debtMarket].asset, paid),
      debtLeg(position, debtMarket, -(paid + own), -burnt),
      collateralLeg(position, market, -given),
      move(custody, taker, markets[market].asset, given),
    ];
    if (own > 0) plan.push(collateralLeg(position, debtMarket, -own));
    if (whole) loans.release(position);
    else
      loans.takeOut(
        position,
        market === debtMarket ? given : own,
        market === debtMarket ? 0 : given,
        accounts.debtShares(position, debtMarket) - burnt,
      );
    return { plan, repaid: paid, seized: given, received: given };
  };

  return {
    remembers: false,
    open: () => undefined,
    close: () => undefined,
    level: loans.level,
    refuses: loans.refuses,
    changed: loans.follow,
    take,
  };
}

/** A loan without bands, which none that this mechanism has seen is: closed as the risk engine says. */
function plainLoan({ position, debtMarket, collateralMarket }: TakeRequest, accounts: AccountsView): BandLoan {
  const y = accounts.collateral(position, collateralMarket);
  return { collateralMarket, debtMarket, debt: accounts.debt(position, debtMarket), x: 0, y };
}
