/**
 * A Dutch auction of collateral, the rule of Maker's Liquidations 2.0: whoever starts it moves debt and collateral of a position into a
 * lot, whose price begins above the oracle's and falls in steps until somebody takes it, wholly or in part. Nobody has to lock money up,
 * and nobody can win for nothing while others watch.
 *
 *   price(t) = buf · oracle at the start · cut^⌊t/step⌋          in units of the debt per unit of collateral: takes ask no oracle
 *   tab      = debt · (1 + chop)                                 what a lot has to raise: debt first, then the penalty, which is the fund's
 *
 * Once the tab is raised what is left goes back to the position. After `tail`, or below `cusp` of its first price, a lot is not sold until
 * it is started anew. The keeper who starts is paid from the insurance fund as far as it goes: there the surplus pays, and if need be money
 * is made for it. As new debt it would fall to the borrower, who pays for it by the penalty already. A lot holds one collateral and one
 * debt: a position with several is auctioned in several lots.
 *
 * Source: makerdao/dss src/clip.sol, src/dog.sol, src/abaci.sol (StairstepExponentialDecrease).
 */
import { column, growColumn } from '../../base/columns.ts';
import { pow } from '../../base/elementary.ts';
import { definePart, type ParamsOf } from '../../base/params.ts';
import { isRejection, type Rejection, reject } from '../../base/rejection.ts';
import type { Ms, Units, Usd } from '../../base/units.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import { burntShares } from '../instrument/debt.ts';
import { collateralLeg, debtLeg, type Leg, move } from '../plan.ts';
import type { Health } from '../risk/risk-engine.ts';
import { carried, carve, largestPair, type Pair } from './carve.ts';
import { createListing } from './listing.ts';
import type { Mechanism, MechanismNeeds, Started, StartRequest, Taken, TakeRequest } from './mechanism.ts';
import { refusalByHealth, refusalOfNoLot } from './repayment.ts';
import { repaidUp, seizedDown, seizureRate } from './seizure.ts';

const WEEK = 7 * 86_400_000;
const hole = (what: string) =>
  ({
    kind: 'number',
    unit: 'usd',
    range: [0, Number.POSITIVE_INFINITY],
    optional: true,
    doc: `most that lots may have to raise ${what}`,
  }) as const;

const params = {
  buf: { kind: 'number', unit: 'ratio', range: [0.1, 10], default: 1.3, doc: 'first price per oracle price (Maker ETH-A: 1.3)' },
  cut: {
    kind: 'number',
    unit: 'ratio',
    range: [0.01, 1],
    default: 0.99,
    doc: 'what each step multiplies the price by (Maker ETH-A: 0.99)',
  },
  step: { kind: 'duration', range: [1, WEEK], default: 90_000, doc: 'between two prices (Maker ETH-A: 90 s)' },
  tail: { kind: 'duration', range: [0, WEEK], default: 8_400_000, doc: 'after which a lot must be started anew (Maker ETH-A: 140 min)' },
  cusp: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 1],
    default: 0.4,
    doc: 'part of the first price below which the same (Maker ETH-A: 0.4)',
  },
  chop: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0.13, doc: 'penalty per debt, to the insurance fund (Maker ETH-A: 0.13)' },
  chip: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0.001, doc: 'keeper’s reward per tab (Maker ETH-A: 0.001)' },
  tip: { kind: 'number', unit: 'usd', range: [0, 1e9], default: 0, doc: 'keeper’s reward for each start (Maker ETH-A: 0, later 300)' },
  dust: {
    kind: 'number',
    unit: 'usd',
    range: [0, Number.POSITIVE_INFINITY],
    default: 0,
    doc: 'smallest debt that a start may leave in the position, and with the penalty a take in the lot',
  },
  hole: hole('all together; then nothing is started'),
  holeEach: hole('for each collateral (Maker ETH-A: 22 million)'),
} as const;

export const dutchAuction = definePart<MechanismNeeds, Mechanism>()({
  name: 'dutch-auction',
  summary:
    'A lot of collateral whose price falls in steps from above the oracle’s until it is taken; a penalty goes to the insurance fund.',
  sources: ['makerdao/dss src/clip.sol, src/dog.sol, src/abaci.sol'],
  params,
  create: createDutchAuction,
});

function createDutchAuction(terms: ParamsOf<typeof params>, needs: MechanismNeeds): Mechanism {
  const lots = createListing(needs.set);
  /** By lot: the position it came from, its markets, its first price, when that held, penalty yet to raise, least tab a take may leave. */
  const home = column(64);
  const debtMarketOf = column(64);
  const collateralMarketOf = column(64);
  const top = column(64);
  const startedAt = column(64);
  const penalty = column(64);
  const tabMin = column(64);
  const columns = [home, debtMarketOf, collateralMarketOf, top, startedAt, penalty, tabMin];

  /** Part of its first price that a lot costs now. */
  const fallen = (lot: number, at: Ms) => pow(terms.cut, Math.floor((at - startedAt.data[lot]) / terms.step));
  const isOver = (lot: number, at: Ms) => at - startedAt.data[lot] > terms.tail || fallen(lot, at) < terms.cusp;
  const tabOf = (accounts: AccountsView, lot: number): Units => accounts.debt(lot, debtMarketOf.data[lot]) + penalty.data[lot];

  /** USD that lots of a collateral (−1: of any) have yet to raise. */
  const raising = (accounts: AccountsView, marks: Marks, collateralMarket: number): Usd => {
    let usd = 0;
    for (const lot of lots.all()) {
      const counts = collateralMarket < 0 || collateralMarketOf.data[lot] === collateralMarket;
      const mark = marks[debtMarketOf.data[lot]];
      if (counts && mark > 0) usd += tabOf(accounts, lot) * mark;
    }
    return usd;
  };

  /** Most debt that the holes leave room for, USD; a debt of which only dust would stay goes wholly. */
  const debtUsdMax = (accounts: AccountsView, marks: Marks, pair: Pair): Usd | Rejection => {
    const { hole = Number.POSITIVE_INFINITY, holeEach = Number.POSITIVE_INFINITY, dust, chop } = terms;
    if (hole === Number.POSITIVE_INFINITY && holeEach === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
    const room = Math.min(hole - raising(accounts, marks, -1), holeEach - raising(accounts, marks, pair.collateralMarket));
    if (!(room > 0 && room >= dust)) return reject('FULL', { room_usd: room });
    const most = room / (1 + chop);
    return pair.debtUsd - most < dust ? Number.POSITIVE_INFINITY : most;
  };

  /** The keeper's reward, from the fund as far as it goes. */
  const reward = (keeper: number, debtMarket: number, tab: Units, marks: Marks): { legs: Leg[]; usd: Usd } => {
    const mark = marks[debtMarket];
    const owed = Math.floor(terms.tip / mark + terms.chip * tab);
    const paid = Math.min(owed, needs.balance(needs.fund, debtMarket));
    const { asset } = needs.markets[debtMarket];
    return paid > 0 ? { legs: [move(needs.fund, keeper, asset, paid)], usd: paid * mark } : { legs: [], usd: 0 };
  };

  const kick = (lot: number, marks: Marks, at: Ms) => {
    needs.set(top, lot, (terms.buf * marks[collateralMarketOf.data[lot]]) / marks[debtMarketOf.data[lot]]);
    needs.set(startedAt, lot, at);
  };

  /** A lot that has run out, at a fresh price. */
  const restart = ({ position: lot, keeper, at }: StartRequest, accounts: AccountsView, marks: Marks): Started | Rejection => {
    if (!isOver(lot, at)) return reject('LOT_RUNNING');
    const debtMarket = debtMarketOf.data[lot];
    const collateralMarket = collateralMarketOf.data[lot];
    if (!(marks[debtMarket] > 0 && marks[collateralMarket] > 0)) return reject('ORACLE_INVALID');
    kick(lot, marks, at);
    const tab = tabOf(accounts, lot);
    const worth = (accounts.collateral(lot, collateralMarket) * marks[collateralMarket]) / marks[debtMarket];
    // Not for what is too small to be worth it: else dust would pay whoever starts it again and again.
    const paid = Math.min(tab, worth) >= tabMin.data[lot] ? reward(keeper, debtMarket, tab, marks) : { legs: [], usd: 0 };
    return { plan: paid.legs, lot, debtUsd: accounts.debt(lot, debtMarket) * marks[debtMarket], rewardUsd: paid.usd };
  };

  const start = (request: StartRequest, accounts: AccountsView, marks: Marks, health: Health): Started | Rejection => {
    const { position, keeper, at } = request;
    if (lots.has(position)) return restart(request, accounts, marks);
    const refused = refusalByHealth(health);
    if (refused !== undefined) return refused;
    const pair = largestPair(accounts, position, marks);
    if (isRejection(pair)) return pair;
    const most = debtUsdMax(accounts, marks, pair);
    if (isRejection(most)) return most;
    const carving = carve(accounts, position, marks, pair, { debtUsdMax: most });
    if (isRejection(carving)) return carving;
    const { debtMarket, collateralMarket, debt, debtUsd } = carving;
    const lot = needs.openLot(position);
    for (const one of columns) growColumn(one, lot + 1);
    lots.add(lot);
    needs.set(home, lot, position);
    needs.set(debtMarketOf, lot, debtMarket);
    needs.set(collateralMarketOf, lot, collateralMarket);
    needs.set(penalty, lot, Math.ceil(debt * terms.chop));
    needs.set(tabMin, lot, Math.ceil((terms.dust * (1 + terms.chop)) / marks[debtMarket]));
    kick(lot, marks, at);
    const { legs, usd } = reward(keeper, debtMarket, debt + penalty.data[lot], marks);
    return { plan: [...carried(position, lot, carving), ...legs], lot, debtUsd, rewardUsd: usd };
  };

  /** What a take of a lot pays: as asked, but neither more than it is worth or has to raise, nor so much that dust is left. */
  const payment = (
    { amount, purse }: TakeRequest,
    tab: Units,
    all: Units,
    collateral: Units,
    seized: (paid: Units) => Units,
    least: Units,
  ): Units | Rejection => {
    const most = Math.min(tab, all);
    const asked = Math.min(most, amount === 'max' ? purse : amount);
    if (asked > purse || asked === 0) return reject('WALLET_SHORT', { balance: purse, amount: asked });
    if (asked === tab || seized(asked) === collateral || tab - asked >= least) return asked;
    return tab > least ? tab - least : reject('AMOUNT', { amount: asked, least: most });
  };

  const take = (request: TakeRequest, accounts: AccountsView, _marks: Marks, health: Health): Taken | Rejection => {
    const { position: lot, debtMarket, collateralMarket, taker, custody, fund, at } = request;
    if (!lots.has(lot)) return refusalOfNoLot(health);
    if (debtMarket !== debtMarketOf.data[lot]) return reject('DEBT_NONE');
    if (collateralMarket !== collateralMarketOf.data[lot]) return reject('COLLATERAL_NONE');
    if (isOver(lot, at)) return reject('ENDED');
    const debt = accounts.debt(lot, debtMarket);
    const collateral = accounts.collateral(lot, collateralMarket);
    const tab = debt + penalty.data[lot];
    const rate = seizureRate(1, top.data[lot] * fallen(lot, at), 0);
    const seizedFor = (paid: Units) => seizedDown(paid, rate, collateral);
    const paid = payment(request, tab, repaidUp(collateral, rate, tab), collateral, seizedFor, tabMin.data[lot]);
    if (isRejection(paid)) return paid;
    const seized = seizedFor(paid);
    const toDebt = Math.min(paid, debt);
    const shares = burntShares(accounts, lot, debtMarket, toDebt);
    if (seized === 0 || (shares === 0 && toDebt > 0)) return reject('AMOUNT', { amount: paid });
    const owed = accounts.markets[debtMarket].asset;
    const plan: Leg[] = [];
    if (toDebt > 0) plan.push(move(taker, custody, owed, toDebt), debtLeg(lot, debtMarket, -toDebt, -shares));
    if (paid > toDebt) plan.push(move(taker, fund, owed, paid - toDebt));
    plan.push(collateralLeg(lot, collateralMarket, -seized), move(custody, taker, accounts.markets[collateralMarket].asset, seized));
    const left = collateral - seized;
    if (paid === tab && left > 0) {
      plan.push(collateralLeg(lot, collateralMarket, -left), collateralLeg(home.data[lot], collateralMarket, left));
    }
    needs.set(penalty, lot, penalty.data[lot] - (paid - toDebt));
    if (paid === tab || left === 0) lots.remove(lot);
    return { plan, repaid: paid, seized, received: seized };
  };

  return {
    remembers: false,
    open: () => undefined,
    close: () => undefined,
    take,
    start,
    lots: lots.all,
    restartable: (at) => lots.all().filter((lot) => isOver(lot, at)),
  };
}
