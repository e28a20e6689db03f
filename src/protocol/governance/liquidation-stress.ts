/**
 * What would have to be sold if prices moved against everybody: of one collateral after a fall, of one contract after a move either way.
 * Judged by the shares that markets and contracts state, whatever engine is in force; asked once an epoch, because it looks at all
 * accounts.
 */
import type { Ratio, Units, Usd } from '../../base/units.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import { blankStanding } from '../risk/standing.ts';
import { contractMargin, countedOf, modeOf, shareOf } from '../risk/static.ts';

/**
 * Units of a collateral that liquidators would receive if its mark fell to `left` of itself and everything else stood still: of each
 * position that is then below its threshold, what pays its whole debt and the bonus, at most all there is.
 */
export function soldAfterFall(accounts: AccountsView, marks: Marks, market: number, left: Ratio): Units {
  const { bonus } = accounts.markets[market].params;
  const standing = blankStanding();
  let sold: Units = 0;
  for (let position = 0; position < accounts.positions; position++) {
    const held = accounts.collateral(position, market);
    if (held === 0) continue;
    const counted = countedOf(accounts, position, marks, 'maintenance', standing);
    const share = shareOf(accounts.markets[market], modeOf(accounts, position), 'maintenance');
    const lost: Usd = held * marks[market] * share * (1 - left);
    if (!(counted - lost < standing.debtsUsd)) continue;
    sold += Math.min(held, (standing.debtsUsd * (1 + bonus)) / (marks[market] * left));
  }
  return sold;
}

/** Size of a contract that would be closed, of longs after a fall of its mark by `move` and of shorts after such a rise. */
export function closedAfterMove(accounts: AccountsView, marks: Marks, contract: number, move: Ratio): { longs: Units; shorts: Units } {
  const mark = marks[accounts.markets.length + contract];
  const standing = blankStanding();
  let longs: Units = 0;
  let shorts: Units = 0;
  for (let position = 0; position < accounts.positions; position++) {
    const size = accounts.size(position, contract);
    if (size === 0) continue;
    const counted = countedOf(accounts, position, marks, 'maintenance', standing);
    const margin = contractMargin(accounts, position, marks, 'maintenance');
    if (!(counted - Math.abs(size) * mark * move < standing.debtsUsd + margin)) continue;
    if (size > 0) longs += size;
    else shorts -= size;
  }
  return { longs, shorts };
}
