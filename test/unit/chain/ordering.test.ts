import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OrderName, orderings, type Ranked } from '../../../src/chain/ordering.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const names = Object.keys(orderings) as OrderName[];

/** Bundles with many ties in tip and arrival, in order of submission. */
const crowd = fc
  .array(fc.record({ tip: fc.constantFrom(0, 0.5, 1, 2), gas: fc.constantFrom(1, 2, 4), arrival: fc.constantFrom(0, 1, 12_000) }), {
    maxLength: 40,
  })
  .map((list): Ranked[] => list.map((one, sequence) => ({ ...one, sequence })));

describe('ordering', () => {
  it('by fee puts the better tip first, then the earlier arrival, then the earlier submission', () => {
    const list: Ranked[] = [
      { tip: 1, gas: 1, arrival: 5, sequence: 3 },
      { tip: 1, gas: 1, arrival: 5, sequence: 2 },
      { tip: 1, gas: 1, arrival: 4, sequence: 4 },
      { tip: 2, gas: 1, arrival: 9, sequence: 5 },
    ];
    expect(list.sort(orderings.fee).map(({ sequence }) => sequence)).toEqual([5, 4, 2, 3]);
  });

  it('by arrival does not look at the tip', () => {
    const list: Ranked[] = [
      { tip: 9, gas: 1, arrival: 5, sequence: 1 },
      { tip: 0, gas: 1, arrival: 4, sequence: 2 },
      { tip: 0, gas: 1, arrival: 5, sequence: 0 },
    ];
    expect(list.sort(orderings.arrival).map(({ sequence }) => sequence)).toEqual([2, 0, 1]);
  });

  it('by auction looks at what the whole bundle pays', () => {
    const list: Ranked[] = [
      { tip: 3, gas: 1, arrival: 1, sequence: 0 },
      { tip: 1, gas: 4, arrival: 2, sequence: 1 },
      { tip: 2, gas: 2, arrival: 1, sequence: 2 },
      { tip: 0, gas: 9, arrival: 0, sequence: 3 },
    ];
    expect(list.sort(orderings.auction).map(({ sequence }) => sequence)).toEqual([2, 1, 0, 3]);
  });

  it.each(names)('by %s is total: the same bundles in any memory order make the same block', (name) => {
    const order = orderings[name];
    const shuffled = crowd.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })));
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        const ordered = [...list].sort(order);
        expect([...other].sort(order)).toEqual(ordered);
        for (const a of list) {
          for (const b of list) {
            expect(Math.sign(order(a, b)) + Math.sign(order(b, a))).toBe(0);
            if (a !== b) expect(order(a, b)).not.toBe(0);
          }
        }
      }),
      { numRuns: propertyRuns(50, 1000) },
    );
  });

  it.each(names)('by %s is stable: equals stay in the order in which they were submitted', (name) => {
    fc.assert(
      fc.property(crowd, (list) => {
        const ordered = [...list].sort(orderings[name]);
        for (let i = 1; i < ordered.length; i++) {
          const [a, b] = [ordered[i - 1], ordered[i]];
          if (a.tip === b.tip && a.gas === b.gas && a.arrival === b.arrival) expect(a.sequence).toBeLessThan(b.sequence);
        }
      }),
      { numRuns: propertyRuns(100, 1000) },
    );
  });
});
