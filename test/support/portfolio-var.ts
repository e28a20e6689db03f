/** The portfolio engine as tests make it: its defaults, and needs without venues. */

import type { Market } from '../../src/protocol/accounts-view.ts';
import { type PortfolioVarTerms, portfolioVar } from '../../src/protocol/risk/portfolio-var.ts';
import type { RiskNeeds } from '../../src/protocol/risk/risk-engine.ts';
import { paramsSchema } from '../../src/scenario/param-schema.ts';

/** All parameters, those left out as the declaration has them. */
export function portfolioTerms(terms: Partial<PortfolioVarTerms> = {}): PortfolioVarTerms {
  return paramsSchema(portfolioVar.params).parse(terms) as unknown as PortfolioVarTerms;
}

export function riskNeeds(markets: readonly Market[], more: Partial<RiskNeeds> = {}): RiskNeeds {
  return {
    markets,
    contracts: [],
    settle: -1,
    proceedsUsd: () => Number.NaN,
    purchasedUnits: () => Number.NaN,
    collateralTotal: () => 0,
    debtTotal: () => 0,
    marketNamed: (name) => markets.findIndex((market) => market.name === name),
    stateOf: () => ({ at: 0, index: Number.NaN, skew: 0, longs: 0, shorts: 0 }),
    ...more,
  };
}
