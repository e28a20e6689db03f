/**
 * A margin trade as a decision: borrow, add one's own margin, sell both, keep what is bought as collateral, all at once. The initial
 * requirement is judged at the marks from before the trade, so that a trade cannot vouch for itself by moving its own oracle. Leaving that
 * check out is the fault of bZx in February 2020: a position was opened that its own slippage had already ruined.
 */
import { isRejection, type Rejection, reject } from '../base/rejection.ts';
import type { AccountId, Units } from '../base/units.ts';
import type { Fill, Venue, Order as VenueOrder } from '../market/venue.ts';
import type { Market } from './accounts-view.ts';
import { type Act, borrowing, type Desk, isAmount, postedOf, posting, refuseToLend, refuseUnlessHealthy, roomUnder } from './lending.ts';
import { collateralLeg, debtLeg, move, type Plan } from './plan.ts';

export interface MarginTrade {
  /** Hands the borrowed money to the actor. */
  readonly before: Plan;
  readonly order: VenueOrder;
  readonly expected: Fill;
  /** Takes what was bought as collateral. */
  after(fill: Fill): Plan;
}

export interface MarginTerms {
  readonly venue: Venue;
  readonly bought: Market;
  readonly margin: Units;
  readonly borrowed: Units;
  /** Whether the initial requirement must be met. */
  readonly checked: boolean;
}

/** `act.market` is the market of the asset that is borrowed and sold. */
export function planMarginTrade(desk: Desk, act: Act, terms: MarginTerms): MarginTrade | Rejection {
  const { actor, position, market } = act;
  const { venue, bought, margin, borrowed } = terms;
  if (!(isAmount(margin) || margin === 0)) return reject('AMOUNT', { amount: margin });
  const refused = refuseToLend(desk, market, borrowed);
  if (refused !== undefined) return refused;
  const balance = desk.wallet(actor, market.asset);
  if (margin > balance) return reject('WALLET_SHORT', { amount: margin, balance });
  const order = { sell: market.asset, amount: margin + borrowed };
  const expected = venue.quote(order);
  if (isRejection(expected)) return expected;
  const room = roomUnder(bought, bought.params.collateralCap, postedOf(desk.accounts, bought.index));
  if (expected.bought > room) return reject('CAP_COLLATERAL', { amount: expected.bought, room: Math.max(0, room) });
  const debt = borrowing(desk.accounts, act, borrowed);
  const unhealthy = terms.checked
    ? refuseUnlessHealthy(desk, { ...debt, ...posting(desk.accounts, bought.index, expected.bought) })
    : undefined;
  if (unhealthy !== undefined) return unhealthy;
  return {
    before: [debtLeg(position, market.index, borrowed, debt.debtShares), move(desk.custody, actor, market.asset, borrowed)],
    order,
    expected,
    after: (fill) => collect(desk.custody, act, bought, fill),
  };
}

function collect(custody: AccountId, { actor, position }: Act, bought: Market, fill: Fill): Plan {
  return [move(actor, custody, bought.asset, fill.bought), collateralLeg(position, bought.index, fill.bought)];
}
