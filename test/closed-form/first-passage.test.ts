import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  firstPassageProbability,
  monitoredBarrier,
  monitoredPassageProbability,
  type Passage,
} from '../../src/study/closed-form/first-passage.ts';
import { expectDigits } from './digits.ts';

const HOUR = 1 / 8760;
const passage = (barrier: number, volatility: number, days: number, drift = 0): Passage => ({
  price: 1,
  barrier,
  side: 'below',
  volatility,
  drift,
  years: days / 365,
});

describe('first passage of a liquidation barrier (B14)', () => {
  it.each([
    [0.8, 0.8, 7, 0.049130125543349922, 0.0442042259585787047],
    [0.8, 0.8, 30, 0.368358564076293461, 0.357332665173228748],
    [0.9, 1, 1, 0.0464989854478681736, 0.0349061923589997522],
    [0.8, 0.9, 10, 0.149715811669011411, 0.139501545553219308],
  ])(
    'at %d with volatility %d within %d days has probability %d, and %d when looked at hourly',
    (barrier, volatility, days, continuous, hourly) => {
      expectDigits(firstPassageProbability(passage(barrier, volatility, days)), continuous);
      expectDigits(monitoredPassageProbability(passage(barrier, volatility, days), HOUR), hourly);
    },
  );

  it.each([
    // Exact for hourly looks: the density of paths not yet seen below the barrier, carried from hour to hour by Gauss-Legendre quadrature
    // with 1,600 nodes (nine digits agree with 1,200 nodes).
    [0.8, 0.8, 7, 0.044370436],
    [0.8, 0.8, 30, 0.357426076],
    [0.9, 1, 1, 0.035907031],
    [0.8, 0.9, 10, 0.139722036],
  ])(
    'at %d with volatility %d within %d days, the moved barrier closes nine tenths of the gap to the exact %d',
    (barrier, volatility, days, exact) => {
      const path = passage(barrier, volatility, days);
      const uncorrected = firstPassageProbability(path) - exact;
      const corrected = exact - monitoredPassageProbability(path, HOUR);
      expect(corrected).toBeGreaterThan(0);
      expect(corrected).toBeLessThan(0.1 * uncorrected);
    },
  );

  it('knows drift', () => {
    expectDigits(firstPassageProbability(passage(0.8, 0.8, 30, 0.5)), 0.310146590492790595);
    expectDigits(firstPassageProbability(passage(0.8, 0.8, 30, -0.5)), 0.43032773963529443);
  });

  it('stays finite where the reflected term overflows', () => {
    expectDigits(firstPassageProbability(passage(0.8, 0.01, 30, -2.5)), 3.79237931035991177e-10);
    const steep = firstPassageProbability(passage(0.5, 0.005, 365, -0.6));
    expect(steep).toBeGreaterThanOrEqual(0);
    expect(steep).toBeLessThan(1e-6);
  });

  it('is a probability that rises with time and volatility and with a nearer barrier', () => {
    const barriers = fc.double({ min: 0.3, max: 0.99, noNaN: true });
    const volatilities = fc.double({ min: 0.05, max: 2, noNaN: true });
    const days = fc.double({ min: 0.1, max: 100, noNaN: true });
    fc.assert(
      fc.property(barriers, volatilities, days, (barrier, volatility, time) => {
        const p = firstPassageProbability(passage(barrier, volatility, time));
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(firstPassageProbability(passage(barrier, volatility, time * 1.1))).toBeGreaterThanOrEqual(p);
        expect(firstPassageProbability(passage(barrier, volatility * 1.1, time))).toBeGreaterThanOrEqual(p);
        expect(firstPassageProbability(passage(barrier * 1.005, volatility, time))).toBeGreaterThanOrEqual(p);
        expect(monitoredPassageProbability(passage(barrier, volatility, time), HOUR)).toBeLessThanOrEqual(p);
      }),
    );
  });

  it('above is the mirror image in logs of below', () => {
    const below = passage(0.8, 0.8, 30, 0.1);
    const above: Passage = { ...below, side: 'above', barrier: 1 / 0.8, drift: 0.8 ** 2 - 0.1 }; // 1/S has drift σ² − μ
    expectDigits(firstPassageProbability(above), firstPassageProbability(below));
    expectDigits(monitoredPassageProbability(above, HOUR), monitoredPassageProbability(below, HOUR));
    expectDigits(monitoredBarrier(1.25, 'above', 0.8, HOUR) * monitoredBarrier(0.8, 'below', 0.8, HOUR), 1);
  });

  it('is certain at or beyond the barrier and impossible in no time', () => {
    expect(firstPassageProbability(passage(1, 0.8, 1))).toBe(1);
    expect(firstPassageProbability(passage(1, 0.8, 0))).toBe(1);
    expect(monitoredPassageProbability(passage(1.1, 0.8, 1), HOUR)).toBe(1);
    expect(firstPassageProbability({ ...passage(0.9, 0.8, 1), side: 'above' })).toBe(1);
    expect(firstPassageProbability(passage(0.8, 0.8, 0))).toBe(0);
  });

  it('nears the continuous one as looks become frequent', () => {
    const path = passage(0.8, 0.8, 30);
    expect(monitoredPassageProbability(path, 0)).toBe(firstPassageProbability(path));
    const miss = (step: number): number => firstPassageProbability(path) - monitoredPassageProbability(path, step);
    expectDigits(miss(HOUR) / miss(HOUR / 2), Math.SQRT2, 0.02); // the gap is of order √dt
  });

  it('refuses what is no price', () => {
    expect(() => firstPassageProbability(passage(0, 0.8, 1))).toThrow('PASSAGE_DOMAIN');
    expect(() => firstPassageProbability(passage(0.8, 0, 1))).toThrow('PASSAGE_DOMAIN');
    expect(() => monitoredBarrier(1, 'below', 1, -1)).toThrow('PASSAGE_DOMAIN');
  });
});
