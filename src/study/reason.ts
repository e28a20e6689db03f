/** One sentence of an explanation, or a few that belong together, and the facts they stand on. */
import type { Ms } from '../base/units.ts';

export interface Reason {
  readonly at: Ms;
  readonly text: string;
  /** Numbers of facts in the trace. */
  readonly facts: readonly number[];
}
