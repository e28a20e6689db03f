/**
 * What repayments of a loan have in common, whatever their price: when a position may be taken from at all, how much a taker can pay, and
 * the legs by which he repays debt and receives collateral for it. Knows no price, no bonus and no limit of its own.
 */
import { type Rejection, reject } from '../../base/rejection.ts';
import type { Ratio, Units } from '../../base/units.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import { burntShares } from '../instrument/debt.ts';
import { collateralLeg, debtLeg, type Leg, move } from '../plan.ts';
import type { Health } from '../risk/risk-engine.ts';
import type { Taken, TakeRequest } from './mechanism.ts';
import { repaidUp, type SeizureRate, seizedDown } from './seizure.ts';

/** Why a position of this health is left alone, if so: ORACLE_INVALID (it is not known), NOT_LIQUIDATABLE. */
export function refusalByHealth({ healthFactor, liquidatable }: Health): Rejection | undefined {
  if (Number.isNaN(healthFactor)) return reject('ORACLE_INVALID');
  return liquidatable ? undefined : reject('NOT_LIQUIDATABLE', { health: healthFactor });
}

/** Why a position that is no lot is not taken from, where only lots are: LOT_NONE, or because of its health. */
export function refusalOfNoLot(health: Health): Rejection {
  return refusalByHealth(health) ?? reject('LOT_NONE');
}

/**
 * Why a position may not be taken from, whoever asks: ORACLE_INVALID (no valid mark, or one at which no seizure is fair), NOT_LIQUIDATABLE,
 * DEBT_NONE, COLLATERAL_NONE.
 */
export function refusalOf(request: TakeRequest, accounts: AccountsView, marks: Marks, health: Health): Rejection | undefined {
  const { position, debtMarket, collateralMarket } = request;
  const unfit = refusalByHealth(health);
  if (unfit !== undefined) return unfit;
  if (accounts.debtShares(position, debtMarket) === 0) return reject('DEBT_NONE');
  if (accounts.collateral(position, collateralMarket) === 0) return reject('COLLATERAL_NONE');
  return marks[debtMarket] > 0 && marks[collateralMarket] > 0 ? undefined : reject('ORACLE_INVALID');
}

/** How a take is priced, and who gets how much of the bonus. */
export interface TakeTerms {
  readonly rate: SeizureRate;
  /** What `rate` pays beyond the marks. */
  readonly bonus: Ratio;
  /** Share of the bonus that goes to the insurance fund. */
  readonly fundShare: Ratio;
  /** Most of the debt that may be repaid now. */
  readonly closable: Units;
}

/** The take that was asked for. OVER_CLOSE_FACTOR, WALLET_SHORT, AMOUNT (too little to lower the debt by a share, or to receive a unit). */
export function takeOf(request: TakeRequest, accounts: AccountsView, { rate, bonus, fundShare, closable }: TakeTerms): Taken | Rejection {
  const { position, debtMarket, collateralMarket, amount, purse, taker, custody, fund } = request;
  if (amount !== 'max' && amount > closable) return reject('OVER_CLOSE_FACTOR', { amount, most: closable });
  const debt = accounts.debt(position, debtMarket);
  const collateral = accounts.collateral(position, collateralMarket);
  const most = Math.min(closable, repaidUp(collateral, rate, debt));
  const repaid = Math.min(most, amount === 'max' ? purse : amount);
  if (repaid > purse || repaid === 0) return reject('WALLET_SHORT', { balance: purse, amount: repaid });
  const seized = seizedDown(repaid, rate, collateral);
  const shares = burntShares(accounts, position, debtMarket, repaid);
  if (shares === 0 || seized === 0) return reject('AMOUNT', { amount: repaid });
  // The fund's part is rounded up, against the taker.
  const toFund = Math.min(seized, Math.ceil((fundShare * seized * bonus) / (1 + bonus)));
  const plan: Leg[] = [
    move(taker, custody, accounts.markets[debtMarket].asset, repaid),
    debtLeg(position, debtMarket, -repaid, -shares),
    collateralLeg(position, collateralMarket, -seized),
    move(custody, taker, accounts.markets[collateralMarket].asset, seized - toFund),
  ];
  if (toFund > 0) plan.push(move(custody, fund, accounts.markets[collateralMarket].asset, toFund));
  return { plan, repaid, seized, received: seized - toFund };
}
