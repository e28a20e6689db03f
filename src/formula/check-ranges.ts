/**
 * Whether a margin formula is a finite number wherever its variables are within their ranges: no denominator can be 0, no root or logarithm
 * is taken of what has none, nothing passes the largest double. By interval arithmetic, hence on the safe side: each variable counts as
 * free wherever it stands (x − x can be anything between), and a condition does not narrow what is chosen by it.
 */
import { briefly, type Expression } from './expression.ts';
import type { FormulaProblem, FunctionName, OperatorName } from './formula.ts';
import {
  absolute,
  add,
  divide,
  either,
  exponential,
  greater,
  holds,
  type Interval,
  lesser,
  logarithm,
  multiply,
  negative,
  power,
  powerFlaw,
  squareRoot,
  subtract,
} from './interval.ts';

/** Judges one expression; without an answer, something in it was refused. */
export interface RangeCheck {
  /** Where the values of the expression lie. */
  readonly range: Interval | undefined;
  readonly problems: readonly FormulaProblem[];
}

/**
 * @param ranges  by the names of variables; an infinite end stands for the largest double
 * @param one     one of the unit of a part, as it is written: what messages propose to stay above
 */
export function checkRanges(expression: Expression, ranges: ReadonlyMap<string, Interval>, one: (part: Expression) => string): RangeCheck {
  const problems: FormulaProblem[] = [];
  const refuse = (column: number, found: string, expected: string) => {
    problems.push({ column, found, expected });
    return undefined;
  };

  /** Refuses for what a part may be. */
  const because = (why: string, part: Expression, range: Interval, column: number, expected: string) =>
    refuse(column, `${why}: ${briefly(part)} ranges over ${showInterval(range)}`, expected);

  const bounded = (part: Expression, answer: Interval | undefined) =>
    answer ??
    refuse(
      part.column,
      `${briefly(part)} can pass the largest number there is (1.8e308)`,
      'values that stay below: bound them by min or clamp',
    );

  function operate(part: Expression & { kind: 'operation' }, [a, b]: readonly Interval[]): Interval | undefined {
    const [first, second] = part.args;
    if (part.operator === 'divide' && holds(b, 0)) {
      return because('the denominator can be 0', second, b, part.column, `one that cannot, such as ${above(second)}`);
    }
    if (part.operator === 'pow') {
      const flaw = powerFlaw(a, b);
      if (flaw !== undefined) return because(`the ${flaw}`, first, a, part.column, `one that cannot, such as ${above(first)}`);
    }
    return bounded(part, OPERATE[part.operator](a, b));
  }

  function call(part: Expression & { kind: 'call' }, args: readonly Interval[]): Interval | undefined {
    const [first] = part.args;
    const [a] = args;
    if (part.name === 'sqrt' && a[0] < 0) {
      return because('a root of what can be negative', first, a, part.column, `0 or more, such as sqrt(max(${briefly(first)}, 0))`);
    }
    if (part.name === 'log' && a[0] <= 0) {
      return because('a logarithm of what can be 0 or less', first, a, part.column, `more than 0, such as log(${above(first)})`);
    }
    return bounded(part, CALL[part.name](args));
  }

  const above = (part: Expression) => `max(${briefly(part)}, ${one(part)})`;

  function rangeOf(part: Expression): Interval | undefined {
    if (part.kind === 'number') return [part.value, part.value];
    if (part.kind === 'variable') {
      const range = ranges.get(part.name);
      return range && [Math.max(range[0], -Number.MAX_VALUE), Math.min(range[1], Number.MAX_VALUE)];
    }
    const args = part.args.map(rangeOf).filter((range) => range !== undefined);
    // What was refused inside is said once.
    if (args.length < part.args.length) return undefined;
    if (part.kind === 'choice') return either(args[1], args[2]);
    return part.kind === 'operation' ? operate(part, args) : call(part, args);
  }

  return { range: rangeOf(expression), problems };
}

/** 1 or 0. */
const TRUTH = (): Interval => [0, 1];

const OPERATE: Readonly<Record<OperatorName, (a: Interval, b: Interval) => Interval | undefined>> = {
  add,
  subtract,
  multiply,
  divide,
  pow: power,
  unaryMinus: negative,
  unaryPlus: (a) => a,
  smaller: TRUTH,
  smallerEq: TRUTH,
  larger: TRUTH,
  largerEq: TRUTH,
  equal: TRUTH,
  unequal: TRUTH,
  and: TRUTH,
  or: TRUTH,
  not: TRUTH,
};

const CALL: Readonly<Record<FunctionName, (args: readonly Interval[]) => Interval | undefined>> = {
  min: (args) => args.reduce(lesser),
  max: (args) => args.reduce(greater),
  clamp: ([x, low, high]) => lesser(greater(x, low), high),
  abs: ([a]) => absolute(a),
  sqrt: ([a]) => squareRoot(a),
  exp: ([a]) => exponential(a),
  log: ([a]) => logarithm(a),
};

/** `[0, 1e12]`, `[0, …)`. */
function showInterval([low, high]: Interval): string {
  const left = low <= -Number.MAX_VALUE ? '(…' : `[${showNumber(low)}`;
  return `${left}, ${high >= Number.MAX_VALUE ? '…)' : `${showNumber(high)}]`}`;
}

/** Three digits: enough to see which side of 0 it is on. */
function showNumber(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-3)) return value.toExponential(2).replace(/\.?0*e\+?/, 'e');
  return `${Number(value.toPrecision(3))}`;
}
