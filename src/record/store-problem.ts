/** SQLite's error codes as sentences for people: what is wrong with the file and what to do about it. */
import type { StoreProblem } from './store.ts';

/** A problem with its sentence; the file's name goes in front. */
export function storeProblem(problem: StoreProblem['problem'], file: string, sentence: string): StoreProblem {
  return { problem, file, message: `${file} ${sentence}` };
}

const SENTENCES: readonly (readonly [code: RegExp, problem: StoreProblem['problem'], sentence: string])[] = [
  [
    /^SQLITE_(BUSY|LOCKED)/,
    'locked',
    'is being written by another process; wait until that is done, or record into another file with --db',
  ],
  [/^SQLITE_READONLY/, 'read-only', 'may be read but not written; allow writing, or record into another file with --db'],
  [/^SQLITE_(CANTOPEN|PERM|AUTH)/, 'read-only', 'cannot be opened: its folder, or the file itself, does not allow it'],
  [/^SQLITE_NOTADB/, 'not-a-database', 'is not an SQLite database; nothing was written to it. Choose another file with --db'],
  [/^SQLITE_FULL/, 'full', 'cannot grow: the disk is full. What was saved before is kept; make room and go on with --resume'],
];

/**
 * The problem that a caught error stands for. An error that does not come from SQLite is a fault of ours and is thrown again.
 */
export function problemOf(error: unknown, file: string): StoreProblem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!code.startsWith('SQLITE_') || code.startsWith('SQLITE_CONSTRAINT') || code === 'SQLITE_ERROR') throw error;
  const known = SENTENCES.find(([pattern]) => pattern.test(code));
  if (known !== undefined) return storeProblem(known[1], file, known[2]);
  return storeProblem(
    'broken',
    file,
    `could not be read or written (${code}: ${(error as Error).message}); check the disk, or restore a copy`,
  );
}
