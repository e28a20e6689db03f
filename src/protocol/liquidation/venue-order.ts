/**
 * Liquidation by orders to the market with a vault behind it, Hyperliquid's rule carried over to loans: the protocol itself sells
 * collateral on the best venue, slice by slice with pauses, at no less than the bankruptcy price, and repays debt with what it brings. A
 * position that has lost too much is taken over by the vault, here the insurance fund: it pays the debt, as far as it has the money, and
 * receives collateral in proportion, with whatever equity is left in it.
 *
 *   bankruptcy price: value brought per value sold ≥ debts ÷ collateral of the position, both at the marks
 *
 * A vault without money is none: then orders go without a limit, and the waterfall bears what they do not bring. The keeper who starts a
 * sale may be paid a part of what is repaid. What the vault has received it keeps: it does not sell.
 *
 * Source: docs.hyena.trade/trading/liquidation and docs.byreal.io/products/perp/risk-and-liquidation (Hyperliquid's rules restated).
 */
import { column, growColumn } from '../../base/columns.ts';
import { largestAllowed } from '../../base/largest-allowed.ts';
import { definePart, type ParamsOf } from '../../base/params.ts';
import { isRejection, type Rejection, reject } from '../../base/rejection.ts';
import type { Ratio, Units } from '../../base/units.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import { burntShares } from '../instrument/debt.ts';
import { collateralLeg, debtLeg, type Leg, move } from '../plan.ts';
import { type Carving, carve, largestPair, type Pair } from './carve.ts';
import type { Mechanism, MechanismNeeds, Sale, Started, StartRequest } from './mechanism.ts';
import { refusalByHealth, refusalOfNoLot } from './repayment.ts';

const DAY = 86_400_000;

const params = {
  sliceAboveUsd: {
    kind: 'number',
    unit: 'usd',
    range: [0, Number.POSITIVE_INFINITY],
    default: 100_000,
    doc: 'debt above which a position is sold slice by slice (Hyperliquid: 100,000 of notional)',
  },
  slice: { kind: 'number', unit: 'ratio', range: [0.001, 1], default: 0.2, doc: 'part of the debt in a slice (Hyperliquid: 0.2)' },
  cooldown: { kind: 'duration', range: [0, DAY], default: 30_000, doc: 'between two slices (Hyperliquid: 30 s)' },
  takeoverBelow: {
    kind: 'number',
    unit: 'health',
    range: [0, 1],
    default: 0.95,
    doc: 'health below which the vault takes over (Hyperliquid: equity below 2/3 of maintenance); 0: never',
  },
  keeperShare: { kind: 'number', unit: 'ratio', range: [0, 0.5], default: 0, doc: 'part of what is brought or paid, for the keeper' },
} as const;

export const venueOrder = definePart<MechanismNeeds, Mechanism>()({
  name: 'venue-order',
  summary: 'The protocol sells collateral on a venue, slice by slice, and the insurance fund takes over who has lost too much.',
  sources: ['docs.hyena.trade/trading/liquidation and docs.byreal.io/products/perp/risk-and-liquidation (Hyperliquid’s rules restated)'],
  params,
  create: createVenueOrder,
});

function createVenueOrder(terms: ParamsOf<typeof params>, needs: MechanismNeeds): Mechanism {
  const { slice, sliceAboveUsd, cooldown, takeoverBelow, keeperShare } = terms;
  /** When something of each position was last sold. */
  const soldAt = column(64, Number.NEGATIVE_INFINITY);

  /** As much of a slice as brings the limit price, and no more than brings what the slice owes. */
  const orderFor = ({ debtMarket, collateralMarket, collateral, debt }: Carving, limit: Ratio, marks: Marks): Sale | Rejection => {
    const quote = (units: Units) => needs.quoteSale(collateralMarket, debtMarket, units);
    if (quote(collateral) === undefined && quote(Math.ceil(collateral / 2)) === undefined) return reject('VENUE_NONE');
    const brings = (units: Units) => quote(units)?.brings ?? 0;
    const owed = Math.ceil(debt / (1 - keeperShare));
    // One unit more than what brings too little brings enough.
    const enough = largestAllowed(collateral, (units) => brings(units) < owed);
    const wanted = Math.min(collateral, enough + 1);
    const isWorth = (units: Units) => brings(units) * marks[debtMarket] * (1 - keeperShare) >= limit * units * marks[collateralMarket];
    const amount = limit > 0 ? largestAllowed(wanted, isWorth) : wanted;
    const sale = amount > 0 ? quote(amount) : undefined;
    return sale === undefined || sale.brings === 0 ? reject('SALE_SHORT', { limit }) : sale;
  };

  /** Sells, pays the keeper and repays; what is brought beyond the debt stays with the owner, as collateral. */
  const sell = ({ position, keeper, at }: StartRequest, accounts: AccountsView, marks: Marks, carving: Carving, limit: Ratio) => {
    const sale = orderFor(carving, limit, marks);
    if (isRejection(sale)) return sale;
    const { debtMarket, collateralMarket } = carving;
    const { custody, escrow } = needs;
    const owed = needs.markets[debtMarket].asset;
    const toKeeper = Math.floor(sale.brings * keeperShare);
    const repaid = Math.min(sale.brings - toKeeper, accounts.debt(position, debtMarket));
    const over = sale.brings - toKeeper - repaid;
    const plan: Leg[] = [
      move(escrow, custody, owed, repaid + over),
      debtLeg(position, debtMarket, -repaid, -burntShares(accounts, position, debtMarket, repaid)),
    ];
    if (over > 0) plan.push(collateralLeg(position, debtMarket, over));
    if (toKeeper > 0) plan.push(move(escrow, keeper, owed, toKeeper));
    growColumn(soldAt, position + 1, Number.NEGATIVE_INFINITY);
    needs.set(soldAt, position, at);
    const before: Leg[] = [collateralLeg(position, collateralMarket, -sale.amount), move(custody, escrow, sale.sell, sale.amount)];
    const done = [{ taker: escrow, debtMarket, collateralMarket, repaid: sale.brings - over, seized: sale.amount }];
    const rewardUsd = toKeeper * marks[debtMarket];
    return { before, sales: [sale], plan, lot: -1, debtUsd: repaid * marks[debtMarket], rewardUsd, done };
  };

  /** The fund pays what it can of the debt and receives collateral in proportion; undefined where it has nothing to pay with. */
  const takeOver = ({ position, keeper }: StartRequest, accounts: AccountsView, marks: Marks, carving: Carving): Started | undefined => {
    const { debtMarket, collateralMarket, debt, collateral } = carving;
    const { custody, fund } = needs;
    const money = Math.floor(needs.balance(fund, debtMarket) * (1 - keeperShare));
    const repaid = Math.min(debt, accounts.debt(position, debtMarket), money);
    const seized = repaid >= debt ? collateral : Math.floor((collateral / debt) * repaid);
    const shares = repaid > 0 ? burntShares(accounts, position, debtMarket, repaid) : 0;
    if (!(seized > 0 && shares > 0)) return undefined;
    const owed = needs.markets[debtMarket].asset;
    const toKeeper = Math.floor(repaid * keeperShare);
    const plan: Leg[] = [
      move(fund, custody, owed, repaid),
      debtLeg(position, debtMarket, -repaid, -shares),
      collateralLeg(position, collateralMarket, -seized),
      move(custody, fund, needs.markets[collateralMarket].asset, seized),
    ];
    if (toKeeper > 0) plan.push(move(fund, keeper, owed, toKeeper));
    const done = [{ taker: fund, debtMarket, collateralMarket, repaid, seized }];
    return { plan, lot: -1, debtUsd: repaid * marks[debtMarket], rewardUsd: toKeeper * marks[debtMarket], done };
  };

  return {
    remembers: false,
    open: () => undefined,
    close: () => undefined,
    take: (_request, _accounts, _marks, health) => refusalOfNoLot(health),
    start(request, accounts, marks, health) {
      const { position, at } = request;
      const refused = refusalByHealth(health);
      if (refused !== undefined) return refused;
      const pair = largestPair(accounts, position, marks);
      if (isRejection(pair)) return pair;
      const failing = health.healthFactor < takeoverBelow;
      const whole = carve(accounts, position, marks, pair, {});
      if (isRejection(whole)) return whole;
      const taken = failing ? takeOver(request, accounts, marks, whole) : undefined;
      if (taken !== undefined) return taken;
      const sliced = pair.debtsUsd > sliceAboveUsd;
      const left = cooldown - (at - (soldAt.data[position] ?? Number.NEGATIVE_INFINITY));
      if (sliced && left > 0) return reject('COOLDOWN', { left_ms: left });
      const carving = sliced ? carve(accounts, position, marks, pair, { debtUsdMax: slice * pair.debtsUsd }) : whole;
      if (isRejection(carving)) return carving;
      return sell(request, accounts, marks, carving, failing ? 0 : bankruptcyRatio(pair));
    },
  };
}

/** Value that a value of collateral has to bring so that all of it repays all debts. */
function bankruptcyRatio({ debtsUsd, collateralsUsd }: Pair): Ratio {
  return debtsUsd / collateralsUsd;
}
