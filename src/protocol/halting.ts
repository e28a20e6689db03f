/**
 * Markets that stand still in part: an oracle without an acceptable reading may stop borrowing or liquidation (`oracle/accepted.ts`) while
 * there is a price to value at. A position is stopped by any market that it holds something of, owes in, or is about to touch.
 */
import { type Rejection, reject } from '../base/rejection.ts';
import type { Ms } from '../base/units.ts';
import type { Accounts } from './accounts.ts';

/** What an oracle may stop. */
export type Halted = (what: 'borrowing' | 'liquidation', market: number, now: Ms) => boolean;

/** Why a position may not do that now, if so: ORACLE_INVALID, with the market. @param touches  a market that it does not have yet */
export type RefuseHalted = (what: 'borrowing' | 'liquidation', position: number, now: Ms, touches?: number) => Rejection | undefined;

/** Nothing is ever refused where `halted` is left out. */
export function createHalting(accounts: Accounts, halted: Halted | undefined): RefuseHalted {
  if (halted === undefined) return () => undefined;
  const has = (position: number, market: number): boolean => {
    if (position < 0) return false;
    if (accounts.collateral(position, market) > 0 || accounts.debtShares(position, market) > 0) return true;
    if (accounts.settle === market && accounts.quote(position) !== 0) return true;
    return accounts.contracts.some((contract, index) => contract.market === market && accounts.size(position, index) !== 0);
  };
  return (what, position, now, touches = -1) => {
    for (const { index, name } of accounts.markets) {
      if ((index === touches || has(position, index)) && halted(what, index, now))
        return reject('ORACLE_INVALID', { halted: what, market: name });
    }
    return undefined;
  };
}
