/**
 * A formula that a user wrote, as a tree of our own: numbers, names, operators and functions from closed lists. Any other notation never
 * becomes a tree, and a tree is plain JSON. The names of an assertion are metrics, those of a margin formula variables (`expression.ts`);
 * parsing (`parse.ts`) and computing (`lower.ts`) are elsewhere.
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
  pow: arithmetic('^'),
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

/** The functions of numbers, with the least and the largest number of arguments. `clamp(x, low, high)` is min(max(x, low), high). */
export const FUNCTIONS = {
  min: [1, 16],
  max: [1, 16],
  abs: [1, 1],
  sqrt: [1, 1],
  exp: [1, 1],
  log: [1, 1],
  clamp: [3, 3],
} as const satisfies Record<string, readonly [number, number]>;
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

/** A variable of a margin formula; what it means is said by its declaration. */
export interface VariableNode {
  readonly kind: 'variable';
  readonly name: string;
  readonly column: number;
}
export type Leaf = Reference | VariableNode;

/**
 * `column` counts from 1 and is where the part is written. A number may carry a unit; a choice is [condition, where it holds, where it does
 * not].
 */
export type Formula<L extends Leaf = Reference> =
  | { readonly kind: 'number'; readonly value: number; readonly unit?: string; readonly column: number }
  | L
  | { readonly kind: 'operation'; readonly operator: OperatorName; readonly args: readonly Formula<L>[]; readonly column: number }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly args: readonly Formula<L>[]; readonly column: number }
  | { readonly kind: 'choice'; readonly args: readonly Formula<L>[]; readonly column: number };

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

/** All leaves of a formula that are no numbers, in the order in which they are written. */
export function leavesOf(formula: Formula<Leaf>): readonly Leaf[] {
  if (formula.kind === 'number') return [];
  return 'args' in formula ? formula.args.flatMap(leavesOf) : [formula];
}

/** All references of an assertion, in the order in which they are written. */
export function referencesOf(formula: Formula): readonly Reference[] {
  return leavesOf(formula).filter((leaf) => leaf.kind === 'reference');
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
  return [...problems, ...checkKinds(formula, 'condition', 'bad_debt_usd < 1000')];
}

const SAID: Readonly<Record<Kind, string>> = { number: 'a number', condition: 'a condition' };

/** Where there are numbers in place of conditions, or conditions in place of numbers; the whole must be a `wanted`. */
export function checkKinds(formula: Formula<Leaf>, wanted: Kind, example: string): readonly FormulaProblem[] {
  const problems: FormulaProblem[] = [];
  const demand = (part: Formula<Leaf>, kind: Kind) => {
    const given = part.kind === 'operation' ? OPERATORS[part.operator].gives : 'number';
    if (given !== kind) {
      const expected = kind === 'condition' ? `${SAID[kind]}, such as ${example}` : SAID[kind];
      problems.push({ column: part.column, found: SAID[given], expected });
    }
    if (!('args' in part)) return;
    const takes = part.kind === 'operation' ? OPERATORS[part.operator].takes : 'number';
    for (const [index, arg] of part.args.entries()) demand(arg, part.kind === 'choice' && index === 0 ? 'condition' : takes);
  };
  demand(formula, wanted);
  return problems;
}
