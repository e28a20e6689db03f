/** Margin formulas on random trees: closures compute what mathjs computes, intervals hold that, and text reads as it is shown. */
import fc from 'fast-check';
import { all, create } from 'mathjs';
import { describe, expect, it } from 'vitest';
import { checkRanges } from '../../../src/formula/check-ranges.ts';
import { type Expression, showExpression } from '../../../src/formula/expression.ts';
import { lowerExpression } from '../../../src/formula/lower-expression.ts';
import { isFormulaProblem, parseExpression } from '../../../src/formula/parse.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const NAMES = ['a', 'b', 'c', 'd'];
const SLOTS = NAMES.map((name) => ({ name }));

function parsed(text: string): Expression {
  const expression = parseExpression(text);
  if (isFormulaProblem(expression)) throw new Error(`${text}: ${expression.column}: ${expression.found}`);
  return expression;
}

type Text = fc.Arbitrary<string>;

const leaf: Text = fc.oneof(
  { arbitrary: fc.constantFrom(...NAMES), weight: 3 },
  { arbitrary: fc.double({ min: 0, max: 100, noNaN: true }).map(String), weight: 1 },
  { arbitrary: fc.constantFrom('0', '1', '2', '0.5', '1e-3'), weight: 1 },
);
const infix = (x: Text, symbols: readonly string[], y: Text): Text =>
  fc.tuple(x, fc.constantFrom(...symbols), y).map(([left, symbol, right]) => `(${left} ${symbol} ${right})`);
const called = (names: readonly string[], ...args: readonly Text[]): Text =>
  fc.tuple(fc.constantFrom(...names), fc.tuple(...args)).map(([name, given]) => `${name}(${given.join(', ')})`);
const choice = (condition: Text, x: Text, y: Text): Text =>
  fc.oneof(
    fc.tuple(condition, x, y).map(([test, yes, no]) => `(${test} ? ${yes} : ${no})`),
    fc.tuple(condition, x, y).map(([test, yes, no]) => `if(${test}, ${yes}, ${no})`),
  );
const conditionOn = (value: Text): Text =>
  fc.letrec<{ condition: string }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 2 },
      infix(value, ['<', '<=', '>', '>=', '==', '!='], value),
      infix(tie('condition'), ['and', 'or'], tie('condition')),
      called(['not '], tie('condition')),
    ),
  })).condition;

/** What doubles round the same way everywhere. Denominators are kept from 0, where the sign of a zero would show. */
const exact: Text = fc.letrec<{ value: string }>((tie) => {
  const value = tie('value');
  return {
    value: fc.oneof(
      { maxDepth: 4 },
      leaf,
      infix(value, ['+', '-', '*'], value),
      fc.tuple(value, value).map(([x, y]) => `(${x} / (abs(${y}) + 1))`),
      called(['min', 'max'], value, value),
      called(['min', 'max'], value, value, value),
      called(['clamp'], value, value, value),
      called(['-', '+', 'abs'], value),
      value.map((x) => `sqrt(abs(${x}))`),
      choice(conditionOn(value), value, value),
    ),
  };
}).value;

/**
 * With exp, log and powers, of values above 0 and without differences, so that an error in the last place stays one; conditions ask about
 * leaves, since they would turn such an error into another branch.
 */
const elementary: Text = fc.letrec<{ value: string }>((tie) => {
  const value = tie('value');
  return {
    value: fc.oneof(
      { maxDepth: 4 },
      leaf,
      infix(value, ['+', '*'], value),
      fc.tuple(value, value).map(([x, y]) => `(${x} / (${y} + 1))`),
      called(['min', 'max'], value, value),
      value.map((x) => `sqrt(${x})`),
      value.map((x) => `exp(clamp(${x}, -5, 3))`),
      value.map((x) => `log(${x} + 2)`),
      fc.tuple(value, fc.constantFrom('2', '3', '0.5', '1.7', '(1 / 3)')).map(([x, n]) => `(${x} ^ ${n})`),
      fc.tuple(value, leaf).map(([x, n]) => `pow(${x} + 0.1, clamp(${n}, -2, 2))`),
      choice(conditionOn(leaf), value, value),
    ),
  };
}).value;

describe('a lowered margin formula', () => {
  const math = create(all, {});
  // mathjs takes numbers within 1e-12 of each other for equal, where formulas compare exactly; and it has no clamp. The rest is its own.
  math.import(
    {
      smaller: (x: number, y: number) => x < y,
      smallerEq: (x: number, y: number) => x <= y,
      larger: (x: number, y: number) => x > y,
      largerEq: (x: number, y: number) => x >= y,
      equal: (x: number, y: number) => x === y,
      unequal: (x: number, y: number) => x !== y,
      clamp: (x: number, low: number, high: number) => Math.min(Math.max(x, low), high),
      if: (condition: boolean, yes: number, no: number) => (condition ? yes : no),
    },
    { override: true },
  );
  const evaluated = (text: string, values: readonly number[]) =>
    math.evaluate(text, Object.fromEntries(NAMES.map((name, i) => [name, values[i]]))) as number;
  const lowered = (text: string, values: readonly number[]) => lowerExpression(parsed(text), SLOTS)(Float64Array.from(values));

  const anything = fc.oneof(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), fc.constantFrom(0, 1, -1, 0.5));
  const positive = fc.oneof(fc.double({ noNaN: true, min: 1e-9, max: 1e6 }), fc.constantFrom(1, 2, 0.5));
  const row = (value: fc.Arbitrary<number>) => fc.tuple(value, value, value, value);

  it('computes what mathjs evaluates, to the last place', () => {
    fc.assert(
      fc.property(exact, row(anything), (text, values) => {
        // + 0: which zero it is does not matter.
        expect(lowered(text, values) + 0).toBe(evaluated(text, values) + 0);
      }),
      { numRuns: propertyRuns(500, 20_000), seed: 11 },
    );
  });

  it('computes what mathjs evaluates to 1e-12 where exp, log or powers occur', () => {
    fc.assert(
      fc.property(elementary, row(positive), (text, values) => {
        const expected = evaluated(text, values);
        const found = lowered(text, values);
        if (Number.isFinite(expected)) expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-12 * Math.abs(expected));
        else expect(found).toBe(expected);
      }),
      { numRuns: propertyRuns(500, 20_000), seed: 12 },
    );
  });

  it('reads as it is shown', () => {
    const bare = (expression: Expression) => JSON.stringify(expression, (key, value: unknown) => (key === 'column' ? undefined : value));
    fc.assert(
      fc.property(fc.oneof(exact, elementary), (text) => {
        const expression = parsed(text);
        expect(bare(parsed(showExpression(expression)))).toBe(bare(expression));
      }),
      { numRuns: propertyRuns(300, 5_000), seed: 13 },
    );
  });
});

describe('the interval of a margin formula', () => {
  const end = fc.oneof(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.constantFrom(0, 1, -1, 0.5, 1e-9, 1e15));
  const range = fc.tuple(end, end).map(([x, y]): [number, number] => [Math.min(x, y), Math.max(x, y)]);
  /** Everything that can be written, sound or not. */
  const anything: Text = fc.letrec<{ value: string }>((tie) => {
    const value = tie('value');
    return {
      value: fc.oneof(
        { maxDepth: 3 },
        leaf,
        infix(value, ['+', '-', '*', '/'], value),
        called(['min', 'max'], value, value),
        called(['clamp'], value, value, value),
        called(['-', 'abs', 'sqrt', 'exp', 'log'], value),
        fc.tuple(value, fc.constantFrom('2', '3', '0', '-1', '-2', '0.5', '1.5', '-0.5')).map(([x, n]) => `(${x}) ^ ${n}`),
        infix(value, ['^'], value),
        choice(conditionOn(leaf), value, value),
      ),
    };
  }).value;
  /** A point of each range: an end, or anywhere between. */
  const points = fc.array(fc.tuple(...NAMES.map(() => fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })))), {
    minLength: 5,
    maxLength: 20,
  });

  it('holds every value while the variables are within their ranges: a formula that passed is never infinite and never no number', () => {
    let passed = 0;
    let tried = 0;
    fc.assert(
      fc.property(anything, fc.tuple(range, range, range, range), points, (text, given, rows) => {
        const expression = parsed(text);
        const { range: found, problems } = checkRanges(expression, new Map(NAMES.map((name, i) => [name, given[i]])), () => '1');
        expect(found === undefined).toBe(problems.length > 0);
        tried += 1;
        if (found === undefined) return;
        passed += 1;
        const compute = lowerExpression(expression, SLOTS);
        for (const parts of rows) {
          const values = parts.map((part, i) =>
            Math.min(Math.max(given[i][0] + part * (given[i][1] - given[i][0]), given[i][0]), given[i][1]),
          );
          const value = compute(Float64Array.from(values));
          expect(value).toBeGreaterThanOrEqual(found[0]);
          expect(value).toBeLessThanOrEqual(found[1]);
        }
        expect(Number.isFinite(found[0]) && Number.isFinite(found[1])).toBe(true);
      }),
      { numRuns: propertyRuns(2_000, 100_000), seed: 14 },
    );
    expect(passed / tried).toBeGreaterThan(0.4);
  });

  it('is sharp where every variable stands once', () => {
    const ranges = new Map<string, [number, number]>([
      ['a', [-2, 3]],
      ['b', [1, 4]],
    ]);
    const rangeOf = (text: string) => checkRanges(parsed(text), ranges, () => '1').range;
    expect(rangeOf('a * b')).toEqual([-8, 12]);
    expect(rangeOf('a / b')).toEqual([-2, 3]);
    expect(rangeOf('a ^ 2 - sqrt(b)')).toEqual([-2, 8]);
    expect(rangeOf('abs(a)')).toEqual([0, 3]);
    expect(rangeOf('clamp(a, -1, b)')).toEqual([-1, 3]);
    expect(rangeOf('a > b ? a : 7')).toEqual([-2, 7]);
    expect(rangeOf('a - a')).toEqual([-5, 5]);
  });
});
