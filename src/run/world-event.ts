/** What can happen in a world, as the kernel's payload. Recurring events are made once and scheduled again. */
import type { Action } from '../agent/action.ts';
import type { Intent } from '../agent/intent.ts';
import type { Bundle } from '../chain/chain.ts';

/** A bundle on its way to the mempool: the event is the bundle. */
export interface ArrivingBundle extends Bundle<Action> {
  readonly type: 'arrive';
  readonly intent: Intent;
}

/** A plain number is the wake-up of the agent of that number: the commonest event needs no object. */
export type WorldEvent =
  | number
  | { readonly type: 'price' | 'block' | 'sample' }
  | { readonly type: 'oracle'; readonly oracle: number }
  | ArrivingBundle;

export const PRICE: WorldEvent = { type: 'price' };
export const BLOCK: WorldEvent = { type: 'block' };
export const SAMPLE: WorldEvent = { type: 'sample' };
