/** What a margin formula may speak of: variables with units and ranges, declared by the engine that will fill in their values. */
import { fault } from '../base/fault.ts';
import type { FormulaVariable } from '../base/params.ts';
import { FUNCTIONS } from './formula.ts';
import { isBaseUnit, parseUnit, type Unit } from './unit.ts';

/** Declared where parameters are, on the ground floor. */
export type Variable = FormulaVariable;

/** Words that mathjs's grammar, or ours, reads otherwise. */
const RESERVED: readonly string[] = [
  ...['and', 'or', 'xor', 'not', 'mod', 'to', 'in', 'end', 'true', 'false', 'null', 'undefined', 'NaN', 'Infinity'],
  ...[...Object.keys(FUNCTIONS), 'pow', 'if'],
];

/**
 * Units by the names of variables.
 *
 * @throws FORMULA_VARIABLE  a name that is no word, is declared twice or means something else already; a range that holds nothing
 * @throws FORMULA_UNIT      a unit that does not exist
 */
export function unitsOf(variables: readonly Variable[]): ReadonlyMap<string, Unit> {
  const units = new Map<string, Unit>();
  for (const { name, unit, range } of variables) {
    const isFree = /^[A-Za-z_]\w*$/.test(name) && !RESERVED.includes(name) && !isBaseUnit(name) && !units.has(name);
    if (!(isFree && range[0] <= range[1])) fault('FORMULA_VARIABLE', { name, low: range[0], high: range[1] });
    units.set(name, parseUnit(unit));
  }
  return units;
}
