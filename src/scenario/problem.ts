/** A mistake of the user in an input: where, what was found, what was expected. Problems are collected and shown all at once. */

export interface Problem {
  readonly file: string;
  /** From 1; 0 when the place is not in a file (the command line). */
  readonly line: number;
  readonly column: number;
  /** e.g. `world.venues.pool.with.fee`. */
  readonly path: string;
  readonly found: string;
  readonly expected: string;
}

/** Whether an answer is the list of what is wrong. */
export function isProblems(answer: unknown): answer is readonly Problem[] {
  return Array.isArray(answer);
}

/** `file:line:col path: found …, expected …` */
export function formatProblem(problem: Problem): string {
  const place = problem.line > 0 ? `${problem.file}:${problem.line}:${problem.column}` : problem.file;
  // Where an override names the very path, once is enough.
  const path = problem.path === '' || place.endsWith(` ${problem.path}`) ? '' : ` ${problem.path}`;
  return `${place}${path}: found ${problem.found}, expected ${problem.expected}`;
}

/** A value shortened for a message. */
export function showFound(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** The candidates, the nearest first if one is near: `one of spot, twap (did you mean twap?)`. */
export function showChoices(found: string, choices: readonly string[]): string {
  const near = nearest(found, choices);
  const list = choices.length > 12 ? `${choices.slice(0, 12).join(', ')}, …` : choices.join(', ');
  return `one of ${list === '' ? '(none)' : list}${near === undefined ? '' : ` (did you mean ${near}?)`}`;
}

/** The choice within two edits (one for short words), if any. */
function nearest(found: string, choices: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestEdits = found.length > 4 ? 3 : 2;
  for (const choice of choices) {
    const count = edits(found.toLowerCase(), choice.toLowerCase());
    if (count < bestEdits) {
      best = choice;
      bestEdits = count;
    }
  }
  return best;
}

/** Levenshtein distance. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length];
}
