/** What every backstop promises: it pays what it can of what is asked, never more, and its legs say exactly that. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Backstop, Means, Shortfall } from '../../src/protocol/backstop/backstop.ts';

const CUSTODY = 3;
const FUND = 4;
const amount = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }));
const cases = fc.record({ units: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), fund: amount, reserve: amount, supply: amount });

export function backstopContract(name: string, create: () => Backstop): void {
  describe(`backstop: ${name}`, () => {
    const ask = ({ units, ...available }: { units: number } & Pick<Means, 'fund' | 'reserve' | 'supply'>) => {
      const shortfall: Shortfall = { kind: 'debt', position: 0, market: 1, asset: 5, units, at: 0 };
      const none = { vault: 0, vaultPosition: -1, winners: () => [], treasury: [], sale: () => undefined };
      return create().absorb(shortfall, { ...none, ...available, fundAccount: FUND, custody: CUSTODY });
    };

    it('pays at most what is short, and frees custody of exactly what it says', () => {
      fc.assert(
        fc.property(cases, (asked) => {
          const { plan, paid } = ask(asked);
          expect(paid).toBeGreaterThanOrEqual(0);
          expect(paid).toBeLessThanOrEqual(asked.units);
          let freed = 0;
          for (const leg of plan) {
            if (leg.kind === 'move') {
              expect(leg).toMatchObject({ to: CUSTODY, asset: 5 });
              freed += leg.units;
            } else if (leg.kind !== 'size') {
              if ('market' in leg) expect(leg.market).toBe(1);
              freed -= leg.units;
            }
          }
          expect(freed).toBe(paid);
        }),
      );
    });

    it('takes from nobody more than he has', () => {
      fc.assert(
        fc.property(cases, (asked) => {
          for (const leg of ask(asked).plan) {
            if (leg.kind === 'move') expect(leg.units).toBeLessThanOrEqual(asked.fund);
            if (leg.kind === 'reserve') expect(-leg.units).toBeLessThanOrEqual(asked.reserve);
            if (leg.kind === 'supply-loss') expect(-leg.units).toBeLessThanOrEqual(asked.supply);
          }
        }),
      );
    });

    it('pays nothing out of nothing, and all of it where everybody is rich', () => {
      expect(ask({ units: 9, fund: 0, reserve: 0, supply: 0 })).toEqual({ plan: [], paid: 0 });
      expect(ask({ units: 9, fund: 100, reserve: 100, supply: 100 }).paid).toBe(9);
    });

    it('is named as in scenarios', () => {
      expect(create().name).toBe(name);
    });
  });
}
