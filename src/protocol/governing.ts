/**
 * Governance carried out: asks the controller, and puts into effect what has come due. It is handed parameters to write and accounts to
 * read: no balance, size or share can change by it (GOV-1). Who is liquidatable by a change is found at once.
 */
import type { Ms, Usd } from '../base/units.ts';
import type { AccountsView } from './accounts-view.ts';
import type { Facts } from './facts.ts';
import { type Controller, type ControllerView, createGovernance, type PendingChange } from './governance/governance.ts';
import { createSettings, type NumberChange, parameterNumber } from './governance/settings.ts';
import type { Tallied } from './governance/tally.ts';
import type { Hall } from './hall.ts';
import type { GovernanceOptions } from './protocol-contract.ts';
import { blankHealth, type RiskEngine, type RiskNeeds } from './risk/risk-engine.ts';

export interface Governing {
  /** Changes in effect so far. */
  readonly version: number;
  pending(at: Ms): readonly PendingChange[];
  /** Hears of the marks, once a block. */
  observe(at: Ms): void;
  /** Puts into effect what is due. */
  run(at: Ms): void;
}

export interface GoverningNeeds {
  /** What has happened since it was last asked. */
  take(): Tallied;
  /** Positions that have been liquidatable for some time and were not liquidated. */
  waiting(at: Ms, visit: (position: number, waited: Ms) => void): void;
  /** Everybody below the level of liquidation, ascending; valid until the next call. */
  below(): readonly number[];
  /** Another engine judges from now on; undefined: the same with other parameters. */
  rejudge(engine: RiskEngine | undefined): void;
}

/** All that it may see and do of the hall. */
type Desk = Pick<Hall, 'markets' | 'marks' | 'states' | 'risk'> & {
  readonly accounts: AccountsView;
  readonly facts: Pick<Facts, 'proposal' | 'parameter' | 'riskEngine' | 'reassessed'>;
};

/** Governance that changes nothing: where none is asked for. */
const NONE: GovernanceOptions = { timeLock: 0, stepMax: Number.POSITIVE_INFINITY, stepEvery: 0, scheduled: [] };

export function createGoverning(desk: Desk, options: GovernanceOptions | undefined, parts: RiskNeeds, needs: GoverningNeeds): Governing {
  const { markets, accounts, marks, states, facts } = desk;
  const { timeLock, stepMax, stepEvery, scheduled: plans, controller: create } = options ?? NONE;
  const scheduled = plans.map(({ at, changes, risk }) => ({
    at,
    changes: risk === undefined ? changes : [...changes, { kind: 'risk' as const, name: risk.name, engine: risk.create(parts) }],
  }));
  const controller = create?.(parts);
  const settings = createSettings(markets, accounts.contracts);
  const governance = createGovernance({ timeLock, stepMax, stepEvery, scheduled, controller }, settings);
  const health = blankHealth();
  let version = 0;

  const healthOf = (position: number) => desk.risk().assess(accounts, position, marks, 'maintenance', health);

  const viewAt = (at: Ms): ControllerView => {
    const { liquidatedUsd, waitedUsdMs, shortfallUsd } = needs.take();
    let debtUsd: Usd = liquidatedUsd;
    let waitedMs = waitedUsdMs;
    needs.waiting(at, (position, waited) => {
      const owed = healthOf(position).debtUsd;
      debtUsd += owed;
      waitedMs += owed * waited;
    });
    return {
      at,
      markets,
      contracts: accounts.contracts,
      accounts,
      marks,
      states,
      proceedsUsd: parts.proceedsUsd,
      liquidatedUsd,
      shortfallUsd,
      delay: waitedMs / debtUsd,
      planned: (place) => governance.planned(place, at),
    };
  };

  const consult = (from: Controller, at: Ms) => {
    const changes = from.decide(viewAt(at));
    for (const change of changes) if (change.kind === 'risk') change.engine.observe?.(marks, at, states);
    for (const granted of governance.propose(changes, at)) facts.proposal(granted);
  };

  const enact = (at: Ms) => {
    const changes = governance.due(at);
    if (changes.length === 0) return;
    const before = new Set(needs.below());
    let engine: RiskEngine | undefined;
    const written: { readonly change: NumberChange; readonly previous: number }[] = [];
    for (const change of changes) {
      if (change.kind === 'risk') engine = change.engine;
      else {
        written.push({ change, previous: settings.read(change) });
        settings.write(change);
      }
    }
    needs.rejudge(engine);
    for (const { change, previous } of written) facts.parameter(change, parameterNumber(change), previous, ++version);
    const below = needs.below();
    if (engine !== undefined) facts.riskEngine(below.length, before.size, ++version);
    for (const position of below) {
      if (!before.has(position)) facts.reassessed(position, healthOf(position).healthFactor, version);
    }
  };

  return {
    get version() {
      return version;
    },
    pending: (at) => governance.pending(at),
    observe(at) {
      controller?.observe(marks, at);
      // An engine that waits for its time learns beside the one that judges.
      for (const engine of governance.engines()) engine.observe?.(marks, at, states);
    },
    run(at) {
      if (controller !== undefined && governance.epochDue(at)) consult(controller, at);
      enact(at);
    },
  };
}
