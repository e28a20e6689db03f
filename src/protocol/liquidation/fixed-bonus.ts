/**
 * Liquidation at a fixed bonus, the rule of Compound and Aave: whoever repays debt of a liquidatable position receives collateral worth the
 * repayment and the bonus, at the marks. Up to the close factor at a time; wholly when health is very low.
 */
import { definePart, type ParamsOf } from '../../base/params.ts';
import { type Rejection, reject } from '../../base/rejection.ts';
import type { Ms, Units } from '../../base/units.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import type { Health } from '../risk/risk-engine.ts';
import type { Mechanism, Taken, TakeRequest } from './mechanism.ts';
import { refusalOf, takeOf } from './repayment.ts';
import { seizureRate } from './seizure.ts';

/** The terms of a take, for every mechanism that takes at this price. */
export const fixedBonusTerms = {
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
} as const;

const params = {
  ...fixedBonusTerms,
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

  const graceLeft = ({ position, at }: TakeRequest): Ms => (terms.grace === 0 ? 0 : terms.grace - (at - (openedAt.get(position) ?? at)));

  return {
    remembers: terms.grace > 0,
    open: (position, at) => void openedAt.set(position, at),
    close: (position) => void openedAt.delete(position),
    take(request, accounts, marks, health) {
      const refused = refusalOf(request, accounts, marks, health);
      if (refused !== undefined) return refused;
      const left = graceLeft(request);
      return left > 0 ? reject('GRACE', { left_ms: left }) : takeAtBonus(terms, request, accounts, marks, health);
    },
  };
}

/** The take at the collateral's bonus of a position that may be taken from. Rejections: as `takeOf`. */
export function takeAtBonus(
  terms: ParamsOf<typeof fixedBonusTerms>,
  request: TakeRequest,
  accounts: AccountsView,
  marks: Marks,
  health: Health,
): Taken | Rejection {
  const { position, debtMarket, collateralMarket } = request;
  const debt = accounts.debt(position, debtMarket);
  const debtUsd = debt * marks[debtMarket];
  const collateralUsd = accounts.collateral(position, collateralMarket) * marks[collateralMarket];
  const { bonus } = accounts.markets[collateralMarket].params;
  return takeOf(request, accounts, {
    rate: seizureRate(marks[debtMarket], marks[collateralMarket], bonus),
    bonus,
    fundShare: terms.fundShare,
    closable: closableUp(terms, debt, debtUsd, collateralUsd, health),
  });
}

/** Most of the debt that may be repaid now, at least one unit: rounded up, so that a debt of one unit can be closed at all. */
function closableUp(
  { closeFactor, fullCloseBelow, fullCloseUsd }: ParamsOf<typeof fixedBonusTerms>,
  debt: Units,
  debtUsd: number,
  collateralUsd: number,
  { healthFactor }: Health,
): Units {
  const small = debtUsd < fullCloseUsd || collateralUsd < fullCloseUsd;
  return small || healthFactor < fullCloseBelow ? debt : Math.min(debt, Math.ceil(debt * closeFactor));
}
