/**
 * Margin formulas as closures that run as fast as the same formula written by hand. Nothing is compiled from text: closures are only kept
 * apart, so that the engine's compiler can join each formula's into one function.
 */
import { fault } from '../base/fault.ts';
import type { Expression } from './expression.ts';
import { close, type Lowered } from './lower.ts';

/**
 * A compiler that knows which closure it compiles sees through it to all closures inside, and makes one function of the whole tree. V8
 * knows that where a place in the source has made one closure only. So each formula gets a place of its own; what comes when all are taken
 * computes the same, several times slower.
 */
const PLACES: readonly ((inner: Lowered) => Lowered)[] = [
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
  (inner) => (values) => inner(values),
];

/** What has been given a place, by expression and names. Decides how fast a formula is computed, never what comes out. */
const made = new Map<string, Lowered>();

/**
 * The closure of a checked expression; `values` holds the variables in the order in which they are given. The same expression over the same
 * names is lowered once, however many runs ask for it.
 *
 * @throws FORMULA_NAME  the expression uses what is not among `variables`
 */
export function lowerExpression(expression: Expression, variables: readonly { readonly name: string }[]): Lowered {
  const names = variables.map(({ name }) => name);
  const key = JSON.stringify([names, expression]);
  const known = made.get(key);
  if (known !== undefined) return known;
  const slotOf = (name: string) => {
    const slot = names.indexOf(name);
    return slot < 0 ? fault('FORMULA_NAME', { name, names: names.join(', ') }) : slot;
  };
  const inner = close(expression, (leaf) => slotOf(leaf.name));
  if (made.size >= PLACES.length) return inner;
  const compute = PLACES[made.size](inner);
  made.set(key, compute);
  return compute;
}
