/** A study after its runs, as the reports of the command line take it. */
import type { MeasuredRun } from '../record/store.ts';
import type { Study } from '../study/prepare.ts';

export interface FinishedStudy {
  readonly study: Study;
  readonly runs: readonly MeasuredRun[];
  readonly wallMs: number;
  readonly codeHash: string;
  readonly db: string;
  readonly json: boolean;
  readonly firstRun: boolean;
}

/** Shown where an experiment does not say what it measures. */
export const MEASURED_BY_DEFAULT = ['attack_profit_usd', 'bad_debt_usd', 'lender_loss_usd', 'liquidated_usd', 'solvency_ratio_min'];

/** What is measured: as the experiment says, or what usually matters. */
export function measured({ head }: Pick<Study, 'head'>): readonly string[] {
  return head.measure.length > 0 ? head.measure : MEASURED_BY_DEFAULT;
}
