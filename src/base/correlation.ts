/**
 * Correlation matrices as people write them: completed from the pairs that matter, and checked before anything is drawn from them. Says
 * what is wrong in the reader's words; where it was written is the reader's business.
 */
import { fault } from './fault.ts';
import { SEMIDEFINITE_SLACK, smallestEigenvalue } from './matrix.ts';

/** Rows of a symmetric matrix with 1 on its diagonal, in the order of the names. */
export type Correlation = readonly (readonly number[])[];

/** What is wrong with a correlation, and what was expected in its place. */
export interface CorrelationProblem {
  readonly found: string;
  readonly expected: string;
}

/**
 * Whether rows are a correlation matrix: square, symmetric, 1 on the diagonal, entries within [−1, 1], and positive semi-definite, so that
 * no portfolio has a negative variance. Symmetry and diagonal must hold exactly, since they are written and not computed; the smallest
 * eigenvalue may lie SEMIDEFINITE_SLACK·n below 0, which covers rounding of a valid matrix and nothing that a person could write.
 */
export function problemOfCorrelation(rows: Correlation, names: readonly string[]): CorrelationProblem | undefined {
  const n = names.length;
  if (rows.length !== n || rows.some((row) => row.length !== n)) {
    const found = `rows of ${rows.map((row) => row.length).join(', ')}`;
    return { found: rows.length === 0 ? 'no rows' : found, expected: `${n} rows of ${n}, one for each of ${names.join(', ')}` };
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const entry = rows[i][j];
      const here = `${names[i]},${names[j]}`;
      if (i === j && entry !== 1) return { found: `${here}: ${entry}`, expected: '1: everything moves with itself' };
      if (!(Math.abs(entry) <= 1)) return { found: `${here}: ${entry}`, expected: 'a number from -1 to 1' };
      if (j < i && entry !== rows[j][i]) {
        return { found: `${here}: ${entry} but ${names[j]},${names[i]}: ${rows[j][i]}`, expected: 'the same both ways (symmetric)' };
      }
    }
  }
  const smallest = smallestEigenvalue(Float64Array.from(rows.flat()), n);
  if (smallest >= -SEMIDEFINITE_SLACK * n) return undefined;
  return {
    found: `smallest eigenvalue ${Number(smallest.toPrecision(3))}`,
    expected: 'no negative eigenvalue (positive semi-definite): assets cannot all move with or against each other like that',
  };
}

/** Correlations by pair of names, either order: `{ 'ETH,BTC': 0.8 }`. */
export type CorrelationPairs = Readonly<Record<string, number>>;

/** Whether pairs name two of `names` each, no two twice, and make a correlation matrix when all others are 0. */
export function problemOfPairs(names: readonly string[], pairs: CorrelationPairs): CorrelationProblem | undefined {
  const known = `two of ${names.join(', ')}, as in "${names[0] ?? 'ETH'},${names[1] ?? 'BTC'}"`;
  const seen = new Map<string, string>();
  for (const key of Object.keys(pairs)) {
    const [i, j] = pairOf(key, names);
    if (i === -1 || j === -1 || i === j) return { found: `"${key}"`, expected: known };
    const place = i < j ? `${i},${j}` : `${j},${i}`;
    const before = seen.get(place);
    if (before !== undefined) return { found: `"${before}" and "${key}"`, expected: 'each pair once' };
    seen.set(place, key);
  }
  return problemOfCorrelation(completed(names, pairs), names);
}

/**
 * The whole matrix: 1 on the diagonal, the given pairs on both sides of it, 0 elsewhere.
 *
 * @throws  CORRELATION_PAIRS  what `problemOfPairs` would have said
 */
export function correlationOf(names: readonly string[], pairs: CorrelationPairs): Correlation {
  const problem = problemOfPairs(names, pairs);
  if (problem !== undefined) fault('CORRELATION_PAIRS', { ...problem });
  return completed(names, pairs);
}

function completed(names: readonly string[], pairs: CorrelationPairs): number[][] {
  const rows = names.map((_, i) => names.map((_, j): number => (i === j ? 1 : 0)));
  for (const [key, value] of Object.entries(pairs)) {
    const [i, j] = pairOf(key, names);
    rows[i][j] = value;
    rows[j][i] = value;
  }
  return rows;
}

/** Places of the two names of a key; −1 for one that is not there, and for a key that is no pair. */
function pairOf(key: string, names: readonly string[]): readonly [number, number] {
  const parts = key.split(',').map((part) => names.indexOf(part.trim()));
  return parts.length === 2 ? [parts[0], parts[1]] : [-1, -1];
}
