/** `breakwater show RUN`: one run of the record: who gained from whom, summing to zero, its metrics, and what it needs to be made again. */
import { isStoreProblem, type StoredRun } from '../../record/store.ts';
import { clock, signedUsd, tokens, usd } from '../../study/amounts.ts';
import { sumByRole } from '../../study/why.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { bars, paintFor, table, wrapped } from '../print.ts';
import { onRecord } from '../program.ts';
import { withStore } from '../results-store.ts';
import { showMetric } from '../results-table.ts';
import { readRun } from '../stored-run.ts';
import type { Terminal } from '../terminal.ts';

export interface ShowArguments {
  readonly run: number;
  readonly db: string;
  readonly json: boolean;
}

const BAR = 22;
const GROUP_NOTE =
  'trader/* and the like are all accounts of a role together: of the runs of a large study no more is kept. With fewer --runs each is.';

const CLAIMS_NOTE =
  'Claims count as what the protocol holds for them: a lender of one asset may end with some of the collateral of his borrowers.';

export function show({ run, db, json }: ShowArguments, terminal: Terminal): Promise<ExitCode> {
  return withStore(terminal, db, (store) => {
    const read = readRun(store, run);
    if (isStoreProblem(read)) return read;
    const { stored, experiment } = read;
    if (json) {
      const { outcome, ...line } = stored;
      const { events, samples, ...rest } = outcome;
      terminal.out(
        JSON.stringify(
          {
            name: experiment.name,
            specHash: experiment.specHash,
            codeHash: experiment.codeHash,
            ...line,
            ...rest,
            events: events.length,
            samples: samples.length,
          },
          null,
          2,
        ),
      );
      return EXIT.done;
    }
    const { bold } = paintFor(terminal);
    terminal.out(bold(`Run ${stored.id} of ${experiment.name}${stored.label === '' ? '' : `: ${stored.label}`}`));
    terminal.out(wrapped(experiment.question, terminal.width));
    if (stored.outcome.error !== undefined) terminal.out(`\n${failure(stored)}`);
    else tellAccount(stored, terminal);
    const { outcome, seed, traceHash } = stored;
    const { specHash, codeHash, nodeVersion } = experiment;
    const facts = outcome.events.length;
    terminal.out(`\nseed ${seed}, ${clock(outcome.endMs)} simulated (${outcome.stop}), ${outcome.executed} events, ${facts} facts kept`);
    terminal.out(`trace ${traceHash}, spec ${specHash.slice(0, 8)}, code ${codeHash.slice(0, 8)}, Node ${nodeVersion}`);
    terminal.note(`\nNext: ${onRecord(db, `why ${run}`)}  or  ${onRecord(db, `replay ${run}`)}`);
    return EXIT.done;
  });
}

/** Had nothing of the asset, and ends with a claim on a part of it. */
function isShare({ startUnits, endUnits }: StoredRun['outcome']['parties'][number]): boolean {
  return startUnits === 0 && endUnits > 0 && !Number.isInteger(endUnits);
}

function failure({ outcome }: StoredRun): string {
  const { code, message, event, atMs, seed } = outcome.error ?? { code: '', message: '', event: 0, atMs: 0, seed: 0 };
  return `FAILED with ${code} at ${clock(atMs)}, during event ${event}, seed ${seed}:\n  ${message}`;
}

function tellAccount({ outcome }: StoredRun, terminal: Terminal): void {
  const { bold, red, green } = paintFor(terminal);
  const roles = sumByRole(outcome.parties);
  const shown = roles.filter(({ profitUsd }) => Math.abs(profitUsd) >= 0.005);
  const drawn = bars(
    shown.map(({ profitUsd }) => profitUsd),
    BAR,
  );
  terminal.out(`\n${bold('Who gained from whom, at fair prices of the end')}`);
  const rows = shown.map(({ role, profitUsd }, i) => [role, signedUsd(profitUsd), (profitUsd < 0 ? red : green)(drawn[i])]);
  // Two floats may differ in their last place: what is left of some millions is far below a cent.
  const sum = roles.reduce((total, { profitUsd }) => total + profitUsd, 0);
  terminal.out(
    table(
      [{ head: 'role' }, { head: 'profit', align: 'right' }, { head: `${' '.repeat(BAR - 4)}loss│gain` }],
      [...rows, ['sum', usd(sum), '']],
    ),
  );

  const lines = outcome.parties.filter(({ profitUsd }) => Math.abs(profitUsd) >= 0.005);
  const many = lines.length > 24;
  const kept = many ? [...lines].sort((a, b) => Math.abs(b.profitUsd) - Math.abs(a.profitUsd)).slice(0, 20) : lines;
  terminal.out(`\n${bold(many ? `By account and asset, the 20 largest of ${lines.length}` : 'By account and asset')}`);
  terminal.out(
    table(
      [
        { head: 'account' },
        { head: 'role' },
        { head: 'start', align: 'right' },
        { head: 'end', align: 'right' },
        { head: 'profit', align: 'right' },
      ],
      kept.map(({ account, role, asset, startUnits, endUnits, profitUsd }) => [
        account,
        role,
        amount(outcome, asset, startUnits),
        amount(outcome, asset, endUnits),
        signedUsd(profitUsd),
      ]),
    ),
  );

  if (kept.some(isShare)) terminal.out(`\n${wrapped(CLAIMS_NOTE, terminal.width)}`);
  if (kept.some(({ account }) => account.endsWith('/*'))) terminal.out(`\n${wrapped(GROUP_NOTE, terminal.width)}`);

  const metrics = Object.entries(outcome.metrics).filter(([name, value]) => showMetric(name, value) !== showMetric(name, 0));
  terminal.out(`\n${bold('Metrics that are not zero')}`);
  terminal.out(
    table(
      [{ head: 'metric' }, { head: 'value', align: 'right' }],
      metrics.map(([name, value]) => [name, showMetric(name, value)]),
    ),
  );
}

/** In tokens where the record knows the decimals, else in base units. */
function amount({ names }: StoredRun['outcome'], asset: string, units: number): string {
  const { assets, decimals } = names as { assets?: readonly string[]; decimals?: readonly number[] };
  const index = assets?.indexOf(asset) ?? -1;
  return index < 0 ? `${units.toPrecision(6)} u ${asset}` : tokens(units / 10 ** (decimals?.[index] ?? 0), asset);
}
