/**
 * A margin formula from its text, in one step. Loads mathjs: whoever builds a run from a tree that was parsed before imports
 * `lower-expression.ts` instead.
 */

import { type Expression, usedBy } from '../../src/formula/expression.ts';
import type { FormulaProblem } from '../../src/formula/formula.ts';
import type { Interval } from '../../src/formula/interval.ts';
import type { Lowered } from '../../src/formula/lower.ts';
import { lowerExpression } from '../../src/formula/lower-expression.ts';
import { checkMargin } from '../../src/formula/margin.ts';
import { isFormulaProblem, parseExpression } from '../../src/formula/parse.ts';
import type { Variable } from '../../src/formula/variable.ts';

export interface MarginFormula {
  /** Plain JSON: what travels into a run. */
  readonly expression: Expression;
  /** From the values of the variables, in the order of their declarations. */
  readonly compute: Lowered;
  /** The variables that occur. */
  readonly used: readonly string[];
  /** Where the values lie while the variables are within their ranges. */
  readonly range: Interval;
}

/**
 * Parses, checks and lowers; or all that is wrong.
 *
 * @throws FORMULA_VARIABLE, FORMULA_UNIT  as `checkMargin`
 */
export function compileMarginFormula(
  text: string,
  variables: readonly Variable[],
  unit: string,
): MarginFormula | readonly FormulaProblem[] {
  const expression = parseExpression(text);
  if (isFormulaProblem(expression)) return [expression];
  const { problems, range } = checkMargin(expression, variables, unit);
  if (range === undefined) return problems;
  return { expression, compute: lowerExpression(expression, variables), used: usedBy(expression), range };
}
