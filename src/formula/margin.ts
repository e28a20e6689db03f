/**
 * Whether a margin formula may be used: its words are declared, conditions stand where conditions belong, its units agree, and it is a
 * finite number wherever its variables are within their ranges. Text is parsed in `parse.ts`, the tree lowered in `lower-expression.ts`.
 */
import { checkRanges } from './check-ranges.ts';
import { checkUnits, unitOf } from './check-units.ts';
import type { Expression } from './expression.ts';
import { checkKinds, type FormulaProblem, leavesOf } from './formula.ts';
import type { Interval } from './interval.ts';
import { parseUnit, RATIO, showUnit } from './unit.ts';
import { unitsOf, type Variable } from './variable.ts';

export interface MarginCheck {
  /** All that is wrong; later questions are asked only where the earlier ones are answered. */
  readonly problems: readonly FormulaProblem[];
  /** Where the values lie, in the unit asked for; undefined where there are problems. */
  readonly range?: Interval;
}

/**
 * Checks a margin formula that must come out in `unit`.
 *
 * @throws FORMULA_VARIABLE, FORMULA_UNIT  the declarations are wrong: a fault of the engine, not of the user
 */
export function checkMargin(expression: Expression, variables: readonly Variable[], unit: string): MarginCheck {
  const units = unitsOf(variables);
  const names = variables.map(({ name }) => name);
  const strangers = leavesOf(expression)
    .filter(({ name }) => !units.has(name))
    .map(({ name, column }) => ({ column, found: name, expected: 'a variable', choices: names }));
  const words = [...strangers, ...checkKinds(expression, 'number', 'notional > 1000 usd')];
  if (words.length > 0) return { problems: words };
  const atOdds = checkUnits(expression, units, parseUnit(unit));
  if (atOdds.length > 0) return { problems: atOdds };
  const ranges = new Map(variables.map(({ name, range }) => [name, range]));
  const one = (part: Expression) => {
    const text = showUnit(unitOf(part, units, []) ?? RATIO);
    if (text === 'ratio') return '0.01';
    return text.startsWith('1/') ? text : `1 ${text}`;
  };
  const { range, problems } = checkRanges(expression, ranges, one);
  return range === undefined ? { problems } : { problems, range };
}
