/** Who asked to be told when the health of a position falls below some level: the index of the near, with a level for each position. */
import { type Column, column, growColumn } from '../../base/columns.ts';
import type { Ratio } from '../../base/units.ts';
import type { AccountsView, Marks } from '../accounts-view.ts';
import type { RiskEngine } from '../risk/risk-engine.ts';
import { createNear } from './near.ts';

export interface Watches {
  /** Watches a position until its health factor is below `below`; 0 stops. */
  watch(position: number, below: Ratio): void;
  /** Notes that a position has changed. */
  touch(position: number): void;
  /** Another engine judges from now on. */
  reset(risk: RiskEngine): void;
  /** Positions that are below now, ascending; each is told once. */
  due(marks: Marks): readonly number[];
}

export function createWatches(accounts: AccountsView, risk: RiskEngine, undoable: () => boolean): Watches {
  const levels: Column = column(64);
  const near = createNear(accounts, risk, (position) => levels.data[position], undoable);
  let watched = 0;

  const watch = (position: number, below: Ratio) => {
    growColumn(levels, position + 1);
    watched += (below > 0 ? 1 : 0) - (levels.data[position] > 0 ? 1 : 0);
    levels.data[position] = below > 0 ? below : 0;
    near.touch(position);
  };

  return {
    watch,
    reset: near.reset,
    touch: (position) => {
      if (levels.data[position] > 0) near.touch(position);
    },
    due(marks) {
      if (watched === 0) return [];
      const due = near.find(marks).slice();
      for (const position of due) watch(position, 0);
      return due;
    },
  };
}
