/** Opening the store of results, to write or to read, with a sentence for the user if that cannot be done. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { openStore } from '../record/sqlite.ts';
import { isStoreProblem, type Store, type StoreProblem } from '../record/store.ts';
import { DEFAULT_DB } from './default-paths.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

/** Opens the store for writing; makes the folder of the default one, and no other. */
export function openForWriting(file: string): Store | StoreProblem {
  if (file === DEFAULT_DB) {
    try {
      mkdirSync(dirname(file), { recursive: true });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return {
        problem: 'read-only',
        file,
        message: `the folder ${dirname(file)} cannot be made (${reason}); choose another file with --db`,
      };
    }
  }
  return openStore(file);
}

/** Opens what was recorded, for reading. */
export function openForReading(file: string): Store | StoreProblem {
  return openStore(file, { readonly: true });
}

/** Says what is wrong with the store. Always the user's business: another file, a free disk, patience. */
export function tellStoreProblem(terminal: Terminal, { message }: StoreProblem): ExitCode {
  terminal.note(message);
  return EXIT.input;
}

/** Runs `body` on what was recorded, and closes it whatever happens. */
export async function withStore(
  terminal: Terminal,
  file: string,
  body: (store: Store) => ExitCode | StoreProblem | Promise<ExitCode | StoreProblem>,
): Promise<ExitCode> {
  const store = openForReading(file);
  if (isStoreProblem(store)) return tellStoreProblem(terminal, store);
  try {
    const answer = await body(store);
    return isStoreProblem(answer) ? tellStoreProblem(terminal, answer) : answer;
  } finally {
    store.close();
  }
}
