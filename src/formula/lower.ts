/**
 * Formulas as closures over a row of numbers: what is computed once is looked up, what is compared is plain. No library at work here;
 * mathjs's `evaluate`, hundreds of times slower, is what the closures are tested against. Comparisons are exact, where mathjs's allow
 * 1e-12.
 */
import { type Formula, type OperatorName, type Reference, referencesOf } from './formula.ts';

/** Computes a formula from the values of its references; a condition is 1 or 0. */
export type Lowered = (values: ArrayLike<number>) => number;

export interface LoweredFormula {
  /** What `values` must hold, in this order; each once. */
  readonly references: readonly Reference[];
  readonly compute: Lowered;
}

/** Lowers a checked formula. */
export function lower(formula: Formula): LoweredFormula {
  const slots = new Map<string, number>();
  const references: Reference[] = [];
  for (const reference of referencesOf(formula)) {
    const key = keyOf(reference);
    if (slots.has(key)) continue;
    slots.set(key, references.push(reference) - 1);
  }
  return { references, compute: close(formula, (reference) => slots.get(keyOf(reference)) as number) };
}

function keyOf({ name, label, part }: Reference): string {
  return JSON.stringify([name, label ?? null, part]);
}

function close(formula: Formula, slotOf: (reference: Reference) => number): Lowered {
  if (formula.kind === 'number') {
    const { value } = formula;
    return () => value;
  }
  if (formula.kind === 'reference') {
    const slot = slotOf(formula);
    return (values) => values[slot];
  }
  const args = formula.args.map((arg) => close(arg, slotOf));
  if (formula.kind === 'operation') return OPERATE[formula.operator](args[0], args[1]);
  if (formula.name === 'abs') return (values) => Math.abs(args[0](values));
  if (formula.name === 'sqrt') return (values) => Math.sqrt(args[0](values));
  const pick = formula.name === 'min' ? Math.min : Math.max;
  return (values) => args.map((arg) => arg(values)).reduce((a, b) => pick(a, b));
}

/** `b` is missing where the operator takes one. */
const OPERATE: Readonly<Record<OperatorName, (a: Lowered, b: Lowered) => Lowered>> = {
  add: (a, b) => (v) => a(v) + b(v),
  subtract: (a, b) => (v) => a(v) - b(v),
  multiply: (a, b) => (v) => a(v) * b(v),
  divide: (a, b) => (v) => a(v) / b(v),
  unaryMinus: (a) => (v) => -a(v),
  unaryPlus: (a) => a,
  smaller: (a, b) => (v) => (a(v) < b(v) ? 1 : 0),
  smallerEq: (a, b) => (v) => (a(v) <= b(v) ? 1 : 0),
  larger: (a, b) => (v) => (a(v) > b(v) ? 1 : 0),
  largerEq: (a, b) => (v) => (a(v) >= b(v) ? 1 : 0),
  equal: (a, b) => (v) => (a(v) === b(v) ? 1 : 0),
  unequal: (a, b) => (v) => (a(v) !== b(v) ? 1 : 0),
  and: (a, b) => (v) => (a(v) !== 0 && b(v) !== 0 ? 1 : 0),
  or: (a, b) => (v) => (a(v) !== 0 || b(v) !== 0 ? 1 : 0),
  not: (a) => (v) => (a(v) === 0 ? 1 : 0),
};
