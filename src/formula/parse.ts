/**
 * The door for mathjs: text to a formula of our own, by mathjs's grammar. Node types, operators and functions come from lists; everything
 * else is refused with its column. Nothing is ever evaluated, so nothing that a formula says can run. Takes 0.2 s to load: import it late.
 */
import { type MathNode, parse } from 'mathjs/number';
import {
  type Formula,
  type FormulaProblem,
  FUNCTIONS,
  type FunctionName,
  OPERATORS,
  type OperatorName,
  type ReferencePart,
} from './formula.ts';

/** Longer formulas are a mistake, or an attack on the parser. */
const LENGTH_MAX = 2_000;

const EXPECTED = 'metrics, numbers, + - * / < <= > >= == != and or not ( ), min max abs sqrt, lo hi';

interface Refusal {
  readonly problem: FormulaProblem;
}

/** The formula of a text, or what is wrong with it (the first mistake: after one, a grammar guesses). */
export function parseFormula(text: string): Formula | FormulaProblem {
  if (text.length > LENGTH_MAX) return { column: 1, found: `${text.length} characters`, expected: `at most ${LENGTH_MAX}` };
  let root: MathNode;
  try {
    root = parse(text);
  } catch (error) {
    const { message, char } = error as { message: string; char?: number };
    return { column: char ?? 1, found: `a syntax error (${message.replace(/ \(char \d+\)$/, '')})`, expected: EXPECTED };
  }
  const answer = convert(root, createCursor(text));
  return 'problem' in answer ? answer.problem : answer;
}

/** Whether the answer of `parseFormula` is a problem. */
export function isFormulaProblem(answer: Formula | FormulaProblem): answer is FormulaProblem {
  return !('kind' in answer);
}

/** mathjs forgets where things were written; but leaves are met in the order of the text, so each is looked for behind the one before. */
function createCursor(text: string) {
  let from = 0;
  return {
    /** Column of the next `token`, which is passed. */
    find(token: string): number {
      const word = /^\w+$/.test(token) ? new RegExp(`\\b${token}\\b`, 'g') : undefined;
      let at: number;
      if (word === undefined) at = text.indexOf(token, from);
      else {
        word.lastIndex = from;
        at = word.exec(text)?.index ?? -1;
      }
      if (at < 0) return from + 1;
      from = at + token.length;
      return at + 1;
    },
    /** Column of what comes next. */
    here: () => from + 1 + (/^[\s(]*/.exec(text.slice(from))?.[0].length ?? 0),
  };
}
type Cursor = ReturnType<typeof createCursor>;

const refuse = (column: number, found: string, expected = EXPECTED): Refusal => ({ problem: { column, found, expected } });

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
}

function convert(node: MathNode, cursor: Cursor): Formula | Refusal {
  const parts = node as unknown as Parts;
  switch (parts.type) {
    case 'ParenthesisNode':
      return convert(parts.content, cursor);
    case 'ConstantNode':
      return constant(parts.value, cursor);
    case 'SymbolNode':
    case 'AccessorNode':
      return reference(parts, 'mean', cursor);
    case 'OperatorNode':
      return operation(parts, cursor);
    case 'FunctionNode':
      return call(parts, cursor);
    case 'RelationalNode':
      return refuse(cursor.here(), 'a chain of comparisons', 'one comparison at a time, joined by and');
    default:
      return refuse(cursor.here(), NODE_NAMES[parts.type] ?? parts.type);
  }
}

const NODE_NAMES: Readonly<Record<string, string>> = {
  ArrayNode: 'a list',
  AssignmentNode: 'an assignment',
  BlockNode: 'several formulas',
  ConditionalNode: 'a ? b : c',
  FunctionAssignmentNode: 'the definition of a function',
  ObjectNode: 'an object',
  RangeNode: 'a range',
};

function constant(value: unknown, cursor: Cursor): Formula | Refusal {
  const column = cursor.here();
  if (typeof value === 'number' && Number.isFinite(value)) return { kind: 'number', value, column };
  return refuse(column, value === undefined ? 'nothing' : typeof value === 'string' ? `the text "${value}"` : String(value));
}

/** `metric` or `metric["label"]`. */
function reference(parts: Parts, part: ReferencePart, cursor: Cursor): Formula | Refusal {
  if (parts.type === 'SymbolNode') return { kind: 'reference', name: parts.name, part, column: cursor.find(parts.name) };
  const { object, index } = parts;
  if (object.type !== 'SymbolNode') return refuse(cursor.here(), 'an index of something that is no metric');
  const column = cursor.find(object.name);
  const [label] = index.dimensions;
  if (index.dotNotation || index.dimensions.length !== 1 || label.type !== 'ConstantNode' || typeof label.value !== 'string') {
    return refuse(column, `an index of ${object.name}`, `${object.name}["label of a point"]`);
  }
  // Past the label, whose words may look like metrics.
  cursor.find(label.value);
  return { kind: 'reference', name: object.name, label: label.value, part, column };
}

function operation({ fn, op, args, implicit }: Parts, cursor: Cursor): Formula | Refusal {
  const start = cursor.here();
  if (!Object.hasOwn(OPERATORS, fn)) return refuse(start, `the operator ${op}`);
  if (implicit) return refuse(start, 'two values side by side', 'an operator between them');
  const converted: Formula[] = [];
  let column = start;
  for (const [index, arg] of args.entries()) {
    if (index === 1 || args.length === 1) column = cursor.find(op);
    const made = convert(arg, cursor);
    if ('problem' in made) return made;
    converted.push(made);
  }
  return { kind: 'operation', operator: fn as OperatorName, args: converted, column };
}

function call({ fn, args }: Parts, cursor: Cursor): Formula | Refusal {
  const { name } = fn;
  if (fn.type !== 'SymbolNode') return refuse(cursor.here(), 'a call of something that is no function');
  const column = cursor.find(name);
  if (name === 'lo' || name === 'hi') return bound(name, args, column, cursor);
  if (!Object.hasOwn(FUNCTIONS, name)) return refuse(column, `the function ${name}`, 'one of min, max, abs, sqrt, lo, hi');
  const [least, most] = FUNCTIONS[name as FunctionName];
  if (args.length < least || args.length > most) {
    return refuse(column, `${name} of ${args.length} values`, least === most ? `${name} of one value` : `${name} of ${least} to ${most}`);
  }
  const converted: Formula[] = [];
  for (const arg of args) {
    const made = convert(arg, cursor);
    if ('problem' in made) return made;
    converted.push(made);
  }
  return { kind: 'call', name: name as FunctionName, args: converted, column };
}

/** An end of a metric's interval. */
function bound(part: 'lo' | 'hi', args: readonly MathNode[], column: number, cursor: Cursor): Formula | Refusal {
  const [arg] = args as unknown as readonly Parts[];
  const isReference = args.length === 1 && (arg.type === 'SymbolNode' || arg.type === 'AccessorNode');
  return isReference
    ? reference(arg, part, cursor)
    : refuse(column, `${part} of something else`, `${part} of one metric: ${part}(bad_debt_usd)`);
}
