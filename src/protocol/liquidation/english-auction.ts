/**
 * An English auction of collateral in two phases, the rule of Maker until 2021: bids for the whole lot rise until one raises the tab, and
 * from then on bidders ask for less of the collateral for the same money. A bid is paid at once into escrow and the one it beats is paid
 * back. The best bid wins after `ttl` without a better one, or at the end of `tau`: if nobody else is there, a bid of one unit does.
 *
 *   tab = debt · (1 + chop)           rising: at least (1 + beg) · the best bid, or the tab          falling: at most lot ÷ (1 + beg)
 *
 * What the winner pays lowers the debt, what is beyond is the penalty and the insurance fund's; the debt that it leaves falls to the
 * waterfall. Collateral that a bidder does without goes back to the position at once. Without a bid a lot waits after `tau` until somebody
 * starts it anew. A start takes at most `lotMax` of one collateral, and debt in proportion: a large position is sold in many lots.
 *
 * Source: makerdao/dss src/flip.sol (tend, dent, deal, tick), src/cat.sol (bite).
 */
import { column, growColumn } from '../../base/columns.ts';
import { definePart, type ParamsOf } from '../../base/params.ts';
import { isRejection, type Rejection, reject } from '../../base/rejection.ts';
import type { Ms, Units } from '../../base/units.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import { burntShares } from '../instrument/debt.ts';
import { collateralLeg, debtLeg, type Leg, move } from '../plan.ts';
import { carried, carve, largestPair } from './carve.ts';
import { createListing } from './listing.ts';
import type { Auction, Bid, BidRequest, Due, Mechanism, MechanismNeeds, Started, StartRequest } from './mechanism.ts';
import { refusalByHealth, refusalOfNoLot } from './repayment.ts';

const WEEK = 7 * 86_400_000;

const params = {
  lotMax: {
    kind: 'number',
    unit: 'token',
    range: [1e-9, Number.POSITIVE_INFINITY],
    optional: true,
    doc: 'most collateral in a lot, tokens of it (Maker in March 2020: 50 ETH); all at once if left out',
  },
  beg: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0.05, doc: 'least improvement of a bid (flip.sol: 0.05)' },
  ttl: { kind: 'duration', range: [1, WEEK], default: 10_800_000, doc: 'after which an unbeaten bid has won (flip.sol: 3 h)' },
  tau: { kind: 'duration', range: [1, 4 * WEEK], default: 172_800_000, doc: 'longest auction (flip.sol: 2 days)' },
  chop: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0.13, doc: 'penalty per debt, to the insurance fund (Maker ETH-A: 0.13)' },
} as const;

export const englishAuction = definePart<MechanismNeeds, Mechanism>()({
  name: 'english-auction',
  summary: 'Rising bids for a lot of collateral, then falling lots for the same bid; won by the best bid that stands long enough.',
  sources: ['makerdao/dss src/flip.sol, src/cat.sol'],
  params,
  create: createEnglishAuction,
});

const NOBODY = -1;

function createEnglishAuction(terms: ParamsOf<typeof params>, needs: MechanismNeeds): Mechanism {
  const { beg } = terms;
  const lots = createListing(needs.set);
  /** By lot: the position it came from, its markets, the penalty on top of its debt, when it ends whatever happens. */
  const home = column(64);
  const debtMarketOf = column(64);
  const collateralMarketOf = column(64);
  const penalty = column(64);
  const lastsUntil = column(64);
  /** The best bid, whose it is, until when it must be beaten, and the tab that it has raised (0: not yet). */
  const best = column(64);
  const bidder = column(64);
  const standsUntil = column(64);
  const raised = column(64);
  const columns = [home, debtMarketOf, collateralMarketOf, penalty, lastsUntil, best, bidder, standsUntil, raised];

  const collateralOf = (accounts: AccountsView, lot: number): Units => accounts.collateral(lot, collateralMarketOf.data[lot]);
  const endOf = (lot: number): Ms => Math.min(lastsUntil.data[lot], standsUntil.data[lot]);
  const tabOf = (accounts: AccountsView, lot: number): Units =>
    raised.data[lot] > 0 ? raised.data[lot] : accounts.debt(lot, debtMarketOf.data[lot]) + penalty.data[lot];
  /** Least money of a valid bid, and most collateral that it may ask for. */
  const amountMin = (accounts: AccountsView, lot: number): Units => {
    const before = best.data[lot];
    return Math.min(tabOf(accounts, lot), Math.max(before + 1, Math.ceil(before * (1 + beg))));
  };
  const lotMax = (accounts: AccountsView, lot: number): Units => {
    const collateral = collateralOf(accounts, lot);
    return raised.data[lot] > 0 ? Math.min(collateral - 1, Math.floor(collateral / (1 + beg))) : collateral;
  };

  /** A lot without a bid at its end: bids are taken again for as long. */
  const restart = ({ position: lot, at }: StartRequest, accounts: AccountsView, marks: Marks): Started | Rejection => {
    if (!isIdle(lot, at)) return reject('LOT_RUNNING');
    needs.set(lastsUntil, lot, at + terms.tau);
    const debtMarket = debtMarketOf.data[lot];
    return { plan: [], lot, debtUsd: accounts.debt(lot, debtMarket) * marks[debtMarket], rewardUsd: 0 };
  };
  const isIdle = (lot: number, at: Ms) => bidder.data[lot] === NOBODY && at >= lastsUntil.data[lot];

  /** Moves of a bid: into escrow, and out of it what it beats. Whoever beats himself pays the difference. */
  const bidLegs = (lot: number, from: number, amount: Units): Leg[] => {
    const { asset } = needs.markets[debtMarketOf.data[lot]];
    const before = best.data[lot];
    const paid = bidder.data[lot] === from ? amount - before : amount;
    const legs: Leg[] = paid > 0 ? [move(from, needs.escrow, asset, paid)] : [];
    if (before > 0 && bidder.data[lot] !== from) legs.push(move(needs.escrow, bidder.data[lot], asset, before));
    return legs;
  };

  const bid = ({ position: lot, amount, lot: asked, purse, bidder: from, at }: BidRequest, accounts: AccountsView): Bid | Rejection => {
    if (!lots.has(lot)) return reject('LOT_NONE');
    if (at >= endOf(lot)) return reject('ENDED');
    const tab = tabOf(accounts, lot);
    const least = amountMin(accounts, lot);
    const most = lotMax(accounts, lot);
    const falling = raised.data[lot] > 0;
    if (!Number.isInteger(amount) || amount < least) return reject('BID_LOW', { amount, least });
    if (amount > tab) return reject('BID_OVER', { amount, tab });
    // While money is raised the whole lot is for sale, and nothing else.
    if (!(Number.isInteger(asked) && asked > 0 && (falling ? asked <= most : asked === most)))
      return reject('BID_LOW', { lot: asked, most });
    const balance = purse(debtMarketOf.data[lot]) + (bidder.data[lot] === from ? best.data[lot] : 0);
    if (amount > balance) return reject('WALLET_SHORT', { amount, balance });
    const plan = bidLegs(lot, from, amount);
    if (falling) {
      const market = collateralMarketOf.data[lot];
      const spared = collateralOf(accounts, lot) - asked;
      plan.push(collateralLeg(lot, market, -spared), collateralLeg(home.data[lot], market, spared));
    }
    needs.set(best, lot, amount);
    needs.set(bidder, lot, from);
    needs.set(standsUntil, lot, at + terms.ttl);
    if (amount === tab) needs.set(raised, lot, tab);
    return { plan, units: amount };
  };

  /** The lot goes to its best bidder; what he paid to the debt, and beyond it to the fund. */
  const deal = (lot: number, accounts: AccountsView): Due => {
    const debtMarket = debtMarketOf.data[lot];
    const collateralMarket = collateralMarketOf.data[lot];
    const { custody, fund, escrow } = needs;
    const owed = needs.markets[debtMarket].asset;
    const repaid = best.data[lot];
    const seized = collateralOf(accounts, lot);
    const toDebt = Math.min(repaid, accounts.debt(lot, debtMarket));
    const plan: Leg[] = [
      move(escrow, custody, owed, toDebt),
      debtLeg(lot, debtMarket, -toDebt, -burntShares(accounts, lot, debtMarket, toDebt)),
      collateralLeg(lot, collateralMarket, -seized),
      move(custody, bidder.data[lot], needs.markets[collateralMarket].asset, seized),
    ];
    if (repaid > toDebt) plan.push(move(escrow, fund, owed, repaid - toDebt));
    const due = { plan, position: lot, bidder: bidder.data[lot], debtMarket, collateralMarket, repaid, seized };
    lots.remove(lot);
    return due;
  };

  return {
    remembers: false,
    open: () => undefined,
    close: () => undefined,
    take: ({ position }, _accounts, _marks, health) =>
      lots.has(position) ? reject('LOT_NONE', { sold: 'to bidders' }) : refusalOfNoLot(health),
    start(request, accounts, marks, health) {
      const { position, at } = request;
      if (lots.has(position)) return restart(request, accounts, marks);
      const refused = refusalByHealth(health);
      if (refused !== undefined) return refused;
      const pair = largestPair(accounts, position, marks);
      if (isRejection(pair)) return pair;
      const { scale } = accounts.markets[pair.collateralMarket];
      const carving = carve(accounts, position, marks, pair, terms.lotMax === undefined ? {} : { collateralMax: terms.lotMax * scale });
      if (isRejection(carving)) return carving;
      const lot = needs.openLot(position);
      for (const one of columns) growColumn(one, lot + 1);
      lots.add(lot);
      needs.set(home, lot, position);
      needs.set(debtMarketOf, lot, carving.debtMarket);
      needs.set(collateralMarketOf, lot, carving.collateralMarket);
      needs.set(penalty, lot, Math.ceil(carving.debt * terms.chop));
      needs.set(lastsUntil, lot, at + terms.tau);
      needs.set(best, lot, 0);
      needs.set(bidder, lot, NOBODY);
      needs.set(standsUntil, lot, Number.POSITIVE_INFINITY);
      needs.set(raised, lot, 0);
      return { plan: carried(position, lot, carving), lot, debtUsd: carving.debtUsd, rewardUsd: 0 };
    },
    bid,
    restartable: (at) => lots.all().filter((lot) => isIdle(lot, at)),
    auctions(accounts, _marks, at) {
      const open: Auction[] = [];
      for (const lot of lots.all()) {
        const most = lotMax(accounts, lot);
        if (at >= endOf(lot) || most === 0) continue;
        open.push({
          position: lot,
          debtMarket: debtMarketOf.data[lot],
          collateralMarket: collateralMarketOf.data[lot],
          amountMin: amountMin(accounts, lot),
          lotMax: most,
          tab: tabOf(accounts, lot),
          bidder: bidder.data[lot],
          endsAt: endOf(lot),
        });
      }
      return open;
    },
    due(accounts, _marks, at) {
      for (const lot of lots.all()) if (bidder.data[lot] !== NOBODY && at >= endOf(lot)) return deal(lot, accounts);
      return undefined;
    },
    claims(visit) {
      for (const lot of lots.all()) if (bidder.data[lot] !== NOBODY) visit(bidder.data[lot], debtMarketOf.data[lot], best.data[lot]);
    },
  };
}
