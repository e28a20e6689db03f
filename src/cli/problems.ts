/** Telling a user what is wrong with an input: one line each, all at once. */
import { formatProblem, type Problem } from '../scenario/problem.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

/** More lines than a screen help nobody. */
const SHOWN_MAX = 50;

export function tellProblems(terminal: Terminal, problems: readonly Problem[]): ExitCode {
  for (const problem of problems.slice(0, SHOWN_MAX)) terminal.note(formatProblem(problem));
  const more = problems.length - SHOWN_MAX;
  if (more > 0) terminal.note(`… and ${more} more`);
  terminal.note(`\n${problems.length === 1 ? '1 problem' : `${problems.length} problems`}: nothing was run.`);
  return EXIT.input;
}
