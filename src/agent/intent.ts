/** What an agent wants done, as data: one atomic transaction. */
import type { AssetId, Ms, Units } from '../base/units.ts';
import type { FlashLoan } from '../chain/chain.ts';
import type { Action } from './action.ts';

/** An atomic transaction that an agent wants made. */
export interface Intent {
  readonly actions: readonly Action[];
  readonly flash?: readonly FlashLoan[];
  /** Fails unless the wallet gains this much over the bundle, before gas: how a careful trader protects itself. */
  readonly require?: { readonly asset: AssetId; readonly gainMin: Units };
  /** Units of the gas asset per gas above the base fee; who pays more goes first where blocks are ordered by fee. Default 0. */
  readonly tip?: number;
  /** Not after this time. */
  readonly until?: Ms;
  /** Takes the place of its own intent that still waits under this label, if it pays a tenth more per gas, base fee included. */
  readonly label?: string;
  /** Only in a block that its own group makes (`view.proposes`): before everybody else, or after. Combine with `until`. */
  readonly place?: 'first' | 'last';
  /** To a builder instead of the public mempool: in blocks of builders only, and it costs nothing if it fails. */
  readonly private?: boolean;
}
