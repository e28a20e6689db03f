/**
 * Units as exponents over base units: usd/token is usd¹·token⁻¹, a ratio has no exponents. No unit converts into another, neither a token
 * into another token nor ms into years: times of different grain are different units, so that a formula that mixes them is refused.
 */
import { fault } from '../base/fault.ts';

/** `year` is that of rates and volatilities, 365 days. */
const BASE_UNITS = ['usd', 'token', 'ms', 'hour', 'day', 'year'] as const;

/** The exponent of each base unit, in the order of BASE_UNITS. */
export type Unit = readonly number[];

export const RATIO: Unit = BASE_UNITS.map(() => 0);

/** Whether a word is a base unit, so that it cannot be the name of a variable. */
export function isBaseUnit(word: string): boolean {
  return BASE_UNITS.some((name) => name === word);
}

export function productOf(a: Unit, b: Unit): Unit {
  return a.map((exponent, i) => exponent + b[i]);
}

export function quotientOf(a: Unit, b: Unit): Unit {
  return a.map((exponent, i) => exponent - b[i]);
}

export function powerOf(unit: Unit, exponent: number): Unit {
  // + 0: no exponent is −0.
  return unit.map((old) => old * exponent + 0);
}

/** Up to the rounding of exponents: the cube of a cube root is what it was. */
export function sameUnit(a: Unit, b: Unit): boolean {
  return a.every((exponent, i) => Math.abs(exponent - b[i]) < 1e-9);
}

/**
 * Reads `usd`, `ratio`, `1`, `usd/token`, `1/sqrt(year)`, `usd*day^2`.
 *
 * @throws FORMULA_UNIT  the text is none of these: a fault of who declared it
 */
export function parseUnit(text: string): Unit {
  const tokens = text.match(/[a-z]+|\d+(\.\d+)?|\S/g) ?? [];
  let at = 0;
  const bad = () => fault('FORMULA_UNIT', { text, units: BASE_UNITS.join(', ') });
  const demand = (token: string) => {
    if (tokens[at] !== token) bad();
    at += 1;
  };
  const enclosed = (): Unit => {
    demand('(');
    const inner = product();
    demand(')');
    return inner;
  };
  const factor = (): Unit => {
    const token = tokens[at];
    if (token === '(') return enclosed();
    at += 1;
    if (token === '1' || token === 'ratio') return RATIO;
    if (token === 'sqrt') return powerOf(enclosed(), 0.5);
    return isBaseUnit(token) ? BASE_UNITS.map((name) => (name === token ? 1 : 0)) : bad();
  };
  const power = (): Unit => {
    const base = factor();
    if (tokens[at] !== '^') return base;
    const exponent = Number(tokens[at + 1]);
    if (!Number.isFinite(exponent)) bad();
    at += 2;
    return powerOf(base, exponent);
  };
  function product(): Unit {
    let unit = power();
    while (tokens[at] === '*' || tokens[at] === '/') {
      const combine = tokens[at] === '*' ? productOf : quotientOf;
      at += 1;
      unit = combine(unit, power());
    }
    return unit;
  }
  const unit = product();
  return at === tokens.length ? unit : bad();
}

/** As it is written: `ratio`, `usd/token`, `1/sqrt(year)`. */
export function showUnit(unit: Unit): string {
  const factors = unit.map((exponent, i) => ({ text: showFactor(BASE_UNITS[i], Math.abs(exponent)), exponent }));
  const above = factors.filter(({ exponent }) => exponent > 1e-9);
  const below = factors.filter(({ exponent }) => exponent < -1e-9);
  if (above.length + below.length === 0) return 'ratio';
  const top = above.length === 0 ? '1' : above.map(({ text }) => text).join('*');
  return `${top}${below.map(({ text }) => `/${text}`).join('')}`;
}

function showFactor(name: string, exponent: number): string {
  if (Math.abs(exponent - 1) < 1e-9) return name;
  return Math.abs(exponent - 0.5) < 1e-9 ? `sqrt(${name})` : `${name}^${Number(exponent.toPrecision(4))}`;
}
