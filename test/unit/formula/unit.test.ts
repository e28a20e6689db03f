/** Units: how they are written, multiplied, rooted and compared. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseUnit, powerOf, productOf, quotientOf, RATIO, sameUnit, showUnit, type Unit } from '../../../src/formula/unit.ts';

describe('a unit', () => {
  it.each([
    ['usd', 'usd'],
    ['ratio', 'ratio'],
    ['1', 'ratio'],
    ['usd/token', 'usd/token'],
    ['1/sqrt(year)', '1/sqrt(year)'],
    ['usd * ratio / (token * year)', 'usd/token/year'],
    ['sqrt(usd)*sqrt(usd)', 'usd'],
    ['token^2/token^0.5', 'token^1.5'],
    ['usd/usd', 'ratio'],
    ['1/day', '1/day'],
  ])('reads %j as %s', (text, shown) => {
    expect(showUnit(parseUnit(text))).toBe(shown);
  });

  it.each(['', 'dollar', 'usd/', 'usd token', '(usd', 'sqrt usd', 'usd^', 'usd^token', '2*usd', 'usd)'])('does not take %j', (text) => {
    expect(() => parseUnit(text)).toThrow('FORMULA_UNIT');
  });

  it('does not convert: ms are not years, tokens not dollars', () => {
    expect(sameUnit(parseUnit('ms'), parseUnit('year'))).toBe(false);
    expect(sameUnit(productOf(parseUnit('1/year'), parseUnit('ms')), RATIO)).toBe(false);
    expect(sameUnit(parseUnit('usd/token'), parseUnit('usd'))).toBe(false);
  });

  const exponent = fc.constantFrom(-2, -1, -0.5, 0, 0, 0.5, 1, 3);
  const unit: fc.Arbitrary<Unit> = fc.tuple(...RATIO.map(() => exponent));

  it('keeps the algebra of quantities', () => {
    fc.assert(
      fc.property(unit, unit, exponent, (a, b, power) => {
        expect(sameUnit(quotientOf(productOf(a, b), b), a)).toBe(true);
        expect(sameUnit(powerOf(productOf(a, b), power), productOf(powerOf(a, power), powerOf(b, power)))).toBe(true);
        expect(sameUnit(powerOf(powerOf(a, 1 / 3), 3), a)).toBe(true);
        expect(sameUnit(quotientOf(a, a), RATIO)).toBe(true);
      }),
    );
  });

  it('is read as it is shown', () => {
    fc.assert(
      fc.property(unit, (a) => {
        expect(sameUnit(parseUnit(showUnit(a)), a)).toBe(true);
      }),
    );
  });
});
