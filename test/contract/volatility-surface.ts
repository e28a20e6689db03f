/** What every volatility surface promises, wherever its numbers come from. `floor` and `cap` bound what the surface at hand may answer. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VolatilitySurface } from '../../src/protocol/instrument/volatility-surface.ts';

export interface SurfaceTraits {
  readonly floor: number;
  readonly cap: number;
}

const spot = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
const ratio = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
const years = fc.double({ min: 0, max: 5, noNaN: true });

export function volatilitySurfaceContract(name: string, surface: VolatilitySurface, { floor, cap }: SurfaceTraits): void {
  describe(`volatility surface: ${name}`, () => {
    it('answers a volatility within its bounds for every strike and expiry, however far', () => {
      fc.assert(
        fc.property(spot, ratio, years, (price, moneyness, time) => {
          const volatility = surface.volatility(price, price * moneyness, time);
          expect(volatility).toBeGreaterThanOrEqual(floor * (1 - 1e-12));
          expect(volatility).toBeLessThanOrEqual(cap * (1 + 1e-12));
        }),
      );
      for (const strike of [0, Number.MAX_VALUE]) expect(surface.volatility(100, strike, 0)).toBeGreaterThanOrEqual(floor * (1 - 1e-12));
    });

    it('moves with the spot: only strike ÷ spot counts', () => {
      fc.assert(
        fc.property(spot, ratio, years, fc.integer({ min: -20, max: 20 }), (price, moneyness, time, doublings) => {
          const strike = price * moneyness;
          const scale = 2 ** doublings;
          expect(surface.volatility(price * scale, strike * scale, time)).toBe(surface.volatility(price, strike, time));
        }),
      );
    });

    it('has no jumps between neighbouring strikes and expiries', () => {
      fc.assert(
        fc.property(ratio, fc.double({ min: 0.001, max: 5, noNaN: true }), (moneyness, time) => {
          const here = surface.volatility(1, moneyness, time);
          expect(Math.abs(surface.volatility(1, moneyness * (1 + 1e-9), time) / here - 1)).toBeLessThan(1e-6);
          expect(Math.abs(surface.volatility(1, moneyness, time * (1 + 1e-9)) / here - 1)).toBeLessThan(1e-6);
        }),
      );
    });

    it('knows nothing where there is no valid mark', () => {
      expect(surface.volatility(Number.NaN, 100, 0.1)).toBeNaN();
      expect(surface.volatility(100, Number.NaN, 0.1)).toBeNaN();
      expect(surface.volatility(100, 100, Number.NaN)).toBeNaN();
    });
  });
}
