/**
 * Closeout by orders to the market, with a vault behind it: a small account is closed at once, a large one slice by slice with pauses, at
 * what the house pays for the size, impact included. An account that has lost too much of what maintenance asked for is taken over whole by
 * the vault, which keeps what is left of its equity; one that is bankrupt hands its sizes over at the mark, and what it then owes goes to
 * the waterfall; one with loans hands over its sizes too, and its collateral stays with its lenders. The rule of Hyperliquid, its vault
 * being our house.
 */
import { column, growColumn } from '../../base/columns.ts';
import { definePart, type ParamsOf } from '../../base/params.ts';
import { isRejection, type Rejection, reject } from '../../base/rejection.ts';
import type { Units, Usd } from '../../base/units.ts';
import { type AccountsView, holdsSize, type Marks } from '../accounts-view.ts';
import { collateralLeg, type Leg, move, quoteLeg, sizeLeg } from '../plan.ts';
import type { Health } from '../risk/risk-engine.ts';
import { notionalOf } from '../risk/standing.ts';
import type { Closeout, CloseoutNeeds, CloseRequest, Closing } from './closeout.ts';
import { refusalByHealth } from './repayment.ts';

const params = {
  sliceAboveUsd: {
    kind: 'number',
    unit: 'usd',
    range: [0, Number.POSITIVE_INFINITY],
    default: 100_000,
    doc: 'notional above which an account is closed slice by slice (Hyperliquid: 100,000)',
  },
  slice: { kind: 'number', unit: 'ratio', range: [0.001, 1], default: 0.2, doc: 'part of each size closed at a time (Hyperliquid: 0.2)' },
  cooldown: { kind: 'duration', range: [0, 86_400_000], default: 30_000, doc: 'between two slices (Hyperliquid: 30 s)' },
  takeoverBelow: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 1],
    default: 2 / 3,
    doc: 'equity per maintenance requirement below which the vault takes the account over (Hyperliquid: 2/3); 0: only who is bankrupt',
  },
  penalty: { kind: 'number', unit: 'ratio', range: [0, 0.5], default: 0, doc: 'of the notional closed, to the insurance fund' },
  keeperShare: { kind: 'number', unit: 'ratio', range: [0, 1], default: 0, doc: 'part of the penalty that goes to who closes' },
  collateralDiscount: {
    kind: 'number',
    unit: 'ratio',
    range: [0, 1],
    default: 0.05,
    doc: 'below the mark, at which the vault buys collateral for cash that is owed',
  },
} as const;

export const order = definePart<CloseoutNeeds, Closeout>()({
  name: 'order',
  summary: 'Closes sizes by orders to the market, slice by slice; the vault takes over who has lost too much.',
  sources: ['docs.hyena.trade/trading/liquidation and docs.byreal.io/products/perp/risk-and-liquidation (Hyperliquid’s rules restated)'],
  params,
  create: createOrder,
});

function createOrder(terms: ParamsOf<typeof params>, needs: CloseoutNeeds): Closeout {
  /** When each account was last closed in part. */
  const closedAt = column(64, Number.NEGATIVE_INFINITY);

  const close = ({ position, keeper, at }: CloseRequest, accounts: AccountsView, marks: Marks, health: Health): Closing | Rejection => {
    // An account without cash can be judged without a mark of the settlement asset, but not paid in it.
    if (Number.isNaN(marks[accounts.settle])) return reject('ORACLE_INVALID');
    const refused = refusalByHealth(health);
    if (refused !== undefined) return refused;
    if (needs.vault() < 0) return reject('HOUSE_NONE');
    if (!holdsSize(accounts, position)) return sellCollateral(accounts, position, marks);
    const notionalUsd = notionalOf(accounts, position, marks);
    // What is asked for all of it: sizes, and haircuts of collateral.
    if (health.equity < terms.takeoverBelow * health.required || health.equity <= 0) {
      return takeOver(accounts, position, marks, health, notionalUsd);
    }
    const whole = notionalUsd <= terms.sliceAboveUsd;
    growColumn(closedAt, position + 1, Number.NEGATIVE_INFINITY);
    const left = terms.cooldown - (at - closedAt.data[position]);
    if (!whole && left > 0) return reject('COOLDOWN', { left_ms: left });
    const sold = sell(accounts, position, whole ? 1 : terms.slice);
    if (isRejection(sold)) return sold;
    if (!whole) needs.set(closedAt, position, at);
    const closedUsd = notionalUsd * (whole ? 1 : terms.slice);
    return { ...charged(accounts, position, keeper, marks, health, closedUsd, sold), closedUsd, takenOver: false };
  };

  /** Orders for a part of each size, rounded up. Fees are paid as far as there is cash to pay them from. */
  const sell = (accounts: AccountsView, position: number, part: number): Leg[] | Rejection => {
    const legs: Leg[] = [];
    let cash = needs.cash();
    for (let contract = 0; contract < accounts.contracts.length; contract++) {
      const size = accounts.size(position, contract);
      if (size === 0) continue;
      const fill = needs.fill(contract, -Math.sign(size) * Math.ceil(Math.abs(size) * part));
      if (isRejection(fill)) return fill;
      const fee = Math.min(fill.fee, cash);
      cash -= fee;
      legs.push(...needs.legs(position, contract, { ...fill, fee }));
    }
    return legs;
  };

  /** The penalty, as far as there is equity and cash to take it from. */
  const charged = (
    accounts: AccountsView,
    position: number,
    keeper: number,
    marks: Marks,
    health: Health,
    closedUsd: Usd,
    legs: readonly Leg[],
  ) => {
    const settleMark = marks[accounts.settle];
    const { asset } = accounts.markets[accounts.settle];
    let cash = needs.cash();
    // What closing itself has cost is gone already.
    let { equity } = health;
    for (const leg of legs) {
      if (leg.kind === 'move') cash -= leg.units;
      else if (leg.kind === 'quote' && leg.position === position) equity += leg.units * settleMark;
      else if (leg.kind === 'size' && leg.position === position) equity += leg.units * marks[accounts.markets.length + leg.contract];
    }
    const most = Math.max(0, Math.min(Math.floor(equity / settleMark), cash));
    const penalty = Math.min(most, Math.ceil((terms.penalty * closedUsd) / settleMark));
    const reward = Math.floor(penalty * terms.keeperShare);
    const plan: Leg[] = [...legs];
    if (penalty > 0) plan.push(quoteLeg(position, -penalty));
    if (penalty > reward) plan.push(move(needs.custody, needs.fund, asset, penalty - reward));
    if (reward > 0) plan.push(move(needs.custody, keeper, asset, reward));
    return { plan, penalty, rewardUsd: reward * settleMark };
  };

  /**
   * Everything goes to the vault. Of a bankrupt account, and of one with loans, only the sizes, at the mark: what else it has is for those
   * whom it owes.
   */
  const takeOver = (accounts: AccountsView, position: number, marks: Marks, { equity }: Health, closedUsd: Usd): Closing => {
    const vault = needs.vault();
    const settleMark = marks[accounts.settle];
    const legs: Leg[] = [];
    for (let contract = 0; contract < accounts.contracts.length; contract++) {
      const size = accounts.size(position, contract);
      if (size === 0) continue;
      const value = Math.floor((size * marks[accounts.markets.length + contract]) / settleMark);
      legs.push(sizeLeg(position, contract, -size, 0), sizeLeg(vault, contract, size, value));
      if (value !== 0) legs.push(quoteLeg(position, value), quoteLeg(vault, -value));
    }
    const owes = accounts.markets.some(({ index }) => accounts.debtShares(position, index) > 0);
    if (equity > 0 && !owes) {
      const cash =
        accounts.quote(position) + legs.reduce((sum, leg) => sum + (leg.kind === 'quote' && leg.position === position ? leg.units : 0), 0);
      if (cash !== 0) legs.push(quoteLeg(position, -cash), quoteLeg(vault, cash));
      for (const { index } of accounts.markets) {
        const held = accounts.collateral(position, index);
        if (held > 0) legs.push(collateralLeg(position, index, -held), collateralLeg(vault, index, held));
      }
    }
    return { plan: legs, closedUsd, takenOver: true, penalty: 0, rewardUsd: 0 };
  };

  /** No size is left but cash is owed: the vault buys collateral for it, below the mark. */
  const sellCollateral = (accounts: AccountsView, position: number, marks: Marks): Closing | Rejection => {
    let owed: Units = -accounts.quote(position);
    if (!(owed > 0)) return reject('SIZE_NONE');
    const vault = needs.vault();
    const legs: Leg[] = [];
    let closedUsd = 0;
    for (const { index } of accounts.markets) {
      const held = accounts.collateral(position, index);
      const price = (marks[index] * (1 - terms.collateralDiscount)) / marks[accounts.settle];
      if (held === 0 || owed <= 0 || !(price > 0)) continue;
      const sold = Math.min(held, Math.ceil(owed / price));
      const brings = Math.floor(sold * price);
      legs.push(collateralLeg(position, index, -sold), collateralLeg(vault, index, sold));
      if (brings > 0) legs.push(quoteLeg(vault, -brings), quoteLeg(position, brings));
      owed -= brings;
      closedUsd += sold * marks[index];
    }
    if (legs.length === 0) return reject('COLLATERAL_NONE');
    return { plan: legs, closedUsd, takenOver: true, penalty: 0, rewardUsd: 0 };
  };

  return { close };
}
