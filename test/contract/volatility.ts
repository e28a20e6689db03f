/** What every volatility estimator promises, whatever it remembers. `make` builds one from a prior. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import type { VolatilityEstimator } from '../../src/protocol/risk/volatility/volatility.ts';
import { garchReturns, gaussianReturns, take } from '../../src/study/validate/simulated-returns.ts';
import { propertyRuns } from '../support/property-runs.ts';

export interface VolatilityTraits {
  /** Returns after which it has learnt what it can, and may be some way into whatever cycle it has. */
  readonly learnt: number;
  /** How near it then comes to the truth of independent normal returns: four standard errors, relative. */
  readonly error: number;
}

/** Returns of a day or an hour: 0 among them, where a price stood still. */
const returns = fc.array(fc.oneof(fc.constant(0), fc.double({ min: -0.5, max: 0.5, noNaN: true })), { maxLength: 40 });
const numRuns = propertyRuns(100, 3000);

export function volatilityContract(name: string, make: (prior: number) => VolatilityEstimator, traits: VolatilityTraits): void {
  const shown = (prior: number, observed: Iterable<number>): VolatilityEstimator => {
    const estimator = make(prior);
    for (const logReturn of observed) estimator.observe(logReturn);
    return estimator;
  };

  /** What the contract says of any moment of an estimator. */
  const expectSound = (estimator: VolatilityEstimator): void => {
    expect(estimator.now).toBeGreaterThanOrEqual(0);
    expect(estimator.now).toBeLessThan(Infinity);
    expect(estimator.forecast(0)).toBe(0);
    expect(Math.abs(estimator.forecast(1) - estimator.now)).toBeLessThanOrEqual(1e-12 * estimator.now);
    let before = 0;
    for (const steps of [0.25, 0.5, 1, 1.5, 2, 3, 10, 100, 10_000]) {
      const sd = estimator.forecast(steps);
      expect(sd).toBeGreaterThanOrEqual(before);
      before = sd;
    }
  };

  /** 640 returns that calm down and flare up, so that whoever fits has fitted twice. */
  const long = (): Float64Array => take(640, garchReturns(randomFrom(11, 'contract'), 0.1, 0.85)).map((r) => 0.02 * r);

  describe(`${name} as a volatility estimator`, () => {
    it('VOL-1 answers the prior before anything was observed', () => {
      const estimator = make(0.03);
      expect(estimator.observations).toBe(0);
      expect(estimator.now).toBe(0.03);
      expect(estimator.forecast(4)).toBeCloseTo(0.06, 15);
    });

    it('VOL-2 is a deviation that no longer horizon lowers, and that of one interval is the one now', () => {
      fc.assert(
        fc.property(returns, (observed) => {
          const estimator = shown(0.03, observed);
          expect(estimator.observations).toBe(observed.length);
          expectSound(estimator);
        }),
        { numRuns },
      );
      const estimator = make(0.03);
      for (const logReturn of long()) {
        estimator.observe(logReturn);
        if (estimator.observations % 40 === 0) expectSound(estimator);
      }
    });

    it('VOL-3 scales with the returns and does not know their sign', () => {
      // By a power of two, so that every digit stays.
      const [once, twice, mirrored] = [
        shown(0.03, long()),
        shown(
          0.06,
          long().map((r) => 2 * r),
        ),
        shown(
          0.03,
          long().map((r) => -r),
        ),
      ];
      expect(twice.now).toBe(2 * once.now);
      expect(mirrored.now).toBe(once.now);
      expect(twice.forecast(10)).toBe(2 * once.forecast(10));
    });

    it('VOL-4 comes near the truth where there is one', () => {
      const estimator = shown(
        10,
        take(traits.learnt, gaussianReturns(randomFrom(5, 'contract'))).map((r) => 0.01 * r),
      );
      expect(Math.abs(estimator.now / 0.01 - 1)).toBeLessThan(traits.error);
    });

    it('VOL-5 rises with a return larger than itself and falls with one that is 0', () => {
      const calm = shown(0.03, long());
      calm.observe(0);
      const after = calm.now;
      expect(after).toBeLessThan(shown(0.03, long()).now);
      calm.observe(0.2);
      expect(calm.now).toBeGreaterThan(after);
    });

    it.each([Number.NaN, Infinity, -Infinity])('VOL-6 refuses %d and remembers nothing of it', (bad) => {
      const estimator = shown(0.03, [0.01]);
      const before = estimator.now;
      expect(() => estimator.observe(bad)).toThrow('VOLATILITY_RETURN');
      expect([estimator.now, estimator.observations]).toEqual([before, 1]);
    });
  });
}
