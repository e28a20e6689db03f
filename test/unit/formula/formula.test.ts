/** Formulas: what is taken, what is refused and where, and that the closures compute what mathjs computes. */
import fc from 'fast-check';
import { all, create } from 'mathjs';
import { describe, expect, it } from 'vitest';
import { checkFormula, type Formula, referencesOf } from '../../../src/formula/formula.ts';
import { lower } from '../../../src/formula/lower.ts';
import { isFormulaProblem, parseFormula } from '../../../src/formula/parse.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const WORDS = { metrics: ['bad_debt_usd', 'attack_gain_usd', 'solvency_ratio_min'], labels: ['broken', 'pool=$1M, oracle=twap 5 min'] };

function parsed(text: string): Formula {
  const formula = parseFormula(text);
  if (isFormulaProblem(formula)) throw new Error(`${formula.column}: ${formula.found}`);
  return formula;
}

/** Value of a formula in which every reference has the value given by name. */
function resultOf(text: string, values: Readonly<Record<string, number>>): number {
  const { references, compute } = lower(parsed(text));
  return compute(references.map(({ name, label, part }) => values[label ?? (part === 'mean' ? name : `${part} ${name}`)]));
}

const less = (x: number, y: number) => x < y;
const lessOrEqual = (x: number, y: number) => x <= y;
const more = (x: number, y: number) => x > y;
const moreOrEqual = (x: number, y: number) => x >= y;

describe('a formula', () => {
  it('speaks of a metric at a named point, at any point, and of the ends of its interval', () => {
    const text = 'attack_gain_usd["pool=$1M, oracle=twap 5 min"] <= 0.01 * lo(attack_gain_usd) and hi(bad_debt_usd["broken"]) < 5';
    expect(referencesOf(parsed(text)).map(({ name, label, part, column }) => [name, label, part, column])).toEqual([
      ['attack_gain_usd', 'pool=$1M, oracle=twap 5 min', 'mean', 1],
      ['attack_gain_usd', undefined, 'lo', text.indexOf('attack', 2) + 1],
      ['bad_debt_usd', 'broken', 'hi', text.indexOf('bad_debt') + 1],
    ]);
    expect(checkFormula(parsed(text), WORDS)).toEqual([]);
  });

  it('finds its references beside labels that look like them', () => {
    const text = 'bad_debt_usd["bad_debt_usd >"] > bad_debt_usd';
    expect(referencesOf(parsed(text)).map(({ column }) => column)).toEqual([1, text.lastIndexOf('bad_debt_usd') + 1]);
    expect(parsed(text).column).toBe(text.lastIndexOf('>') + 1);
  });

  it('binds as it is read: not before and, and before or, products before sums', () => {
    expect(resultOf('a + 2 * b == 7 or not (a > 0) and b > 100', { a: 1, b: 3 })).toBe(1);
    expect(resultOf('-a < 0 and min(a, b, 2) == 1 and max(a, b) == abs(-3) and sqrt(4 * a) == 2', { a: 1, b: 3 })).toBe(1);
    expect(resultOf('lo(a) > 0 or a != a', { a: 1, 'lo a': -1 })).toBe(0);
  });

  it.each([
    ['bad_debt_usd >', 15, 'a syntax error'],
    ['', 1, 'nothing'],
    ['a = 3', 1, 'an assignment'],
    ['f(x) = x', 1, 'the definition of a function'],
    ['a; b', 1, 'several formulas'],
    ['a > 0 ? 1 : 2', 1, 'a ? b : c'],
    ['a > 0 and [1, 2] > 0', 11, 'a list'],
    ['0 < a < 1', 1, 'a chain of comparisons'],
    ['a > 2 b', 5, 'two values side by side'],
    ['a ^ 2 > 1', 1, 'the operator ^'],
    ['a > 0 and exp(a) > 1', 11, 'the function exp'],
    ['import("fs") > 0', 1, 'the function import'],
    ['a.constructor > 0', 1, 'an index of a'],
    ['a[1] > 0', 1, 'an index of a'],
    ['a > "text"', 5, 'the text "text"'],
    ['a > true', 5, 'true'],
    ['a > 1e999', 5, 'Infinity'],
    ['a > 0 and lo(a + 1) > 0', 11, 'lo of something else'],
    ['sqrt(a, a) > 0', 1, 'sqrt of 2 values'],
    ['5 cm > 1', 1, 'two values side by side'],
  ])('refuses %j at column %i', (text, column, found) => {
    const problem = parseFormula(text);
    expect(problem).toMatchObject({ column, found: expect.stringContaining(found) as string });
  });

  it('refuses a text that is too long before anybody parses it', () => {
    expect(parseFormula(`${'('.repeat(3_000)}1`)).toMatchObject({ found: '3001 characters' });
  });

  it('names unknown metrics and labels with what there is, all at once', () => {
    const text = 'bad_debt > 0 and attack_gain_usd["brokn"] > bad_dept';
    const problems = checkFormula(parsed(text), WORDS);
    expect(problems.map(({ column, found, choices }) => [column, found, choices])).toEqual([
      [1, 'bad_debt', WORDS.metrics],
      [18, '"brokn"', WORDS.labels],
      [text.indexOf('bad_dept') + 1, 'bad_dept', WORDS.metrics],
    ]);
  });

  it.each([
    ['bad_debt_usd + 1', 14, 'a number'],
    ['(bad_debt_usd > 1) + 1 > 0', 15, 'a condition'],
    ['bad_debt_usd and bad_debt_usd > 1', 1, 'a number'],
    ['not bad_debt_usd > 0', 5, 'a number'],
  ])('keeps numbers and conditions apart: %j', (text, column, found) => {
    expect(checkFormula(parsed(text), WORDS)).toContainEqual(expect.objectContaining({ column, found }));
  });
});

describe('a lowered formula', () => {
  const math = create(all, {});
  // mathjs takes numbers within 1e-12 of each other for equal; assertions compare exactly. The rest of the oracle is mathjs's own.
  const exact = { smaller: less, smallerEq: lessOrEqual, larger: more, largerEq: moreOrEqual };
  math.import(exact, { override: true });
  const number = fc.oneof(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), fc.constantFrom(0, 1, -1, 2));
  const leaf = fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 9 }).map(String));
  const { condition } = fc.letrec<{ value: string; condition: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.tuple(tie('value'), fc.constantFrom('+', '-', '*', '/'), tie('value')).map(([x, op, y]) => `(${x} ${op} ${y})`),
      fc.tuple(fc.constantFrom('-', '+', 'abs'), tie('value')).map(([f, x]) => `${f}(${x})`),
      fc.tuple(fc.constantFrom('min', 'max'), tie('value'), tie('value')).map(([f, x, y]) => `${f}(${x}, ${y})`),
      tie('value').map((x) => `sqrt(abs(${x}))`),
    ),
    condition: fc.oneof(
      { maxDepth: 3 },
      fc.tuple(tie('value'), fc.constantFrom('<', '<=', '>', '>='), tie('value')).map(([x, op, y]) => `${x} ${op} ${y}`),
      fc.tuple(tie('condition'), fc.constantFrom('and', 'or'), tie('condition')).map(([x, op, y]) => `(${x}) ${op} (${y})`),
      tie('condition').map((x) => `not (${x})`),
    ),
  }));

  it('computes what mathjs evaluates, on any input', () => {
    fc.assert(
      fc.property(condition, number, number, number, (text, a, b, c) => {
        const values = { a, b, c };
        const expected = math.evaluate(text, { ...values }) as boolean;
        const { references, compute } = lower(parsed(text));
        expect(compute(references.map(({ name }) => values[name as 'a']))).toBe(expected ? 1 : 0);
      }),
      { numRuns: propertyRuns(300, 20_000), seed: 7 },
    );
  });
});
