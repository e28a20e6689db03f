/** `breakwater list EXPERIMENT`: the runs of a recorded experiment by their numbers, each with its point, its seed and a few metrics. */
import { isStoreProblem, type MeasuredRun, type StoredExperiment } from '../../record/store.ts';
import type { StoredSpec } from '../../study/run-study.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { MEASURED_BY_DEFAULT } from '../finished-study.ts';
import { type Column, paintFor, table } from '../print.ts';
import { onRecord } from '../program.ts';
import { findRecorded } from '../recorded-experiment.ts';
import { withStore } from '../results-store.ts';
import { showMetric } from '../results-table.ts';
import type { Terminal } from '../terminal.ts';

/** Of a run in a list more would be a table of its own. */
const METRICS_SHOWN = 3;

/** @param name  a number of the record, or a name: then the last recorded of it */
export function listRuns(name: string, db: string, json: boolean, terminal: Terminal): Promise<ExitCode> {
  return withStore(terminal, db, (store) => {
    const experiment = findRecorded(store, name);
    if (isStoreProblem(experiment)) return experiment;
    if ('refused' in experiment) {
      terminal.note(experiment.refused);
      return EXIT.input;
    }
    const runs = store.findRuns({ experiment: experiment.id });
    if (isStoreProblem(runs)) return runs;
    if (json) terminal.out(JSON.stringify({ id: experiment.id, name: experiment.name, runs: runs.map(plain) }, null, 2));
    else tell(experiment, runs, db, terminal);
    return EXIT.done;
  });
}

function plain({ id, label, seed, replication, status, errorCode, metrics }: MeasuredRun) {
  return { run: id, label, seed, replication, status, errorCode, metrics };
}

/** Bad debt first: it is what `why` explains. */
function metricsOf({ spec }: StoredExperiment): readonly string[] {
  const { measure = [] } = (spec as StoredSpec).source as { measure?: readonly string[] };
  return [...new Set(['bad_debt_usd', ...(measure.length > 0 ? measure : MEASURED_BY_DEFAULT)])].slice(0, METRICS_SHOWN);
}

function tell(experiment: StoredExperiment, runs: readonly MeasuredRun[], db: string, terminal: Terminal): void {
  const { bold } = paintFor(terminal);
  const names = metricsOf(experiment);
  const pointed = runs.some(({ label }) => label !== '');
  const right = 'right' as const;
  const heads: Column[] = [
    { head: 'run', align: right },
    ...(pointed ? [{ head: 'point' }] : []),
    { head: 'seed', align: right },
    ...names.map((head) => ({ head, align: right })),
  ];
  const rows = runs.map(({ id, label, seed, metrics, status, errorCode }) => [
    String(id),
    ...(pointed ? [label] : []),
    String(seed),
    ...names.map((metric, i) =>
      status === 'failed' ? (i === 0 ? `failed: ${errorCode}` : '') : showMetric(metric, metrics[metric] ?? Number.NaN),
    ),
  ]);
  terminal.out(bold(`Runs of ${experiment.name} (${experiment.id}), recorded ${experiment.createdAt.slice(0, 16).replace('T', ' ')} UTC`));
  terminal.out(table(heads, rows));
  terminal.note(`\nNext: ${onRecord(db, 'show RUN')}  or  ${onRecord(db, 'why RUN')}`);
}
