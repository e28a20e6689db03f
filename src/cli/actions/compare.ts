/**
 * `breakwater compare`: two points of a recorded experiment, or two recorded experiments, on the seeds that both have run: paired
 * differences.
 */
import { isStoreProblem, type MeasuredRun, type Store, type StoreProblem } from '../../record/store.ts';
import { showChoices } from '../../scenario/problem.ts';
import { type Comparison, compareRuns, isRounding, type MetricDifference } from '../../study/compare.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { paintFor, table } from '../print.ts';
import { quoted } from '../program.ts';
import { findRecorded, type Refused } from '../recorded-experiment.ts';
import { withStore } from '../results-store.ts';
import { showEstimate, showMetric } from '../results-table.ts';
import type { Terminal } from '../terminal.ts';

export interface CompareArguments {
  /** EXPERIMENT LABEL LABEL, or EXPERIMENT EXPERIMENT. */
  readonly what: readonly string[];
  readonly db: string;
  readonly json: boolean;
}

interface Side {
  readonly name: string;
  readonly runs: readonly MeasuredRun[];
}

export function compare({ what, db, json }: CompareArguments, terminal: Terminal): Promise<ExitCode> {
  return withStore(terminal, db, (store) => {
    const pairs = what.length === 3 ? pointsOf(store, what as [string, string, string]) : experimentsOf(store, what as [string, string]);
    if (isStoreProblem(pairs)) return pairs;
    if ('refused' in pairs) {
      terminal.note(pairs.refused);
      return EXIT.input;
    }
    const compared = pairs.map(([left, right]) => ({ left: left.name, right: right.name, ...compareRuns(left.runs, right.runs) }));
    warnOfOtherCode(store, what, terminal);
    if (json)
      terminal.out(
        JSON.stringify({ comparisons: compared }, (_, value) => (typeof value === 'number' && !Number.isFinite(value) ? null : value), 2),
      );
    else for (const comparison of compared) tell(comparison, terminal);
    return EXIT.done;
  });
}

/** Results of different code differ for reasons that are no finding: never without a word. */
function warnOfOtherCode(store: Store, what: readonly string[], terminal: Terminal): void {
  if (what.length !== 2) return;
  const hashes = what.map((name) => findRecorded(store, name)).map((one) => ('codeHash' in one ? one.codeHash.slice(0, 8) : ''));
  if (hashes[0] !== hashes[1]) terminal.note(`warning: made by different code (${hashes.join(' and ')}): a difference may be the code's.`);
}

type Pairs = readonly (readonly [Side, Side])[] | Refused | StoreProblem;

/** Two points of one experiment. */
function pointsOf(store: Store, [name, ...labels]: readonly [string, string, string]): Pairs {
  const experiment = findRecorded(store, name);
  if ('refused' in experiment || isStoreProblem(experiment)) return experiment;
  const runs = store.findRuns({ experiment: experiment.id });
  if (isStoreProblem(runs)) return runs;
  const known = [...new Set(runs.map(({ label }) => label))];
  const missing = labels.find((label) => !known.includes(label));
  if (missing !== undefined) return { refused: `${experiment.name} has no point "${missing}"; expected ${choices(missing, known)}` };
  const [left, right] = labels.map((label) => ({ name: label, runs: runs.filter((run) => run.label === label) }));
  return [[left, right]];
}

/** Labels as a shell takes them: they may hold commas and spaces. */
function choices(found: string, labels: readonly string[]): string {
  return showChoices(quoted(found), labels.map(quoted));
}

/** Two experiments, point by point of the same label; two single points whatever they are called. */
function experimentsOf(store: Store, names: readonly [string, string]): Pairs {
  const sides: { readonly name: string; readonly runs: readonly MeasuredRun[] }[] = [];
  for (const name of names) {
    const experiment = findRecorded(store, name);
    if ('refused' in experiment || isStoreProblem(experiment)) return experiment;
    const runs = store.findRuns({ experiment: experiment.id });
    if (isStoreProblem(runs)) return runs;
    sides.push({ name: `${experiment.name} (${experiment.id})`, runs });
  }
  const [left, right] = sides;
  const labels = [left, right].map(({ runs }) => [...new Set(runs.map(({ label }) => label))]);
  if (labels.every(({ length }) => length === 1)) return [[left, right]];
  const common = labels[0].filter((label) => labels[1].includes(label));
  if (common.length === 0) return { refused: `${left.name} and ${right.name} have no point of the same label` };
  return common.map((label) => {
    const at = ({ name, runs }: Side): Side => ({ name: `${name}: ${label}`, runs: runs.filter((run) => run.label === label) });
    return [at(left), at(right)] as const;
  });
}

function tell(comparison: Comparison & { readonly left: string; readonly right: string }, terminal: Terminal): void {
  const { bold } = paintFor(terminal);
  const { left, right, seeds, onlyLeft, onlyRight } = comparison;
  terminal.out(bold(`${left}  −  ${right}`));
  const unpaired = onlyLeft + onlyRight > 0 ? `; ${onlyLeft + onlyRight} runs have no partner` : '';
  terminal.out(
    `${seeds === 1 ? '1 seed' : `${seeds} seeds`} that both have run${unpaired}; difference ± half-width of its 95 % interval\n`,
  );
  const rows = Object.entries(comparison.metrics)
    .filter(([name, { left: a, right: b }]) => [a, b].some((value) => showMetric(name, value) !== showMetric(name, 0)))
    .map(([name, metric]) => [
      name,
      showMetric(name, metric.left),
      showMetric(name, metric.right),
      showEstimate(name, metric.difference),
      verdict(name, metric),
    ]);
  const right2 = 'right' as const;
  const heads = [
    { head: 'metric' },
    { head: 'left', align: right2 },
    { head: 'right', align: right2 },
    { head: 'left − right', align: right2 },
  ];
  terminal.out(table([...heads, { head: 'distinct' }], rows));
  terminal.out('');
}

function verdict(name: string, { difference, distinct, ...means }: MetricDifference): string {
  if (difference.n < 2) return 'one pair only';
  if (distinct) return 'yes';
  return isRounding(name, difference.mean, means) && isRounding(name, difference.sd, means) ? 'equal' : 'no';
}
