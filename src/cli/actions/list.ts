/** `breakwater list [EXPERIMENT]`: the experiments that can be run here, and what was recorded; or the runs of one that was. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { isStoreProblem } from '../../record/store.ts';
import { isProblems } from '../../scenario/load.ts';
import { parseYaml } from '../../scenario/place.ts';
import type { StoredSpec } from '../../study/run-study.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { experimentFiles } from '../experiment-files.ts';
import { OWN_EXPERIMENTS } from '../open-study.ts';
import { paintFor, table, wrapped } from '../print.ts';
import { onRecord } from '../program.ts';
import { openForReading, tellStoreProblem } from '../results-store.ts';
import type { Terminal } from '../terminal.ts';
import { listRuns } from './list-runs.ts';

export interface ListArguments {
  /** A recorded experiment whose runs are wanted. */
  readonly experiment?: string | undefined;
  readonly db: string;
  readonly json: boolean;
}

export function list({ experiment, db, json }: ListArguments, terminal: Terminal): ExitCode | Promise<ExitCode> {
  if (experiment !== undefined) return listRuns(experiment, db, json, terminal);
  const experiments = experimentFiles(['experiments', OWN_EXPERIMENTS]).map((path) => ({ file: shown(path), ...headOf(path) }));
  const store = existsSync(db) ? openForReading(db) : undefined;
  if (isStoreProblem(store)) return tellStoreProblem(terminal, store);
  const recorded = store?.listExperiments() ?? [];
  store?.close();
  if (isStoreProblem(recorded)) return tellStoreProblem(terminal, recorded);
  if (json) {
    const stored = recorded
      .map(({ spec, ...one }) => ({ planned: plannedRuns(spec, one), ...one }))
      .map(({ id, name, createdAt, points, runs, planned, failed, firstRun, specHash, codeHash }) => ({
        id,
        name,
        createdAt,
        points,
        runs,
        planned,
        firstRun,
        failed,
        specHash,
        codeHash,
      }));
    terminal.out(JSON.stringify({ experiments, recorded: stored }, null, 2));
    return EXIT.done;
  }
  const { bold } = paintFor(terminal);
  terminal.out(bold('Experiments'));
  for (const { file, question } of experiments) terminal.out(`  ${file}\n      ${wrapped(question, terminal.width - 6, '      ')}`);
  if (recorded.length === 0) {
    terminal.note(`\nNothing is recorded in ${db} yet. Next: ${onRecord(db, `run ${experiments[0]?.file ?? 'EXPERIMENT'}`)}`);
    return EXIT.done;
  }
  terminal.out(`\n${bold(`Recorded in ${db}`)}`);
  const rows = recorded.map(({ spec, ...one }) => {
    const { id, name, points, runs, failed, firstRun, createdAt, codeHash } = one;
    return [
      String(id),
      name,
      String(points),
      `${runs} of ${plannedRuns(spec, one)}${failed > 0 ? ` (${failed} failed)` : ''}`,
      firstRun === undefined ? '' : String(firstRun),
      createdAt.slice(0, 16).replace('T', ' '),
      codeHash.slice(0, 8),
    ];
  });
  const right = 'right' as const;
  const heads = [
    { head: 'id', align: right },
    { head: 'experiment' },
    { head: 'points', align: right },
    { head: 'runs', align: right },
    { head: 'from', align: right },
  ];
  terminal.out(table([...heads, { head: 'begun (UTC)' }, { head: 'code' }], rows));
  terminal.note(`\nNext: ${onRecord(db, 'list EXPERIMENT')}  or  ${onRecord(db, 'show RUN')}`);
  terminal.note("Runs are numbered over all experiments; 'from' is the first number of each.");
  return EXIT.done;
}

/** As many as the file asks for at the least, or as were asked for with --runs where that was more. */
function plannedRuns(spec: unknown, { points, runs }: { readonly points: number; readonly runs: number }): number {
  const { replications = 1 } = (spec as StoredSpec).source as { replications?: number };
  return Math.max(runs, points * replications);
}

function shown(path: string): string {
  const near = relative('', path);
  return near.startsWith('..') ? basename(path).replace(/\.ya?ml$/, '') : near;
}

function headOf(path: string): { readonly name: string; readonly question: string } {
  const yaml = parseYaml(readFileSync(path, 'utf8'), path);
  const { name, question } = (isProblems(yaml) ? {} : (yaml.value ?? {})) as { name?: unknown; question?: unknown };
  return { name: String(name ?? ''), question: String(question ?? '(cannot be read: run it to see why)') };
}
