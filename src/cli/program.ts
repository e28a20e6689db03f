/** How this command was called, so that the commands that it suggests work when they are copied; and quoting for a shell. */
import { basename, relative } from 'node:path';
import { DEFAULT_DB } from './default-paths.ts';

/** `npx breakwater` where npm started us, `node bin/breakwater.mjs` where that was typed, else `breakwater`. */
export function program(): string {
  if (process.env.npm_command !== undefined) return 'npx breakwater';
  const script = process.argv[1] ?? '';
  return basename(script) === 'breakwater.mjs' ? `node ${quoted(relative('', script))}` : 'breakwater';
}

/** A command on what is recorded in `db`: it says which file where that is not the one that is meant anyway. */
export function onRecord(db: string, words: string): string {
  return `${program()} ${words}${db === DEFAULT_DB ? '' : ` --db ${quoted(db)}`}`;
}

/** A word as a POSIX shell takes it. */
export function quoted(word: string): string {
  return /^[\w./=:@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
