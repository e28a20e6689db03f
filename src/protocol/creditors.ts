/**
 * Who has won from the contracts of a protocol, and to whom their pool owes something, at the marks: a full scan, made when a loss has to
 * be shared. Reads only; what is taken from whom is up to the layers of the waterfall.
 */
import type { Units } from '../base/units.ts';
import type { Creditor, Winner } from './backstop/backstop.ts';
import type { Hall } from './hall.ts';
import { blankStanding, cashAndContractsUsd, standingOf } from './risk/standing.ts';

export interface Creditors {
  /** As `Means.winners`. */
  winners(): readonly Winner[];
  /** As `Means.creditors`. */
  all(): readonly Creditor[];
  /** What a position is worth at the marks, settlement units, rounded down; negative for who owes. */
  equity(position: number): Units;
}

export function createCreditors({ accounts, marks, markets }: Pick<Hall, 'accounts' | 'marks' | 'markets'>): Creditors {
  const { contracts, settle } = accounts;
  const standing = blankStanding();

  const equity = (position: number): Units => {
    const { assetsUsd, debtsUsd } = standingOf(accounts, position, marks, standing);
    return Math.floor((assetsUsd - debtsUsd) / marks[settle]);
  };
  const markValue = (position: number, contract: number): Units =>
    Math.floor((accounts.size(position, contract) * marks[markets.length + contract]) / marks[settle]);

  /** Adds the winning sizes of one position, none of which can be made to pay more than is left of the position's equity. */
  const addWinners = (position: number, found: Winner[]) => {
    let left = Number.NaN;
    let own: Units = 0;
    for (let contract = 0; contract < contracts.length; contract++) {
      const size = accounts.size(position, contract);
      if (size === 0) continue;
      const value = markValue(position, contract);
      const entry = accounts.entry(position, contract);
      const gain = value - entry;
      if (!(gain > 0)) continue;
      if (Number.isNaN(left)) left = own = equity(position);
      const profit = Math.min(gain, left);
      if (!(profit > 0)) return;
      left -= profit;
      const profitRatio = gain / Math.max(1, Math.abs(entry));
      found.push({ position, contract, size, profit, value, entry, profitRatio, leverage: Math.abs(value) / own });
    }
  };

  return {
    equity,

    winners() {
      const found: Winner[] = [];
      for (let position = 0; position < accounts.positions; position++) if (position !== accounts.house) addWinners(position, found);
      return found;
    },

    all() {
      const found: Creditor[] = [];
      for (let position = 0; position < accounts.positions; position++) {
        if (position === accounts.house) continue;
        const owed = cashAndContractsUsd(accounts, position, marks);
        if (!(owed > 0)) continue;
        const worth = Math.min(Math.floor(owed / marks[settle]), equity(position));
        if (worth > 0) found.push({ position, worth });
      }
      return found;
    },
  };
}
