/**
 * `breakwater why RUN [EVENT | ACCOUNT]`: runs the stored scenario and seed once more with every event kept, and explains what happened
 * from them. What was liquidated or closed is looked at in one run more, which is made for that.
 */
import { isStoreProblem } from '../../record/store.ts';
import { runScenario } from '../../run/run.ts';
import { witness } from '../../run/witness.ts';
import { isProblems } from '../../scenario/load.ts';
import { showChoices } from '../../scenario/problem.ts';
import { clock } from '../../study/amounts.ts';
import { accountOf, readTrace, type Trace } from '../../study/trace-reading.ts';
import { type Explanation, explain, whoPaidText } from '../../study/why.ts';
import { positionsToWatch } from '../../study/why-marks.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { paintFor, wrapped } from '../print.ts';
import { tellProblems } from '../problems.ts';
import { withStore } from '../results-store.ts';
import { type RestoredRun, restoreRun } from '../stored-run.ts';
import type { Terminal } from '../terminal.ts';

export interface WhyArguments {
  readonly run: number;
  /** The number of a fact, or the name of an account. */
  readonly what?: number | string | undefined;
  readonly db: string;
  readonly json: boolean;
}

export function why({ run, what, db, json }: WhyArguments, terminal: Terminal): Promise<ExitCode> {
  return withStore(terminal, db, async (store) => {
    const restored = await restoreRun(store, run);
    if (isStoreProblem(restored)) return restored;
    if (isProblems(restored)) {
      terminal.note(`run ${run} was made by other code, which took its scenario; this one does not:`);
      return tellProblems(terminal, restored);
    }
    const { stored, scenario, registry } = restored;
    const outcome = runScenario(scenario, registry, { seed: stored.seed, trace: 'full', checkEvery: 0 });
    if (outcome.traceHash !== stored.traceHash) terminal.note(`${parted(restored)} What follows explains the run as this code makes it.\n`);
    if (outcome.error !== undefined) {
      const { code, message, event: at, atMs } = outcome.error;
      terminal.out(`The run failed with ${code} at ${clock(atMs)}, during event ${at}: ${message}`);
      return EXIT.done;
    }
    const trace = readTrace(outcome, scenario);
    const first = explain(trace, what);
    if (first === undefined) {
      terminal.note(`run ${run} has no ${noSuch(trace, what)}`);
      return EXIT.input;
    }
    const watched = positionsToWatch(trace, first.reasons);
    const looks = watched.length === 0 ? undefined : witness(scenario, registry, stored.seed, watched);
    const explanation = explain(readTrace(outcome, scenario, looks), what) ?? first;
    if (json) terminal.out(JSON.stringify({ run, seed: stored.seed, traceHash: outcome.traceHash, ...explanation }, null, 2));
    else tell(restored, explanation, what, terminal);
    return EXIT.done;
  });
}

function noSuch({ outcome: { names, events }, position }: Trace, what: number | string | undefined): string {
  // Those that something can befall first.
  const owners = names.positions.flatMap((name, id) => (name === '' ? [] : [accountOf(position(id).owner)]));
  return typeof what === 'string'
    ? `account "${what}"; expected ${showChoices(what, [...new Set([...owners, ...names.accounts])])}`
    : `fact ${what}; its facts are among 1 … ${events.at(-1)?.seq ?? 0}`;
}

function parted({ experiment, codeHash }: RestoredRun): string {
  return experiment.codeHash === codeHash
    ? 'The same scenario, seed and code gave another trace hash: that is a fault of breakwater.'
    : `The run was made by other code (${experiment.codeHash.slice(0, 8)}, now ${codeHash.slice(0, 8)}), and goes another way now.`;
}

function tell(
  { stored, experiment }: RestoredRun,
  { reasons, whoPaid }: Explanation,
  what: WhyArguments['what'],
  terminal: Terminal,
): void {
  const { bold, dim } = paintFor(terminal);
  const of = `run ${stored.id} of ${experiment.name}${stored.label === '' ? '' : ` (${stored.label})`}, seed ${stored.seed}`;
  const head =
    what === undefined ? `Why it ended so: ${of}` : typeof what === 'number' ? `Event ${what} of ${of}` : `What befell ${what}: ${of}`;
  terminal.out(`${bold(head)}\n`);
  const margin = Math.max(...reasons.map(({ at }) => clock(at).length)) + 2;
  for (const { at, text, facts } of reasons) {
    const numbers = facts.length === 0 ? '' : ` [${facts.length > 6 ? `${facts.slice(0, 6).join(' ')} …` : facts.join(' ')}]`;
    const lines = wrapped(`${text}${numbers}`, terminal.width - margin).split('\n');
    terminal.out(`${dim(clock(at).padStart(margin - 2))}  ${lines.join(`\n${' '.repeat(margin)}`)}`);
  }
  if (whoPaid.length > 0) terminal.out(`\n${wrapped(whoPaidText(whoPaid), terminal.width)}`);
  terminal.note('\nNumbers in brackets are facts of the trace.');
}
