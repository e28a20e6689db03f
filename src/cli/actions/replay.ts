/** `breakwater replay RUN`: makes a stored run again, from its spec and seed, and says whether it is the same run to the last bit. */
import type { RecordedEvent } from '../../record/recorder.ts';
import { isStoreProblem } from '../../record/store.ts';
import { runScenario } from '../../run/run.ts';
import { isProblems } from '../../scenario/load.ts';
import { clock } from '../../study/amounts.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { wrapped } from '../print.ts';
import { tellProblems } from '../problems.ts';
import { onRecord, program } from '../program.ts';
import { withStore } from '../results-store.ts';
import { restoreRun } from '../stored-run.ts';
import type { Terminal } from '../terminal.ts';

export interface ReplayArguments {
  readonly run: number;
  readonly db: string;
  readonly json: boolean;
}

export function replay({ run, db, json }: ReplayArguments, terminal: Terminal): Promise<ExitCode> {
  return withStore(terminal, db, async (store) => {
    const restored = await restoreRun(store, run);
    if (isStoreProblem(restored)) return restored;
    if (isProblems(restored)) {
      terminal.note(`run ${run} was made by other code, which took its scenario; this one does not:`);
      return tellProblems(terminal, restored);
    }
    const { stored, experiment, scenario, registry, codeHash } = restored;
    const outcome = runScenario(scenario, registry, { seed: stored.seed, trace: stored.trace, checkEvery: 0 });
    const same = outcome.traceHash === stored.traceHash && outcome.status === stored.status;
    const sameCode = codeHash === experiment.codeHash;
    const parting = same ? undefined : firstDifference(stored.outcome.events, outcome.events);
    if (json) {
      terminal.out(
        JSON.stringify(
          { run, seed: stored.seed, same, traceHash: { stored: stored.traceHash, now: outcome.traceHash }, sameCode, parting },
          null,
          2,
        ),
      );
      return same ? EXIT.done : EXIT.failed;
    }
    if (same) {
      terminal.out(
        `run ${run} is the same: trace ${outcome.traceHash}, ${outcome.executed} events, seed ${stored.seed}${sameCode ? '' : CODE_ALONE}`,
      );
      return EXIT.done;
    }
    const reason = sameCode
      ? 'The code is the same: that is a fault of breakwater.'
      : `The code changed: ${experiment.codeHash.slice(0, 8)} then, ${codeHash.slice(0, 8)} now.`;
    const where = whereText(parting, stored.trace, { run, db });
    terminal.out(
      wrapped(`run ${run} went another way: trace ${stored.traceHash} then, ${outcome.traceHash} now. ${reason} ${where}`, terminal.width),
    );
    return EXIT.failed;
  });
}

const CODE_ALONE = ' (the code changed, this run did not)';

interface Parting {
  readonly before: RecordedEvent | null;
  readonly now: RecordedEvent | null;
}

/** The first fact in which two traces differ. */
function firstDifference(before: readonly RecordedEvent[], now: readonly RecordedEvent[]): Parting | undefined {
  const keys = ['seq', 'at', 'cause', 'kind', 'actor', 'subject', 'a', 'b', 'c', 'd'] as const;
  const length = Math.max(before.length, now.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [before[i], now[i]];
    if (x === undefined || y === undefined || keys.some((key) => !Object.is(x[key], y[key]))) return { before: x ?? null, now: y ?? null };
  }
  return undefined;
}

function whereText(parting: Parting | undefined, trace: string, { run, db }: Pick<ReplayArguments, 'run' | 'db'>): string {
  if (trace === 'none') return `Where it parted is not known: the run was recorded without a trace (${program()} run … --trace facts).`;
  if (parting === undefined) return 'All recorded facts are equal: it parted in something that is no fact.';
  const say = (fact: RecordedEvent | null) => (fact === null ? 'nothing' : `${fact.kind} ${fact.seq} at ${clock(fact.at)}`);
  const look = parting.now === null ? '' : ` Look at it: ${onRecord(db, `why ${run} ${parting.now.seq}`)}`;
  return `It parted at ${say(parting.before ?? parting.now)}: ${say(parting.before)} then, ${say(parting.now)} now.${look}`;
}
