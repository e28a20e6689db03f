/** `breakwater agents`: the kinds of agents that an experiment may use, with what they can be told. */
import { loadAgents } from '../../fleet/load-agents.ts';
import { isProblems } from '../../scenario/load.ts';
import { DRAWS } from '../../scenario/param-schema.ts';
import { showChoices } from '../../scenario/problem.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { agentFoldersFor } from '../open-study.ts';
import { paramsTable } from '../params-table.ts';
import { paintFor, wrapped } from '../print.ts';
import { tellProblems } from '../problems.ts';
import type { Terminal } from '../terminal.ts';

export interface AgentsArguments {
  /** One kind; all where none is named. */
  readonly name?: string | undefined;
  readonly agents: readonly string[];
  readonly json: boolean;
}

export async function agents({ name: wanted, agents: named, json }: AgentsArguments, terminal: Terminal): Promise<ExitCode> {
  const registry = await loadAgents(agentFoldersFor('.', named));
  if (isProblems(registry)) return tellProblems(terminal, registry);
  const kinds = [...registry.values()].filter(({ name }) => wanted === undefined || name === wanted);
  if (wanted !== undefined && kinds.length === 0) {
    terminal.note(`there is no kind of agent "${wanted}"; expected ${showChoices(wanted, [...registry.keys()])}`);
    return EXIT.input;
  }
  if (json) {
    terminal.out(
      JSON.stringify(
        kinds.map(({ name, role, summary, sources, params }) => ({ name, role, summary, sources, params })),
        null,
        2,
      ),
    );
    return EXIT.done;
  }
  const { bold, dim } = paintFor(terminal);
  for (const { name, role, summary, params } of kinds) {
    terminal.out(`${bold(name)} ${dim(`(${role})`)}`);
    terminal.out(wrapped(summary, terminal.width));
    const rows = paramsTable(params);
    if (rows !== undefined) terminal.out(rows);
    terminal.out('');
  }
  terminal.note('In an experiment: agents: a list of { use: KIND, name, role, count, params, wallet: { ASSET: tokens }, latency }');
  const draws = `Numbers of params (but whole ones and durations) and tokens of wallets may be drawn for each agent: ${DRAWS}`;
  terminal.note(wrapped(draws, terminal.width));
  return EXIT.done;
}
