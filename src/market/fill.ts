/** What a trade at a venue did, in units of its two assets. */
import type { Units } from '../base/units.ts';

/** The venue's fee is part of `sold`, or taken from `bought`. */
export interface Fill {
  readonly sold: Units;
  readonly bought: Units;
}
