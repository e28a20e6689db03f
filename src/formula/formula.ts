/**
 * A formula that a user wrote, as a tree of our own: numbers, references to metrics, operators and functions from closed lists. Any other
 * notation never becomes a tree. Says what may stand where; parsing (`parse.ts`) and computing (`lower.ts`) are elsewhere.
 */

/** What an operator or function does to doubles, and the kinds it joins. A condition is 1 or 0. */
interface Operation {
  readonly symbol: string;
  readonly takes: Kind;
  readonly gives: Kind;
}
export type Kind = 'number' | 'condition';

const arithmetic = (symbol: string): Operation => ({ symbol, takes: 'number', gives: 'number' });
const comparison = (symbol: string): Operation => ({ symbol, takes: 'number', gives: 'condition' });
const junction = (symbol: string): Operation => ({ symbol, takes: 'condition', gives: 'condition' });

/** The operators there are, by mathjs's names of them. */
export const OPERATORS = {
  add: arithmetic('+'),
  subtract: arithmetic('-'),
  multiply: arithmetic('*'),
  divide: arithmetic('/'),
  unaryMinus: arithmetic('-'),
  unaryPlus: arithmetic('+'),
  smaller: comparison('<'),
  smallerEq: comparison('<='),
  larger: comparison('>'),
  largerEq: comparison('>='),
  equal: comparison('=='),
  unequal: comparison('!='),
  and: junction('and'),
  or: junction('or'),
  not: junction('not'),
} as const satisfies Record<string, Operation>;
export type OperatorName = keyof typeof OPERATORS;

/** The functions of numbers, with the least and the largest number of arguments. */
export const FUNCTIONS = { min: [1, 16], max: [1, 16], abs: [1, 1], sqrt: [1, 1] } as const satisfies Record<
  string,
  readonly [number, number]
>;
export type FunctionName = keyof typeof FUNCTIONS;

/** Which number of a metric at a point: the mean over replications, or an end of its 95 % interval. */
export type ReferencePart = 'mean' | 'lo' | 'hi';

export interface Reference {
  readonly kind: 'reference';
  readonly name: string;
  /** The point; without one, every point in turn. */
  readonly label?: string;
  readonly part: ReferencePart;
  readonly column: number;
}

/** `column` counts from 1 and is where the part is written. */
export type Formula =
  | { readonly kind: 'number'; readonly value: number; readonly column: number }
  | Reference
  | { readonly kind: 'operation'; readonly operator: OperatorName; readonly args: readonly Formula[]; readonly column: number }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly args: readonly Formula[]; readonly column: number };

/** What is wrong with a formula, and where. */
export interface FormulaProblem {
  readonly column: number;
  readonly found: string;
  readonly expected: string;
  /** The names that `expected` speaks of, where it is one of a list. */
  readonly choices?: readonly string[];
}

/** What a formula may speak of. */
export interface Vocabulary {
  readonly metrics: readonly string[];
  readonly labels: readonly string[];
}

/** All references of a formula, in the order in which they are written. */
export function referencesOf(formula: Formula): readonly Reference[] {
  if (formula.kind === 'reference') return [formula];
  return formula.kind === 'number' ? [] : formula.args.flatMap(referencesOf);
}

/** Everything wrong with the words of a formula: unknown metrics and labels, numbers where conditions belong, and the other way round. */
export function checkFormula(formula: Formula, { metrics, labels }: Vocabulary): readonly FormulaProblem[] {
  const problems: FormulaProblem[] = [];
  for (const { name, label, column } of referencesOf(formula)) {
    if (!metrics.includes(name)) problems.push({ column, found: name, expected: 'a metric', choices: metrics });
    if (label !== undefined && !labels.includes(label)) {
      problems.push({ column, found: `"${label}"`, expected: 'the label of a point', choices: labels });
    }
  }
  demand(formula, 'condition', problems);
  return problems;
}

const SAID: Readonly<Record<Kind, string>> = {
  number: 'a number',
  condition: 'a condition, such as bad_debt_usd < 1000',
};

function demand(formula: Formula, wanted: Kind, problems: FormulaProblem[]): void {
  const given = formula.kind === 'operation' ? OPERATORS[formula.operator].gives : 'number';
  if (given !== wanted) problems.push({ column: formula.column, found: SAID[given].split(',')[0], expected: SAID[wanted] });
  if (formula.kind === 'operation') for (const arg of formula.args) demand(arg, OPERATORS[formula.operator].takes, problems);
  if (formula.kind === 'call') for (const arg of formula.args) demand(arg, 'number', problems);
}
