/**
 * Formulas as closures over a row of numbers: what is computed once is looked up, what is compared is plain. No library at work here;
 * mathjs's `evaluate`, hundreds of times slower, is what the closures are tested against. Comparisons are exact, where mathjs's allow
 * 1e-12.
 */
import { exp, log, pow } from '../base/elementary.ts';
import { type Formula, type FunctionName, type Leaf, leavesOf, type OperatorName, type Reference, referencesOf } from './formula.ts';

/** Computes a formula from the values of its leaves; a condition is 1 or 0. Makes no object. */
export type Lowered = (values: Float64Array) => number;

export interface LoweredFormula {
  /** What `values` must hold, in this order; each once. */
  readonly references: readonly Reference[];
  readonly compute: (values: ArrayLike<number>) => number;
}

/** Lowers a checked assertion. */
export function lower(formula: Formula): LoweredFormula {
  const slots = new Map<string, number>();
  const references: Reference[] = [];
  for (const reference of referencesOf(formula)) {
    const key = keyOf(reference);
    if (slots.has(key)) continue;
    slots.set(key, references.push(reference) - 1);
  }
  const compute = close(formula, (leaf) => slots.get(keyOf(leaf as Reference)) as number);
  // Rows of one kind only: closures of margin formulas share this code, and are slower where it has met two.
  return { references, compute: (values) => compute(Float64Array.from(values)) };
}

function keyOf({ name, label, part }: Reference): string {
  return JSON.stringify([name, label ?? null, part]);
}

/** The closure of a formula whose leaves stand in the slots that `slotOf` says. What depends on no leaf is computed here and now. */
export function close(formula: Formula<Leaf>, slotOf: (leaf: Leaf) => number): Lowered {
  if (formula.kind === 'number') return hold(formula.value);
  if (!('args' in formula)) {
    const slot = slotOf(formula);
    return (values) => values[slot];
  }
  const args = formula.args.map((arg) => close(arg, slotOf));
  const made = join(formula, args);
  return leavesOf(formula).length === 0 ? hold(made(NONE)) : made;
}

const NONE = new Float64Array(0);

/** The value of what depends on no leaf; undefined for what does. */
export function constantOf(formula: Formula<Leaf>): number | undefined {
  return leavesOf(formula).length > 0 ? undefined : close(formula, () => 0)(NONE);
}

function hold(value: number): Lowered {
  return () => value;
}

type Branch = Extract<Formula<Leaf>, { readonly args: unknown }>;

function join(formula: Branch, args: readonly Lowered[]): Lowered {
  const [a, b, c] = args;
  if (formula.kind === 'operation') return OPERATE[formula.operator](a, b);
  // One call, of the branch that was chosen: a compiler judges calls by how often they were made in all formulas together, and would leave
  // out the branch that others seldom take.
  if (formula.kind === 'choice') return (v) => (a(v) !== 0 ? b : c)(v);
  return CALL[formula.name](args);
}

/** `b` is missing where the operator takes one. Conditions are 1 or 0, and asking both costs less than asking whether to ask. */
const OPERATE: Readonly<Record<OperatorName, (a: Lowered, b: Lowered) => Lowered>> = {
  add: (a, b) => (v) => a(v) + b(v),
  subtract: (a, b) => (v) => a(v) - b(v),
  multiply: (a, b) => (v) => a(v) * b(v),
  divide: (a, b) => (v) => a(v) / b(v),
  pow: (a, b) => (v) => pow(a(v), b(v)),
  unaryMinus: (a) => (v) => -a(v),
  unaryPlus: (a) => a,
  smaller: (a, b) => (v) => (a(v) < b(v) ? 1 : 0),
  smallerEq: (a, b) => (v) => (a(v) <= b(v) ? 1 : 0),
  larger: (a, b) => (v) => (a(v) > b(v) ? 1 : 0),
  largerEq: (a, b) => (v) => (a(v) >= b(v) ? 1 : 0),
  equal: (a, b) => (v) => (a(v) === b(v) ? 1 : 0),
  unequal: (a, b) => (v) => (a(v) !== b(v) ? 1 : 0),
  and: (a, b) => (v) => a(v) & b(v),
  or: (a, b) => (v) => a(v) | b(v),
  not: (a) => (v) => (a(v) === 0 ? 1 : 0),
};

const lesser = (a: Lowered, b: Lowered): Lowered => {
  return (v) => Math.min(a(v), b(v));
};
const greater = (a: Lowered, b: Lowered): Lowered => {
  return (v) => Math.max(a(v), b(v));
};

const CALL: Readonly<Record<FunctionName, (args: readonly Lowered[]) => Lowered>> = {
  min: (args) => args.reduce(lesser),
  max: (args) => args.reduce(greater),
  clamp: ([x, low, high]) => lesser(greater(x, low), high),
  abs: ([a]) => {
    return (v) => Math.abs(a(v));
  },
  sqrt: ([a]) => {
    return (v) => Math.sqrt(a(v));
  },
  exp: ([a]) => {
    return (v) => exp(a(v));
  },
  log: ([a]) => {
    return (v) => log(a(v));
  },
};
