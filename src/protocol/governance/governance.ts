/**
 * Governance: which parameters change when. Changes are scheduled in the scenario or proposed by a controller; what is proposed waits out
 * the time lock and can be seen meanwhile, and no share moves faster than the step limit lets it. Decides only; `governing.ts` carries
 * out.
 *
 * A change sets where a number goes. A share farther away than `stepMax` gets there in steps, the first at once and each later one when
 * `stepEvery` has passed since the last; caps and rates get there at once. A later change of the same number takes the place of an earlier
 * one. An LTV never passes its threshold, nor maintenance the initial margin: what would is cut to it, and follows where it is pushed.
 *
 * @source  step and delay: bgd-labs/aave-proposals-v3 src/20240805_Multi_RiskStewardPhase2 (0.25 % of LTV or threshold, 3 days); a limit
 *          that moves to its target over time: euler-xyz/euler-vault-kit src/EVault/shared/types/LTVConfig.sol
 */
import type { Ms, Ratio, Units, Usd } from '../../base/units.ts';
import type { AccountsView, Market, Marks } from '../accounts-view.ts';
import type { Contract, ContractState } from '../instrument/contract.ts';
import type { RiskEngine } from '../risk/risk-engine.ts';
import { keyOf, type NumberChange, type Place, type Settings } from './settings.ts';

/** One thing that changes: a number, or the engine that judges. */
export type Change = NumberChange | { readonly kind: 'risk'; readonly name: string; readonly engine: RiskEngine };

export interface Scheduled {
  readonly at: Ms;
  readonly changes: readonly Change[];
}

/** Something that has been announced and is not wholly in effect: when it moves next, and where it goes. */
export type PendingChange = { readonly at: Ms } & (NumberChange | { readonly kind: 'risk'; readonly name: string });

/** What became of a proposal: the value after its range was applied, NaN where it is no number and was dropped; and from when. */
export interface Granted {
  readonly place: Place;
  readonly asked: number;
  readonly value: number;
  readonly at: Ms;
}

/** What a controller may look at. Nothing of it is fair value: only what the protocol itself can know. */
export interface ControllerView {
  readonly at: Ms;
  readonly markets: readonly Market[];
  readonly contracts: readonly Contract[];
  readonly accounts: AccountsView;
  readonly marks: Marks;
  /** Where each contract stands. */
  readonly states: readonly ContractState[];
  /** What a sale of so many units of a market's asset would bring on its deepest venue now, USD; NaN where there is none. */
  proceedsUsd(market: number, units: Units): Usd;
  /** Since its last look: debt liquidated and notional closed, and shortfalls, USD at the marks. */
  readonly liquidatedUsd: Usd;
  readonly shortfallUsd: Usd;
  /**
   * Mean time from being liquidatable to being liquidated, by debt, of all that was liquidated since the last look and of all that still
   * waits, with its time so far. NaN where there was nothing.
   */
  readonly delay: Ms | typeof Number.NaN;
  /** The number as it will be when all that is announced is in effect. */
  planned(place: Place): number;
}

/** Proposes changes of its own accord, once an epoch. */
export interface Controller {
  readonly epoch: Ms;
  /** Hears of the marks once a block. */
  observe(marks: Marks, at: Ms): void;
  decide(view: ControllerView): readonly Change[];
}

export interface ControllerNeeds {
  readonly markets: readonly Market[];
  readonly contracts: readonly Contract[];
}

export interface GovernanceTerms {
  /** From proposal to effect. Scheduled changes are in effect at their time, and announced this long before. */
  readonly timeLock: Ms;
  /** Most that a share moves at a time, absolute. */
  readonly stepMax: Ratio;
  /** Least time between two moves of one share; means nothing without a step limit. */
  readonly stepEvery: Ms;
  readonly scheduled: readonly Scheduled[];
  readonly controller: Controller | undefined;
}

export interface Governance {
  /** Whether the controller's epoch has passed: then `propose` what it decides. */
  epochDue(at: Ms): boolean;
  /** Takes proposals in; answers what became of each that is not planned already. */
  propose(changes: readonly Change[], at: Ms): readonly Granted[];
  /** What has been announced and is not wholly in effect, by time. */
  pending(at: Ms): readonly PendingChange[];
  planned(place: Place, at: Ms): number;
  /** Engines that wait for their time: they may learn meanwhile. */
  engines(): readonly RiskEngine[];
  /** What changes now, each number once, as it shall be from now on. */
  due(at: Ms): readonly Change[];
}

interface Waiting {
  readonly at: Ms;
  readonly announcedAt: Ms;
  readonly change: Change;
}

export function createGovernance(terms: GovernanceTerms, settings: Settings): Governance {
  const { timeLock, stepMax, stepEvery, controller } = terms;
  const waiting: Waiting[] = terms.scheduled
    .flatMap(({ at, changes }) => changes.map((change) => ({ at, announcedAt: at - timeLock, change })))
    .sort((a, b) => a.at - b.at);
  /** Numbers on their way, by place, and when each place last moved. */
  const targets = new Map<string, NumberChange>();
  const movedAt = new Map<string, Ms>();
  let lookedAt = 0;

  const limited = (place: Place) => stepMax < Number.POSITIVE_INFINITY && settings.stepped(place);
  const movesNext = (place: Place): Ms => (limited(place) ? (movedAt.get(keyOf(place)) ?? Number.NEGATIVE_INFINITY) + stepEvery : 0);

  const planned = (place: Place, at: Ms): number => {
    const key = keyOf(place);
    const last = waiting.findLast(({ announcedAt, change }) => announcedAt <= at && change.kind !== 'risk' && keyOf(change) === key);
    const change = last?.change ?? targets.get(key);
    return change === undefined || change.kind === 'risk' ? settings.read(place) : change.value;
  };

  const wait = (change: Change, at: Ms) => {
    const entry = { at: at + timeLock, announcedAt: at, change };
    const after = waiting.findIndex((other) => other.at > entry.at);
    waiting.splice(after < 0 ? waiting.length : after, 0, entry);
  };

  /** Where the number goes now. */
  const stepOf = (target: NumberChange): number => {
    if (!limited(target)) return target.value;
    const before = settings.read(target);
    return Math.max(before - stepMax, Math.min(before + stepMax, target.value));
  };

  /** Keeps the follower of a pair on its side of the leader, as both will be. */
  const agree = (place: Place, moves: Map<string, NumberChange>) => {
    const pair = settings.pairOf(place);
    if (pair === undefined) return;
    const { place: follower, leader, side } = pair;
    const key = keyOf(follower);
    const after = (of: Place) => moves.get(keyOf(of))?.value ?? settings.read(of);
    const bound = after(leader);
    const value = side === 'at most' ? Math.min(after(follower), bound) : Math.max(after(follower), bound);
    if (value !== settings.read(follower)) moves.set(key, { ...follower, value });
    else if (moves.delete(key) && !targets.has(keyOf(leader))) targets.delete(key);
  };

  return {
    epochDue(at) {
      if (controller === undefined || at - lookedAt < controller.epoch) return false;
      lookedAt = at;
      return true;
    },

    propose(changes, at) {
      const granted: Granted[] = [];
      for (const change of changes) {
        if (change.kind === 'risk') {
          wait(change, at);
          continue;
        }
        const value = settings.fitted(change);
        if (value === planned(change, at)) continue;
        granted.push({ place: change, asked: change.value, value, at: at + timeLock });
        if (!Number.isNaN(value)) wait({ ...change, value }, at);
      }
      return granted;
    },

    pending(at) {
      const seen = waiting
        .filter(({ announcedAt }) => announcedAt <= at)
        .map(({ at: from, change }): PendingChange => {
          return change.kind === 'risk' ? { at: from, kind: 'risk', name: change.name } : { at: from, ...change };
        });
      for (const target of targets.values()) seen.push({ at: Math.max(at, movesNext(target)), ...target });
      return seen.sort((a, b) => a.at - b.at);
    },

    planned,

    engines: () => waiting.flatMap(({ change }) => (change.kind === 'risk' ? [change.engine] : [])),

    due(at) {
      const engines: Change[] = [];
      while (waiting.length > 0 && waiting[0].at <= at) {
        const { change } = waiting.shift() as Waiting;
        if (change.kind === 'risk') engines.push(change);
        else targets.set(keyOf(change), change);
      }
      if (targets.size === 0) return engines;
      const moves = new Map<string, NumberChange>();
      for (const [key, target] of targets) {
        if (at < movesNext(target)) continue;
        const value = stepOf(target);
        if (value !== settings.read(target)) moves.set(key, { ...target, value });
      }
      for (const change of [...moves.values()]) agree(change, moves);
      for (const key of moves.keys()) movedAt.set(key, at);
      for (const [key, target] of targets) {
        if ((moves.get(key)?.value ?? settings.read(target)) === target.value) targets.delete(key);
      }
      return [...engines, ...moves.values()];
    },
  };
}
