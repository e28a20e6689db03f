/**
 * Tells whoever has a memory (a mechanism, a clock) who has become liquidatable and who no longer is. Asked when marks are brought up to
 * date, never within a bundle.
 */
import type { Ms } from '../../base/units.ts';
import type { Mechanism } from './mechanism.ts';

export interface Openings {
  /** `liquidatable` are all positions that can be liquidated now, ascending. */
  update(liquidatable: readonly number[], at: Ms): void;
}

export function createOpenings(mechanism: Pick<Mechanism, 'open' | 'close'>): Openings {
  let open: readonly number[] = [];
  return {
    update(liquidatable, at) {
      let old = 0;
      for (const position of liquidatable) {
        while (old < open.length && open[old] < position) mechanism.close(open[old++], at);
        if (open[old] === position) old++;
        else mechanism.open(position, at);
      }
      while (old < open.length) mechanism.close(open[old++], at);
      open = liquidatable.slice();
    },
  };
}
