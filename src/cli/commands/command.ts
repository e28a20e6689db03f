/** What a command says of itself: name, options, examples, and where its work is, which is loaded only when it is asked for. */
import type { Argv } from 'yargs';
import type { ExitCode } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';

/** Options as they were parsed; each command knows the types of its own. */
export type Arguments = Readonly<Record<string, unknown>>;

export interface Command {
  /** As yargs reads it: `run <experiment>`. */
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly (readonly [command: string, what: string])[];
  declare(yargs: Argv): Argv;
  act(args: Arguments, terminal: Terminal): Promise<ExitCode>;
}
