/**
 * The door for mathjs: text to a formula of our own, by mathjs's grammar. Node types, operators and functions come from lists; everything
 * else is refused with its column. Nothing is ever evaluated, so nothing that a formula says can run. Takes 0.2 s to load: import it late.
 */
import { type MathNode, parse } from 'mathjs/number';
import { type Cursor, createCursor } from './cursor.ts';
import {
  type Formula,
  type FormulaProblem,
  FUNCTIONS,
  type FunctionName,
  type Leaf,
  leavesOf,
  OPERATORS,
  type OperatorName,
  type Reference,
  type ReferencePart,
  type VariableNode,
} from './formula.ts';
import { isBaseUnit } from './unit.ts';

/** Longer formulas are a mistake, or an attack on the parser. */
const LENGTH_MAX = 2_000;

interface Refusal {
  readonly problem: FormulaProblem;
}

/** What a kind of formula may be made of: lists, and what becomes of names. */
interface Grammar<L extends Leaf> {
  /** All there is, for messages. */
  readonly expected: string;
  readonly operators: readonly OperatorName[];
  readonly functions: readonly FunctionName[];
  /** Functions with a notation of their own in the tree. */
  readonly notations: Readonly<Record<string, (call: Call<L>) => Formula<L> | Refusal>>;
  /** Whether there is c ? a : b, and whether numbers may carry units: 5 usd. */
  readonly choice: boolean;
  readonly units: boolean;
  leaf(parts: Parts, cursor: Cursor): Formula<L> | Refusal;
}

interface Call<L extends Leaf> {
  readonly name: string;
  readonly args: readonly MathNode[];
  readonly column: number;
  readonly site: Site<L>;
}

interface Site<L extends Leaf> {
  readonly grammar: Grammar<L>;
  readonly cursor: Cursor;
}

const OPERATOR_NAMES = Object.keys(OPERATORS) as OperatorName[];

const ASSERTION: Grammar<Reference> = {
  expected: 'metrics, numbers, + - * / < <= > >= == != and or not ( ), min max abs sqrt, lo hi',
  operators: OPERATOR_NAMES.filter((name) => name !== 'pow'),
  functions: ['min', 'max', 'abs', 'sqrt'],
  notations: { lo: (call) => bound('lo', call), hi: (call) => bound('hi', call) },
  choice: false,
  units: false,
  leaf: (parts, cursor) => reference(parts, 'mean', cursor),
};

const MARGIN: Grammar<VariableNode> = {
  expected: 'variables, numbers, + - * / ^ ( ), min max abs sqrt exp log pow clamp, c ? a : b with < <= > >= == != and or not in c',
  operators: OPERATOR_NAMES,
  functions: Object.keys(FUNCTIONS) as FunctionName[],
  notations: { pow: power, if: choose },
  choice: true,
  units: true,
  leaf: variable,
};

/** The assertion of a text, or what is wrong with it (the first mistake: after one, a grammar guesses). */
export function parseFormula(text: string): Formula | FormulaProblem {
  return parseBy(ASSERTION, text);
}

/** The margin formula of a text, its words not yet looked at, or the first mistake in it. */
export function parseExpression(text: string): Formula<VariableNode> | FormulaProblem {
  // To mathjs `a + 5%` is a · 1.05, and a % b a remainder.
  const percent = text.indexOf('%') + 1;
  if (percent > 0) return { column: percent, found: '%', expected: 'a ratio: 0.05 for five per cent' };
  return parseBy(MARGIN, text);
}

/** Whether the answer of `parseFormula` or `parseExpression` is a problem. */
export function isFormulaProblem(answer: Formula<Leaf> | FormulaProblem): answer is FormulaProblem {
  return !('kind' in answer);
}

function parseBy<L extends Leaf>(grammar: Grammar<L>, written: string): Formula<L> | FormulaProblem {
  // To mathjs a line's end ends a formula: one that is written as a block of lines has such ends in it.
  const text = written.replace(/[\r\n]/g, ' ');
  if (text.length > LENGTH_MAX) return { column: 1, found: `${text.length} characters`, expected: `at most ${LENGTH_MAX}` };
  let root: MathNode;
  try {
    root = parse(text);
  } catch (error) {
    const { message, char } = error as { message: string; char?: number };
    return { column: char ?? 1, found: `a syntax error (${message.replace(/ \(char \d+\)$/, '')})`, expected: grammar.expected };
  }
  const answer = convert(root, { grammar, cursor: createCursor(text) });
  return 'problem' in answer ? answer.problem : answer;
}

const refuse = (column: number, found: string, expected: string): Refusal => ({ problem: { column, found, expected } });

/** What is read of mathjs's nodes. */
interface Parts {
  readonly type: string;
  readonly content: MathNode;
  readonly value: unknown;
  readonly name: string;
  readonly object: Parts;
  readonly index: { readonly dimensions: readonly Parts[]; readonly dotNotation: boolean };
  readonly op: string;
  readonly fn: string & Parts;
  readonly args: readonly MathNode[];
  readonly implicit: boolean;
  readonly condition: MathNode;
  readonly trueExpr: MathNode;
  readonly falseExpr: MathNode;
}

function convert<L extends Leaf>(node: MathNode, site: Site<L>): Formula<L> | Refusal {
  const parts = node as unknown as Parts;
  const { grammar, cursor } = site;
  switch (parts.type) {
    case 'ParenthesisNode':
      return convert(parts.content, site);
    case 'ConstantNode':
      return constant(parts.value, site);
    case 'SymbolNode':
      if (grammar.units && isBaseUnit(parts.name)) return { kind: 'number', value: 1, unit: parts.name, column: cursor.find(parts.name) };
      return grammar.leaf(parts, cursor);
    case 'AccessorNode':
      return grammar.leaf(parts, cursor);
    case 'OperatorNode':
      return operation(parts, site);
    case 'FunctionNode':
      return call(parts, site);
    case 'ConditionalNode':
      return grammar.choice ? conditional(parts, site) : refuse(cursor.here(), 'a ? b : c', grammar.expected);
    case 'RelationalNode':
      return refuse(cursor.here(), 'a chain of comparisons', 'one comparison at a time, joined by and');
    default:
      return refuse(cursor.here(), NODE_NAMES[parts.type] ?? parts.type, grammar.expected);
  }
}

const NODE_NAMES: Readonly<Record<string, string>> = {
  ArrayNode: 'a list',
  AssignmentNode: 'an assignment',
  BlockNode: 'several formulas',
  FunctionAssignmentNode: 'the definition of a function',
  ObjectNode: 'an object',
  RangeNode: 'a range',
};

function constant<L extends Leaf>(value: unknown, { grammar, cursor }: Site<L>): Formula<L> | Refusal {
  const column = cursor.here();
  if (typeof value === 'number' && Number.isFinite(value)) {
    cursor.passNumber();
    return { kind: 'number', value, column };
  }
  const found = value === undefined ? 'nothing' : typeof value === 'string' ? `the text "${value}"` : String(value);
  return refuse(column, found, grammar.expected);
}

/** `metric` or `metric["label"]`. */
function reference(parts: Parts, part: ReferencePart, cursor: Cursor): Reference | Refusal {
  if (parts.type === 'SymbolNode') return { kind: 'reference', name: parts.name, part, column: cursor.find(parts.name) };
  const { object, index } = parts;
  if (object.type !== 'SymbolNode') return refuse(cursor.here(), 'an index of something that is no metric', ASSERTION.expected);
  const column = cursor.find(object.name);
  const [label] = index.dimensions;
  if (index.dotNotation || index.dimensions.length !== 1 || label.type !== 'ConstantNode' || typeof label.value !== 'string') {
    return refuse(column, `an index of ${object.name}`, `${object.name}["label of a point"]`);
  }
  // Past the label, whose words may look like metrics.
  cursor.find(label.value);
  return { kind: 'reference', name: object.name, label: label.value, part, column };
}

function variable({ type, name }: Parts, cursor: Cursor): VariableNode | Refusal {
  if (type === 'SymbolNode') return { kind: 'variable', name, column: cursor.find(name) };
  return refuse(cursor.here(), 'an index', 'a variable without one');
}

function operation<L extends Leaf>({ fn, op, args, implicit }: Parts, site: Site<L>): Formula<L> | Refusal {
  const { grammar, cursor } = site;
  const start = cursor.here();
  if (!grammar.operators.includes(fn as OperatorName)) return refuse(start, `the operator ${op}`, grammar.expected);
  if (implicit) return grammar.units && isUnitSymbol(args[1]) ? quantity(args, site) : besides(start);
  const converted: Formula<L>[] = [];
  let column = start;
  for (const [index, arg] of args.entries()) {
    if (index === 1 || args.length === 1) column = cursor.find(op);
    const made = convert(arg, site);
    if ('problem' in made) return made;
    converted.push(made);
  }
  return { kind: 'operation', operator: fn as OperatorName, args: converted, column };
}

const besides = (column: number) => refuse(column, 'two values side by side', 'an operator between them');

function isUnitSymbol(node: MathNode): boolean {
  const { type, name } = node as unknown as Parts;
  return type === 'SymbolNode' && isBaseUnit(name);
}

/** A number before the name of a unit: `5 usd`. */
function quantity<L extends Leaf>(args: readonly MathNode[], site: Site<L>): Formula<L> | Refusal {
  const start = site.cursor.here();
  const [amount, unit] = convertAll(args, site);
  if ('problem' in amount) return amount;
  if (unit === undefined || 'problem' in unit || leavesOf(amount).length > 0) return besides(start);
  if (amount.kind === 'number' && amount.unit === undefined) return { ...unit, ...amount };
  return { kind: 'operation', operator: 'multiply', args: [amount, unit], column: unit.column };
}

/** Arguments in turn, up to the first that is refused. */
function convertAll<L extends Leaf>(args: readonly MathNode[], site: Site<L>): readonly (Formula<L> | Refusal)[] {
  const converted: (Formula<L> | Refusal)[] = [];
  for (const arg of args) {
    const made = convert(arg, site);
    converted.push(made);
    if ('problem' in made) break;
  }
  return converted;
}

/** The arguments of a function, if there are as many as it takes and none is refused. */
function argumentsOf<L extends Leaf>(
  { name, args, column, site }: Call<L>,
  [least, most]: readonly [number, number],
): readonly Formula<L>[] | Refusal {
  if (args.length < least || args.length > most) {
    const takes = least === most ? `${name} of ${least === 1 ? 'one value' : `${least} values`}` : `${name} of ${least} to ${most}`;
    return refuse(column, `${name} of ${args.length} values`, takes);
  }
  const converted = convertAll(args, site);
  return converted.find((made) => 'problem' in made) ?? (converted as readonly Formula<L>[]);
}

function call<L extends Leaf>({ fn, args }: Parts, site: Site<L>): Formula<L> | Refusal {
  const { grammar, cursor } = site;
  const { name } = fn;
  if (fn.type !== 'SymbolNode') return refuse(cursor.here(), 'a call of something that is no function', grammar.expected);
  const column = cursor.find(name);
  if (Object.hasOwn(grammar.notations, name)) return grammar.notations[name]({ name, args, column, site });
  const known = grammar.functions.find((known) => known === name);
  if (known === undefined) {
    return refuse(column, `the function ${name}`, `one of ${[...grammar.functions, ...Object.keys(grammar.notations)].join(', ')}`);
  }
  const converted = argumentsOf({ name, args, column, site }, FUNCTIONS[known]);
  return 'problem' in converted ? converted : { kind: 'call', name: known, args: converted, column };
}

/** An end of a metric's interval. */
function bound(part: 'lo' | 'hi', { args, column, site }: Call<Reference>): Reference | Refusal {
  const [arg] = args as unknown as readonly Parts[];
  const isReference = args.length === 1 && (arg.type === 'SymbolNode' || arg.type === 'AccessorNode');
  return isReference
    ? reference(arg, part, site.cursor)
    : refuse(column, `${part} of something else`, `${part} of one metric: ${part}(bad_debt_usd)`);
}

/** pow(x, y), another way to write x ^ y. */
function power<L extends Leaf>(written: Call<L>): Formula<L> | Refusal {
  const args = argumentsOf(written, [2, 2]);
  return 'problem' in args ? args : { kind: 'operation', operator: 'pow', args, column: written.column };
}

/** if(c, a, b), another way to write c ? a : b. */
function choose<L extends Leaf>(written: Call<L>): Formula<L> | Refusal {
  const args = argumentsOf(written, [3, 3]);
  return 'problem' in args ? args : { kind: 'choice', args, column: written.column };
}

function conditional<L extends Leaf>({ condition, trueExpr, falseExpr }: Parts, site: Site<L>): Formula<L> | Refusal {
  const tested = convert(condition, site);
  if ('problem' in tested) return tested;
  const column = site.cursor.find('?');
  const yes = convert(trueExpr, site);
  if ('problem' in yes) return yes;
  site.cursor.find(':');
  const no = convert(falseExpr, site);
  return 'problem' in no ? no : { kind: 'choice', args: [tested, yes, no], column };
}
