/** What can happen in a world, as the kernel's payload. Recurring events are made once and scheduled again. */
import type { Action } from '../agent/action.ts';
import type { Intent } from '../agent/intent.ts';
import type { AccountId, Ms } from '../base/units.ts';
import type { Bundle } from '../chain/chain.ts';

/**
 * A bundle on its way to the mempool: the event is the bundle. All are of one shape to the engine, whatever their intents have; and made by
 * a constructor, because a literal's objects would be made old at once if those of the first block, which all wait together, live long.
 */
export class ArrivingBundle implements Bundle<Action> {
  readonly type = 'arrive';
  readonly intent: Intent;
  readonly actor: AccountId;
  readonly actions: Intent['actions'];
  readonly tip: number;
  readonly cause: number;
  /** Number of the agent. */
  readonly tag: number;
  readonly flash: Intent['flash'] | undefined;
  readonly require: Intent['require'] | undefined;
  readonly until: Ms | undefined;
  readonly manner: Intent | undefined;
  gas = 0;
  arrival: Ms = 0;
  sequence = 0;

  constructor(intent: Intent, actor: AccountId, cause: number, tag: number) {
    this.intent = intent;
    this.actor = actor;
    this.actions = intent.actions;
    this.tip = intent.tip ?? 0;
    this.cause = cause;
    this.tag = tag;
    this.flash = intent.flash;
    this.require = intent.require;
    this.until = intent.until;
    this.manner = intent.label === undefined && intent.place === undefined && intent.private === undefined ? undefined : intent;
  }
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
