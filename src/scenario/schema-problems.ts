/** From what zod refuses in a file to problems with places: one for each value, and one for each key that nobody knows. */
import { valueAt } from './overrides.ts';
import type { Placer } from './place.ts';
import { type Problem, showFound } from './problem.ts';

/** What zod says of one value. */
export interface Issue {
  readonly code: string;
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly keys?: readonly string[];
  /** Of a key that may not be one: why. */
  readonly issues?: readonly { readonly message: string }[];
}

/** `raw` is the value that was refused as a whole. */
export function problemsOf(issue: Issue, raw: unknown, place: Placer): readonly Problem[] {
  const expected = issue.message.replace(/^Invalid input: expected (.*?)(, received .*)?$/, '$1');
  if (issue.code === 'unrecognized_keys') {
    const each = expected.split('\n');
    return (issue.keys ?? []).map((key, i) => {
      const path = [...issue.path, key];
      return { ...place(path, true), path: path.join('.'), found: `unknown key ${key}`, expected: each[i] ?? each[0] };
    });
  }
  const path = issue.path.join('.');
  if (issue.code === 'invalid_key') {
    return [{ ...place(issue.path, true), path, found: showFound(issue.path.at(-1)), expected: issue.issues?.[0]?.message ?? expected }];
  }
  return [{ ...place(issue.path), path, found: showFound(valueAt(raw, issue.path)), expected }];
}
