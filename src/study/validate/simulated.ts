/**
 * The simulator against the closed forms: pool, oracles, protocol, liquidator and price process, each the real one and run through its
 * contract. `closed-forms.ts` says that the formulas are right; these say that what runs obeys them.
 */
import type { Check } from './check.ts';
import { simulatedFeedChecks } from './simulated-feed.ts';
import { simulatedGasChecks } from './simulated-gas.ts';
import { simulatedLendingChecks } from './simulated-lending.ts';
import { simulatedPoolChecks } from './simulated-pool.ts';
import { simulatedPriceChecks } from './simulated-prices.ts';
import { simulatedRebalancingChecks } from './simulated-rebalancing.ts';
import { simulatedTwapChecks } from './simulated-twap.ts';

/** In the order of the claims' numbers. */
export const simulatedChecks: readonly Check[] = [
  ...simulatedPoolChecks,
  ...simulatedTwapChecks,
  ...simulatedFeedChecks,
  ...simulatedRebalancingChecks,
  ...simulatedLendingChecks,
  ...simulatedGasChecks,
  ...simulatedPriceChecks,
];
