/**
 * The right to liquidate is sold: when a position becomes liquidatable, bids for being the only one who may take it rise for `duration`;
 * the winner has it alone for `exclusive`, at a fixed bonus, and then it is anybody's, as it is at once where nobody has bid. So what
 * liquidators would spend on being first goes to the protocol: to its reserve, to the borrower's debt, and the rest to the insurance fund.
 *
 * A bid is paid into escrow at once, and the one it beats paid back; it is the protocol's when the auction ends, whatever the winner then
 * does. If the position recovers before, the bid is paid back. Bids are in the asset of the position's largest debt when the first is made.
 * What a bidder knows of the protocol's price he knows of everybody: bids are open.
 *
 * Source: api3dao/oev-litepaper oev-litepaper.tex and api3dao/api3-docs docs/oev-searchers/auction-cycle.md (a bidding phase, then an award
 * phase, of the right to update a feed), pyth-network/per (Express Relay, of a liquidation itself). Clock and split are illustrative.
 */
import { column, growColumn } from '../../base/columns.ts';
import { definePart, type ParamsOf } from '../../base/params.ts';
import { isRejection, type Rejection, reject } from '../../base/rejection.ts';
import type { Ms, Units } from '../../base/units.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import { burntShares } from '../instrument/debt.ts';
import { debtLeg, type Leg, move } from '../plan.ts';
import type { Health } from '../risk/risk-engine.ts';
import { largestPair } from './carve.ts';
import { fixedBonusTerms, takeAtBonus } from './fixed-bonus.ts';
import { createListing } from './listing.ts';
import type { Auction, Bid, BidRequest, Due, Mechanism, MechanismNeeds } from './mechanism.ts';
import { refusalOf } from './repayment.ts';

const DAY = 86_400_000;
const share = (whose: string) =>
  ({ kind: 'number', unit: 'ratio', range: [0, 1], default: 0, doc: `part of the winning bid ${whose}` }) as const;

const params = {
  ...fixedBonusTerms,
  duration: { kind: 'duration', range: [0, DAY], default: 60_000, doc: 'of the auction, from when the position is seen liquidatable' },
  exclusive: { kind: 'duration', range: [0, DAY], default: 60_000, doc: 'in which the winner alone may take' },
  beg: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0.05, doc: 'least improvement of a bid' },
  reserveShare: share('to the protocol’s reserve, which stands before the lenders'),
  borrowerShare: share('off the borrower’s debt; the rest is the insurance fund’s'),
} as const;

export const rightAuction = definePart<MechanismNeeds, Mechanism>()({
  name: 'right-auction',
  summary: 'Sells the right to be the only liquidator of a position for a while; the bid goes to fund, reserve and borrower.',
  sources: ['api3dao/oev-litepaper oev-litepaper.tex', 'api3dao/api3-docs docs/oev-searchers/auction-cycle.md', 'pyth-network/per'],
  params,
  check: ({ reserveShare, borrowerShare }) =>
    reserveShare + borrowerShare > 1
      ? [{ param: 'borrowerShare', found: String(borrowerShare), expected: `at most 1 − reserveShare, ${1 - reserveShare}` }]
      : [],
  create: createRightAuction,
});

const NEVER = -1;
const NOBODY = -1;

function createRightAuction(terms: ParamsOf<typeof params>, needs: MechanismNeeds): Mechanism {
  const { duration, exclusive, beg, reserveShare, borrowerShare } = terms;
  /** Positions whose right is or was for sale since they became liquidatable, and those of them, or of before, with a bid in escrow. */
  const opened = createListing(needs.set);
  const escrowed = createListing(needs.set);
  /** By position: when it was seen liquidatable; the best bid, its market and whose it is. */
  const openedAt = column(64, NEVER);
  const best = column(64);
  const marketOf = column(64);
  const bidder = column(64, NOBODY);

  const grow = (position: number) => {
    growColumn(openedAt, position + 1, NEVER);
    growColumn(best, position + 1);
    growColumn(marketOf, position + 1);
    growColumn(bidder, position + 1, NOBODY);
  };
  /** Whether its right can be bid for now. */
  const isForSale = (position: number, at: Ms) => opened.has(position) && at < openedAt.data[position] + duration;

  /** How long the taker has yet to wait. */
  const waitOf = (position: number, taker: number, at: Ms): Ms => {
    if (!opened.has(position)) return duration;
    const since = at - openedAt.data[position];
    if (since < duration) return duration - since;
    return bidder.data[position] === NOBODY || bidder.data[position] === taker ? 0 : duration + exclusive - since;
  };

  const debtMarketOf = (accounts: AccountsView, position: number, marks: Marks): number => {
    if (escrowed.has(position)) return marketOf.data[position];
    const pair = largestPair(accounts, position, marks);
    return isRejection(pair) ? -1 : pair.debtMarket;
  };
  const amountMin = (position: number): Units => Math.max(1, best.data[position] + 1, Math.ceil(best.data[position] * (1 + beg)));

  const bid = ({ position, amount, purse, bidder: from, at }: BidRequest, accounts: AccountsView, marks: Marks): Bid | Rejection => {
    if (!opened.has(position)) return reject('LOT_NONE');
    if (!isForSale(position, at)) return reject('ENDED');
    const market = debtMarketOf(accounts, position, marks);
    if (market < 0) return reject('LOT_NONE');
    const least = amountMin(position);
    if (!Number.isInteger(amount) || amount < least) return reject('BID_LOW', { amount, least });
    const before = best.data[position];
    const own = bidder.data[position] === from ? before : 0;
    const balance = purse(market);
    if (amount - own > balance) return reject('WALLET_SHORT', { amount, balance });
    const { asset } = needs.markets[market];
    const plan: Leg[] = [move(from, needs.escrow, asset, amount - own)];
    if (before > own) plan.push(move(needs.escrow, bidder.data[position], asset, before));
    escrowed.add(position);
    needs.set(marketOf, position, market);
    needs.set(best, position, amount);
    needs.set(bidder, position, from);
    return { plan, units: amount };
  };

  /** A bid that leaves escrow. */
  const settled = (position: number, plan: Leg[]): Due => {
    const debtMarket = marketOf.data[position];
    escrowed.remove(position);
    needs.set(best, position, 0);
    return { plan, position, bidder: NOBODY, debtMarket, collateralMarket: debtMarket, repaid: 0, seized: 0 };
  };

  const refund = (position: number): Due => {
    const legs = [move(needs.escrow, bidder.data[position], needs.markets[marketOf.data[position]].asset, best.data[position])];
    needs.set(bidder, position, NOBODY);
    return settled(position, legs);
  };

  const split = (position: number, accounts: AccountsView): Due => {
    const { custody, fund, escrow } = needs;
    const market = marketOf.data[position];
    const { asset } = needs.markets[market];
    const toReserve = Math.floor(best.data[position] * reserveShare);
    const toDebt = Math.min(accounts.debt(position, market), Math.floor(best.data[position] * borrowerShare));
    const toFund = best.data[position] - toReserve - toDebt;
    const plan: Leg[] = [];
    if (toReserve + toDebt > 0) plan.push(move(escrow, custody, asset, toReserve + toDebt));
    if (toReserve > 0) plan.push({ kind: 'reserve', market, units: toReserve });
    if (toDebt > 0) plan.push(debtLeg(position, market, -toDebt, -burntShares(accounts, position, market, toDebt)));
    if (toFund > 0) plan.push(move(escrow, fund, asset, toFund));
    return settled(position, plan);
  };

  /** The largest collateral and, of it, the largest take that the right would allow now; undefined where there is none. */
  const rightOf = (accounts: AccountsView, position: number, debtMarket: number, marks: Marks, health: Health) => {
    const pair = largestPair(accounts, position, marks);
    if (isRejection(pair)) return undefined;
    const { collateralMarket } = pair;
    const anybody = { taker: needs.custody, custody: needs.custody, fund: needs.fund, purse: Number.POSITIVE_INFINITY, at: 0 };
    const request = { ...anybody, position, debtMarket, collateralMarket, amount: 'max' } as const;
    const taken = refusalOf(request, accounts, marks, health) ?? takeAtBonus(terms, request, accounts, marks, health);
    return isRejection(taken) ? undefined : { collateralMarket, right: { repay: taken.repaid, seize: taken.received } };
  };

  return {
    remembers: true,
    open(position, at) {
      grow(position);
      opened.add(position);
      needs.set(openedAt, position, at);
      if (!escrowed.has(position)) needs.set(bidder, position, NOBODY);
    },
    close: (position) => opened.remove(position),
    take(request, accounts, marks, health) {
      const refused = refusalOf(request, accounts, marks, health);
      if (refused !== undefined) return refused;
      const left = waitOf(request.position, request.taker, request.at);
      return left > 0 ? reject('GRACE', { left_ms: left }) : takeAtBonus(terms, request, accounts, marks, health);
    },
    bid,
    auctions(accounts, marks, at, health) {
      const open: Auction[] = [];
      for (const position of opened.all()) {
        if (!isForSale(position, at)) continue;
        const debtMarket = debtMarketOf(accounts, position, marks);
        const right = debtMarket < 0 ? undefined : rightOf(accounts, position, debtMarket, marks, health(position));
        if (right === undefined) continue;
        open.push({
          ...right,
          position,
          debtMarket,
          amountMin: amountMin(position),
          lotMax: 0,
          tab: Number.POSITIVE_INFINITY,
          bidder: escrowed.has(position) ? bidder.data[position] : NOBODY,
          endsAt: openedAt.data[position] + duration,
        });
      }
      return open;
    },
    due(accounts, _marks, at) {
      for (const position of escrowed.all()) {
        if (!opened.has(position)) return refund(position);
        if (!isForSale(position, at)) return split(position, accounts);
      }
      return undefined;
    },
    claims(visit) {
      for (const position of escrowed.all()) visit(bidder.data[position], marketOf.data[position], best.data[position]);
    },
  };
}
