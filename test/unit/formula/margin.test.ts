/** Margin formulas: what they may say, in which units, over which ranges; everything else is refused with its column. */
import { describe, expect, it } from 'vitest';
import type { FormulaProblem } from '../../../src/formula/formula.ts';
import { lowerExpression } from '../../../src/formula/lower-expression.ts';
import { checkMargin } from '../../../src/formula/margin.ts';
import type { Variable } from '../../../src/formula/variable.ts';
import { compileMarginFormula, type MarginFormula } from '../../support/compile-margin.ts';

const declare = (name: string, unit: string, low: number, high: number): Variable => ({ name, unit, range: [low, high], doc: name });
const VARIABLES = [
  declare('notional', 'usd', 0, 1e12),
  declare('depth', 'usd', 0, Number.POSITIVE_INFINITY),
  declare('cap', 'usd', 1e6, 1e9),
  declare('size', 'token', -1e9, 1e9),
  declare('price', 'usd/token', 1e-6, 1e6),
  declare('rate', 'ratio', 0, 1),
  declare('sigma', '1/sqrt(year)', 0, 10),
  declare('delay', 'ms', 0, 1e9),
];

function answer(text: string, unit = 'usd'): MarginFormula | readonly FormulaProblem[] {
  return compileMarginFormula(text, VARIABLES, unit);
}

function formula(text: string, unit = 'usd'): MarginFormula {
  const made = answer(text, unit);
  if (!('compute' in made)) throw new Error(made.map(({ column, found }) => `${column}: ${found}`).join('; '));
  return made;
}

/** Value where the variables have the values given by name, and 1 where none is given. */
function resultOf(text: string, values: Readonly<Record<string, number>> = {}, unit = 'usd'): number {
  return formula(text, unit).compute(Float64Array.from(VARIABLES, ({ name }) => values[name] ?? 1));
}

function problems(text: string, unit = 'usd'): readonly FormulaProblem[] {
  const made = answer(text, unit);
  return 'compute' in made ? [] : made;
}

describe('a margin formula', () => {
  it('computes what one holding requires, and says what it uses and where it lies', () => {
    const text = 'max(cap / 1e6, notional * (rate + 0.5 * sqrt(notional / cap)))';
    const { used, range } = formula(text);
    expect(used).toEqual(['cap', 'notional', 'rate']);
    expect(range).toEqual([1, 1e12 * (1 + 0.5 * Math.sqrt(1e6))]);
    expect(resultOf(text, { cap: 4e6, notional: 1e6, rate: 0.1 })).toBe(1e6 * (0.1 + 0.5 * 0.5));
    expect(resultOf(text, { cap: 4e6, notional: 0 })).toBe(4);
  });

  it('chooses by a condition, in either notation', () => {
    for (const text of ['notional > cap and not (rate == 0) ? cap * rate : 0', 'if(notional > cap and not (rate == 0), cap * rate, 0)']) {
      expect(resultOf(text, { notional: 3e6, cap: 2e6, rate: 0.5 })).toBe(1e6);
      expect(resultOf(text, { notional: 1e6, cap: 2e6, rate: 0.5 })).toBe(0);
      expect(resultOf(text, { notional: 3e6, cap: 2e6, rate: 0 })).toBe(0);
    }
  });

  it('binds as it is read: a choice after a comparison, a power before a sign, powers from the right', () => {
    expect(resultOf('rate < 2 ? 1 : 2 + 10', {}, 'ratio')).toBe(1);
    expect(resultOf('rate > 2 ? 1 : rate > 0 ? 3 : 4', {}, 'ratio')).toBe(3);
    expect(resultOf('-2 ^ 2', {}, 'ratio')).toBe(-4);
    expect(resultOf('2 ^ 3 ^ 2', {}, 'ratio')).toBe(512);
    expect(resultOf('pow(rate + 1, 3)', {}, 'ratio')).toBeCloseTo(8, 12);
    expect(resultOf('clamp(rate, 0.2, 0.4)', { rate: 0.3 }, 'ratio')).toBe(0.3);
    expect(resultOf('clamp(rate, 0.2, 0.4) + clamp(rate, 2, 3)', { rate: 0.1 }, 'ratio')).toBe(2.2);
  });

  it('takes numbers with units, which bring other units where they belong', () => {
    expect(resultOf('notional / max(depth, 100 usd) * 1 usd', { notional: 50, depth: 3 })).toBe(0.5);
    expect(resultOf('abs(size) * 2 usd/token', { size: -3 })).toBe(6);
    expect(resultOf('notional * sigma * sqrt(delay / 31536000000 ms * 1 year)', { notional: 100, sigma: 2, delay: 7_884_000_000 })).toBe(
      100,
    );
    expect(resultOf('1/2 usd', {})).toBe(0.5);
    expect(resultOf('3 * usd', {})).toBe(3);
  });

  it('travels as plain JSON and computes the same from it', () => {
    const { expression, compute } = formula('notional > cap ? cap * rate ^ 2 : min(notional, 5 usd) * exp(-rate)');
    const travelled = JSON.parse(JSON.stringify(expression)) as typeof expression;
    const row = Float64Array.from(VARIABLES, (_, slot) => 0.3 + slot);
    expect(travelled).toEqual(expression);
    expect(checkMargin(travelled, VARIABLES, 'usd').problems).toEqual([]);
    expect(lowerExpression(travelled, VARIABLES)(row)).toBe(compute(row));
  });

  it.each([
    ['notional *', 11, 'a syntax error'],
    ['', 1, 'nothing'],
    ['notional = 3', 1, 'an assignment'],
    ['f(x) = x', 1, 'the definition of a function'],
    ['notional; rate', 1, 'several formulas'],
    ['notional * [1, 2]', 12, 'a list'],
    ['0 < rate < 1 ? 0 : 1', 1, 'a chain of comparisons'],
    ['2 notional', 1, 'two values side by side'],
    ['notional * 2 notional', 12, 'two values side by side'],
    ['rate usd', 1, 'two values side by side'],
    ['5 cm', 1, 'two values side by side'],
    ['notional * 5%', 13, '%'],
    ['notional mod 3 usd', 1, 'the operator mod'],
    ['notional!', 1, 'the operator !'],
    ['notional.constructor', 1, 'an index'],
    ['notional["a"]', 1, 'an index'],
    ['notional * "a"', 12, 'the text "a"'],
    ['notional * true', 12, 'true'],
    ['1e999 * notional', 1, 'Infinity'],
    ['sqrt(notional, 1)', 1, 'sqrt of 2 values'],
    ['notional * pow(2)', 12, 'pow of 1 values'],
    ['if(rate > 0, notional)', 1, 'if of 2 values'],
    ['max()', 1, 'max of 0 values'],
    ['min(notional, cap)(rate)', 1, 'two values side by side'],
  ])('refuses the notation of %j at column %i', (text, column, found) => {
    expect(problems(text)).toEqual([expect.objectContaining({ column, found: expect.stringContaining(found) as string })]);
  });

  it('refuses functions that are not on the list, and shows the list', () => {
    expect(problems('notional + floor(rate)')).toEqual([
      { column: 12, found: 'the function floor', expected: 'one of min, max, abs, sqrt, exp, log, clamp, pow, if' },
    ]);
    for (const name of ['import', 'evaluate', 'parse', 'lo', 'constructor', 'hasOwnProperty']) {
      expect(problems(`notional * ${name}(1)`)).toMatchObject([{ column: 12, found: `the function ${name}` }]);
    }
  });

  it('refuses names that nobody declared, all at once, with those there are', () => {
    const choices = VARIABLES.map(({ name }) => name);
    expect(problems('notionl * (rate + e) / pi')).toEqual([
      { column: 1, found: 'notionl', expected: 'a variable', choices },
      { column: 19, found: 'e', expected: 'a variable', choices },
      { column: 24, found: 'pi', expected: 'a variable', choices },
    ]);
  });

  it.each([
    ['notional > cap', 10, 'a condition'],
    ['notional * (rate > 0.5)', 18, 'a condition'],
    ['max(rate > 0.5, 1) * notional', 10, 'a condition'],
    ['notional ? rate : 1', 1, 'a number'],
    ['rate and rate > 0 ? 1 : 2', 1, 'a number'],
    ['not rate > 0 ? 1 : 2', 5, 'a number'],
    ['(rate > 0 ? 1 : 0) or rate < 1 ? 1 : 2', 11, 'a number'],
  ])('keeps numbers and conditions apart: %j', (text, column, found) => {
    expect(problems(text, 'ratio')).toContainEqual(expect.objectContaining({ column, found }));
  });
});

describe('the units of a margin formula', () => {
  it.each([
    ['notional + size', 10, 'notional is usd, size is token', 'equal units on both sides of +'],
    ['notional * rate - abs(size)', 17, 'notional * rate is usd, abs(size) is token', 'equal units on both sides of -'],
    ['cap * (1e-3 - delay)', 13, '0.001 is ratio, delay is ms', 'equal units on both sides of -; a number with a unit is written 1 ms'],
    ['max(notional, rate, cap)', 1, 'notional is usd, rate is ratio', 'max of equal units'],
    ['clamp(notional, 0, size)', 1, 'notional is usd, size is token', 'clamp of equal units'],
    ['notional + 1', 10, 'notional is usd, 1 is ratio', 'equal units on both sides of +; a number with a unit is written 1 usd'],
    [
      'notional > 1000 ? 0 : cap',
      10,
      'notional is usd, 1000 is ratio',
      'equal units on both sides of >; a number with a unit is written 1 usd',
    ],
    ['rate > 0 ? notional : size', 10, 'notional is usd, size is token', 'equal units on both sides of :'],
    ['if(size == cap, 0, cap)', 9, 'size is token, cap is usd', 'equal units on both sides of =='],
    ['cap * exp(delay)', 7, 'delay is ms', 'exp of a ratio'],
    ['cap * log(price)', 7, 'price is usd/token', 'log of a ratio'],
    ['cap ^ rate', 5, 'cap is usd', 'a ratio, or a constant exponent'],
    ['cap * 2 ^ size', 9, 'size is token', 'an exponent that is a ratio'],
    ['size', 1, 'a formula in token', 'one in usd'],
    ['notional * price', 10, 'a formula in usd^2/token', 'one in usd'],
    ['sqrt(notional)', 1, 'a formula in sqrt(usd)', 'one in usd'],
    ['notional * sigma * sqrt(delay)', 18, 'a formula in usd*sqrt(ms)/sqrt(year)', 'one in usd'],
    ['1', 1, 'a formula in ratio', 'one in usd'],
    [
      'sigma + 1 > sigma ? 0 : cap',
      7,
      'sigma is 1/sqrt(year), 1 is ratio',
      'equal units on both sides of +; a number with a unit is written 1/sqrt(year)',
    ],
  ])('do not agree in %j', (text, column, found, expected) => {
    expect(problems(text)).toEqual([{ column, found, expected }]);
  });

  it('are all judged at once, each disagreement said once', () => {
    expect(problems('max(notional + size, cap - rate) * (delay + price)').map(({ column }) => column)).toEqual([14, 26, 43]);
  });

  it.each([
    'abs(size) * price',
    'notional ^ 2 / cap',
    'sqrt(notional) * cap ^ (1 / 2)',
    'notional ^ (1/3) * notional ^ (1/3) * notional ^ (1/3)',
    'cap * (sigma / (1/sqrt(year))) ^ rate',
    'cap * exp(-rate) * log(rate + 1)',
    'max(notional - cap, 0)',
    'rate > 0 ? 0 : -0',
    '0',
    'notional * 0 + cap',
  ])('come out in usd: %s', (text) => {
    expect(problems(text)).toEqual([]);
  });

  it.each([
    ['a name that is a unit', declare('usd', 'usd', 0, 1)],
    ['a name that is a function', declare('max', 'usd', 0, 1)],
    ['a name that is no word', declare('no word', 'usd', 0, 1)],
    ['a name of the grammar', declare('not', 'usd', 0, 1)],
    ['a name twice', declare('cap', 'usd', 0, 1)],
    ['an empty range', declare('x', 'usd', 1, 0)],
    ['a range without numbers', declare('x', 'usd', Number.NaN, 0)],
  ])('are declared by the engine, whose fault is %s', (_, variable) => {
    expect(() => compileMarginFormula('cap', [...VARIABLES, variable], 'usd')).toThrow('FORMULA_VARIABLE');
  });
});

describe('the ranges of a margin formula', () => {
  it.each([
    ['notional / depth * cap', 10, 'the denominator can be 0: depth ranges over [0, …)', 'max(depth, 1 usd)'],
    [
      'cap * 1 usd / (notional - cap)',
      13,
      'the denominator can be 0: notional - cap ranges over [-1e9, 1e12]',
      'max(notional - cap, 1 usd)',
    ],
    ['cap / (sigma * 1 * sqrt(year))', 5, 'the denominator can be 0: sigma * 1 * sqrt(1 year) ranges over [0, 10]', ', 0.01)'],
    [
      'cap * sqrt(size / 1 token)',
      7,
      'a root of what can be negative: size / (1 token) ranges over [-1e9, 1e9]',
      'sqrt(max(size / (1 token), 0))',
    ],
    ['cap * log(rate)', 7, 'a logarithm of what can be 0 or less: rate ranges over [0, 1]', 'log(max(rate, 0.01))'],
    ['cap * rate ^ -1', 12, 'the base can be 0: rate ranges over [0, 1]', 'max(rate, 0.01)'],
    ['cap * (rate - 1) ^ rate', 18, 'the base can be negative: rate - 1 ranges over [-1, 0]', 'max(rate - 1, 0.01)'],
    ['cap * (rate - 0.5) ^ 1.5', 20, 'the base can be negative: rate - 0.5 ranges over [-0.5, 0.5]', 'max(rate - 0.5, 0.01)'],
    ['cap * exp(1000 * rate)', 7, 'exp(1000 * rate) can pass the largest number there is (1.8e308)', 'min or clamp'],
    ['depth * 2', 7, 'depth * 2 can pass the largest number there is (1.8e308)', 'min or clamp'],
    ['cap * (0 / 0)', 10, 'the denominator can be 0: 0 ranges over [0, 0]', 'max(0, 0.01)'],
  ])('are too wide for %j', (text, column, found, expected) => {
    expect(problems(text)).toEqual([{ column, found, expected: expect.stringContaining(expected) as string }]);
  });

  it('are all judged at once, each fault said once', () => {
    expect(problems('cap / rate + cap * log(rate / rate)').map(({ column }) => column)).toEqual([5, 29]);
  });

  it.each([
    'notional / max(depth, 1 usd) * cap',
    'cap * sqrt(max(size / 1 token, 0))',
    'cap * (rate - 1) ^ 2',
    'cap * (rate - 2) ^ -3',
    'cap * sqrt(1 - rate ^ 2)',
    'cap * (2 * rate) ^ rate',
    'cap / exp(rate)',
    'cap / (rate > 0.5 ? 1 : 2)',
    'min(depth, cap) * 2',
    'cap / -max(rate, 0.1)',
    'cap * log(price / (1e-9 usd/token))',
  ])('suffice for %s', (text) => {
    expect(problems(text)).toEqual([]);
  });
});
