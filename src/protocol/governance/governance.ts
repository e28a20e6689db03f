/**
 * Governance: which parameters change when. Changes are scheduled in the scenario or proposed by a controller; a proposal waits out the
 * time lock, and no number moves further at once than the step limit lets it. Decides only; `governing.ts` carries out. Every change makes
 * a new version.
 */
import type { Part } from '../../base/params.ts';
import type { Ms, Ratio, Units, Usd } from '../../base/units.ts';
import type { AccountsView, Market, Marks } from '../accounts-view.ts';
import type { MarketParams } from '../market-params.ts';
import type { RiskEngine } from '../risk/risk-engine.ts';

/** A number of one market's parameters. */
export type MarketNumber = { [K in keyof MarketParams]: MarketParams[K] extends number ? K : never }[keyof MarketParams];

/** One thing that changes. */
export type Change =
  | { readonly kind: 'market'; readonly market: number; readonly param: MarketNumber; readonly value: number }
  | { readonly kind: 'risk'; readonly name: string; readonly engine: RiskEngine };

export interface Scheduled {
  readonly at: Ms;
  readonly changes: readonly Change[];
}

/** What a controller may look at. Nothing of it is fair value: only what the protocol itself can know. */
export interface ControllerView {
  readonly at: Ms;
  readonly markets: readonly Market[];
  readonly accounts: AccountsView;
  readonly marks: Marks;
  /** What a sale of so many units of a market's asset would bring on its deepest venue now, USD; NaN where there is none. */
  proceedsUsd(market: number, units: Units): Usd;
  /** Since its last look: liquidations, their debt, and shortfalls, USD at the marks. */
  readonly liquidatedUsd: Usd;
  readonly shortfallUsd: Usd;
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
  /** Market of an asset's name; −1 where it is none of this protocol's. */
  marketNamed(name: string): number;
}

export type ControllerPart = Part<ControllerNeeds, Controller>;

export interface GovernanceTerms {
  /** From proposal to effect; scheduled changes are in effect at their time. */
  readonly timeLock: Ms;
  /** Most that a number may move at once, absolute; a proposal beyond it is cut to it. */
  readonly stepMax: Ratio;
  readonly scheduled: readonly Scheduled[];
  readonly controller: Controller | undefined;
}

export interface Governance {
  /** Counts the changes in effect. */
  readonly version: number;
  /** Whether the controller's epoch has passed: then `propose` what it decides. */
  epochDue(at: Ms): boolean;
  propose(changes: readonly Change[], at: Ms): void;
  /** Changes that come into effect by now, in order of their times, each once. `now` answers the present number of a market's parameter. */
  due(at: Ms, now: (market: number, param: MarketNumber) => number): readonly Change[];
}

export function createGovernance({ timeLock, stepMax, scheduled, controller }: GovernanceTerms): Governance {
  const waiting: Scheduled[] = [...scheduled].sort((a, b) => a.at - b.at);
  let version = 0;
  let lookedAt = 0;

  const cut = (change: Change, now: (market: number, param: MarketNumber) => number): Change => {
    if (change.kind !== 'market') return change;
    const before = now(change.market, change.param);
    return { ...change, value: Math.max(before - stepMax, Math.min(before + stepMax, change.value)) };
  };

  return {
    get version() {
      return version;
    },
    epochDue(at) {
      if (controller === undefined || at - lookedAt < controller.epoch) return false;
      lookedAt = at;
      return true;
    },
    propose(changes, at) {
      if (changes.length === 0) return;
      const effect = { at: at + timeLock, changes };
      const after = waiting.findIndex((other) => other.at > effect.at);
      waiting.splice(after < 0 ? waiting.length : after, 0, effect);
    },
    due(at, now) {
      const ready: Change[] = [];
      while (waiting.length > 0 && waiting[0].at <= at) ready.push(...(waiting.shift() as Scheduled).changes);
      version += ready.length;
      return ready.map((change) => cut(change, now));
    },
  };
}
