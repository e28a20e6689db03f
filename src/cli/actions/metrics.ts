/** `breakwater metrics`: what a run measures: the words of `measure` and `assert`. */
import { METRICS, ROLE_PROFIT_MEANING, roleProfit } from '../../record/metrics.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { table, wrapped } from '../print.ts';
import type { Terminal } from '../terminal.ts';

export interface MetricsArguments {
  readonly json: boolean;
}

const GAP = 2;

export function metrics({ json }: MetricsArguments, terminal: Terminal): ExitCode {
  const all: Readonly<Record<string, string>> = { ...METRICS, [roleProfit('ROLE')]: ROLE_PROFIT_MEANING };
  if (json) {
    terminal.out(JSON.stringify(all, null, 2));
    return EXIT.done;
  }
  const width = terminal.width - Math.max(...Object.keys(all).map(({ length }) => length)) - GAP;
  const rows = Object.entries(all).map(([name, meaning]) => [name, wrapped(meaning, width)]);
  terminal.out(table([{ head: 'metric' }, { head: 'meaning' }], rows));
  return EXIT.done;
}
