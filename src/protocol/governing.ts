/** Governance carried out: asks the controller, and puts into effect what has come due. Accounts are not touched by any of it. */
import type { Ms, Usd } from '../base/units.ts';
import type { Change, Controller, Governance } from './governance/governance.ts';
import type { Hall } from './hall.ts';
import { marketParams } from './market-params.ts';
import type { RiskEngine, RiskNeeds } from './risk/risk-engine.ts';

/** The list by whose places facts name parameters. */
const PARAMETERS = Object.keys(marketParams);

export interface Governing {
  readonly version: number;
  /** Hears of the marks, once a block. */
  observe(at: Ms): void;
  /** Puts into effect what is due. */
  run(at: Ms): void;
  /** Notes a loss, for the controller's next look. */
  noteShortfall(usd: Usd): void;
}

export interface GoverningNeeds {
  readonly governance: Governance;
  readonly controller: Controller | undefined;
  readonly proceedsUsd: RiskNeeds['proceedsUsd'];
  takeLiquidatedUsd(): Usd;
  /** Another engine judges from now on; undefined: the same with other parameters. */
  replaceRisk(engine: RiskEngine | undefined): void;
}

export function createGoverning(hall: Hall, needs: GoverningNeeds): Governing {
  const { governance, controller } = needs;
  const { markets, accounts, marks, facts } = hall;
  let shortfallUsd: Usd = 0;

  const enact = (change: Change) => {
    if (change.kind === 'risk') {
      needs.replaceRisk(change.engine);
      facts.parameter(0, -1, Number.NaN, Number.NaN, governance.version);
      return;
    }
    const { market, param, value } = change;
    const previous = markets[market].params[param];
    if (previous === value) return;
    markets[market].params = { ...markets[market].params, [param]: value };
    needs.replaceRisk(undefined);
    facts.parameter(market, PARAMETERS.indexOf(param), value, previous, governance.version);
  };

  return {
    get version() {
      return governance.version;
    },
    observe: (at) => controller?.observe(marks, at),
    noteShortfall(usd) {
      shortfallUsd += usd;
    },
    run(at) {
      if (controller !== undefined && governance.epochDue(at)) {
        const liquidatedUsd = needs.takeLiquidatedUsd();
        const view = { at, markets, accounts, marks, proceedsUsd: needs.proceedsUsd, liquidatedUsd, shortfallUsd };
        governance.propose(controller.decide(view), at);
        shortfallUsd = 0;
      }
      for (const change of governance.due(at, (market, param) => markets[market].params[param])) enact(change);
    },
  };
}
