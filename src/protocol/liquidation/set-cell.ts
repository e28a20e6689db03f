/**
 * How a mechanism writes numbers that a failed bundle must be able to take back: through a function it is given, which is the journal's.
 * Mechanisms may not import the ledger, so they know only this shape of it.
 */
import type { Column } from '../../base/columns.ts';

/** Writes `value` at `index`, undone with the bundle that is under way. */
export type SetCell = (column: Column, index: number, value: number) => void;
