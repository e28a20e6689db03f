/**
 * Units of a margin formula: what is added, compared or chosen between has one unit; exp, log and exponents are ratios; the whole comes out
 * in the unit that is asked for. A plain number is a ratio, except that 0 takes any unit; `5 usd` is five dollars.
 */
import { briefly, type Expression } from './expression.ts';
import { type FormulaProblem, OPERATORS } from './formula.ts';
import { constantOf } from './lower.ts';
import { parseUnit, powerOf, productOf, quotientOf, RATIO, sameUnit, showUnit, type Unit } from './unit.ts';

/** The unit of an expression: undefined for 0, which takes any, and where units are at odds already. */
export type FoundUnit = Unit | undefined;

/** The unit of an expression; adds to `problems` wherever units are at odds. Unknown names take any unit. */
export function unitOf(expression: Expression, units: ReadonlyMap<string, Unit>, problems: FormulaProblem[]): FoundUnit {
  const found = (part: Expression) => unitOf(part, units, problems);
  switch (expression.kind) {
    case 'number':
      if (expression.unit !== undefined) return parseUnit(expression.unit);
      return expression.value === 0 ? undefined : RATIO;
    case 'variable':
      return units.get(expression.name);
    case 'choice': {
      const [condition, ...branches] = expression.args;
      found(condition);
      return joined(branches, branches.map(found), expression.column, 'equal units on both sides of :', problems);
    }
    case 'call': {
      const args = expression.args.map(found);
      const { name, column } = expression;
      if (name === 'abs') return args[0];
      if (name === 'sqrt') return args[0] && powerOf(args[0], 0.5);
      if (name === 'exp' || name === 'log') return ratio(expression.args[0], args[0], column, `${name} of a ratio`, problems);
      return joined(expression.args, args, column, `${name} of equal units`, problems);
    }
    case 'operation': {
      const args = expression.args.map(found);
      const [a, b] = args;
      const { operator, column } = expression;
      const { symbol, takes, gives } = OPERATORS[operator];
      if (operator === 'multiply') return a && b && productOf(a, b);
      if (operator === 'divide') return a && b && quotientOf(a, b);
      if (operator === 'pow') return power(expression.args, args, column, problems);
      if (args.length === 1) return gives === 'condition' ? RATIO : a;
      if (takes === 'condition') return RATIO;
      const unit = joined(expression.args, args, column, `equal units on both sides of ${symbol}`, problems);
      return gives === 'condition' ? RATIO : unit;
    }
  }
}

/** Everything wrong with the units of an expression that must come out in `wanted`. */
export function checkUnits(expression: Expression, units: ReadonlyMap<string, Unit>, wanted: Unit): readonly FormulaProblem[] {
  const problems: FormulaProblem[] = [];
  const unit = unitOf(expression, units, problems);
  if (unit !== undefined && !sameUnit(unit, wanted)) {
    problems.push({ column: expression.column, found: `a formula in ${showUnit(unit)}`, expected: `one in ${showUnit(wanted)}` });
  }
  return problems;
}

/** The unit that all parts have; names the first two that differ. */
function joined(
  parts: readonly Expression[],
  units: readonly FoundUnit[],
  column: number,
  expected: string,
  problems: FormulaProblem[],
): FoundUnit {
  const first = units.findIndex((unit) => unit !== undefined);
  if (first < 0) return undefined;
  const unit = units[first] as Unit;
  const other = units.findIndex((candidate) => candidate !== undefined && !sameUnit(candidate, unit));
  if (other < 0) return unit;
  const isPlain = [first, other].some((i) => parts[i].kind === 'number' && sameUnit(units[i] as Unit, RATIO));
  const said = [first, other].map((i) => `${briefly(parts[i])} is ${showUnit(units[i] as Unit)}`).join(', ');
  const wanted = showUnit(sameUnit(unit, RATIO) ? (units[other] as Unit) : unit);
  const hint = isPlain ? `; a number with a unit is written ${wanted.startsWith('1/') ? wanted : `1 ${wanted}`}` : '';
  problems.push({ column, found: said, expected: `${expected}${hint}` });
  return undefined;
}

function ratio(part: Expression, unit: FoundUnit, column: number, expected: string, problems: FormulaProblem[]): FoundUnit {
  if (unit === undefined || sameUnit(unit, RATIO)) return RATIO;
  problems.push({ column, found: `${briefly(part)} is ${showUnit(unit)}`, expected });
  return undefined;
}

/** A constant exponent multiplies the exponents of the unit; one that varies asks for a ratio below it. */
function power(
  [base, exponent]: readonly Expression[],
  [baseUnit, exponentUnit]: readonly FoundUnit[],
  column: number,
  problems: FormulaProblem[],
): FoundUnit {
  ratio(exponent, exponentUnit, column, 'an exponent that is a ratio', problems);
  const constant = constantOf(exponent);
  if (constant === undefined) return ratio(base, baseUnit, column, 'a ratio, or a constant exponent', problems);
  // An exponent that is no number is refused for its range.
  return baseUnit && Number.isFinite(constant) ? powerOf(baseUnit, constant) : undefined;
}
