/** Closures of margin formulas: made once for each formula, and no others when many formulas ask for one. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Expression } from '../../../src/formula/expression.ts';
import { isFormulaProblem, parseExpression } from '../../../src/formula/parse.ts';

function parsed(text: string): Expression {
  const expression = parseExpression(text);
  if (isFormulaProblem(expression)) throw new Error(expression.found);
  return expression;
}

const SLOTS = [{ name: 'a' }, { name: 'b' }];

describe('the closure of a margin formula', () => {
  let lowerExpression: typeof import('../../../src/formula/lower-expression.ts').lowerExpression;
  // Places go to whoever comes first, other tests included.
  beforeAll(async () => {
    vi.resetModules();
    ({ lowerExpression } = await import('../../../src/formula/lower-expression.ts'));
  });

  it('is made once, however many runs ask for it', () => {
    expect(lowerExpression(parsed('a / (b + 1)'), SLOTS)).toBe(lowerExpression(parsed('a / (b + 1)'), SLOTS));
  });

  it('is told apart by the order of its variables, and does without those that it does not use', () => {
    const expression = parsed('a - b');
    expect(lowerExpression(expression, SLOTS)(Float64Array.of(5, 3))).toBe(2);
    expect(lowerExpression(expression, [{ name: 'b' }, { name: 'x' }, { name: 'a' }])(Float64Array.of(5, 9, 3))).toBe(-2);
  });

  it('is a fault of whoever names no slot for a variable', () => {
    expect(() => lowerExpression(parsed('a - b'), [{ name: 'a' }])).toThrow('FORMULA_NAME');
  });

  it('computes the same when there are more formulas than places of their own', () => {
    const sums = () => Array.from({ length: 100 }, (_, n) => lowerExpression(parsed(`a * ${n} + max(b, 2)`), SLOTS)(Float64Array.of(1, 4)));
    const expected = Array.from({ length: 100 }, (_, n) => n + 4);
    expect(sums()).toEqual(expected);
    expect(sums()).toEqual(expected);
  });
});
