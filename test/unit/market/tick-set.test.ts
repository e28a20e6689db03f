import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Journal } from '../../../src/ledger/journal.ts';
import { TickSet } from '../../../src/market/tick-set.ts';

const tick = fc.oneof(fc.nat(200), fc.nat(2 ** 22 - 1), fc.constantFrom(0, 31, 32, 1023, 1024, 32_767, 32_768, 2 ** 20, 2 ** 22 - 1));

describe('a set of ticks', () => {
  it('finds the nearest above and below, as a sorted list does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ tick, add: fc.boolean() }), { maxLength: 60 }),
        fc.array(tick, { maxLength: 20 }),
        (steps, asked) => {
          const set = new TickSet(new Journal());
          const list = new Set<number>();
          for (const step of steps) {
            if (step.add) {
              set.add(step.tick);
              list.add(step.tick);
            } else if (list.delete(step.tick)) set.remove(step.tick);
          }
          const sorted = [...list].sort((a, b) => a - b);
          for (const place of [...asked, ...sorted]) {
            expect(set.has(place)).toBe(list.has(place));
            expect(set.atOrAbove(place)).toBe(sorted.find((other) => other >= place) ?? -1);
            expect(set.atOrBelow(place)).toBe(sorted.findLast((other) => other <= place) ?? -1);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is as it was when a bundle is undone', () => {
    const journal = new Journal();
    const set = new TickSet(journal);
    set.add(7);
    journal.begin();
    set.add(2 ** 21);
    set.remove(7);
    journal.undo();
    expect([set.atOrAbove(0), set.atOrAbove(8), set.has(2 ** 21)]).toEqual([7, -1, false]);
  });
});
