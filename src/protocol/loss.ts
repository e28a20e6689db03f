/**
 * The waterfall: what happens to a loss that nobody will make good. Layer by layer, in the scenario's order, each is asked with fresh means
 * to pay what the ones before could not (BACK-1); what it sells is sold, what it pays is settled, and the position owes that much less.
 * What no layer pays stays owed. Decides nothing itself.
 */

import { column, growColumn } from '../base/columns.ts';
import { fault } from '../base/fault.ts';
import { isRejection } from '../base/rejection.ts';
import type { AssetId, Ms, Units } from '../base/units.ts';
import { OUTSIDE } from '../ledger/ledger.ts';
import { holdsSize } from './accounts-view.ts';
import type { Backstop, Fall, Shortfall, Sized, TreasurySale } from './backstop/backstop.ts';
import type { Hall } from './hall.ts';
import { toSharesDown } from './instrument/debt.ts';
import type { MeansDesk } from './means.ts';
import { debtLeg, type Leg, move, quoteLeg } from './plan.ts';
import { blankStanding, standingOf } from './risk/standing.ts';

/** A position with less than this, and less than its debt, has nothing left: not worth anybody's gas. USD at the marks. */
export const DUST_USD = 0.01;

export interface Loss {
  /** Notes the sizes of an account that is about to be closed or settled, so that it is known who was on the other side. */
  remember(position: number): void;
  /** Writes off what a position owes, once it has nothing left to pay it with. */
  cover(position: number, at: Ms): void;
  /** The last waterfall. */
  readonly lastFall: Fall | undefined;
}

export function createLoss(hall: Hall, layers: readonly Backstop[], means: MeansDesk): Loss {
  const { accounts, markets, marks, facts, fund, tally } = hall;
  const standing = blankStanding();
  let lastFall: Fall | undefined;

  const depth = accounts.contracts.length;
  /** By position · contracts + contract: the size before it was last closed. */
  const closedOf = column(4);
  const closed = (position: number): Sized[] => {
    const sizes: Sized[] = [];
    if ((position + 1) * depth > closedOf.data.length) return sizes;
    for (let contract = 0; contract < depth; contract++) {
      const size = closedOf.data[position * depth + contract];
      if (size !== 0) sizes.push({ contract, size });
    }
    return sizes;
  };

  const sell = (sale: TreasurySale, asset: AssetId) => {
    const { venue, sell: sold, amount, brings, minted } = sale;
    if (minted) hall.apply([move(OUTSIDE, fund, sold, amount)]);
    const fill = hall.venues[venue].execute({ sell: sold, amount }, fund);
    if (isRejection(fill) || fill.bought !== brings) fault('TREASURY_QUOTE', { venue: hall.venues[venue].name, expected: brings });
    facts.treasurySale(sale, asset);
  };

  const owedOf = (position: number, kind: Shortfall['kind'], market: number): Units =>
    kind === 'debt' ? accounts.debt(position, market) : Math.max(0, -accounts.quote(position));

  /** The leg by which the position owes `paid` less of `owed`. */
  const relief = (position: number, kind: Shortfall['kind'], market: number, paid: Units, owed: Units): Leg => {
    if (kind === 'quote') return quoteLeg(position, paid);
    const part = toSharesDown(paid, accounts.totalDebt(market), accounts.totalDebtShares(market));
    return debtLeg(position, market, -paid, -(paid === owed ? accounts.debtShares(position, market) : part));
  };

  const writeOff = (position: number, kind: Shortfall['kind'], market: number, at: Ms) => {
    const { asset } = markets[market];
    const shortfall = owedOf(position, kind, market);
    facts.shortfall(position, market, shortfall);
    tally.lost(shortfall * marks[market]);
    const paid: Units[] = [];
    const legs: Leg[] = [];
    let left = shortfall;
    const sizes = kind === 'quote' ? closed(position) : [];
    for (const layer of layers) {
      const asked = { kind, position, market, asset, units: left, at, closed: sizes };
      const absorbed = left > 0 ? layer.absorb(asked, means.of(market, kind)) : undefined;
      paid.push(absorbed?.paid ?? 0);
      if (absorbed === undefined) continue;
      for (const sale of absorbed.sales ?? []) sell(sale, asset);
      if (absorbed.paid === 0) continue;
      const plan = [...absorbed.plan, relief(position, kind, market, absorbed.paid, left)];
      hall.apply(plan);
      legs.push(...plan);
      left -= absorbed.paid;
      for (const taking of absorbed.deleveraged ?? []) facts.deleveraged(taking, market);
      facts.paid(layer, position, market, absorbed.paid, left);
    }
    lastFall = { shortfall, legs, paid, left };
    if (kind === 'quote') hall.remark(at);
  };

  return {
    get lastFall() {
      return lastFall;
    },
    remember(position) {
      // Nothing is closed of who holds nothing: what was closed before is what he is short for.
      if (!holdsSize(accounts, position)) return;
      growColumn(closedOf, (position + 1) * depth);
      for (let contract = 0; contract < depth; contract++) {
        hall.ledger.journal.set(closedOf, position * depth + contract, accounts.size(position, contract));
      }
    },
    cover(position, at) {
      const { assetsUsd, debtsUsd } = standingOf(accounts, position, marks, standing);
      if (!(assetsUsd < DUST_USD && assetsUsd < debtsUsd) || holdsSize(accounts, position)) return;
      if (accounts.settle >= 0 && accounts.quote(position) < 0) writeOff(position, 'quote', accounts.settle, at);
      for (const { index } of markets) if (accounts.debtShares(position, index) > 0) writeOff(position, 'debt', index, at);
    },
  };
}
