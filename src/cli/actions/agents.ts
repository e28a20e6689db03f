/** `breakwater agents`: the kinds of agents that an experiment may use, with what they can be told. */
import type { Param } from '../../base/params.ts';
import { loadAgents } from '../../fleet/load-agents.ts';
import { formatDuration } from '../../scenario/duration.ts';
import { isProblems } from '../../scenario/load.ts';
import { showChoices } from '../../scenario/problem.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { agentFoldersFor } from '../open-study.ts';
import { paintFor, table, wrapped } from '../print.ts';
import { tellProblems } from '../problems.ts';
import type { Terminal } from '../terminal.ts';

export interface AgentsArguments {
  /** One kind; all where none is named. */
  readonly name?: string | undefined;
  readonly agents: readonly string[];
  readonly json: boolean;
}

const DOC_WIDTH = 44;

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
    const rows = Object.entries(params).map(([param, declared]) => [
      `  ${param}`,
      unitOf(declared),
      rangeOf(declared),
      defaultOf(declared),
      wrapped(declared.doc, DOC_WIDTH),
    ]);
    if (rows.length > 0)
      terminal.out(table([{ head: '  param' }, { head: 'unit' }, { head: 'range' }, { head: 'default' }, { head: 'meaning' }], rows));
    terminal.out('');
  }
  return EXIT.done;
}

function unitOf(param: Param): string {
  if (param.kind === 'number' || param.kind === 'integer') return param.unit;
  return param.kind === 'choice' ? '' : param.kind;
}

function rangeOf(param: Param): string {
  switch (param.kind) {
    case 'number':
    case 'integer':
      return `${short(param.range[0])} … ${short(param.range[1])}`;
    case 'duration':
      return `${formatDuration(param.range[0])} … ${formatDuration(param.range[1])}`;
    case 'choice':
      return wrapped(param.options.join(' | '), 18);
    case 'table':
      return wrapped(Object.keys(param.columns).join(', '), 18);
    default:
      return '';
  }
}

function defaultOf(param: Param): string {
  const value = 'default' in param ? param.default : undefined;
  if (value === undefined) return param.optional ? '(none)' : '';
  if (Array.isArray(value)) return `${value.length} rows`;
  return param.kind === 'duration' ? formatDuration(value as number) : typeof value === 'number' ? short(value) : String(value);
}

function short(value: number): string {
  if (!Number.isFinite(value)) return value < 0 ? '−∞' : '∞';
  return Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-3) ? value.toExponential().replace('e+', 'e') : String(value);
}
