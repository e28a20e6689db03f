/** What a risk engine is made from where there is neither venue nor total: loans alone, unless more is said. */
import type { Market } from '../../protocol/accounts-view.ts';
import type { RiskNeeds } from '../../protocol/risk/risk-engine.ts';

export function plainNeeds(markets: readonly Market[], more: Partial<RiskNeeds> = {}): RiskNeeds {
  return {
    markets,
    contracts: [],
    settle: -1,
    proceedsUsd: () => Number.NaN,
    purchasedUnits: () => Number.NaN,
    flow: () => undefined,
    collateralTotal: () => 0,
    debtTotal: () => 0,
    debtIndex: () => 1,
    stateOf: () => ({ at: 0, index: Number.NaN, skew: 0, longs: 0, shorts: 0 }),
    ...more,
  };
}
