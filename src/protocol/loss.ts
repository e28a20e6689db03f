/**
 * What happens to a loss that nobody will make good: layer by layer the waterfall is asked, each with fresh means, what it sells is sold,
 * what it pays is settled, and the position owes that much less. What no layer pays stays owed. Decides nothing itself.
 */

import { fault } from '../base/fault.ts';
import { isRejection } from '../base/rejection.ts';
import type { Ms, Units } from '../base/units.ts';
import { OUTSIDE } from '../ledger/ledger.ts';
import type { Backstop, Shortfall, TreasurySale } from './backstop/backstop.ts';
import type { Fall } from './backstop/waterfall.ts';
import type { Hall } from './hall.ts';
import { toSharesDown } from './instrument/debt.ts';
import type { MeansDesk } from './means.ts';
import { debtLeg, type Leg, move, quoteLeg } from './plan.ts';
import { blankStanding, standingOf } from './risk/standing.ts';

/** A position with less than this, and less than its debt, has nothing left: not worth anybody's gas. USD at the marks. */
export const DUST_USD = 0.01;

export interface Loss {
  /** Writes off what a position owes, once it has nothing left to pay it with. */
  cover(position: number, at: Ms): void;
  /** The last waterfall. */
  readonly lastFall: Fall | undefined;
}

export function createLoss(hall: Hall, layers: readonly Backstop[], means: MeansDesk): Loss {
  const { accounts, markets, marks, facts, fund } = hall;
  const standing = blankStanding();
  let lastFall: Fall | undefined;

  const sell = ({ venue, sell: asset, amount, brings, minted }: TreasurySale) => {
    if (minted) hall.apply([move(OUTSIDE, fund, asset, amount)]);
    const fill = hall.venues[venue].execute({ sell: asset, amount }, fund);
    if (isRejection(fill) || fill.bought !== brings) fault('TREASURY_QUOTE', { venue: hall.venues[venue].name, expected: brings });
    facts.treasurySale(asset, amount, brings, minted);
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
    const paid: Units[] = [];
    const legs: Leg[] = [];
    let left = shortfall;
    for (const layer of layers) {
      const absorbed = left > 0 ? layer.absorb({ kind, position, market, asset, units: left, at }, means.of(market, kind)) : undefined;
      paid.push(absorbed?.paid ?? 0);
      if (absorbed === undefined) continue;
      absorbed.sales?.forEach(sell);
      if (absorbed.paid === 0) continue;
      const plan = [...absorbed.plan, relief(position, kind, market, absorbed.paid, left)];
      hall.apply(plan);
      legs.push(...plan);
      left -= absorbed.paid;
    }
    lastFall = { shortfall, legs, sales: [], paid, left };
    if (kind === 'quote') hall.remark(at);
    facts.fall(position, market, lastFall);
  };

  return {
    get lastFall() {
      return lastFall;
    },
    cover(position, at) {
      const { assetsUsd, debtsUsd } = standingOf(accounts, position, marks, standing);
      if (!(assetsUsd < DUST_USD && assetsUsd < debtsUsd)) return;
      for (let contract = 0; contract < accounts.contracts.length; contract++) if (accounts.size(position, contract) !== 0) return;
      if (accounts.settle >= 0 && accounts.quote(position) < 0) writeOff(position, 'quote', accounts.settle, at);
      for (const { index } of markets) if (accounts.debtShares(position, index) > 0) writeOff(position, 'debt', index, at);
    },
  };
}
