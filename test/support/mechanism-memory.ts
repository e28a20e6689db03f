/**
 * What a mechanism remembers, as a test sees it: every column that it has ever written through its needs. A column that is also written
 * past them shows in it all the same, and is then not as it was after a bundle is undone.
 */
import type { Column } from '../../src/base/columns.ts';
import type { MechanismNeeds } from '../../src/protocol/liquidation/mechanism.ts';
import type { Liquidation } from './liquidation-stage.ts';

export interface Memory {
  /** The mechanism, watched. */
  readonly liquidation: Liquidation;
  /** Copies of all columns known by now. */
  copy(): readonly (readonly number[])[];
  /** What of a copy is not as it was; columns that were not known then, and cells that there were not, do not count. */
  changed(before: readonly (readonly number[])[]): readonly string[];
}

export function watchMemory(liquidation: Liquidation): Memory {
  const columns: Column[] = [];
  return {
    liquidation(needs: MechanismNeeds) {
      return liquidation({
        ...needs,
        set(column, index, value) {
          if (!columns.includes(column)) columns.push(column);
          needs.set(column, index, value);
        },
      });
    },
    copy: () => columns.map(({ data }) => [...data]),
    changed: (before) =>
      before.flatMap((cells, at) =>
        cells.flatMap((value, cell) =>
          Object.is(columns[at].data[cell], value) ? [] : [`column ${at} cell ${cell}: ${value} → ${columns[at].data[cell]}`],
        ),
      ),
  };
}
