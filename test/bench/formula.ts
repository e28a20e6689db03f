/**
 * Margin formulas: lowered beside the same formula in TypeScript, and beside mathjs's own compiled expression. A crowd of other formulas
 * has run before: a formula alone in its process says little. Called twice over: each from a loop of its own, as by an engine with one
 * formula, where the compiler takes the formula into the loop; and all from one loop, as by an engine with several, where it cannot.
 */
import { all, create } from 'mathjs';
import { randomFrom } from '../../src/base/random.ts';
import type { Lowered } from '../../src/formula/lower.ts';
import type { Variable } from '../../src/formula/variable.ts';
import { compileMarginFormula } from '../support/compile-margin.ts';
import { atLeast, atMost, type BenchRow, type Contender, fasterRow, figureRow, interleave, speedRow } from './harness.ts';

const EVALUATIONS = 4_000_000;
/** mathjs takes microseconds for each. */
const MATHJS_EVALUATIONS = 20_000;
const ROWS = 1024;

const declare = (name: string, unit: string, low: number, high: number): Variable => ({ name, unit, range: [low, high], doc: name });
const VARIABLES = [
  declare('notional', 'usd', 0, 1e7),
  declare('depth', 'usd', 1e4, 1e8),
  declare('minMargin', 'usd', 0, 1e4),
  declare('baseRate', 'ratio', 0.005, 0.1),
  declare('slope', 'ratio', 0, 0.5),
  declare('tier', 'usd', 1e6, 5e6),
];

/** The same formula in both notations. */
interface Pair {
  readonly name: string;
  readonly text: string;
  readonly byHand: Lowered;
}

/** The first is the size premium by the root law, the second a rate that rises beyond a tier. */
const PAIRS: readonly Pair[] = [
  {
    name: 'root of size',
    text: 'max(minMargin, notional * (baseRate + slope * sqrt(notional / depth)))',
    byHand: (v) => Math.max(v[2], v[0] * (v[3] + v[4] * Math.sqrt(v[0] / v[1]))),
  },
  {
    name: 'two tiers',
    text: 'notional > tier ? tier * baseRate + (notional - tier) * min(2 * baseRate, 1) : max(minMargin, notional * baseRate)',
    byHand: (v) => (v[0] > v[5] ? v[5] * v[3] + (v[0] - v[5]) * Math.min(2 * v[3], 1) : Math.max(v[2], v[0] * v[3])),
  },
];

/** Enough of others that no closure is alone of its kind, fewer than there are places for. */
const CROWD = 20;

/** Keeps results alive, so that no loop is optimised away. */
let sink = 0;

function compiled(text: string): Lowered {
  const answer = compileMarginFormula(text, VARIABLES, 'usd');
  if (!('compute' in answer)) throw new Error(`${text}: ${answer.map(({ column, found }) => `${column}: ${found}`).join('; ')}`);
  return answer.compute;
}

function randomRows(): readonly Float64Array[] {
  const random = randomFrom(5, 'formula');
  return Array.from({ length: ROWS }, () =>
    Float64Array.from(VARIABLES, ({ range: [low, high] }) => low + (high - low) * random.uniform()),
  );
}

type Loop = (compute: Lowered, rows: readonly Float64Array[], count: number) => number;

/** Calls whatever it is given, so that its call is never of one function. */
const shared: Loop = (compute, rows, count) => {
  let sum = 0;
  for (let i = 0; i < count; i += 1) sum += compute(rows[i & (ROWS - 1)]);
  return sum;
};

let loops = 0;
/** The same loop anew: to a compiler another place, which meets one function only. The number keeps it from remembering the text. */
function loopOfItsOwn(): Loop {
  loops += 1;
  return new Function(`const ROWS = ${ROWS}; return ${String(shared)}; // ${loops}`)() as Loop;
}

function repeat(compute: Lowered, rows: readonly Float64Array[], loop: Loop): Contender {
  return () => {
    sink += loop(compute, rows, EVALUATIONS);
    return EVALUATIONS;
  };
}

function repeatMathjs(text: string, rows: readonly Float64Array[]): Contender {
  const code = create(all, {}).compile(text);
  const scopes = rows.map((values) => Object.fromEntries(VARIABLES.map(({ name }, slot) => [name, values[slot]])));
  return () => {
    let sum = 0;
    for (let i = 0; i < MATHJS_EVALUATIONS; i += 1) sum += code.evaluate(scopes[i & (ROWS - 1)]) as number;
    sink += sum;
    return MATHJS_EVALUATIONS;
  };
}

/** Every shape in many places: the closures that all formulas share have then met everything. */
function crowd(from: number, count: number): readonly Lowered[] {
  return Array.from({ length: count }, (_, k) => {
    const n = from + k;
    const rate = ['baseRate', `${n} * slope`, 'sqrt(slope)', `clamp(slope - baseRate, 0, 0.${n})`, 'exp(-slope)'][n % 5];
    const size = ['notional', 'min(notional, tier)', `(notional + ${n} usd)`, 'abs(notional - tier)'][n % 4];
    return compiled(`${size} > ${n} usd or slope == 0 ? max(${size} * ${rate}, minMargin / ${n + 1}) : ${rate} * sqrt(${size} * depth)`);
  });
}

export function formulaBench(): BenchRow[] {
  const rows = randomRows();
  for (const compute of crowd(1, CROWD)) sink += shared(compute, rows, 100 * ROWS);
  const table = PAIRS.flatMap(({ name, text, byHand }) => {
    const lowered = compiled(text);
    if (rows.some((values) => lowered(values) !== byHand(values))) throw new Error(`${name}: not the same formula`);
    const times = interleave({
      hand: repeat(byHand, rows, loopOfItsOwn()),
      lowered: repeat(lowered, rows, loopOfItsOwn()),
      mathjs: repeatMathjs(text, rows),
      handAmong: repeat(byHand, rows, shared),
      loweredAmong: repeat(lowered, rows, shared),
    });
    return [
      speedRow(`${name}, by hand`, times.hand),
      speedRow(`${name}, lowered`, times.lowered, `after ${CROWD} other formulas`),
      speedRow(`${name}, mathjs`, times.mathjs, 'compiled once, evaluated'),
      atMost(fasterRow(`${name}: lowered ÷ by hand`, 'times', times.hand, times.lowered), 1.5),
      atMost(fasterRow(`${name}: the same, all from one loop`, 'times', times.handAmong, times.loweredAmong), 1.5),
      atLeast(fasterRow(`${name}: lowered against mathjs`, 'times faster', times.lowered, times.mathjs), 200),
    ];
  });
  // More than there are places for.
  const last = crowd(CROWD + 1, 40).at(-1) as Lowered;
  const { late } = interleave({ late: repeat(last, rows, shared) });
  return [
    ...table,
    speedRow('a formula for which no place was left', late, 'all from one loop'),
    ...(Number.isNaN(sink) ? [figureRow('a formula was not a number', '', sink)] : []),
  ];
}
