/** From what a file says of governance to what a protocol is made from: names become numbers, parts are made when the protocol is. */
import type { Controller, ControllerNeeds } from '../protocol/governance/governance.ts';
import type { ContractNumber, MarketNumber, NumberChange } from '../protocol/governance/settings.ts';
import type { GovernanceOptions } from '../protocol/protocol-contract.ts';
import type { RiskEngine, RiskNeeds } from '../protocol/risk/risk-engine.ts';
import type { GovernanceSpec, Use } from './scenario.ts';

export interface GovernanceSite {
  marketIndex(asset: string): number;
  contractIndex(name: string): number;
  risk(use: Use): (needs: RiskNeeds) => RiskEngine;
  controller(use: Use): (needs: ControllerNeeds) => Controller;
}

export function buildGovernance(spec: GovernanceSpec, site: GovernanceSite): GovernanceOptions {
  const { timeLock, stepMax, stepEvery, changes, controller } = spec;
  return {
    timeLock,
    stepMax: stepMax ?? Number.POSITIVE_INFINITY,
    stepEvery,
    scheduled: changes.map(({ at, markets, contracts, risk }) => ({
      at,
      changes: [
        ...numbers(markets, (asset, param, value): NumberChange => {
          return { kind: 'market', market: site.marketIndex(asset), param: param as MarketNumber, value };
        }),
        ...numbers(contracts, (name, param, value): NumberChange => {
          return { kind: 'contract', contract: site.contractIndex(name), param: param as ContractNumber, value };
        }),
      ],
      ...(risk === undefined ? {} : { risk: { name: risk.use, create: site.risk(risk) } }),
    })),
    ...(controller === undefined ? {} : { controller: site.controller(controller) }),
  };
}

function numbers(
  of: Readonly<Record<string, Readonly<Record<string, number>>>>,
  make: (name: string, param: string, value: number) => NumberChange,
): NumberChange[] {
  return Object.entries(of).flatMap(([name, values]) => Object.entries(values).map(([param, value]) => make(name, param, value)));
}
