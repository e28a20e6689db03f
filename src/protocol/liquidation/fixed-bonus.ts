/**
 * Liquidation at a fixed bonus, the rule of Compound and Aave: whoever repays debt of a liquidatable position receives collateral worth the
 * repayment and the bonus, at the marks. Up to the close factor at a time; wholly when health is very low.
 */
import { definePart, type ParamsOf } from '../../base/params.ts';
import { type Rejection, reject } from '../../base/rejection.ts';
import type { Ms, Units } from '../../base/units.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import { toSharesDown } from '../instrument/debt.ts';
import { collateralLeg, debtLeg, type Leg, move } from '../plan.ts';
import type { Health } from '../risk/risk-engine.ts';
import type { Mechanism, Taken, TakeRequest } from './mechanism.ts';
import { repaidUp, type SeizureRate, seizedDown, seizureRate } from './seizure.ts';

const params = {
  closeFactor: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0.5, doc: 'largest share of a debt repaid at a time' },
  fullCloseBelow: { kind: 'number', unit: 'health', range: [0, 1], default: 0.95, doc: 'health below which all of a debt may be repaid' },
  fullCloseUsd: {
    kind: 'number',
    unit: 'usd',
    range: [0, Number.POSITIVE_INFINITY],
    default: 0,
    doc: 'a debt or a collateral worth less may be closed at once (Aave v3.3: 2000)',
  },
  fundShare: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0, doc: 'share of the bonus that goes to the insurance fund' },
  grace: { kind: 'duration', range: [0, Number.MAX_SAFE_INTEGER], default: 0, doc: 'time between being seen liquidatable and liquidation' },
} as const;

export const fixedBonus = definePart<unknown, Mechanism>()({
  name: 'fixed-bonus',
  summary: 'Repay debt, receive collateral worth the repayment and a fixed bonus, up to a close factor at a time.',
  sources: ['aave-dao/aave-v3-origin LiquidationLogic.sol', 'compound-finance/compound-protocol Comptroller.sol'],
  params,
  create: createFixedBonus,
});

function createFixedBonus(terms: ParamsOf<typeof params>): Mechanism {
  /** When each position was last seen to become liquidatable. Not undone with a bundle: it is never set within one. */
  const openedAt = new Map<number, Ms>();

  const refusal = (request: TakeRequest, accounts: AccountsView, health: Health): Rejection | undefined => {
    const { position, debtMarket, collateralMarket, at } = request;
    if (Number.isNaN(health.healthFactor)) return reject('ORACLE_INVALID');
    if (!health.liquidatable) return reject('NOT_LIQUIDATABLE', { health: health.healthFactor });
    if (accounts.debtShares(position, debtMarket) === 0) return reject('DEBT_NONE');
    if (accounts.collateral(position, collateralMarket) === 0) return reject('COLLATERAL_NONE');
    if (terms.grace === 0) return undefined;
    const left = terms.grace - (at - (openedAt.get(position) ?? at));
    return left > 0 ? reject('GRACE', { left_ms: left }) : undefined;
  };

  /** Most of the debt that may be repaid now, at least one unit: rounded up, so that a debt of one unit can be closed at all. */
  const closableUp = (debt: Units, debtUsd: number, collateralUsd: number, health: Health): Units => {
    const small = debtUsd < terms.fullCloseUsd || collateralUsd < terms.fullCloseUsd;
    return small || health.healthFactor < terms.fullCloseBelow ? debt : Math.min(debt, Math.ceil(debt * terms.closeFactor));
  };

  const take = (request: TakeRequest, accounts: AccountsView, marks: Marks, health: Health): Taken | Rejection => {
    const refused = refusal(request, accounts, health);
    if (refused !== undefined) return refused;
    const { position, debtMarket, collateralMarket, amount, purse } = request;
    const debt = accounts.debt(position, debtMarket);
    const collateral = accounts.collateral(position, collateralMarket);
    const debtMark = marks[debtMarket];
    const collateralMark = marks[collateralMarket];
    // Worthless collateral, or debt: no repayment has a fair seizure.
    if (!(debtMark > 0 && collateralMark > 0)) return reject('ORACLE_INVALID');
    const closable = closableUp(debt, debt * debtMark, collateral * collateralMark, health);
    if (amount !== 'max' && amount > closable) return reject('OVER_CLOSE_FACTOR', { amount, most: closable });
    const rate = seizureRate(debtMark, collateralMark, accounts.markets[collateralMarket].params.bonus);
    const most = Math.min(closable, repaidUp(collateral, rate, debt));
    const repaid = Math.min(most, amount === 'max' ? purse : amount);
    if (repaid > purse || repaid === 0) return reject('WALLET_SHORT', { balance: purse, amount: repaid });
    return taken(request, accounts, repaid, rate);
  };

  /** The legs of a repayment that is allowed. */
  const taken = (request: TakeRequest, accounts: AccountsView, repaid: Units, rate: SeizureRate): Taken | Rejection => {
    const { position, debtMarket, collateralMarket, taker, custody, fund } = request;
    const debt = accounts.debt(position, debtMarket);
    const seized = seizedDown(repaid, rate, accounts.collateral(position, collateralMarket));
    const shares = accounts.debtShares(position, debtMarket);
    const part = toSharesDown(repaid, accounts.totalDebt(debtMarket), accounts.totalDebtShares(debtMarket));
    const burnt = repaid === debt ? shares : Math.min(shares, part);
    // Too little to lower the debt by a share, or to receive a unit.
    if (burnt === 0 || seized === 0) return reject('AMOUNT', { amount: repaid });
    const { bonus } = accounts.markets[collateralMarket].params;
    // The fund's part is rounded up, against the taker.
    const toFund = Math.min(seized, Math.ceil((terms.fundShare * seized * bonus) / (1 + bonus)));
    const plan: Leg[] = [
      move(taker, custody, accounts.markets[debtMarket].asset, repaid),
      debtLeg(position, debtMarket, -repaid, -burnt),
      collateralLeg(position, collateralMarket, -seized),
      move(custody, taker, accounts.markets[collateralMarket].asset, seized - toFund),
    ];
    if (toFund > 0) plan.push(move(custody, fund, accounts.markets[collateralMarket].asset, toFund));
    return { plan, repaid, seized, received: seized - toFund };
  };

  return {
    remembers: terms.grace > 0,
    open: (position, at) => void openedAt.set(position, at),
    close: (position) => void openedAt.delete(position),
    take,
  };
}
