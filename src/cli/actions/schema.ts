/** `breakwater schema`: the JSON Schema of experiment files, for editors: made from the very schema that validates them. */
import { writeFileSync } from 'node:fs';
import { loadAgents } from '../../fleet/load-agents.ts';
import { isProblems } from '../../scenario/load.ts';
import { experimentJsonSchema } from '../../scenario/scenario.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { agentFoldersFor } from '../open-study.ts';
import { tellProblems } from '../problems.ts';
import type { Terminal } from '../terminal.ts';

export interface SchemaArguments {
  readonly output?: string | undefined;
  readonly agents: readonly string[];
}

export async function schema({ output, agents }: SchemaArguments, terminal: Terminal): Promise<ExitCode> {
  const registry = await loadAgents(agentFoldersFor('.', agents));
  if (isProblems(registry)) return tellProblems(terminal, registry);
  const text = JSON.stringify(experimentJsonSchema(registry), null, 2);
  if (output === undefined) {
    terminal.out(text);
    return EXIT.done;
  }
  try {
    writeFileSync(output, `${text}\n`);
  } catch (error) {
    terminal.note(`${output} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    return EXIT.input;
  }
  terminal.note(`${output} is written; the first line of an experiment names it: # yaml-language-server: $schema=${output}`);
  return EXIT.done;
}
