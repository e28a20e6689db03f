import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mulMod } from '../../../src/base/exact-remainder.ts';
import { propertyRuns } from '../../support/property-runs.ts';

/** All sizes alike, and the ends. */
const whole = fc
  .tuple(fc.integer({ min: 1, max: 53 }), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }))
  .map(([bits, n]) => n % 2 ** bits);
const number = fc.oneof(whole, fc.constantFrom(0, 1, 2 ** 52, 2 ** 53 - 1, 2 ** 53 - 2));

describe('the remainder of a product', () => {
  it('is that of BigInt', () => {
    fc.assert(
      fc.property(number, number, number, (a, b, c) => {
        fc.pre(c > 0 && (BigInt(a) * BigInt(b)) / BigInt(c) < 1n << 53n);
        expect(mulMod(a, b, c)).toBe(Number((BigInt(a) * BigInt(b)) % BigInt(c)));
      }),
      { numRuns: propertyRuns(2000, 200000) },
    );
  });

  it('faults where its quotient does', () => {
    expect(() => mulMod(2 ** 53 - 1, 2 ** 53 - 1, 1)).toThrow('EXACT_OVERFLOW');
    expect(() => mulMod(1, 1, 0)).toThrow('EXACT_DOMAIN');
  });
});
