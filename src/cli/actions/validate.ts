/**
 * `breakwater validate`: the record of what the field knows and Breakwater reproduces: closed forms and incidents, expected against got.
 */
import { allChecks } from '../../study/validate/all-checks.ts';
import { type CheckedClaim, validationRecord } from '../../study/validate/validation-record.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { paintFor, table, wrapped } from '../print.ts';
import type { Terminal } from '../terminal.ts';

export interface ValidateArguments {
  /** The beginning of ids. */
  readonly only?: string | undefined;
  readonly json: boolean;
}

export async function validate({ only, json }: ValidateArguments, terminal: Terminal): Promise<ExitCode> {
  const chosen = only === undefined ? allChecks : allChecks.filter(({ id }) => id.startsWith(only));
  if (chosen.length === 0) {
    terminal.note(`no check begins with "${only}"; there are ${[...new Set(allChecks.map(({ id }) => id.split('.')[0]))].join(', ')}`);
    return EXIT.input;
  }
  let count = 0;
  const record = await validationRecord(chosen, () => {
    count += 1;
    terminal.progress(`${count} of ${chosen.length} checks`);
  });
  terminal.progress('');
  if (json) terminal.out(JSON.stringify(record, null, 2));
  else tell(record.checks, terminal);
  terminal.note(`\n${record.passed} passed, ${record.failed} failed`);
  return record.failed === 0 ? EXIT.done : EXIT.failed;
}

function tell(checks: readonly CheckedClaim[], terminal: Terminal): void {
  const { green, red } = paintFor(terminal);
  const idWidth = Math.max(...checks.map(({ id }) => id.length));
  const claimWidth = Math.max(24, terminal.width - idWidth - 48);
  const rows = checks.map(({ id, claim, expected, got, tolerance, pass }) => [
    id,
    wrapped(claim, claimWidth),
    shown(expected),
    shown(got),
    wrapped(tolerance, 14),
    pass ? green('ok') : red('FAILED'),
  ]);
  const right = 'right' as const;
  terminal.out(
    table(
      [
        { head: 'check' },
        { head: 'claim' },
        { head: 'expected', align: right },
        { head: 'got', align: right },
        { head: 'tolerance' },
        { head: '' },
      ],
      rows,
    ),
  );
}

function shown(value: number | string): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(8))) : wrapped(value, 16);
}
